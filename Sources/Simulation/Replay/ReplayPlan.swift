public import Engine
public import Market
public import Risk
import Strategies

/// Why candles and configuration do not make a replay.
public enum ReplayError: Error, Hashable, Sendable {
  /// Nobody knows the contract of a symbol that the files name.
  case unknownInstrument(Symbol)
  /// No strategy of this name is known.
  case unknownStrategy(StrategyID)
  /// The configuration trades through an exchange.
  case notPaper
  /// A strategy reads candles that no file has and no shorter ones make.
  case noProducer(StrategyID, Symbol, Timeframe)
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
    case .noProducer(let id, let symbol, let timeframe):
      "\(id) reads \(timeframe.name) candles of \(symbol), which no file has and no shorter ones "
        + "make: add a file, or leave the strategy out"
    }
  }
}

/// Which candles an engine is shown, and how it is configured, for one replay.
public struct ReplayPlan: Sendable {
  /// The series that the strategies read, with derived ones among them.
  public let history: CandleHistory
  /// What the engine is told.
  public let configuration: EngineConfiguration
  /// Series that files gave and no strategy reads, but perhaps longer candles were made from.
  public let unread: [CandleHistory.Series]

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

  /// Matches files with a configuration.
  ///
  /// Symbols that the configuration does not list are added, with the contract from `instruments`
  /// or ``ReplayInstruments``; listed ones without candles are left out.
  ///
  /// - Throws: ``ReplayError`` where a strategy, a contract or candles are missing.
  public init(
    _ files: CandleHistory, configuration base: EngineConfiguration, instruments: [Instrument] = []
  ) throws(ReplayError) {
    guard case .paper = base.execution else { throw .notPaper }
    var configuration = base
    configuration.isConnected = false
    configuration.symbols = []
    for symbol in files.symbols {
      let listed = base.symbols.first { $0.instrument.symbol == symbol }
      guard
        let instrument = instruments.first(where: { $0.symbol == symbol }) ?? listed?.instrument
          ?? ReplayInstruments.instrument(for: symbol)
      else { throw .unknownInstrument(symbol) }
      configuration.symbols.append(
        SymbolConfiguration(instrument: instrument, isTradable: listed?.isTradable ?? true))
    }
    let wanted = try Self.wanted(configuration)
    var history = files
    for timeframe in Set(wanted.map(\.timeframe)).sorted() { history.derive(timeframe) }
    for want in wanted where want.isRequired && !history.has(want.symbol, want.timeframe) {
      throw .noProducer(want.strategy, want.symbol, want.timeframe)
    }
    func isRead(_ one: CandleHistory.Series) -> Bool {
      wanted.contains { $0.symbol == one.symbol && $0.timeframe == one.timeframe }
    }
    unread = history.series.filter { !isRead($0) && !$0.isDerived }
    history.series.removeAll { !isRead($0) }
    self.history = history
    self.configuration = configuration
  }

  private struct Want: Hashable {
    let strategy: StrategyID
    let symbol: Symbol
    let timeframe: Timeframe
    let isRequired: Bool
  }

  /// Every series that a strategy needs from outside: what an engine derives is asked of its
  /// source.
  private static func wanted(
    _ configuration: EngineConfiguration
  ) throws(ReplayError) -> [Want] {
    var wanted: [Want] = []
    let instruments = configuration.symbols.map(\.instrument)
    for id in configuration.strategies {
      guard StrategyCatalog.isKnown(id) else { throw .unknownStrategy(id) }
      for symbol in configuration.symbols where symbol.isTradable {
        let made = StrategyCatalog.make(id, for: symbol.instrument, among: instruments)
        for input in made.flatMap(\.inputs) {
          guard let timeframe = input.kind.timeframe else { continue }
          wanted.append(
            Want(
              strategy: id, symbol: input.symbol ?? symbol.instrument.symbol,
              timeframe: timeframe.source ?? timeframe,
              isRequired: input.necessity == .required))
        }
      }
    }
    return wanted
  }
}

extension CandleHistory {
  /// Whether there is any candle of a series.
  func has(_ symbol: Symbol, _ timeframe: Timeframe) -> Bool {
    series.contains {
      $0.symbol == symbol && $0.timeframe == timeframe && !$0.candles.isEmpty
    }
  }
}
