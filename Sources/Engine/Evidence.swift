public import Market
public import Risk
public import Strategies

/// What the engine knew when it weighed what the newest step decided.
///
/// Kept only where it is asked for (``Engine/keepsEvidence``), to be explained; the engine never
/// reads it.
public struct Evidence: Sendable {
  /// The decisions of the step, in their order.
  public var decisions: [DecisionEvidence] = []
  /// The signals of the step, in the order in which they went on.
  public var entries: [EntryEvidence] = []
  /// No evidence.
  public init() {}
}

/// A decision with what its strategy was shown.
public struct DecisionEvidence: Hashable, Sendable {
  /// What was decided.
  public let decision: Decision
  /// The candle whose close asked the question; nil where none closed.
  public let trigger: Candle?
  /// The declared inputs, as far as they had come.
  public let inputs: [InputEvidence]
  /// When the engine decided, by the wall clock.
  public let decidedAt: Instant
}

/// How far a declared input had come at a decision.
public struct InputEvidence: Hashable, Sendable {
  /// What it is: `15m candles`.
  public let name: String
  /// Of which symbol.
  public let symbol: Symbol
  /// Whether the strategy runs without it.
  public let isOptional: Bool
  /// How many consecutive values the strategy looks back over.
  public let needed: Int
  /// How many values are held; nil where the engine keeps none.
  public let held: Int?
  /// How many of the newest follow one another without a gap.
  public let unbroken: Int?
  /// When the newest became available; nil where none came.
  public let newest: Instant?
}

/// A signal with what arbitration and gate were shown.
public struct EntryEvidence: Sendable {
  /// The decision that it came from.
  public let decision: Decision
  /// The policy of arbitration.
  public let arbitration: ArbitrationPolicy
  /// Signed quantity of the symbol over positions and entries that were out.
  public let exposure: Quantity
  /// The arbiter's reason against it; nil where it went on to the gate.
  public let refusal: String?
  /// What the gate was shown; nil where it was not asked.
  public let gate: GateEvidence?
}

/// What the gate was shown of one entry.
public struct GateEvidence: Sendable {
  /// The entry.
  public let request: EntryRequest
  /// The account, entries that were out at their worst.
  public let account: AccountState<Int64>
  /// The symbol, entries that were out at their worst.
  public let symbol: SymbolState<Int64>
  /// The limits in force.
  public let limits: Limits
}

extension Engine {
  /// Keeps what the strategies were shown.
  mutating func keep(_ decisions: [Decision], on stored: [Candle]) {
    for decision in decisions {
      let instance = registry.instances.first {
        $0.id == decision.strategy && $0.instrument.symbol == decision.symbol
      }
      evidence.decisions.append(
        DecisionEvidence(
          decision: decision,
          trigger: stored.first {
            $0.symbol == decision.symbol && $0.timeframe == instance?.trigger
          }, inputs: instance.map(inputs) ?? [], decidedAt: now.wall))
    }
  }

  private func inputs(of instance: any StrategyInstance) -> [InputEvidence] {
    instance.inputs.map { input in
      var series: CandleSeries?
      let name: String
      switch input.kind {
      case .candles(let timeframe):
        name = "\(timeframe.name) candles"
        series = manager.view.candles(instance.instrument.symbol, timeframe)
      case .takerSplit(let timeframe):
        name = "taker split of \(timeframe.name) candles"
        series = manager.view.candles(instance.instrument.symbol, timeframe)
      case .openInterest: name = "open interest"
      case .funding: name = "funding"
      case .spot: name = "spot samples"
      }
      return InputEvidence(
        name: name, symbol: instance.instrument.symbol, isOptional: input.isOptional,
        needed: input.warmUp, held: series?.count, unbroken: series?.contiguousCount,
        newest: series?.lastCloseTime)
    }
  }

  /// Keeps what became of a signal before the gate, and what the gate was shown.
  mutating func keep(
    _ ruling: Arbiter.Ruling, _ request: EntryRequest? = nil,
    account: AccountState<Int64>? = nil, symbol: SymbolState<Int64>? = nil
  ) {
    var gateEvidence: GateEvidence?
    if let request, let account, let symbol {
      gateEvidence = GateEvidence(
        request: request, account: account, symbol: symbol, limits: gate.limits)
    }
    evidence.entries.append(
      EntryEvidence(
        decision: ruling.decision, arbitration: configuration.arbitration,
        exposure: exposure(of: ruling.decision.symbol), refusal: ruling.refusal,
        gate: gateEvidence))
  }
}
