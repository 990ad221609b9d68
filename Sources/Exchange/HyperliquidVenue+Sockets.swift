import Market
import Venues

extension HyperliquidVenue {
  func session(_ id: SessionID) -> Int? { sessions.firstIndex { $0.id == id } }

  /// Whether one more WebSocket may be opened.
  mutating func admitsConnection() -> Bool {
    guard let limits = configuration.rateLimits else { return true }
    return sessions.count < limits.connections
      && usage.connections.use(1, of: limits.newConnectionsPerMinute, at: clock)
  }

  /// Takes in a frame of a client; one that sends too many is closed.
  mutating func receive(_ bytes: [UInt8], from id: SessionID) {
    guard session(id) != nil else { return }
    if let limits = configuration.rateLimits,
      !usage.messages.use(1, of: limits.messagesPerMinute, at: clock)
    {
      outbox.append(.close(id))
      return forget(id)
    }
    guard let document = try? parser.parse(bytes), let method = document.root["method"]?.text else {
      return refuse(
        "Error parsing JSON into valid websocket request: "
          + String(decoding: bytes.prefix(1_000), as: UTF8.self), to: id)
    }
    switch method {
    case "ping": send(Array(#"{"channel":"pong"}"#.utf8), to: id, .control)
    case "subscribe": subscribe(document.root["subscription"], id)
    case "unsubscribe": unsubscribe(document.root["subscription"], id)
    case "post":
      let isAction = document.root["request"]?["type"]?.text.map { $0 == "action" } ?? false
      guard faults.isHalted, isAction else { return post(document.root, id) }
      guard postsInFlight < configuration.rateLimits?.postsInFlight ?? Self.longestWait else {
        return post(document.root, id, refusal: .status(429, "Too Many Requests"))
      }
      waiting.append(.frame(id, bytes))
    default:
      refuse(
        "Error parsing JSON into valid websocket request: "
          + String(decoding: bytes.prefix(1_000), as: UTF8.self), to: id)
    }
  }

  private mutating func refuse(_ text: String, to id: SessionID) {
    var writer = JSONWriter()
    writer.object {
      $0.string("channel", "error")
      $0.string("data", text)
    }
    send(writer.bytes, to: id, .control)
  }

  private mutating func subscribe(_ request: JSONValue?, _ id: SessionID) {
    guard let request, let (subscription, echo) = subscription(request) else {
      return refuse("Invalid subscription: " + compact(request), to: id)
    }
    guard let place = session(id) else { return }
    guard !sessions[place].subscriptions.contains(subscription) else {
      return refuse("Already subscribed: " + echo, to: id)
    }
    // With limits on, all sessions are taken for those of one host.
    let isOneHost = configuration.rateLimits != nil
    let subscriptions = isOneHost ? sessions : [sessions[place]]
    guard subscriptions.reduce(0, { $0 + $1.subscriptions.count }) < 1_000 else {
      return refuse("Cannot have more than 1000 subscriptions.", to: id)
    }
    if let address = subscription.address { openAccount(address) }
    sessions[place].subscriptions.append(subscription)
    guard Session.trackedAccounts(of: isOneHost ? sessions : [sessions[place]]) <= 15 else {
      sessions[place].subscriptions.removeLast()
      return refuse("Cannot track more than 15 total users.", to: id)
    }
    acknowledge("subscribe", echo, id)
    enlist(id, subscription)
    sendFirst(subscription, to: id)
  }

  private mutating func unsubscribe(_ request: JSONValue?, _ id: SessionID) {
    guard let request, let (subscription, echo) = subscription(request) else {
      return refuse("Invalid subscription: " + compact(request), to: id)
    }
    guard let place = session(id) else { return }
    guard let index = sessions[place].subscriptions.firstIndex(of: subscription) else {
      return refuse("Already unsubscribed: " + echo, to: id)
    }
    sessions[place].subscriptions.remove(at: index)
    dismiss(id, subscription)
    acknowledge("unsubscribe", echo, id)
  }

  private mutating func acknowledge(_ method: String, _ echo: String, _ id: SessionID) {
    var writer = JSONWriter()
    writer.object {
      $0.string("channel", "subscriptionResponse")
      $0.object("data") {
        $0.string("method", method)
        $0.key("subscription")
        $0.raw(echo.utf8)
      }
    }
    send(writer.bytes, to: id, .control)
  }

  private func compact(_ value: JSONValue?) -> String {
    guard let value else { return "null" }
    var writer = JSONWriter()
    writer.value(value)
    return writer.text
  }

  /// Reads a subscription and writes its normalised echo; nil where it is none.
  private func subscription(_ request: JSONValue) -> (Subscription, echo: String)? {
    guard let type = request["type"]?.text else { return nil }
    var writer = JSONWriter()
    // There is one exchange of perpetuals here, whose name is empty.
    let dex = request["dex"]?.string
    guard dex ?? "" == "" else { return nil }
    if let channel = AccountChannel(type, request) {
      guard let user = request["user"]?.text, let address = AccountAddress(user) else { return nil }
      writer.object {
        $0.string("type", channel.name)
        $0.address("user", address)
        if channel == .mergedFills { $0.bool("aggregateByTime", true) }
        if let dex { $0.string("dex", dex) }
      }
      return (.account(channel, address), writer.text)
    }
    if type == "allMids" {
      writer.object {
        $0.string("type", "allMids")
        if let dex { $0.string("dex", dex) }
      }
      return (.allMids, writer.text)
    }
    guard let asset = asset(request["coin"]) else { return nil }
    var interval: String?
    var address: AccountAddress?
    let result: Subscription
    switch type {
    case "trades": result = .trades(asset: asset)
    case "bbo": result = .quote(asset: asset)
    case "activeAssetCtx": result = .context(asset: asset)
    case "l2Book":
      guard let view = BookView(request) else { return nil }
      result = .book(asset: asset, view)
    case "candle":
      interval = request["interval"]?.string
      if let derived = interval.flatMap(CandleInterval.derived(named:)) {
        result = .derivedCandle(asset: asset, derived)
      } else if let series = CandleSeries.timeframes.firstIndex(where: { $0.name == interval }) {
        result = .candle(asset: asset, series: series)
      } else {
        return nil
      }
    case "activeAssetData":
      address = request["user"]?.text.flatMap { AccountAddress($0) }
      guard let address else { return nil }
      result = .limits(asset: asset, address)
    default: return nil
    }
    writer.object { writer in
      writer.string("type", String(type))
      if let address { writer.address("user", address) }
      writer.name("coin", markets[asset].instrument.symbol)
      if let interval { writer.string("interval", interval) }
      if case .book(_, let view) = result { writer.view(view) }
    }
    return (result, writer.text)
  }

  private mutating func enlist(_ id: SessionID, _ subscription: Subscription) {
    switch subscription {
    case .allMids: midsAudience.append(id)
    case .book(let asset, let view): audiences[asset].books.append((id, view))
    case .trades(let asset): audiences[asset].trades.append(id)
    case .candle(let asset, let series): audiences[asset].candles[series].append(id)
    case .derivedCandle(let asset, let interval):
      audiences[asset].derived[interval, default: DerivedAudience()].sessions.append(id)
    case .limits: break
    case .quote(let asset): audiences[asset].quotes.append(id)
    case .context(let asset): audiences[asset].contexts.append(id)
    case .account(let channel, let account):
      let key = AccountSubscription(channel: channel, account: account)
      accountAudiences[key, default: []].append(id)
    }
  }

  private mutating func dismiss(_ id: SessionID, _ subscription: Subscription) {
    switch subscription {
    case .allMids: midsAudience.removeAll { $0 == id }
    case .book(let asset, let view):
      audiences[asset].books.removeAll { $0.session == id && $0.view == view }
    case .trades(let asset):
      audiences[asset].trades.removeAll { $0 == id }
      if audiences[asset].trades.isEmpty { markets[asset].unpublishedTrades = [] }
    case .candle(let asset, let series): audiences[asset].candles[series].removeAll { $0 == id }
    case .derivedCandle(let asset, let interval):
      audiences[asset].derived[interval]?.sessions.removeAll { $0 == id }
      if audiences[asset].derived[interval]?.sessions.isEmpty == true {
        audiences[asset].derived[interval] = nil
      }
    case .limits: break
    case .quote(let asset): audiences[asset].quotes.removeAll { $0 == id }
    case .context(let asset): audiences[asset].contexts.removeAll { $0 == id }
    case .account(let channel, let account):
      let key = AccountSubscription(channel: channel, account: account)
      accountAudiences[key]?.removeAll { $0 == id }
      if accountAudiences[key]?.isEmpty == true { accountAudiences[key] = nil }
    }
  }

  /// Forgets a session that is closed.
  mutating func forget(_ id: SessionID) {
    guard let place = session(id) else { return }
    for subscription in sessions[place].subscriptions { dismiss(id, subscription) }
    sessions.remove(at: place)
    delayed.removeAll { $0.session == id }
    waiting.removeAll {
      if case .frame(let session, _) = $0 { session == id } else { false }
    }
  }

  /// How many posted requests wait while the chain stands still.
  private var postsInFlight: Int {
    waiting.count { if case .frame = $0 { true } else { false } }
  }

  /// Answers a request that came over the socket, with a refusal where there is one.
  private mutating func post(
    _ message: JSONValue, _ id: SessionID, refusal: Answer? = nil
  ) {
    guard let number = message["id"]?.uint64, let request = message["request"],
      let type = request["type"]?.string, let payload = request["payload"]
    else { return refuse("Error parsing JSON into valid websocket request: post", to: id) }
    var answer: Answer
    switch type {
    case _ where refusal != nil: answer = refusal ?? .unreadable
    case _ where faults.isRateLimited: answer = .status(429, "Too Many Requests")
    case "info": answer = info(payload)
    case "action":
      answer = exchange(payload)
      if faults.failingActions > 0 {
        faults.failingActions -= 1
        answer = .status(502, "Bad Gateway")
      }
    default: answer = .unreadable
    }
    if configuration.framesBeforeReplies { flushNews() }
    var writer = JSONWriter()
    writer.object { writer in
      writer.string("channel", "post")
      writer.object("data") { writer in
        writer.integer("id", number)
        writer.object("response") { writer in
          writer.payload(answer, type, asked: payload["type"]?.string)
        }
      }
    }
    send(writer.bytes, to: id, .control)
  }

  // MARK: Sending

  /// Sends a frame, unless a fault withholds it.
  mutating func send(_ bytes: [UInt8], to id: SessionID, _ kind: FrameKind) {
    switch (faults.silence, kind) {
    case (.everything, _), (.data, .marketData), (.data, .userData), (.marketData, .marketData),
      (.userData, .userData):
      return
    default: break
    }
    guard kind == .marketData, faults.delay > .zero || !delayed.isEmpty else {
      return deliver(bytes, to: id)
    }
    let due = max(clock + faults.delay, delayed.last?.due ?? clock)
    delayed.append(DelayedFrame(due: due, session: id, bytes: bytes))
  }

  /// Hands a frame to the host.
  mutating func deliver(_ bytes: [UInt8], to id: SessionID) {
    guard let place = session(id) else { return }
    sessions[place].lastSent = clock
    outbox.append(.frame(id, bytes))
  }

  func hearsTrades(_ asset: Int) -> Bool { !audiences[asset].trades.isEmpty }
}

extension JSONWriter {
  /// Writes a parsed value again, without blanks.
  mutating func value(_ value: JSONValue) {
    switch value.kind {
    case .object:
      object { writer in
        guard let members = value.members else { return }
        for member in members {
          writer.key(member.key)
          writer.value(member.value)
        }
      }
    case .array:
      array { writer in
        guard let elements = value.elements else { return }
        for element in elements { writer.value(element) }
      }
    case .string: string(value.string ?? "")
    case .integer:
      if let number = value.int64 { integer(number) } else { integer(value.uint64 ?? 0) }
    case .double: raw("\(value.double ?? 0)".utf8)
    case .bool: bool(value.bool ?? false)
    case .null: null()
    }
  }

  fileprivate mutating func view(_ view: BookView) {
    key("nSigFigs")
    if let figures = view.significantFigures { integer(figures) } else { null() }
    key("mantissa")
    if let mantissa = view.mantissa { integer(mantissa) } else { null() }
    if view.isFast { bool("fast", true) }
  }

  fileprivate mutating func payload(_ answer: Answer, _ type: String, asked: String?) {
    switch answer {
    case .status(let status, let text):
      string("type", "error")
      string("payload", "\(status): \(text)")
    case .json(let bytes) where type == "info":
      string("type", "info")
      object("payload") {
        $0.string("type", asked ?? "")
        $0.key("data")
        $0.raw(bytes)
      }
    case .json(let bytes):
      string("type", type)
      key("payload")
      raw(bytes)
    }
  }
}
