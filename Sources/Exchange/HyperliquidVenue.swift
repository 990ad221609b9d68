public import Choice
public import Market
import Risk
import Venues

/// A simulated Hyperliquid: its HTTP and WebSocket side, its matching engine and its clearing
/// house.
///
/// It does no I/O and reads no clock. Hand it what arrives, at the time at which it arrives, and
/// send what it writes; hand it ``VenueInput/advance`` at ``nextWake``. Equal inputs make equal
/// bytes.
public struct HyperliquidVenue: Sendable {
  /// How it was set up.
  public let configuration: HyperliquidVenueConfiguration

  /// The account on the other side of the background's trades.
  static let backgroundAddress = AccountAddress(number: 0x6261_636b_6772_6f75)

  var clock: Instant
  var nextBlock: Instant
  var markets: [PerpetualMarket]
  let assetOf: [Symbol: Int]
  var ledger: [ExchangeAccount]
  var accountOf: [AccountAddress: Int]
  /// Addresses that may sign, and for which account.
  var signers: [AccountAddress: Signer] = [:]
  let verifier: any SignatureVerifier

  var orders: [UInt64: ExchangeOrder] = [:]
  var orderOfClient: [ClientKey: UInt64] = [:]
  var sequence: UInt64 = 0
  var nextOrderID: UInt64 = 100_000_000_000
  var tradeCount: UInt64 = 0
  /// The triggers that wait for the order placed next.
  var childrenOfNextOrder: [UInt64] = []
  /// What the program that sent the batch at hand takes of its orders.
  var builderRateOfOrders: Int64 = 0

  var news: [AccountNews] = []
  /// What a host that watches accounts has not taken yet; nil where none watches.
  var watched: [AccountNews]?
  var sessions: [Session] = []
  var audiences: [Audience]
  var midsAudience: [SessionID] = []
  var accountAudiences: [AccountSubscription: [SessionID]] = [:]
  var publication: PublicationClock
  var delayed: [DelayedFrame] = []
  var lateFrames: [(asset: Int, bytes: [UInt8], series: Int)] = []
  var waiting: [VenueInput] = []
  var outbox: [VenueOutput] = []
  var faults = FaultState()
  var usage = RateUsage()
  var parser = JSONParser()
  var prints: [MarketPrint] = []

  /// Opens the venue at the start of the configuration, with the history of every listing.
  public init(
    configuration: HyperliquidVenueConfiguration, prices: PriceSource, chooser: Chooser,
    verifier: any SignatureVerifier = SimulatedVerifier()
  ) {
    self.configuration = configuration
    self.verifier = verifier
    clock = configuration.start
    let block = max(1, configuration.blockInterval.nanoseconds)
    let blocks = (configuration.start.nanoseconds - 1).floorDivided(by: block) + 1
    nextBlock = Instant(nanoseconds: blocks * block)
    var choices = chooser.stream("exchange.hyperliquid.prices")
    let listings = configuration.listings
    markets = listings.enumerated().map { asset, listing in
      PerpetualMarket(
        asset: asset, listing: listing, model: prices.model(of: listing.instrument.symbol),
        seed: choices.draw(below: .max), configuration: configuration)
    }
    let symbols = listings.enumerated().map { ($1.instrument.symbol, $0) }
    assetOf = Dictionary(symbols, uniquingKeysWith: { first, _ in first })
    let setups = configuration.accounts.sorted { $0.address < $1.address }
    ledger = setups.map { ExchangeAccount($0, listings: listings) }
    accountOf = Dictionary(
      setups.enumerated().map { ($1.address, $0) }, uniquingKeysWith: { first, _ in first })
    audiences = listings.map { _ in Audience() }
    publication = PublicationClock(configuration.cadence, from: configuration.start)
    for (account, setup) in setups.enumerated() {
      for signer in [setup.address] + setup.agents where signers[signer] == nil {
        signers[signer] = Signer(account: account, isAgent: signer != setup.address)
      }
    }
  }

  /// Takes in one input at `now` and appends what it leads to.
  ///
  /// Time that goes back is taken as no time passing.
  public mutating func handle(
    _ input: VenueInput, at now: Instant, into outputs: inout [VenueOutput]
  ) {
    advance(to: now)
    take(in: input)
    flushNews()
    outputs.append(contentsOf: outbox)
    outbox.removeAll(keepingCapacity: true)
  }

  private mutating func take(in input: VenueInput) {
    switch input {
    case .advance: break
    case .opened(let id, _):
      guard session(id) == nil else { return }
      guard admitsConnection() else { return outbox.append(.close(id)) }
      let place = sessions.firstIndex { $0.id > id } ?? sessions.count
      sessions.insert(Session(id: id, lastSent: clock), at: place)
    case .closed(let id): forget(id)
    case .frame(let id, let bytes): receive(bytes, from: id)
    case .call(let id, let call): answer(id, call)
    case .pong: break
    }
  }

  /// When ``VenueInput/advance`` next has something to do.
  public var nextWake: Instant? {
    if !outbox.isEmpty || !news.isEmpty { return clock }
    var wake = nextBlock
    for frame in delayed { wake = min(wake, frame.due) }
    guard faults.silence != .everything else { return wake }
    for session in sessions { wake = min(wake, session.lastSent + configuration.idleClose) }
    return wake
  }

  /// Lets time pass up to `now`: blocks, frames that were held back, idle sessions.
  private mutating func advance(to now: Instant) {
    while true {
      let block = nextBlock
      let frame = delayed.first?.due ?? block
      guard min(block, frame) <= now else { break }
      if frame < block {
        clock = max(clock, frame)
        releaseDelayed()
      } else {
        clock = max(clock, block)
        nextBlock = block + Interval(nanoseconds: max(1, configuration.blockInterval.nanoseconds))
        releaseDelayed()
        runBlock()
      }
      closeIdle()
    }
    clock = max(clock, now)
    closeIdle()
  }

  private mutating func releaseDelayed() {
    while let frame = delayed.first, frame.due <= clock {
      delayed.removeFirst()
      deliver(frame.bytes, to: frame.session)
    }
  }

  private mutating func closeIdle() {
    guard faults.silence != .everything else { return }
    for session in sessions where session.lastSent + configuration.idleClose <= clock {
      outbox.append(.close(session.id))
      forget(session.id)
    }
  }
}

/// One channel of one account.
struct AccountSubscription: Hashable, Sendable {
  let channel: AccountChannel
  let account: AccountAddress
}
