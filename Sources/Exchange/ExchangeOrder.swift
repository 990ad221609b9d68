public import Market
public import Risk

/// What became of an order, in the venue's words.
public enum ExchangeOrderStatus: String, Hashable, Sendable, CaseIterable {
  /// Rests, sleeps as a trigger, or waits for its parent.
  case open
  /// Traded in whole.
  case filled
  /// Cancelled by its owner, or what an IOC left.
  case canceled
  /// A trigger that fired; its order goes on under the same id.
  case triggered
  /// Its owner's margin did not suffice when it would have traded.
  case marginCanceled
  /// It would have traded with its own account.
  case selfTradeCanceled
  /// Nothing was left to reduce.
  case reduceOnlyCanceled
  /// The other of two mutually cancelling orders filled.
  case siblingFilledCanceled
  /// Its owner was liquidated.
  case liquidatedCanceled
  /// The owner's scheduled cancel came due.
  case scheduledCancel
  /// It would have grown a position while open interest was capped.
  case openInterestCapCanceled
  /// Refused: not enough margin.
  case perpMarginRejected
  /// Refused: it would increase the position.
  case reduceOnlyRejected
  /// Refused: a post-only order would have matched.
  case badAloPxRejected
  /// Refused: an IOC found nothing.
  case iocCancelRejected
  /// Refused: the trigger would fire at once.
  case badTriggerPxRejected
  /// Refused: a market order found an empty book.
  case marketOrderNoLiquidityRejected
  /// Refused: too many orders are open.
  case tooManyOpenOrdersRejected
  /// Refused: too far from the oracle.
  case oracleRejected
  /// Refused: larger than the margin tiers allow at the leverage.
  case perpMaxPositionRejected
  /// Refused: it would grow a position while open interest is capped.
  case positionIncreaseAtOpenInterestCapRejected
  /// Refused: it would turn a position while open interest is capped.
  case positionFlipAtOpenInterestCapRejected
  /// Refused: it would rest beyond the oracle while open interest is capped.
  case tooAggressiveAtOpenInterestCapRejected
  /// Refused for another reason.
  case rejected
}

/// What a trigger order waits for.
public struct ExchangeTrigger: Hashable, Sendable {
  /// The mark price that fires it.
  public let price: Price
  /// Whether it then takes liquidity at any price within its limit, or becomes a limit order.
  public let isMarket: Bool
  /// Whether it takes profit (`tp`) or stops a loss (`sl`).
  public let takesProfit: Bool
}

/// An order as the venue holds it.
public struct ExchangeOrder: Hashable, Sendable {
  /// The venue's id.
  public let id: UInt64
  /// The client's id, where it gave one.
  public let clientID: ClientOrderID?
  /// Whose order.
  public let account: AccountAddress
  /// What it trades.
  public let symbol: Symbol
  /// Buy or sell.
  public let side: Side
  /// The worst price; a market trigger that fires narrows it to a tenth around its trigger.
  public internal(set) var limit: Price
  /// Base coin asked for; zero for a trigger that takes the whole position, until it fires.
  public internal(set) var quantity: Quantity
  /// Base coin not yet traded.
  public internal(set) var remaining: Quantity
  /// How long it may wait; nil for a trigger that has not fired.
  public internal(set) var timeInForce: TimeInForce?
  /// What it waits for, if it is a trigger order.
  public let trigger: ExchangeTrigger?
  /// Whether it may only shrink a position.
  public let isReduceOnly: Bool
  /// When it was placed.
  public let placed: Instant
  /// What became of it.
  public internal(set) var status: ExchangeOrderStatus
  /// When it became so.
  public internal(set) var statusTime: Instant

  let accountIndex: Int
  let asset: Int
  /// Its place in time priority.
  var sequence: UInt64
  /// Margin set aside while it rests, for the part that opens.
  var reserved = Money.zero
  /// The part of the quantity that would open a position, at placement.
  var opening = Quantity.zero
  /// The order whose fill wakes this one.
  var parent: UInt64?
  /// Orders that wait for this one.
  var children: [UInt64] = []
  /// The order that this one's fill cancels.
  var sibling: UInt64?
  var hasTriggered = false
  /// Whether it was sent as a market order, or by the venue itself.
  var origin = OrderOrigin.limit
  var isPositionTrigger = false
  /// What the program that sent it takes, in tenths of a basis point.
  var builderRate: Int64 = 0

