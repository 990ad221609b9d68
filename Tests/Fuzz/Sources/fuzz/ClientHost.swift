import Market
import Risk

@testable import Venues

/// Owns a client as a host does, and holds everything that the client does to what a host relies
/// on.
///
/// A host reports an end for every request, within its timeout, and fires timers when they are due
/// or later; beyond that the other end may do as it likes.
struct ClientHost<Client: VenueClient> {
  var client: Client
  var now: Now
  /// What the last input led to.
  private(set) var effects: [ClientEffect] = []
  private var timers: [TimerID: Monotonic] = [:]
  private(set) var connections: [Connection] = []
  private(set) var requests: [Sent] = []
  private var lastConnection: UInt32 = 0
  private var lastRequest: UInt64 = 0
  private var rejections: UInt64 = 0
  private let rules: ClientRules
  private var parser = JSONParser(limits: JSONLimits(bytes: 1 << 20, depth: 64))
  /// The orders that a request in flight is about.
  private let orders: @Sendable (Client, RequestID) -> [ClientOrderID]
  /// What the client sent since ``takeSent()``; nil where nobody takes it.
  private var sent: [TransportEffect]?
  /// What a planted bug adds to the effects of an input.
  var flaw: (@Sendable (TransportInput, inout [ClientEffect]) -> Void)?

  struct Connection {
    let id: ConnectionID
    var isOpen = false
  }

  struct Sent {
    let id: RequestID
    let request: HTTPRequest
    let due: Monotonic
  }

  /// Takes over a client that has not started.
  init(
    _ client: Client, rules: ClientRules,
    orders: @escaping @Sendable (Client, RequestID) -> [ClientOrderID] = { _, _ in [] }
  ) {
    self.client = client
    self.orders = orders
    self.rules = rules
    now = Now(
      wall: Instant(milliseconds: 1_700_000_000_000),
      monotonic: Monotonic(nanoseconds: 5_000_000_000))
  }

  // MARK: What happens to the client

  /// Lets the owner ask something of the client.
  mutating func command(_ body: (inout Client, Now, inout [ClientEffect]) -> Void) {
    say(.owner, weight: 0) { body(&$0, $1, &$2) }
  }

  /// Tells the client what the network says; what the host no longer knows is told all the same.
  mutating func tell(_ input: TransportInput) {
    let cause: Cause
    var weight = 0
    var owed: [ClientOrderID] = []
    switch input {
    case .opened(let id):
      cause = .transport
      for index in connections.indices where connections[index].id == id {
        connections[index].isOpen = true
      }
    case .frame(_, let bytes): (cause, weight) = (.frame, bytes.count)
    case .closed(let id, _):
      cause = .transport
      connections.removeAll { $0.id == id }
    case .response(let id, let response):
      (cause, weight) = (.answer(status: response.status), response.body.count)
      requests.removeAll { $0.id == id }
      // What met a rate limit may be sent again.
      if response.status != 429 { owed = orders(client, id) }
    case .failed(let id, _):
      cause = .transport
      requests.removeAll { $0.id == id }
      owed = orders(client, id)
    }
    say(cause, weight: weight, input) { $0.handle(input, at: $1, into: &$2) }
    for id in owed {
      expect(
        effects.contains { $0.isReport(on: id) }, "a request ended, and nothing is said of \(id)")
    }
  }

  /// What the client sent since the last time; all of it from the first time on.
  mutating func takeSent() -> [TransportEffect] {
    defer { sent = [] }
    return sent ?? []
  }

  /// Lets time pass: requests time out and timers fire when they are due.
  mutating func pass(_ interval: Interval) {
    let end = now.monotonic + interval
    for _ in 0..<20_000 {
      let timer = timers.min { ($0.value, $0.key) < ($1.value, $1.key) }
      let request = requests.min { ($0.due, $0.id) < ($1.due, $1.id) }
      let next = min(timer?.value ?? end, request?.due ?? end)
      guard next <= end, timer?.value == next || request?.due == next else { return move(to: end) }
      move(to: next)
      if let request, request.due <= now.monotonic {
        tell(.failed(request.id, .timeout))
      } else if let timer {
        timers[timer.key] = nil
        say(.timer, weight: 0) { $0.timerFired(timer.key, at: $1, into: &$2) }
      }
    }
    finding("the client is never at rest: 20,000 timers in \(interval)")
  }

