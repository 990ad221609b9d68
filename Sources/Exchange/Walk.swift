import Market

/// A random walk at work, in doubles with + − × ÷ √ alone.
struct Walk: Sendable {
  private(set) var value: Double
  private let lowest: Double
  private let highest: Double
  private let deviation: Double
  private let drift: Double
  private let jumpBelow: UInt64
  private let largestJump: Double

  init(_ walk: RandomWalk, block: Interval) {
    value = max(walk.price.double, 1e-8)
    lowest = max(value / 1_000, 1e-8)
    highest = min(value * 1_000, 1e9)
    let days = Double(block.nanoseconds) / Double(Interval.days(1).nanoseconds)
    deviation = Double(walk.dailyVolatility) / 1e6 * days.squareRoot()
    drift = Double(walk.dailyDrift) / 1e6 * days
    let chance = max(0, min(Double(walk.jumpsPerDay) * days, 1))
    jumpBelow = UInt64(chance * 4_294_967_295)
    largestJump = Double(walk.largestJump) / 1e6
  }

  /// Goes on from `value`.
  mutating func resume(at value: Double) { self.value = value }

  /// One block on, by a word of noise.
  mutating func step(_ word: UInt64) {
    var change = drift + deviation * Noise.normal(word)
    let other = Noise(seed: word).word(1)
    if other >> 32 < jumpBelow {
      change += largestJump * (Double(other & 0xffff_ffff) / 2_147_483_648 - 1)
    }
    value = min(max(value * (1 + max(change, -0.9)), lowest), highest)
  }
}
