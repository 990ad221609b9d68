import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// S5: an id is one order for ever, and one wish has one id.
struct IdentityOracle: Oracle {
  static let entries = [
    OracleEntry(
      id: "S5",
      statement: "Client order ids are unique across restarts, and a retry keeps its id.")
  ]

  /// What an entry is for: it may be asked for once.
  private struct Wish: Hashable {
    let strategy: StrategyID
    let symbol: Symbol
    let setup: Setup
    let decidedAt: Instant
  }

  private var intents: [ClientOrderID: OrderIntent] = [:]
  private var wishes: [Wish: ClientOrderID] = [:]
  private var sent: [ClientOrderID: WireOrder] = [:]

  init(_ setting: OracleSetting) {}

  mutating func persisted(_ records: [Record], _ findings: inout Findings) {
    for case .order(let row) in records {
      let id = row.intent.clientID
      if let earlier = intents[id] {
        findings.check("S5", earlier == row.intent, "id \(id) names two different orders")
      } else {
        intents[id] = row.intent
        guard row.intent.role == .entry else { continue }
        let wish = Wish(
          strategy: row.intent.strategy, symbol: row.intent.symbol, setup: row.setup,
          decidedAt: row.decidedAt)
        findings.check(
          "S5", wishes[wish] == nil,
          "\(wish.strategy) asked for \(wish.symbol) at \(wish.decidedAt) under a second id, \(id)")
        wishes[wish] = id
      }
    }
  }

  mutating func departing(
    _ orders: [WireOrder], at time: Instant, _ findings: inout Findings
  ) {
    for order in orders {
      guard let id = order.clientID else { continue }
      if let earlier = sent[id] {
        findings.check("S5", earlier == order, "id \(id) left a second time with other content")
      }
      sent[id] = order
    }
  }

  mutating func venueMoved(_ venue: VenueObservation, _ findings: inout Findings) {
    let ids = venue.truth.orders.compactMap(\.clientID).sorted()
    for (first, second) in zip(ids, ids.dropFirst()) {
      findings.check("S5", first != second, "two orders stand at the venue under id \(first)")
    }
  }
}
