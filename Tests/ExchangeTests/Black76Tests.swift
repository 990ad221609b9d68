import Market
import Testing

@testable import Exchange

@Suite("Deribit's numbers") struct Black76Tests {
  @Test("the published figures of an option follow from its volatility and forward")
  func worked() {
    // BTC-27SEP24-40000-C as its ticker stood on 2023-11-10, to the digits that it prints.
    let expiry = Instant(milliseconds: 1_727_424_000_000)
    let life = expiry - Instant(milliseconds: 1_699_578_548_021)
    let model = Black76(
      forward: 38_992.71, strike: 40_000, volatility: 0.6127,
      years: Double(life.nanoseconds) / 1e9 / 86_400 / 365, isCall: true)
    #expect(abs(model.value / 38_992.71 - 0.2168) < 5e-5)
    #expect(abs(model.delta - 0.59621) < 5e-5)
    #expect(DeribitNumber.rounded(model.gamma, 5) == 0.00002)
    #expect(abs(model.gamma - 1.7251e-5) < 1e-8)
    #expect(abs(model.vega - 141.90146) < 0.05)
    #expect(abs(model.theta - -13.48784) < 0.01)
    #expect(abs(model.rho - 130.63998) < 0.05)
  }

  @Test("calls less puts are worth the forward less the strike, and nothing is below its value now")
  func parity() {
    for strike in stride(from: 20_000.0, through: 200_000, by: 9_500) {
      for years in [0.0001, 0.02, 0.5, 2] {
        let pair = [true, false].map { isCall in
          Black76(
            forward: 90_000, strike: strike, volatility: 0.55, years: years, isCall: isCall)
        }
        #expect(abs(pair[0].value - pair[1].value - (90_000 - strike)) < 1e-6)
        #expect(abs(pair[0].delta - pair[1].delta - 1) < 1e-12)
        #expect(pair[0].gamma == pair[1].gamma && pair[0].gamma >= 0)
        #expect(pair[0].value >= max(0, 90_000 - strike) - 1e-6)
        #expect(pair.allSatisfy { $0.theta <= 0 && $0.vega >= 0 })
      }
    }
  }

  @Test(
    "the normal distribution to many digits",
    arguments: [
      (0.0, 0.5), (1.0, 0.841_344_746_068_543), (-1.0, 0.158_655_253_931_457),
      (2.5, 0.993_790_334_674_224), (-7.5, 3.190_891_672_910_9e-14), (40, 1), (-40, 0),
    ])
  func normal(value: Double, expected: Double) {
    #expect(abs(Black76.normal(value) - expected) <= max(expected * 1e-10, 1e-15))
  }

  @Test(
    "numbers are spelt as the venue spells them",
    arguments: [
      (0, "0.0"), (10, "10.0"), (-2.5, "-2.5"), (92_281.78, "92281.78"), (0.0005, "0.0005"),
      (0.00012966, "1.2966e-4"), (0.00002, "2.0e-5"), (-0.00001742, "-1.742e-5"),
      (1_132_329_370, "1132329370.0"), (1e15, "1.0e15"), (1.25e21, "1.25e21"), (0.001, "0.001"),
      (.nan, "null"), (.infinity, "null"), (.leastNonzeroMagnitude, "5.0e-324"),
    ])
  func spelling(value: Double, text: String) {
    #expect(DeribitNumber.text(value) == text)
  }

  @Test("every number reads back as itself")
  func readsBack() {
    var word: UInt64 = 1
    for _ in 0..<20_000 {
      word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: word)
      guard value.isFinite else { continue }
      #expect(Double(DeribitNumber.text(value)) == value)
    }
  }
}
