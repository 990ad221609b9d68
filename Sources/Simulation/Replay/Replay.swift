public import Engine
public import Market
import Venues

/// Runs an engine over candles, with virtual time between them.
///
/// Nothing waits: timers that the engine set fire in order before the candles that close at their
/// time or later. Equal candles and configuration give equal records, figures and digest, however
/// the run is cut into calls of ``advance(by:persist:)``.
public struct Replay: Sendable {
  private var engine: Engine
  private var cursor: CandleCursor
  private let readings: [ReceivedReading]
  private var nextReading = 0
  private var timers = TimerQueue()
  private var now: Now
  private let origin: Instant
  private var hasStarted = false
  private var outbox = Outbox()
  private var chain = DigestChain(keepsHistory: false)

  /// How many candles there are to replay.
  public let candleCount: Int
  /// What the replay came to so far.
  public private(set) var figures: ReplayFigures

  /// Whether an operator lifts a drawdown pause at each UTC midnight, so that a day is a session.
  private let resumesDaily: Bool
  private var nextMidnight: Instant

  /// How long after the last candle timers still fire.
  static let tail = Interval.minutes(1)

  /// Prepares a replay.
  ///
  /// - Parameters:
  ///   - plan: The candles, and what the engine is told.
  ///   - resumesDaily: Whether an operator lifts a drawdown pause at each UTC midnight.
  ///   - recovered: What a store recovered; an empty state for a first run.
  /// - Throws: ``EngineError`` where the engine refuses the configuration.
  public init(
    _ plan: ReplayPlan, resumesDaily: Bool = false, recovered: DurableState = DurableState()
  ) throws(EngineError) {
    engine = try Engine(
      configuration: plan.configuration, recovered: recovered,
      killSwitchFile: recovered.killSwitch, strategies: plan.instances)
    cursor = CandleCursor(plan.history)
    readings = plan.readings
    if case .paper(let paper) = plan.configuration.execution {
      figures = ReplayFigures(paper: paper)
    } else {
      figures = ReplayFigures()
    }
    candleCount = plan.history.candleCount
    origin = plan.history.start ?? Instant(nanoseconds: 0)
    now = Now(wall: origin, monotonic: Monotonic(nanoseconds: 0))
    self.resumesDaily = resumesDaily
    nextMidnight = Timeframe.d1.open(containing: origin) + .days(1)
  }

  /// The digest over every input and every record so far.
  public var digest: Digest { chain.whole }
  /// One digest a component, in their order; wire and venue have none in a replay.
  public var components: [ComponentDigest] {
    zip(Component.allCases, chain.parts)
      .filter { $0.0 != .wire && $0.0 != .venue }
      .map { ComponentDigest(component: $0.0, digest: $0.1) }
  }
  /// What the engine believes.
  public var snapshot: Snapshot { engine.snapshot }

  /// Replays at most `count` more candles.
  ///
  /// - Parameters:
  ///   - count: The most candles to take; the work between two looks at a progress bar.
  ///   - persist: Told the records of each step and its time, before anything follows from it.
  /// - Returns: Whether there is more to replay.
  /// - Throws: Whatever `persist` throws; the replay cannot go on then.
  public mutating func advance<Failure: Error>(
    by count: Int, persist: ([Record], Instant) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    if !hasStarted {
      hasStarted = true
      try step(.started, persist)
    }
    for _ in 0..<count {
      guard let candle = cursor.current else { return false }
      cursor.advance()
      try giveReadings(until: candle.closeTime, persist)
      if resumesDaily { try resume(until: candle.closeTime, persist) }
      try fireTimers(until: monotonic(candle.closeTime), persist)
      move(to: monotonic(candle.closeTime))
      figures.candleCount += 1
      try step(.market(.closedCandle(candle)), persist)
    }
    guard cursor.current == nil else { return true }
    try giveReadings(until: now.wall + Self.tail, persist)
    try fireTimers(until: now.monotonic + Self.tail, persist)
    return false
  }

  /// Replays at most `count` more candles and keeps no records.
  ///
  /// - Parameter count: The most candles to take.
  /// - Returns: Whether there is more to replay.
  public mutating func advance(by count: Int) -> Bool {
    advance(by: count, persist: { _, _ in })
  }

