public import Market
public import Risk
public import Strategies

/// How well one strategy is fed.
public struct StrategyHealth: Hashable, Sendable {
  /// Which.
  public let strategy: StrategyID
  /// On what: a symbol, or a pair.
  public let subject: Symbol
  /// How well, and the input that decides it.
  public let health: DataHealth
  /// Pairs them.
  public init(strategy: StrategyID, subject: Symbol, health: DataHealth) {
    self.strategy = strategy
    self.subject = subject
    self.health = health
  }
}

extension Engine {
  /// How well each strategy is fed now, by strategy then subject.
  ///
  /// Beside the snapshot, which is taken at every event: this asks every strategy for every input.
  public var strategyHealth: [StrategyHealth] {
    registry.health(at: now.wall, in: manager.view)
  }
}
