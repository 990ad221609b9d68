import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// The way between host and venue.
extension World {
  /// Something leaves the host.
  mutating func send(_ effect: TransportEffect) {
    switch effect {
    case .connect(let connection, let path): connect(connection, path)
    case .send(let connection, let bytes):
      guard let index = host.openIndex(of: connection), !host.sessions[index].isCut,
        !faults.isVanishing
      else { return }
      let delay = toVenue.delay()
      let arrival = host.sessions[index].pipe.arrivalAtVenue(time, delay)
      schedule.add(.venueReceives(.frame(host.sessions[index].id, bytes)), at: arrival)
    case .close(let connection):
      guard let index = host.openIndex(of: connection) else { return }
      host.sessions[index].isOpenAtHost = false
      let session = host.sessions[index].id
      let arrival = host.sessions[index].pipe.arrivalAtVenue(time, toVenue.delay())
      schedule.add(.venueReceives(.closed(session)), at: arrival)
    case .request(let id, let request): sendRequest(id, request)
    }
  }

  private mutating func connect(_ connection: ConnectionID, _ path: String) {
    let incarnation = host.incarnation
    if faults.isVanishing {
      schedule.add(
        .hostReceives(.closed(connection, .timeout), incarnation: incarnation),
        at: time + scenario.link.connectTimeout)
      return
    }
    if faults.refusesConnections {
      schedule.add(
        .hostReceives(.closed(connection, .unreachable), incarnation: incarnation),
        at: time + toVenue.delay())
      return
    }
    let session = host.openSession(connection)
    guard let index = host.index(of: session) else { return }
    let arrival = host.sessions[index].pipe.arrivalAtVenue(time, toVenue.delay())
    schedule.add(.venueReceives(.opened(session, path: path)), at: arrival)
  }

  private mutating func sendRequest(_ id: RequestID, _ request: HTTPRequest) {
    let filter = RequestFilter(request)
    tally.count("request.\(filter.rawValue)")
    let call = host.openCall(id, filter)
    schedule.add(
      .requestTimeout(id, incarnation: host.incarnation), at: time + request.timeout)
    if faults.isVanishing { return }
    if faults.refusesRequests {
      failCall(id, .unreachable)
      return
    }
    if case .lost = faults.damage(to: filter, isAnswer: false) { return }
    if filter == .info, faults.withholds(request.body) { return }
    schedule.add(
      .venueReceives(
        .call(call, VenueCall(method: request.method, target: request.path, body: request.body))),
      at: time + toVenue.delay())
  }

  /// The host learns that a request failed.
  private mutating func failCall(_ id: RequestID, _ failure: TransportFailure) {
    schedule.add(
      .hostReceives(.failed(id, failure), incarnation: host.incarnation),
      at: time + toVenue.delay())
  }

  // MARK: Toward the venue

  mutating func venueReceives(_ input: VenueInput) {
    switch input {
    case .opened(let session, _):
      guard let index = host.index(of: session), !host.sessions[index].isCut else { return }
      host.sessions[index].isOpenAtVenue = true
      let arrival = host.sessions[index].pipe.arrivalAtHost(time, toHost.delay())
      schedule.add(
        .hostReceives(
          .opened(host.sessions[index].connection), incarnation: host.sessions[index].incarnation),
        at: arrival)
      if let every = faults.stormInterval {
        schedule.add(.faultActs(faults.stormIndex, step: Int(session.number)), at: arrival + every)
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
      if faults.refusesRequests { return }
    case .advance: break
    }
    stepVenue(input)
  }

  /// Lets the venue act and carries what it says.
  mutating func stepVenue(_ input: VenueInput) {
    venueOutputs.removeAll(keepingCapacity: true)
    venue.handle(input, at: time, into: &venueOutputs)
    chain.begin(at: time)
    chain.add(.venue, Digest.of(input))
    for output in venueOutputs { chain.add(.venue, Digest.of(output)) }
    chain.end()
    tracer?.venueStep(chain, time, input, venueOutputs)
    for output in venueOutputs { carry(output) }
    scheduleWake()
    bench.venueMoved(venueTruth(), at: time, isReachable: !faults.isOrderPathBroken)
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
      let arrival = host.sessions[index].pipe.arrivalAtHost(time, toHost.delay())
      schedule.add(
        .hostReceives(
          .closed(host.sessions[index].connection, nil),
          incarnation: host.sessions[index].incarnation), at: arrival)
    }
  }

  private mutating func carryReply(_ id: CallID, _ response: HTTPResponse) {
    guard let call = host.calls.first(where: { $0.id == id }), !faults.isVanishing,
      !faults.refusesRequests
    else { return }
    var delay = toHost.delay()
    switch faults.damage(to: call.filter, isAnswer: true) {
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
      !host.sessions[index].isCut, !faults.isVanishing, host.isUp
    else { return }
    let reached = host.sessions[index].pipe.arrivalAtHost(time, toHost.delay())
    let arrival = host.sessions[index].pipe.arrivalAtVenue(reached, toVenue.delay())
    schedule.add(.venueReceives(.pong(session, bytes)), at: arrival)
  }

  private mutating func carryFrame(_ session: SessionID, _ bytes: [UInt8]) {
    guard let index = host.index(of: session), host.sessions[index].isOpenAtHost,
      !host.sessions[index].isCut, !faults.isVanishing
    else { return }
    let connection = host.sessions[index].connection
    let incarnation = host.sessions[index].incarnation
    let arrival = host.sessions[index].pipe.arrivalAtHost(time, toHost.delay())
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
            .venueReceives(.closed(host.sessions[index].id)), at: time + toVenue.delay())
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
    if session.isOpenAtHost {
      schedule.add(
        .hostReceives(
          .closed(session.connection, .connectionLost), incarnation: session.incarnation),
        at: time + toHost.delay())
    }
    schedule.add(.venueReceives(.closed(session.id)), at: time + toVenue.delay())
  }

  /// Breaks every connection and every request that waits.
  mutating func cutAll(requests: Bool) {
    for index in host.sessions.indices { cut(index) }
    guard requests else { return }
    for call in host.calls {
      schedule.add(
        .hostReceives(.failed(call.request, .connectionLost), incarnation: call.incarnation),
        at: time + toHost.delay())
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
