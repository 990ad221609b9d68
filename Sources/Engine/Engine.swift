public import Market
public import Risk
public import Strategies
public import Venues

/// Why an engine cannot be made.
public enum EngineError: Error, Hashable, Sendable {
  /// No strategy of this name is known.
  case unknownStrategy(StrategyID)
  /// A strategy trades a symbol that the configuration does not list.
  case unlistedSymbol(StrategyID, Symbol)
  /// A strategy declares an input that nothing produces under this configuration.
  case noProducer(StrategyID, Symbol, String)
  /// No listed symbol is one that a strategy trades: a pair needs its first leg.
  case tradesNothing(StrategyID)
  /// Exchange execution needs `arbitration: batch`.
  case exchangeNeedsBatch
  /// Exchange execution needs the account's address, and a Hyperliquid connection.
  case exchangeNeedsAccount
  /// Two entries of the configuration name the same symbol.
  case duplicateSymbol(Symbol)
}

extension EngineError: CustomStringConvertible {
  /// What was wrong and what to do.
  public var description: String {
    switch self {
    case .unknownStrategy(let id):
      "no strategy is called \(id): `assay list strategies` names them"
    case .unlistedSymbol(let id, let symbol):
      "\(id) trades \(symbol), which `symbols` does not list: add it or drop the strategy"
    case .noProducer(let id, let symbol, let input):
      "\(id) reads \(input) of \(symbol), which nothing produces: name a source that does under "
        + "`sources`, or drop the strategy"
    case .tradesNothing(let id):
      "\(id) trades none of the symbols: list and allow what it trades, or drop the strategy"
    case .exchangeNeedsBatch:
      "exchange execution needs `arbitration: batch`: opposing orders would net at the venue"
    case .exchangeNeedsAccount:
      "exchange execution needs `account`, the venue address in hex, and a connected feed"
    case .duplicateSymbol(let symbol): "`symbols` lists \(symbol) twice: keep one"
    }
  }
}

/// The trading engine: a synchronous state machine without I/O, clock, chance or concurrency.
///
/// The host feeds it ``Input`` values with the time of each and does what the ``Outbox`` says: all
/// records durable first, then the effects in order. Equal inputs at equal times give equal
/// outboxes, whatever the machine.
///
/// The way of a candle: frame → client → ``FeedAggregator`` → ``CandleManager`` →
/// ``StrategyRegistry`` → ``Arbiter`` → gate → executor → ``OrderTable`` → ``Portfolio`` → records.
public struct Engine: Sendable {
  /// What it was told to do.
  public let configuration: EngineConfiguration
  let guards: EngineGuards
  let gate: Gate
  let epoch: UInt32

  var now = Now(wall: Instant(nanoseconds: 0), monotonic: Monotonic(nanoseconds: 0))
  var phase = Phase.idle

  var aggregator: FeedAggregator
  var manager = CandleManager()
  var readings = ReadingQueue()
  var flow = FlowBook()
  var samples = VenueSamples()
  var registry: StrategyRegistry
  var orders = OrderTable()
  var portfolio = Portfolio()
  var fillMemory = FillMemory()
  /// Simulated execution; nil where orders go to the exchange.
  var paper: PaperVenue?
  var client: HyperliquidClient?
  /// The wires of the venues that only supply data, in the order of ``DataSources/wired``.
  var sourceClients: [any VenueClient] = []
  /// Whether market data comes over the wire; asking `client` itself would copy it.
  let isWired: Bool
  var feed = FeedState()
  var priced = PricedStretches()
  var safety: Safety
  var reconciliation = Reconciliation()
  var funding = FundingLedger()
  var schedule = Schedule()
  var tally = Tally()
  /// Whether ``evidence`` is kept; off, trading pays nothing for it.
  public var keepsEvidence = false
  /// What the newest step's decisions rested on, where it is kept.
  public internal(set) var evidence = Evidence()

  /// Where a run is.
  enum Phase: Sendable {
    case idle, running, stopping, stopped
  }

  /// Makes an engine that does nothing until ``Input/started``.
  ///
  /// - Parameters:
  ///   - configuration: What it is to do.
  ///   - recovered: What the store holds; `DurableState()` for a new store.
  ///   - killSwitchFile: What the kill-switch file says, where there is one.
  ///   - guards: The defences in force; all of them, except in a negative control.
  ///   - strategies: Strategies of one's own, beside those that the configuration names.
  ///   - signer: Signs orders of exchange execution.
  /// - Throws: ``EngineError`` where the configuration cannot work as a whole.
  public init(
    configuration: EngineConfiguration, recovered: DurableState,
    killSwitchFile: KillSwitchRecord?, guards: EngineGuards = .all,
    strategies: [any StrategyInstance] = [], signer: (any ActionSigner)? = nil
  ) throws(EngineError) {
    self.configuration = configuration
    self.guards = guards
    isWired = configuration.isConnected
    gate = Gate(limits: configuration.limits)
    epoch = (recovered.run?.epoch ?? 0) + 1
    registry = StrategyRegistry(
      try Self.instances(configuration) + strategies)
    aggregator = FeedAggregator(
      grace: configuration.closeGrace, guards: guards,
      fillsFromOthers: configuration.acceptsForeignCandles)
    if case .paper(let settings) = configuration.execution {
      // Ids of one run stay below those of the next.
      paper = PaperVenue(settings, firstID: UInt64(epoch) << 32)
    }
    safety = Safety(limits: configuration.limits)
    try validate()
    declareSeries(recovered)
    recover(recovered, killSwitchFile: killSwitchFile)
    client = makeClient(signer: signer, recovered: recovered)
    sourceClients = makeSourceClients()
  }

  /// Takes one input.
  ///
  /// - Parameters:
  ///   - input: What happened.
  ///   - time: Both clocks when it happened; monotonic time that went back is taken as unchanged.
  ///   - outbox: Receives what to persist and what to do, after what it already holds.
  public mutating func step(_ input: Input, at time: Now, into outbox: inout Outbox) {
    guard phase != .stopped else { return }
    now.wall = time.wall
    now.monotonic = max(now.monotonic, time.monotonic)
    if keepsEvidence { evidence = Evidence() }
    switch (phase, input) {
    case (.idle, .started): start(&outbox)
    case (.idle, _), (_, .started): return
    case (_, .transport(let input)): hear(input, &outbox)
    case (_, .timer(let id)): fire(id, &outbox)
    case (_, .market(let event)): take(event, fromWire: false, &outbox)
    case (_, .command(let command)): obey(command, &outbox)
    }
    settle(&outbox)
  }

  private mutating func start(_ outbox: inout Outbox) {
    phase = .running
    outbox.records.append(
      .run(
        RunRecord(
          epoch: epoch, startedAt: now.wall, configuration: configuration.digest.value)))
    openAccount(&outbox)
    resumeOrders(&outbox)
    startFeed(&outbox)
    schedule.heartbeat = now.monotonic
  }

  /// Whatever the input was: does what is due, closes candles, protects, limits, sets the alarm.
  private mutating func settle(_ outbox: inout Outbox) {
    rollDay(&outbox)
    advanceExecutor(&outbox)
    closeCandles(&outbox)
    tendPositions(&outbox)
    enforceLimits(&outbox)
    tendAccount(&outbox)
    beat(&outbox)
    finishStop(&outbox)
    setAlarm(&outbox)
  }
}
