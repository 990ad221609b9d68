import Exchange
import Live
import Market
import Simulation
import Testing
import Venues

extension ServerTests {
  /// The venue through real sockets.
  @Suite struct Venue {
    static let start = Instant(nanoseconds: 1_780_000_020_000_000_000)
    static let alice = AccountAddress(number: 0xa11ce)

    static func setup() throws -> ExchangeSetup {
      let instrument = try #require(
        Instrument(symbol: "BTC", sizeDecimals: 5, maximumLeverage: 40))
      var configuration = HyperliquidVenueConfiguration(
        start: start, listings: [PerpetualListing(instrument)],
        accounts: [AccountSetup(address: alice, deposit: Money(whole: 100_000))])
      configuration.history.days = 2
      configuration.history.fineDays = 1
      return ExchangeSetup(
        venues: SimulatedVenuesConfiguration(hyperliquid: configuration),
        prices: PriceSource(["BTC": .constant("100000")]))
    }

    /// Runs `body` against a venue on a port of its own.
    static func serve(
      _ setup: ExchangeSetup, _ body: (ExchangeServer) throws -> Void
    ) async throws {
      let server = try await ExchangeServer.start(setup, port: 0)
      do {
        try body(server)
      } catch {
        await server.stop()
        throw error
      }
      await server.stop()
    }

    static func envelope(_ action: String, nonce: UInt64) -> String {
      let r = "0x" + String(repeating: "0", count: 24) + alice.description.dropFirst(2)
      return #"{"action":\#(action),"nonce":\#(nonce),"#
        + #""signature":{"r":"\#(r)","s":"0x1","v":27}}"#
    }

    @Test func `info and exchange answer over HTTP`() async throws {
      try await Self.serve(try Self.setup()) { server in
        let peer = try #require(Peer(port: server.port))
        let meta = try #require(peer.post("/info", #"{"type":"meta"}"#))
        #expect(meta.status == 200)
        #expect(meta.head.contains("Content-Type: application/json"))
        #expect(meta.body.contains(#""name":"BTC""#))
        let order =
          #"{"type":"order","orders":[{"a":0,"b":true,"p":"90000","s":"0.01","r":false,"#
          + #""t":{"limit":{"tif":"Gtc"}}}],"grouping":"na"}"#
        let nonce = UInt64(Self.start.milliseconds)
        let placed = try #require(peer.post("/exchange", Self.envelope(order, nonce: nonce)))
        #expect(placed.body.contains("resting"))
        let again = try #require(peer.post("/exchange", Self.envelope(order, nonce: nonce)))
        #expect(again.body.contains(#""status":"err""#))
        #expect(server.tally.placed == 1)
        #expect(server.tally.refused == 1)
        #expect(try #require(peer.post("/info", "<html>")).status == 422)
      }
    }

