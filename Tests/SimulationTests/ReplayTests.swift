import Engine
import Market
import Risk
import Strategies
import Testing

@testable import Simulation

/// An engine over candle files: the same wherever it is cut, and its figures add up.
@Suite struct ReplayTests {
  static let folder =
    #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
    + "/Fixtures/candles/"
  static let names = [
    "synthetic_BTC_1d_2024-01-01_2024-08-07.csv.gz",
    "synthetic_BTC_4h_2024-06-29_2024-08-07.csv.gz",
    "synthetic_BTC_15m_2024-08-08_2024-09-16.csv.gz",
  ]

  static func files(_ names: [String] = names) throws -> CandleHistory {
    try CandleHistory(reading: names.map { try CandleFileReference(argument: folder + $0) })
  }

  static func plan(
    _ files: CandleHistory, _ strategies: [StrategyID] = ["trader_mayne", "wick_flow"]
  ) throws -> ReplayPlan {
    try ReplayPlan(files, configuration: ReplayPlan.paperConfiguration(strategies: strategies))
  }

  static func run(_ plan: ReplayPlan, by count: Int = .max, resumesDaily: Bool = true) throws
    -> Replay
  {
    var replay = try Replay(plan, resumesDaily: resumesDaily)
    while replay.advance(by: count) {}
    return replay
  }

  @Test func `the same candles give the same digest, however the run is cut`() throws {
    let plan = try Self.plan(Self.files())
    let whole = try Self.run(plan)
    for count in [1, 7, 4_096] {
      let cut = try Self.run(plan, by: count)
      #expect(cut.digest == whole.digest)
      #expect(cut.components == whole.components)
      #expect(cut.figures == whole.figures)
    }
    #expect(whole.figures.candleCount == plan.history.candleCount)
    #expect(whole.figures.signalCount > 0)
    #expect(whole.figures.fillCount > 0)
  }

  /// One step of 1e-8 in one low of 3,840 rows: a digest that overlooks it would pass the test
  /// above.
  @Test func `another low is another run`() throws {
    let files = try Self.files()
    var candles = files.series.flatMap(\.candles)
    let index = candles.count - 200
    let old = candles[index]
    candles[index] = try Candle(
      symbol: old.symbol, timeframe: old.timeframe, venue: old.venue, openTime: old.openTime,
      open: old.open, high: old.high, low: old.low - .ulp, close: old.close, volume: old.volume)
    let one = try Self.run(Self.plan(CandleHistory(candles: files.series.flatMap(\.candles))))
    let other = try Self.run(Self.plan(CandleHistory(candles: candles)))
    #expect(one.digest != other.digest)
    let differing = zip(one.components, other.components).filter { $0 != $1 }.map(\.0.component)
    #expect(differing.contains(.feed) && differing.contains(.candles))
  }

  @Test func `records are told once, in order, and fold to what the engine believes`() throws {
    var replay = try Replay(Self.plan(Self.files()), resumesDaily: true)
    var state = DurableState()
    var count = 0
    var last = Instant(nanoseconds: .min)
    while replay.advance(
      by: 100,
      persist: { records, wall in
        #expect(wall >= last)
        last = wall
        count += records.count
        for record in records { state.apply(record) }
      })
    {}
    #expect(count == replay.figures.recordCount)
    #expect(state.account == replay.figures.account)
    #expect(state.normalised().positions == replay.snapshot.positions)
  }

  @Test func `profits of positions add up to the change of cash`() throws {
    let replay = try Self.run(Self.plan(Self.files()))
    let account = try #require(replay.figures.account)
    let open = replay.snapshot.positions.reduce(Money.zero) {
      $0 + $1.realised - $1.fees + $1.funding
    }
    let closed = replay.figures.closed.reduce(Money.zero) { $0 + $1.net }
    #expect(replay.figures.closed.count > 10)
    #expect(account.cash - account.opening == closed + open)
    #expect(Set(replay.figures.closed.map(\.record.id)).count == replay.figures.closed.count)
    for position in replay.figures.closed {
      let multiple = try #require(position.multiple)
      let risk = position.record.initialRisk
      // net / risk, rounded to a ten-thousandth.
      let back = risk.checkedScaled(by: multiple.count, over: 10_000, .nearest)
      let error = try #require(back) - position.net
      #expect(error.magnitude.steps <= risk.steps / 10_000)
    }
  }

  @Test func `decisions are one a trigger and strategy`() throws {
    let replay = try Self.run(Self.plan(Self.files(), ["wick_flow"]))
    // Every 15m candle asks once; the three rows of files hold 3,840 of them.
    #expect(replay.figures.decisionCount == 3_840)
    let signals = replay.figures.decisions.filter { $0.reason == nil }.reduce(0) { $0 + $1.count }
    #expect(signals == replay.figures.signalCount)
  }

