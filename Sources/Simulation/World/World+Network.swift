import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// The ways between the host and the venues.
extension World {
  /// How long the next message to a venue takes.
  mutating func delay(to venue: Venue) -> Interval {
    ways[Int(venue.rawValue)].toVenue.delay()
  }

  /// How long the next message from a venue takes.
  mutating func delay(from venue: Venue) -> Interval {
    ways[Int(venue.rawValue)].toHost.delay()
  }

  /// Something leaves the host.
  mutating func send(_ effect: TransportEffect) {
    switch effect {
    case .connect(let connection, let path): connect(connection, path)
    case .send(let connection, let bytes): send(bytes, on: connection)
    case .close(let connection):
      guard let index = host.openIndex(of: connection) else { return }
      host.sessions[index].isOpenAtHost = false
      let session = host.sessions[index].id
      let arrival = host.sessions[index].pipe.arrivalAtVenue(time, delay(to: connection.venue))
      schedule.add(.venueReceives(connection.venue, .closed(session)), at: arrival)
    case .request(let id, let request): sendRequest(id, request)
    }
  }

  private mutating func send(_ bytes: [UInt8], on connection: ConnectionID) {
    let venue = connection.venue
    guard let index = host.openIndex(of: connection), !host.sessions[index].isCut,
      !faults.isVanishing(venue)
    else { return }
    var delay = delay(to: venue)
    switch faults.withholding(bytes, to: venue) {
    case .silent: return
    case .late(let more): delay = delay + more
    case nil: break
    }
    let arrival = host.sessions[index].pipe.arrivalAtVenue(time, delay)
    schedule.add(.venueReceives(venue, .frame(host.sessions[index].id, bytes)), at: arrival)
  }

  private mutating func connect(_ connection: ConnectionID, _ path: String) {
    let incarnation = host.incarnation
    let venue = connection.venue
    if faults.isVanishing(venue) {
      schedule.add(
        .hostReceives(.closed(connection, .timeout), incarnation: incarnation),
        at: time + scenario.link.connectTimeout)
      return
    }
    if faults.refusesConnections(venue) || !venues.present.contains(venue) {
      schedule.add(
        .hostReceives(.closed(connection, .unreachable), incarnation: incarnation),
        at: time + delay(to: venue))
      return
    }
    let session = host.openSession(connection)
    guard let index = host.index(of: session) else { return }
    let arrival = host.sessions[index].pipe.arrivalAtVenue(time, delay(to: venue))
    schedule.add(.venueReceives(venue, .opened(session, path: path)), at: arrival)
  }

  private mutating func sendRequest(_ id: RequestID, _ request: HTTPRequest) {
    let venue = id.venue
    let filter = RequestFilter(request)
    // The load oracle bounds what the execution venue is asked.
    tally.count(venue == .hyperliquid ? "request.\(filter.rawValue)" : "request.\(venue.name)")
    let call = host.openCall(id, filter)
    schedule.add(
      .requestTimeout(id, incarnation: host.incarnation), at: time + request.timeout)
    if faults.isVanishing(venue) { return }
    if faults.refusesRequests(venue) || !venues.present.contains(venue) {
      failCall(id, .unreachable)
      return
    }
    if case .lost = faults.damage(to: filter, of: venue, isAnswer: false) { return }
    var delay = delay(to: venue)
    switch faults.withholding(request, to: venue) {
    case .silent: return
    case .late(let more): delay = delay + more
    case nil: break
    }
    let input = VenueInput.call(
      call, VenueCall(method: request.method, target: request.path, body: request.body))
    schedule.add(.venueReceives(venue, input), at: time + delay)
  }

  /// The host learns that a request failed.
  private mutating func failCall(_ id: RequestID, _ failure: TransportFailure) {
    schedule.add(
      .hostReceives(.failed(id, failure), incarnation: host.incarnation),
      at: time + delay(to: id.venue))
  }

  // MARK: Toward a venue

  mutating func venueReceives(_ input: VenueInput, at venue: Venue) {
    switch input {
    case .opened(let session, _):
      guard let index = host.index(of: session), !host.sessions[index].isCut else { return }
      host.sessions[index].isOpenAtVenue = true
      let arrival = host.sessions[index].pipe.arrivalAtHost(time, delay(from: venue))
      schedule.add(
        .hostReceives(
          .opened(host.sessions[index].connection), incarnation: host.sessions[index].incarnation),
        at: arrival)
      if let storm = faults.storm(venue) {
        schedule.add(.faultActs(storm.index, step: Int(session.number)), at: arrival + storm.every)
      }
    case .frame(let session, _), .pong(let session, _):
      guard let index = host.index(of: session), host.sessions[index].isOpenAtVenue,
        !host.sessions[index].isCut
      else { return }
    case .closed(let session):
      guard let index = host.index(of: session), host.sessions[index].isOpenAtVenue else {
        host.sweep()
        return
      }
      host.sessions[index].isOpenAtVenue = false
      host.sweep()
    case .call:
      if faults.refusesRequests(venue) { return }
    case .advance: break
    }
    stepVenue(input, at: venue)
  }

  /// Lets a venue act and carries what it says.
  mutating func stepVenue(_ input: VenueInput, at venue: Venue) {
    venueOutputs.removeAll(keepingCapacity: true)
    venues.handle(input, of: venue, at: time, into: &venueOutputs)
    let component = venue == .hyperliquid ? Component.venue : .sources
    chain.begin(at: time)
    chain.add(component, Digest.of(input))
    for output in venueOutputs { chain.add(component, Digest.of(output)) }
    chain.end()
    tracer?.venueStep(chain, time, venue, input, venueOutputs)
    for output in venueOutputs { carry(output) }
    scheduleWake()
    if venue == .hyperliquid {
      bench.venueMoved(venueTruth(), at: time, isReachable: !faults.isOrderPathBroken)
    }
    drainBench()
  }

