import Market
import Risk

// Requests as bytes.
extension HyperliquidClient {
  /// The request for a piece of work; nil where it cannot be made: an unknown symbol, no account, a
  /// signer without its key.
  mutating func httpRequest(for work: Work, at now: Now) -> HTTPRequest? {
    switch work {
    case .info(let kind):
      infoBody(kind).map { post("/info", $0, configuration.infoTimeout) }
    case .submit(let intents, let grouping, let expiresAfter):
      submitAction(intents, grouping).flatMap { envelope($0, expiresAfter: expiresAfter, at: now) }
    case .cancel(let orders):
      cancelAction(orders).flatMap { envelope($0, expiresAfter: nil, at: now) }
    case .schedule(let time):
      envelope(scheduleAction(time), expiresAfter: nil, at: now)
    case .modify(let old, let intent, let expiresAfter):
      modifyAction(old, intent).flatMap { envelope($0, expiresAfter: expiresAfter, at: now) }
    case .cancelForeign(let orders):
      cancelAction(venueOrders: orders).flatMap { envelope($0, expiresAfter: nil, at: now) }
    case .leverage(let symbol, let leverage, let isCross):
      assets[symbol].flatMap {
        envelope(Self.leverageAction($0, leverage, isCross: isCross), expiresAfter: nil, at: now)
      }
    }
  }

  private func post(_ path: String, _ body: [UInt8], _ timeout: Interval) -> HTTPRequest {
    HTTPRequest(method: .post, path: path, body: body, timeout: timeout)
  }

  private func infoBody(_ kind: RequestKind) -> [UInt8]? {
    var writer = JSONWriter()
    let user = configuration.user?.description
    switch kind {
    case .meta: writer.object { $0.string("type", "meta") }
    case .contexts: writer.object { $0.string("type", "metaAndAssetCtxs") }
    case .mids: writer.object { $0.string("type", "allMids") }
    case .book(let symbol):
      writer.object {
        $0.string("type", "l2Book")
        $0.name("coin", symbol)
      }
    case .candles(let symbol, let timeframe, let from, let to):
      writer.object {
        $0.string("type", "candleSnapshot")
        $0.object("req") {
          $0.name("coin", symbol)
          $0.string("interval", timeframe.name)
          $0.integer("startTime", from.milliseconds)
          $0.integer("endTime", (to + timeframe.interval).milliseconds - 1)
        }
      }
    case .account, .openOrders, .fills, .orderStatus, .actionBudget:
      guard let user else { return nil }
      userBody(kind, user, &writer)
    case .submit, .cancel, .scheduleCancel, .modify, .cancelForeign, .leverage, .serverTime,
      .openInterest, .funding, .trades, .spotPrice,
      .optionChain, .volatilityIndex:
      return nil
    }
    return writer.bytes
  }

  private func userBody(_ kind: RequestKind, _ user: String, _ writer: inout JSONWriter) {
    writer.object {
      switch kind {
      case .account: $0.string("type", "clearinghouseState")
      case .openOrders: $0.string("type", "frontendOpenOrders")
      case .fills: $0.string("type", "userFillsByTime")
      case .actionBudget: $0.string("type", "userRateLimit")
      default: $0.string("type", "orderStatus")
      }
      $0.string("user", user)
      if case .fills(let since) = kind { $0.integer("startTime", max(since.milliseconds, 0)) }
      if case .orderStatus(let id) = kind { $0.string("oid", id.description) }
    }
  }

  func submitAction(_ intents: [OrderIntent], _ grouping: OrderGrouping) -> [UInt8]? {
    var listed: [(intent: OrderIntent, asset: Int)] = []
    for intent in intents {
      guard let asset = assets[intent.symbol] else { return nil }
      listed.append((intent, asset))
    }
    var writer = JSONWriter(capacity: 256 * (intents.count + 1))
    writer.object {
      $0.string("type", "order")
      $0.array("orders", listed) { Self.write($1.intent, asset: $1.asset, to: &$0) }
      $0.string("grouping", grouping.hyperliquidName)
    }
    return writer.bytes
  }

  private static func write(_ intent: OrderIntent, asset: Int, to writer: inout JSONWriter) {
    writer.object {
      $0.integer("a", asset)
      $0.bool("b", intent.side == .buy)
      switch intent.pricing {
      case .limit(let price, _): $0.decimal("p", price)
      case .trigger(_, let worst): $0.decimal("p", worst)
      }
      $0.decimal("s", intent.quantity)
      $0.bool("r", intent.isReduceOnly)
      $0.object("t") {
        switch intent.pricing {
        case .limit(_, let timeInForce):
          $0.object("limit") { $0.string("tif", timeInForce.hyperliquidName) }
        case .trigger(let trigger, _):
          $0.object("trigger") {
            $0.bool("isMarket", true)
            $0.decimal("triggerPx", trigger)
            $0.string("tpsl", intent.role == .target ? "tp" : "sl")
          }
        }
      }
      $0.string("c", intent.clientID.description)
    }
  }

