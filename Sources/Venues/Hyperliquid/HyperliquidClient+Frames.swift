import Market

// What the socket says.
extension HyperliquidClient {
  mutating func frame(_ bytes: [UInt8], at now: Now, into effects: inout [ClientEffect]) {
    lastFrame = now.monotonic
    let root: JSONValue
    do throws(JSONFault) {
      root = try parser.parse(bytes).root
    } catch {
      // Older servers greet with a line of plain text.
      if bytes.elementsEqual("Websocket connection established.".utf8) { return }
      return reject(.frame, .json(error), bytes, into: &effects)
    }
    guard let channel = root["channel"]?.text else {
      return reject(.frame, .member("channel"), bytes, into: &effects)
    }
    guard let kind = Self.kind(of: channel) else {
      return reject(.frame, .unknownChannel, bytes, into: &effects)
    }
    if kind == .control {
      return control(channel, root, bytes, at: now, into: &effects)
    }
    do throws(WireFault) {
      try data(kind, root.required("data"), bytes, at: now, into: &effects)
    } catch {
      reject(kind, error.reason, bytes, into: &effects)
    }
  }

  private static func kind(of channel: JSONText) -> InputKind? {
    switch channel {
    case "candle": .candle
    case "l2Book": .l2Book
    case "bbo": .bbo
    case "trades": .trades
    case "allMids": .allMids
    case "activeAssetCtx": .activeAssetCtx
    case "orderUpdates": .orderUpdates
    case "userFills": .userFills
    case "userFundings": .userFundings
    case "pong", "subscriptionResponse", "error": .control
    default: nil
    }
  }

  private mutating func data(
    _ kind: InputKind, _ value: JSONValue, _ bytes: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) throws(WireFault) {
    switch kind {
    case .candle:
      let candle = try MarketWire.candle(value)
      let name = CandleSeries(symbol: candle.symbol, timeframe: candle.timeframe)
      guard index(of: name) != nil else { throw .unknownSymbol }
      guard candle.openTime < now.wall + Self.furthestAhead else { throw .inconsistent }
      streamed(candle, at: now, into: &effects)
    case .trades: try tradesFrame(value, at: now, into: &effects)
    case .l2Book:
      let book = try MarketWire.book(value)
      guard let index = index(of: book.symbol) else { throw .unknownSymbol }
      guard bookTimes[index].admits(book.time) else {
        return reject(.l2Book, .stale, bytes, into: &effects)
      }
      effects.append(.market(.book(book)))
      timed(kind, book.time, at: now, into: &effects)
    case .bbo:
      let quote = try MarketWire.quote(value)
      guard let index = index(of: quote.symbol) else { throw .unknownSymbol }
      guard quoteTimes[index].admits(quote.time) else {
        return reject(.bbo, .stale, bytes, into: &effects)
      }
      touches[index] = quote
      effects.append(.market(.quote(quote)))
      timed(kind, quote.time, at: now, into: &effects)
    case .activeAssetCtx:
      let symbol = try value.symbol("coin")
      guard index(of: symbol) != nil else { throw .unknownSymbol }
      let context = try MarketWire.context(of: symbol, value.required("ctx"))
      effects.append(.market(.context(context)))
    case .allMids: try mids(value.required("mids"), into: &effects)
    case .orderUpdates: try orderUpdates(value, bytes, at: now, into: &effects)
    case .userFundings: try userFundings(value, bytes, into: &effects)
    default: try userFills(value, bytes, at: now, into: &effects)
    }
    lastData = now.monotonic
  }

  /// How far ahead of our wall clock a candle may open: clocks are wrong by hours, damage by more.
  private static var furthestAhead: Interval { .days(1) }

  private mutating func tradesFrame(
    _ value: JSONValue, at now: Now, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    guard let elements = value.elements else { throw .member("data") }
    var frame: [Trade] = []
    for element in elements {
      let trade = try MarketWire.trade(element)
      guard index(of: trade.symbol) != nil else { throw .unknownSymbol }
      frame.append(trade)
    }
    for trade in frame {
      let key = TradeKey(
        symbol: trade.symbol, time: trade.time, id: trade.id, side: trade.takerSide)
      if trades.insert(key) { effects.append(.market(.trade(trade))) }
    }
    guard let newest = frame.map(\.time).max(), let index = frame.first.map(\.symbol).flatMap(index)
    else { return }
    // The first frame after a subscription repeats trades of the last minutes: it has no age.
    if replayed[index] {
      timed(.trades, newest, at: now, into: &effects)
    } else {
      replayed[index] = true
    }
  }

  /// Takes the venue's time of a frame.
  mutating func timed(
    _ kind: InputKind, _ time: Instant, at now: Now, into effects: inout [ClientEffect]
  ) {
    venueClock.note(time, at: now.monotonic)
    let age = now.wall - time
    effects.append(.latency(.frame(kind, age: age)))
    let isOff = age > configuration.clockAlarm || age < .zero - configuration.clockAlarm
    if isOff, !clockIsOff { effects.append(.feed(.clockOff(age))) }
    clockIsOff = isOff
  }

  /// Reports the mids of the configured symbols; all of them or none.
  mutating func mids(
    _ value: JSONValue, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    guard let members = value.members else { throw .member("mids") }
    var found: [(symbol: Symbol, price: Price)] = []
    for (key, value) in members {
      guard let symbol = Symbol(key), index(of: symbol) != nil else { continue }
      guard let price = value.fixed(Price.self), price > .zero else { throw .member("mids") }
      found.append((symbol, price))
    }
    for mid in found { effects.append(.market(.mid(mid.symbol, mid.price))) }
  }

  private mutating func control(
    _ channel: JSONText, _ root: JSONValue, _ bytes: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) {
    if channel == "pong" {
      guard case .open(let open) = link, let pingedAt = open.pingedAt else { return }
      link.update { $0.pingedAt = nil }
      effects.append(.latency(.ping(roundTrip: now.monotonic - pingedAt)))
    } else if channel == "error" {
      guard let text = root["data"]?.string else {
        return reject(.control, .member("data"), bytes, into: &effects)
      }
      venueError(text, bytes, at: now, into: &effects)
    } else {
      guard let data = root["data"], data["method"]?.string == "subscribe",
        let subscription = data["subscription"].flatMap(Subscription.init)
      else { return reject(.control, .member("subscription"), bytes, into: &effects) }
      acknowledged(subscription, at: now, into: &effects)
    }
  }

  private mutating func venueError(
    _ text: String, _ bytes: [UInt8], at now: Now, into effects: inout [ClientEffect]
  ) {
    let subject = text.utf8.firstIndex(of: UInt8(ascii: "{")).flatMap { start in
      (try? actionParser.parse(Array(text.utf8[start...]))).flatMap { Subscription($0.root) }
    }
    if text.hasPrefix("Already subscribed") {
      if let subject { acknowledged(subject, at: now, into: &effects) }
      return
    }
    reject(.control, .venueError, bytes, into: &effects)
    guard text.hasPrefix("Invalid subscription") else { return }
    effects.append(
      .feed(.subscriptionRefused(String(text.prefix(RejectedInput.excerptLimit)))))
    if let subject { acknowledged(subject, at: now, into: &effects) }
  }
}
