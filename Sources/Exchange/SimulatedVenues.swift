public import Choice
public import Market

/// How the venues of a world are set up; a venue that is nil is not there.
public struct SimulatedVenuesConfiguration: Sendable {
  /// The venue that executes, whose market the others follow.
  public var hyperliquid: HyperliquidVenueConfiguration
  /// Futures data.
  public var binance: BinanceVenueConfiguration?
  /// Spot data.
  public var coinbase: CoinbaseVenueConfiguration?
  /// Option data.
  public var deribit: DeribitVenueConfiguration?

  /// All four, the others as by default over what Hyperliquid lists, with the limits that they
  /// document.
  public init(complete hyperliquid: HyperliquidVenueConfiguration) {
    self.init(hyperliquid: hyperliquid)
    let start = hyperliquid.start
    let symbols = hyperliquid.listings.map(\.instrument.symbol)
    binance = BinanceVenueConfiguration(start: start, symbols: symbols)
    coinbase = CoinbaseVenueConfiguration(
      start: start, symbols: symbols, rateLimits: CoinbaseRateLimits())
    deribit = DeribitVenueConfiguration(start: start, symbols: symbols, limits: DeribitLimits())
  }

  /// Hyperliquid alone.
  public init(hyperliquid: HyperliquidVenueConfiguration) { self.hyperliquid = hyperliquid }
}

/// The venues of one world: Hyperliquid, and those that publish data about the same market.
///
/// No I/O and no clock, like each of them. Sessions and calls are numbered by the host over all
/// venues; an input is handed to the venue that it is for.
public struct SimulatedVenues: Sendable {
  /// The venue that executes.
  public var hyperliquid: HyperliquidVenue
  /// Futures data.
  public private(set) var binance: BinanceVenue?
  /// Spot data.
  public private(set) var coinbase: CoinbaseVenue?
  /// Option data.
  public private(set) var deribit: DeribitVenue?

  /// Opens every venue at its start.
  ///
  /// - Parameters:
  ///   - configuration: How they are set up.
  ///   - prices: Where the market's prices come from.
  ///   - chooser: Decides every choice; each venue draws from streams of its own name.
  ///   - verifier: Finds out who signed an action.
  public init(
    _ configuration: SimulatedVenuesConfiguration, prices: PriceSource, chooser: Chooser,
    verifier: any SignatureVerifier = SimulatedVerifier()
  ) {
    hyperliquid = HyperliquidVenue(
      configuration: configuration.hyperliquid, prices: prices, chooser: chooser,
      verifier: verifier)
    binance = configuration.binance.map { BinanceVenue(configuration: $0, chooser: chooser) }
    coinbase = configuration.coinbase.map { CoinbaseVenue(configuration: $0, chooser: chooser) }
    deribit = configuration.deribit.map { DeribitVenue(configuration: $0, chooser: chooser) }
  }

  /// Those that are there.
  public var present: [Venue] {
    var venues = [Venue.hyperliquid]
    if binance != nil { venues.append(.binance) }
    if coinbase != nil { venues.append(.coinbase) }
    if deribit != nil { venues.append(.deribit) }
    return venues
  }

  /// Lets one venue take in an input at `now`, and appends what it leads to; a venue that is not
  /// there says nothing.
  ///
  /// A venue that follows the market sees it as it stands: let Hyperliquid advance to `now` first
  /// where both are due.
  public mutating func handle(
    _ input: VenueInput, of venue: Venue, at now: Instant, into outputs: inout [VenueOutput]
  ) {
    switch venue {
    case .hyperliquid: hyperliquid.handle(input, at: now, into: &outputs)
    case .binance: binance?.handle(input, at: now, market: hyperliquid, into: &outputs)
    case .coinbase: coinbase?.handle(input, at: now, market: hyperliquid, into: &outputs)
    case .deribit: deribit?.handle(input, at: now, market: hyperliquid, into: &outputs)
    }
  }

  /// Which venue next has something to do by itself, and when; of several Hyperliquid is first.
  public var nextWake: (venue: Venue, at: Instant)? {
    var next: (venue: Venue, at: Instant)?
    func consider(_ venue: Venue, _ wake: Instant?) {
      guard let wake else { return }
      if let earliest = next, earliest.at <= wake { return }
      next = (venue, wake)
    }
    consider(.hyperliquid, hyperliquid.nextWake)
    consider(.binance, binance?.nextWake)
    consider(.coinbase, coinbase?.nextWake)
    consider(.deribit, deribit?.nextWake)
    return next
  }

  /// Throws a switch at a venue that supplies data; nothing happens where it is not there.
  public mutating func apply(_ fault: SourceFault) {
    switch fault {
    case .binance(let fault): binance?.apply(fault)
    case .coinbase(let fault): coinbase?.apply(fault)
    case .deribit(let fault): deribit?.apply(fault)
    }
  }
}

/// Something that goes wrong at a venue that supplies data.
public enum SourceFault: Hashable, Sendable {
  /// At Binance.
  case binance(BinanceFault)
  /// At Coinbase.
  case coinbase(CoinbaseFault)
  /// At Deribit.
  case deribit(DeribitFault)

  /// Where it happens.
  public var venue: Venue {
    switch self {
    case .binance: .binance
    case .coinbase: .coinbase
    case .deribit: .deribit
    }
  }
}
