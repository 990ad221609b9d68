public import Market

/// How the simulated Coinbase is set up.
public struct CoinbaseVenueConfiguration: Sendable {
  /// The first instant of the venue's life.
  public var start: Instant
  /// The coins that trade against dollars; those that the market does not have are not listed.
  public var symbols: [Symbol]
  /// How spot strays from the market's mark.
  public var plan: CoinbasePlan
  /// The budget of calls; nil counts without refusing.
  public var rateLimits: CoinbaseRateLimits?

  /// Sets up a venue.
  public init(
    start: Instant, symbols: [Symbol], plan: CoinbasePlan = CoinbasePlan(),
    rateLimits: CoinbaseRateLimits? = nil
  ) {
    self.start = start
    self.symbols = symbols
    self.plan = plan
    self.rateLimits = rateLimits
  }
}

/// What each of Coinbase's hosts allows one address.
public struct CoinbaseRateLimits: Hashable, Sendable {
  /// Calls a second in the long run.
  public var perSecond: Int64 = 10
  /// Calls at once after a rest.
  public var burst: Int64 = 15
  /// What the public documentation says.
  public init() {}
}
