import Market
import Risk
import Testing
import Venues

@testable import Engine
@testable import Strategies

/// A strategy that asks for what the test says, at the close that the test says.
struct Scripted: StrategyInstance {
  let id: StrategyID
  let instrument: Instrument
  var otherLeg: Instrument?
  let trigger = Timeframe.m15
  var review = Timeframe.m15
  var inputs = [InputRequirement(.candles(.m15), warmUp: 1)]
  /// Signals by decision time.
  let plan: [Instant: Signal]
  /// When it asks to leave what it holds.
  var departures: [Instant] = []
  /// The readings that it was shown.
  var readings: [ReceivedReading] = []
  /// The candles that it was shown.
  var candles: [Candle] = []

  init(_ instrument: Instrument, id: StrategyID = "scripted", plan: [Instant: Signal]) {
    self.id = id
    self.instrument = instrument
    self.plan = plan
  }

  var subject: Symbol {
    otherLeg.flatMap { Symbol("\(instrument.symbol)/\($0.symbol)") } ?? instrument.symbol
  }

  mutating func absorb(_ candle: Candle, in market: MarketView) { candles.append(candle) }
  mutating func absorb(_ reading: ReceivedReading, in market: MarketView) {
    readings.append(reading)
  }

  func leaves(at time: Instant, trigger: Candle, in market: MarketView) -> Bool {
    departures.contains(time)
  }

  func health(at time: Instant, in market: MarketView) -> DataHealth {
    Readiness(inputs, for: instrument.symbol).health(at: time, isWarm: true, in: market)
  }

  mutating func decide(
    at time: Instant, trigger: Candle, in market: MarketView, hasOpenPosition: Bool
  ) -> Decision {
    let outcome: Decision.Outcome =
      if hasOpenPosition {
        departures.contains(time) ? .leave : .noTrade(.alreadyInPosition)
      } else {
        plan[time].map { .signal($0) } ?? .noTrade(.noSetup)
      }
    return Decision(
      strategy: id, symbol: subject, setup: "plan", time: time, outcome: outcome, inputs: 0)
  }

  var stateBytes: [UInt8] { [1] }
  mutating func restore(stateBytes: [UInt8]) throws(BinaryFault) {}
}

/// Midnight of 2025-01-06, a Monday.
let monday = Instant(milliseconds: 1_736_121_600_000)

func bitcoin() throws -> Instrument {
  try #require(Instrument(symbol: "BTC", sizeDecimals: 5, maximumLeverage: 40))
}

func ether() throws -> Instrument {
  try #require(Instrument(symbol: "ETH", sizeDecimals: 4, maximumLeverage: 25))
}

func candle(
  _ index: Int64, _ open: Price, _ high: Price, _ low: Price, _ close: Price,
  symbol: Symbol = "BTC", timeframe: Timeframe = .m15, venue: Venue = .hyperliquid,
  volume: Quantity = "10"
) throws -> Candle {
  try Candle(
    symbol: symbol, timeframe: timeframe, venue: venue,
    openTime: monday + timeframe.interval * index, open: open, high: high, low: low, close: close,
    volume: volume)
}

func signal(
  _ side: Side, _ entry: Price, stop: Price, target: Price, at time: Instant,
  confidence: Int64 = 7_000
) -> Signal {
  Signal(
    side: side, entry: entry, stop: stop, target: target, rewardToRisk: TenThousandths(25_000),
    netRewardToRisk: TenThousandths(20_000), confidence: TenThousandths(confidence),
    validUntil: time + .seconds(60), timeStop: time + .hours(24))
}

/// An engine on candle input with a virtual clock, its disk and everything that it said.
struct Desk {
  var engine: Engine
  var disk = DurableState()
  var records: [Record] = []
  var alerts: [Alert] = []
  private var timers: [TimerID: Monotonic] = [:]
  private var now: Now

  init(
    _ strategies: [any StrategyInstance], limits: Limits = .paperDefault,
    arbitration: ArbitrationPolicy = .independent, guards: EngineGuards = .all,
    recovered: DurableState = DurableState(), killFile: KillSwitchRecord? = nil,
    start: Instant = monday, symbols: [SymbolConfiguration]? = nil,
    sources: DataSources = DataSources()
  ) throws {
    var configuration = EngineConfiguration(
      symbols: try symbols ?? [SymbolConfiguration(instrument: bitcoin())], strategies: [],
      execution: .paper(PaperConfiguration()), arbitration: arbitration, limits: limits)
    configuration.isConnected = false
    configuration.sources = sources
    engine = try Engine(
      configuration: configuration, recovered: recovered, killSwitchFile: killFile,
      guards: guards, strategies: strategies)
    disk = recovered
    now = Now(wall: start, monotonic: Monotonic(nanoseconds: 0))
    send(.started)
  }

  /// Advances the clock, firing timers on the way, then gives the input.
  mutating func send(_ input: Input, at wall: Instant? = nil) {
    if let wall { advance(to: wall) }
    deliver(input)
  }

  mutating func advance(to wall: Instant) {
    while let due = timers.min(by: { $0.value < $1.value }),
      now.wall + (due.value - now.monotonic) <= wall
    {
      now.wall = now.wall + max(due.value - now.monotonic, .zero)
      now.monotonic = max(due.value, now.monotonic)
      timers[due.key] = nil
      deliver(.timer(due.key))
    }
    now.monotonic = now.monotonic + (wall - now.wall)
    now.wall = wall
  }

  private mutating func deliver(_ input: Input) {
    var outbox = Outbox()
    engine.step(input, at: now, into: &outbox)
    for record in outbox.records { disk.apply(record) }
    records += outbox.records
    for effect in outbox.effects {
      switch effect {
      case .setTimer(let id, let at): timers[id] = at
      case .cancelTimer(let id): timers[id] = nil
      case .alert(let alert): alerts.append(alert)
      case .transport, .stopped: break
      }
    }
  }

  mutating func close(_ candle: Candle) {
    send(.market(.closedCandle(candle)), at: candle.closeTime)
  }

  /// The first strategy as the engine holds it.
  var scripted: Scripted? { engine.registry.instances.first as? Scripted }
  /// The changes of strategies' health that were recorded.
  var healths: [HealthRecord] {
    records.compactMap {
      if case .health(let row) = $0, row.component.hasPrefix("strategy.") { row } else { nil }
    }
  }
  /// How often input of a kind was rejected.
  func rejected(_ kind: String) -> Int {
    engine.snapshot.rejections.first { $0.kind == kind }?.count ?? 0
  }

  var outcomes: [String] {
    records.compactMap { if case .signal(let row) = $0 { row.outcome } else { nil } }
  }
  var fills: [FillRecord] {
    records.compactMap { if case .fill(let row) = $0 { row } else { nil } }
  }
  var closed: [PositionRecord] {
    records.compactMap {
      if case .position(let row) = $0, row.closedAt != nil { row } else { nil }
    }
  }
  var decisions: [Decision] {
    records.compactMap { if case .decision(let row) = $0 { row } else { nil } }
  }
}
