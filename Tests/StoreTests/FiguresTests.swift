import Engine
import enum Engine.Record
import GRDB
import Market
import Risk
import Store
import Strategies
import Testing

@Suite("Figures")
struct FiguresTests {
  private let start = Instant(nanoseconds: 1_750_000_000_000_000_000)

  private func position(
    _ low: UInt64, _ strategy: StrategyID, realised: String, fees: String, funding: String,
    risk: String, closed: Int64?
  ) throws -> Record {
    .position(
      PositionRecord(
        id: ClientOrderID(high: 0, low: low), strategy: strategy, symbol: "BTC", setup: "x",
        bracket: Bracket(stop: .zero, target: .zero, timeStop: start), quantity: .zero,
        cost: .zero, peakQuantity: Quantity(whole: 1), realised: try Money(decimal: realised),
        fees: try Money(decimal: fees), funding: try Money(decimal: funding),
        initialRisk: try Money(decimal: risk), openedAt: start,
        closedAt: closed.map { start + .minutes($0) }, exitReason: closed == nil ? nil : .target))
  }

  @Test("Closed positions and their multiples of the initial risk, by hand")
  func positions() throws {
    let store = try Store(path: ":memory:")
    try store.append(
      [
        try position(
          1, "b", realised: "210", fees: "5.5", funding: "-4.5", risk: "100", closed: 30),
        try position(2, "a", realised: "-90", fees: "7", funding: "1", risk: "96", closed: 10),
        try position(3, "b", realised: "0", fees: "0.05", funding: "0", risk: "150", closed: 20),
        try position(4, "b", realised: "900", fees: "1", funding: "0", risk: "100", closed: nil),
        try position(5, "a", realised: "1", fees: "0", funding: "0", risk: "0", closed: 40),
      ], at: start)
    let closed = try store.inspection.closedPositions()
    #expect(closed.map { $0.position.id.low } == [2, 3, 1, 5])
    #expect(closed.map(\.net.description) == ["-96", "-0.05", "200", "1"])
    #expect(closed.map { $0.multiple?.count } == [-10_000, -3, 20_000, nil])
    let figures = try store.inspection.strategyFigures()
    #expect(figures.map(\.strategy) == ["a", "b"])
    #expect(figures.map(\.trades) == [2, 2])
    #expect(figures.map(\.wins) == [1, 1])
    #expect(figures.map(\.net.description) == ["-95", "199.95"])
    #expect(figures.map(\.fees.description) == ["7", "5.55"])
    #expect(figures.map(\.funding.description) == ["1", "-4.5"])
    #expect(figures.map(\.multiples.count) == [-10_000, 19_997])
  }

  @Test(
    "The deepest fall, not the longest or the last",
    arguments: [
      ([], nil), ([100], nil), ([100, 101, 101, 150], nil),
      ([100, 90, 120, 100, 130, 115], [2, 3, 1_667]),
      ([100, 90, 80, 100, 80], [0, 2, 2_000]),
      ([50, 200, 100, 150, 60, 300, 170], [1, 4, 7_000]),
    ] as [([Int64], [Int64]?)])
  func drawdown(curve: [Int64], expected: [Int64]?) throws {
    let store = try Store(path: ":memory:")
    let points = curve.enumerated().map { index, equity in
      EquityRecord(
        time: start + .minutes(Int64(index)), equity: Money(whole: equity), cash: .zero,
        openPositions: 0)
    }
    try store.append(points.map { .equity($0) }, at: start)
    #expect(try store.inspection.equityCurve() == points)
    let fall = try store.inspection.maximumDrawdown()
    let minute = Interval.minutes(1).nanoseconds
    let found = fall.map {
      [
        ($0.peak.time - start).nanoseconds / minute, ($0.trough.time - start).nanoseconds / minute,
        $0.fraction?.count ?? -1,
      ]
    }
    #expect(found == expected)
  }

