import Engine
import Market
import Simulation
import Venues

/// An engine with all ten, shown a market that is made a day at a time and not kept.
struct TenStream {
  private var engine: Engine
  private var market = TenMarket()
  private var longer: [LongerCandle] = []
  private var outbox = Outbox()
  private var alarm: (id: TimerID, at: Monotonic)?

  private struct Event {
    let event: MarketEvent
    let time: Instant
  }

  init() throws {
    // Two days show the plan every input that there is.
    let plan = try Ten.plan(days: 2)
    engine = try Engine(
      configuration: plan.configuration, recovered: DurableState(), killSwitchFile: nil)
    step(.started, at: TenMarket.start)
    for symbol in plan.history.symbols {
      longer += [.m5, .m15, .h4, .d1].map { LongerCandle(symbol: symbol, timeframe: $0) }
    }
  }

  /// Lets days pass.
  ///
  /// - Returns: Nanoseconds a one-minute candle on the fastest of them, what makes the market left
  ///   out: neighbours on the machine only slow down.
  mutating func pass(days: Int) throws -> Double {
    var best = Double.infinity
    for _ in 0..<days {
      let events = try day()
      let seconds = Stopwatch.seconds {
        for one in events { step(.market(one.event), at: one.time) }
      }
      best = min(best, seconds * 1e9 / (1_440 * 3))
    }
    return best
  }

  /// How many signals there were.
  var signalCount: Int { engine.snapshot.signalCount }

  private mutating func day() throws -> [Event] {
    var events: [Event] = []
    for _ in 0..<1_440 {
      let candles = try market.minute {
        events.append(Event(event: MarketEvent($0.reading), time: $0.received))
      }
      var made: [Candle] = []
      for candle in candles {
        for index in longer.indices {
          if let whole = try longer[index].take(candle) { made.append(whole) }
        }
      }
      for candle in candles + made {
        events.append(Event(event: .closedCandle(candle), time: market.time))
      }
    }
    return events
  }

  private mutating func step(_ input: Input, at time: Instant) {
    let due = Monotonic(nanoseconds: (time - TenMarket.start).nanoseconds)
    while let (id, at) = alarm, at <= due {
      alarm = nil
      take(.timer(id), at: at)
    }
    take(input, at: due)
  }

  private mutating func take(_ input: Input, at time: Monotonic) {
    outbox.removeAll()
    let wall = TenMarket.start + Interval(nanoseconds: time.nanoseconds)
    engine.step(input, at: Now(wall: wall, monotonic: time), into: &outbox)
    for effect in outbox.effects {
      switch effect {
      case .setTimer(let id, let at): alarm = (id, max(at, time))
      case .cancelTimer: alarm = nil
      case .alert, .transport, .stopped: break
      }
    }
  }
}

/// A longer candle of one symbol as its minutes make it.
private struct LongerCandle {
  let symbol: Symbol
  let timeframe: Timeframe
  private var forming: Candle?

  init(symbol: Symbol, timeframe: Timeframe) {
    self.symbol = symbol
    self.timeframe = timeframe
  }

  /// Takes a minute of the symbol; returns the candle that closes with it.
  mutating func take(_ minute: Candle) throws -> Candle? {
    guard minute.symbol == symbol else { return nil }
    let whole = try forming.map { try join($0, minute) } ?? join(minute, minute)
    guard minute.closeTime == whole.closeTime else {
      forming = whole
      return nil
    }
    forming = nil
    return whole
  }

  private func join(_ first: Candle, _ minute: Candle) throws -> Candle {
    let isFirst = first == minute
    return try Candle(
      symbol: symbol, timeframe: timeframe, venue: minute.venue, openTime: first.openTime,
      open: first.open, high: max(first.high, minute.high), low: min(first.low, minute.low),
      close: minute.close, volume: isFirst ? minute.volume : first.volume + minute.volume,
      takerSplit: isFirst
        ? minute.takerSplit
        : minute.takerSplit.flatMap { split in first.takerSplit?.adding(split) })
  }
}
