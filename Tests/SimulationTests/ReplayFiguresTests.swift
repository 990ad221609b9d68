import Engine
import Market
import Risk
import Strategies
import Testing
import Venues

@testable import Simulation

/// Figures of a made-up run with known answers.
@Suite struct ReplayFiguresTests {
  static let start = Instant(milliseconds: ReplayReadingFileTests.first)

  static func id(_ number: UInt64) -> ClientOrderID { ClientOrderID(high: 7, low: number) }

  static func signal(
    _ number: UInt64, side: Side = .buy, entry: Price = "100", stop: Price = "98",
    target: Price = "104", pair: PairLeg? = nil
  ) -> SignalRecord {
    SignalRecord(
      strategy: "wick_flow", symbol: pair == nil ? "BTC" : "BTC/ETH", setup: "pool_sweep",
      time: start,
      signal: Signal(
        side: side, entry: entry, stop: stop, target: target,
        rewardToRisk: TenThousandths(20_000), netRewardToRisk: TenThousandths(15_000),
        confidence: TenThousandths(5_000), validUntil: start + .minutes(1),
        timeStop: start + .hours(1), pair: pair), outcome: "EXECUTED", order: id(number))
  }

  static func fill(
    _ number: UInt64, of position: UInt64, _ side: Side, _ price: Price, _ quantity: Quantity = "2"
  ) -> FillRecord {
    FillRecord(
      fill: Fill(
        clientID: id(number), symbol: "BTC", side: side, price: price, quantity: quantity,
        fee: "0.1", tradeID: number, time: start), strategy: "wick_flow", position: id(position),
      realised: .zero)
  }

  static func position(
    _ number: UInt64, realised: Money, fees: Money = "0.2", funding: Money = .zero,
    reason: ExitReason, minutes: Int64, partner: UInt64? = nil, symbol: Symbol = "BTC"
  ) -> PositionRecord {
    PositionRecord(
      id: id(number), strategy: "wick_flow", symbol: symbol, setup: "pool_sweep",
      bracket: Bracket(
        stop: "98", target: "104", timeStop: start + .hours(1), partner: partner.map { id($0) }),
      quantity: .zero, cost: .zero, peakQuantity: "2", realised: realised, fees: fees,
      funding: funding, initialRisk: "5", openedAt: start, closedAt: start + .minutes(minutes),
      exitReason: reason)
  }

  /// A win at the target and a loss at the stop, each of two coins and with slippage on the way in.
  static func figures() -> ReplayFigures {
    var figures = ReplayFigures(paper: PaperConfiguration())
    figures.add(.signal(signal(1)))
    figures.add(.fill(fill(1, of: 1, .buy, "100.05")))
    figures.add(.fill(fill(2, of: 1, .sell, "104")))
    figures.add(
      .position(position(1, realised: "7.9", funding: "-0.3", reason: .target, minutes: 5)))
    figures.add(.signal(signal(3)))
    figures.add(.fill(fill(3, of: 3, .buy, "100.05")))
    // The stop of 98 slips by ten basis points.
    figures.add(.fill(fill(4, of: 3, .sell, "97.902")))
    figures.add(.position(position(3, realised: "-4.296", reason: .stop, minutes: 9)))
    return figures
  }

  @Test func `gross is before fees, slippage and funding; net after them`() throws {
    let trades = Self.figures().trades
    #expect(trades.map(\.risk) == ["4", "4"])
    #expect(trades.map(\.gross) == ["8", "-4"])
    #expect(trades.map(\.slippage) == ["0.1", "0.296"])
    #expect(trades.map(\.net) == ["7.4", "-4.496"])
    #expect(trades.map(\.costs) == ["0.6", "0.496"])
    #expect(trades.map { $0.grossMultiple?.count } == [20_000, -10_000])
    #expect(trades.map { $0.netMultiple?.count } == [18_500, -11_240])
  }

