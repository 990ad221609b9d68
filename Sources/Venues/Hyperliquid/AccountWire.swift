import Market
import Risk

/// The venue's view of our account and orders as values.
enum AccountWire {
  /// An execution as the wire tells it, ours or not.
  struct WireFill {
    let clientID: ClientOrderID?
    let fill: ForeignFill
  }

  /// One element of `userFills` of an account.
  ///
  /// Both sides of a liquidation's match say so and name whose it was; a name that cannot be read
  /// is taken for ours.
  static func fill(
    _ value: JSONValue, of user: Address? = nil
  ) throws(WireFault) -> WireFill {
    let liquidation = value["liquidation"].flatMap { $0.isNull ? nil : $0 }
    let liquidated = liquidation?["liquidatedUser"]?.string.flatMap { Address($0) }
    return WireFill(
      clientID: try value.clientID("cloid"),
      fill: ForeignFill(
        symbol: try value.symbol("coin"), side: try value.side("side"),
        price: try value.positivePrice("px"), quantity: try value.positiveQuantity("sz"),
        fee: try value.money("fee"), venueID: try value.identifier("oid"),
        tradeID: try value.identifier("tid"), time: try value.time("time"),
        isLiquidation: liquidation != nil && (liquidated ?? user) == user))
  }

  /// One element of `userFundings`.
  static func funding(_ value: JSONValue) throws(WireFault) -> FundingReceipt {
    FundingReceipt(
      symbol: try value.symbol("coin"), time: try value.time("time"),
      amount: try value.money("usdc"))
  }

  /// The state of an order as `orderUpdates` and `orderStatus` tell it.
  struct WireOrder {
    let clientID: ClientOrderID?
    let venueID: UInt64
    let evidence: [OrderEvidence]
    let time: Instant
  }

  /// One element of `orderUpdates`: an order, its status word and when it got it.
  static func order(_ value: JSONValue) throws(WireFault) -> WireOrder {
    let order = try value.required("order")
    guard let status = value["status"]?.text else { throw .member("status") }
    let remaining = try order.quantity("sz")
    let original = try order.quantity("origSz")
    guard remaining <= original else { throw .inconsistent }
    let venueID = try order.identifier("oid")
    let progress = Progress(
      venueID: venueID, filled: original - remaining, original: original,
      limit: try order.positivePrice("limitPx"))
    guard let evidence = progress.evidence(for: String(status)) else { throw .member("status") }
    return WireOrder(
      clientID: try order.clientID("cloid"), venueID: venueID, evidence: evidence,
      time: try value.time("statusTimestamp"))
  }

  /// How far an order has come.
  struct Progress {
    let venueID: UInt64
    let filled: Quantity
    let original: Quantity
    let limit: Price

    /// What a status word proves; nil for a word that we do not know.
    ///
    /// The venue tells no average here, so a filled order carries its limit; the executions
    /// themselves come as fills.
    func evidence(for status: String) -> [OrderEvidence]? {
      switch status {
      case "open", "triggered":
        let working = OrderEvidence.working(venueID: venueID)
        guard filled > .zero else { return [working] }
        return [working, .filled(total: filled, averagePrice: limit, venueID: venueID)]
      case "filled":
        // Some replies leave the filled order's size where it was.
        return [.filled(total: original, averagePrice: limit, venueID: venueID)]
      case "canceled", "scheduledCancel", "internalCancel": return [.cancelled(filled: filled)]
      case _ where status.hasSuffix("Canceled"): return [.cancelled(filled: filled)]
      case _ where status == "rejected" || status.hasSuffix("Rejected"):
        guard filled.isZero else { return [.cancelled(filled: filled)] }
        return [.rejected(OrderRefusal(status: status))]
      default: return nil
      }
    }
  }

  /// `clearinghouseState`.
  static func account(_ value: JSONValue) throws(WireFault) -> AccountSnapshot {
    let summary = try value.required("marginSummary")
    guard let accountValue = summary["accountValue"]?.nearest(Money.self) else {
      throw .member("accountValue")
    }
    var positions: [VenuePosition] = []
    for element in try value.list("assetPositions") {
      let position = try element.required("position")
      guard let size = position["szi"]?.fixed(Quantity.self) else { throw .member("szi") }
      guard !size.isZero else { continue }
      guard let entry = position["entryPx"]?.nearest(Price.self), entry > .zero else {
        throw .member("entryPx")
      }
      positions.append(
        VenuePosition(symbol: try position.symbol("coin"), quantity: size, entryPrice: entry))
    }
    positions.sort { $0.symbol < $1.symbol }
    guard zip(positions, positions.dropFirst()).allSatisfy({ $0.symbol != $1.symbol }) else {
      throw .inconsistent
    }
    return AccountSnapshot(
      time: try value.time("time"), accountValue: accountValue, positions: positions)
  }

  /// `openOrders` or `frontendOpenOrders`, children included, each venue id once.
  static func openOrders(_ value: JSONValue) throws(WireFault) -> [VenueOrder] {
    var orders: [VenueOrder] = []
    try collect(value, into: &orders)
    orders.sort { $0.venueID < $1.venueID }
    var unique: [VenueOrder] = []
    for order in orders where unique.last?.venueID != order.venueID { unique.append(order) }
    return unique
  }

  private static func collect(
    _ value: JSONValue, into orders: inout [VenueOrder]
  ) throws(WireFault) {
    guard let rows = value.elements else { throw .member("orders") }
    for row in rows {
      orders.append(
        VenueOrder(
          clientID: try row.clientID("cloid"), venueID: try row.identifier("oid"),
          symbol: try row.symbol("coin"), side: try row.side("side"),
          remaining: try row.quantity("sz")))
      if let children = row["children"], !children.isNull { try collect(children, into: &orders) }
    }
  }

  /// One perpetual of `meta`, at its place in the list.
  struct Listing {
    let symbol: Symbol
    let asset: Int
    /// Nil where it is delisted or its figures are out of range.
    let instrument: Instrument?
  }

  /// The perpetuals of `meta`; names that are no ``Symbol`` are left out, their places kept.
  static func listings(_ value: JSONValue) throws(WireFault) -> [Listing] {
    var listings: [Listing] = []
    var asset = 0
    for row in try value.list("universe") {
      defer { asset += 1 }
      guard let name = row["name"]?.text else { throw .member("name") }
      guard let decimals = row["szDecimals"]?.int else { throw .member("szDecimals") }
      guard let leverage = row["maxLeverage"]?.int64 else { throw .member("maxLeverage") }
      guard let symbol = Symbol(name) else { continue }
      let isDelisted = row["isDelisted"]?.bool ?? false
      listings.append(
        Listing(
          symbol: symbol, asset: asset,
          instrument: isDelisted
            ? nil
            : Instrument(
              symbol: symbol, sizeDecimals: decimals, maximumLeverage: leverage)))
    }
    return listings
  }
}
