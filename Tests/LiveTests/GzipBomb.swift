/// Small bytes that unpack to many (RFC 1951, section 3.2.6): one zero, repeated 258 at a time.
enum GzipBomb {
  /// Sixteen megabytes of zeros in a hundred kilobytes; the stream has no end.
  static let bytes: [UInt8] = {
    var bytes: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]
    var (byte, filled): (UInt8, UInt8) = (0, 0)
    func add(_ bits: [UInt8]) {
      for bit in bits {
        byte |= bit << filled
        filled += 1
        guard filled == 8 else { continue }
        bytes.append(byte)
        (byte, filled) = (0, 0)
      }
    }
    // The last block, with fixed codes; then the literal 0.
    add([1, 1, 0] + [0, 0, 1, 1, 0, 0, 0, 0])
    let repetition: [UInt8] = [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0]
    for _ in 0..<(16 << 20) / 258 { add(repetition) }
    return bytes
  }()
}
