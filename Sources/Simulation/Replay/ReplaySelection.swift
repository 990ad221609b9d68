import Engine
public import Market
public import Risk
public import Strategies

/// One strategy on what it trades, with the declared inputs that no file gives.
public struct ReplaySeat: Hashable, Sendable {
  /// Who decides.
  public let strategy: StrategyID
  /// About what: a symbol, or a pair such as `BTC/ETH`.
  public let subject: Symbol
  /// The candles whose close asks for a decision.
  public let trigger: Timeframe
  /// Required inputs that no file gives: the strategy would be starved, and does not run here.
  public let missing: [MissingInput]
  /// Optional inputs that no file gives: the strategy is degraded here.
  public let missingOptional: [MissingInput]

  /// Whether its required inputs come.
  public var isFed: Bool { missing.isEmpty }
}

/// A declared input that no file gives.
public struct MissingInput: Hashable, Sendable {
  /// What.
  public let kind: InputKind
  /// Of which symbol.
  public let symbol: Symbol
}

extension MissingInput: CustomStringConvertible {
  /// `5m candles of BTC`.
  public var description: String { "\(kind) of \(symbol)" }
}

/// A strategy that a replay leaves out, as no file feeds it.
public struct LeftOutStrategy: Hashable, Sendable {
  /// Who.
  public let strategy: StrategyID
  /// What it lacks where it lacks least.
  public let missing: [MissingInput]
}

/// What strategies read, and which of it the data hold.
struct ReplayNeeds {
  /// A declared input of one seat.
  struct Need: Hashable {
    let kind: InputKind
    let symbol: Symbol
    let necessity: Necessity
  }

  /// One strategy on what it trades.
  struct Seat {
    let strategy: StrategyID
    let subject: Symbol
    let symbol: Symbol
    let instance: any StrategyInstance
    let needs: [Need]

    init(_ instance: any StrategyInstance) {
      strategy = instance.id
      subject = instance.subject
      symbol = instance.instrument.symbol
      self.instance = instance
      needs = instance.inputs.map {
        Need(
          kind: $0.kind, symbol: $0.symbol ?? instance.instrument.symbol, necessity: $0.necessity)
      }
    }
  }

  private(set) var seats: [Seat]

  /// Asks the catalogue for `strategies`, and takes one's `own` as they are.
  init(
    _ strategies: [StrategyID], own: [any StrategyInstance], on symbols: [SymbolConfiguration]
  ) throws(ReplayError) {
    var seats: [Seat] = []
    let instruments = symbols.map(\.instrument)
    for id in strategies {
      guard StrategyCatalog.isKnown(id) else { throw .unknownStrategy(id) }
      for symbol in symbols where symbol.isTradable {
        seats += StrategyCatalog.make(id, for: symbol.instrument, among: instruments).map(Seat.init)
      }
    }
    self.seats = seats + own.map(Seat.init)
  }

  /// Keeps the seats for which something holds.
  func filter(_ isKept: (Seat) -> Bool) -> ReplayNeeds {
    var kept = self
    kept.seats = seats.filter(isKept)
    return kept
  }

  /// The timeframes that have to come from outside: what an engine derives is asked of its source.
  var timeframes: [Timeframe] {
    let all = seats.flatMap(\.needs).compactMap { $0.kind.timeframe.map { $0.source ?? $0 } }
    return Set(all).sorted()
  }

  /// Whether somebody reads candles of a series.
  func reads(_ symbol: Symbol, _ timeframe: Timeframe) -> Bool {
    seats.contains { seat in
      seat.needs.contains {
        $0.symbol == symbol && $0.kind.timeframe.map { $0.source ?? $0 } == timeframe
      }
    }
  }

  /// Everything that somebody reads.
  var wanted: Set<MissingInput> {
    Set(seats.flatMap(\.needs).map { MissingInput(kind: $0.kind, symbol: $0.symbol) })
  }
}

/// What the data of a replay hold.
struct ReplayHoldings {
  private let history: CandleHistory
  private var readings: Set<MissingInput> = []
  private var splits: [Series] = []

  private struct Series: Equatable {
    let symbol: Symbol
    let timeframe: Timeframe
  }

  init(_ history: CandleHistory, _ received: [ReceivedReading]) {
    self.history = history
    for one in received {
      readings.insert(
        MissingInput(kind: InputKind(one.reading), symbol: one.reading.symbol))
    }
    splits = history.series
      .filter { $0.candles.contains { $0.takerSplit != nil } }
      .map { Series(symbol: $0.symbol, timeframe: $0.timeframe) }
  }

  /// Whether there is anything of an input.
  func has(_ kind: InputKind, _ symbol: Symbol) -> Bool {
    switch kind {
    case .candles(let timeframe): history.has(symbol, timeframe.source ?? timeframe)
    case .takerSplit(let timeframe):
      splits.contains(Series(symbol: symbol, timeframe: timeframe.source ?? timeframe))
    default: readings.contains(MissingInput(kind: kind, symbol: symbol))
    }
  }

  /// A seat with what it lacks.
  func seat(_ seat: ReplayNeeds.Seat) -> ReplaySeat {
    func missing(_ isMeant: (ReplayNeeds.Need) -> Bool) -> [MissingInput] {
      seat.needs.filter { isMeant($0) && !has($0.kind, $0.symbol) }
        .map { MissingInput(kind: $0.kind, symbol: $0.symbol) }
    }
    return ReplaySeat(
      strategy: seat.strategy, subject: seat.subject, trigger: seat.instance.trigger,
      missing: missing { $0.necessity != .optional },
      missingOptional: missing { $0.necessity == .optional })
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
