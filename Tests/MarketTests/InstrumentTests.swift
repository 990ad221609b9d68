import Market
import Testing

/// The venue's rule: five significant figures, at most 6 − sizeDecimals decimals, integers always.
@Suite("Instrument")
struct InstrumentTests {
  private func instrument(_ sizeDecimals: Int) throws -> Instrument {
    try #require(Instrument(symbol: "BTC", sizeDecimals: sizeDecimals, maximumLeverage: 50))
  }

  @Test(
    "The venue's own examples",
    arguments: [
      ("1234.5", 1, true), ("1234.56", 1, false), ("0.001234", 0, true), ("0.0012345", 0, false),
      ("123456", 0, true), ("12345.6", 0, false), ("0.01234", 1, true), ("0.012345", 1, false),
      // Integers of any length, whatever the size decimals.
      ("1234567", 5, true), ("123456.5", 5, false), ("98200", 5, true), ("98200.5", 5, false),
      ("9820.5", 5, true), ("9820.55", 5, false), ("3.1", 5, true), ("3.14", 5, false),
      ("99999", 5, true), ("100001", 5, true), ("7", 8, true), ("7.5", 8, false),
    ])
  func accepts(price: String, sizeDecimals: Int, isOnTick: Bool) throws {
    let price = try Price(decimal: price)
    let instrument = try instrument(sizeDecimals)
    #expect((instrument.onTick(price, .down) == price) == isOnTick)
    #expect((instrument.onTick(price, .up) == price) == isOnTick)
  }

  @Test(
    "The tick at a price",
    arguments: [
      ("98200", 5, "1"), ("9820", 5, "0.1"), ("9999.9", 5, "0.1"), ("10000", 5, "1"),
      ("0.5", 0, "0.00001"), ("0.05", 0, "0.000001"), ("0.00001", 0, "0.000001"),
      ("50000000000", 0, "1"), ("-9820", 5, "0.1"),
    ])
  func ticks(price: String, sizeDecimals: Int, tick: String) throws {
    let found = try instrument(sizeDecimals).tick(at: Price(decimal: price))
    #expect(found.description == tick)
  }

  @Test("Rounding never leaves the grid, moves at most one tick and keeps its direction")
  func rounding() throws {
    var words = Words(seed: 5)
    for sizeDecimals in 0...8 {
      let instrument = try instrument(sizeDecimals)
      for _ in 0..<500 {
        let price = Price(steps: Int64(words.next() >> (2 + words.below(56))))
        guard price > .zero else { continue }
        let tick = instrument.tick(at: price)
        if let down = instrument.onTick(price, .down) {
          #expect(down <= price && price - down < tick)
          #expect(instrument.onTick(down, .nearest) == down)
        }
        let up = try #require(instrument.onTick(price, .up))
        #expect(up >= price && up - price < tick)
        #expect(instrument.onTick(up, .nearest) == up)
      }
    }
  }

  @Test("A price that rounds to nothing, or beyond the range, is none")
  func edges() throws {
    let instrument = try instrument(0)
    #expect(instrument.onTick(.ulp, .down) == nil)
    #expect(instrument.onTick(.ulp, .up) == "0.000001")
    #expect(instrument.onTick(Price(steps: .max), .up) == nil)
    #expect(instrument.onTick(Price(steps: .min), .down) == nil)
    #expect(instrument.tick(at: Price(steps: .min)) == "1")
  }

  @Test("A lot is ten to the minus size decimals; values out of range make no instrument")
  func lots() throws {
    #expect(try instrument(0).lot == "1")
    #expect(try instrument(5).lot == "0.00001")
    #expect(try instrument(8).lot == .ulp)
    for (decimals, leverage) in [(-1, 50), (9, 50), (5, 0), (5, 1_001)] as [(Int, Int64)] {
      let made = Instrument(symbol: "BTC", sizeDecimals: decimals, maximumLeverage: leverage)
      #expect(made == nil)
    }
    let negative = Instrument(
      symbol: "BTC", sizeDecimals: 5, maximumLeverage: 50, minimumNotional: "-1")
    #expect(negative == nil)
  }
}
