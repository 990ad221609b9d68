import Engine
import Market
import Risk
import Simulation
import Store
import Strategies
import Venues

@testable import Report

/// Thirty days of one strategy on one symbol, in which nothing is wrong, as the steps of a journal:
/// a test breaks one thing of it.
struct Rehearsal {
  struct Step {
    var wall: Instant
    var records: [Record]
  }

  var steps: [Step] = []
  let configuration: LiveConfiguration

  static let start = Instant(milliseconds: 1_736_121_600_000)
  static let hours: Int64 = 721

  /// What the health of its strategy is recorded under.
  static let strategy = "strategy.ema_cross.BTC"

  static let text = """
    execution: exchange
    venue:
      http: https://api.hyperliquid-testnet.xyz
      webSocket: wss://api.hyperliquid-testnet.xyz
      network: testnet
    key: {environment: ASSAY_KEY}
    alerts: {file: data/alerts}
    symbols:
      - {name: BTC, sizeDecimals: 5, maximumLeverage: 40, minimumNotional: 10}
    strategies: [ema_cross]
    heartbeat: 1h
    exchange: {scheduledCancel: 60s}

    """

  /// A rehearsal on paper of what `text` configures.
  init(_ text: String = Rehearsal.text) throws {
    configuration = try ConfigurationFile.parseWhole(text, file: "test.yaml")
    let digest = configuration.engine.rehearsals.last?.digest.value ?? 0
    add(
      at: Self.start,
      [
        .run(RunRecord(epoch: 1, startedAt: Self.start, configuration: digest)),
        health("feed.hyperliquid", "connecting", .zero),
        health("feed.hyperliquid", "live", .seconds(2)),
        health(Self.strategy, "starved", .zero),
        health(Self.strategy, "healthy", .hours(1)),
      ])
    for hour in 0..<Self.hours { try addHour(hour) }
    for trade in 0..<3 { addTrade(Int64(trade)) }
    addDrills()
    steps.sort { $0.wall < $1.wall }
  }

  private mutating func add(at wall: Instant, _ records: [Record]) {
    steps.append(Step(wall: wall, records: records))
  }

  func health(_ component: String, _ status: String, _ after: Interval) -> Record {
    .health(
      HealthRecord(
        time: Self.start + after, component: component, status: status, detail: "test"))
  }

  private mutating func addHour(_ hour: Int64) throws {
    let open = Self.start + .hours(hour)
    let close = open + .hours(1)
    let candle = try Candle(
      symbol: "BTC", timeframe: .h1, venue: .hyperliquid, openTime: open, open: "100000",
      high: "100100", low: "99900", close: "100000", volume: "10")
    let isSignal = hour % 24 == 12
    let decision = Decision(
      strategy: "ema_cross", symbol: "BTC", setup: "cross", time: close,
      outcome: isSignal ? .signal(signal) : .noTrade(.noSetup), inputs: 1)
    var records: [Record] = [
      .candle(CandleRecord(candle: candle, isBackfilled: false)), .decision(decision),
      .equity(
        EquityRecord(
          time: close + .seconds(1), equity: Money(whole: 10_000), cash: Money(whole: 10_000),
          openPositions: 0)),
    ]
    if isSignal {
      let trade = hour / 24
      records.append(
        .signal(
          SignalRecord(
            strategy: "ema_cross", symbol: "BTC", setup: "cross", time: close, signal: signal,
            outcome: trade < 3 ? "EXECUTED" : "MAX_POSITIONS",
            order: trade < 3 ? Self.entryID(trade) : nil)))
    }
    add(at: close + .seconds(1), records)
  }

  private var signal: Signal {
    Signal(
      side: .buy, entry: "100000", stop: "99000", target: "103000",
      rewardToRisk: TenThousandths(30_000), netRewardToRisk: TenThousandths(25_000),
      confidence: TenThousandths(5_000), validUntil: Self.start + .days(40),
      timeStop: Self.start + .days(40))
  }

  static func entryID(_ trade: Int64) -> ClientOrderID {
    ClientOrderID(high: 1, low: UInt64(trade))
  }

  static func stopID(_ trade: Int64) -> ClientOrderID {
    ClientOrderID(high: 2, low: UInt64(trade))
  }

