import CSecp256k1
import Venues

/// The curve secp256k1: keys, signatures that tell their signer, and back.
///
/// Everything of the C library stays behind this type.
enum Curve {
  /// The address of a key: the last twenty bytes of the hash of its public point; nil where the 32
  /// bytes are no key, being zero or not below the order of the curve.
  static func address(of key: UnsafeRawBufferPointer) -> Address? {
    guard let bytes = bytes(of: key) else { return nil }
    var point = secp256k1_pubkey()
    guard secp256k1_ec_pubkey_create(context.pointer, &point, bytes) == 1 else { return nil }
    return address(of: point)
  }

  /// Signs 32 bytes: deterministic by RFC 6979, `s` in the lower half, `v` 27 or 28.
  static func sign(_ digest: [UInt8], with key: UnsafeRawBufferPointer) -> ActionSignature? {
    guard digest.count == 32, let bytes = bytes(of: key) else { return nil }
    var signature = secp256k1_ecdsa_recoverable_signature()
    guard
      secp256k1_ecdsa_sign_recoverable(context.pointer, &signature, digest, bytes, nil, nil) == 1
    else { return nil }
    var compact = [UInt8](repeating: 0, count: 64)
    var recovery: Int32 = 0
    guard
      secp256k1_ecdsa_recoverable_signature_serialize_compact(
        context.pointer, &compact, &recovery, &signature) == 1, (0...1).contains(recovery)
    else { return nil }
    return ActionSignature(
      r: Array(compact[..<32]), s: Array(compact[32...]), v: 27 + UInt8(recovery))
  }

  /// The address whose key made the signature of 32 bytes; nil where no key can have made it.
  static func recover(_ signature: ActionSignature, of digest: [UInt8]) -> Address? {
    guard digest.count == 32, (27...28).contains(signature.v) else { return nil }
    let compact = signature.r + signature.s
    guard compact.count == 64 else { return nil }
    var parsed = secp256k1_ecdsa_recoverable_signature()
    guard
      secp256k1_ecdsa_recoverable_signature_parse_compact(
        context.pointer, &parsed, compact, Int32(signature.v) - 27) == 1
    else { return nil }
    var point = secp256k1_pubkey()
    guard secp256k1_ecdsa_recover(context.pointer, &point, &parsed, digest) == 1 else {
      return nil
    }
    return address(of: point)
  }

  private static func bytes(of key: UnsafeRawBufferPointer) -> UnsafePointer<UInt8>? {
    guard key.count == 32 else { return nil }
    return key.baseAddress?.assumingMemoryBound(to: UInt8.self)
  }

  private static func address(of point: secp256k1_pubkey) -> Address? {
    var point = point
    var bytes = [UInt8](repeating: 0, count: 65)
    var count = bytes.count
    guard
      secp256k1_ec_pubkey_serialize(
        context.pointer, &bytes, &count, &point, UInt32(SECP256K1_EC_UNCOMPRESSED)) == 1
    else { return nil }
    // The first byte says only that the point is not compressed.
    return Address(Keccak256.digest(bytes[1...]).suffix(20))
  }

  // SAFETY: the library lets any number of threads use a context that nothing changes any more.
  private struct Context: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  /// Made once; the library's tables are static and a context is small.
  private static let context = Context(
    pointer: secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)))
}
