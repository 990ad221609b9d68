public import Choice
public import Market
import Venues

/// A simulated Binance USD-M: its public HTTP and WebSocket side, over the one true market.
///
/// It does no I/O and reads no clock. Hand it what arrives, at the time at which it arrives, with
/// the market as it is then, and send what it writes; hand it ``VenueInput/advance`` at
/// ``nextWake``. Equal inputs make equal bytes.
///
/// Prices and volumes are those of the market. Who was the taker, open interest and funding are
/// its own, drawn from streams whose names begin with `exchange.binance.`.
public struct BinanceVenue: Sendable {
  /// How it was set up.
  public let configuration: BinanceVenueConfiguration

  var clock: Instant
  var markets: [BinanceMarket]
  var sessions: [BinanceSession] = []
  var usage = BinanceUsage()
  var faults = BinanceFaultState()
  var held: [HeldFrame] = []
  var outbox: [VenueOutput] = []
  var parser = JSONParser(limits: JSONLimits(bytes: 1 << 16, depth: 8))
  /// Whether this publication is the first of its three seconds, for the slower marks.
  var isThird = false
  private var nextPublication: Instant
  private var third = Int64.min

  /// Opens the venue at the start of the configuration.
  public init(configuration: BinanceVenueConfiguration, chooser: Chooser) {
    self.configuration = configuration
    clock = configuration.start
    nextPublication = configuration.start
    markets = configuration.listings.enumerated().map { number, listing in
      BinanceMarket(listing, number: number, configuration, chooser)
    }
  }

  /// Takes in one input at `now`, with the market as it is then, and appends what it leads to.
  ///
  /// Time that goes back, or beyond the year 2100, is taken as no time passing.
  public mutating func handle(
    _ input: VenueInput, at now: Instant, market: some TrueMarket,
    into outputs: inout [VenueOutput]
  ) {
    clock = max(clock, min(now, Self.end))
    if clock >= nextPublication { wake(market) }
    switch input {
    case .advance: break
    case .opened(let id, let path): open(id, path, market)
    case .closed(let id): sessions.removeAll { $0.id == id }
    case .frame(let id, let bytes): receive(bytes, from: id, market)
    case .pong(let id, _):
      if !faults.isDeaf, let place = session(id) { sessions[place].lastPong = clock }
    case .call(let id, let call): outbox.append(.reply(id, answer(call, market)))
    }
    outputs.append(contentsOf: outbox)
    outbox.removeAll(keepingCapacity: true)
  }

  /// When ``VenueInput/advance`` next has something to do.
  public var nextWake: Instant? {
    guard outbox.isEmpty else { return clock }
    return nextPublication <= Self.end ? nextPublication : nil
  }

  /// 2100: the venue's clock stands still there, far from where times no longer fit.
  private static var end: Instant { Instant(milliseconds: 4_102_444_800_000) }

  /// Looks at the market and publishes what is new; once, however long nobody asked.
  private mutating func wake(_ market: some TrueMarket) {
    let cadence = max(configuration.cadence.nanoseconds, 1_000_000)
    nextPublication = Instant(
      nanoseconds: (clock.nanoseconds.floorDivided(by: cadence) + 1) * cadence)
    isThird = clock.nanoseconds.floorDivided(by: 3_000_000_000) != third
    third = clock.nanoseconds.floorDivided(by: 3_000_000_000)
    for index in markets.indices {
      let symbol = markets[index].listing.symbol
      markets[index].unpublished += markets[index].flow.listen(to: market)
      markets[index].readings.advance(to: clock, mark: market.mark(of: symbol))
    }
    publish(market)
    keepAlive()
  }

  func session(_ id: SessionID) -> Int? { sessions.firstIndex { $0.id == id } }

  /// The place of a market by the name of its contract.
  func market(named pair: some StringProtocol) -> Int? {
    markets.firstIndex { $0.listing.pair == pair }
  }

  /// What the venue's own clock says.
  var told: Instant { clock + faults.skew }
}

/// A frame that a fault holds back.
struct HeldFrame: Sendable {
  /// When it is due; nil after the next one of its stream.
  let due: Instant?
  let channel: BinanceChannel
  let bytes: [UInt8]
}

extension BinanceVenue {
  /// Throws a switch; frames that it causes leave with the next input, for which ``nextWake`` asks
  /// at once.
  public mutating func apply(_ fault: BinanceFault) {
    switch fault {
    case .silence(let silence): faults.silence = silence
    case .finals(let finals): faults.finals = finals
    case .missingCandles(let symbol, let from, let to):
      if faults.missing.count < 64 { faults.missing.append((symbol, from, to)) }
    case .repairedCandles: faults.missing = []
    case .staleListing(let age): faults.listingAge = Self.bounded(age)
    case .clockSkew(let skew): faults.skew = Self.bounded(skew)
    case .lateSettlements(let milliseconds):
      faults.settlementDelay = min(max(milliseconds, 0), 60_000)
    case .withheldOpenInterest(let isOn):
      faults.interestWithheldSince = isOn ? clock - configuration.openInterestLag : nil
    case .outage(let outage): faults.outage = outage
    case .refusedConnections(let isOn): faults.refusesConnections = isOn
    case .closeConnections:
      for session in sessions { outbox.append(.close(session.id)) }
      sessions = []
    case .deafToPongs(let isOn): faults.isDeaf = isOn
    case .unknownMembers(let isOn): faults.hasUnknownMembers = isOn
    case .unknownEvent: tellEveryone(#"{"e":"neverDocumented","E":\#(told.milliseconds),"v":[1]}"#)
    case .shutdownNotice: tellEveryone(#"{"e":"serverShutdown","E":\#(told.milliseconds)}"#)
    case .bareErrors(let isOn): faults.hasBareErrors = isOn
    }
  }

  private static func bounded(_ interval: Interval) -> Interval {
    max(min(interval, .days(30)), .days(-30))
  }

  private mutating func tellEveryone(_ text: String) {
    for session in sessions { outbox.append(.frame(session.id, Array(text.utf8))) }
  }
}
