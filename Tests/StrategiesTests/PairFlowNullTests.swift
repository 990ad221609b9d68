import Choice
import Market
import Testing

@testable import Strategies

/// What the pair's checks let through where there is nothing to find (`strategies.md` section 5):
/// two correlated random walks, which never return to any line.
@Suite struct PairFlowNullTests {
  /// Logarithmic prices of two walks whose steps correlate by `correlation`.
  static func walks(
    seed: UInt64, count: Int, correlation: Double
  ) -> (first: [Double], other: [Double]) {
    var stream = Chooser.seeded(seed).stream("walks")
    func draw() -> Double {
      (0..<4).reduce(0.0) { sum, _ in sum + Double(stream.draw(below: 1 << 20)) / 1_048_576 - 0.5 }
    }
    let own = (1 - correlation * correlation).squareRoot()
    var (first, other) = ([10.0], [8.0])
    for _ in 1..<count {
      let common = draw()
      first.append(first[first.count - 1] + 0.01 * common)
      other.append(other[other.count - 1] + 0.01 * (correlation * common + own * draw()))
    }
    return (first, other)
  }

  @Test func ratesOnRandomWalks() throws {
    let count = 240_000
    let (first, other) = Self.walks(seed: 5, count: count, correlation: 0.8)
    var rates = (fits: 0.0, outside: 0.0, cointegrated: 0.0, both: 0.0)
    for end in stride(from: 182, through: count, by: 40) {
      let window = (end - 182)..<end
      let spread = try #require(
        PairSpread(first: Array(first[window]), other: Array(other[window])))
      let isOutside = spread.now.magnitude >= 2
      let isCointegrated = spread.statistic <= -3.07
      rates.fits += 1
      if isOutside { rates.outside += 1 }
      if isCointegrated { rates.cointegrated += 1 }
      if isOutside, isCointegrated { rates.both += 1 }
    }
    // Within 30 % of 17.2 %, 9.9 % and 0.76 %.
    #expect((0.1204...0.2236).contains(rates.outside / rates.fits))
    #expect((0.0693...0.1287).contains(rates.cointegrated / rates.fits))
    #expect((0.0053...0.0099).contains(rates.both / rates.fits), "\(rates)")
  }
}
