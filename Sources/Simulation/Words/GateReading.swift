public import Market
public import Risk

/// What the gate asked about one entry and what it answered, read with ``Words`` from the rules
/// that trade.
public struct GateReading: Hashable, Sendable {
  /// The questions, in the order in which the gate asked them; the last one decided.
  public let questions: [Question]
  /// The gate's answer.
  public let verdict: Verdict<Int64>
  /// How the size came about; nil where the entry was rejected.
  public let size: Sizing?

  /// How a size came about.
  public struct Sizing: Hashable, Sendable {
    /// Base coin to trade.
    public let quantity: Quantity
    /// From the account to the size, line by line.
    public let derivation: [Derivation]
    /// The limits that bound it, by their keys, several where they bind alike; where none did, the
    /// names of what it grows with.
    public let boundBy: [String]
    /// The loss at the stop with slippage and fees.
    public let risk: Money
    /// How that loss came about.
    public let riskDerivation: [Derivation]
    /// Size times the dearer of entry and limit price.
    public let notional: Money
  }

  /// Reads the gate.
  ///
  /// - Parameters:
  ///   - trade: What was asked for.
  ///   - account: The account as the gate saw it.
  ///   - symbol: The symbol as the gate saw it.
  ///   - limits: The limits in force.
  public init(
    _ trade: TradeProposal<Int64>, account: AccountState<Int64>, symbol: SymbolState<Int64>,
    limits: Limits
  ) {
    let trade = TradeProposal<WordNumber>(named: trade)
    let policy = Policy<WordNumber>(named: limits)
    let (outcome, questions) = Words.read { words in
      judge(
        trade, account: AccountState(named: account), symbol: SymbolState(named: symbol),
        policy: policy, in: words)
    } ending: { outcome in
      if case .rejected(let reason) = outcome { reason.code } else { nil }
    }
    self.questions = questions
    switch outcome {
    case .rejected(let reason):
      verdict = .rejected(reason)
      size = nil
    case .approved(let quantity):
      verdict = .approved(quantity: Int64(clamping: quantity.value))
      size = Sizing(quantity, of: trade, policy: policy)
    }
  }

  /// The question that decided, where the entry was rejected.
  public var decisive: Question? {
    if case .rejected = verdict { questions.last } else { nil }
  }
}

extension GateReading.Sizing {
  init?(
    _ quantity: WordNumber, of trade: TradeProposal<WordNumber>, policy: Policy<WordNumber>
  ) {
    // The stakes are told for the size itself, not for how it came about.
    let size = WordNumber(quantity.value, .quantity, .input("size"))
    guard let stakes = stakes(of: size, in: trade, policy: policy, reading: Words()) else {
      return nil
    }
    self.quantity = Quantity(steps: Int64(clamping: quantity.value))
    derivation = quantity.derivation
    let governing = quantity.governing
    let limits = governing.filter { !$0.limits.isEmpty }
    boundBy = (limits.isEmpty ? governing : limits).compactMap(\.name)
      .reduce(into: []) { names, name in if !names.contains(name) { names.append(name) } }
    risk = Money(steps: Int64(clamping: stakes.risk.value))
    riskDerivation = stakes.risk.derivation
    notional = Money(steps: Int64(clamping: stakes.notional.value))
  }
}
