import Engine
import Market
import Venues

extension RecordedHeader {
  func write(to writer: inout BinaryWriter) {
    writer.write(Recording.version)
    writer.write(build)
    writer.write(file)
    writer.write(configuration)
    writer.write(account != nil)
    if let account { writer.write(account) }
    writer.write(signer != nil)
    if let signer { writer.write(bytes: signer.bytes) }
    recovered.write(to: &writer)
  }

  /// Reads a header after its version, which told that it can be read.
  init(from reader: inout BinaryReader) throws(BinaryFault) {
    build = try reader.readString()
    file = try reader.readString()
    configuration = try reader.readString()
    account = try reader.readBool() ? try reader.readString() : nil
    let start = reader.position
    if try reader.readBool() {
      guard let address = Address(try reader.readBytes()) else { throw .invalid(offset: start) }
      signer = address
    } else {
      signer = nil
    }
    recovered = try DurableState(from: &reader)
  }
}

extension RecordedStep {
  func write(to writer: inout BinaryWriter) {
    writer.write(now.wall)
    writer.write(now.monotonic.nanoseconds)
    writer.write(input)
    writer.write(UInt64(signatures.count))
    for entry in signatures {
      writer.write(bytes: entry.connectionID)
      writer.write(entry.signature != nil)
      guard let signature = entry.signature else { continue }
      writer.write(bytes: signature.r)
      writer.write(bytes: signature.s)
      writer.write(signature.v)
    }
    writer.write(digest)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    now = Now(
      wall: try reader.readInstant(),
      monotonic: Monotonic(nanoseconds: try reader.readInt64()))
    input = try reader.read()
    var signatures: [RecordedSignature] = []
    for _ in 0..<(try reader.readCount()) {
      let id = try reader.readBytes()
      guard try reader.readBool() else {
        signatures.append(RecordedSignature(connectionID: id, signature: nil))
        continue
      }
      let start = reader.position
      let (r, s, v) = (try reader.readBytes(), try reader.readBytes(), try reader.readByte())
      guard let signature = ActionSignature(r: r, s: s, v: v) else {
        throw .invalid(offset: start)
      }
      signatures.append(RecordedSignature(connectionID: id, signature: signature))
    }
    self.signatures = signatures
    digest = try reader.read()
  }
}