  /// An entry that fills 5 basis points worse, and a stop that fills 10 worse, two hours later.
  private mutating func addTrade(_ trade: Int64) {
    let opened = Self.start + .hours(trade * 24 + 13) + .seconds(2)
    let closed = opened + .hours(2)
    let entry = order(
      Self.entryID(trade), .entry, .buy,
      .limit(price: "100050", timeInForce: .immediateOrCancel), trade, opened)
    let stop = order(
      Self.stopID(trade), .stop, .sell, .trigger(trigger: "99000", worst: "95000"), trade, opened)
    var position = PositionRecord(
      id: Self.entryID(trade), strategy: "ema_cross", symbol: "BTC", setup: "cross",
      bracket: bracket, quantity: "0.01", cost: "1000.5", peakQuantity: "0.01", realised: .zero,
      fees: .zero, funding: .zero, initialRisk: "10", openedAt: opened)
    add(
      at: opened,
      [
        .order(entry), .fill(fill(entry, "100050", opened)), .order(stop), .position(position),
      ])
    var traded = stop
    traded.state = .filled
    position.quantity = .zero
    position.closedAt = closed
    position.exitReason = .stop
    add(
      at: closed,
      [.fill(fill(stop, "98901", closed)), .order(traded), .position(position)])
  }

  private func order(
    _ id: ClientOrderID, _ role: OrderRole, _ side: Side, _ pricing: OrderPricing,
    _ trade: Int64, _ time: Instant
  ) -> OrderRecord {
    OrderRecord(
      intent: OrderIntent(
        clientID: id, strategy: "ema_cross", symbol: "BTC", role: role, side: side,
        quantity: "0.01", pricing: pricing, isReduceOnly: role != .entry),
      position: Self.entryID(trade), setup: "cross", decidedAt: time, bracket: bracket,
      state: role == .entry ? .filled : .working, wasAcknowledged: true, createdAt: time,
      updatedAt: time)
  }

  private func fill(_ order: OrderRecord, _ price: Price, _ time: Instant) -> FillRecord {
    FillRecord(
      fill: Fill(
        clientID: order.intent.clientID, symbol: "BTC", side: order.intent.side, price: price,
        quantity: "0.01", fee: "0.45",
        tradeID: order.intent.clientID.high * 1_000 + order.intent.clientID.low, time: time),
      strategy: "ema_cross", position: order.position, realised: .zero)
  }

  private var bracket: Bracket {
    Bracket(stop: "99000", target: "103000", timeStop: Self.start + .days(40))
  }

  private mutating func addDrills() {
    let time = Self.start + .days(5) + .minutes(7)
    for (index, isEngaged) in [true, false].enumerated() {
      let at = time + .minutes(Int64(index))
      add(
        at: at,
        [
          .killSwitch(
            KillSwitchRecord(time: at, isEngaged: isEngaged, reason: "drill"))
        ])
    }
    for (index, kind) in BreakerKind.allCases.enumerated() {
      let at = time + .minutes(10 + Int64(index) * 6)
      add(
        at: at,
        [.breaker(BreakerRecord(time: at, kind: kind, until: at + .minutes(5), detail: "drill"))])
    }
  }
}

extension Rehearsal {
  /// Takes records away.
  mutating func drop(_ isUnwanted: (Record) -> Bool) {
    for index in steps.indices { steps[index].records.removeAll(where: isUnwanted) }
    steps.removeAll { $0.records.isEmpty }
  }

  /// Makes something else of records.
  mutating func change(_ body: (Record) -> Record) {
    for index in steps.indices { steps[index].records = steps[index].records.map(body) }
  }

  /// Adds records at a time.
  mutating func insert(_ records: [Record], after: Interval) {
    let wall = Self.start + after
    let index = steps.firstIndex { $0.wall > wall } ?? steps.count
    steps.insert(Step(wall: wall, records: records), at: index)
  }

  /// The store that holds it.
  func store(path: String = ":memory:") throws -> Store {
    let store = try Store(path: path)
    for step in steps { try store.append(step.records, at: step.wall) }
    return store
  }

  /// What the checks read of it.
  func facts() throws -> CheckFacts {
    let store = try store()
    return CheckFacts(
      store: try StoreFacts(store.inspection, configuration: configuration),
      configuration: configuration)
  }
}