  /// Gives the readings that were received by `time`, each at its receipt.
  private mutating func giveReadings<Failure: Error>(
    until time: Instant, _ persist: ([Record], Instant) throws(Failure) -> Void
  ) throws(Failure) {
    while nextReading < readings.count, readings[nextReading].received <= time {
      let one = readings[nextReading]
      nextReading += 1
      if resumesDaily { try resume(until: one.received, persist) }
      try fireTimers(until: monotonic(one.received), persist)
      move(to: monotonic(one.received))
      figures.readingCount += 1
      try step(.market(MarketEvent(one.reading)), persist)
    }
  }

  private mutating func resume<Failure: Error>(
    until time: Instant, _ persist: ([Record], Instant) throws(Failure) -> Void
  ) throws(Failure) {
    while nextMidnight < time {
      if figures.account?.isPausedByDrawdown == true {
        try fireTimers(until: monotonic(nextMidnight), persist)
        move(to: monotonic(nextMidnight))
        try step(.command(.resume(reason: "a new day of the replay")), persist)
      }
      nextMidnight = nextMidnight + .days(1)
    }
  }

  private mutating func fireTimers<Failure: Error>(
    until time: Monotonic, _ persist: ([Record], Instant) throws(Failure) -> Void
  ) throws(Failure) {
    while let due = timers.take(dueAt: time) {
      move(to: due.at)
      try step(.timer(due.id), persist)
    }
  }

  private mutating func step<Failure: Error>(
    _ input: Input, _ persist: ([Record], Instant) throws(Failure) -> Void
  ) throws(Failure) {
    outbox.removeAll()
    engine.step(input, at: now, into: &outbox)
    figures.eventCount += 1
    chain.begin(at: now.wall)
    chain.add(.feed, Self.word(input))
    // By index, as a record is large.
    for index in outbox.records.indices {
      figures.add(outbox.records[index])
      let (component, word) = Digest.ofReplayed(outbox.records[index])
      chain.add(component, word)
    }
    chain.end()
    if !outbox.records.isEmpty { try persist(outbox.records, now.wall) }
    for effect in outbox.effects {
      switch effect {
      case .setTimer(let id, let at): timers.set(id, at: max(at, now.monotonic))
      case .cancelTimer(let id): timers.cancel(id)
      case .alert(let alert): figures.add(alert)
      // Without a connection there is nothing to send to, and nobody asks for a stop.
      case .transport, .stopped: break
      }
    }
  }

  private static func word(_ input: Input) -> UInt64 {
    switch input {
    case .market(.closedCandle(let candle)): Digest.of(candle)
    case .market(let event):
      event.reading.map { Digest.of($0) } ?? Digest.of(input)
    default: Digest.of(input)
    }
  }

  private func monotonic(_ time: Instant) -> Monotonic {
    Monotonic(nanoseconds: (time - origin).nanoseconds)
  }

  /// Time never steps back: a timer set in the past fires now.
  private mutating func move(to time: Monotonic) {
    guard time > now.monotonic else { return }
    now = Now(wall: origin + Interval(nanoseconds: time.nanoseconds), monotonic: time)
  }
}

extension MarketEvent {
  /// The event that brings a reading.
  public init(_ reading: Reading) {
    self =
      switch reading {
      case .openInterest(let reading): .openInterest(reading)
      case .funding(let settled): .funding(settled)
      case .spot(let sample): .spot(sample)
      case .volatilityIndex(let reading): .volatilityIndex(reading)
      case .optionChain(let chain): .optionChain(chain)
      }
  }

  /// The reading that it brings; nil for any other event.
  fileprivate var reading: Reading? {
    switch self {
    case .openInterest(let reading): .openInterest(reading)
    case .funding(let settled): .funding(settled)
    case .spot(let sample): .spot(sample)
    case .volatilityIndex(let reading): .volatilityIndex(reading)
    case .optionChain(let chain): .optionChain(chain)
    case .candle, .closedCandle, .trade, .quote, .book, .context, .mid, .mark: nil
    }
  }
}
