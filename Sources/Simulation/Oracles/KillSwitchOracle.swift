import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// S3: the kill switch is a latch that only an operator lifts, and nothing that adds risk passes
/// it.
struct KillSwitchOracle: Oracle {
  static let entries = [
    OracleEntry(
      id: "S3",
      statement: "A kill switch stays engaged until an operator lifts it; while it is, outbound "
        + "orders only reduce.")
  ]

  private var isEngaged = false
  private var seen: Set<ClientOrderID> = []

  init(_ setting: OracleSetting) {}

  mutating func examine(_ step: StepObservation, _ findings: inout Findings) {
    var isLifted = false
    findings.look("S3")
    switch step.input {
    case .command(.kill): isEngaged = true
    case .command(.resume):
      isEngaged = false
      isLifted = true
    default: break
    }
    for record in step.records {
      switch record {
      case .killSwitch(let row) where row.isEngaged: isEngaged = true
      case .killSwitch:
        findings.check("S3", isLifted, "the kill switch was lifted without an operator")
      case .order(let row): examine(row, &findings)
      default: break
      }
    }
    guard isEngaged else { return }
    findings.check(
      "S3", step.snapshot.killSwitch?.isEngaged == true,
      "the kill switch was engaged, and the engine does not know it any more")
  }

  private mutating func examine(_ row: OrderRecord, _ findings: inout Findings) {
    let isNew = seen.insert(row.intent.clientID).inserted
    guard isNew, isEngaged else { return }
    findings.check(
      "S3", row.intent.isReduceOnly,
      "\(row.intent.role) \(row.intent.clientID) was intended while the kill switch was engaged")
  }

  mutating func departing(
    _ orders: [WireOrder], at time: Instant, _ findings: inout Findings
  ) {
    guard isEngaged else { return }
    for order in orders {
      findings.check(
        "S3", order.isReduceOnly,
        "an order to \(order.isBuy ? "buy" : "sell") \(order.quantity) left while the kill switch "
          + "was engaged")
    }
  }
}
