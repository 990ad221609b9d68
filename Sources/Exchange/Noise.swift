/// Words that follow from a seed and a counter alone, for what needs no choice of its own.
struct Noise: Sendable {
  private let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  /// The word at `counter` (SplitMix64's finaliser over a Weyl sequence).
  func word(_ counter: UInt64) -> UInt64 {
    var word = seed &+ counter &* 0x9e37_79b9_7f4a_7c15
    word = (word ^ (word &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word &>> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word &>> 31)
  }

  /// A number with mean 0 and variance 1, at most 3.5 from 0: four uniform numbers added.
  static func normal(_ word: UInt64) -> Double {
    let sum = (word & 0xffff) + (word >> 16 & 0xffff) + (word >> 32 & 0xffff) + word >> 48
    return (Double(sum) - 131_070) / 37_837.227
  }
}

/// e to the minus `interval` over `constant`, in plain arithmetic; both positive.
func exponentialDecay(over interval: Double, constant: Double) -> Double {
  var exponent = interval / constant
  guard exponent < 40 else { return 0 }
  var squarings = 0
  while exponent > 0.5 {
    exponent /= 2
    squarings += 1
  }
  var sum = 1.0
  var term = 1.0
  for order in 1...16 {
    term = term * -exponent / Double(order)
    sum += term
  }
  for _ in 0..<squarings { sum *= sum }
  return sum
}
