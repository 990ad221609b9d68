import CCrypto
import Foundation

/// SHA-256 as hexadecimal text, by the system's libcrypto.
public enum SHA256 {
  /// The digest of bytes.
  public static func hex(of bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    let isDone = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
    // Nothing equals an empty digest: a library that refuses makes every comparison fail.
    guard isDone == 1, length == 32 else { return "" }
    return hexadecimal(digest)
  }

  /// The digest of a file, read in blocks.
  ///
  /// - Throws: ``FolderError`` where it cannot be read.
  public static func hex(ofFile path: String) throws(FolderError) -> String {
    guard let file = fopen(path, "rb") else { throw .current(path) }
    defer { fclose(file) }
    guard let context = EVP_MD_CTX_new() else { throw FolderError(path: path, reason: "no memory") }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      throw FolderError(path: path, reason: "libcrypto has no SHA-256")
    }
    var block = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = fread(&block, 1, block.count, file)
      guard count > 0 else { break }
      guard EVP_DigestUpdate(context, block, count) == 1 else {
        throw FolderError(path: path, reason: "libcrypto refused a block")
      }
    }
    guard ferror(file) == 0 else { throw .current(path) }
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &digest, &length) == 1, length == 32 else {
      throw FolderError(path: path, reason: "libcrypto gave no digest")
    }
    return hexadecimal(digest)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
