import Market

@testable import Exchange
@testable import Venues

/// What a host needs of a simulated venue.
protocol FuzzedVenue: Sendable {
  var nextWake: Instant? { get }
  mutating func handle(_ input: VenueInput, at now: Instant, into outputs: inout [VenueOutput])
}

extension HyperliquidVenue: FuzzedVenue {}

/// Serves a venue as a host does, and holds everything that it sends to what HTTP and WebSocket
/// allow: one answer a call, frames of JSON, and only to sessions that are open.
struct VenueHost<Venue: FuzzedVenue> {
  var venue: Venue
  private(set) var now: Instant
  /// What the last input led to.
  private(set) var outputs: [VenueOutput] = []
  /// Calls without an answer.
  private(set) var awaiting: Set<UInt64> = []
  private(set) var sessions: Set<UInt64> = []
  /// Whether a fault may send frames that are no JSON.
  var allowsBogusFrames = false
  /// Whether a fault may answer with status 200 and no JSON.
  var allowsBogusReplies = false
  /// Whether a fault may leave calls unanswered.
  var allowsSilence = false
  /// What the venue sent since ``takeSent()``; nil where nobody takes it.
  private var sent: [VenueOutput]?
  /// What a planted bug changes after an input.
  var flaw: (@Sendable (inout Venue, VenueInput, inout [VenueOutput]) -> Void)?

  /// How many inputs there were.
  private(set) var inputs: UInt64 = 0
  private var calls: UInt64 = 0
  private var parser = JSONParser(limits: JSONLimits(bytes: 32 << 20, depth: 64))

  init(_ venue: Venue, at start: Instant) {
    self.venue = venue
    now = start
  }

  /// Sends a call; returns its number.
  @discardableResult
  mutating func call(_ method: HTTPRequest.Method, _ target: String, _ body: [UInt8]) -> UInt64 {
    calls += 1
    awaiting.insert(calls)
    input(.call(CallID(number: calls), VenueCall(method: method, target: target, body: body)))
    return calls
  }

  /// Opens a session, or does so again.
  mutating func open(_ number: UInt64, path: String) {
    sessions.insert(number)
    input(.opened(SessionID(number: number), path: path))
  }

  mutating func close(_ number: UInt64) {
    sessions.remove(number)
    input(.closed(SessionID(number: number)))
  }

  /// Sends a frame, whether the session is open or not.
  mutating func send(_ bytes: [UInt8], on number: UInt64) {
    input(.frame(SessionID(number: number), bytes))
  }

  mutating func pong(on number: UInt64) { input(.pong(SessionID(number: number), [1])) }

  /// Lets the venue run, waking it when it asks to be.
  mutating func pass(_ interval: Interval) {
    let end = now + interval
    var idle = 0
    while let wake = venue.nextWake, wake <= end {
      idle = wake > now ? 0 : idle + 1
      expect(idle < 1_000, "the venue is never at rest: it wakes at \(wake), and it is \(now)")
      now = max(now, wake)
      input(.advance)
    }
    now = max(now, end)
    input(.advance)
  }

  mutating func input(_ input: VenueInput) {
    inputs += 1
    outputs.removeAll(keepingCapacity: true)
    venue.handle(input, at: now, into: &outputs)
    flaw?(&venue, input, &outputs)
    for output in outputs { check(output) }
    sent?.append(contentsOf: outputs)
  }

  /// What the venue sent since the last time; all of it from the first time on.
  mutating func takeSent() -> [VenueOutput] {
    defer { sent = [] }
    return sent ?? []
  }

  private mutating func check(_ output: VenueOutput) {
    switch output {
    case .reply(let id, let response):
      expect(awaiting.remove(id.number) != nil, "a second answer, or one to nobody: \(id)")
      expect((100...599).contains(response.status), "no status: \(response.status)")
      if response.status == 200, !allowsBogusReplies { checkJSON(response.body) }
    case .frame(let id, let bytes):
      expect(sessions.contains(id.number), "a frame for \(id), which is not open")
      if !allowsBogusFrames { checkJSON(bytes) }
    case .ping(let id, let bytes):
      expect(sessions.contains(id.number), "a ping for \(id), which is not open")
      expect(bytes.count <= 125, "a ping of \(bytes.count) bytes")
    case .close(let id):
      expect(sessions.remove(id.number) != nil, "\(id) is closed, and is not open")
    }
  }

  private mutating func checkJSON(_ bytes: [UInt8]) {
    do throws(JSONFault) {
      _ = try parser.parse(bytes)
    } catch {
      finding("sent: \(String(decoding: bytes.prefix(2_000), as: UTF8.self)), no JSON: \(error)")
    }
  }
}
