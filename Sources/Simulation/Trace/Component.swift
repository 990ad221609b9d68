/// A part of a run that has a digest of its own, so that a divergence has a name.
public enum Component: UInt8, Hashable, Sendable, CaseIterable {
  /// What reaches the engine: frames, answers, timers, commands.
  case feed = 0
  /// Closed candles and market records.
  case candles = 1
  /// Decisions, signals and strategy memory.
  case decisions = 2
  /// Orders.
  case orders = 3
  /// Fills, positions, money, equity and funding.
  case portfolio = 4
  /// Health, breakers, drift, kill switch and alerts.
  case health = 5
  /// What leaves the engine: frames, requests, timers.
  case wire = 6
  /// What the venue receives and sends.
  case venue = 7
  /// What the venues that supply data took in and sent.
  case sources = 8

  /// The stable lower-case name.
  public var name: String {
    switch self {
    case .feed: "feed"
    case .candles: "candles"
    case .decisions: "decisions"
    case .orders: "orders"
    case .portfolio: "portfolio"
    case .health: "health"
    case .wire: "wire"
    case .venue: "venue"
    case .sources: "sources"
    }
  }
}
