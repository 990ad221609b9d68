public import Choice
public import Market
import Venues

/// A simulated Deribit: its JSON-RPC over HTTP and WebSocket, public market data alone.
///
/// It does no I/O and reads no clock. Hand it what arrives, at the time at which it arrives, with
/// the market as it then is, and send what it writes; hand it ``VenueInput/advance`` at
/// ``nextWake``. Equal inputs make equal bytes. Prices, candles and trades are the market's;
/// volatilities and open interest follow ``DeribitVenueConfiguration/plan``.
public struct DeribitVenue: Sendable {
  /// How it was set up.
  public let configuration: DeribitVenueConfiguration

  var clock: Instant
  var underlyings: [DeribitUnderlying]
  var sessions: [DeribitVenueSession] = []
  var faults = DeribitFaultState()
  var outbox: [VenueOutput] = []
  var parser = JSONParser(limits: JSONLimits(bytes: 1 << 20))
  var budget: DeribitBudget?
  var nextTick: Instant
  var nextVolatility: Instant
  private var isOpen = false

  /// Opens the venue at the start of the configuration.
  public init(configuration: DeribitVenueConfiguration, chooser: Chooser) {
    self.configuration = configuration
    clock = configuration.start
    underlyings = configuration.symbols.enumerated().map { place, symbol in
      DeribitUnderlying(symbol, place: place, chooser: chooser)
    }
    budget = configuration.limits.map(DeribitBudget.init)
    nextTick = configuration.start
    nextVolatility = configuration.start
  }

  /// Takes in one input at `now` and appends what it leads to.
  ///
  /// Time that goes back is taken as no time passing.
  public mutating func handle(
    _ input: VenueInput, at now: Instant, market: some TrueMarket,
    into outputs: inout [VenueOutput]
  ) {
    clock = max(clock, now)
    refresh(market)
    publish(market)
    beat()
    switch input {
    case .advance, .pong: break
    case .opened(let id, let path): opened(id, path)
    case .closed(let id): sessions.removeAll { $0.id == id }
    case .frame(let id, let bytes): receive(bytes, from: id, market)
    case .call(let id, let call): answer(id, call, market)
    }
    outputs.append(contentsOf: outbox)
    outbox.removeAll(keepingCapacity: true)
  }

  /// When ``VenueInput/advance`` next has something to do.
  public var nextWake: Instant? {
    if !outbox.isEmpty || !isOpen { return clock }
    let quarter = DeribitUnderlying.quarter(of: clock) + 1
    var wake = Instant(nanoseconds: quarter * DeribitPlan.chainInterval.nanoseconds)
    for session in sessions {
      if session.hearsTicks { wake = min(wake, nextTick) }
      if session.hearsVolatility { wake = min(wake, nextVolatility) }
      if let due = session.heartbeat?.due { wake = min(wake, due) }
    }
    return max(wake, clock)
  }

  /// Draws what the quarter of an hour brings and drops what has expired.
  private mutating func refresh(_ market: some TrueMarket) {
    isOpen = true
    for place in underlyings.indices {
      let names = underlyings[place].market
      let news = underlyings[place].refresh(
        configuration.plan, at: clock, around: market.mark(of: names.symbol))
      for name in news.closed { announce(name, "closed", of: names) }
      for name in news.created { announce(name, "created", of: names) }
    }
  }
}

/// What is left of the budgets of the one address that all requests come from.
struct DeribitBudget: Sendable {
  private let limits: DeribitLimits
  private var credits: TokenBucket
  private var subscriptions: TokenBucket
  private var instruments: TokenBucket

  init(_ limits: DeribitLimits) {
    self.limits = limits
    credits = TokenBucket(capacity: limits.credits, perSecond: limits.refill)
    subscriptions = TokenBucket(
      capacity: limits.subscriptionCredits, perSecond: limits.subscriptionRefill)
    instruments = TokenBucket(capacity: limits.instrumentBurst, perSecond: 1)
  }

  /// Takes the credits of a request; false where they are not there.
  mutating func spend(_ method: String, at time: Instant) -> Bool {
    // The venue's life is short of 292 years, and the bucket only looks at differences.
    let now = Monotonic(nanoseconds: time.nanoseconds)
    switch method {
    case "public/subscribe":
      guard subscriptions.room(for: limits.subscription, at: now) <= now else { return false }
      subscriptions.spend(limits.subscription, at: now)
    case "public/get_instruments":
      guard instruments.room(for: 1, at: now) <= now else { return false }
      instruments.spend(1, at: now)
    default: break
    }
    guard credits.room(for: limits.request, at: now) <= now else { return false }
    credits.spend(limits.request, at: now)
    return true
  }
}