  /// Fires a timer that may not be due.
  mutating func fire(_ id: TimerID) {
    say(.timer, weight: 0) { $0.timerFired(id, at: $1, into: &$2) }
  }

  private mutating func move(to time: Monotonic) {
    guard time > now.monotonic else { return }
    now.wall = now.wall + (time - now.monotonic)
    now.monotonic = time
  }

  private mutating func say(
    _ cause: Cause, weight: Int, _ input: TransportInput? = nil,
    _ words: (inout Client, Now, inout [ClientEffect]) -> Void
  ) {
    effects.removeAll(keepingCapacity: true)
    words(&client, now, &effects)
    if let input { flaw?(input, &effects) }
    expect(
      effects.count <= rules.effectsPerInput + weight,
      "\(effects.count) effects of \(weight) bytes (\(cause))")
    for effect in effects {
      switch effect {
      case .transport(let transport):
        sent?.append(transport)
        carryOut(transport)
      case .setTimer(let id, let due):
        expect(id.owner == rules.timerOwner, "a timer of somebody else: \(id)")
        timers[id] = due
        expect(timers.count <= 64, "the client keeps \(timers.count) timers")
      case .cancelTimer(let id): timers[id] = nil
      case .rejected(let rejection):
        rejections += 1
        expect(
          rejection.ordinal == rejections && rejection.venue == Client.venue,
          "rejection \(rejections) is counted as \(rejection)")
        expect(
          rejection.excerpt.utf8.count <= RejectedInput.excerptLimit
            && rejection.excerpt.utf8.allSatisfy { (0x20..<0x7f).contains($0) },
          "an excerpt that may not be logged: \(rejection.excerpt)")
      default: rules.check(effect, cause)
      }
    }
  }

  private mutating func carryOut(_ effect: TransportEffect) {
    switch effect {
    case .connect(let id, let path):
      expect(
        id.venue == Client.venue && id.number > lastConnection, "\(id) after \(lastConnection)")
      expect(path.utf8.first == UInt8(ascii: "/"), "no path: \(path)")
      lastConnection = id.number
      connections.append(Connection(id: id))
      expect(connections.count <= rules.connections, "\(connections.count) connections at once")
    case .send(let id, let bytes):
      expect(
        connections.contains { $0.id == id && $0.isOpen }, "a frame for \(id), which is not open")
      expect((try? parser.parse(bytes)) != nil, "sent: \(String(decoding: bytes, as: UTF8.self))")
    case .close(let id):
      expect(connections.contains { $0.id == id }, "\(id) is closed, and is not there")
      connections.removeAll { $0.id == id }
    case .request(let id, let request):
      expect(
        id.venue == Client.venue && id.number > lastRequest, "\(id) after \(lastRequest)")
      lastRequest = id.number
      let isVisible = request.path.utf8.allSatisfy { (0x21..<0x7f).contains($0) }
      expect(
        request.path.utf8.first == UInt8(ascii: "/") && isVisible, "no path: \(request.path)")
      switch request.method {
      case .get: expect(request.body.isEmpty, "a GET with a body")
      case .post:
        expect(
          (try? parser.parse(request.body)) != nil,
          "posted: \(String(decoding: request.body, as: UTF8.self))")
      }
      expect(request.timeout > .zero, "a request without a timeout")
      requests.append(Sent(id: id, request: request, due: now.monotonic + request.timeout))
    }
  }
}

extension ClientEffect {
  fileprivate func isReport(on id: ClientOrderID) -> Bool {
    guard case .report(let report) = self else { return false }
    return switch report {
    case .evidence(id, _, _), .unknown(id, _), .cancelRefused(id), .cancelUnknown(id): true
    default: false
    }
  }
}
