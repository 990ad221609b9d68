public import Choice
public import Market
import Venues

/// A simulated Coinbase: the public side of the Exchange API and of Advanced Trade.
///
/// It does no I/O and reads no clock. Hand it what arrives, at the time at which it arrives, with
/// the market that it follows, and send what it writes; hand it ``VenueInput/advance`` at
/// ``nextWake``. Equal inputs make equal bytes. How often it is asked moves no price: premiums are
/// drawn once for each product and step of ``CoinbasePlan/interval``.
public struct CoinbaseVenue: Sendable {
  /// How it was set up.
  public let configuration: CoinbaseVenueConfiguration

  let chooser: Chooser
  var clock: Instant
  /// Empty until the market is first seen.
  var products: [SpotProduct] = []
  var faults = CoinbaseFaultState()
  var budgets: CallBudgets
  var socketBudgets = SocketBudgets()
  var sessions: [SpotSession] = []
  var nextPublication: Instant
  var outbox: [VenueOutput] = []
  var parser = JSONParser()

  /// Opens the venue at the start of the configuration.
  public init(configuration: CoinbaseVenueConfiguration, chooser: Chooser) {
    self.configuration = configuration
    self.chooser = chooser
    clock = configuration.start
    nextPublication = configuration.start
    budgets = CallBudgets(configuration.rateLimits ?? CoinbaseRateLimits())
  }

  /// Takes in one input at `now` and appends what it leads to.
  ///
  /// Time that goes back is taken as no time passing.
  public mutating func handle(
    _ input: VenueInput, at now: Instant, market: some TrueMarket,
    into outputs: inout [VenueOutput]
  ) {
    if products.isEmpty { list(market) }
    clock = max(clock, now)
    for index in products.indices {
      products[index].advance(to: clock, configuration.plan, market)
      products[index].hold(configuration.plan, market)
    }
    closeOverdue()
    publish(market)
    switch input {
    case .call(let id, let call): answer(id, call, market)
    case .opened(let id, let path): open(id, path)
    case .frame(let id, let bytes): receive(bytes, from: id, market)
    case .closed(let id): forget(id)
    case .pong, .advance: break
    }
    outputs.append(contentsOf: outbox)
    outbox.removeAll(keepingCapacity: true)
  }

  /// When ``VenueInput/advance`` next has something to do.
  public var nextWake: Instant? {
    guard outbox.isEmpty, var wake = products.map(\.nextStep).min() else { return clock }
    if hasAudience { wake = min(wake, max(clock, nextPublication)) }
    for session in sessions where !(faults.isSilent && session.hasSubscribed) {
      if let due = session.closesAt { wake = min(wake, max(clock, due)) }
    }
    return wake
  }

  private mutating func list(_ market: some TrueMarket) {
    let start = configuration.start
    let plan = configuration.plan
    var kinds = configuration.symbols.filter { $0 != .stablecoin }.map(SpotProduct.Kind.coin)
    kinds += [.tetherInDollars, .tetherInStablecoin]
    products = kinds.compactMap { SpotProduct($0, at: start, plan, chooser, market) }
    for (symbol, trading) in faults.trading { trade(symbol, trading) }
  }

  /// Time as a budget counts it.
  var elapsed: Monotonic {
    Monotonic(nanoseconds: max(0, clock.nanoseconds - configuration.start.nanoseconds))
  }
}