  private func cancelAction(
    _ orders: [(symbol: Symbol, clientID: ClientOrderID)]
  ) -> [UInt8]? {
    var listed: [(asset: Int, clientID: ClientOrderID)] = []
    for order in orders {
      guard let asset = assets[order.symbol] else { return nil }
      listed.append((asset, order.clientID))
    }
    var writer = JSONWriter(capacity: 96 * (orders.count + 1))
    writer.object {
      $0.string("type", "cancelByCloid")
      $0.array("cancels", listed) { writer, order in
        writer.object {
          $0.integer("asset", order.asset)
          $0.string("cloid", order.clientID.description)
        }
      }
    }
    return writer.bytes
  }

  private func cancelAction(venueOrders orders: [(symbol: Symbol, venueID: UInt64)]) -> [UInt8]? {
    var listed: [(asset: Int, venueID: UInt64)] = []
    for order in orders {
      guard let asset = assets[order.symbol] else { return nil }
      listed.append((asset, order.venueID))
    }
    var writer = JSONWriter(capacity: 64 * (orders.count + 1))
    writer.object {
      $0.string("type", "cancel")
      $0.array("cancels", listed) { writer, order in
        writer.object {
          $0.integer("a", order.asset)
          $0.integer("o", order.venueID)
        }
      }
    }
    return writer.bytes
  }

  private func modifyAction(_ old: ClientOrderID, _ intent: OrderIntent) -> [UInt8]? {
    guard let asset = assets[intent.symbol] else { return nil }
    var writer = JSONWriter(capacity: 384)
    writer.object {
      $0.string("type", "modify")
      $0.string("oid", old.description)
      $0.key("order")
      Self.write(intent, asset: asset, to: &$0)
    }
    return writer.bytes
  }

  private static func leverageAction(
    _ asset: Int, _ leverage: Int64, isCross: Bool
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.object {
      $0.string("type", "updateLeverage")
      $0.integer("asset", asset)
      $0.bool("isCross", isCross)
      $0.integer("leverage", leverage)
    }
    return writer.bytes
  }

  private func scheduleAction(_ time: Instant?) -> [UInt8] {
    var writer = JSONWriter()
    writer.object {
      $0.string("type", "scheduleCancel")
      if let time { $0.integer("time", time.milliseconds) }
    }
    return writer.bytes
  }

  /// The time that a nonce tells: our clock's, unless it is so far off that the venue would refuse
  /// the nonce (its window is from two days back to one ahead), or the ones after it.
  private func nonceTime(at now: Now) -> Instant {
    guard let reading = venueClock.reading(at: now.monotonic) else { return now.wall }
    let isUsable = now.wall < reading + .hours(12) && now.wall > reading - .hours(36)
    return isUsable ? now.wall : reading
  }

  /// Signs an action; the bytes that are sent are those that were read back and hashed.
  private mutating func envelope(
    _ action: [UInt8], expiresAfter: UInt64?, at now: Now
  ) -> HTTPRequest? {
    guard let document = try? actionParser.parse(action),
      let messagePack = MessagePack.encode(document.root)
    else { return nil }
    let nonce = max(UInt64(clamping: nonceTime(at: now).milliseconds), lastNonce + 1)
    let signable = SignableAction(
      messagePack: messagePack, nonce: nonce, expiresAfter: expiresAfter)
    guard let signature = try? signer.sign(signable) else { return nil }
    lastNonce = nonce
    var writer = JSONWriter(capacity: action.count + 320)
    writer.object {
      $0.key("action")
      $0.raw(action)
      $0.integer("nonce", nonce)
      $0.object("signature") {
        $0.string("r", "0x" + signature.r.hexadecimal)
        $0.string("s", "0x" + signature.s.hexadecimal)
        $0.integer("v", signature.v)
      }
      if let expiresAfter { $0.integer("expiresAfter", expiresAfter) }
    }
    return post("/exchange", writer.bytes, configuration.actionTimeout)
  }
}

extension TimeInForce {
  /// The wire's word.
  var hyperliquidName: String {
    switch self {
    case .immediateOrCancel: "Ioc"
    case .goodTilCancelled: "Gtc"
    case .addLiquidityOnly: "Alo"
    }
  }
}
