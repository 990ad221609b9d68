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
  var venue: HyperliquidVenue
  let account: AccountAddress
  /// Signs the engine's orders; the venue believes it.
  let signer: (any ActionSigner)?
  var venueOutputs: [VenueOutput] = []
  var scheduledWake: Instant?
  var toVenue: Link
  var toHost: Link
  var faults: FaultDesk
  var feeds: [SimulatedFeed]
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
    venue = HyperliquidVenue(
      configuration: scenario.venueConfiguration, prices: scenario.prices, chooser: chooser)
    toVenue = Link(scenario.link, stream: chooser.stream("link.to-venue"))
    toHost = Link(scenario.link, stream: chooser.stream("link.to-host"))
    faults = FaultDesk(scenario.faults, chooser: chooser)
    feeds = SimulatedFeed.all(
      scenario.feeds, symbols: scenario.market.listings.map(\.listing.instrument.symbol),
      reads: Self.readsFlow(scenario), chooser)
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
    scheduleFeeds()
    schedule.add(.restart, at: scenario.start)
    scheduleWake()
  }

  /// Asks for the venue's next wake where it has moved.
  mutating func scheduleWake() {
    guard let wake = venue.nextWake, wake != scheduledWake else { return }
    scheduledWake = wake
    schedule.add(.venueWake(wake), at: max(wake, time))
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
    case .venueReceives(let input): venueReceives(input)
    case .requestTimeout(let request, let incarnation):
      if host.closeCall(request, incarnation: incarnation) {
        feed(.transport(.failed(request, .timeout)))
      }
    case .timer(let id, let generation, let incarnation):
      timerDue(id, generation, incarnation)
    case .venueWake(let wake):
      guard wake == scheduledWake else { break }
      scheduledWake = nil
      stepVenue(.advance)
    case .operation(let command): feed(.command(command))
    case .foreignClose(let index): foreignClose(index)
    case .feedPolls(let index, let isNews): pollFeed(index, isNews: isNews)
    case .feedCloses(let index, let minute): closeFeed(index, minute)
    case .feedTells(let index, let event): tellFeed(index, event)
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
