/// Keccak-256 as its definition reads, slowly: a state of five by five lanes, constants from the
/// shift register that defines them, a message padded as a whole.
///
/// Source: FIPS 202, sections 3.2 and 3.4, with the padding from before the standard.
enum ReferenceKeccak {
  static func digest(_ message: [UInt8]) -> [UInt8] {
    var padded = message + [1]
    while padded.count % 136 != 0 { padded.append(0) }
    padded[padded.count - 1] |= 0x80
    var state = [UInt64](repeating: 0, count: 25)
    for block in stride(from: 0, to: padded.count, by: 136) {
      for lane in 0..<17 {
        for byte in 0..<8 {
          state[lane] ^= UInt64(padded[block + lane * 8 + byte]) << UInt64(8 * byte)
        }
      }
      for round in 0..<24 { permute(&state, round) }
    }
    return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64($0 % 8 * 8)) }
  }

  /// Lane (x, y) stands at x + 5y.
  private static func permute(_ a: inout [UInt64], _ round: Int) {
    var column = [UInt64](repeating: 0, count: 5)
    for lane in 0..<25 { column[lane % 5] ^= a[lane] }
    for lane in 0..<25 {
      a[lane] ^= column[(lane + 4) % 5] ^ turned(column[(lane + 1) % 5], 1)
    }
    var b = a
    var (x, y) = (1, 0)
    for step in 0..<24 {
      // Rho turns by the triangular numbers; pi moves (x, y) to (y, 2x + 3y).
      let (nextX, nextY) = (y, (2 * x + 3 * y) % 5)
      b[nextX + 5 * nextY] = turned(a[x + 5 * y], UInt64((step + 1) * (step + 2) / 2 % 64))
      (x, y) = (nextX, nextY)
    }
    for lane in 0..<25 {
      let row = lane / 5 * 5
      a[lane] = b[lane] ^ (~b[row + (lane + 1) % 5] & b[row + (lane + 2) % 5])
    }
    a[0] ^= constants[round]
  }

  private static func turned(_ word: UInt64, _ count: UInt64) -> UInt64 {
    count == 0 ? word : word << count | word >> (64 - count)
  }

  /// Bit 2^j - 1 of round i is the output of the register after j + 7i steps.
  private static let constants: [UInt64] = {
    var register: UInt8 = 1
    return (0..<24).map { _ in
      var word: UInt64 = 0
      for j in 0..<7 {
        if register & 1 == 1 { word |= 1 << UInt64((1 << j) - 1) }
        register = register << 1 ^ (register >> 7 == 1 ? 0x71 : 0)
      }
      return word
    }
  }()
}
