import Market
import Testing

@testable import Venues

@Suite("Deribit connection") struct DeribitConnectionTests {
  private typealias Talk = DeribitDialogue

  private static let channel = "deribit_volatility_index.btc_usd"

  private func isDisconnected(_ effects: [ClientEffect]) -> Bool {
    effects.feed.contains { if case .disconnected = $0 { true } else { false } }
  }

  @Test("a connection begins with a heartbeat, channels, and what is missing")
  func beginning() {
    var talk = Talk(["BTC", "SOL"])
    talk.say { $0.start(at: $1, into: &$2) }
    let connects = talk.effects.compactMap { effect in
      if case .transport(.connect(_, let path)) = effect { path } else { nil }
    }
    #expect(connects == ["/ws/api/v2"])
    talk.say { $0.start(at: $1, into: &$2) }
    #expect(talk.effects.isEmpty)
    talk.open()
    #expect(
      talk.effects.sent
        == [
          #"{"jsonrpc":"2.0","id":1,"method":"public/set_heartbeat","params":{"interval":30}}"#,
          #"{"jsonrpc":"2.0","id":2,"method":"public/subscribe","params":{"channels":["#
            + #""deribit_volatility_index.btc_usd"]}}"#,
          #"{"jsonrpc":"2.0","id":3,"method":"public/get_book_summary_by_currency","params":"#
            + #"{"currency":"BTC","kind":"option"}}"#,
          #"{"jsonrpc":"2.0","id":4,"method":"public/get_book_summary_by_currency","params":"#
            + #"{"currency":"USDC","kind":"option"}}"#,
          #"{"jsonrpc":"2.0","id":5,"method":"public/get_volatility_index_data","params":"#
            + #"{"currency":"BTC","start_timestamp":1767570620000,"end_timestamp":1767571280000,"#
            + #""resolution":"60"}}"#,
        ])
    #expect(talk.effects.feed == [.connected])
    talk.result(1, #""ok""#)
    #expect(talk.effects.feed.isEmpty)
    talk.result(2, #"["deribit_volatility_index.btc_usd"]"#)
    #expect(talk.effects.feed == [.subscribed])
    talk.result(5, #"{"data":[],"continuation":null}"#)
    #expect(talk.effects.rejections.count == 1)
  }

  @Test("a test request is answered at once, a heartbeat with silence")
  func testRequest() {
    var talk = Talk()
    talk.begin()
    talk.frame(#"{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"heartbeat"}}"#)
    #expect(talk.effects.isEmpty)
    talk.frame(#"{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}"#)
    #expect(talk.effects.methods == ["public/test"])
    // A second one while the first is on its way asks for nothing more.
    talk.frame(#"{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}"#)
    #expect(talk.effects.methods.isEmpty)
    talk.frame(#"{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"other"}}"#)
    #expect(talk.effects.rejections.map(\.kind) == [.heartbeat])
  }

  @Test("a channel that the venue leaves out is noticed and asked for again, much later")
  func dropped() {
    var talk = Talk(["BTC", "ETH"])
    talk.say { $0.start(at: $1, into: &$2) }
    talk.open()
    talk.result(1, #""ok""#)
    talk.result(2, #"["deribit_volatility_index.eth_usd","nobody.asked"]"#)
    #expect(talk.effects.feed == [.subscriptionRefused(Self.channel)])
    talk.live(.seconds(29))
    #expect(!talk.effects.methods.contains("public/subscribe"))
    var waited = 29
    while waited < 61, !talk.effects.methods.contains("public/subscribe") {
      talk.live(.seconds(1))
      waited += 1
    }
    let again = talk.effects.sent.filter { $0.contains("public/subscribe") }
    #expect(again.count == 1)
    #expect(again.allSatisfy { $0.contains("btc_usd") && !$0.contains("eth_usd") })
    let id = talk.inFlight { if case .subscribe = $0 { true } else { false } } ?? 0
    talk.result(id, #"["deribit_volatility_index.btc_usd"]"#)
    #expect(talk.effects.feed == [.subscribed])
  }

  @Test("nothing at all for three heartbeats, or nothing of a channel, ends the connection")
  func silence() {
    var talk = Talk()
    talk.begin()
    talk.pass(.seconds(89))
    #expect(!isDisconnected(talk.effects))
    talk.pass(.seconds(2))
    #expect(talk.effects.feed.contains(.silent(.seconds(90))))
    #expect(isDisconnected(talk.effects))
    #expect(talk.effects.closes.count == 1)

    var quiet = Talk()
    quiet.begin()
    quiet.live(.seconds(599))
    #expect(!isDisconnected(quiet.effects))
    quiet.live(.seconds(2))
    #expect(quiet.effects.feed.contains(.silent(.minutes(10))))
  }

  @Test("waits between attempts grow, differ from one seed to another, and end at the longest")
  func backOff() {
    func waits(_ seed: UInt64) -> [Int64] {
      var talk = Talk(["BTC"]) { $0.seed = seed }
      talk.say { $0.start(at: $1, into: &$2) }
      return (0..<9).compactMap { _ in
        guard let id = talk.client.socket.connection else { return nil }
        talk.input(.closed(id, .unreachable))
        let wait = talk.effects.feed.compactMap { status in
          if case .disconnected(_, let wait) = status { wait } else { nil }
        }
        talk.pass(wait.first ?? .zero)
        return wait.first.map { $0.nanoseconds / 1_000_000 }
      }
    }
    let limits: [Int64] = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]
    #expect(waits(1).count == limits.count)
    #expect(zip(waits(1), limits).allSatisfy { $0 >= $1 / 2 && $0 <= $1 })
    #expect(waits(1) != waits(2))
  }

  @Test("a connection that does not open, or does not answer, is given up")
  func handshake() {
    var talk = Talk()
    talk.say { $0.start(at: $1, into: &$2) }
    talk.pass(.seconds(15))
    #expect(isDisconnected(talk.effects))
    talk.pass(.seconds(1))
    talk.open()
    talk.pass(.seconds(15))
    #expect(isDisconnected(talk.effects))
  }

  @Test("what was on its way when the connection broke is asked for again over the next")
  func resumed() {
    var talk = Talk()
    talk.say { $0.start(at: $1, into: &$2) }
    talk.open()
    guard let id = talk.client.socket.connection else { return }
    talk.input(.closed(id, .connectionLost))
    #expect(talk.effects.failedRequests == [.optionChain("BTC"), .volatilityIndex("BTC")])
    talk.pass(.seconds(1))
    talk.open()
    #expect(
      talk.effects.methods.sorted()
        == [
          "public/get_book_summary_by_currency", "public/get_volatility_index_data",
          "public/set_heartbeat", "public/subscribe",
        ])
    // Replies to what was asked over the old one belong to nobody.
    talk.result(3, "[]")
    #expect(talk.effects.rejections.map(\.reason) == [.stray])
  }

  @Test("a reconnection within the quarter of an hour asks for no second chain")
  func once() {
    var talk = Talk()
    talk.begin()
    guard let id = talk.client.socket.connection else { return }
    talk.input(.closed(id, nil))
    talk.pass(.seconds(1))
    talk.open()
    #expect(talk.effects.methods.sorted() == ["public/set_heartbeat", "public/subscribe"])
  }

  @Test("after the end nothing is sent, and what comes is counted")
  func stopped() {
    var talk = Talk()
    talk.begin()
    let id = talk.client.socket.connection
    talk.say { $0.stop(at: $1, into: &$2) }
    #expect(talk.effects.closes == [id].compactMap { $0 })
    #expect(talk.timers.isEmpty)
    talk.pass(.hours(1))
    talk.say { $0.start(at: $1, into: &$2) }
    #expect(talk.effects.isEmpty)
    talk.frame("{}")
    #expect(talk.effects.rejections.count == 1)
    talk.input(
      .response(RequestID(venue: .deribit, number: 1), HTTPResponse(status: 200, body: [])))
    #expect(talk.effects.rejections.count == 1)
  }

  @Test(
    "frames that are no message are counted and move nothing",
    arguments: [
      "", "<html><body>502 Bad Gateway</body></html>", "{", "[]", "1", "{}", "\"ok\"",
      #"{"jsonrpc":"2.0","method":"subscription"}"#,
      #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"ticker.X.raw","data":1}}"#,
      #"{"jsonrpc":"2.0","method":"news","params":{}}"#,
      #"{"jsonrpc":"2.0","id":99,"result":"ok"}"#,
      #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}"#,
    ])
  func nonsense(frame: String) {
    var talk = Talk()
    talk.begin()
    talk.frame(frame)
    #expect(talk.effects.rejections.count == 1)
    #expect(talk.effects.market.isEmpty && talk.effects.sent.isEmpty && talk.effects.feed.isEmpty)
  }
}
