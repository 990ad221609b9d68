public import Market
public import Risk

/// A ``Strategy`` with the checks and the bookkeeping that all strategies share.
///
/// At a trigger the order is that of `strategies.md` section 2.4: `WARMUP`, `DATA_MISSING`,
/// `DATA_STALE`, `GAP_IN_HISTORY`, `ALREADY_IN_POSITION`; then the strategy's own reasons; and for
/// what it proposes, `COOLDOWN`, which needs to know setup and side. The first that fails is the
/// reason.
///
/// The market moves the strategy's memory whether or not a decision is blocked, because candles
/// come through ``absorb(_:in:)``; only a signal that passed every check is told to the strategy
/// as emitted.
public struct StrategyRunner<S: Strategy>: StrategyInstance {
  /// The wrapped strategy.
  public let strategy: S
  /// What it trades; of a pair, the first leg.
  public let instrument: Instrument
  /// The other leg of a pair.
  public let otherLeg: Instrument?
  /// What its decisions are recorded under.
  public let subject: Symbol
  /// What it reads.
  public let inputs: [InputRequirement]
  /// The candles whose close asks for a decision.
  public let trigger: Timeframe
  /// The candles whose close asks whether to leave what is held.
  public let review: Timeframe
  /// The strategy's memory.
  public private(set) var state: S.State

  private let readiness: Readiness
  private var memory: RunnerMemory

  /// Starts `strategy` on `instrument` with an empty memory.
  ///
  /// - Parameters:
  ///   - strategy: What decides.
  ///   - instrument: What it trades; of a pair, the first leg.
  ///   - otherLeg: The other leg of a pair, where it is known.
  ///   - subject: What its decisions are recorded under; the instrument's symbol where it is nil.
  public init(
    _ strategy: S, for instrument: Instrument, otherLeg: Instrument? = nil,
    subject: Symbol? = nil
  ) {
    self.strategy = strategy
    self.instrument = instrument
    self.otherLeg = otherLeg
    self.subject = subject ?? instrument.symbol
    inputs = strategy.inputs
    trigger = strategy.trigger
    review = strategy.review
    state = strategy.initialState(for: instrument)
    readiness = Readiness(strategy.inputs, for: instrument.symbol)
    memory = RunnerMemory(seriesCount: readiness.series.count)
  }

  /// The stable name stored with every decision.
  public var id: StrategyID { strategy.id }

  /// Takes in a closed candle of a declared series, once.
  ///
  /// Series that come before in the declared order and have a candle of the same close time in the
  /// view go first, so that the order of arrival within one close time does not matter.
  @specialized(where S == EmaCross)
  @specialized(where S == TraderMayne)
  @specialized(where S == WickFlow)
  @specialized(where S == SessionFlow)
  @specialized(where S == VolFlow)
  @specialized(where S == SkewFlow)
  @specialized(where S == PairFlow)
  @specialized(where S == ValentiniFlow)
  @specialized(where S == OIFlow)
  @specialized(where S == FootprintFlow)
  @specialized(where S == QuantFlow)
  public mutating func absorb(_ candle: Candle, in market: MarketView) {
    guard let place = readiness.place(candle.symbol, candle.timeframe) else { return }
    for earlier in 0..<place {
      let series = readiness.series[earlier]
      guard market.standing(series.symbol, series.timeframe)?.lastCloseTime == candle.closeTime,
        let first = market.candles(series.symbol, series.timeframe)?.last
      else { continue }
      take(first, at: earlier, in: market)
    }
    take(candle, at: place, in: market)
  }

  private mutating func take(_ candle: Candle, at place: Int, in market: MarketView) {
    guard memory.admits(candle, at: place) else { return }
    strategy.absorb(candle, in: market, state: &state)
  }

  /// Takes in a reading of a declared input.
  @specialized(where S == SkewFlow)
  @specialized(where S == OIFlow)
  @specialized(where S == QuantFlow)
  public mutating func absorb(_ reading: ReceivedReading, in market: MarketView) {
    guard readiness.declares(reading.reading) else { return }
    memory.note(reading)
    strategy.absorb(reading, in: market, state: &state)
  }

