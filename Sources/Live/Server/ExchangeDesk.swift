import Choice
import Exchange
import Market
import Simulation
import Venues

/// The simulated venues, their time and their faults, as one value without sockets.
///
/// Its host hands it what arrives with the machine's uptime, does what comes out, and comes back at
/// ``nextWake``. Which venue something is for, its path tells (``VenueRoute``).
struct ExchangeDesk: Sendable {
  /// What the host is to do, in this order.
  enum Effect: Sendable {
    case answer(CallID, HTTPResponse)
    /// Break the connection of a call.
    case abandon(CallID)
    /// A call is never answered.
    case forget(CallID)
    case send(SessionID, [UInt8])
    case ping(SessionID, [UInt8])
    case close(SessionID)
    case cut(SessionID)
    case event(Instant, ExchangeEvent)
  }

  /// Something that a fault holds back.
  private struct Late {
    enum Matter {
      case input(VenueInput)
      case effect(Effect)
    }
    let due: Instant
    let matter: Matter
  }

  /// How many steps one turn takes before it lets the sockets have theirs.
  private static let stepsPerTurn = 2_000
  /// How much may be held back; more is lost, as in a network.
  private static let longestQueue = 100_000

  private(set) var tally = ExchangeTally()
  private var venues: SimulatedVenues
  private var faults: ServedFaults?
  private var clock: ExchangeClock
  private var now: Instant
  /// The calls that wait for an answer; bodies only where faults look at them.
  private var calls: [CallID: (venue: Venue, call: VenueCall)] = [:]
  /// The WebSockets that are open, and whose they are.
  private var sessions: [SessionID: Venue] = [:]
  private var late: [Late] = []
  /// When the last frame of a session leaves: faults that delay do not let one overtake another.
  private var lastDeparture: [SessionID: Instant] = [:]
  /// Whom faults of accounts concern: the first account that anything happens to.
  private var subject: AccountAddress
  private var hasSubject = false
  private var isLagging = false
  private var parser = JSONParser()
  private var outputs: [VenueOutput] = []

  init(_ setup: ExchangeSetup, uptime: UInt64) {
    venues = SimulatedVenues(
      setup.venues, prices: setup.prices, chooser: .seeded(setup.seed), verifier: setup.verifier)
    venues.hyperliquid.watchAccounts()
    faults = setup.faults
    now = setup.venues.hyperliquid.start
    clock = ExchangeClock(start: now, uptime: uptime, speed: setup.speed)
    subject = setup.venues.hyperliquid.accounts.first?.address ?? AccountAddress(number: 1)
  }

  /// How many seconds of the venue pass in one of the machine.
  var speed: Int { clock.speed }

  /// The venue's time, which never goes back.
  func time(at uptime: UInt64) -> Instant { max(now, clock.time(at: uptime)) }

  /// Whether a new WebSocket to a venue stands.
  func admitsConnections(to venue: Venue) -> Bool {
    faults?.admitsConnections(to: venue) ?? true
  }

  /// Whether a venue is among those that are served.
  func serves(_ venue: Venue) -> Bool { venues.present.contains(venue) }

  /// The uptime at which ``wake(at:into:)`` next has something to do.
  var nextWake: UInt64? { nextDue.map(clock.uptime(of:)) }

  private var nextDue: Instant? {
    [venues.nextWake?.at, faults?.nextDue, late.first?.due].compactMap { $0 }.min()
  }

  // MARK: Time

  /// Lets the venue live up to the present.
  mutating func wake(at uptime: UInt64, into effects: inout [Effect]) {
    let end = clock.time(at: uptime)
    var steps = 0
    while let due = nextDue, due <= end {
      guard steps < Self.stepsPerTurn else {
        clock.fallBack(to: now, at: uptime)
        if !isLagging { note(.lagging, &effects) }
        isLagging = true
        return
      }
      steps += 1
      now = max(now, due)
      step(due, &effects)
    }
    now = max(now, end)
  }

