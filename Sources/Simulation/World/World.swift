import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// An engine on its host, a venue, the network between them and everything that goes wrong: one
/// value, advanced one event at a time.
struct World {
  let scenario: Scenario
  let options: RunOptions
  /// The fault that is left out, to see whether it makes a difference.
  let suppressed: Int?

  var schedule = Schedule<WorldEvent>()
  var time: Instant
  var clock: HostClock
  var host = EngineHost()
  var disk: Disk
  var venues: SimulatedVenues
  let account: AccountAddress
  /// Signs the engine's orders; the venue believes it.
  let signer: (any ActionSigner)?
  var venueOutputs: [VenueOutput] = []
  var scheduledWake: (venue: Venue, at: Instant)?
  /// The ways between the host and each venue, by venue.
  var ways: [Way]
  var faults: FaultDesk
  var outbox = Outbox()
  var chain: DigestChain
  var tally = Tally()
  var bench: OracleBench
  var entryJudge: EntryJudge
  var tracer: Tracer?
  /// What is asked of the run, where it is repeated to be explained.
  var inquiry: Inquiry?
  var failures: [Failure] = []
  /// Faults wait for no mark and none begins: the world is being healed.
  var isSettling = false
  /// Whether the next effect or record batch is cut short by the death of the process.
  var crashPlan: CrashPlan?

  /// A death that waits for its point within a step.
  struct CrashPlan: Sendable {
    let fault: Int
    let point: CrashPoint
    let down: Interval
  }

  init(_ scenario: Scenario, seed: UInt64, options: RunOptions, suppressed: Int?) {
    self.scenario = scenario
    self.options = options
    self.suppressed = suppressed
    let chooser =
      scenario.choices.map { Chooser.recorded($0, beyond: seed) } ?? Chooser.seeded(seed)
    time = scenario.start
    clock = HostClock(start: scenario.start)
    var mirror: StoreMirror?
    var diskFault: DiskFault?
    if scenario.disk == .sqlite, suppressed == nil {
      do throws(DiskFault) { mirror = try StoreMirror() } catch { diskFault = error }
    }
    disk = Disk(mirror: mirror)
    account = scenario.account
    signer = Address(account.description).map(SimulatedSigner.init(address:))
    venues = SimulatedVenues(
      scenario.venuesConfiguration, prices: scenario.prices, chooser: chooser)
    ways = Venue.allCases.map { Way(to: $0, scenario.link(to: $0), chooser) }
    faults = FaultDesk(scenario.faults, chooser: chooser)
    chain = DigestChain(keepsHistory: options.checksReceipts && suppressed == nil)
    bench = OracleBench(scenario)
    entryJudge = EntryJudge(scenario.expectations.entries, configuration: scenario.engine)
    tracer = options.trace.map(Tracer.init(write:))
    scheduleAll()
    if let diskFault { fail(.engine, "store", "\(diskFault)") }
  }

  private mutating func scheduleAll() {
    for operation in scenario.operations {
      schedule.add(.operation(operation.command), at: scenario.start + operation.at)
    }
    for (index, fault) in scenario.faults.enumerated() where index != suppressed {
      if case .at(let at) = fault.trigger {
        schedule.add(.faultBegins(index), at: scenario.start + at)
      }
    }
    for (index, feed) in scenario.foreign.enumerated() {
      let first = feed.timeframe.open(containing: scenario.start + feed.from)
      schedule.add(.foreignClose(index), at: first + feed.timeframe.interval)
    }
    schedule.add(.restart, at: scenario.start)
    scheduleWake()
  }

  /// The venue that executes.
  var venue: HyperliquidVenue {
    get { venues.hyperliquid }
    _modify { yield &venues.hyperliquid }
  }

  /// Asks for the venues' next wake where it has moved.
  mutating func scheduleWake() {
    guard let wake = venues.nextWake else { return }
    if let scheduledWake, scheduledWake == wake { return }
    scheduledWake = wake
    schedule.add(.venueWake(wake.venue, wake.at), at: max(wake.at, time))
  }

  // MARK: Events

  /// Advances by one event; false where none is due until `end`.
  mutating func advance(until end: Instant) -> Bool {
    guard let (time, event) = schedule.next(until: end) else { return false }
    self.time = time
    handle(event)
    return true
  }

  private mutating func handle(_ event: WorldEvent) {
    switch event {
    case .hostReceives(let input, let incarnation): hostReceives(input, incarnation)
    case .venueReceives(let venue, let input): venueReceives(input, at: venue)
    case .requestTimeout(let request, let incarnation):
      if host.closeCall(request, incarnation: incarnation) {
        feed(.transport(.failed(request, .timeout)))
      }
    case .timer(let id, let generation, let incarnation):
      timerDue(id, generation, incarnation)
    case .venueWake(let venue, let wake):
      guard let scheduledWake, scheduledWake == (venue, wake) else { break }
      self.scheduledWake = nil
      stepVenue(.advance, at: venue)
    case .operation(let command): feed(.command(command))
    case .foreignClose(let index): foreignClose(index)
    case .told(let event): feed(.market(event))
    case .faultBegins(let index): beginFault(index)
    case .faultEnds(let index): endFault(index)
    case .faultActs(let index, let step): actFault(index, step)
    case .restart: restart()
    case .unpause: unpause()
    }
  }

  /// Notes a failure.
  mutating func fail(_ kind: Failure.Kind, _ id: String, _ message: String) {
    guard failures.count < RunOptions.failureLimit else { return }
    failures.append(
      Failure(kind: kind, id: id, time: time, event: chain.count, message: message))
  }

  // MARK: The other venue

  /// Another venue's candle closes now: made from the true prices, it arrives after its own delay.
  private mutating func foreignClose(_ index: Int) {
    let feed = scenario.foreign[index]
    let openTime = time - feed.timeframe.interval
    if let truth = venue.candle(of: feed.symbol, feed.timeframe, opening: openTime),
      let candle = feed.candle(from: truth)
    {
      schedule.add(.told(.closedCandle(candle)), at: time + feed.delay)
    }
    let next = time + feed.timeframe.interval
    if next <= scenario.start + feed.until { schedule.add(.foreignClose(index), at: next) }
  }
}

extension ForeignFeed {
  /// This feed's version of a candle.
  func candle(from truth: Candle) -> Candle? {
    func moved(_ price: Price) -> Price? {
      price.checkedScaled(by: 1_000_000 + offset, over: 1_000_000, .nearest)
    }
    guard let open = moved(truth.open), let high = moved(truth.high), let low = moved(truth.low),
      let close = moved(truth.close)
    else { return nil }
    return try? Candle(
      symbol: symbol, timeframe: timeframe, venue: venue, openTime: truth.openTime, open: open,
      high: high, low: low, close: close, volume: truth.volume)
  }
}
