public import Engine
public import Market
public import Risk
public import Strategies

/// Why candles and configuration do not make a replay.
public enum ReplayError: Error, Hashable, Sendable {
  /// Nobody knows the contract of a symbol that the files name.
  case unknownInstrument(Symbol)
  /// No strategy of this name is known.
  case unknownStrategy(StrategyID)
  /// The configuration trades through an exchange.
  case notPaper
  /// A strategy reads something that no file has and, of candles, no shorter ones make.
  case noProducer(StrategyID, Symbol, InputKind)
  /// The files feed none of the strategies.
  case nothingFed
}

extension ReplayError: CustomStringConvertible {
  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .unknownInstrument(let symbol):
      "the contract of \(symbol) is not known: say --instrument \(symbol):sizeDecimals:leverage"
    case .unknownStrategy(let id):
      "no strategy is called \(id): `assay list strategies` names them"
    case .notPaper: "a replay fills on paper: set `execution: paper` in the configuration"
    case .noProducer(let id, let symbol, let kind):
      if case .candles = kind {
        "\(id) reads \(kind) of \(symbol), which no file has and no shorter ones make: add a "
          + "file, or leave the strategy out"
      } else {
        "\(id) reads \(kind) of \(symbol), which no file has: add a file, or leave the strategy out"
      }
    case .nothingFed:
      "the files feed none of the strategies: add candles of a symbol that is traded, of 15 "
        + "minutes or less"
    }
  }
}

/// Which data an engine is shown, and how it is configured, for one replay.
public struct ReplayPlan: Sendable {
  /// The series that the strategies read, with derived ones among them.
  public let history: CandleHistory
  /// What is given to the engine besides candles, in order of receipt.
  public let readings: [ReceivedReading]
  /// What the engine is told.
  public let configuration: EngineConfiguration
  /// Series that files gave and no strategy reads, but perhaps longer candles were made from.
  public let unread: [CandleHistory.Series]
  /// The strategies that run, in order of name.
  public let strategies: [StrategyID]
  /// Those of them that files feed on a part of what they trade, only there.
  let instances: [any StrategyInstance]
  /// Every strategy that runs, on everything that it trades.
  public let seats: [ReplaySeat]
  /// Strategies that were left out, as nothing feeds them.
  public let leftOut: [LeftOutStrategy]
  /// Readings of other venues than the configured source, which they stand in for: each kind with
  /// the venues.
  public let standIns: [StandIn]
  /// Readings from before the first candle or after the last.
  public let outsideCount: Int
  /// Readings that no strategy reads and no position settles by.
  public let unreadReadingCount: Int

  /// A kind of reading and a venue whose readings count as another's.
  public struct StandIn: Hashable, Sendable {
    /// What.
    public let kind: InputKind
    /// Whose they are.
    public let venue: Venue
    /// Whose they count as.
    public let source: Venue
  }

  /// What a replay uses where no configuration file says otherwise.
  ///
  /// The heartbeat is an hour, as it only spaces the points of the equity curve; memories of
  /// strategies are not recorded, as nothing recovers from a replay.
  public static func paperConfiguration(strategies: [StrategyID]) -> EngineConfiguration {
    var configuration = EngineConfiguration(
      symbols: [], strategies: strategies, execution: .paper(PaperConfiguration()),
      arbitration: .independent, limits: .paperDefault)
    configuration.heartbeat = .hours(1)
    configuration.recordsStrategyStates = false
    return configuration
  }

  /// The strategies that a replay runs where nobody names any: all but the benchmark.
  public static var usualStrategies: [StrategyID] {
    StrategyCatalog.all.map(\.id).filter { $0 != EmaCross.id }.sorted()
  }

  /// Matches candles with a configuration; see
  /// ``init(_:configuration:instruments:own:leavesOut:)``.
  ///
  /// - Throws: ``ReplayError`` where a strategy, a contract or candles are missing.
  public init(
    _ candles: CandleHistory, configuration: EngineConfiguration, instruments: [Instrument] = []
  ) throws(ReplayError) {
    try self.init(
      ReplayData(candles: candles), configuration: configuration, instruments: instruments)
  }

