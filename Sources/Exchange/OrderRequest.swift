import Market
import Risk

/// An order as a client asks for it, in the types of the venue.
struct OrderRequest: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case limit(TimeInForce)
    /// The web site's market order: an IOC under another name.
    case market
    case trigger(ExchangeTrigger)
  }
  let asset: Int
  let side: Side
  let price: Price
  let quantity: Quantity
  let isReduceOnly: Bool
  let kind: Kind
  let clientID: ClientOrderID?

  /// How long it may wait; nil for a trigger.
  var timeInForce: TimeInForce? {
    switch kind {
    case .limit(let timeInForce): timeInForce
    case .market: .immediateOrCancel
    case .trigger: nil
    }
  }

  /// Whether it waits for nothing once it is awake: the venue caps its value lower.
  var isImmediate: Bool {
    if case .trigger(let trigger) = kind { return trigger.isMarket }
    return timeInForce == .immediateOrCancel
  }
}

/// How the orders of one request belong together.
enum OrderGrouping: Hashable, Sendable {
  case none
  /// Pays to come first in its block; groups nothing.
  case priority
  case normalTriggers
  case positionTriggers
}

/// What the venue answers to one order.
enum OrderVerdict: Hashable, Sendable {
  case resting(id: UInt64)
  case filled(quantity: Quantity, average: Price, id: UInt64)
  case refused(String)
  case waitingForFill
  case waitingForTrigger
}

/// The venue's words ("Error responses", read 2026-08); per-order texts get ` asset=N` appended.
enum ErrorText {
  static let tick = "Price must be divisible by tick size."
  static let minimumValue = "Order must have minimum value of $10."
  static let margin = "Insufficient margin to place order."
  static let reduceOnly = "Reduce only order would increase position."
  static let immediate = "Order could not immediately match against any resting orders."
  static let trigger = "Invalid TP/SL price."
  static let noLiquidity = "No liquidity available for market order."
  static let gone = "Order was never placed, already canceled, or filled."
  static let zeroSize = "Order has zero size."
  static let invalidSize = "Order has invalid size."
  static let invalidPrice = "Order has invalid price."
  static let band = "Order price cannot be more than 95% away from the reference price"
  static let empty = "Orders are empty."
  static let triggerCount = "Unexpected number of trigger orders"
  static let mainTrigger = "Main order cannot be trigger order."
  static let tooMany = "Too many open orders."
  static let oracle = "Order price too far from oracle"
  static let interestGrows = "Order would increase open interest while open interest is capped"
  static let interestPrice =
    "Order rejected due to price more aggressive than oracle while at open interest cap"
  static let postOnlyMode = "Only post-only orders allowed immediately after network upgrade"
  static let cancelOnlyMode = "Trading is in cancel-only mode."
  static let modifyGone = "Cannot modify canceled or filled order"
  static let builder = "Builder fee has not been approved."
  /// Ours: what the live venue says here was not captured.
  static let modifyKind =
    "Modify without `a` takes only post-only orders and GTC orders that do not execute"
  /// Ours, too.
  static let fastCancel = "Fast cancel does not cancel trigger orders."
  /// Ours, too.
  static let delisted = "Trading is halted."
  /// Ours, too.
  static let priority =
    "Priority fees are for batches of IOC orders, or of ALO orders that are not reduce-only."
  static let tierLimit =
    "Order would cause position to exceed margin tier limit at current leverage"

  static func wouldMatch(_ bid: Price?, _ ask: Price?) -> String {
    "Post only order would have immediately matched, bbo was "
      + "\((bid ?? .zero).description)@\((ask ?? .zero).description)."
  }
}