    @Test func `a WebSocket is answered and hears the market`() async throws {
      try await Self.serve(try Self.setup()) { server in
        let peer = try #require(Peer(port: server.port))
        #expect(peer.upgrade())
        peer.sendFrame(#"{"method":"ping"}"#)
        #expect(peer.nextFrame()?.text == #"{"channel":"pong"}"#)
        peer.sendFrame(#"{"method":"subscribe","subscription":{"type":"trades","coin":"BTC"}}"#)
        #expect(peer.frame(with: "subscriptionResponse") != nil)
        // The next block prints a trade.
        #expect(peer.frame(with: #""channel":"trades""#) != nil)
      }
    }

    @Test func `every venue answers on the one port`() async throws {
      var setup = try Self.setup()
      setup.venues = SimulatedVenuesConfiguration(complete: setup.venues.hyperliquid)
      try await Self.serve(setup) { server in
        #expect(server.venues == Market.Venue.allCases)
        let peer = try #require(Peer(port: server.port))
        let asked = [
          ("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=2", "[[17"),
          ("/futures/data/openInterestHist?symbol=BTCUSDT&period=5m", "sumOpenInterest"),
          ("/products/BTC-USD/ticker", #""bid":"#),
          ("/v2/exchange-rates", #""rates""#),
          ("/api/v3/brokerage/market/products", #""num_products""#),
          ("/api/v2/public/get_index_price?index_name=btc_usd", #""index_price":"#),
        ]
        for (target, word) in asked {
          let answer = try #require(peer.get(target))
          #expect(answer.status == 200 && answer.body.contains(word), "\(target): \(answer.body)")
        }
        let weighed = try #require(peer.get("/fapi/v1/ping"))
        #expect(weighed.head.lowercased().contains("x-mbx-used-weight-1m: "))
        let rpc = #"{"jsonrpc":"2.0","id":7,"method":"public/get_time","params":{}}"#
        #expect(peer.post("/api/v2", rpc)?.body.contains(#""id":7"#) == true)
        let spoken = [
          (
            "/market/ws/0", #"{"method":"SUBSCRIBE","params":["btcusdt@aggTrade"],"id":3}"#,
            #""id":3"#
          ),
          (
            "/coinbase/exchange",
            #"{"type":"subscribe","product_ids":["BTC-USD"],"channels":["ticker"]}"#,
            "subscriptions"
          ),
          (
            "/coinbase/advanced",
            #"{"type":"subscribe","product_ids":["BTC-USD"],"channel":"ticker"}"#,
            "subscriptions"
          ),
          ("/ws/api/v2", rpc, #""id":7"#),
        ]
        for (path, request, word) in spoken {
          let socket = try #require(Peer(port: server.port))
          try #require(socket.upgrade(path), "\(path)")
          socket.sendFrame(request)
          #expect(socket.frame(with: word) != nil, "\(path)")
        }
      }
    }

    @Test func `a path that nobody has and a verb that it does not take are told as such`()
      async throws
    {
      try await Self.serve(try Self.setup()) { server in
        let peer = try #require(Peer(port: server.port))
        #expect(peer.post("/nowhere", "{}")?.status == 404)
        #expect(peer.get("/infos")?.status == 404)
        let refused = try #require(peer.get("/info?type=meta"))
        #expect(refused.status == 405)
        #expect(refused.head.contains("Allow: POST\r\n"))
        #expect(peer.get("/ws")?.status == 426)
        #expect(peer.post("/assay/clock", "")?.status == 405)
        #expect(server.tally.calls == 0)
        #expect(!(try #require(Peer(port: server.port))).upgrade("/nowhere"))
      }
    }

    /// A scenario's world on sockets, a hundred times as fast.
    static func setup(faults: String) throws -> ExchangeSetup {
      let text = """
        name: served
        about: A world to serve.
        start: 2026-03-02T00:00:00Z
        duration: 1h
        script: {signals: []}
        market: {BTC: {model: constant, price: 60000}}
        venues: {hyperliquid: {history: {days: 1, fineDays: 1}}}
        faults: [\(faults)]
        """
      let scenario = try ScenarioFile.parse(text, file: "served.yaml")
      var setup = ExchangeSetup(
        venues: SimulatedVenuesConfiguration(hyperliquid: scenario.venueConfiguration),
        prices: scenario.prices)
      setup.faults = ServedFaults(scenario, seed: 1)
      setup.speed = 100
      return setup
    }

    @Test func `a disconnect of a scenario breaks real sockets and refuses new ones`()
      async throws
    {
      let setup = try Self.setup(faults: "{id: N1, at: 20s, for: 50m}")
      try await Self.serve(setup) { server in
        let peer = try #require(Peer(port: server.port))
        #expect(peer.upgrade())
        #expect(peer.ends())
        let refused = try #require(Peer(port: server.port))
        #expect(!refused.upgrade())
        #expect(refused.ends())
        let caller = try #require(Peer(port: server.port))
        caller.send(Peer.post("/info", #"{"type":"meta"}"#))
        #expect(caller.receive() == .end)
      }
    }

    @Test func `an action that a halted chain keeps waiting holds nobody else up`() async throws {
      let setup = try Self.setup(faults: "{id: V2, at: 0s, for: 50s}")
      try await Self.serve(setup) { server in
        let actor = try #require(Peer(port: server.port))
        let other = try #require(Peer(port: server.port))
        let nonce = UInt64(setup.venues.hyperliquid.start.milliseconds)
        actor.send(Peer.post("/exchange", Self.envelope(#"{"type":"noop"}"#, nonce: nonce)))
        #expect(other.post("/info", #"{"type":"meta"}"#)?.status == 200)
        #expect(actor.answer()?.body.contains("User or API Wallet") == true)
      }
    }
  }
}
