public import Market

/// How the simulated Deribit is set up.
public struct DeribitVenueConfiguration: Sendable {
  /// The first instant of the venue's life.
  public var start: Instant
  /// The perpetuals of the market, in the order of its listing.
  public var symbols: [Symbol]
  /// What it tells of their options.
  public var plan: DeribitPlan
  /// Budgets of requests; nil counts nothing and refuses nothing.
  public var limits: DeribitLimits?
  /// How often tickers, quotes, books, index prices, trades and candles are published: prices of
  /// the market move no faster, so `100ms` channels say all there is.
  public var publication: Interval = .seconds(1)
  /// How often the volatility index is published; it has a new value every minute.
  public var volatilityPublication: Interval = .minutes(1)
  /// How long a test request may stay unanswered before the connection is closed.
  public var testPatience: Interval = .seconds(5)
  /// What a request takes: `usDiff`.
  public var processing = Interval(nanoseconds: 250_000)
  /// The most WebSockets at once; the venue allows one address 32 connections.
  public var mostSessions = 32
  /// The most channels of one WebSocket.
  public var mostChannels = 500
  /// How far back histories go before the start.
  public var history: Interval = .days(90)

  /// Sets up a venue with the defaults of every other field.
  public init(
    start: Instant, symbols: [Symbol], plan: DeribitPlan = DeribitPlan(),
    limits: DeribitLimits? = nil
  ) {
    self.start = start
    self.symbols = symbols
    self.plan = plan
    self.limits = limits
  }
}

/// The budgets of one address (Deribit, "Rate limits", read 2026-03).
public struct DeribitLimits: Hashable, Sendable {
  /// Credits that requests take from.
  public var credits: Int64 = 50_000
  /// Credits that come back each second.
  public var refill: Int64 = 10_000
  /// Credits of a request.
  public var request: Int64 = 500
  /// Credits of subscriptions.
  public var subscriptionCredits: Int64 = 30_000
  /// Credits of subscriptions that come back each second.
  public var subscriptionRefill: Int64 = 10_000
  /// Credits of one request to subscribe.
  public var subscription: Int64 = 3_000
  /// How many lists of instruments may be asked for at once; one a second comes back.
  public var instrumentBurst: Int64 = 50
  /// The venue's own figures.
  public init() {}
}
