import Glibc
import Market
import Testing

/// Our logarithm and exponential against the C library, which is itself within one unit in the
/// last place, and against its 80-bit forms, which are 2,048 times finer.
@Suite("ln and exp")
struct ExponentialTests {
  /// How many representable numbers lie between the two.
  private static func distance(_ a: Double, _ b: Double) -> Int64 {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : .max }
    func place(_ value: Double) -> Int64 {
      let pattern = Int64(bitPattern: value.bitPattern)
      return pattern < 0 ? Int64.min - pattern : pattern
    }
    let (difference, overflow) = place(a).subtractingReportingOverflow(place(b))
    return overflow ? .max : Swift.abs(difference)
  }

  /// How far, in units in the last place of a `Double`, `value` is from the 80-bit `reference`.
  private static func error(_ value: Double, from reference: Float80) -> Double {
    let ulp = Float80(Swift.max(Double(reference).magnitude, .leastNormalMagnitude).ulp)
    return Double(((Float80(value) - reference) / ulp).magnitude)
  }

  private static func logarithmSamples() -> [Double] {
    var words = Words(seed: 17)
    var samples: [Double] = []
    for _ in 0..<60_000 {
      samples.append(Double(bitPattern: words.next() >> 1))
      // Around one, where the result is small and cancellation would show.
      samples.append(
        1 + (Double(words.below(1 << 40)) / 0x1p40 - 0.5) / Double(1 << words.below(40)))
      // Prices and ratios.
      samples.append(Double(words.below(1 << 50)) / 1e8)
    }
    for exponent in stride(from: -1_074.0, through: 1_023, by: 1) {
      let power = Glibc.exp2(exponent)
      samples += [power, power.nextUp, power.nextDown, power * 2.0.squareRoot()]
    }
    return samples.filter { $0 > 0 && $0.isFinite }
  }

  private static func exponentialSamples() -> [Double] {
    var words = Words(seed: 19)
    var samples: [Double] = []
    for _ in 0..<60_000 {
      samples.append(Double(Int64(words.below(1_455_000_000)) - 745_200_000) / 1e6)
      samples.append((Double(words.below(1 << 40)) / 0x1p40 - 0.5) / Double(1 << words.below(50)))
    }
    for k in -1_075...1_024 {
      // Around the points where the reduction takes another multiple of ln 2.
      let edge = (Double(k) + 0.5) * 0.693_147_180_559_945_3
      samples += [edge.nextDown, edge, edge.nextUp, Double(k) * 0.693_147_180_559_945_3]
    }
    return samples
  }

  @Test("ln is within 0.8 of a unit in the last place of the exact value, and one of the C library")
  func logarithmBound() {
    var worst = 0.0
    var apart: Int64 = 0
    for sample in Self.logarithmSamples() {
      worst = max(worst, Self.error(Market.ln(sample), from: Glibc.logl(Float80(sample))))
      apart = max(apart, Self.distance(Market.ln(sample), Glibc.log(sample)))
    }
    #expect(worst < 0.8, "worst error \(worst) units in the last place")
    #expect(apart <= 1, "\(apart) apart")
  }

  @Test(
    "exp is within 0.8 of a unit in the last place of the exact value, and one of the C library")
  func exponentialBound() {
    var worst = 0.0
    var apart: Int64 = 0
    for sample in Self.exponentialSamples() {
      let exact = Glibc.expl(Float80(sample))
      guard exact < Float80(Double.greatestFiniteMagnitude) else { continue }
      worst = max(worst, Self.error(Market.exp(sample), from: exact))
      apart = max(apart, Self.distance(Market.exp(sample), Glibc.exp(sample)))
    }
    #expect(worst < 0.8, "worst error \(worst) units in the last place")
    #expect(apart <= 1, "\(apart) apart")
  }

  @Test("Special cases of ln")
  func logarithmEdges() {
    #expect(Market.ln(1).bitPattern == 0.0.bitPattern)
    #expect(Market.ln(0) == -.infinity)
    #expect(Market.ln(-0.0) == -.infinity)
    #expect(Market.ln(-1).isNaN)
    #expect(Market.ln(-.infinity).isNaN)
    #expect(Market.ln(-.leastNonzeroMagnitude).isNaN)
    #expect(Market.ln(.infinity) == .infinity)
    #expect(Market.ln(.nan).isNaN)
    #expect(Market.ln(.leastNonzeroMagnitude) == -744.440_071_921_381_2)
    #expect(Market.ln(.leastNormalMagnitude) == -708.396_418_532_264_1)
    #expect(Market.ln(.greatestFiniteMagnitude) == 709.782_712_893_384)
    #expect(Market.ln(2) == 0.693_147_180_559_945_3)
  }

  @Test("Special cases of exp")
  func exponentialEdges() {
    #expect(Market.exp(0) == 1)
    #expect(Market.exp(-0.0) == 1)
    #expect(Market.exp(1) == 2.718_281_828_459_045)
    #expect(Market.exp(.infinity) == .infinity)
    #expect(Market.exp(-.infinity) == 0)
    #expect(Market.exp(.nan).isNaN)
    #expect(Market.exp(710) == .infinity)
    #expect(Market.exp(709.782_712_893_384).isFinite)
    #expect(Market.exp(709.782_712_893_384.nextUp) == .infinity)
    #expect(Market.exp(-745.133_219_101_941_1) == .leastNonzeroMagnitude)
    #expect(Market.exp(-745.2) == 0)
    #expect(Market.exp(-.greatestFiniteMagnitude) == 0)
    #expect(Market.exp(.leastNonzeroMagnitude) == 1)
  }

  @Test("Golden bits: these must be the same on every machine")
  func golden() {
    var words = Words(seed: 23)
    var digest = Digest()
    for _ in 0..<10_000 {
      digest.add(Market.ln(Double(bitPattern: words.next() >> 2)).bitPattern)
      digest.add(Market.exp(Double(Int64(words.below(1_400_000)) - 700_000) / 1_000).bitPattern)
    }
    #expect(digest.description == "6e0575035575731b")
  }

  @Test("ln and exp grow with their argument, and undo one another nearly")
  func monotone() {
    let samples = Self.exponentialSamples().filter { $0.magnitude < 700 }.sorted()
    for (lower, upper) in zip(samples, samples.dropFirst()) {
      #expect(Market.exp(lower) <= Market.exp(upper))
    }
    for sample in samples {
      let back = Market.ln(Market.exp(sample))
      #expect((back - sample).magnitude <= max(2 * sample.ulp, 0x1p-52))
    }
  }
}
