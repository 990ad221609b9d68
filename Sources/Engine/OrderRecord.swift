public import Market
public import Risk

/// The exits that belong to an entry.
public struct Bracket: Hashable, Sendable {
  /// The protective stop.
  public let stop: Price
  /// The target.
  public let target: Price
  /// When the position is closed whatever happened.
  public let timeStop: Instant
  /// The entry of a pair's other leg: the legs end together, and only a stop rests for each; nil
  /// for a trade in one symbol.
  public let partner: ClientOrderID?
  /// Makes a bracket.
  public init(stop: Price, target: Price, timeStop: Instant, partner: ClientOrderID? = nil) {
    self.stop = stop
    self.target = target
    self.timeStop = timeStop
    self.partner = partner
  }
}

/// An order as it stands.
public struct OrderRecord: Hashable, Sendable {
  /// What was asked; its `clientID` is the row's key.
  public let intent: OrderIntent
  /// The client id of the entry whose position this order opens or closes.
  public let position: ClientOrderID
  /// The setup that asked for the position.
  public let setup: Setup
  /// The decision time that asked for the position.
  public let decidedAt: Instant
  /// The exits of the position that an entry opens, or of the position that an exit closes.
  public let bracket: Bracket
  /// Where it is in its life.
  public var state: OrderState
  /// Whether the venue has ever shown that it knows the order.
  public var wasAcknowledged: Bool
  /// Base coin traded so far.
  public var filled: Quantity
  /// Quote currency traded so far.
  public var filledNotional: Money
  /// The venue's id, once known.
  public var venueID: UInt64?
  /// When the intent was made.
  public let createdAt: Instant
  /// When the row last changed.
  public var updatedAt: Instant

  /// Makes a record.
  public init(
    intent: OrderIntent, position: ClientOrderID, setup: Setup, decidedAt: Instant,
    bracket: Bracket, state: OrderState, wasAcknowledged: Bool = false, filled: Quantity = .zero,
    filledNotional: Money = .zero, venueID: UInt64? = nil, createdAt: Instant, updatedAt: Instant
  ) {
    self.intent = intent
    self.position = position
    self.setup = setup
    self.decidedAt = decidedAt
    self.bracket = bracket
    self.state = state
    self.wasAcknowledged = wasAcknowledged
    self.filled = filled
    self.filledNotional = filledNotional
    self.venueID = venueID
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}
