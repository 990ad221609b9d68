import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// S7: orders move as orders can; the end is the end, and what traded stays traded.
struct OrderLifeOracle: Oracle {
  static let entries = [
    OracleEntry(
      id: "S7",
      statement: "Order states follow the table, terminal states absorb, and 0 <= filled <= "
        + "quantity only grows.")
  ]

  private var orders: [ClientOrderID: (state: OrderState, filled: Quantity)] = [:]

  init(_ setting: OracleSetting) {}

  mutating func persisted(_ records: [Record], _ findings: inout Findings) {
    for case .order(let row) in records {
      let id = row.intent.clientID
      findings.check(
        "S7", row.filled >= .zero && row.filled <= row.intent.quantity,
        "order \(id) of \(row.intent.quantity) has filled \(row.filled)")
      findings.check(
        "S7", row.state != .filled || row.filled == row.intent.quantity,
        "order \(id) is filled with \(row.filled) of \(row.intent.quantity)")
      if let before = orders[id] {
        findings.check(
          "S7", Self.mayFollow(before.state, row.state),
          "order \(id) went from \(before.state.name) to \(row.state.name)")
        findings.check(
          "S7", row.filled >= before.filled,
          "order \(id) had filled \(before.filled) and now \(row.filled)")
      }
      orders[id] = (row.state, row.filled)
    }
  }

  /// Whether a state may come after another, staying included; several moves may fall into one
  /// step.
  static func mayFollow(_ before: OrderState, _ after: OrderState) -> Bool {
    if before == after { return true }
    switch before {
    case .intended, .unknown: return after != .intended
    case .sent: return after != .intended
    case .working: return after != .intended && after != .sent && after != .neverReached
    case .cancelling: return after != .intended && after != .sent
    case .filled, .cancelled, .rejected, .neverReached: return false
    }
  }
}
