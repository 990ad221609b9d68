import Market
import Testing

@testable import Engine

@Suite("Which candles tell prices") struct PricedStretchesTests {
  /// A candle of `minutes`' timeframe that opens `offset` minutes after Monday.
  func candle(_ timeframe: Timeframe, _ offset: Int64) throws -> Candle {
    try Candle(
      symbol: "BTC", timeframe: timeframe, venue: .hyperliquid,
      openTime: monday + .minutes(offset), open: "100", high: "101", low: "99", close: "100",
      volume: "1")
  }

  @Test func theShortestOfOneCloseTells() throws {
    var priced = PricedStretches()
    let batch = [try candle(.m5, 10), try candle(.m15, 0)]
    #expect(priced.take([try candle(.m5, 5)]).map(\.timeframe) == [.m5])
    #expect(priced.take(batch).map(\.timeframe) == [.m5])
    #expect(priced.take(batch.reversed()).isEmpty, "a stretch is told once")
  }

  /// The declared series begins later, or lacks a stretch: longer candles carry the stops there.
  @Test func aLongerOneTellsWhereTheShorterIsMissing() throws {
    var priced = PricedStretches()
    #expect(priced.take([try candle(.m15, 0)]).map(\.timeframe) == [.m15])
    #expect(priced.take([try candle(.m15, 15)]).map(\.timeframe) == [.m15])
    #expect(priced.take([try candle(.m5, 30)]).map(\.timeframe) == [.m5])
    #expect(
      priced.take([try candle(.m15, 30)]).isEmpty,
      "a part of it was told: its low may be older than what is held now")
    #expect(priced.take([try candle(.m15, 45)]).map(\.timeframe) == [.m15])
    #expect(priced.take([try candle(.h4, 0), try candle(.m15, 225)]).map(\.timeframe) == [.m15])
  }

  @Test func symbolsAreApart() throws {
    var priced = PricedStretches()
    let other = try Candle(
      symbol: "ETH", timeframe: .m15, venue: .hyperliquid, openTime: monday, open: "1", high: "1",
      low: "1", close: "1", volume: "1")
    #expect(priced.take([try candle(.m5, 10), try candle(.m15, 0), other]).count == 2)
  }
}
