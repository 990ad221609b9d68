import Market
import Risk
import Testing

@testable import Engine
@testable import Strategies

/// What the engine makes of everything that strategies read besides candles.
@Suite struct ReadingTests {
  private static func desk(
    _ inputs: [InputRequirement], recovered: DurableState = DurableState(),
    start: Instant = monday, _ configure: (inout DataSources) -> Void
  ) throws -> Desk {
    var strategy = Scripted(try bitcoin(), plan: [:])
    strategy.inputs = [InputRequirement(.candles(.m15), warmUp: 1)] + inputs
    var sources = DataSources()
    configure(&sources)
    return try Desk([strategy], recovered: recovered, start: start, sources: sources)
  }

  private static func spot(_ price: Price, at time: Instant, venue: Venue = .coinbase) -> Input {
    .market(.spot(SpotPrice(symbol: "BTC", venue: venue, time: time, price: price)))
  }

  private static func spotDesk() throws -> Desk {
    try desk([InputRequirement(.spot, warmUp: 1)]) {
      $0.spot = .coinbase
      $0.takerFlow = nil
      $0.feeds = [.coinbase]
    }
  }

  private static func flowDesk() throws -> Desk {
    try desk([
      InputRequirement(.takerSplit(.m15), warmUp: 1), InputRequirement(.spot, warmUp: 1),
    ]) {
      $0.spot = .coinbase
      $0.takerFlow = .binance
      $0.feeds = [.binance, .coinbase]
    }
  }

  private static func bar(
    _ index: Int64, venue: Venue = .hyperliquid, split: TakerSplit? = nil
  ) throws -> Candle {
    let plain = try candle(index, "100", "101", "99", "100", venue: venue)
    return try #require(plain.with(split))
  }

  private static let split = TakerSplit(buy: "6", sell: "4", coverage: Fraction(whole: 1))

  // MARK: Receipt