  /// Three symbols with the same prices reach the drawdown limit of one day together.
  @Test func `a drawdown pause lasts until an operator resumes`() throws {
    let plan = try Self.plan(Self.files())
    let paused = try Self.run(plan, resumesDaily: false)
    let resumed = try Self.run(plan, resumesDaily: true)
    let pauses = { (replay: Replay) in
      replay.figures.alerts.first { $0.name == "limits.session_drawdown" }?.count ?? 0
    }
    #expect(pauses(paused) == 1)
    #expect(paused.figures.account?.isPausedByDrawdown == true)
    #expect(resumed.figures.alerts.contains { $0.name == "operator.resumed" })
    #expect(resumed.figures.fillCount > paused.figures.fillCount)
  }

  @Test func `a gap reaches the strategies as a gap`() throws {
    let files = try Self.files()
    let candles = files.series.flatMap(\.candles)
    let cut = CandleHistory(
      candles: candles.enumerated().filter { $0.offset != 2_000 }.map(\.element))
    let plan = try Self.plan(cut, ["wick_flow"])
    #expect(plan.history.gaps.filter { $0.timeframe == .m15 }.map(\.missingCount) == [1])
    let replay = try Self.run(plan)
    #expect(replay.figures.decisions.contains { $0.reason == .gapInHistory && $0.count > 10 })
  }

  @Test func `longer candles are derived, and series nobody reads stay out`() throws {
    let all = try Self.plan(Self.files())
    #expect(all.history.series.map(\.timeframe) == [.m15, .h4, .d1])
    #expect(all.history.series.map(\.candles.count) == [3_840, 480, 260])
    #expect(all.unread.isEmpty)
    let wick = try Self.plan(Self.files([Self.names[1], Self.names[2]]), ["wick_flow"])
    #expect(wick.unread.map(\.timeframe) == [.h4])
    #expect(wick.history.series.map(\.timeframe) == [.m15, .d1])
  }

  @Test func `candles and configuration that do not match are refused`() throws {
    let files = try Self.files()
    func fault(_ body: () throws -> ReplayPlan) -> ReplayError? {
      do {
        _ = try body()
        return nil
      } catch { return error as? ReplayError }
    }
    #expect(fault { try Self.plan(files, ["nobody"]) } == .unknownStrategy("nobody"))
    #expect(
      fault { try Self.plan(Self.files([Self.names[0]]), ["wick_flow"]) }
        == .noProducer("wick_flow", "BTC", .candles(.m15)))
    let strange = CandleHistory(candles: try [ReplayHistoryTests.candle(0, symbol: "DOGE")])
    #expect(fault { try Self.plan(strange) } == .unknownInstrument("DOGE"))
    var exchange = ReplayPlan.paperConfiguration(strategies: ["wick_flow"])
    exchange.execution = .exchange(ExchangeConfiguration())
    #expect(fault { try ReplayPlan(files, configuration: exchange) } == .notPaper)
  }

  @Test func `an instrument is read from its three parts`() {
    let doge = ReplayInstruments.instrument(parsing: "DOGE:0:10")
    #expect(doge?.symbol == "DOGE" && doge?.sizeDecimals == 0 && doge?.maximumLeverage == 10)
    for text in ["DOGE", "DOGE:0", "DOGE:9:10", "DOGE:0:0", ":0:10", "DOGE:x:1", "A:1:2:3"] {
      #expect(ReplayInstruments.instrument(parsing: text) == nil, "\(text)")
    }
  }
}

/// The equity curve keeps few points and measures all of them.
@Suite struct EquityCurveTests {
  static func point(_ second: Int64, _ equity: Int64) -> EquityRecord {
    EquityRecord(
      time: Instant(milliseconds: second * 1_000), equity: Money(whole: equity),
      cash: Money(whole: equity), openPositions: 0)
  }

  @Test func `the deepest fall counts from the peak before it, in money and in share`() {
    var curve = EquityCurve()
    // 100 to 80 is 20 of 100; 1000 to 850 is more money and a smaller share.
    for (second, equity) in [100, 80, 120, 1_000, 850, 2_000].enumerated() {
      curve.add(Self.point(Int64(second), Int64(equity)))
    }
    #expect(curve.maximumDrawdown == Money(whole: 150))
    #expect(curve.maximumDrawdownBasisPoints == 2_000)
    #expect(curve.maximumDrawdownTime == Instant(milliseconds: 1_000))
    #expect(curve.points.count == 6)
  }

  @Test func `points stay bounded and evenly spread, and no fall is lost between them`() {
    var curve = EquityCurve()
    for second in 0..<100_000 {
      curve.add(Self.point(Int64(second), second == 77_777 ? 500 : 1_000))
    }
    #expect(curve.points.count <= EquityCurve.pointLimit)
    #expect(curve.points.count >= EquityCurve.pointLimit / 4)
    #expect(curve.maximumDrawdownBasisPoints == 5_000)
    #expect(curve.last?.time == Instant(milliseconds: 99_999_000))
    let steps = zip(curve.points, curve.points.dropFirst()).map { ($1.time - $0.time).nanoseconds }
    #expect(Set(steps).count == 1)
  }
}
