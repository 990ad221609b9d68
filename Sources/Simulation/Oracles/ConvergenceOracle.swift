import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// A9: once the storm is over, the engine and the venue come to agree, or a named drift says why
/// not.
struct ConvergenceOracle: Sendable {
  static let entry = OracleEntry(
    id: "A9",
    statement: "After quiesce the engine's positions and orders are the venue's, or an open drift "
      + "names the difference.")

  /// Why the run has not converged yet; nil once it has.
  static func pending(_ snapshot: Snapshot?, _ venue: VenueTruth?) -> String? {
    guard let snapshot else { return "the engine is down" }
    guard snapshot.isFeedLive else { return "the feed is not live" }
    if let order = snapshot.orders.first(where: { $0.state.isUndecided }) {
      return "order \(order.intent.clientID) is \(order.state.name)"
    }
    guard let venue else { return nil }
    return orderDifference(snapshot, venue) ?? positionDifference(snapshot, venue)
  }

  private static func orderDifference(_ snapshot: Snapshot, _ venue: VenueTruth) -> String? {
    for order in snapshot.orders
    where !venue.orders.contains(where: { $0.clientID == order.intent.clientID }) {
      return "order \(order.intent.clientID) is \(order.state.name) here and unknown at the venue"
    }
    for order in venue.orders {
      guard let id = order.clientID else { continue }
      if !snapshot.orders.contains(where: { $0.intent.clientID == id }) {
        return "order \(id) stands at the venue and not here"
      }
    }
    return nil
  }

  private static func positionDifference(_ snapshot: Snapshot, _ venue: VenueTruth) -> String? {
    let symbols = (snapshot.positions.map(\.symbol) + venue.positions.map(\.symbol)).sorted()
    for symbol in symbols {
      let local = snapshot.positions.reduce(Quantity.zero) {
        $1.symbol == symbol ? $0 + $1.quantity : $0
      }
      let there = venue.quantity(of: symbol)
      let isNamed = snapshot.drifts.contains { $0.symbol == symbol }
      if local != there, !isNamed {
        return "\(symbol) is \(local) here and \(there) at the venue, and no drift says so"
      }
    }
    return nil
  }
}

extension OrderState {
  /// Whether its outcome is still open, rather than known to stand or over.
  var isUndecided: Bool {
    switch self {
    case .intended, .sent, .unknown, .cancelling: true
    case .working, .filled, .cancelled, .rejected, .neverReached: false
    }
  }
}
