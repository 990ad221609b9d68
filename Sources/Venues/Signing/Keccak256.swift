/// Keccak-256 as Ethereum uses it: SHA-3's permutation with the padding from before the standard.
public enum Keccak256 {
  /// The 32-byte digest of `message`.
  public static func digest(_ message: some Collection<UInt8>) -> [UInt8] {
    var state = [UInt64](repeating: 0, count: 25)
    var position = 0
    for byte in message {
      absorb(byte, at: position, into: &state)
      position += 1
      if position == rate {
        permute(&state)
        position = 0
      }
    }
    absorb(0x01, at: position, into: &state)
    absorb(0x80, at: rate - 1, into: &state)
    permute(&state)
    return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64(8 * ($0 % 8))) }
  }

  private static let rate = 136

  private static func absorb(_ byte: UInt8, at position: Int, into state: inout [UInt64]) {
    state[position / 8] ^= UInt64(byte) << UInt64(8 * (position % 8))
  }

  private static func permute(_ state: inout [UInt64]) {
    var parity = [UInt64](repeating: 0, count: 5)
    for constant in roundConstants {
      // Theta
      for x in 0..<5 {
        parity[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]
      }
      for x in 0..<5 {
        let mixed = parity[(x + 4) % 5] ^ rotated(parity[(x + 1) % 5], by: 1)
        for y in stride(from: 0, to: 25, by: 5) { state[y + x] ^= mixed }
      }
      // Rho and pi
      var carried = state[1]
      for step in 0..<24 {
        let lane = lanes[step]
        let next = state[lane]
        state[lane] = rotated(carried, by: rotations[step])
        carried = next
      }
      // Chi
      for y in stride(from: 0, to: 25, by: 5) {
        let row = Array(state[y..<(y + 5)])
        for x in 0..<5 { state[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]) }
      }
      // Iota
      state[0] ^= constant
    }
  }

  private static func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
    word << count | word >> (64 - count)
  }

  private static let rotations: [UInt64] = [
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
  ]
  private static let lanes = [
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
  ]
  private static let roundConstants: [UInt64] = [
    0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808a, 0x8000_0000_8000_8000,
    0x0000_0000_0000_808b, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
    0x0000_0000_0000_008a, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000a,
    0x0000_0000_8000_808b, 0x8000_0000_0000_008b, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
    0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800a, 0x8000_0000_8000_000a,
    0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
  ]
}
