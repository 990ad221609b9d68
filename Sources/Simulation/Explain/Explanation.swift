public import Engine
public import Market
import Risk
import Strategies

/// Why one decision came out as it did: inputs, reason or levels, arbitration, the gate's
/// questions, and what became of the order.
public struct Explanation: Sendable {
  /// The decision with what led to it; nil where the run holds the order alone, recovered from an
  /// earlier one.
  public let decision: Inquiry.Case?
  /// The other signals that arbitration weighed with it.
  public let rivals: [SignalRecord]
  /// The gate's questions and answers; nil where the gate was not asked.
  public let gate: GateReading?
  /// What was recorded of the order and its position; nil where no order was made.
  public let life: Inquiry.Life?

  /// The answer to `inquiry`; nil where the run holds nothing of what it asks about.
  public init?(_ inquiry: Inquiry) {
    decision = inquiry.found
    life = inquiry.life
    guard decision != nil || life != nil else { return nil }
    rivals = inquiry.rivals
    gate = (decision?.entry?.gate).map { shown in
      GateReading(
        TradeProposal(shown.request), account: shown.account, symbol: shown.symbol,
        limits: shown.limits)
    }
  }

  /// What came of it, in the words of the records: `EXECUTED`, or the reason against a trade.
  public var outcome: String {
    if let signal = decision?.signal { return signal.outcome }
    if case .noTrade(let reason)? = decision?.decision.decision.outcome { return reason.rawValue }
    return life == nil ? "" : "EXECUTED"
  }

  /// Whether the gate, read with words, came to what the run recorded.
  ///
  /// It reads the rules that traded with what they were shown, so anything else is a fault of
  /// Assay.
  public var agreesWithTheRun: Bool {
    guard let gate, let signal = decision?.signal else { return true }
    switch gate.verdict {
    case .rejected(let reason): return signal.outcome == reason.code
    case .approved(let quantity):
      guard signal.order != nil, let life else { return signal.outcome == "EXECUTED" }
      return life.events.contains {
        guard case .order(let row) = $0.record, row.intent.clientID == life.id else {
          return false
        }
        return row.intent.quantity.steps == quantity
      }
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
