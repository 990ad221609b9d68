import Market
import Strategies

/// The engine's side of a strategy: notes, stores, lets absorb, asks.
struct Driver {
  var instance: any StrategyInstance
  var view = MarketView()
  private(set) var decisions: [Decision] = []
  /// Whether what is signalled is held until the strategy leaves it or its time is up.
  private let holds: Bool
  private var held: Signal?

  init(_ instance: any StrategyInstance, holding: Bool = false) {
    self.instance = instance
    holds = holding
    for input in instance.inputs {
      guard case .candles(let timeframe) = input.kind else { continue }
      view.declare(
        input.symbol ?? instance.instrument.symbol, timeframe, capacity: input.warmUp + 8)
    }
  }

  /// Takes in everything that became known at one time, in the order given.
  mutating func feed(_ moment: Moment, hasOpenPosition: Bool = false) {
    for reading in moment.readings { receive(reading) }
    feed(moment.candles, hasOpenPosition: hasOpenPosition)
  }

  /// Takes in everything that closed at one time, in the order given; the decision where the
  /// trigger is among it.
  @discardableResult
  mutating func feed(_ candles: [Candle], hasOpenPosition: Bool = false) -> Decision? {
    for candle in candles { view.append(candle) }
    for candle in candles { instance.absorb(candle, in: view) }
    guard let trigger = candles.first(where: { asks($0) }) else { return nil }
    if let held, held.timeStop <= trigger.closeTime { self.held = nil }
    let decision = instance.decide(
      at: trigger.closeTime, trigger: trigger, in: view,
      hasOpenPosition: hasOpenPosition || held != nil)
    if holds {
      held = decision.signal ?? (decision.outcome == .leave ? nil : held)
    }
    decisions.append(decision)
    return decision
  }

  /// Hands one reading on.
  mutating func receive(_ reading: ReceivedReading) {
    view.note(reading)
    instance.absorb(reading, in: view)
  }

  /// Whether to leave what is held at the close of a reviewed candle.
  func leaves(_ candle: Candle) -> Bool {
    instance.leaves(at: candle.closeTime, trigger: candle, in: view)
  }

  /// Whether the close of `candle` asks for a decision.
  func asks(_ candle: Candle) -> Bool {
    candle.timeframe == instance.trigger && candle.symbol == instance.instrument.symbol
  }

  static func run(
    _ feed: Feed, _ instance: any StrategyInstance, holding: Bool = false
  ) -> [Decision] {
    var driver = Driver(instance, holding: holding)
    for moment in feed.moments { driver.feed(moment) }
    return driver.decisions
  }
}

extension Decision {
  /// The signal, where there is one.
  var signal: Signal? {
    guard case .signal(let signal) = outcome else { return nil }
    return signal
  }

  /// The reason against, where there is none.
  var reason: NoTradeReason? {
    guard case .noTrade(let reason) = outcome else { return nil }
    return reason
  }
}
