import Market
import Risk
import Venues

extension JSONWriter {
  /// Writes a number as the venue prints it: trailing zeros gone, one decimal kept.
  mutating func number<Unit>(_ name: StaticString, _ value: Fixed<Unit>) {
    decimal(name, value, places: 1)
  }

  /// Writes a number as the venue prints it, or `null`.
  mutating func number<Unit>(_ name: StaticString, _ value: Fixed<Unit>?) {
    if let value { decimal(name, value, places: 1) } else { null(name) }
  }

  /// Writes a fraction of 1e-10 steps as a decimal text.
  mutating func fraction(_ name: StaticString, _ steps: Int64) {
    let (whole, rest) = steps.magnitude.quotientAndRemainder(dividingBy: 10_000_000_000)
    var digits = String(rest)
    digits = String(repeating: "0", count: 10 - digits.utf8.count) + digits
    while digits.utf8.count > 1, digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
    string(name, (steps < 0 ? "-" : "") + "\(whole).\(digits)")
  }

  /// Writes parts per million as a fraction.
  mutating func rate(_ name: StaticString, _ partsPerMillion: Int64) {
    fraction(name, Int64(clamping: Int128(partsPerMillion) * 10_000))
  }

  /// Writes `[time, amount]`.
  mutating func point(_ time: Instant, _ amount: Money) {
    array {
      $0.integer(time.milliseconds)
      $0.decimal(amount, places: 1)
    }
  }

  mutating func address(_ name: StaticString, _ value: AccountAddress) {
    string(name, value.description)
  }

  mutating func time(_ name: StaticString, _ value: Instant) {
    integer(name, value.milliseconds)
  }

  /// Writes `"B"` or `"A"`.
  mutating func side(_ value: Side) { string("side", value == .buy ? "B" : "A") }

  /// Writes a hash that follows from a number; zero is the hash of what the system does.
  mutating func hash(_ number: UInt64) {
    var bytes: [UInt8] = Array("0x".utf8)
    let noise = Noise(seed: number)
    for index in 0..<4 {
      bytes.appendHexadecimal(number == 0 ? 0 : noise.word(UInt64(index) + 1), digits: 16)
    }
    key("hash")
    string(bytes)
  }

  /// Writes a book; a rounded one says how far apart its best levels are.
  mutating func book(
    of symbol: Symbol, at time: Instant, _ bids: [BookLevel], _ asks: [BookLevel],
    saysSpread: Bool = false
  ) {
    object { writer in
      writer.name("coin", symbol)
      writer.time("time", time)
      writer.array("levels", [bids, asks]) { writer, levels in
        writer.array(levels) { $0.level($1) }
      }
      if saysSpread, let bid = bids.first, let ask = asks.first {
        writer.number("spread", ask.price - bid.price)
      }
    }
  }

  /// Writes one settlement as `fundingHistory` has it.
  mutating func funding(_ row: FundingRow, of symbol: Symbol) {
    object {
      $0.name("coin", symbol)
      $0.fraction("fundingRate", row.rate.steps)
      $0.fraction("premium", row.premium)
      $0.time("time", row.time)
    }
  }

  mutating func level(_ level: BookLevel) {
    object {
      $0.number("px", level.price)
      $0.number("sz", level.quantity)
      $0.integer("n", level.orderCount)
    }
  }

  mutating func trade(_ trade: PublicTrade, of symbol: Symbol) {
    object {
      $0.name("coin", symbol)
      $0.side(trade.takerSide)
      $0.number("px", trade.price)
      $0.number("sz", trade.quantity)
      $0.hash(trade.id)
      $0.time("time", trade.time)
      $0.integer("tid", trade.id)
      $0.array("users", [trade.buyer, trade.seller]) { $0.string($1.description) }
    }
  }

  mutating func candle(_ row: CandleRow, of symbol: Symbol, _ timeframe: Timeframe) {
    candle(row, of: symbol, timeframe.name, until: row.open + timeframe.interval)
  }

  /// Writes a candle that closes at `close`.
  mutating func candle(
    _ row: CandleRow, of symbol: Symbol, _ interval: String, until close: Instant
  ) {
    object {
      $0.time("t", row.open)
      $0.integer("T", close.milliseconds - 1)
      $0.name("s", symbol)
      $0.string("i", interval)
      $0.number("o", row.first)
      $0.number("c", row.last)
      $0.number("h", row.high)
      $0.number("l", row.low)
      $0.number("v", row.volume)
      $0.integer("n", row.trades)
    }
  }

  /// Writes the members that every form of an order has.
  private mutating func orderMembers(_ order: ExchangeOrder) {
    name("coin", order.symbol)
    side(order.side)
    number("limitPx", order.limit)
    number("sz", order.remaining)
    integer("oid", order.id)
    time("timestamp", order.placed)
    number("origSz", order.quantity)
  }

  /// Writes an order as `openOrders` and `orderUpdates` have it.
  mutating func order(_ order: ExchangeOrder) {
    object {
      $0.orderMembers(order)
      if let clientID = order.clientID { $0.string("cloid", clientID.description) }
      if order.isReduceOnly { $0.bool("reduceOnly", true) }
    }
  }

  /// Writes an order as `frontendOpenOrders` and `orderStatus` have it.
  mutating func frontendOrder(_ order: ExchangeOrder, children: [ExchangeOrder] = []) {
    object { writer in
      writer.orderMembers(order)
      writer.string("triggerCondition", order.triggerCondition)
      writer.bool("isTrigger", order.trigger != nil)
      writer.number("triggerPx", order.trigger?.price ?? Price.zero)
      writer.array("children", children) { $0.frontendOrder($1) }
      writer.bool("isPositionTpsl", order.isPositionTrigger)
      writer.bool("reduceOnly", order.isReduceOnly)
      writer.string("orderType", order.typeName)
      if let word = order.timeInForceName {
        writer.string("tif", word)
      } else {
        writer.null("tif")
      }
      if let clientID = order.clientID {
        writer.string("cloid", clientID.description)
      } else {
        writer.null("cloid")
      }
    }
  }

