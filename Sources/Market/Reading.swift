/// Funding settled for one symbol at one time.
public struct Funding: Hashable, Sendable {
  /// Whose funding.
  public let symbol: Symbol
  /// Whose rate.
  public let venue: Venue
  /// When it applied.
  public let time: Instant
  /// The rate for the period.
  public let rate: FundingRate
  /// How long the period is.
  public let period: Interval

  /// Makes a funding settlement.
  public init(symbol: Symbol, venue: Venue, time: Instant, rate: FundingRate, period: Interval) {
    self.symbol = symbol
    self.venue = venue
    self.time = time
    self.rate = rate
    self.period = period
  }
}

/// Open interest of one symbol at one time, in base coin, one side.
public struct OpenInterest: Hashable, Sendable {
  /// Whose open interest.
  public let symbol: Symbol
  /// Who reported it.
  public let venue: Venue
  /// The venue's time.
  public let time: Instant
  /// Base coin, one side.
  public let quantity: Quantity

  /// Makes a reading.
  public init(symbol: Symbol, venue: Venue, time: Instant, quantity: Quantity) {
    self.symbol = symbol
    self.venue = venue
    self.time = time
    self.quantity = quantity
  }
}

/// A spot price sampled at one time.
public struct SpotPrice: Hashable, Sendable {
  /// The perpetual whose underlying it is.
  public let symbol: Symbol
  /// Who reported it.
  public let venue: Venue
  /// When it was sampled.
  public let time: Instant
  /// The price.
  public let price: Price
  /// The perpetual's mid at that instant; nil where none was at most two seconds old.
  public let mid: Price?

  /// Makes a sample.
  public init(symbol: Symbol, venue: Venue, time: Instant, price: Price, mid: Price? = nil) {
    self.symbol = symbol
    self.venue = venue
    self.time = time
    self.price = price
    self.mid = mid
  }
}

extension Symbol {
  /// The stablecoin that perpetuals are margined in: its spot price guards against a depeg.
  public static var stablecoin: Symbol { stablecoinSymbol }
}

/// Read once, as every spot sample is compared with it; a generic type stores no statics.
private let stablecoinSymbol: Symbol = "USDC"

/// A thirty-day volatility index of one underlying at one time.
public struct VolatilityIndex: Hashable, Sendable {
  /// The underlying.
  public let symbol: Symbol
  /// Who reported it.
  public let venue: Venue
  /// The venue's time.
  public let time: Instant
  /// Volatility per year: 0.55 is 55 %.
  public let value: Fraction

  /// Makes a reading.
  public init(symbol: Symbol, venue: Venue, time: Instant, value: Fraction) {
    self.symbol = symbol
    self.venue = venue
    self.time = time
    self.value = value
  }
}

/// One option of a chain.
public struct OptionQuote: Hashable, Sendable {
  /// When it expires.
  public let expiry: Instant
  /// The strike.
  public let strike: Price
  /// Whether it is a call.
  public let isCall: Bool
  /// The mark's implied volatility per year: 0.55 is 55 %.
  public let impliedVolatility: Fraction
  /// Open interest in coins.
  public let openInterest: Quantity
  /// The underlying's price that the venue used: the future of the same expiry.
  public let underlying: Price

  /// Makes a quote.
  public init(
    expiry: Instant, strike: Price, isCall: Bool, impliedVolatility: Fraction,
    openInterest: Quantity, underlying: Price
  ) {
    self.expiry = expiry
    self.strike = strike
    self.isCall = isCall
    self.impliedVolatility = impliedVolatility
    self.openInterest = openInterest
    self.underlying = underlying
  }
}

/// Every option of one underlying at one time.
public struct OptionChain: Hashable, Sendable {
  /// The underlying.
  public let symbol: Symbol
  /// Who reported it.
  public let venue: Venue
  /// When it was sampled.
  public let time: Instant
  /// The options, by expiry, then strike, puts first.
  public let quotes: [OptionQuote]

  /// Makes a chain; the quotes are put in order.
  public init(symbol: Symbol, venue: Venue, time: Instant, quotes: [OptionQuote]) {
    self.symbol = symbol
    self.venue = venue
    self.time = time
    self.quotes = quotes.sorted { one, other in
      if one.expiry != other.expiry { return one.expiry < other.expiry }
      if one.strike != other.strike { return one.strike < other.strike }
      return !one.isCall && other.isCall
    }
  }
}

/// Something that a strategy reads besides candles.
public enum Reading: Hashable, Sendable {
  /// Open interest in coins.
  case openInterest(OpenInterest)
  /// Settled funding.
  case funding(Funding)
  /// A spot price with the perpetual's mid of the same instant.
  case spot(SpotPrice)
  /// A volatility index.
  case volatilityIndex(VolatilityIndex)
  /// Every option of the symbol.
  case optionChain(OptionChain)

  /// What it is about.
  public var symbol: Symbol {
    switch self {
    case .openInterest(let reading): reading.symbol
    case .funding(let settled): settled.symbol
    case .spot(let sample): sample.symbol
    case .volatilityIndex(let reading): reading.symbol
    case .optionChain(let chain): chain.symbol
    }
  }

  /// Who reported it.
  public var venue: Venue {
    switch self {
    case .openInterest(let reading): reading.venue
    case .funding(let settled): settled.venue
    case .spot(let sample): sample.venue
    case .volatilityIndex(let reading): reading.venue
    case .optionChain(let chain): chain.venue
    }
  }

  /// The reporter's time.
  public var time: Instant {
    switch self {
    case .openInterest(let reading): reading.time
    case .funding(let settled): settled.time
    case .spot(let sample): sample.time
    case .volatilityIndex(let reading): reading.time
    case .optionChain(let chain): chain.time
    }
  }
}

/// A reading and when it came: what a decision may use is decided by receipt, not by the
/// reporter's clock (`strategies.md` section 2.1).
public struct ReceivedReading: Hashable, Sendable {
  /// What.
  public let reading: Reading
  /// When it was received.
  public let received: Instant

  /// Pairs the two.
  public init(_ reading: Reading, received: Instant) {
    self.reading = reading
    self.received = received
  }
}
