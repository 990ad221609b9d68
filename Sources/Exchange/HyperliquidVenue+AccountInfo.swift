import Market
import Risk
import Venues

extension HyperliquidVenue {
  /// Writes what concerns one account; false where it is none of that, or mistyped.
  mutating func accountInfo(
    _ type: JSONText, _ request: JSONValue, _ writer: inout JSONWriter
  ) -> Bool {
    guard let user = request["user"]?.text, let address = AccountAddress(user) else { return false }
    if !(type == "userRole") { openAccount(address) }
    switch type {
    case "clearinghouseState": writeStale(.clearinghouseState, of: address, to: &writer)
    case "openOrders": writeStale(.openOrders, of: address, to: &writer)
    case "frontendOpenOrders": writeStale(.frontendOpenOrders, of: address, to: &writer)
    case "historicalOrders": writeHistory(of: address, to: &writer)
    case "orderStatus": return writeStatus(request["oid"], of: address, to: &writer)
    case "userFills": return writeFills(request, of: address, to: &writer)
    case "userFillsByTime": return writeFillsByTime(request, of: address, to: &writer)
    case "userFunding":
      guard let range = request.range(before: clock) else { return false }
      let rows = fundings(of: address).filter { range.contains($0.time.milliseconds) }
      writer.array(rows.prefix(500)) { $0.ledgerFunding($1) }
    case "userNonFundingLedgerUpdates":
      guard let range = request.range(before: clock) else { return false }
      let transfers = account(address)?.transfers.elements ?? []
      let rows = transfers.filter { range.contains($0.time.milliseconds) }
      writer.array(rows.prefix(500)) { $0.ledgerUpdate($1) }
    case "userRateLimit": writeRateLimit(of: address, to: &writer)
    case "spotClearinghouseState": writeSpotBalances(of: address, to: &writer)
    default: return accountTerms(type, request, of: address, &writer)
    }
    return true
  }

  /// Writes an account answer, or what it was when a fault froze it.
  private func writeStale(
    _ question: AccountQuestion, of address: AccountAddress, to writer: inout JSONWriter
  ) {
    let key = StaleKey(type: question, account: address)
    if let frozen = faults.staleAnswers?[key] {
      writer.raw(frozen)
    } else {
      write(question, of: address, to: &writer)
    }
  }

  func write(
    _ question: AccountQuestion, of address: AccountAddress, to writer: inout JSONWriter
  ) {
    switch question {
    case .clearinghouseState: writeClearinghouse(of: address, to: &writer)
    case .openOrders: writer.array(openOrders(of: address)) { $0.order($1) }
    case .frontendOpenOrders: writeFrontendOrders(of: address, to: &writer)
    }
  }

  func writeFrontendOrders(of address: AccountAddress, to writer: inout JSONWriter) {
    let orders = openOrders(of: address)
    writer.array(orders.filter { $0.parent == nil }) { writer, order in
      writer.frontendOrder(order, children: order.children.compactMap { self.orders[$0] })
    }
  }

  func writeClearinghouse(of address: AccountAddress, to writer: inout JSONWriter) {
    let account = accountOf[address]
    writer.object { writer in
      writer.object("marginSummary") {
        $0.number("accountValue", account.map { accountValue($0) } ?? Money.zero)
        $0.number("totalNtlPos", account.map { totalNotional($0) } ?? Money.zero)
        $0.number("totalRawUsd", account.map { ledger[$0].cash } ?? Money.zero)
        $0.number("totalMarginUsed", account.map { marginUsed($0) } ?? Money.zero)
      }
      writer.object("crossMarginSummary") {
        $0.number("accountValue", account.map { crossValue($0) } ?? Money.zero)
        $0.number(
          "totalNtlPos", account.map { totalNotional($0, isCrossOnly: true) } ?? Money.zero)
        $0.number("totalRawUsd", account.map { crossCash($0) } ?? Money.zero)
        $0.number("totalMarginUsed", account.map { crossMarginUsed($0) } ?? Money.zero)
      }
      writer.number(
        "crossMaintenanceMarginUsed", account.map { crossMaintenance($0) } ?? Money.zero)
      writer.number("withdrawable", account.map { withdrawable($0) } ?? Money.zero)
      writer.array("assetPositions") { writer in
        guard let account else { return }
        for asset in markets.indices where !ledger[account].positions[asset].quantity.isZero {
          writer.object {
            $0.string("type", "oneWay")
            $0.key("position")
            writePosition(account, asset, to: &$0)
          }
        }
      }
      writer.time("time", clock)
    }
  }

