import Choice
public import Exchange
public import Market
public import Venues

/// The faults of a scenario at work between a simulated venue and sockets that it is served on.
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
    /// Every WebSocket breaks, and with `requests` every request that waits for its answer.
    case cutAll(requests: Bool)
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
  private let connection = ConnectionID(venue: .hyperliquid, number: 0)

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

  /// When ``advance(to:venue:account:)`` next has something to do.
  public var nextDue: Instant? { schedule.nextTime }

  /// Begins, repeats and ends what is due; `account` is the one that faults of accounts concern.
  public mutating func advance(
    to now: Instant, venue: inout HyperliquidVenue, account: AccountAddress
  ) -> [Event] {
    var events: [Event] = []
    while let (time, step) = schedule.next(until: now) {
      switch step {
      case .begins(let index): begin(index, at: time, &venue, account, &events)
      case .ends(let index): end(index, &venue, &events)
      case .acts(let index): act(index, at: time, &events)
      case .cuts(let index, let session):
        guard desk.cases[index].mayAct else { break }
        desk.acted(index)
        events.append(.cut(session))
      case .heals:
        for index in desk.cases.indices where !frozen.contains(desk.cases[index].plan.kind) {
          end(index, &venue, &events)
        }
      }
    }
    return events
  }

  private mutating func begin(
    _ index: Int, at time: Instant, _ venue: inout HyperliquidVenue, _ account: AccountAddress,
    _ events: inout [Event]
  ) {
    let plan = desk.cases[index].plan
    desk.cases[index].hasBegun = true
    desk.cases[index].isActive = true
    if let duration = plan.duration { schedule.add(.ends(index), at: time + duration) }
    events.append(.began(plan.kind))
    switch plan.action {
    case .cut: events.append(.cutAll(requests: true))
    case .storm: events.append(.cutAll(requests: false))
    case .swizzle(let period):
      events.append(.cutAll(requests: false))
      schedule.add(.acts(index), at: time + period)
    case .venue(let action):
      action.apply(to: &venue, account) { lots[$0] ?? .ulp }
    case .frames, .requests, .deaf, .input: return
    case .vanish, .latency, .wallStep, .drift, .pause, .crash, .kill: break
    }
    desk.acted(index)
  }

  private mutating func end(
    _ index: Int, _ venue: inout HyperliquidVenue, _ events: inout [Event]
  ) {
    guard desk.cases[index].isActive else { return }
    desk.cases[index].isActive = false
    let plan = desk.cases[index].plan
    events.append(.ended(plan.kind))
    switch plan.action {
    case .venue(.fault(_, let end)): if let end { venue.apply(end) }
    // The network forgot these connections long ago: the first packet is answered by a reset.
    case .vanish: events.append(.cutAll(requests: false))
    default: break
    }
  }

  private mutating func act(_ index: Int, at time: Instant, _ events: inout [Event]) {
    guard desk.cases[index].isActive, case .swizzle(let period) = desk.cases[index].plan.action
    else { return }
    desk.acted(index)
    desk.cases[index].breaksRequests.toggle()
    if !desk.cases[index].breaksRequests { events.append(.cutAll(requests: false)) }
    schedule.add(.acts(index), at: time + period)
  }

  // MARK: Traffic

  /// Whether a new WebSocket stands; one that is opened in a storm breaks soon.
  public var admitsConnections: Bool { !desk.isVanishing && !desk.refusesConnections }

  /// Notes that a WebSocket was opened.
  public mutating func opened(_ session: SessionID, at now: Instant) {
    guard let every = desk.stormInterval else { return }
    schedule.add(.cuts(desk.stormIndex, session), at: now + every)
  }

  /// What latency spikes add each way.
  public var extraLatency: Interval { desk.extraLatency }

  /// What becomes of a frame of a client.
  public var fateOfClientFrame: Fate {
    desk.isVanishing ? .lost : .passes(after: desk.extraLatency)
  }

  /// What becomes of a request on its way in.
  public mutating func fate(ofRequest path: String, _ body: [UInt8]) -> Fate {
    if desk.isVanishing { return .lost }
    if desk.refusesRequests { return .refused }
    if case .lost = desk.damage(to: Self.kind(path, body), isAnswer: false) { return .lost }
    return .passes(after: desk.extraLatency)
  }

  /// What becomes of the answer to a request.
  public mutating func fate(ofAnswerTo path: String, _ body: [UInt8]) -> Fate {
    if desk.isVanishing { return .lost }
    if desk.refusesRequests { return .refused }
    switch desk.damage(to: Self.kind(path, body), isAnswer: true) {
    case .answerLost: return .lost
    case .answerLate(let more): return .passes(after: desk.extraLatency + more)
    case .lost, nil: return .passes(after: desk.extraLatency)
    }
  }

  /// What leaves in place of a frame of the venue.
  public mutating func deliveries(of frame: [UInt8]) -> [Delivery] {
    if desk.isVanishing { return [] }
    return desk.deliveries(of: frame, on: connection).map { input, more in
      guard case .frame(_, let bytes) = input else { return Delivery(bytes: nil, delay: more) }
      return Delivery(bytes: bytes, delay: more)
    }
  }

  private static func kind(_ path: String, _ body: [UInt8]) -> RequestFilter {
    RequestFilter(HTTPRequest(method: .post, path: path, body: body, timeout: .zero))
  }

  // MARK: What is left out

  private static func unapplied(in scenario: Scenario) -> [String] {
    var texts: [String] = []
    for fault in scenario.faults {
      let name = "fault \(fault.kind.rawValue) (\(fault.kind.summary.dropLast()))"
      if case .input = fault.action, !fault.action.isServed {
        texts.append("\(name): another venue tells it, and none is served")
      } else if !fault.action.isServed {
        texts.append("\(name): it happens to the client's own process or clock")
      } else if case .mark(let mark, _, _) = fault.trigger {
        texts.append("\(name): it waits for the engine's mark `\(mark.rawValue)`")
      } else if case .frames(_, .oversize) = fault.action {
        texts.append("\(name): an oversize frame becomes a broken connection")
      }
    }
    if !scenario.operations.isEmpty { texts.append("operator: the client has its own") }
    if !scenario.foreign.isEmpty { texts.append("foreign: no other venue is served") }
    if !scenario.feeds.venues.isEmpty { texts.append("feeds: no other venue is served") }
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
    case .frames, .requests, .cut, .deaf, .vanish, .storm, .swizzle, .latency, .venue: true
    // What came past the wire is not served.
    case .input(let fault): fault.frames != nil
    case .wallStep, .drift, .pause, .crash, .kill: false
    }
  }
}

extension VenueAction {
  /// Does it at the venue; `lot` gives the size step of a symbol.
  func apply(
    to venue: inout HyperliquidVenue, _ account: AccountAddress, lot: (Symbol) -> Quantity
  ) {
    switch self {
    case .fault(let fault, _): venue.apply(fault)
    case .manual(let trade, let symbol, let announced):
      let held = venue.positions(of: account).first { $0.symbol == symbol }?.quantity ?? .zero
      let quantity = trade.quantity(held: held, lot: lot(symbol))
      guard quantity != .zero else { return }
      venue.apply(.externalTrade(account, symbol, quantity, announced: announced))
    case .liquidate(let symbol): venue.apply(.liquidation(account, symbol))
    case .transfer(let amount): venue.apply(.transfer(account, amount))
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
