public import Exchange
import Glibc
public import Market
import NIOCore
import NIOPosix
public import Simulation
import Synchronization
import Venues

/// What served venues are made of.
public struct ExchangeSetup: Sendable {
  /// How the venues are set up; Hyperliquid's start is their time when the server starts.
  public var venues: SimulatedVenuesConfiguration
  /// Where its prices come from.
  public var prices: PriceSource
  /// Finds out who signed an action.
  public var verifier: any SignatureVerifier = SimulatedVerifier()
  /// Decides every choice that the venue makes.
  public var seed: UInt64 = 1
  /// How many seconds of the venue pass in one of the machine, at least 1.
  public var speed = 1
  /// What goes wrong; nothing without.
  public var faults: ServedFaults?
  /// What the server puts up with.
  public var limits = ServerLimits()
  /// What TLS is spoken with; without, none is.
  public var certificate: ServerCertificate?

  /// Sets up venues with the defaults of every other field.
  public init(venues: SimulatedVenuesConfiguration, prices: PriceSource) {
    self.venues = venues
    self.prices = prices
  }
}

/// The simulated venues on one port; which one a request or a WebSocket is for, its path tells
/// (``VenueRoute``).
///
/// One thread owns venue, clock and sockets. The venue's time is its start plus the time since then
/// times the speed. `GET /assay/clock` tells it, so that a client can follow an accelerated venue:
/// `{"time":MS,"timeNanoseconds":NS,"start":MS,"speed":N}`, all of it the venue's time since 1970
/// but for the speed. Where the machine cannot keep up, the venue's time falls behind and the clock
/// says so.
public final class ExchangeServer: Sendable {
  private let server: HTTPServer
  private let host: ExchangeHost
  private let isSecure: Bool

  private init(server: HTTPServer, host: ExchangeHost, isSecure: Bool) {
    self.server = server
    self.host = host
    self.isSecure = isSecure
  }

  /// Opens the venue and serves it on `host` and `port`, 0 for any free one.
  ///
  /// `observe` hears of everything of note, with the venue's time, on the server's thread.
  ///
  /// - Throws: ``ServerError`` where it cannot listen there.
  public static func start(
    _ setup: ExchangeSetup, host address: String = "127.0.0.1", port: Int,
    observe: @escaping @Sendable (ExchangeObservation) -> Void = { _ in }
  ) async throws(ServerError) -> ExchangeServer {
    try await start(setup, host: address, port: port, uptime: nil, observe: observe)
  }

  /// The same with an uptime that somebody else moves, who lets the venue live with ``turn()``.
  static func start(
    _ setup: ExchangeSetup, host address: String = "127.0.0.1", port: Int,
    uptime: (@Sendable () -> UInt64)?,
    observe: @escaping @Sendable (ExchangeObservation) -> Void = { _ in }
  ) async throws(ServerError) -> ExchangeServer {
    let machine: @Sendable () -> UInt64 = { NIODeadline.now().uptimeNanoseconds }
    let desk = ExchangeDesk(setup, uptime: (uptime ?? machine)())
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let host = ExchangeHost(
      desk, on: group.next(), uptime ?? machine, wakesItself: uptime == nil, observe)
    let server = try await HTTPServer.start(
      host: address, port: port, limits: setup.limits, certificate: setup.certificate, on: group
    ) { host }
    host.begin()
    return ExchangeServer(server: server, host: host, isSecure: setup.certificate != nil)
  }

  /// The port that it listens on.
  public var port: Int { server.port }
  /// The base URL for REST, without a slash at its end: the SDK's `base_url`.
  public var baseURL: String { "\(isSecure ? "https" : "http")://\(server.host):\(server.port)" }
  /// The base URL for WebSockets, without a slash at its end; every venue has its own paths.
  public var socketURL: String { "\(isSecure ? "wss" : "ws")://\(server.host):\(server.port)" }
  /// The venues that are served.
  public var venues: [Venue] { host.venues }
  /// What it has done so far.
  public var tally: ExchangeTally { host.tally }

  /// Calls that wait for their answer.
  var callsUnderWay: Int { host.callsUnderWay }
  /// The uptime at which the venue next has something to do.
  var nextWake: UInt64? { host.nextWake }

  /// Lets the venue live up to the present.
  func turn() async throws { try await host.turn() }

