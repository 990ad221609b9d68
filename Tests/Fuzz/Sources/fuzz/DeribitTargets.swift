import Choice
import Market

@testable import Exchange
@testable import Venues

/// The Deribit client, with option chains, volatility indices and a ticker.
enum DeribitClientTarget: ClientTarget {
  typealias Client = DeribitClient

  static let name = "deribit-client"
  static let timerOwner: UInt8 = 4

  static let fresh: ClientHost<DeribitClient> = {
    var configuration = DeribitClientConfiguration(
      underlyings: ["BTC", "ETH"], timerOwner: timerOwner, seed: 42)
    configuration.tickers = ["BTC"]
    configuration.limits = JSONLimits(bytes: 1 << 16, depth: 16)
    return ClientHost(
      DeribitClient(configuration: configuration),
      rules: ClientRules(timerOwner: timerOwner, symbols: ["BTC", "ETH"], hasAccount: false))
  }()

  static let prepared = Self.started(fresh, at: DeribitVenueTarget.opened.now)

  static func command(_ text: ArraySlice<UInt8>, _ host: inout ClientHost<DeribitClient>) {}

  static func fault(in host: ClientHost<DeribitClient>) -> String? {
    let client = host.client
    guard host.requests.isEmpty else { return "a request over HTTP" }
    guard client.queue.count <= 64 else { return "\(client.queue.count) requests wait" }
    return client.inFlight.count <= 64 ? nil : "\(client.inFlight.count) requests are on their way"
  }

  static let flaw = ClientFlaw.uncounted

  static func record(seconds: Int) {
    var talk = Conversation(fresh, DeribitVenueTarget.opened)
    talk.pass(seconds: seconds)
    Conversation<Client, DeribitVenueTarget.Venue>.print(talk.heardByClient)
  }
}

/// The simulated Deribit; `!N` throws one of its switches.
enum DeribitVenueTarget: VenueTarget {
  typealias Venue = BesideMarket<DeribitVenue>

  static let name = "deribit-venue"
  static let socketPath = "/ws/api/v2"

  static let opened: VenueHost<Venue> = {
    let start = HyperliquidVenueTarget.opened.now
    let configuration = DeribitVenueConfiguration(
      start: start, symbols: ["BTC", "ETH"], limits: DeribitLimits())
    return VenueHost(
      BesideMarket(DeribitVenue(configuration: configuration, chooser: .seeded(1))), at: start)
  }()

  static func command(
    _ command: Script.Command, _ host: inout VenueHost<Venue>, session: UInt64
  ) {
    guard command.verb == UInt8(ascii: "!") else { return }
    let faults: [DeribitFault] = [
      .silent(channel: "deribit_volatility_index.btc_usd", true),
      .dropped(channel: "ticker.BTC-PERPETUAL.100ms", true), .nullQuotes(true),
      .missingGreeks(true), .missingVolatility(true), .expiredText(true), .settlement(true),
      .settlement(false), .refusing(code: 10_028), .refusing(code: 13_009), .refusing(code: nil),
      .throttled(true), .throttled(false), .page(status: 503), .page(status: nil),
      .truncated(true), .truncated(false), .mute(true), .mute(false),
      .lateHeartbeats(.seconds(20)), .closeSessions,
    ]
    let number = Int(command.number(in: 0...99))
    guard number < faults.count else { return }
    switch faults[number] {
    case .truncated(true):
      host.allowsBogusFrames = true
      host.allowsBogusReplies = true
    case .mute(true): host.allowsSilence = true
    default: break
    }
    host.venue.follower.apply(faults[number])
    host.input(.advance)
  }

  static func heal(_ host: inout VenueHost<Venue>) {}

  static func fault(in host: VenueHost<Venue>) -> String? {
    let venue = host.venue.follower
    guard venue.sessions.count <= venue.configuration.mostSessions else {
      return "\(venue.sessions.count) sessions"
    }
    let open = Set(venue.sessions.map(\.id.number))
    return open.isSubset(of: host.sessions) ? nil : "sessions that are closed: \(open)"
  }

  static let flaw: @Sendable (inout Venue, VenueInput, inout [VenueOutput]) -> Void = {
    VenueFlaw.losesRefusals($1, &$2)
  }

  static func record(seconds: Int) {
    var talk = Conversation(DeribitClientTarget.fresh, opened)
    talk.pass(seconds: seconds)
    Conversation<DeribitClient, Venue>.print(talk.heardByVenue)
  }
}