  /// Matches data with a configuration.
  ///
  /// Symbols that the configuration does not list are added, with the contract from `instruments`
  /// or ``ReplayInstruments``; listed ones without candles are left out. A reading counts as the
  /// configured source's, whatever venue it comes from, as a candle counts as the execution
  /// venue's.
  ///
  /// - Parameters:
  ///   - data: What the files hold.
  ///   - base: What the engine is told; its symbols and sources are completed.
  ///   - instruments: Contracts that are not known here.
  ///   - own: Makes strategies of one's own on a tradable symbol, beside the configuration's.
  ///   - leavesOut: Whether a strategy that nothing feeds is left out, rather than an error.
  /// - Throws: ``ReplayError`` where a strategy, a contract or data are missing.
  public init(
    _ data: ReplayData, configuration base: EngineConfiguration, instruments: [Instrument] = [],
    own: (Instrument) -> [any StrategyInstance] = { _ in [] }, leavesOut: Bool = false
  ) throws(ReplayError) {
    guard case .paper = base.execution else { throw .notPaper }
    var configuration = base
    configuration.isConnected = false
    configuration.symbols = try Self.symbols(data.candles.symbols, base.symbols, instruments)
    let mine = configuration.symbols.filter(\.isTradable).flatMap { own($0.instrument) }
    let needs = try ReplayNeeds(
      configuration.strategies, own: mine, on: configuration.symbols)
    let ids = configuration.strategies + Set(mine.map(\.id)).sorted()
    var history = data.candles
    for timeframe in needs.timeframes { history.derive(timeframe) }
    let start = history.start ?? Instant(nanoseconds: 0)
    let end = (history.end ?? start) + Replay.tail
    let received = data.readings.filter { start <= $0.received && $0.received <= end }
    let holdings = ReplayHoldings(history, received)
    let seats = needs.seats.map(holdings.seat)
    let chosen = try Self.choose(seats, of: ids, leavesOut: leavesOut)
    strategies = chosen.strategies.sorted()
    leftOut = chosen.leftOut
    self.seats = seats.filter { chosen.strategies.contains($0.strategy) }
    // A series that never comes would be waited for at every close: nobody may declare it.
    let starved = self.seats.filter { !$0.isFed }
    let running = needs.filter { seat in
      chosen.strategies.contains(seat.strategy)
        && !starved.contains { $0.strategy == seat.strategy && $0.subject == seat.subject }
    }
    configuration.strategies = configuration.strategies.filter { id in
      chosen.strategies.contains(id) && !starved.contains { $0.strategy == id }
    }
    let named = configuration.strategies
    instances = running.seats.filter { !named.contains($0.strategy) }.map(\.instance)
    unread = history.series.filter { !running.reads($0.symbol, $0.timeframe) && !$0.isDerived }
    history.series.removeAll { !running.reads($0.symbol, $0.timeframe) }
    let read = running.wanted
    let used = received.filter {
      Self.settles($0.reading, configuration)
        || read.contains(MissingInput(kind: InputKind($0.reading), symbol: $0.reading.symbol))
    }
    outsideCount = data.readings.count - received.count
    unreadReadingCount = received.count - used.count
    standIns = configuration.sources.complete(for: used)
    readings = used.map { one in
      guard let source = configuration.sources.source(of: InputKind(one.reading)) else {
        return one
      }
      return ReceivedReading(one.reading.from(source), received: one.received)
    }
    self.history = history
    self.configuration = configuration
  }

