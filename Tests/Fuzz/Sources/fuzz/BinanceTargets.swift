import Choice
import Market

@testable import Exchange
@testable import Venues

/// The Binance client, with candles, trades, marks, open interest and funding.
enum BinanceClientTarget: ClientTarget {
  typealias Client = BinanceClient

  static let name = "binance-client"
  static let timerOwner: UInt8 = 2

  static let fresh: ClientHost<BinanceClient> = {
    var configuration = BinanceClientConfiguration(
      series: [
        CandleSeries(symbol: "BTC", timeframe: .m1), CandleSeries(symbol: "BTC", timeframe: .m15),
      ], openInterest: ["BTC"], funding: ["BTC"], timerOwner: timerOwner, seed: 42)
    configuration.trades = ["BTC"]
    configuration.marks = ["ETH"]
    configuration.openInterestHistory = 3
    configuration.limits = JSONLimits(bytes: 1 << 16, depth: 16)
    var rules = ClientRules(timerOwner: timerOwner, symbols: ["BTC", "ETH"], hasAccount: false)
    rules.connections = 4
    return ClientHost(BinanceClient(configuration: configuration), rules: rules)
  }()

  static let prepared = Self.started(fresh, at: BinanceVenueTarget.opened.now)

  static func command(_ text: ArraySlice<UInt8>, _ host: inout ClientHost<BinanceClient>) {}

  static func fault(in host: ClientHost<BinanceClient>) -> String? {
    let client = host.client
    let known = client.inFlight.map(\.number).sorted()
    let owed = host.requests.map(\.id.number).sorted()
    guard known == owed else { return "in flight are \(owed), the client believes \(known)" }
    return client.queue.count <= 64 ? nil : "\(client.queue.count) requests wait"
  }

  static let flaw = ClientFlaw.uncounted

  static func record(seconds: Int) {
    var talk = Conversation(fresh, BinanceVenueTarget.opened)
    talk.pass(seconds: seconds)
    Conversation<Client, BinanceVenueTarget.Venue>.print(talk.heardByClient)
  }
}

/// The simulated Binance; `!N` throws one of its switches.
enum BinanceVenueTarget: VenueTarget {
  typealias Venue = BesideMarket<BinanceVenue>

  static let name = "binance-venue"
  static let socketPath = "/market/stream?streams=btcusdt@kline_1m/btcusdt@aggTrade"

  static let opened: VenueHost<Venue> = {
    let start = HyperliquidVenueTarget.opened.now
    let configuration = BinanceVenueConfiguration(start: start, symbols: ["BTC", "ETH"])
    return VenueHost(
      BesideMarket(BinanceVenue(configuration: configuration, chooser: .seeded(1))), at: start)
  }()

  static func command(
    _ command: Script.Command, _ host: inout VenueHost<Venue>, session: UInt64
  ) {
    guard command.verb == UInt8(ascii: "!") else { return }
    let now = host.now
    var faults: [BinanceFault] = [
      .silence(.none), .silence(.marketClass), .silence(.publicClass), .silence(.all),
      .silence(.one("btcusdt@kline_1m")), .finals(.punctual), .finals(.missing),
      .finals(.late(.seconds(2))), .finals(.twice), .finals(.changed), .finals(.afterTheNext),
      .finals(.reopened), .missingCandles("BTC", from: now - .hours(1), to: now), .repairedCandles,
      .staleListing(.hours(2)), .clockSkew(.days(30)), .clockSkew(.days(-30)), .clockSkew(.zero),
      .lateSettlements(60_000), .withheldOpenInterest(true), .withheldOpenInterest(false),
      .refusedConnections(true), .refusedConnections(false), .closeConnections,
      .deafToPongs(true), .unknownMembers(true), .unknownEvent, .shutdownNotice,
      .bareErrors(true), .outage(nil),
    ]
    faults += BinanceOutage.allCases.map { .outage($0) }
    let number = Int(command.number(in: 0...99))
    guard number < faults.count else { return }
    // A page with status 200 is what the fault is about.
    switch faults[number] {
    case .outage(.page), .outage(.empty), .outage(.truncated): host.allowsBogusReplies = true
    default: break
    }
    host.venue.follower.apply(faults[number])
    host.input(.advance)
  }

  static func heal(_ host: inout VenueHost<Venue>) {}

  static func fault(in host: VenueHost<Venue>) -> String? {
    let venue = host.venue.follower
    guard venue.sessions.count <= venue.configuration.connections else {
      return "\(venue.sessions.count) sessions"
    }
    let open = Set(venue.sessions.map(\.id.number))
    guard open.isSubset(of: host.sessions) else { return "sessions that are closed: \(open)" }
    return venue.held.count <= 100_000 ? nil : "\(venue.held.count) frames are held"
  }

  static let flaw: @Sendable (inout Venue, VenueInput, inout [VenueOutput]) -> Void = {
    VenueFlaw.losesRefusals($1, &$2)
  }

  static func record(seconds: Int) {
    var talk = Conversation(BinanceClientTarget.fresh, opened)
    talk.pass(seconds: seconds)
    Conversation<BinanceClient, Venue>.print(talk.heardByVenue)
  }
}