  /// Does one thing that is due.
  private mutating func step(_ due: Instant, _ effects: inout [Effect]) {
    if let next = faults?.nextDue, next <= due {
      runFaults(&effects)
    } else if let first = late.first, first.due <= due {
      late.removeFirst()
      switch first.matter {
      case .input(let input): stepVenue(input, &effects)
      case .effect(let effect): effects.append(effect)
      }
    } else if let next = venues.nextWake {
      stepVenue(.advance, of: next.venue, &effects)
    }
  }

  private mutating func runFaults(_ effects: inout [Effect]) {
    for event in faults?.advance(to: now, venues: &venues, account: subject) ?? [] {
      switch event {
      case .began(let kind): note(.fault(kind, begins: true), &effects)
      case .ended(let kind): note(.fault(kind, begins: false), &effects)
      case .cut(let session): effects.append(.cut(session))
      case .cutAll(let venue, let requests): cutAll(to: venue, requests: requests, &effects)
      }
    }
    for venue in venues.present { stepVenue(.advance, of: venue, &effects) }
  }

  private mutating func cutAll(to venue: Venue, requests: Bool, _ effects: inout [Effect]) {
    for session in sessions.keys.sorted() where sessions[session] == venue {
      effects.append(.cut(session))
    }
    guard requests else { return }
    for id in calls.keys.sorted() where calls[id]?.venue == venue {
      drop(id, .abandon(id), &effects)
    }
  }

  // MARK: In

  /// Takes in what arrived.
  mutating func take(_ input: VenueInput, at uptime: UInt64, into effects: inout [Effect]) {
    wake(at: uptime, into: &effects)
    switch input {
    case .opened(let session, let target):
      let path = ServerRequest.split(target).path
      guard let venue = VenueRoute.venue(ofSocket: path), serves(venue) else {
        return effects.append(.close(session))
      }
      sessions[session] = venue
      note(.connected(session), &effects)
      faults?.opened(session, to: venue, at: now)
    case .frame(let session, let bytes):
      tally.messagesIn += 1
      noteSubscription(bytes, session, &effects)
      guard let venue = sessions[session] else { return }
      if let fate = faults?.fate(ofClientFrame: bytes, to: venue), !passes(fate, input) { return }
    case .call(let id, let call):
      guard let venue = VenueRoute.venue(ofRequest: call.path), serves(venue) else {
        return effects.append(.answer(id, HTTPResponse(status: 404, body: [])))
      }
      tally.calls += 1
      let kept = faults == nil ? VenueCall(method: call.method, target: call.path) : call
      calls[id] = (venue, kept)
      guard let fate = faults?.fate(ofRequest: call, to: venue) else { break }
      guard passes(fate, input) else {
        if case .lost = fate { drop(id, .forget(id), &effects) }
        if case .refused = fate { drop(id, .abandon(id), &effects) }
        return
      }
    case .closed(let session):
      lastDeparture[session] = nil
      stepVenue(input, &effects)
      sessions[session] = nil
      return
    case .pong, .advance: break
    }
    stepVenue(input, &effects)
  }

  /// Notes that the server closed a WebSocket, or its peer did.
  mutating func closed(
    _ session: SessionID, _ end: SocketEnd, at uptime: UInt64, into effects: inout [Effect]
  ) {
    take(.closed(session), at: uptime, into: &effects)
    note(.disconnected(session, end), &effects)
  }

  /// Whether an input goes on at once; one that is to be late waits.
  private mutating func passes(_ fate: ServedFaults.Fate, _ input: VenueInput) -> Bool {
    guard case .passes(let delay) = fate else { return false }
    guard delay > .zero else { return true }
    hold(.input(input), until: now + delay)
    return false
  }

  private mutating func drop(_ id: CallID, _ effect: Effect, _ effects: inout [Effect]) {
    calls[id] = nil
    effects.append(effect)
  }

  private mutating func hold(_ matter: Late.Matter, until due: Instant) {
    guard late.count < Self.longestQueue else { return }
    var place = late.count
    while place > 0, late[place - 1].due > due { place -= 1 }
    late.insert(Late(due: due, matter: matter), at: place)
  }

  // MARK: Out