  @Test("Decisions by reason, signals by outcome")
  func counts() throws {
    let store = try Store(path: ":memory:")
    let signal = Signal(
      side: .buy, entry: Price(steps: 5), stop: Price(steps: 4), target: Price(steps: 7),
      rewardToRisk: TenThousandths(20_000), netRewardToRisk: TenThousandths(19_000),
      confidence: TenThousandths(5_000), validUntil: start, timeStop: start)
    let outcomes: [(StrategyID, Decision.Outcome)] = [
      ("b", .noTrade(.noWick)), ("a", .noTrade(.warmUp)), ("b", .signal(signal)),
      ("b", .noTrade(.noWick)), ("b", .noTrade(.cooldown)),
    ]
    for (index, (strategy, outcome)) in outcomes.enumerated() {
      let time = start + .minutes(Int64(index))
      try store.append(
        [
          .decision(
            Decision(
              strategy: strategy, symbol: "BTC", setup: "x", time: time, outcome: outcome,
              inputs: 0)),
          .signal(
            SignalRecord(
              strategy: strategy, symbol: "BTC", setup: "x", time: time, signal: signal,
              outcome: index < 3 ? "EXECUTED" : "HEAT", order: nil)),
        ], at: time)
    }
    let decisions = try store.inspection.decisionCounts()
    #expect(
      decisions.map { "\($0.strategy) \($0.reason?.rawValue ?? "-") \($0.count)" } == [
        "a WARMUP 1", "b - 1", "b COOLDOWN 1", "b NO_WICK 2",
      ])
    let signals = try store.inspection.signalCounts()
    #expect(
      signals.map { "\($0.strategy) \($0.outcome) \($0.count)" } == [
        "a EXECUTED 1", "b EXECUTED 2", "b HEAT 2",
      ])
    #expect(try store.inspection.decisions().map(\.outcome) == outcomes.map(\.1))
  }

  @Test("Every kind of row reads back as it was recorded")
  func rows() throws {
    let store = try Store(path: ":memory:")
    var maker = RecordMaker(seed: 41)
    var all: [Record] = []
    for _ in 0..<60 {
      for kind in 0..<RecordMaker.kindCount { all.append(maker.record(kind: kind)) }
    }
    try store.append(all, at: start)
    func recorded<Row>(_ pick: (Record) -> Row?) -> [Row] { all.compactMap(pick) }
    let view = store.inspection
    #expect(try view.runs() == recorded { if case .run(let row) = $0 { row } else { nil } })
    #expect(
      try view.signals() == recorded { if case .signal(let row) = $0 { row } else { nil } })
    #expect(try view.fills() == recorded { if case .fill(let row) = $0 { row } else { nil } })
    #expect(
      try view.healthEvents() == recorded { if case .health(let row) = $0 { row } else { nil } })
    #expect(
      try view.breakerEvents() == recorded { if case .breaker(let row) = $0 { row } else { nil } })
    #expect(
      try view.driftAlerts() == recorded { if case .drift(let row) = $0 { row } else { nil } })
    #expect(
      try view.killSwitchEvents()
        == recorded { if case .killSwitch(let row) = $0 { row } else { nil } })
    #expect(
      try view.fundingPayments()
        == recorded { if case .fundingPayment(let row) = $0 { row } else { nil } })
    let orders = recorded { if case .order(let row) = $0 { row } else { nil } }
    #expect(
      try view.orders().allSatisfy { row in
        orders.last { $0.intent.clientID == row.intent.clientID } == row
      })
    let positions = recorded { if case .position(let row) = $0 { row } else { nil } }
    #expect(try view.positions().count == Set(positions.map(\.id)).count)
    let candles = recorded { if case .candle(let row) = $0 { row } else { nil } }
    #expect(try view.candleCounts().map(\.count).reduce(0, +) == candles.count)
    let hours = candles.filter { $0.candle.symbol == "BTC" && $0.candle.timeframe == .h1 }
    #expect(
      try view.candles(of: "BTC", .h1)
        == hours.sorted { $0.candle.openTime < $1.candle.openTime })
    #expect(try view.candles(of: "BTC", .h1, opening: start...start).isEmpty)
  }
}
