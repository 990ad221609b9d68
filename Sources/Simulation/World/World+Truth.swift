import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// What is true in the world, for oracles and expectations.
extension World {
  /// What the venue holds of the engine's account; nil where orders do not go there.
  func venueTruth() -> VenueTruth? {
    guard case .exchange = scenario.engine.execution else { return nil }
    return VenueTruth(
      positions: venue.positions(of: account), orders: venue.openOrders(of: account))
  }
}
