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
    case "userFills":
      writer.array(fills(of: address).suffix(2_000).reversed()) { $0.fill($1) }
    case "userFillsByTime": return writeFillsByTime(request, of: address, to: &writer)
    case "userFunding":
      let start = request["startTime"]?.milliseconds ?? Instant(nanoseconds: 0)
      let rows = fundings(of: address).filter { $0.time >= start }
      writer.array(rows.prefix(500)) { $0.ledgerFunding($1) }
    case "userNonFundingLedgerUpdates": writeTransfers(of: address, to: &writer)
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

  private func writeFillsByTime(
    _ request: JSONValue, of address: AccountAddress, to writer: inout JSONWriter
  ) -> Bool {
    guard let start = request["startTime"]?.milliseconds else { return false }
    var end = clock
    if let given = request["endTime"], !given.isNull {
      guard let time = given.milliseconds else { return false }
      end = time
    }
    let fills = accountOf[address].map { ledger[$0].fills } ?? Ring(capacity: 1)
    let first = fills.partition { $0.time.milliseconds >= start.milliseconds }
    let past = fills.partition { $0.time.milliseconds > end.milliseconds }
    writer.array(first..<max(first, min(past, first + 2_000))) { $0.fill(fills[$1]) }
    return true
  }

  private func writeTransfers(of address: AccountAddress, to writer: inout JSONWriter) {
    let transfers = accountOf[address].map { ledger[$0].transfers.elements } ?? []
    writer.array(transfers) { $0.ledgerUpdate($1) }
  }

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
