import Market
import Venues

extension DeribitVenue {
  mutating func opened(_ id: SessionID, _ path: String) {
    guard !sessions.contains(where: { $0.id == id }) else { return }
    let isHere = path == "/ws/api/v2" || path.hasPrefix("/ws/api/v2?") || path == "/ws/api/v2/"
    guard isHere, sessions.count < max(configuration.mostSessions, 0) else {
      return outbox.append(.close(id))
    }
    let place = sessions.firstIndex { $0.id > id } ?? sessions.count
    sessions.insert(DeribitVenueSession(id: id), at: place)
  }

  /// The longest message that a client may send.
  private static var longestMessage: Int { 32 << 10 }

  /// Takes in a frame of a client.
  mutating func receive(_ bytes: [UInt8], from id: SessionID, _ market: some TrueMarket) {
    guard let place = sessions.firstIndex(where: { $0.id == id }) else { return }
    sessions[place].heartbeat?.heard = clock
    guard !faults.isMute else { return }
    var writer = JSONWriter(capacity: 1_024)
    var status = 400
    var echo: [UInt8]?
    do throws(DeribitRefusal) {
      guard bytes.count <= Self.longestMessage else { throw .tooLarge }
      guard let root = try? parser.parse(bytes).root else { throw .parse }
      echo = DeribitRequest.id(of: root)
      let request = try DeribitRequest(root, path: nil)
      status = respond(to: request, session: id, market, into: &writer)
    } catch {
      refuse(error, id: echo, into: &writer)
    }
    send(writer.bytes, to: id)
    if status == 429 {
      outbox.append(.close(id))
      sessions.removeAll { $0.id == id }
    }
    tellFirst(id, market)
  }

  /// Sends a frame, cut in half where a fault says so.
  func whole(_ bytes: [UInt8]) -> [UInt8] {
    faults.truncates ? Array(bytes.prefix(bytes.count / 2)) : bytes
  }

  private mutating func send(_ bytes: [UInt8], to id: SessionID) {
    outbox.append(.frame(id, whole(bytes)))
  }

  /// Carries out what only a WebSocket can ask for.
  mutating func carryOut(
    _ method: DeribitSocketMethod, _ request: DeribitRequest, session: SessionID?,
    _ market: some TrueMarket, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    guard let session, let place = sessions.firstIndex(where: { $0.id == session }) else {
      throw .needsSocket
    }
    switch method {
    case .subscribe:
      var accepted: [String] = []
      for name in try request.list("channels") {
        let isHeard = sessions[place].subscriptions.contains { $0.channel == name }
        guard !accepted.contains(name), !faults.dropped.contains(name) || isHeard,
          sessions[place].subscriptions.count < configuration.mostChannels || isHeard,
          let topic = topic(of: name)
        else { continue }
        accepted.append(name)
        if !isHeard {
          sessions[place].subscriptions.append(DeribitSubscription(channel: name, topic: topic))
        }
      }
      writer.array(accepted) { $0.string($1) }
    case .unsubscribe:
      var removed: [String] = []
      for name in try request.list("channels") {
        guard let found = sessions[place].subscriptions.firstIndex(where: { $0.channel == name })
        else { continue }
        sessions[place].subscriptions.remove(at: found)
        removed.append(name)
      }
      writer.array(removed) { $0.string($1) }
    case .unsubscribeAll:
      sessions[place].subscriptions = []
      writer.string("ok")
    case .setHeartbeat:
      guard let seconds = try request.integer("interval") else {
        throw .parameter("interval", "value required")
      }
      guard (10...86_400).contains(seconds) else {
        throw .parameter("interval", "value must be at least 10")
      }
      sessions[place].heartbeat = DeribitHeartbeat(
        interval: .seconds(seconds), next: clock + .seconds(seconds), heard: clock)
      writer.string("ok")
    case .disableHeartbeat:
      sessions[place].heartbeat = nil
      writer.string("ok")
    }
  }

  /// Notes that a session has answered a test request.
  mutating func tested(_ session: SessionID?) {
    guard let place = sessions.firstIndex(where: { $0.id == session }) else { return }
    sessions[place].heartbeat?.testDue = nil
  }

  /// Sends the heartbeats that are due, asks those for proof of life who were quiet since the last
  /// one, and ends the sessions that owe it.
  mutating func beat() {
    var dead: [SessionID] = []
    for place in sessions.indices {
      guard var heartbeat = sessions[place].heartbeat else { continue }
      let id = sessions[place].id
      if let due = heartbeat.testDue, due <= clock {
        dead.append(id)
        continue
      }
      guard heartbeat.next <= clock else { continue }
      send(Array(Self.heartbeatFrame("heartbeat").utf8), to: id)
      if clock - heartbeat.heard >= heartbeat.interval, heartbeat.testDue == nil {
        send(Array(Self.heartbeatFrame("test_request").utf8), to: id)
        heartbeat.testDue = clock + configuration.testPatience
      }
      heartbeat.next = clock + heartbeat.interval + faults.heartbeatDelay
      sessions[place].heartbeat = heartbeat
    }
    for id in dead {
      outbox.append(.close(id))
      sessions.removeAll { $0.id == id }
    }
  }

  private static func heartbeatFrame(_ type: StaticString) -> String {
    #"{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"\#(type)"}}"#
  }
}

/// What only a WebSocket can ask for.
enum DeribitSocketMethod: String, Hashable, Sendable {
  case subscribe = "public/subscribe"
  case unsubscribe = "public/unsubscribe"
  case unsubscribeAll = "public/unsubscribe_all"
  case setHeartbeat = "public/set_heartbeat"
  case disableHeartbeat = "public/disable_heartbeat"
}
