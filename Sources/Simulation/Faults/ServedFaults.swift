import Choice
public import Exchange
public import Market
public import Venues

/// The faults of a scenario at work between simulated venues and sockets that they are served on.
///
/// It does no I/O and reads no clock: its host tells it the venue's time, asks it about everything
/// that passes, and does what it says. Faults of the client's own process and clocks, and those
/// that wait for a mark of the engine, are not its business: ``unapplied`` names them.
public struct ServedFaults: Sendable {
  /// What the host is to do, or may tell.
  public enum Event: Hashable, Sendable {
    /// A fault began.
    case began(FaultKind)
    /// A fault ended.
    case ended(FaultKind)
    /// One WebSocket breaks.
    case cut(SessionID)
    /// Every WebSocket to a venue breaks, and with `requests` every request to it that waits for
    /// its answer.
    case cutAll(Venue, requests: Bool)
  }

  /// What becomes of a request on its way in, or of its answer on its way out.
  public enum Fate: Hashable, Sendable {
    /// It passes, this much later.
    case passes(after: Interval)
    /// Nobody ever hears of it.
    case lost
    /// Its connection breaks.
    case refused
  }

  /// One frame that leaves in place of another.
  public struct Delivery: Hashable, Sendable {
    /// Its bytes; nil breaks the WebSocket instead.
    public let bytes: [UInt8]?
    /// How much later it leaves, beside ``ServedFaults/extraLatency``.
    public let delay: Interval
  }

  private enum Step: Sendable {
    case begins(Int)
    case ends(Int)
    case acts(Int)
    case cuts(Int, SessionID)
    case heals
  }

  /// What the scenario declares and this host cannot do, one sentence each.
  public let unapplied: [String]

  private var desk: FaultDesk
  private var schedule = Schedule<Step>()
  private let frozen: [FaultKind]
  private let lots: [Symbol: Quantity]

  /// Takes the faults of a scenario that begins at its `start`, with the choices of `seed`.
  public init(_ scenario: Scenario, seed: UInt64) {
    let chooser =
      scenario.choices.map { Chooser.recorded($0, beyond: seed) } ?? Chooser.seeded(seed)
    desk = FaultDesk(scenario.faults, chooser: chooser)
    frozen = scenario.frozen
    unapplied = Self.unapplied(in: scenario)
    lots = Dictionary(
      scenario.market.listings.map { ($0.listing.instrument.symbol, $0.listing.instrument.lot) },
      uniquingKeysWith: { first, _ in first })
    for (index, fault) in scenario.faults.enumerated() where fault.action.isServed {
      guard case .at(let at) = fault.trigger else { continue }
      schedule.add(.begins(index), at: scenario.start + at)
    }
    if schedule.count > 0 { schedule.add(.heals, at: scenario.start + scenario.duration) }
  }

  // MARK: Time

  /// When ``advance(to:venues:account:)`` next has something to do.
  public var nextDue: Instant? { schedule.nextTime }

  /// Begins, repeats and ends what is due; `account` is the one that faults of accounts concern.
  public mutating func advance(
    to now: Instant, venues: inout SimulatedVenues, account: AccountAddress
  ) -> [Event] {
    var events: [Event] = []
    while let (time, step) = schedule.next(until: now) {
      switch step {
      case .begins(let index): begin(index, at: time, &venues, account, &events)
      case .ends(let index): end(index, &venues, &events)
      case .acts(let index): act(index, at: time, &events)
      case .cuts(let index, let session):
        guard desk.cases[index].mayAct else { break }
        desk.acted(index)
        events.append(.cut(session))
      case .heals:
        for index in desk.cases.indices where !frozen.contains(desk.cases[index].plan.kind) {
          end(index, &venues, &events)
        }
      }
    }
    return events
  }

  private mutating func begin(
    _ index: Int, at time: Instant, _ venues: inout SimulatedVenues, _ account: AccountAddress,
    _ events: inout [Event]
  ) {
    let plan = desk.cases[index].plan
    desk.cases[index].hasBegun = true
    desk.cases[index].isActive = true
    if let duration = plan.duration { schedule.add(.ends(index), at: time + duration) }
    events.append(.began(plan.kind))
    switch plan.action {
    case .cut: events.append(.cutAll(plan.venue, requests: true))
    case .storm: events.append(.cutAll(plan.venue, requests: false))
    case .swizzle(let period):
      events.append(.cutAll(plan.venue, requests: false))
      schedule.add(.acts(index), at: time + period)
    case .venue(let action):
      action.apply(to: &venues, account) { lots[$0] ?? .ulp }
    case .frames, .requests, .deaf, .input: return
    case .vanish, .latency, .wallStep, .drift, .pause, .crash, .kill: break
    }
    desk.acted(index)
  }

  private mutating func end(
    _ index: Int, _ venues: inout SimulatedVenues, _ events: inout [Event]
  ) {
    guard desk.cases[index].isActive else { return }
    desk.cases[index].isActive = false
    let plan = desk.cases[index].plan
    events.append(.ended(plan.kind))
    switch plan.action {
    case .venue(.fault(_, let end)): if let end { venues.hyperliquid.apply(end) }
    case .venue(.source(_, let end)): if let end { venues.apply(end) }
    // The network forgot these connections long ago: the first packet is answered by a reset.
    case .vanish: events.append(.cutAll(plan.venue, requests: false))
    default: break
    }
  }

  private mutating func act(_ index: Int, at time: Instant, _ events: inout [Event]) {
    let plan = desk.cases[index].plan
    guard desk.cases[index].isActive, case .swizzle(let period) = plan.action else { return }
    desk.acted(index)
    desk.cases[index].breaksRequests.toggle()
    if !desk.cases[index].breaksRequests { events.append(.cutAll(plan.venue, requests: false)) }
    schedule.add(.acts(index), at: time + period)
  }