  /// Closes every connection and ends the venue.
  public func stop() async {
    host.end()
    await server.stop()
  }
}

/// Between the desk and its sockets: everything happens on the one loop, one thing after the other.
private final class ExchangeHost: ServerService {
  private struct State {
    var desk: ExchangeDesk
    var sockets: [SessionID: ServerSocket] = [:]
    var replies: [CallID: ServerReply] = [:]
    var lastCall: UInt64 = 0
    var wake: (task: Scheduled<Void>, at: UInt64)?
    var isRunning = true
  }

  /// What to do once the state is free again: doing it may call back.
  private enum Deed {
    case answer(ServerReply, HTTPResponse)
    case abandon(ServerReply)
    case send(ServerSocket, [UInt8])
    case ping(ServerSocket, [UInt8])
    case close(ServerSocket)
    case cut(ServerSocket)
    case tell(ExchangeObservation)
  }

  private let state: Mutex<State>
  private let loop: any EventLoop
  private let start: Instant
  private let uptime: @Sendable () -> UInt64
  private let wakesItself: Bool
  private let observe: @Sendable (ExchangeObservation) -> Void

  init(
    _ desk: ExchangeDesk, on loop: any EventLoop, _ uptime: @escaping @Sendable () -> UInt64,
    wakesItself: Bool, _ observe: @escaping @Sendable (ExchangeObservation) -> Void
  ) {
    self.loop = loop
    self.uptime = uptime
    self.wakesItself = wakesItself
    self.observe = observe
    start = desk.time(at: 0)
    state = Mutex(State(desk: desk))
  }

  var tally: ExchangeTally { state.withLock { $0.desk.tally } }

  var venues: [Venue] { state.withLock { state in Venue.allCases.filter(state.desk.serves) } }
  var callsUnderWay: Int { state.withLock { $0.replies.count } }
  var nextWake: UInt64? { state.withLock { $0.desk.nextWake } }

  func turn() async throws {
    try await loop.submit { self.act { $0.wake(at: $1, into: &$2) } }.get()
  }

  func begin() {
    loop.execute { self.act { $0.wake(at: $1, into: &$2) } }
  }

  func end() {
    state.withLock { state in
      state.isRunning = false
      state.wake?.task.cancel()
      state.wake = nil
    }
  }

  // MARK: The server's calls

  func respond(to request: ServerRequest, _ reply: ServerReply) {
    if request.path == "/assay/clock" {
      return reply.send(request.method == "GET" ? clock() : .refusing(request, allowed: "GET"))
    }
    guard let venue = VenueRoute.venue(ofRequest: request.path), serves(venue) else {
      let isSocket = VenueRoute.venue(ofSocket: request.path).map(serves) ?? false
      return reply.send(
        isSocket
          ? .text("A WebSocket is served here.\n", status: 426)
          : .text("No venue has \(request.path).\n", status: 404))
    }
    switch (request.method, venue) {
    case ("POST", _): call(.post, request, reply)
    case (_, .hyperliquid): reply.send(.refusing(request, allowed: "POST"))
    case ("GET", _), ("HEAD", _): call(.get, request, reply)
    default: reply.send(.refusing(request, allowed: "GET, HEAD, POST"))
    }
  }

  private func serves(_ venue: Venue) -> Bool { state.withLock { $0.desk.serves(venue) } }

  private func call(
    _ method: HTTPRequest.Method, _ request: ServerRequest, _ reply: ServerReply
  ) {
    let id = state.withLock { state in
      state.lastCall += 1
      let id = CallID(number: state.lastCall)
      state.replies[id] = reply
      return id
    }
    let call = VenueCall(method: method, target: request.target, body: request.body)
    act { $0.take(.call(id, call), at: $1, into: &$2) }
  }

  private func clock() -> ServerResponse {
    let uptime = uptime()
    let (time, speed) = state.withLock { ($0.desk.time(at: uptime), $0.desk.speed) }
    return .json(
      "{\"time\":\(time.milliseconds),\"timeNanoseconds\":\(time.nanoseconds),"
        + "\"start\":\(start.milliseconds),\"speed\":\(speed)}")
  }

  func admission(to path: String) -> SocketAdmission {
    guard let venue = VenueRoute.venue(ofSocket: path), serves(venue) else { return .notFound }
    return state.withLock { $0.desk.admitsConnections(to: venue) } ? .open : .refused
  }

