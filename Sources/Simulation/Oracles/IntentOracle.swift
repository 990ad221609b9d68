import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// S2: nothing leaves without a durable intent of the same content.
struct IntentOracle: Oracle {
  static let entries = [
    OracleEntry(
      id: "S2", statement: "No order leaves the wire without a durable intent written before.")
  ]

  private var durable: [ClientOrderID: OrderIntent] = [:]

  init(_ setting: OracleSetting) {}

  mutating func persisted(_ records: [Record], _ findings: inout Findings) {
    for case .order(let row) in records { durable[row.intent.clientID] = row.intent }
  }

  mutating func departing(
    _ orders: [WireOrder], at time: Instant, _ findings: inout Findings
  ) {
    for order in orders {
      guard let id = order.clientID else {
        findings.check("S2", false, "an order left without a client id")
        continue
      }
      guard let intent = durable[id] else {
        findings.check("S2", false, "order \(id) left before its intent was durable")
        continue
      }
      let isSame =
        order.isBuy == (intent.side == .buy) && order.quantity == intent.quantity
        && order.isReduceOnly == intent.isReduceOnly
      findings.check(
        "S2", isSame,
        "order \(id) left as \(order.isBuy ? "buy" : "sell") \(order.quantity), its intent says "
          + "\(intent.side) \(intent.quantity)")
    }
  }
}
