import Choice
import Market

@testable import Exchange
@testable import Venues

/// The Coinbase client, with spot prices, the stablecoin's among them, and candles made of them.
enum CoinbaseClientTarget: ClientTarget {
  typealias Client = CoinbaseClient

  static let name = "coinbase-client"
  static let timerOwner: UInt8 = 3

  static let fresh: ClientHost<CoinbaseClient> = {
    var configuration = CoinbaseClientConfiguration(
      symbols: ["BTC", "ETH", .stablecoin],
      series: [CandleSeries(symbol: "BTC", timeframe: .m1)], timerOwner: timerOwner, seed: 42)
    configuration.historyCandles = 3
    configuration.limits = JSONLimits(bytes: 1 << 16, depth: 16)
    return ClientHost(
      CoinbaseClient(configuration: configuration),
      rules: ClientRules(
        timerOwner: timerOwner, symbols: ["BTC", "ETH", .stablecoin], hasAccount: false))
  }()

  static let prepared = Self.started(fresh, at: CoinbaseVenueTarget.opened.now)

  static func command(_ text: ArraySlice<UInt8>, _ host: inout ClientHost<CoinbaseClient>) {}

  static func fault(in host: ClientHost<CoinbaseClient>) -> String? {
    let client = host.client
    let known = client.inFlight.map(\.number).sorted()
    let owed = host.requests.map(\.id.number).sorted()
    guard known == owed else { return "in flight are \(owed), the client believes \(known)" }
    return client.queue.count <= 64 ? nil : "\(client.queue.count) requests wait"
  }

  static let flaw = ClientFlaw.uncounted

  static func record(seconds: Int) {
    var talk = Conversation(fresh, CoinbaseVenueTarget.opened)
    talk.pass(seconds: seconds)
    Conversation<Client, CoinbaseVenueTarget.Venue>.print(talk.heardByClient)
  }
}

/// The simulated Coinbase; `!N` throws one of its switches.
enum CoinbaseVenueTarget: VenueTarget {
  typealias Venue = BesideMarket<CoinbaseVenue>

  static let name = "coinbase-venue"
  static let socketPath = "/"

  static let opened: VenueHost<Venue> = {
    let start = HyperliquidVenueTarget.opened.now
    let configuration = CoinbaseVenueConfiguration(
      start: start, symbols: ["BTC", "ETH"], rateLimits: CoinbaseRateLimits())
    return VenueHost(
      BesideMarket(CoinbaseVenue(configuration: configuration, chooser: .seeded(1))), at: start)
  }()

  static func command(
    _ command: Script.Command, _ host: inout VenueHost<Venue>, session: UInt64
  ) {
    guard command.verb == UInt8(ascii: "!") else { return }
    var faults: [CoinbaseFault] = [
      .nanosecondTimes(true), .staleTickerTime(true), .staleTickerTime(false),
      .missingBuckets(true), .emptyFigures(true), .emptyFigures(false), .aliasIDs(true),
      .unknownExtras(true), .silence(true), .silence(false), .closeSessions, .failing(nil),
    ]
    faults += CoinbaseFailure.allCases.map { .failing($0) }
    faults += CoinbaseTrading.allCases.map { .trading("BTC", $0) }
    let number = Int(command.number(in: 0...99))
    guard number < faults.count else { return }
    // A page with status 200 is what the fault is about.
    switch faults[number] {
    case .failing(.pageWithStatus200), .failing(.emptyAnswer), .failing(.truncatedAnswer):
      host.allowsBogusReplies = true
    default: break
    }
    host.venue.follower.apply(faults[number])
    host.input(.advance)
  }

  static func heal(_ host: inout VenueHost<Venue>) {}

  static func fault(in host: VenueHost<Venue>) -> String? {
    let venue = host.venue.follower
    let open = Set(venue.sessions.map(\.id.number))
    return open.isSubset(of: host.sessions) ? nil : "sessions that are closed: \(open)"
  }

  static let flaw: @Sendable (inout Venue, VenueInput, inout [VenueOutput]) -> Void = {
    VenueFlaw.losesRefusals($1, &$2)
  }

  static func record(seconds: Int) {
    var talk = Conversation(CoinbaseClientTarget.fresh, opened)
    talk.pass(seconds: seconds)
    Conversation<CoinbaseClient, Venue>.print(talk.heardByVenue)
  }
}
