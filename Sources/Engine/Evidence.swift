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
  /// How well fed the strategy was, and what decides that, in a sentence.
  public let health: String
  /// When the engine decided, by the wall clock.
  public let decidedAt: Instant
}

/// How far a declared input had come at a decision.
public struct InputEvidence: Hashable, Sendable {
  /// What it is: `15m candles`.
  public let name: String
  /// Of which symbol.
  public let symbol: Symbol
  /// What follows where it is missing.
  public let necessity: Necessity
  /// How many consecutive values the strategy looks back over.
  public let needed: Int
  /// How many values are held; of what is no candle, how many came.
  public let held: Int
  /// How many of the newest follow one another without a gap; nil where that has no meaning.
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
  /// Signed quantity of each symbol that it would trade, over positions and entries that were out.
  public let exposures: [(symbol: Symbol, quantity: Quantity)]
  /// The arbiter's reason against it; nil where it went on to the gate.
  public let refusal: String?
  /// What the gate was shown, one a leg; empty where it was not asked.
  public let gate: [GateEvidence]
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
      guard
        let instance = registry.instances.first(where: {
          $0.id == decision.strategy && $0.subject == decision.symbol
        })
      else { continue }
      func candle(_ timeframe: Timeframe) -> Candle? {
        stored.first { $0.symbol == instance.instrument.symbol && $0.timeframe == timeframe }
      }
      let health = instance.health(at: decision.time, in: manager.view)
      evidence.decisions.append(
        DecisionEvidence(
          decision: decision, trigger: candle(instance.trigger) ?? candle(instance.review),
          inputs: inputs(of: instance),
          health: "\(health.state.name): \(health.sentence(at: decision.time))",
          decidedAt: now.wall))
    }
  }

  private func inputs(of instance: any StrategyInstance) -> [InputEvidence] {
    instance.inputs.map { input in
      let symbol = input.symbol ?? instance.instrument.symbol
      let held: Int
      var unbroken: Int?
      let newest: Instant?
      if let timeframe = input.kind.timeframe {
        let series = manager.view.candles(symbol, timeframe)
        held = series?.count ?? 0
        unbroken = series?.contiguousCount ?? 0
        newest = series?.lastCloseTime
      } else {
        (held, newest) = manager.view.readings(of: symbol, input.kind)
      }
      return InputEvidence(
        name: "\(input.kind)", symbol: symbol, necessity: input.necessity, needed: input.warmUp,
        held: held, unbroken: unbroken, newest: newest)
    }
  }

  /// Keeps what became of a signal before the gate, and what the gate was shown of each leg.
  mutating func keep(
    _ ruling: Arbiter.Ruling,
    _ legs: [(request: EntryRequest, symbol: SymbolState<Int64>)] = [],
    account: AccountState<Int64>? = nil
  ) {
    var shown: [GateEvidence] = []
    var account = account
    for leg in legs {
      // The second leg of a pair is judged only where the first was let through.
      guard let known = account else { break }
      shown.append(
        GateEvidence(
          request: leg.request, account: known, symbol: leg.symbol, limits: gate.limits))
      let cleared = gate.clearEntry(leg.request, account: known, symbol: leg.symbol)
      account = (try? cleared.get()).map(known.counting)
    }
    let candidate = ruling.candidate
    evidence.entries.append(
      EntryEvidence(
        decision: candidate.decision, arbitration: configuration.arbitration,
        exposures: candidate.symbols.map { ($0, exposure(of: $0)) }, refusal: ruling.refusal,
        gate: shown))
  }
}