  /// Whether it can still trade.
  public var isOpen: Bool { status == .open || status == .triggered }
  /// Whether it has no size of its own: it takes what the position is when it fires.
  var takesWholePosition: Bool { isPositionTrigger && quantity.isZero }
  /// Whether it waits for its trigger or its parent.
  var sleeps: Bool { (trigger != nil && !hasTriggered) || parent != nil }
}

/// How an order came to be, where its kind does not say.
enum OrderOrigin: Hashable, Sendable {
  /// An order with a limit of its owner's.
  case limit
  /// A market order, in the words of the web site (`FrontendMarket`).
  case market
  /// The venue's own, at a liquidation.
  case liquidation
  /// The venue's own, where an account owes more than it has.
  case deleveraging
}

/// One execution of one account's order.
public struct ExchangeFill: Hashable, Sendable {
  /// Whose order.
  public let account: AccountAddress
  /// What traded.
  public let symbol: Symbol
  /// Bought or sold.
  public let side: Side
  /// The price.
  public let price: Price
  /// Base coin.
  public let quantity: Quantity
  /// Paid; negative is a rebate.
  public let fee: Money
  /// The part of ``fee`` that went to the program that sent the order.
  public let builderFee: Money
  /// The venue's id of the order.
  public let orderID: UInt64
  /// The client's id of the order.
  public let clientID: ClientOrderID?
  /// Shared by both sides of the match.
  public let tradeID: UInt64
  /// When.
  public let time: Instant
  /// Whether this order took liquidity.
  public let isTaker: Bool
  /// The signed position before.
  public let startPosition: Quantity
  /// Profit of what was closed, before fees.
  public let closedProfit: Money
  /// The mark at a liquidation, and whether the backstop took over; nil for an ordinary fill.
  public let liquidation: ExchangeLiquidation?
  /// Whether the venue made it, of its own accord, because one of both sides owes more than it has.
  public let isDeleveraging: Bool
}

/// What a fill says about the liquidation that made it; both sides of the match say it.
public struct ExchangeLiquidation: Hashable, Sendable {
  /// Whose position it was.
  public let account: AccountAddress
  /// Whether the position had margin of its own.
  public let isIsolated: Bool
  /// The mark price at the time.
  public let mark: Price
  /// Whether the backstop took the position over, instead of a sale in the book.
  public let isBackstop: Bool
}

/// Funding that one account paid or received.
public struct ExchangeFunding: Hashable, Sendable {
  /// Whose position.
  public let account: AccountAddress
  /// What is held.
  public let symbol: Symbol
  /// When.
  public let time: Instant
  /// Received; negative was paid.
  public let payment: Money
  /// The signed position at the time.
  public let position: Quantity
  /// The hourly rate.
  public let rate: FundingRate
}

/// A position as the venue holds it.
public struct ExchangePosition: Hashable, Sendable {
  /// What is held.
  public let symbol: Symbol
  /// Base coin; negative is short; zero where nothing is held.
  public internal(set) var quantity = Quantity.zero
  /// What the position cost: signed quantity at its average entry.
  public internal(set) var basis = Money.zero
  /// The leverage that its margin is reckoned with.
  public internal(set) var leverage: Int64
  /// Whether it has margin of its own, apart from the rest of the account.
  public internal(set) var isIsolated = false
  /// The part of the account's cash that stands behind an isolated position, trades at their full
  /// value included; its worth added, what is left to lose.
  public internal(set) var isolatedCash = Money.zero
  /// Funding paid over all time, since the position was opened, and since it last changed.
  var fundingAllTime = Money.zero
  var fundingSinceOpen = Money.zero
  var fundingSinceChange = Money.zero

  init(symbol: Symbol, leverage: Int64) {
    self.symbol = symbol
    self.leverage = leverage
  }

  /// Nothing held, at the leverage of an asset for which nobody set one: twenty, or its maximum.
  init(_ listing: PerpetualListing) {
    self.init(
      symbol: listing.instrument.symbol, leverage: min(20, listing.instrument.maximumLeverage))
    isIsolated = listing.marginMode != nil
  }
}
