public import Market
public import Strategies

/// Who supplies each input of the strategies besides candles: a fixed choice, never switched at
/// run time (`strategies.md` section 3.4).
public struct DataSources: Hashable, Sendable {
  /// Whose taker splits; nil for nobody's.
  ///
  /// Hyperliquid's are made from its public trades.
  public var takerFlow: Venue? = .hyperliquid
  /// Whose open interest.
  ///
  /// Hyperliquid's is sampled every five minutes.
  public var openInterest: Venue? = .hyperliquid
  /// Whose funding.
  ///
  /// Hyperliquid's is hourly.
  public var funding: Venue? = .hyperliquid
  /// Whose spot prices.
  ///
  /// Hyperliquid's are its oracle price, sampled every thirty seconds.
  public var spot: Venue? = .hyperliquid
  /// Whose option chains and volatility index.
  public var options: Venue?
  /// The venues whose data reach the engine past the wire: in a replay those of its files.
  public var feeds: [Venue] = []

  /// What the execution venue supplies by itself: everything but options.
  public init() {}

  /// Whose values of `kind` the strategies see; nil for nobody's.
  public func source(of kind: InputKind) -> Venue? {
    switch kind {
    case .candles: .hyperliquid
    case .takerSplit: takerFlow
    case .openInterest: openInterest
    case .funding: funding
    case .spot: spot
    case .volatilityIndex, .optionChain: options
    }
  }

  /// The venues besides the execution venue that the engine connects to, each once.
  public var wired: [Venue] {
    var venues: [Venue] = []
    for venue in [takerFlow, openInterest, funding, spot, options] {
      guard let venue, venue != .hyperliquid, !feeds.contains(venue), !venues.contains(venue) else {
        continue
      }
      venues.append(venue)
    }
    return venues.sorted()
  }

  /// Whether somebody supplies `kind`, where wires are or are not connected.
  func produces(_ kind: InputKind, isConnected: Bool) -> Bool {
    if case .candles = kind { return true }
    guard let source = source(of: kind) else { return false }
    return feeds.contains(source) || isConnected && source.supplies(kind)
  }

  /// Whether a reading comes from the configured source.
  func accepts(_ reading: Reading) -> Bool {
    source(of: InputKind(reading)) == reading.venue
  }
}

extension Venue {
  /// Whether the venue's wire carries `kind`.
  public func supplies(_ kind: InputKind) -> Bool {
    switch kind {
    case .candles: self == .hyperliquid
    case .takerSplit, .openInterest, .funding: self == .hyperliquid || self == .binance
    case .spot: self == .hyperliquid || self == .coinbase
    case .volatilityIndex, .optionChain: self == .deribit
    }
  }
}