  /// Decides at the close of `trigger`; asked again for the same time, repeats its answer.
  ///
  /// A time before the newest decided one is `DATA_STALE`: the memory has moved on.
  @specialized(where S == EmaCross)
  @specialized(where S == TraderMayne)
  @specialized(where S == WickFlow)
  @specialized(where S == SessionFlow)
  @specialized(where S == VolFlow)
  @specialized(where S == SkewFlow)
  @specialized(where S == PairFlow)
  @specialized(where S == ValentiniFlow)
  @specialized(where S == OIFlow)
  @specialized(where S == FootprintFlow)
  @specialized(where S == QuantFlow)
  public mutating func decide(
    at time: Instant, trigger candle: Candle, in market: MarketView, hasOpenPosition: Bool
  ) -> Decision {
    if let decided = memory.newest?.time, decided >= time {
      guard decided == time, let newest = memory.newest else {
        return refusal(.dataStale, at: time)
      }
      return newest
    }
    absorb(candle, in: market)
    let decision = judge(at: time, candle, market, hasOpenPosition: hasOpenPosition)
    if case .signal(let signal) = decision.outcome {
      memory.remember(decision.setup, signal.side, at: time)
      strategy.emitted(signal, setup: decision.setup, state: &state)
    }
    memory.note(decision)
    return decision
  }

  /// The decision; nothing is remembered yet.
  private func judge(
    at time: Instant, _ candle: Candle, _ market: MarketView, hasOpenPosition: Bool
  ) -> Decision {
    guard candle.symbol == instrument.symbol, candle.timeframe == trigger,
      candle.closeTime == time
    else { return refusal(.dataMissing, at: time) }
    if let reason = readiness.reason(at: time, in: market) { return refusal(reason, at: time) }
    let context = DecisionContext(time: time, instrument: instrument, trigger: candle)
    guard !hasOpenPosition else {
      return strategy.leaves(context, in: market, state: state)
        ? decision(.all, .leave, at: time) : refusal(.alreadyInPosition, at: time)
    }
    let conclusion = strategy.decide(context, in: market, state: state)
    let note = conclusion.note
    guard case .signal(let preferred) = conclusion.outcome,
      !allows(conclusion.setup, preferred.side, at: time)
    else {
      return decision(
        conclusion.setup, Decision.Outcome(conclusion.outcome), at: time, note: note)
    }
    for other in conclusion.alternatives where allows(other.setup, other.signal.side, at: time) {
      return decision(other.setup, .signal(other.signal), at: time, note: note)
    }
    return decision(conclusion.setup, .noTrade(.cooldown), at: time, note: note)
  }

  private func allows(_ setup: Setup, _ side: Side, at time: Instant) -> Bool {
    guard let signalled = memory.signalled(setup, side) else { return true }
    return time - signalled > strategy.cooldown(after: setup)
  }

  private func refusal(_ reason: NoTradeReason, at time: Instant) -> Decision {
    decision(.all, .noTrade(reason), at: time)
  }

  private func decision(
    _ setup: Setup, _ outcome: Decision.Outcome, at time: Instant, note: String = ""
  ) -> Decision {
    Decision(
      strategy: id, symbol: subject, setup: setup, time: time, outcome: outcome,
      inputs: memory.inputs.value, note: note)
  }

  /// Whether to leave what is held, asked between triggers.
  public func leaves(at time: Instant, trigger candle: Candle, in market: MarketView) -> Bool {
    guard candle.symbol == instrument.symbol, candle.closeTime == time else { return false }
    let context = DecisionContext(time: time, instrument: instrument, trigger: candle)
    return strategy.leaves(context, in: market, state: state)
  }

  /// How well fed the strategy is at `time`.
  ///
  /// Its own windows are taken to fill until a decision gets past them.
  public func health(at time: Instant, in market: MarketView) -> DataHealth {
    readiness.health(at: time, isWarm: memory.isWarm, in: market)
  }

  /// The whole memory in canonical form: equal memories have equal bytes.
  public var stateBytes: [UInt8] {
    var writer = BinaryWriter()
    writer.write(id.description)
    writer.write(subject.description)
    writer.write(memory)
    writer.write(state)
    return writer.bytes
  }

  /// Takes up the memory that ``stateBytes`` described; leaves the present one where it throws.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not a memory of this strategy and symbol.
  public mutating func restore(stateBytes: [UInt8]) throws(BinaryFault) {
    var reader = BinaryReader(stateBytes)
    guard try reader.readString() == id.description,
      try reader.readString() == subject.description
    else { throw .invalid(offset: 0) }
    let memory = try reader.read(RunnerMemory.self)
    guard memory.fits(seriesCount: readiness.series.count) else { throw .invalid(offset: 0) }
    let state = try reader.read(S.State.self)
    try reader.finish()
    self.memory = memory
    self.state = state
  }
}