  @Test func `a strategy's figures add its trades up`() throws {
    let figures = TradeStatistics(Self.figures().trades, opening: Money(whole: 100))
    #expect(figures.count == 2)
    #expect(figures.wins.share?.count == 5_000)
    #expect(figures.grossExpectancy?.count == 5_000)
    #expect(figures.netExpectancy?.count == 3_630)
    #expect(figures.costExpectancy?.count == 1_370)
    // Costs of 1.096 over the 8 that the winner made before them.
    #expect(figures.costShareBasisPoints == 1_370)
    #expect(figures.rewardToRisk?.count == 20_000)
    #expect(figures.nullWinRate?.count == 3_333)
    #expect(figures.isWithinNull == true)
    #expect(figures.drawdown.count == 11_240)
    // 4.496 of 107.4, rounded up.
    #expect(figures.drawdownBasisPoints == 419)
    #expect(figures.curve.map(\.sum.count) == [18_500, 7_260])
    #expect(figures.net == "2.904")
  }

  @Test func `without trades there is nothing to average`() {
    let figures = TradeStatistics([], opening: Money(whole: 100))
    #expect(figures.wins.share == nil && figures.wins.interval == nil)
    #expect(figures.netExpectancy == nil && figures.nullWinRate == nil)
    #expect(figures.isWithinNull == nil && figures.costShareBasisPoints == nil)
  }

  /// Wilson's interval, as published tables and other implementations give it.
  @Test(arguments: [
    (0, 10, 0, 2_775), (10, 10, 7_225, 10_000), (5, 10, 2_366, 7_634), (186, 1_000, 1_631, 2_113),
    (1, 1, 2_065, 10_000),
  ])
  func `the interval is Wilson's`(count: Int, total: Int, low: Int64, high: Int64) {
    let interval = Proportion(count, of: total).interval
    #expect(interval?.lowerBound.count == low)
    #expect(interval?.upperBound.count == high)
  }

  @Test func `the legs of a pair are one trade, which ends with the last of them`() throws {
    let leg = PairLeg(
      symbol: "ETH", side: .sell, entry: "50", stop: "51", target: "48",
      catastrophicStop: "53", firstCatastrophicStop: "95", hedge: "1")
    var figures = ReplayFigures(paper: PaperConfiguration())
    figures.add(.signal(Self.signal(1, pair: leg)))
    figures.add(.fill(Self.fill(1, of: 1, .buy, "100")))
    figures.add(.fill(Self.fill(2, of: 2, .sell, "50", "4")))
    // Left at the market: both exits slip, by ten basis points of 101 and of 49.
    figures.add(.fill(Self.fill(3, of: 2, .buy, "49.049", "4")))
    figures.add(
      .position(
        Self.position(
          2, realised: "3.804", reason: .strategy, minutes: 4, partner: 1, symbol: "ETH")))
    #expect(figures.trades.isEmpty)
    figures.add(.fill(Self.fill(4, of: 1, .sell, "100.899")))
    figures.add(
      .position(Self.position(1, realised: "1.798", reason: .strategy, minutes: 5, partner: 2)))
    let trade = try #require(figures.trades.first)
    #expect(figures.trades.count == 1)
    #expect(trade.record.symbol == "BTC" && trade.partner?.symbol == "ETH")
    #expect(trade.gross == "6")
    #expect(trade.slippage == "0.398")
    #expect(trade.fees == "0.4")
    #expect(trade.closedAt == Self.start + .minutes(5))
    #expect(trade.risk == "4", "the first leg alone would bring the spread to its stop")
  }

  @Test func `the null rates count what the data allowed, by the time that it covers`() throws {
    var figures = Self.figures()
    let outcomes: [(NoTradeReason, Int)] = [(.noWick, 960), (.warmUp, 500), (.gapInHistory, 3)]
    for (reason, count) in outcomes {
      for _ in 0..<count {
        figures.add(
          .decision(
            Decision(
              strategy: "wick_flow", symbol: "BTC", setup: .all, time: Self.start,
              outcome: .noTrade(reason), inputs: 0)))
      }
    }
    let strategy = StrategyFigures(
      "wick_flow", trigger: .m15, in: figures, opening: Money(whole: 100))
    #expect(strategy.evaluatedCount == 960)
    // Two signals over 960 quarters of an hour, which are ten days.
    #expect(strategy.nullRates.map { $0.rate?.count } == [2_000])
    #expect(strategy.nullRates.map(\.null.rate.count) == [5_500])
    #expect(strategy.signalCount == 2 && strategy.executedCount == 2)
  }

  @Test func `every setup of the null table is one that its strategy has`() {
    #expect(NullRate.all.map(\.setup) == ["monday_range", "pool_sweep", "reversion"])
    for null in NullRate.all { #expect(StrategyCatalog.isKnown(null.strategy)) }
  }
}
