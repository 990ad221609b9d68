import Market
import Venues

// Connections: opening, requests, keeping alive.
extension BinanceVenue {
  mutating func open(_ id: SessionID, _ target: String, _ market: some TrueMarket) {
    guard session(id) == nil else { return }
    let isAllowed = usage.connects(within: configuration.limits, at: clock)
    guard let path = BinancePath(target), isAllowed, !faults.refusesConnections,
      sessions.count < configuration.connections,
      path.names.count <= configuration.streamsPerConnection
    else { return outbox.append(.close(id)) }
    sessions.append(
      BinanceSession(
        id: id, streamClass: path.streamClass, openedAt: clock, isCombined: path.isCombined,
        lastPing: clock, lastPong: clock))
    for name in path.names { enlist(name, in: sessions.count - 1) }
  }

  private mutating func enlist(_ name: String, in place: Int) {
    guard !sessions[place].streams.contains(where: { $0.name == name }) else { return }
    let channel = BinanceChannel(name, configuration.listings)
    sessions[place].streams.append(BinanceSession.Stream(name: name, channel: channel))
  }

  mutating func drop(_ id: SessionID) {
    outbox.append(.close(id))
    sessions.removeAll { $0.id == id }
  }

  /// Takes in a frame of a client.
  mutating func receive(_ bytes: [UInt8], from id: SessionID, _ market: some TrueMarket) {
    guard let place = session(id) else { return }
    let second = clock.nanoseconds.floorDivided(by: 1_000_000_000)
    if sessions[place].second != second {
      sessions[place].second = second
      sessions[place].framesInSecond = 0
    }
    sessions[place].framesInSecond += 1
    if let limits = configuration.limits, sessions[place].framesInSecond > limits.framesPerSecond {
      return drop(id)
    }
    guard let root = (try? parser.parse(bytes))?.root else {
      let text = "Invalid JSON: expected value at line 1 column 1"
      return refuse(3, text, answering: nil, to: id)
    }
    guard root.kind == .object, let method = root["method"]?.text else {
      return refuse(2, "Invalid request: missing field `method`", answering: root["id"], to: id)
    }
    switch method {
    case "SUBSCRIBE": change(root, of: place) { $0.enlist($1, in: place) }
    case "UNSUBSCRIBE":
      change(root, of: place) { venue, name in
        venue.sessions[place].streams.removeAll { $0.name == name }
      }
    case "LIST_SUBSCRIPTIONS":
      let names = sessions[place].streams.map(\.name)
      acknowledge(root["id"], to: id) { $0.array(names) { $0.string($1) } }
    case "SET_PROPERTY": setProperty(root, of: place)
    case "GET_PROPERTY":
      guard let name = root["params"]?[0]?.text, name == "combined" else {
        return refuse(0, "Unknown property", answering: root["id"], to: id)
      }
      let isCombined = sessions[place].isCombined
      acknowledge(root["id"], to: id) { $0.bool(isCombined) }
    default:
      let text =
        "Invalid request: unknown variant `\(String(method).prefix(64))`, expected one of "
        + "`SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`"
      refuse(2, text, answering: root["id"], to: id)
    }
  }

  /// Takes a list of streams to or from a session; a stream that does not exist is acknowledged.
  private mutating func change(
    _ root: JSONValue, of place: Int, _ body: (inout BinanceVenue, String) -> Void
  ) {
    let id = sessions[place].id
    guard let params = root["params"]?.elements else {
      return refuse(2, "Invalid request: missing field `params`", answering: root["id"], to: id)
    }
    var names: [String] = []
    for param in params {
      guard let name = param.string, name.utf8.count <= Self.longestName,
        names.count < configuration.streamsPerConnection
      else {
        let text = "Invalid request: request params must be an array of stream names"
        return refuse(2, text, answering: root["id"], to: id)
      }
      names.append(name)
    }
    for name in names { body(&self, name) }
    guard sessions[place].streams.count <= configuration.streamsPerConnection else {
      return drop(id)
    }
    acknowledge(root["id"], to: id) { $0.null() }
  }

  private static var longestName: Int { 64 }

  private mutating func setProperty(_ root: JSONValue, of place: Int) {
    let id = sessions[place].id
    guard let name = root["params"]?[0]?.text, name == "combined" else {
      return refuse(0, "Unknown property", answering: root["id"], to: id)
    }
    guard let isOn = root["params"]?[1]?.bool else {
      return refuse(
        1, "Invalid value type: expected Boolean", answering: root["id"], to: id)
    }
    sessions[place].isCombined = isOn
    acknowledge(root["id"], to: id) { $0.null() }
  }

  private mutating func acknowledge(
    _ number: JSONValue?, to id: SessionID, _ result: (inout JSONWriter) -> Void
  ) {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("result")
      result(&writer)
      writer.echo(number)
    }
    outbox.append(.frame(id, writer.bytes))
  }

  private mutating func refuse(
    _ code: Int, _ text: String, answering number: JSONValue?, to id: SessionID
  ) {
    var writer = JSONWriter()
    writer.object { writer in
      guard !faults.hasBareErrors else {
        writer.integer("code", code)
        writer.string("msg", text)
        return
      }
      writer.object("error") {
        $0.integer("code", code)
        $0.string("msg", text)
      }
      writer.echo(number)
    }
    outbox.append(.frame(id, writer.bytes))
  }

  /// Pings, and drops connections that do not answer or are a day old.
  mutating func keepAlive() {
    var over: [SessionID] = []
    for place in sessions.indices {
      let session = sessions[place]
      if session.lastPong + configuration.pongLimit <= clock
        || session.openedAt + configuration.connectionLife <= clock
      {
        over.append(session.id)
      } else if session.lastPing + configuration.pingInterval <= clock {
        sessions[place].lastPing = clock
        outbox.append(.ping(session.id, Array(String(told.milliseconds).utf8)))
      }
    }
    for id in over { drop(id) }
  }
}

extension JSONWriter {
  /// Writes the id of a request as it was: a number, a text, or nothing.
  fileprivate mutating func echo(_ number: JSONValue?) {
    guard let number else { return null("id") }
    key("id")
    switch number.kind {
    case .integer, .string: value(number)
    default: null()
    }
  }
}