  func opened(_ socket: ServerSocket) {
    let id = SessionID(number: socket.number)
    state.withLock { $0.sockets[id] = socket }
    let target = socket.target
    act { $0.take(.opened(id, path: target), at: $1, into: &$2) }
  }

  func received(_ text: [UInt8], on socket: ServerSocket) {
    act { $0.take(.frame(SessionID(number: socket.number), text), at: $1, into: &$2) }
  }

  func ponged(_ bytes: [UInt8], on socket: ServerSocket) {
    act { $0.take(.pong(SessionID(number: socket.number), bytes), at: $1, into: &$2) }
  }

  func closed(_ socket: ServerSocket, _ end: SocketEnd) {
    let id = SessionID(number: socket.number)
    state.withLock { $0.sockets[id] = nil }
    act { $0.closed(id, end, at: $1, into: &$2) }
  }

  // MARK: The desk's wishes

  private func act(_ body: (inout ExchangeDesk, UInt64, inout [ExchangeDesk.Effect]) -> Void) {
    let deeds = state.withLock { state -> [Deed] in
      guard state.isRunning else { return [] }
      var effects: [ExchangeDesk.Effect] = []
      body(&state.desk, uptime(), &effects)
      scheduleWake(&state)
      var deeds: [Deed] = []
      deeds.reserveCapacity(effects.count)
      for effect in effects { Self.resolve(effect, &state, &deeds) }
      return deeds
    }
    for deed in deeds { perform(deed) }
  }

  private func scheduleWake(_ state: inout State) {
    guard wakesItself, state.isRunning, let next = state.desk.nextWake, next != state.wake?.at
    else { return }
    state.wake?.task.cancel()
    let task = loop.scheduleTask(deadline: .uptimeNanoseconds(next)) {
      self.state.withLock { $0.wake = nil }
      self.act { $0.wake(at: $1, into: &$2) }
    }
    state.wake = (task, next)
  }

  private static func resolve(
    _ effect: ExchangeDesk.Effect, _ state: inout State, _ deeds: inout [Deed]
  ) {
    switch effect {
    case .answer(let id, let response):
      if let reply = state.replies.removeValue(forKey: id) {
        deeds.append(.answer(reply, response))
      }
    case .abandon(let id):
      if let reply = state.replies.removeValue(forKey: id) { deeds.append(.abandon(reply)) }
    case .forget(let id): state.replies[id] = nil
    case .send(let id, let bytes):
      if let socket = state.sockets[id] { deeds.append(.send(socket, bytes)) }
    case .ping(let id, let bytes):
      if let socket = state.sockets[id] { deeds.append(.ping(socket, bytes)) }
    case .close(let id): if let socket = state.sockets[id] { deeds.append(.close(socket)) }
    case .cut(let id): if let socket = state.sockets[id] { deeds.append(.cut(socket)) }
    case .event(let time, let event): deeds.append(.tell(.init(time: time, event: event)))
    }
  }

  private func perform(_ deed: Deed) {
    switch deed {
    case .answer(let reply, let response): reply.send(ServerResponse(response))
    case .abandon(let reply): reply.abandon()
    case .send(let socket, let bytes): socket.send(bytes)
    case .ping(let socket, let bytes): socket.ping(bytes)
    case .close(let socket): socket.close()
    case .cut(let socket): socket.cut()
    case .tell(let observation): observe(observation)
    }
  }
}

extension ServerResponse {
  /// A venue's answer, its header fields as they are; where it does not say what its body is, it is
  /// JSON if it is fine or `null`, otherwise text.
  init(_ response: HTTPResponse) {
    let isJSON = response.status == 200 || response.body == Array("null".utf8)
    self.init(
      status: response.status,
      contentType: response.header("content-type") ?? (isJSON ? "application/json" : "text/plain"),
      fields: response.headers.filter { $0.name != "content-type" }
        .map { ServerField($0.name, $0.value) },
      body: response.body)
  }

  /// The answer to a verb that a path does not take.
  fileprivate static func refusing(_ request: ServerRequest, allowed: String) -> Self {
    var response = text("\(request.path) takes \(allowed) only.\n", status: 405)
    response.fields.append(ServerField("Allow", allowed))
    return response
  }
}
