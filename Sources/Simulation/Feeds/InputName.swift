public import Market
public import Strategies

/// What a file calls an input of the strategies.
public enum InputName: String, Hashable, Sendable, CaseIterable {
  /// Closed candles, of one timeframe where the file says which.
  case candles
  /// What takers bought and sold.
  case takerSplit = "taker-split"
  /// Open interest in coins.
  case openInterest = "open-interest"
  /// Settled funding.
  case funding
  /// Spot samples.
  case spot
  /// A volatility index.
  case volatilityIndex = "volatility-index"
  /// Every option of one underlying.
  case options

  /// The name of a kind.
  public init(_ kind: InputKind) {
    self =
      switch kind {
      case .candles: .candles
      case .takerSplit: .takerSplit
      case .openInterest: .openInterest
      case .funding: .funding
      case .spot: .spot
      case .volatilityIndex: .volatilityIndex
      case .optionChain: .options
      }
  }

  /// The kind that is meant, of this timeframe where it has one.
  public func kind(_ timeframe: Timeframe) -> InputKind {
    switch self {
    case .candles: .candles(timeframe)
    case .takerSplit: .takerSplit(timeframe)
    case .openInterest: .openInterest
    case .funding: .funding
    case .spot: .spot
    case .volatilityIndex: .volatilityIndex
    case .options: .optionChain
    }
  }

  /// Whether candles carry it, so that a timeframe tells one from another.
  var hasTimeframe: Bool { self == .candles || self == .takerSplit }
}