  private mutating func carry(_ output: VenueOutput) {
    switch output {
    case .reply(let call, let response): carryReply(call, response)
    case .frame(let session, let bytes): carryFrame(session, bytes)
    case .ping(let session, let bytes): carryPing(session, bytes)
    case .close(let session):
      guard let index = host.index(of: session), host.sessions[index].isOpenAtVenue else { return }
      host.sessions[index].isOpenAtVenue = false
      let connection = host.sessions[index].connection
      let arrival = host.sessions[index].pipe.arrivalAtHost(time, delay(from: connection.venue))
      schedule.add(
        .hostReceives(.closed(connection, nil), incarnation: host.sessions[index].incarnation),
        at: arrival)
    }
  }

  private mutating func carryReply(_ id: CallID, _ response: HTTPResponse) {
    guard let call = host.calls.first(where: { $0.id == id }) else { return }
    let venue = call.request.venue
    guard !faults.isVanishing(venue), !faults.refusesRequests(venue) else { return }
    var delay = delay(from: venue)
    switch faults.damage(to: call.filter, of: venue, isAnswer: true) {
    case .answerLost: return
    case .answerLate(let more): delay = delay + more
    case .lost, nil: break
    }
    schedule.add(
      .hostReceives(.response(call.request, response), incarnation: call.incarnation),
      at: time + delay)
  }

  /// The host's socket layer answers a ping by itself, as every WebSocket library does.
  private mutating func carryPing(_ session: SessionID, _ bytes: [UInt8]) {
    guard let index = host.index(of: session), host.sessions[index].isOpenAtHost,
      !host.sessions[index].isCut, host.isUp
    else { return }
    let venue = host.sessions[index].connection.venue
    guard !faults.isVanishing(venue) else { return }
    let reached = host.sessions[index].pipe.arrivalAtHost(time, delay(from: venue))
    let arrival = host.sessions[index].pipe.arrivalAtVenue(reached, delay(to: venue))
    schedule.add(.venueReceives(venue, .pong(session, bytes)), at: arrival)
  }

  private mutating func carryFrame(_ session: SessionID, _ bytes: [UInt8]) {
    guard let index = host.index(of: session), host.sessions[index].isOpenAtHost,
      !host.sessions[index].isCut
    else { return }
    let connection = host.sessions[index].connection
    guard !faults.isVanishing(connection.venue) else { return }
    let incarnation = host.sessions[index].incarnation
    let arrival = host.sessions[index].pipe.arrivalAtHost(time, delay(from: connection.venue))
    for (input, more) in faults.deliveries(of: bytes, on: connection) {
      schedule.add(.hostReceives(input, incarnation: incarnation), at: arrival + more)
    }
  }

  // MARK: Toward the host

  mutating func hostReceives(_ input: TransportInput, _ incarnation: UInt32) {
    guard host.isUp, incarnation == host.incarnation else { return }
    switch input {
    case .opened(let connection), .frame(let connection, _):
      guard let index = host.openIndex(of: connection), !host.sessions[index].isCut else { return }
    case .closed(let connection, let failure):
      if let index = host.openIndex(of: connection) {
        host.sessions[index].isOpenAtHost = false
        if failure == .oversize, host.sessions[index].isOpenAtVenue {
          schedule.add(
            .venueReceives(connection.venue, .closed(host.sessions[index].id)),
            at: time + delay(to: connection.venue))
        }
        host.sweep()
      }
    case .response(let request, _), .failed(let request, _):
      guard host.closeCall(request, incarnation: incarnation) else { return }
    }
    feed(.transport(input))
  }

  /// Breaks a connection: what is in flight is lost, both ends learn of it a moment later.
  mutating func cut(_ index: Int) {
    guard !host.sessions[index].isCut else { return }
    host.sessions[index].isCut = true
    let session = host.sessions[index]
    let venue = session.connection.venue
    if session.isOpenAtHost {
      schedule.add(
        .hostReceives(
          .closed(session.connection, .connectionLost), incarnation: session.incarnation),
        at: time + delay(from: venue))
    }
    schedule.add(.venueReceives(venue, .closed(session.id)), at: time + delay(to: venue))
  }

  /// Breaks every connection to a venue, and every request to it that waits.
  mutating func cutAll(to venue: Venue, requests: Bool) {
    for index in host.sessions.indices where host.sessions[index].connection.venue == venue {
      cut(index)
    }
    guard requests else { return }
    for call in host.calls where call.request.venue == venue {
      schedule.add(
        .hostReceives(.failed(call.request, .connectionLost), incarnation: call.incarnation),
        at: time + delay(from: venue))
    }
  }
}

extension RequestFilter {
  /// The narrowest kind of a request.
  init(_ request: HTTPRequest) {
    guard request.path == "/exchange" else {
      self = .info
      return
    }
    switch WireAction.kind(of: request.body) {
    case .order: self = .order
    case .cancel: self = .cancel
    case .other: self = .action
    }
  }

  /// Whether a fault with this filter concerns a request of the narrowest kind `kind`.
  func covers(_ kind: RequestFilter) -> Bool {
    switch self {
    case .any: true
    case .action: kind == .action || kind == .order || kind == .cancel
    case .order, .cancel, .info: self == kind
    }
  }
}
