import Market

// What comes over the connection: replies, notifications, heartbeats.
extension DeribitClient {
  mutating func frame(_ bytes: [UInt8], at now: Now, into effects: inout [ClientEffect]) {
    lastFrame = now.monotonic
    let root: JSONValue
    do {
      root = try parser.parse(bytes).root
    } catch {
      return reject(.frame, .json(error), bytes, into: &effects)
    }
    guard root.kind == .object else {
      return reject(.frame, .member("jsonrpc"), bytes, into: &effects)
    }
    guard let method = root["method"]?.text else {
      guard root["id"] != nil || root["error"] != nil else {
        return reject(.frame, .member("method"), bytes, into: &effects)
      }
      return replied(root, bytes, at: now, into: &effects)
    }
    switch method {
    case "subscription": notified(root["params"], bytes, at: now, into: &effects)
    case "heartbeat": heartbeat(root["params"], bytes, at: now, into: &effects)
    default: reject(.frame, .unknownChannel, bytes, into: &effects)
    }
  }

  /// The venue's proof of life needs no answer; its request for ours needs one at once.
  private mutating func heartbeat(
    _ params: JSONValue?, _ bytes: [UInt8], at now: Now, into effects: inout [ClientEffect]
  ) {
    guard let type = params?["type"]?.text else {
      return reject(.heartbeat, .member("type"), bytes, into: &effects)
    }
    switch type {
    case "heartbeat": break
    case "test_request": enqueue(.test, at: now, into: &effects)
    default: reject(.heartbeat, .member("type"), bytes, into: &effects)
    }
  }

  private mutating func notified(
    _ params: JSONValue?, _ bytes: [UInt8], at now: Now, into effects: inout [ClientEffect]
  ) {
    guard let name = params?["channel"]?.text, let data = params?["data"] else {
      return reject(.frame, .member("channel"), bytes, into: &effects)
    }
    guard let place = channels.firstIndex(where: { $0.name.utf8.elementsEqual(name) }) else {
      return reject(.frame, .unknownChannel, bytes, into: &effects)
    }
    switch channels[place].topic {
    case .volatility(let index):
      do {
        try volatility(index, data, at: now, into: &effects)
        session.heard[place] = now.monotonic
      } catch {
        reject(.volatilityIndex, error.reason, bytes, into: &effects)
      }
    case .ticker(let index):
      do {
        try ticker(index, data, at: now)
        session.heard[place] = now.monotonic
      } catch {
        reject(.ticker, error.reason, bytes, into: &effects)
      }
    }
  }

  private mutating func volatility(
    _ index: Int, _ data: JSONValue, at now: Now, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    let symbol = configuration.underlyings[index]
    guard let name = data["index_name"]?.text,
      name.elementsEqual(DeribitMarket(symbol).index.utf8)
    else { throw .unknownSymbol }
    let time = try data.deribitTime("timestamp")
    let value = try DeribitWire.volatility(try data.required("volatility"), "volatility")
    try checkClock(time, at: now)
    effects.append(.latency(.frame(.volatilityIndex, age: now.wall - time)))
    tell(index, value, of: time, into: &effects)
  }

  private mutating func ticker(
    _ index: Int, _ data: JSONValue, at now: Now
  ) throws(WireFault) {
    let ticker = try DeribitWire.ticker(data)
    let market = DeribitMarket(configuration.tickers[index])
    guard ticker.name.elementsEqual(market.perpetual.utf8) else { throw .unknownSymbol }
    try checkClock(ticker.time, at: now)
    if let known = tickers[index], ticker.time < known.time { return }
    tickers[index] = (ticker.time, ticker.index)
  }

  /// Refuses a time of the venue that our wall clock says cannot be.
  func checkClock(_ time: Instant, at now: Now) throws(WireFault) {
    let distance = Int128(time.nanoseconds) - Int128(now.wall.nanoseconds)
    guard distance.magnitude <= UInt128(max(configuration.clockTolerance.nanoseconds, 0)) else {
      throw .inconsistent
    }
  }
}
