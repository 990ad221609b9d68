public import Engine
public import Market
public import Risk
import Strategies

/// Why one decision came out as it did: inputs, reason or levels, arbitration, the gate's
/// questions, and what became of the order.
public struct Explanation: Sendable {
  /// The decision with what led to it; nil where the run holds the order alone, recovered from an
  /// earlier one.
  public let decision: Inquiry.Case?
  /// The other signals that arbitration weighed with it.
  public let rivals: [SignalRecord]
  /// The gate's questions and answers for each leg that it was asked about, in order.
  public let gate: [Leg]
  /// What was recorded of the order and its position, of a pair of both legs; empty where no order
  /// was made.
  public let lives: [Inquiry.Life]

  /// What the gate asked about one leg of a trade; most trades have one.
  public struct Leg: Sendable {
    /// What was to be traded.
    public let request: EntryRequest
    /// The questions and answers.
    public let reading: GateReading
  }

  /// The answer to `inquiry`; nil where the run holds nothing of what it asks about.
  public init?(_ inquiry: Inquiry) {
    decision = inquiry.found
    lives = inquiry.answer
    guard decision != nil || !lives.isEmpty else { return nil }
    rivals = inquiry.rivals
    gate = (decision?.entry?.gate ?? []).map { shown in
      Leg(
        request: shown.request,
        reading: GateReading(
          TradeProposal(shown.request), account: shown.account, symbol: shown.symbol,
          limits: shown.limits))
    }
  }

  /// What came of it, in the words of the records: `EXECUTED`, or the reason against a trade.
  public var outcome: String {
    if let signal = decision?.signal { return signal.outcome }
    if case .noTrade(let reason)? = decision?.decision.decision.outcome { return reason.rawValue }
    if case .leave? = decision?.decision.decision.outcome { return "LEAVE" }
    return lives.isEmpty ? "" : "EXECUTED"
  }

  /// Whether the gate, read with words, came to what the run recorded.
  ///
  /// It reads the rules that traded with what they were shown, so anything else is a fault of
  /// Assay.
  public var agreesWithTheRun: Bool {
    guard let signal = decision?.signal, !gate.isEmpty else { return true }
    for leg in gate {
      if case .rejected(let reason) = leg.reading.verdict { return signal.outcome == reason.code }
    }
    guard signal.outcome == "EXECUTED" else {
      // Legs that fit each by itself may not fit each other.
      return gate.count > 1 && signal.outcome == RejectReason.minimumNotional.code
    }
    return gate.allSatisfy { leg in
      guard case .approved(let quantity) = leg.reading.verdict,
        let order = lives.lazy.flatMap(\.orders).first(where: {
          $0.intent.clientID == leg.request.clientID
        })
      else { return false }
      // A leg of a pair may have been made smaller to fit the hedge.
      return gate.count > 1
        ? order.intent.quantity.steps <= quantity : order.intent.quantity.steps == quantity
    }
  }
}

extension ScenarioRunner {
  /// Repeats a run to answer an inquiry.
  ///
  /// - Parameters:
  ///   - scenario: What to run.
  ///   - seed: With which seed.
  ///   - inquiry: What is asked about.
  ///   - progress: Called about every thousandth event.
  /// - Returns: The inquiry with what the run told it, and the digest of the run so far.
  public static func inquire(
    _ scenario: Scenario, seed: UInt64, _ inquiry: Inquiry,
    progress: (@Sendable (RunProgress) -> Void)? = nil
  ) -> (inquiry: Inquiry, digest: Digest) {
    var options = RunOptions()
    options.checksReceipts = false
    options.stopsAtFirstFailure = false
    options.progress = progress
    var session = RunSession(scenario, seed: seed, options: options, inquiry: inquiry)
    let result = session.result()
    return (session.inquiry ?? inquiry, result.digest)
  }
}
