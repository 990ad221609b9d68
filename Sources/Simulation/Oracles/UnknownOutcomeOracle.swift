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

  private var unknown: [ClientOrderID: OrderIntent] = [:]
  private var seen: Set<ClientOrderID> = []

  init(_ setting: OracleSetting) {}

  mutating func persisted(_ records: [Record], _ findings: inout Findings) {
    for case .order(let row) in records {
      let intent = row.intent
      if seen.insert(intent.clientID).inserted { examine(intent, &findings) }
      if row.state == .unknown {
        unknown[intent.clientID] = intent
      } else {
        unknown[intent.clientID] = nil
      }
    }
  }

  private func examine(_ intent: OrderIntent, _ findings: inout Findings) {
    guard intent.role == .entry, !unknown.isEmpty else { return }
    let blocking = unknown.keys.sorted().first { id in
      guard let other = unknown[id] else { return false }
      return other.role == .entry && other.symbol == intent.symbol
        && other.strategy == intent.strategy
    }
    findings.check(
      "S6", blocking == nil,
      "entry \(intent.clientID) was intended while \(blocking?.description ?? "") is unknown")
  }

  mutating func examine(_ step: StepObservation, _ findings: inout Findings) {
    guard !unknown.isEmpty else { return }
    for id in unknown.keys.sorted() {
      findings.check(
        "S6", step.snapshot.orders.contains { $0.intent.clientID == id },
        "unknown order \(id) is not among the orders that count any more")
    }
  }
}
