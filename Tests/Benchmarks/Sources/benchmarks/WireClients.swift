import Market
import Venues

/// Clients that are connected and subscribed, for rows that measure what they do with frames.
enum WireClients {
  /// When the frames are, and when the clients are asked.
  static let time: Int64 = 1_700_000_000_000
  static let now = Now(
    wall: Instant(milliseconds: time), monotonic: Monotonic(nanoseconds: 0))
  static let user = Address(number: 0x11)

  static func hyperliquid(
    signer: any ActionSigner = SimulatedSigner(address: user)
  ) -> HyperliquidClient {
    var client = HyperliquidClient(
      configuration: HyperliquidClientConfiguration(
        symbols: ["BTC", "ETH"], series: [CandleSeries(symbol: "BTC", timeframe: .m1)],
        user: user, timerOwner: 1, seed: 1),
      signer: signer)
    start(&client)
    let meta = #"{"universe":[{"szDecimals":5,"name":"BTC","maxLeverage":40}]}"#
    var effects: [ClientEffect] = []
    client.handle(
      .response(
        RequestID(venue: .hyperliquid, number: 1),
        HTTPResponse(status: 200, body: Array(meta.utf8))), at: now, into: &effects)
    return client
  }

  static func binance() -> BinanceClient {
    var configuration = BinanceClientConfiguration(
      series: [CandleSeries(symbol: "BTC", timeframe: .m1)], openInterest: [], funding: [],
      timerOwner: 2, seed: 1)
    configuration.trades = ["BTC"]
    configuration.marks = ["BTC"]
    var client = BinanceClient(configuration: configuration)
    start(&client)
    return client
  }

  static func deribit() -> DeribitClient {
    var configuration = DeribitClientConfiguration(underlyings: ["BTC"], timerOwner: 4, seed: 1)
    configuration.tickers = ["BTC"]
    var client = DeribitClient(configuration: configuration)
    start(&client)
    return client
  }

  /// Opens every connection that a client asks for.
  private static func start<Client: VenueClient>(_ client: inout Client) {
    var effects: [ClientEffect] = []
    client.start(at: now, into: &effects)
    for case .transport(.connect(let id, _)) in effects {
      var unheard: [ClientEffect] = []
      client.handle(.opened(id), at: now, into: &unheard)
    }
  }

  /// Lets a client take frames; how many effects of theirs `isTold` counts.
  static func take<Client: VenueClient>(
    _ frames: [[UInt8]], _ client: inout Client, _ isTold: (ClientEffect) -> Bool
  ) -> Int {
    let connection = ConnectionID(venue: Client.venue, number: 1)
    var effects: [ClientEffect] = []
    var count = 0
    for frame in frames {
      effects.removeAll(keepingCapacity: true)
      client.handle(.frame(connection, frame), at: now, into: &effects)
      for effect in effects where isTold(effect) { count += 1 }
    }
    return count
  }
}
