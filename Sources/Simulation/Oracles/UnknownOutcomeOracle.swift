import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// S6: while nobody knows what became of an order, nothing takes its place.
struct UnknownOutcomeOracle: Oracle {
  static let entries = [
    OracleEntry(
      id: "S6",
      statement: "An order of unknown outcome counts fully and blocks its own replacement.")
  ]

  /// Orders of unknown outcome, oldest first.
  private var unknown: [OrderIntent] = []
  private var seen: Set<ClientOrderID> = []

  init(_ setting: OracleSetting) {}

  mutating func persisted(_ records: [Record], _ findings: inout Findings) {
    for case .order(let row) in records {
      let intent = row.intent
      if seen.insert(intent.clientID).inserted { examine(intent, &findings) }
      unknown.removeAll { $0.clientID == intent.clientID }
      if row.state == .unknown { unknown.append(intent) }
    }
  }

  private func examine(_ intent: OrderIntent, _ findings: inout Findings) {
    guard intent.role == .entry else { return }
    let blocking = unknown.first {
      $0.role == .entry && $0.symbol == intent.symbol && $0.strategy == intent.strategy
    }
    findings.check(
      "S6", blocking == nil,
      "entry \(intent.clientID) was intended while \(blocking?.clientID.description ?? "") is "
        + "unknown")
  }

  mutating func examine(_ step: StepObservation, _ findings: inout Findings) {
    findings.look("S6")
    for intent in unknown {
      findings.check(
        "S6", step.snapshot.orders.contains { $0.intent.clientID == intent.clientID },
        "unknown order \(intent.clientID) is not among the orders that count any more")
    }
  }
}
