import Market
import Venues

extension HyperliquidVenue {
  /// Sends what happened to accounts since the last time, in its order.
  mutating func flushNews() {
    guard !news.isEmpty else { return }
    let items = news
    news.removeAll(keepingCapacity: true)
    guard !accountAudiences.isEmpty || hearsLimits else { return }
    var accounts: [AccountAddress] = []
    for item in items where !accounts.contains(item.account) { accounts.append(item.account) }
    for account in accounts {
      let own = items.filter { $0.account == account }
      sendUpdates(own, of: account)
      sendFills(own, of: account)
      sendFundings(own, of: account)
      sendEvents(own, of: account)
      sendTransfers(own, of: account)
      sendStates(of: account)
      sendLimits(of: account)
    }
  }

  private func audience(_ channel: AccountChannel, _ account: AccountAddress) -> [SessionID] {
    accountAudiences[AccountSubscription(channel: channel, account: account)] ?? []
  }

  private mutating func send(
    _ channel: AccountChannel, of account: AccountAddress, as name: String? = nil,
    _ body: (inout JSONWriter) -> Void
  ) {
    let audience = audience(channel, account)
    guard !audience.isEmpty else { return }
    let bytes = accountFrame(name ?? channel.name, body)
    for id in audience { send(bytes, to: id, .userData) }
  }

  private func accountFrame(_ name: String, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.object { writer in
      writer.string("channel", name)
      writer.key("data")
      body(&writer)
    }
    return writer.bytes
  }

  private mutating func sendUpdates(_ items: [AccountNews], of account: AccountAddress) {
    var updates: [ExchangeOrder] = []
    for case .update(let order) in items { updates.append(order) }
    guard !updates.isEmpty else { return }
    send(.orderUpdates, of: account) { writer in
      writer.array(updates) { writer, order in
        writer.object {
          $0.key("order")
          $0.order(order)
          $0.string("status", order.status.rawValue)
          $0.time("statusTimestamp", order.statusTime)
        }
      }
    }
  }

  private mutating func sendFills(_ items: [AccountNews], of account: AccountAddress) {
    var fills: [ExchangeFill] = []
    for case .fill(let fill) in items { fills.append(fill) }
    guard !fills.isEmpty else { return }
    send(.userFills, of: account) { writer in
      writer.object {
        $0.address("user", account)
        $0.array("fills", fills) { $0.fill($1) }
      }
    }
    send(.mergedFills, of: account) { writer in
      writer.object {
        $0.address("user", account)
        $0.array("fills", fills.merged) { $0.fill($1) }
      }
    }
    send(.userEvents, of: account, as: "user") { writer in
      writer.object { $0.array("fills", fills) { $0.fill($1) } }
    }
  }

  private mutating func sendFundings(_ items: [AccountNews], of account: AccountAddress) {
    var fundings: [ExchangeFunding] = []
    for case .funding(let funding) in items { fundings.append(funding) }
    guard !fundings.isEmpty else { return }
    send(.userFundings, of: account) { writer in
      writer.object {
        $0.address("user", account)
        $0.array("fundings", fundings) { $0.funding($1) }
      }
    }
    for funding in fundings {
      send(.userEvents, of: account, as: "user") { writer in
        writer.object {
          $0.key("funding")
          $0.funding(funding)
        }
      }
    }
  }

  private mutating func sendEvents(_ items: [AccountNews], of account: AccountAddress) {
    var cancelled: [ExchangeOrder] = []
    for case .cancelledByVenue(let order) in items { cancelled.append(order) }
    if !cancelled.isEmpty {
      send(.userEvents, of: account, as: "user") { writer in
        writer.object {
          $0.array("nonUserCancel", cancelled) { writer, order in
            writer.object {
              $0.name("coin", order.symbol)
              $0.integer("oid", order.id)
            }
          }
        }
      }
    }
    for case .liquidated(_, let notional, let value) in items {
      let liquidationID = tradeCount
      send(.userEvents, of: account, as: "user") { writer in
        writer.object {
          $0.object("liquidation") {
            $0.integer("lid", liquidationID)
            $0.address("liquidator", Self.backgroundAddress)
            $0.address("liquidated_user", account)
            $0.number("liquidated_ntl_pos", notional)
            $0.number("liquidated_account_value", value)
          }
        }
      }
    }
  }