  @Test func `what comes after a close is not shown at it although the close waits`() throws {
    var desk = try Self.flowDesk()
    let close = monday + .minutes(15)
    desk.send(Self.spot("100", at: close), at: close)
    desk.send(.market(.closedCandle(try Self.bar(0))), at: close)
    #expect(desk.scripted?.candles == [], "the close waits for the other venue's split")
    // The reporter's clock says that it was before the close: receipt decides.
    desk.send(Self.spot("101", at: close - .seconds(5)), at: close + .milliseconds(1))
    desk.send(
      .market(.closedCandle(try Self.bar(0, venue: .binance, split: Self.split))),
      at: close + .seconds(1))
    #expect(desk.scripted?.candles.count == 1)
    #expect(desk.scripted?.readings.map(\.received) == [close])
    let next = close + .minutes(15)
    desk.send(.market(.closedCandle(try Self.bar(1))), at: next)
    desk.advance(to: next + .seconds(3))
    #expect(
      desk.scripted?.readings.map(\.received) == [close, close + .milliseconds(1)],
      "it is shown at the next close")
  }

  @Test func `the mid beside a spot sample is at most two seconds old`() throws {
    var desk = try Self.spotDesk()
    desk.send(.market(.mid("BTC", "100.5")), at: monday + .seconds(10))
    for wait in [Interval.seconds(2), .milliseconds(2_001)] {
      desk.send(Self.spot("100", at: monday), at: monday + .seconds(10) + wait)
    }
    let mids = desk.records.compactMap { record -> Price?? in
      if case .spot(let sample) = record { sample.mid } else { nil }
    }
    #expect(mids == ["100.5", nil])
  }

  @Test func `a spot price that is not positive is refused`() throws {
    var desk = try Self.spotDesk()
    desk.send(Self.spot(.zero, at: monday), at: monday + .seconds(1))
    #expect(desk.rejected("feed.spot.not_positive") == 1)
    #expect(!desk.records.contains { if case .spot = $0 { true } else { false } })
  }

  @Test func `a reading of another source than the configured one is refused`() throws {
    var desk = try Self.spotDesk()
    desk.send(Self.spot("100", at: monday, venue: .binance), at: monday + .seconds(1))
    #expect(desk.rejected("feed.reading.unwanted") == 1)
    #expect(!desk.records.contains { if case .spot = $0 { true } else { false } })
    desk.send(.market(.closedCandle(try Self.bar(0))), at: monday + .minutes(15))
    #expect(desk.scripted?.candles.count == 1)
    #expect(desk.scripted?.readings == [])
  }

  @Test func `readings that no close takes leave oldest first and are counted`() throws {
    var desk = try Self.spotDesk()
    let count = Int64(ReadingQueue.limit) + 3
    for index in 0..<count {
      let time = monday + .milliseconds(index)
      desk.send(Self.spot(Price(whole: index + 1), at: time), at: time)
    }
    #expect(desk.rejected("feed.reading.overflow") == 3)
    #expect(desk.engine.snapshot.loads.first { $0.name == "readings" }?.count == ReadingQueue.limit)
    desk.send(.market(.closedCandle(try Self.bar(0))), at: monday + .minutes(15))
    #expect(desk.scripted?.readings.count == ReadingQueue.limit)
    #expect(desk.scripted?.readings.first?.received == monday + .milliseconds(3))
  }

  // MARK: Taker splits

  @Test(
    arguments: [
      ("4", "6", Fraction(whole: 1)), ("4", "2", "0.6"), ("0.001", Quantity.zero, "0.0001"),
    ])
  func `trades make the split, and its coverage shows those that are missing`(
    buy: Quantity, sell: Quantity, coverage: Fraction
  ) throws {
    var desk = try Self.desk([InputRequirement(.takerSplit(.m15), warmUp: 1)]) {
      $0.feeds = [.hyperliquid]
    }
    for (index, quantity) in [buy, sell].enumerated() where quantity > .zero {
      let time = monday + .minutes(Int64(index) + 1)
      desk.send(
        .market(
          .trade(
            Trade(
              symbol: "BTC", time: time, takerSide: index == 0 ? .buy : .sell, price: "100",
              quantity: quantity, id: UInt64(index)))), at: time)
    }
    desk.send(.market(.closedCandle(try Self.bar(0))), at: monday + .minutes(15))
    let split = try #require(desk.scripted?.candles.first?.takerSplit)
    #expect(split.coverage == coverage)
    #expect(split.buy == buy)
    #expect(split.sell == sell)
  }

  @Test func `volume without a trade tells nothing, and no volume tells all`() throws {
    var book = FlowBook()
    book.declare("BTC", .m15)
    #expect(book.take(try Self.bar(0)) == nil)
    let still = try candle(1, "100", "100", "100", "100", volume: .zero)
    #expect(
      book.take(still)
        == TakerSplit(buy: .zero, sell: .zero, coverage: Fraction(whole: 1)))
  }

  @Test func `a trade of the next candle counts toward the next`() throws {
    var book = FlowBook()
    book.declare("BTC", .m15)
    for (second, quantity) in [(899, Quantity(whole: 1)), (900, Quantity(whole: 2))] {
      book.add(
        Trade(
          symbol: "BTC", time: monday + .seconds(Int64(second)), takerSide: .buy, price: "100",
          quantity: quantity, id: UInt64(second)))
    }
    #expect(book.take(try Self.bar(0))?.buy == Quantity(whole: 1))
    #expect(book.take(try Self.bar(1))?.buy == Quantity(whole: 2))
    #expect(book.count == 0)
  }

  @Test func `another venue's split stands on this venue's candle`() throws {
    var desk = try Self.flowDesk()
    let close = monday + .minutes(15)
    desk.send(
      .market(.closedCandle(try Self.bar(0, venue: .binance, split: Self.split))), at: close)
    #expect(desk.scripted?.candles == [])
    desk.send(.market(.closedCandle(try Self.bar(0))), at: close + .seconds(1))
    let closed = try #require(desk.scripted?.candles.first)
    #expect(closed.venue == .hyperliquid)
    #expect(closed.takerSplit == Self.split)
  }

  @Test func `a close waits for a split at most as long as its grace`() throws {
    var desk = try Self.flowDesk()
    let close = monday + .minutes(15)
    desk.send(.market(.closedCandle(try Self.bar(0))), at: close)
    desk.advance(to: close + .milliseconds(1_999))
    #expect(desk.scripted?.candles == [])
    desk.advance(to: close + .seconds(2))
    #expect(desk.scripted?.candles.map(\.takerSplit) == [nil])
    // What comes too late changes nothing: the closed candle stands.
    desk.send(
      .market(.closedCandle(try Self.bar(0, venue: .binance, split: Self.split))),
      at: close + .seconds(3))
    #expect(desk.scripted?.candles.count == 1)
  }

  // MARK: Reference figures

  @Test func `figures are sampled: open interest every five minutes, funding every hour`() throws {
    var desk = try Self.desk([
      InputRequirement(.openInterest, warmUp: 1), InputRequirement(.funding, warmUp: 1),
    ]) {
      $0.takerFlow = nil
      $0.feeds = [.hyperliquid]
    }
    for minute in Int64(0)..<66 {
      desk.send(
        .market(
          .context(
            AssetContext(
              symbol: "BTC", mark: "100", oracle: "100", mid: "100",
              hourlyFundingRate: FundingRate(steps: minute + 1),
              openInterest: Quantity(whole: 1_000 + minute)))),
        at: monday + .minutes(minute) + .seconds(7))
    }
    let interest = desk.records.compactMap { record -> OpenInterest? in
      if case .openInterest(let value) = record { value } else { nil }
    }
    #expect(
      interest.map { $0.quantity.steps / Quantity.stepsPerWhole - 1_000 } == [
        0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65,
      ])
    #expect(interest.allSatisfy { $0.venue == .hyperliquid })
    let funding = desk.records.compactMap { record -> Funding? in
      if case .funding(let settled) = record { settled } else { nil }
    }
    #expect(funding.map(\.time) == [monday + .hours(1)])
    #expect(funding.map(\.period) == [.hours(1)])
    #expect(funding.map(\.rate.steps) == [60], "the rate of the last figures before the hour")
  }

  @Test func `figures of this venue do not speak where another is the source`() throws {
    var desk = try Self.desk([InputRequirement(.openInterest, warmUp: 1)]) {
      $0.takerFlow = nil
      $0.spot = nil
      $0.openInterest = .binance
      $0.feeds = [.binance]
    }
    desk.send(
      .market(
        .context(
          AssetContext(
            symbol: "BTC", mark: "100", oracle: "100", mid: nil,
            hourlyFundingRate: FundingRate(steps: 1), openInterest: "5"))),
      at: monday + .minutes(1))
    #expect(!desk.records.contains { if case .openInterest = $0 { true } else { false } })
    #expect(desk.rejected("feed.reading.unwanted") == 0)
  }
}