  /// Hands an input to the venue that it is for; one whose WebSocket is gone is for nobody.
  private mutating func stepVenue(_ input: VenueInput, _ effects: inout [Effect]) {
    let venue: Venue? =
      switch input {
      case .call(let id, _): calls[id]?.venue
      case .opened(let session, _), .frame(let session, _), .pong(let session, _),
        .closed(let session):
        sessions[session]
      case .advance: nil
      }
    if let venue { stepVenue(input, of: venue, &effects) }
  }

  private mutating func stepVenue(
    _ input: VenueInput, of venue: Venue, _ effects: inout [Effect]
  ) {
    outputs.removeAll(keepingCapacity: true)
    venues.handle(input, of: venue, at: now, into: &outputs)
    for output in outputs { carry(output, &effects) }
    for news in venues.hyperliquid.takeNews() {
      if !hasSubject {
        subject = news.account
        hasSubject = true
      }
      note(.account(news), &effects)
    }
  }

  private mutating func carry(_ output: VenueOutput, _ effects: inout [Effect]) {
    switch output {
    case .reply(let id, let response): carryReply(id, response, &effects)
    case .frame(let session, let bytes): carryFrame(session, bytes, &effects)
    case .ping(let session, let bytes): effects.append(.ping(session, bytes))
    case .close(let session): effects.append(.close(session))
    }
  }

  private mutating func carryReply(
    _ id: CallID, _ response: HTTPResponse, _ effects: inout [Effect]
  ) {
    guard let (venue, call) = calls.removeValue(forKey: id) else { return }
    if call.path == "/exchange" { noteRefusals(response.body, &effects) }
    switch faults?.fate(ofAnswerTo: call, of: venue) ?? .passes(after: .zero) {
    case .lost: effects.append(.forget(id))
    case .refused: effects.append(.abandon(id))
    case .passes(let delay) where delay > .zero:
      hold(.effect(.answer(id, response)), until: now + delay)
    case .passes: effects.append(.answer(id, response))
    }
  }

  private mutating func carryFrame(
    _ session: SessionID, _ bytes: [UInt8], _ effects: inout [Effect]
  ) {
    tally.messagesOut += 1
    if bytes.starts(with: #"{"channel":"post""#.utf8) { noteRefusals(bytes, &effects) }
    guard let venue = sessions[session], let deliveries = faults?.deliveries(of: bytes, from: venue)
    else {
      return effects.append(.send(session, bytes))
    }
    let extra = faults?.extraLatency(venue) ?? .zero
    let departure = max(lastDeparture[session] ?? now, now + extra)
    lastDeparture[session] = departure
    for delivery in deliveries {
      let due = departure + delivery.delay
      let effect = delivery.bytes.map { Effect.send(session, $0) } ?? .cut(session)
      guard due > now else {
        effects.append(effect)
        continue
      }
      hold(.effect(effect), until: due)
    }
  }

  // MARK: Notes

  private mutating func note(_ event: ExchangeEvent, _ effects: inout [Effect]) {
    tally.count(event)
    effects.append(.event(now, event))
  }

  private mutating func noteSubscription(
    _ bytes: [UInt8], _ session: SessionID, _ effects: inout [Effect]
  ) {
    guard bytes.count < 1_000, let root = try? parser.parse(bytes).root,
      let method = root["method"]?.text, method == "subscribe",
      let wish = root["subscription"], let type = wish["type"]?.string
    else { return }
    var words = [type]
    for key: StaticString in ["coin", "interval", "user"] {
      if let word = wish[key]?.string { words.append(word) }
    }
    note(.subscribed(session, words.joined(separator: " ")), &effects)
  }

  /// Notes what an answer to an action refuses: all of it, or elements of it.
  private mutating func noteRefusals(_ bytes: [UInt8], _ effects: inout [Effect]) {
    guard let root = try? parser.parse(bytes).root else { return }
    let answer = root["data"]?["response"]?["payload"] ?? root
    if let status = answer["status"]?.text, status == "err",
      let text = answer["response"]?.string
    {
      return note(.refused(text), &effects)
    }
    guard let statuses = answer["response"]?["data"]?["statuses"]?.elements else { return }
    for status in statuses {
      if let text = status["error"]?.string { note(.refused(text), &effects) }
    }
  }
}