  private mutating func sendTransfers(_ items: [AccountNews], of account: AccountAddress) {
    var transfers: [ExchangeTransfer] = []
    for case .transferred(_, let transfer) in items { transfers.append(transfer) }
    guard !transfers.isEmpty else { return }
    send(.ledgerUpdates, of: account) { writer in
      writer.object {
        $0.address("user", account)
        $0.array("nonFundingLedgerUpdates", transfers) { $0.ledgerUpdate($1) }
      }
    }
  }

  /// Whether anybody listens to what money an account has.
  func hearsMoney(_ account: AccountAddress) -> Bool {
    let channels: [AccountChannel] = [.ledgerUpdates, .clearinghouseState, .spotState]
    return channels.contains { !audience($0, account).isEmpty }
  }

  private var hearsLimits: Bool {
    sessions.contains { session in
      session.subscriptions.contains { if case .limits = $0 { true } else { false } }
    }
  }

  /// Sends what may still be traded to those who listen; of one account, or of all where nil.
  mutating func sendLimits(of account: AccountAddress?) {
    guard hearsLimits else { return }
    for session in sessions {
      for case .limits(let asset, let address) in session.subscriptions
      where account == nil || account == address {
        send(limitsFrame(asset, of: address), to: session.id, .userData)
      }
    }
  }

  func limitsFrame(_ asset: Int, of account: AccountAddress) -> [UInt8] {
    accountFrame("activeAssetData") { writeLimits(of: account, asset, to: &$0) }
  }

  /// Whole states are sent anew after every change.
  private mutating func sendStates(of account: AccountAddress) {
    for channel in [AccountChannel.clearinghouseState, .openOrders, .spotState]
    where !audience(channel, account).isEmpty {
      let bytes = stateFrame(channel, of: account)
      for id in audience(channel, account) { send(bytes, to: id, .userData) }
    }
  }

  /// Sends the states of accounts whose worth moves with the marks: those that hold positions.
  mutating func sendMarkedStates() {
    guard !accountAudiences.isEmpty else { return }
    for session in sessions {
      for case .account(.clearinghouseState, let address) in session.subscriptions {
        guard let account = accountOf[address], holdsPositions(account) else { continue }
        send(stateFrame(.clearinghouseState, of: address), to: session.id, .userData)
      }
    }
  }

  private func stateFrame(_ channel: AccountChannel, of account: AccountAddress) -> [UInt8] {
    accountFrame(channel.name) { writer in
      writer.object { writer in
        if channel != .spotState { writer.string("dex", "") }
        writer.address("user", account)
        switch channel {
        case .openOrders:
          writer.key("orders")
          writeFrontendOrders(of: account, to: &writer)
        case .spotState:
          writer.key("spotState")
          writeSpotBalances(of: account, to: &writer)
        default:
          writer.key("clearinghouseState")
          writeClearinghouse(of: account, to: &writer)
        }
      }
    }
  }

  /// Sends the snapshot that a channel of an account begins with, if it has one.
  mutating func sendFirst(_ channel: AccountChannel, of account: AccountAddress, to id: SessionID) {
    let bytes: [UInt8]
    switch channel {
    case .orderUpdates, .userEvents, .notification: return
    case .ledgerUpdates:
      let transfers = (self.account(account)?.transfers.elements ?? []).suffix(500)
      bytes = accountFrame(channel.name) { writer in
        writer.object {
          $0.bool("isSnapshot", true)
          $0.address("user", account)
          $0.array("nonFundingLedgerUpdates", transfers) { $0.ledgerUpdate($1) }
        }
      }
    case .userFills, .mergedFills:
      let all = fills(of: account)
      let fills = (channel == .mergedFills ? all.merged : all).suffix(2_000).reversed()
      bytes = accountFrame(channel.name) { writer in
        writer.object {
          $0.bool("isSnapshot", true)
          $0.address("user", account)
          $0.array("fills", fills) { $0.fill($1) }
        }
      }
    case .userFundings:
      let fundings = fundings(of: account).suffix(500)
      bytes = accountFrame(channel.name) { writer in
        writer.object {
          $0.bool("isSnapshot", true)
          $0.address("user", account)
          $0.array("fundings", fundings) { $0.funding($1) }
        }
      }
    case .sliceFills, .sliceHistory:
      bytes = accountFrame(channel.name) { writer in
        writer.object {
          $0.bool("isSnapshot", true)
          $0.address("user", account)
          $0.array(channel == .sliceFills ? "twapSliceFills" : "history") { _ in }
        }
      }
    case .clearinghouseState, .openOrders, .spotState: bytes = stateFrame(channel, of: account)
    }
    send(bytes, to: id, .userData)
  }
}