  mutating func fill(_ fill: ExchangeFill) {
    object { writer in
      writer.name("coin", fill.symbol)
      writer.number("px", fill.price)
      writer.number("sz", fill.quantity)
      writer.side(fill.side)
      writer.time("time", fill.time)
      writer.number("startPosition", fill.startPosition)
      writer.string("dir", fill.direction)
      writer.number("closedPnl", fill.closedProfit)
      writer.hash(fill.isOfLiquidated || fill.isDeleveraging ? 0 : fill.tradeID)
      writer.integer("oid", fill.orderID)
      writer.bool("crossed", fill.isTaker)
      writer.number("fee", fill.fee)
      if !fill.builderFee.isZero { writer.number("builderFee", fill.builderFee) }
      writer.integer("tid", fill.tradeID)
      if let clientID = fill.clientID { writer.string("cloid", clientID.description) }
      if let liquidation = fill.liquidation {
        writer.object("liquidation") {
          $0.address("liquidatedUser", liquidation.account)
          $0.number("markPx", liquidation.mark)
          $0.string("method", liquidation.isBackstop ? "backstop" : "market")
        }
      }
      writer.string("feeToken", "USDC")
      writer.null("twapId")
    }
  }

  /// Writes a position's member `leverage`.
  mutating func leverage(of position: ExchangePosition) {
    object("leverage") {
      $0.string("type", position.isIsolated ? "isolated" : "cross")
      $0.integer("value", position.leverage)
      if position.isIsolated { $0.number("rawUsd", position.isolatedCash) }
    }
  }

  /// Writes a transfer as `userNonFundingLedgerUpdates` has it.
  mutating func ledgerUpdate(_ transfer: ExchangeTransfer) {
    object { writer in
      writer.time("time", transfer.time)
      writer.hash(0)
      writer.object("delta") {
        switch transfer.kind {
        case .external: $0.string("type", transfer.amount < .zero ? "withdraw" : "deposit")
        case .betweenWallets: $0.string("type", "accountClassTransfer")
        case .withdrawal: $0.string("type", "withdraw")
        case .betweenAccounts: $0.string("type", "internalTransfer")
        }
        $0.number("usdc", transfer.amount.magnitude)
        switch transfer.kind {
        case .external: break
        case .betweenWallets: $0.bool("toPerp", transfer.amount > .zero)
        case .withdrawal(let nonce):
          $0.integer("nonce", nonce)
          $0.number("fee", Money.zero)
        case .betweenAccounts(let sender, let receiver):
          $0.address("user", sender)
          $0.address("destination", receiver)
          $0.number("fee", Money.zero)
        }
      }
    }
  }

  /// Writes funding as the sockets have it.
  mutating func funding(_ funding: ExchangeFunding) {
    object {
      $0.time("time", funding.time)
      $0.fundingMembers(funding)
    }
  }

  /// Writes funding as `userFunding` has it.
  mutating func ledgerFunding(_ funding: ExchangeFunding) {
    object { writer in
      writer.time("time", funding.time)
      writer.hash(0)
      writer.object("delta") {
        $0.string("type", "funding")
        $0.fundingMembers(funding)
      }
    }
  }

  private mutating func fundingMembers(_ funding: ExchangeFunding) {
    name("coin", funding.symbol)
    number("usdc", funding.payment)
    number("szi", funding.position)
    fraction("fundingRate", funding.rate.steps)
    null("nSamples")
  }
}

extension ExchangeOrder {
  var typeName: String {
    guard let trigger else { return origin == .limit ? "Limit" : "Market" }
    return (trigger.takesProfit ? "Take Profit " : "Stop ")
      + (trigger.isMarket ? "Market" : "Limit")
  }

  /// What `tif` says; nil for triggers.
  var timeInForceName: String? {
    guard trigger == nil else { return nil }
    switch origin {
    case .limit: return timeInForce?.venueName
    case .market: return "FrontendMarket"
    case .liquidation, .deleveraging: return "LiquidationMarket"
    }
  }

  var triggerCondition: String {
    guard let trigger else { return "N/A" }
    guard !hasTriggered else { return "Triggered" }
    let rises = (side == .buy) != trigger.takesProfit
    return "Price \(rises ? "above" : "below") \(trigger.price)"
  }
}

extension TimeInForce {
  var venueName: String {
    switch self {
    case .immediateOrCancel: "Ioc"
    case .goodTilCancelled: "Gtc"
    case .addLiquidityOnly: "Alo"
    }
  }
}

extension ExchangeFill {
  /// Whether it is the liquidated account's own fill, and not that of who took the other side.
  var isOfLiquidated: Bool { liquidation?.account == account }

  /// The venue's word for what the fill did to the position.
  var direction: String {
    let before = startPosition.steps
    let after = before + quantity.steps * side.sign
    if isDeleveraging { return "Auto-Deleveraging" }
    if isOfLiquidated {
      let margin = liquidation?.isIsolated == true ? "Isolated" : "Cross"
      return "Liquidated \(margin) \(before > 0 ? "Long" : "Short")"
    }
    if before > 0, after < 0 { return "Long > Short" }
    if before < 0, after > 0 { return "Short > Long" }
    if side == .buy { return before < 0 ? "Close Short" : "Open Long" }
    return before > 0 ? "Close Long" : "Open Short"
  }
}