  // MARK: Traffic

  /// Whether a new WebSocket to a venue stands; one that is opened in a storm breaks soon.
  public func admitsConnections(to venue: Venue) -> Bool {
    !desk.isVanishing(venue) && !desk.refusesConnections(venue)
  }

  /// Notes that a WebSocket to a venue was opened.
  public mutating func opened(_ session: SessionID, to venue: Venue, at now: Instant) {
    guard let storm = desk.storm(venue) else { return }
    schedule.add(.cuts(storm.index, session), at: now + storm.every)
  }

  /// What latency spikes add each way.
  public func extraLatency(_ venue: Venue) -> Interval { desk.extraLatency(venue) }

  /// What becomes of a frame of a client on its way to a venue.
  public mutating func fate(ofClientFrame frame: [UInt8], to venue: Venue) -> Fate {
    if desk.isVanishing(venue) { return .lost }
    return passage(desk.withholding(frame, to: venue), venue)
  }

  /// What becomes of a request on its way in.
  public mutating func fate(ofRequest call: VenueCall, to venue: Venue) -> Fate {
    if desk.isVanishing(venue) { return .lost }
    if desk.refusesRequests(venue) { return .refused }
    let request = Self.request(call)
    if case .lost = desk.damage(to: RequestFilter(request), of: venue, isAnswer: false) {
      return .lost
    }
    return passage(desk.withholding(request, to: venue), venue)
  }

  /// What becomes of the answer to a request.
  public mutating func fate(ofAnswerTo call: VenueCall, of venue: Venue) -> Fate {
    if desk.isVanishing(venue) { return .lost }
    if desk.refusesRequests(venue) { return .refused }
    let extra = desk.extraLatency(venue)
    switch desk.damage(to: RequestFilter(Self.request(call)), of: venue, isAnswer: true) {
    case .answerLost: return .lost
    case .answerLate(let more): return .passes(after: extra + more)
    case .lost, nil: return .passes(after: extra)
    }
  }

  /// What leaves in place of a frame of a venue.
  public mutating func deliveries(of frame: [UInt8], from venue: Venue) -> [Delivery] {
    if desk.isVanishing(venue) { return [] }
    let connection = ConnectionID(venue: venue, number: 0)
    return desk.deliveries(of: frame, on: connection).map { input, more in
      guard case .frame(_, let bytes) = input else { return Delivery(bytes: nil, delay: more) }
      return Delivery(bytes: bytes, delay: more)
    }
  }

  private func passage(_ withholding: Withholding?, _ venue: Venue) -> Fate {
    let extra = desk.extraLatency(venue)
    switch withholding {
    case .silent: return .lost
    case .late(let more): return .passes(after: extra + more)
    case nil: return .passes(after: extra)
    }
  }

  private static func request(_ call: VenueCall) -> HTTPRequest {
    HTTPRequest(method: call.method, path: call.target, body: call.body, timeout: .zero)
  }

  // MARK: What is left out

  private static func unapplied(in scenario: Scenario) -> [String] {
    var texts: [String] = []
    for fault in scenario.faults {
      let name = "fault \(fault.kind.rawValue) (\(fault.kind.summary.dropLast()))"
      if !fault.action.isServed {
        texts.append("\(name): it happens to the client's own process or clock")
      } else if case .mark(let mark, _, _) = fault.trigger {
        texts.append("\(name): it waits for the engine's mark `\(mark.rawValue)`")
      } else if case .frames(_, .oversize) = fault.action {
        texts.append("\(name): an oversize frame becomes a broken connection")
      }
    }
    if !scenario.operations.isEmpty { texts.append("operator: the client has its own") }
    if !scenario.foreign.isEmpty {
      texts.append("foreign: these candles come past the wire, in `assay sim` alone")
    }
    if scenario.script != nil { texts.append("script: strategies are the client's") }
    texts.append("latency and jitter: the sockets' own are in their place")
    texts.append("expect: `assay sim` judges")
    return texts
  }
}

extension FaultAction {
  /// Whether it can be done to sockets and a venue, rather than to the client.
  fileprivate var isServed: Bool {
    switch self {
    case .frames, .requests, .cut, .deaf, .vanish, .storm, .swizzle, .latency, .input, .venue: true
    case .wallStep, .drift, .pause, .crash, .kill: false
    }
  }
}

extension VenueAction {
  /// Does it at the venue; `lot` gives the size step of a symbol.
  func apply(
    to venues: inout SimulatedVenues, _ account: AccountAddress, lot: (Symbol) -> Quantity
  ) {
    switch self {
    case .fault(let fault, _): venues.hyperliquid.apply(fault)
    case .source(let fault, _): venues.apply(fault)
    case .manual(let trade, let symbol, let announced):
      let held =
        venues.hyperliquid.positions(of: account).first { $0.symbol == symbol }?.quantity ?? .zero
      let quantity = trade.quantity(held: held, lot: lot(symbol))
      guard quantity != .zero else { return }
      venues.hyperliquid.apply(.externalTrade(account, symbol, quantity, announced: announced))
    case .liquidate(let symbol): venues.hyperliquid.apply(.liquidation(account, symbol))
    case .transfer(let amount): venues.hyperliquid.apply(.transfer(account, amount))
    }
  }
}

extension ManualTrade {
  /// What somebody trades by hand, given what the account holds now; negative sells.
  func quantity(held: Quantity, lot: Quantity) -> Quantity {
    switch self {
    case .trade(let quantity): quantity
    case .close: -held
    case .halve: -(Quantity(steps: held.steps / 2).rounded(to: lot, .towardZero) ?? .zero)
    case .reverse: -(held + held)
    }
  }
}
