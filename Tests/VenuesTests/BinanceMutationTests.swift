import Market
import Testing

@testable import Venues

/// Random damage; a failure names the seed, which is the argument to run again.
@Suite("Damaged messages of Binance") struct BinanceMutationTests {
  typealias Talk = BinanceDialogue

  private static let frames = [
    Talk.kline(0), Talk.kline(0, isFinal: false), Talk.trade(5), Talk.mark,
    #"{"stream":"btcusdt@kline_1m","data":\#(Talk.kline(0))}"#,
  ].map { Array($0.utf8) }

  private static let control = [
    #"{"result":null,"id":1}"#, #"{"error":{"code":2,"msg":"Invalid request"},"id":1}"#,
    #"{"code":3,"msg":"Invalid JSON"}"#, #"{"e":"serverShutdown","E":1700000000000}"#,
  ].map { Array($0.utf8) }

  private func listening() -> Talk {
    var talk = Talk(openInterest: ["BTC"], funding: ["BTC"]) {
      $0.trades = ["BTC"]
      $0.marks = ["BTC"]
    }
    talk.listen()
    return talk
  }

  private func prices(_ event: MarketEvent) -> [Price] {
    switch event {
    case .closedCandle(let candle): [candle.open, candle.high, candle.low, candle.close]
    case .trade(let trade): [trade.price]
    case .mark(let mark): [mark.mark, mark.index]
    default: []
    }
  }

  @Test("no prefix of a frame says anything but the frame itself")
  func truncation() {
    for frame in Self.frames {
      var talk = listening()
      for count in 0..<frame.count {
        talk.frame(Array(frame[..<count]))
        #expect(talk.effects.market.isEmpty)
        #expect(talk.effects.rejections.count == 1)
      }
      talk.frame(frame)
      #expect(talk.effects.rejections.isEmpty)
    }
  }

  @Test("a damaged frame never traps and tells no number that it does not hold", arguments: 1...8)
  func damagedFrames(seed: UInt64) {
    var damage = MutationTests.Damage(seed: seed)
    for _ in 0..<60 {
      var talk = listening()
      for _ in 0..<25 {
        let bytes = damage.apply(to: Self.frames[damage.below(Self.frames.count)])
        talk.frame(bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        for event in talk.effects.market {
          for price in prices(event) {
            #expect(price > .zero, "seed \(seed): \(text)")
            // Averages are rounded to eight places; all others are told as they are spelled.
            if case .mark = event { continue }
            #expect(
              text.contains(price.description.prefix { $0 != "." }), "seed \(seed): \(text)")
          }
        }
        #expect(talk.client.queue.count < 20 && talk.client.inFlight.count <= 8)
      }
      // Whatever came before, a later good frame is understood.
      talk.frame(Talk.kline(4, close: "100.25"))
      #expect(talk.effects.opensClosed == [Talk.open(4)], "seed \(seed)")
    }
  }

  @Test("damaged control frames never trap, and the client listens on", arguments: 1...8)
  func damagedControl(seed: UInt64) {
    var damage = MutationTests.Damage(seed: seed)
    for _ in 0..<200 {
      var talk = Talk()
      talk.start()
      talk.input(.opened(talk.connection))
      for _ in 0..<8 {
        talk.frame(damage.apply(to: Self.control[damage.below(Self.control.count)]))
        #expect(talk.effects.market.isEmpty)
        #expect(talk.client.sockets[0].pending.count <= 1)
      }
      talk.pass(.minutes(1))
      #expect(talk.client.sockets[0].kept.state != .idle)
    }
  }

  @Test(
    "a damaged answer never traps, always has a consequence and is not the last word",
    arguments: 1...8)
  func damagedAnswers(seed: UInt64) {
    var damage = MutationTests.Damage(seed: seed)
    let stamp = 1_700_000_000_000 / 300_000 * 300_000
    let answers = [
      ("/fapi/v1/time", #"{"serverTime":1700000000000}"#),
      ("/fapi/v1/klines", "[\(Talk.row(-2)),\(Talk.row(-1)),\(Talk.row(0))]"),
      (
        "/futures/data",
        #"[{"symbol":"BTCUSDT","sumOpenInterest":"10.5","timestamp":\#(stamp)}]"#
      ),
      (
        "/fapi/v1/fundingRate",
        #"[{"symbol":"BTCUSDT","fundingTime":1699977600005,"fundingRate":"0.0001"}]"#
      ), ("/fapi/v1/fundingInfo", #"[{"symbol":"BTCUSDT","fundingIntervalHours":4}]"#),
    ]
    for _ in 0..<200 {
      var talk = Talk(openInterest: ["BTC"], funding: ["BTC"])
      talk.start()
      for (path, text) in answers {
        let headers = [
          HTTPHeader("retry-after", String(damage.below(50))),
          HTTPHeader("x-mbx-used-weight-1m", String(damage.below(3_000) - 9)),
        ]
        let status = [200, 200, 200, 429, 418, 403, 500, 202, 404][damage.below(9)]
        guard let number = talk.request(path) else { continue }
        let id = RequestID(venue: .binance, number: number)
        let body = damage.apply(to: Array(text.utf8))
        talk.input(.response(id, HTTPResponse(status: status, headers: headers, body: body)))
        #expect(!talk.effects.isEmpty, "seed \(seed): \(path)")
        #expect(!talk.client.inFlight.contains { $0.number == number })
      }
      // Within hours everything is asked again: nothing is forgotten, and nothing runs hot.
      let before = talk.client.requests
      talk.pass(.hours(3))
      #expect(talk.client.requests > before || !talk.client.inFlight.isEmpty, "seed \(seed)")
      #expect(talk.client.queue.count < 20)
    }
  }
}