  private func writePosition(_ account: Int, _ asset: Int, to writer: inout JSONWriter) {
    let position = ledger[account].positions[asset]
    let value = positionValue(account, asset)
    let profit = value - position.basis
    let initial = position.basis.magnitude.double / Double(position.leverage)
    writer.object { writer in
      writer.name("coin", position.symbol)
      writer.number("szi", position.quantity)
      writer.leverage(of: position)
      writer.number("entryPx", position.entryPrice)
      writer.number("positionValue", value.magnitude)
      writer.number("unrealizedPnl", profit)
      writer.number("returnOnEquity", Money(nearest: initial > 0 ? profit.double / initial : 0))
      writer.number("liquidationPx", liquidationPrice(account, asset))
      writer.number("marginUsed", marginUsed(account, asset))
      writer.integer("maxLeverage", markets[asset].instrument.maximumLeverage)
      writer.object("cumFunding") {
        $0.number("allTime", position.fundingAllTime)
        $0.number("sinceOpen", position.fundingSinceOpen)
        $0.number("sinceChange", position.fundingSinceChange)
      }
    }
  }

  private func writeHistory(of address: AccountAddress, to writer: inout JSONWriter) {
    let ids = accountOf[address].map { ledger[$0].orderHistory.elements } ?? []
    writer.array(ids.suffix(2_000).reversed()) { writer, id in
      if let order = orders[id] { write(status: order, to: &writer) }
    }
  }

  /// Writes the wallet for spot: dollars that were moved there, and nothing else.
  func writeSpotBalances(of address: AccountAddress, to writer: inout JSONWriter) {
    let dollars = account(address)?.spot ?? .zero
    writer.object { writer in
      writer.array("balances", dollars.isZero ? [] : [dollars]) { writer, amount in
        writer.object {
          $0.string("coin", "USDC")
          $0.integer("token", 0)
          $0.number("hold", Money.zero)
          $0.number("total", amount)
          $0.number("entryNtl", Money.zero)
        }
      }
    }
  }

  private func write(status order: ExchangeOrder, to writer: inout JSONWriter) {
    writer.object {
      $0.key("order")
      $0.frontendOrder(order, children: order.children.compactMap { orders[$0] })
      $0.string("status", order.status.rawValue)
      $0.time("statusTimestamp", order.statusTime)
    }
  }

  private func writeStatus(
    _ question: JSONValue?, of address: AccountAddress, to writer: inout JSONWriter
  ) -> Bool {
    var found: ExchangeOrder?
    if let id = question?.uint64 {
      found = orders[id]
    } else if let clientID = question?.string.flatMap({ ClientOrderID($0) }) {
      found = order(of: address, clientID: clientID)
    } else {
      return false
    }
    writer.object { writer in
      guard let found, found.account == address else {
        writer.string("status", "unknownOid")
        return
      }
      writer.string("status", "order")
      writer.key("order")
      write(status: found, to: &writer)
    }
    return true
  }

  /// Writes the newest fills, newest first.
  private func writeFills(
    _ request: JSONValue, of address: AccountAddress, to writer: inout JSONWriter
  ) -> Bool {
    guard let merges = request.flag("aggregateByTime") else { return false }
    let fills = merges ? fills(of: address).merged : fills(of: address)
    writer.array(fills.suffix(Self.fillPage).reversed()) { $0.fill($1) }
    return true
  }

  /// Writes a page of fills: from the start on, or from the end back where `reversed`.
  private func writeFillsByTime(
    _ request: JSONValue, of address: AccountAddress, to writer: inout JSONWriter
  ) -> Bool {
    guard request["startTime"] != nil, let range = request.range(before: clock),
      let merges = request.flag("aggregateByTime"), let isReversed = request.flag("reversed")
    else { return false }
    let all = accountOf[address].map { ledger[$0].fills } ?? Ring(capacity: 1)
    let first = all.partition { $0.time.milliseconds >= range.lowerBound }
    let past = max(first, all.partition { $0.time.milliseconds > range.upperBound })
    var fills = (first..<past).map { all[$0] }
    if merges { fills = fills.merged }
    if isReversed { fills.reverse() }
    writer.array(fills.prefix(Self.fillPage)) { $0.fill($1) }
    return true
  }

  private static var fillPage: Int { 2_000 }

  private func writeRateLimit(of address: AccountAddress, to writer: inout JSONWriter) {
    let account = accountOf[address].map { ledger[$0] }
    let volume = account?.volume ?? Money.zero
    let initial = (configuration.rateLimits ?? VenueRateLimits()).initialActions
    writer.object {
      $0.number("cumVlm", volume)
      $0.integer("nRequestsUsed", account?.actionsUsed ?? 0)
      $0.integer("nRequestsCap", initial + volume.steps / Money.stepsPerWhole)
      $0.integer("nRequestsSurplus", 0)
    }
  }
}

extension JSONValue {
  /// The milliseconds from `startTime` to `endTime`, both included, or all before `limit`.
  ///
  /// Nil where one of them is mistyped.
  fileprivate func range(before limit: Instant) -> ClosedRange<Int64>? {
    var start = Instant(nanoseconds: 0)
    if let given = self["startTime"], !given.isNull {
      guard let time = given.milliseconds else { return nil }
      start = time
    }
    guard let end = end(before: limit) else { return nil }
    return start.milliseconds...max(start.milliseconds, end.milliseconds)
  }
}
