public import Market
public import Risk
public import Venues

/// An execution and whose it was.
public struct FillRecord: Hashable, Sendable {
  /// The execution.
  public let fill: Fill
  /// The strategy whose order it was.
  public let strategy: StrategyID
  /// The position that it opened, grew or shrank.
  public let position: ClientOrderID
  /// Profit that it realised, before its fee.
  public let realised: Money
  /// Makes a record.
  public init(fill: Fill, strategy: StrategyID, position: ClientOrderID, realised: Money) {
    self.fill = fill
    self.strategy = strategy
    self.position = position
    self.realised = realised
  }
}

/// Why a position ended.
public enum ExitReason: UInt8, Hashable, Sendable, CaseIterable {
  /// The protective stop.
  case stop = 0
  /// The target.
  case target = 1
  /// The time stop.
  case time = 2
  /// An operator.
  case operatorCommand = 3
  /// The venue: liquidation, settlement.
  case venue = 4
  /// The strategy asked for it.
  case strategy = 5
  /// The other leg of the pair ended, or never came.
  case partner = 6
}

/// A position of one strategy in one symbol, from its first fill to its last.
public struct PositionRecord: Hashable, Sendable {
  /// The client id of the entry order.
  public let id: ClientOrderID
  /// Whose.
  public let strategy: StrategyID
  /// In what.
  public let symbol: Symbol
  /// By which setup.
  public let setup: Setup
  /// Its exits.
  public let bracket: Bracket
  /// Base coin held; negative is short, zero is closed.
  public var quantity: Quantity
  /// Signed cost of what is held, in quote currency: positive for a long.
  public var cost: Money
  /// The largest size that it had.
  public var peakQuantity: Quantity
  /// Profit realised so far, before fees and funding.
  public var realised: Money
  /// Fees paid so far.
  public var fees: Money
  /// Funding received (positive) or paid (negative) so far.
  public var funding: Money
  /// Money at risk when it was opened, with costs.
  public let initialRisk: Money
  /// When its first fill came.
  public let openedAt: Instant
  /// When its last fill came, once it is closed.
  public var closedAt: Instant?
  /// Why it ended, once it is closed.
  public var exitReason: ExitReason?

  /// Makes a record.
  public init(
    id: ClientOrderID, strategy: StrategyID, symbol: Symbol, setup: Setup, bracket: Bracket,
    quantity: Quantity, cost: Money, peakQuantity: Quantity, realised: Money, fees: Money,
    funding: Money, initialRisk: Money, openedAt: Instant, closedAt: Instant? = nil,
    exitReason: ExitReason? = nil
  ) {
    self.id = id
    self.strategy = strategy
    self.symbol = symbol
    self.setup = setup
    self.bracket = bracket
    self.quantity = quantity
    self.cost = cost
    self.peakQuantity = peakQuantity
    self.realised = realised
    self.fees = fees
    self.funding = funding
    self.initialRisk = initialRisk
    self.openedAt = openedAt
    self.closedAt = closedAt
    self.exitReason = exitReason
  }
}
