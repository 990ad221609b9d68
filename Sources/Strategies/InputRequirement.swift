public import Market

/// One kind of input that a strategy reads.
public enum InputKind: Hashable, Sendable {
  /// Closed candles of the timeframe.
  case candles(Timeframe)
  /// What takers bought and sold, on the candles of the timeframe.
  case takerSplit(Timeframe)
  /// Open interest in coins.
  case openInterest
  /// Settled funding.
  case funding
  /// Spot samples with the perpetual's mid.
  case spot
  /// A volatility index.
  case volatilityIndex
  /// Every option of the symbol.
  case optionChain

  /// The timeframe of candles and taker splits.
  public var timeframe: Timeframe? {
    switch self {
    case .candles(let timeframe), .takerSplit(let timeframe): timeframe
    case .openInterest, .funding, .spot, .volatilityIndex, .optionChain: nil
    }
  }

  /// How often a value is expected, where the value itself does not say.
  ///
  /// Three of them without one are a starved input (`strategies.md` section 4.3, and the freshness
  /// bounds of 3.5, 3.6 and 3.9).
  public var interval: Interval {
    switch self {
    case .candles(let timeframe), .takerSplit(let timeframe): timeframe.interval
    case .openInterest: .minutes(5)
    case .funding: .hours(8)
    case .spot: .seconds(30)
    case .volatilityIndex: .minutes(10)
    case .optionChain: .minutes(20)
    }
  }

  /// The kind of a reading.
  public init(_ reading: Reading) {
    self =
      switch reading {
      case .openInterest: .openInterest
      case .funding: .funding
      case .spot: .spot
      case .volatilityIndex: .volatilityIndex
      case .optionChain: .optionChain
      }
  }
}

extension InputKind: CustomStringConvertible {
  /// `15m candles`, `taker split of 5m candles`, `open interest`.
  public var description: String {
    switch self {
    case .candles(let timeframe): "\(timeframe.name) candles"
    case .takerSplit(let timeframe): "taker split of \(timeframe.name) candles"
    case .openInterest: "open interest"
    case .funding: "funding"
    case .spot: "spot samples"
    case .volatilityIndex: "volatility index"
    case .optionChain: "option chain"
    }
  }
}

/// What follows from a declared input that is missing.
public enum Necessity: Hashable, Sendable {
  /// No decision is made without it: the shared reasons speak.
  case required
  /// The strategy itself says what is wrong with it, in its own words; it is starved without it.
  case judged
  /// The strategy runs without it, with less confidence: it is degraded.
  case optional
}

/// A declared input: the engine does not start unless something produces it.
public struct InputRequirement: Hashable, Sendable {
  /// What.
  public let kind: InputKind
  /// Of which symbol; nil for the one that the strategy decides about.
  public let symbol: Symbol?
  /// How many consecutive values the strategy looks back over.
  public let warmUp: Int
  /// What follows where it is missing.
  public let necessity: Necessity

  /// Declares an input.
  public init(
    _ kind: InputKind, of symbol: Symbol? = nil, warmUp: Int, _ necessity: Necessity = .required
  ) {
    self.kind = kind
    self.symbol = symbol
    self.warmUp = warmUp
    self.necessity = necessity
  }
}
