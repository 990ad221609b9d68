@testable import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

@testable import Simulation

/// Facts to plant in front of an oracle.
enum Plant {
  static let start = Instant(nanoseconds: 1_772_409_600_000_000_000)
  static let configuration = EngineConfiguration(
    symbols: [], strategies: [], execution: .exchange(ExchangeConfiguration()), arbitration: .batch,
    limits: .exchangeDefault)
  static let paper = EngineConfiguration(
    symbols: [], strategies: [], execution: .paper(PaperConfiguration()),
    arbitration: .independent, limits: .paperDefault)

  static func id(_ number: UInt64) -> ClientOrderID { ClientOrderID(high: 1, low: number) }

  static func intent(
    _ number: UInt64 = 1, role: OrderRole = .entry, side: Side = .buy, quantity: Int64 = 1,
    isReduceOnly: Bool = false
  ) -> OrderIntent {
    OrderIntent(
      clientID: id(number), strategy: "scripted", symbol: "BTC", role: role, side: side,
      quantity: Quantity(whole: quantity),
      pricing: .limit(price: Price(whole: 100), timeInForce: .immediateOrCancel),
      isReduceOnly: isReduceOnly)
  }

  static let bracket = Bracket(
    stop: Price(whole: 90), target: Price(whole: 130), timeStop: start + .days(1))

  static func order(
    _ number: UInt64 = 1, _ state: OrderState = .intended, filled: Int64 = 0,
    role: OrderRole = .entry, quantity: Int64 = 1, decidedAt: Instant = start,
    isReduceOnly: Bool = false
  ) -> Record {
    .order(
      OrderRecord(
        intent: intent(number, role: role, quantity: quantity, isReduceOnly: isReduceOnly),
        position: id(number), setup: "script", decidedAt: decidedAt, bracket: bracket,
        state: state, filled: Quantity(whole: filled), createdAt: start, updatedAt: start))
  }

  static func wire(
    _ number: UInt64 = 1, isBuy: Bool = true, quantity: Int64 = 1, isReduceOnly: Bool = false
  ) -> WireOrder {
    WireOrder(
      clientID: id(number), isBuy: isBuy, quantity: Quantity(whole: quantity),
      isReduceOnly: isReduceOnly, isTrigger: false)
  }

  static func fill(
    _ trade: UInt64 = 1, side: Side = .buy, price: Int64 = 100, quantity: Int64 = 1,
    fee: Money = Money(steps: 4_500_000), realised: Money = .zero, position: UInt64 = 1
  ) -> Record {
    .fill(
      FillRecord(
        fill: Fill(
          clientID: id(position), symbol: "BTC", side: side, price: Price(whole: price),
          quantity: Quantity(whole: quantity), fee: fee, tradeID: trade, time: start),
        strategy: "scripted", position: id(position), realised: realised))
  }

  static func position(
    _ number: UInt64 = 1, quantity: Int64 = 1, cost: Int64 = 100, closed: Bool = false
  ) -> PositionRecord {
    PositionRecord(
      id: id(number), strategy: "scripted", symbol: "BTC", setup: "script", bracket: bracket,
      quantity: Quantity(whole: quantity), cost: Money(whole: cost),
      peakQuantity: Quantity(whole: 1), realised: .zero, fees: .zero, funding: .zero,
      initialRisk: Money(whole: 10), openedAt: start, closedAt: closed ? start : nil,
      exitReason: closed ? .stop : nil)
  }

  static func account(
    realised: Money = .zero, fees: Money = .zero, dayStartEquity: Int64 = 1_000
  ) -> AccountRecord {
    AccountRecord(
      opening: Money(whole: 1_000), realised: realised, fees: fees, funding: .zero,
      dayStartEquity: Money(whole: dayStartEquity), dayStart: start,
      sessionStartEquity: Money(whole: 1_000), highWaterEquity: Money(whole: 1_000),
      isPausedByDrawdown: false)
  }

  static func snapshot(
    equity: Int64 = 1_000, account: AccountRecord? = nil, positions: [PositionRecord] = [],
    orders: [OrderRecord] = [], killSwitch: KillSwitchRecord? = nil, monotonic: Int64 = 0,
    loads: [Snapshot.Load] = [], marks: [Snapshot.Mark] = []
  ) -> Snapshot {
    Snapshot(
      epoch: 1, wall: start, monotonic: Monotonic(nanoseconds: monotonic), account: account,
      equity: Money(whole: equity), positions: positions, orders: orders, killSwitch: killSwitch,
      trippedBreakers: [], drifts: [], isFeedLive: true, rejections: [], newestCandles: [],
      decisionCount: 0, signalCount: 0, loads: loads, marks: marks)
  }

  static func step(
    _ input: Input = .started, records: [Record] = [], effects: [Effect] = [],
    snapshot: Snapshot = snapshot(), monotonic: Int64 = 0
  ) -> StepObservation {
    StepObservation(
      time: start, now: Now(wall: start, monotonic: Monotonic(nanoseconds: monotonic)),
      input: input, records: records, effects: effects, snapshot: snapshot)
  }

  static func candle(_ minute: Int64, timeframe: Timeframe = .m1, backfilled: Bool = false)
    throws -> Record
  {
    let price = Price(whole: 100)
    return .candle(
      CandleRecord(
        candle: try Candle(
          symbol: "BTC", timeframe: timeframe, venue: .hyperliquid,
          openTime: start + .minutes(minute), open: price, high: price, low: price, close: price,
          volume: Quantity(whole: 1)), isBackfilled: backfilled))
  }

  static func decision(_ minute: Int64, signals: Bool = false) -> Record {
    let signal = Signal(
      side: .buy, entry: Price(whole: 100), stop: Price(whole: 90), target: Price(whole: 130),
      rewardToRisk: TenThousandths(30_000), netRewardToRisk: TenThousandths(30_000),
      confidence: TenThousandths(5_000), validUntil: start + .hours(1),
      timeStop: start + .days(1))
    return .decision(
      Decision(
        strategy: "scripted", symbol: "BTC", setup: "script", time: start + .minutes(minute),
        outcome: signals ? .signal(signal) : .noTrade(.noSetup), inputs: 0))
  }
}

/// Shows facts to one oracle and tells what it found.
struct Bench<Subject: Oracle> {
  private var oracle: Subject
  private var findings = Findings()

  init(_ type: Subject.Type, paper: Bool = false) {
    oracle = Subject(OracleSetting(configuration: paper ? Plant.paper : Plant.configuration))
  }

  mutating func persist(_ records: Record...) { oracle.persisted(records, &findings) }
  mutating func depart(_ orders: WireOrder...) {
    oracle.departing(orders, at: Plant.start, &findings)
  }
  mutating func step(_ step: StepObservation) {
    oracle.persisted(step.records, &findings)
    oracle.examine(step, &findings)
  }
  mutating func venue(_ seconds: Int64, _ truth: VenueTruth) {
    oracle.venueMoved(
      VenueObservation(time: Plant.start + .seconds(seconds), truth: truth, isReachable: true),
      &findings)
  }
  mutating func start() { oracle.engineStarted(at: Plant.start, &findings) }
  mutating func timer(_ id: TimerID, at nanoseconds: Int64) {
    oracle.timerSet(id, Monotonic(nanoseconds: nanoseconds), &findings)
  }

  /// The ids under which something was found, in order, without repetition.
  var found: [String] {
    var ids: [String] = []
    for finding in findings.list where !ids.contains(finding.oracle) { ids.append(finding.oracle) }
    return ids
  }
}