  private static func symbols(
    _ symbols: [Symbol], _ listed: [SymbolConfiguration], _ instruments: [Instrument]
  ) throws(ReplayError) -> [SymbolConfiguration] {
    var configured: [SymbolConfiguration] = []
    for symbol in symbols {
      let own = listed.first { $0.instrument.symbol == symbol }
      let given = instruments.first { $0.symbol == symbol }
      guard let instrument = given ?? own?.instrument ?? ReplayInstruments.instrument(for: symbol)
      else { throw .unknownInstrument(symbol) }
      let isTradable =
        own?.isTradable ?? (given != nil || !ReplayInstruments.dataOnly.contains(symbol))
      configured.append(SymbolConfiguration(instrument: instrument, isTradable: isTradable))
    }
    return configured
  }

  /// The strategies that run, and those that nothing feeds.
  private static func choose(
    _ seats: [ReplaySeat], of strategies: [StrategyID], leavesOut: Bool
  ) throws(ReplayError) -> (strategies: [StrategyID], leftOut: [LeftOutStrategy]) {
    var chosen: [StrategyID] = []
    var leftOut: [LeftOutStrategy] = []
    for id in strategies {
      let own = seats.filter { $0.strategy == id }
      if leavesOut {
        guard own.contains(where: \.isFed) else {
          let nearest = own.min { $0.missing.count < $1.missing.count }
          leftOut.append(LeftOutStrategy(strategy: id, missing: nearest?.missing ?? []))
          continue
        }
      } else if let first = Self.refusal(of: own) {
        throw .noProducer(id, first.symbol, first.kind)
      }
      chosen.append(id)
    }
    guard !chosen.isEmpty || strategies.isEmpty else { throw .nothingFed }
    return (chosen, leftOut)
  }

  /// What a named strategy cannot do without; of several pairs, those that lack a leg may stand
  /// aside where one has both.
  private static func refusal(of seats: [ReplaySeat]) -> MissingInput? {
    let isPair = seats.contains { $0.subject.description.contains("/") }
    if isPair, seats.contains(where: \.isFed) { return nil }
    return seats.first { !$0.isFed }?.missing.first
  }

  /// Whether positions pay by a reading.
  private static func settles(_ reading: Reading, _ configuration: EngineConfiguration) -> Bool {
    guard case .funding(let funding) = reading else { return false }
    return configuration.symbols.contains {
      $0.instrument.symbol == funding.symbol && $0.isTradable
    }
  }
}

extension DataSources {
  /// Completes the sources with the venues of `readings`, and says which venues stand in for which.
  fileprivate mutating func complete(for readings: [ReceivedReading]) -> [ReplayPlan.StandIn] {
    var standIns: [ReplayPlan.StandIn] = []
    // Candles carry what the files tell of takers, as the execution venue's.
    takerFlow = .hyperliquid
    feeds = [.hyperliquid]
    for one in readings {
      let reading = one.reading
      let kind = InputKind(reading)
      if source(of: kind) == nil { options = options ?? reading.venue }
      guard let source = source(of: kind) else { continue }
      if !feeds.contains(source) { feeds.append(source) }
      let standIn = ReplayPlan.StandIn(
        kind: kind, venue: reading.venue, source: source)
      if reading.venue != source, !standIns.contains(standIn) { standIns.append(standIn) }
    }
    feeds.sort()
    return standIns
  }
}

extension Reading {
  /// The same reading as `venue`'s.
  fileprivate func from(_ venue: Venue) -> Reading {
    switch self {
    case .openInterest(let one):
      .openInterest(
        OpenInterest(symbol: one.symbol, venue: venue, time: one.time, quantity: one.quantity))
    case .funding(let one):
      .funding(
        Funding(
          symbol: one.symbol, venue: venue, time: one.time, rate: one.rate, period: one.period))
    case .spot(let one):
      .spot(
        SpotPrice(
          symbol: one.symbol, venue: venue, time: one.time, price: one.price, mid: one.mid))
    case .volatilityIndex(let one):
      .volatilityIndex(
        VolatilityIndex(symbol: one.symbol, venue: venue, time: one.time, value: one.value))
    case .optionChain(let one):
      .optionChain(
        OptionChain(symbol: one.symbol, venue: venue, time: one.time, quotes: one.quotes))
    }
  }
}
