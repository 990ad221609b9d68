public import Market
public import Risk

/// One execution of one of our orders, as the venue (or the paper executor) reported it.
public struct Fill: Hashable, Sendable {
  /// The order's client id.
  public let clientID: ClientOrderID
  /// What traded.
  public let symbol: Symbol
  /// Bought or sold.
  public let side: Side
  /// The price, positive.
  public let price: Price
  /// The base coin, positive.
  public let quantity: Quantity
  /// Paid in quote currency; negative is a rebate.
  public let fee: Money
  /// The venue's trade id; unique with time and symbol.
  public let tradeID: UInt64
  /// The venue's time.
  public let time: Instant

  /// Makes a fill.
  public init(
    clientID: ClientOrderID, symbol: Symbol, side: Side, price: Price, quantity: Quantity,
    fee: Money, tradeID: UInt64, time: Instant
  ) {
    self.clientID = clientID
    self.symbol = symbol
    self.side = side
    self.price = price
    self.quantity = quantity
    self.fee = fee
    self.tradeID = tradeID
    self.time = time
  }
}

/// Why a venue refused or ended an order, in words common to all venues.
public enum OrderRefusal: UInt8, Hashable, Sendable, CaseIterable {
  /// Price off the tick.
  case tick = 0
  /// Below the minimum value.
  case minimumValue = 1
  /// Not enough margin.
  case margin = 2
  /// A reduce-only order would not reduce.
  case reduceOnly = 3
  /// A post-only order would have matched.
  case wouldMatch = 4
  /// An immediate order found nothing.
  case noLiquidity = 5
  /// The trigger price makes no sense.
  case badTrigger = 6
  /// Too far from the reference price.
  case priceBand = 7
  /// Too many open orders.
  case tooManyOrders = 8
  /// The venue limits our rate.
  case rateLimited = 9
  /// The signature, nonce or expiry was not accepted.
  case unauthorised = 10
  /// Anything else; the text is in the log.
  case other = 11
}

/// Evidence from the venue about one of our orders.
public enum OrderEvidence: Hashable, Sendable {
  /// It rests (or sleeps, for a trigger order) under the venue's id.
  case working(venueID: UInt64)
  /// It traded; the details come as ``OrderReport/fill(_:)``.
  case filled(total: Quantity, averagePrice: Price, venueID: UInt64)
  /// It ended with `filled` traded in all; nothing more can fill.
  case cancelled(filled: Quantity?)
  /// It was refused and never traded.
  case rejected(OrderRefusal)
  /// The venue knows no such order.
  case notFound
}

/// What an execution venue reports, in any order and possibly more than once.
public enum OrderReport: Hashable, Sendable {
  /// The state of an order.
  case evidence(ClientOrderID, OrderEvidence, at: Instant)
  /// An execution.
  case fill(Fill)
  /// The request that carried the order ended without an answer: it may or may not stand.
  case unknown(ClientOrderID, TransportFailure)
  /// The request to cancel was refused: the order is already gone, or never was.
  case cancelRefused(ClientOrderID)
  /// The request to cancel ended without an answer.
  case cancelUnknown(ClientOrderID)
}

/// A position as the venue reports it.
public struct VenuePosition: Hashable, Sendable {
  /// What is held.
  public let symbol: Symbol
  /// Base coin; negative is short, never zero.
  public let quantity: Quantity
  /// The venue's average entry.
  public let entryPrice: Price
  /// Makes a position.
  public init(symbol: Symbol, quantity: Quantity, entryPrice: Price) {
    self.symbol = symbol
    self.quantity = quantity
    self.entryPrice = entryPrice
  }
}

/// A resting order as the venue reports it.
public struct VenueOrder: Hashable, Sendable {
  /// Our id, where the order carries one.
  public let clientID: ClientOrderID?
  /// The venue's id.
  public let venueID: UInt64
  /// What it trades.
  public let symbol: Symbol
  /// Buy or sell.
  public let side: Side
  /// Base coin not yet traded.
  public let remaining: Quantity
  /// Makes an order.
  public init(
    clientID: ClientOrderID?, venueID: UInt64, symbol: Symbol, side: Side, remaining: Quantity
  ) {
    self.clientID = clientID
    self.venueID = venueID
    self.symbol = symbol
    self.side = side
    self.remaining = remaining
  }
}

/// The venue's view of the account at one of its times.
public struct AccountSnapshot: Hashable, Sendable {
  /// The venue's time; older snapshots than the last one seen are ignored.
  public let time: Instant
  /// Cash plus unrealised profit.
  public let accountValue: Money
  /// Every open position, by symbol.
  public let positions: [VenuePosition]
  /// Makes a snapshot.
  public init(time: Instant, accountValue: Money, positions: [VenuePosition]) {
    self.time = time
    self.accountValue = accountValue
    self.positions = positions
  }
}
