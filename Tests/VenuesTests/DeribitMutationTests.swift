import Market
import Testing

@testable import Venues

@Suite("Damaged Deribit input") struct DeribitMutationTests {
  private typealias Talk = DeribitDialogue

  /// A small generator of its own, so that a failure names a case that can be run again.
  private struct Damage {
    private var word: UInt64
    init(seed: UInt64) { word = seed }

    mutating func below(_ bound: Int) -> Int {
      word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((word >> 33) % UInt64(max(bound, 1)))
    }

    mutating func apply(to text: String) -> [UInt8] {
      var bytes = Array(text.utf8)
      for _ in 0...below(3) where !bytes.isEmpty {
        let position = below(bytes.count)
        switch below(5) {
        case 0: bytes = Array(bytes.prefix(position))
        case 1: bytes[position] = UInt8(below(256))
        case 2:
          let likely = Array("0-9{}[]\",:.eE\\ntf".utf8)
          bytes[position] = likely[below(likely.count)]
        case 3: bytes.remove(at: position)
        default: bytes.insert(contentsOf: bytes.suffix(below(12)), at: position)
        }
      }
      return bytes
    }
  }

  private func frames(_ talk: Talk) -> [String] {
    let id = talk.client.requests
    return [
      Talk.volatility("55.25", time: talk.now.wall.milliseconds),
      #"{"jsonrpc":"2.0","id":\#(id),"result":[\#(Talk.row())],"usIn":1,"usOut":2,"usDiff":1}"#,
      #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":10041,"message":"settlement_in_progress"}}"#,
      #"{"jsonrpc":"2.0","id":\#(id),"result":{"data":[[\#(Talk.time),55,56,54,55.5]]}}"#,
      #"{"jsonrpc":"2.0","id":\#(id),"result":["deribit_volatility_index.btc_usd"]}"#,
      #"{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}"#,
      #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"ticker.BTC-PERPETUAL.100ms","#
        + #""data":{"timestamp":\#(Talk.time),"instrument_name":"BTC-PERPETUAL","#
        + #""index_price":99000.5}}}"#,
    ]
  }

  @Test("no prefix of a frame says anything but the frame itself")
  func truncation() {
    var talk = Talk { $0.tickers = ["BTC"] }
    talk.begin()
    talk.live(.minutes(5))
    let frame = Array(Talk.volatility("55.25", time: talk.now.wall.milliseconds).utf8)
    for count in 0..<frame.count {
      talk.frame(Array(frame[..<count]))
      #expect(talk.effects.market.isEmpty)
      #expect(talk.effects.rejections.count == 1)
    }
    talk.frame(frame)
    #expect(talk.effects.volatilities.map(\.value) == ["0.5525"])
  }

  @Test(
    "damage never traps, tells nothing out of bounds, and memory stays as it is", arguments: 1...8)
  func damaged(seed: UInt64) {
    var damage = Damage(seed: seed)
    var talk = Talk { $0.tickers = ["BTC"] }
    talk.begin()
    for step in 0..<2_000 {
      let place = "seed \(seed), step \(step)"
      if talk.client.socket.openConnection == nil {
        talk.pass(.seconds(31))
        talk.open()
      }
      let samples = frames(talk)
      talk.frame(damage.apply(to: samples[damage.below(samples.count)]))
      for index in talk.effects.volatilities {
        #expect(index.value > .zero && index.value < "10", "\(place): \(index)")
        #expect((index.time - talk.now.wall).milliseconds.magnitude <= 300_000, "\(place)")
      }
      for chain in talk.effects.chains {
        #expect(chain.symbol == "BTC", "\(place)")
        for quote in chain.quotes {
          #expect(quote.impliedVolatility > .zero && quote.impliedVolatility < "2.5", "\(place)")
          #expect(quote.openInterest > .zero && quote.underlying > .zero, "\(place)")
          #expect(quote.expiry > chain.time && quote.strike > .zero, "\(place)")
        }
      }
      #expect(talk.client.queue.count + talk.client.inFlight.count <= 8, "\(place)")
      if damage.below(10) == 0 { talk.pass(.seconds(Int64(damage.below(40)))) }
    }
    // Whatever came before, the next good session tells what there is.
    if let id = talk.client.socket.connection { talk.input(.closed(id, nil)) }
    talk.pass(.minutes(20))
    var chains = 0
    for _ in 0..<200 {
      guard let request = talk.client.inFlight.first else {
        talk.pass(.seconds(1))
        talk.open()
        continue
      }
      switch request.work {
      case .heartbeat: talk.result(request.id, #""ok""#)
      case .chain:
        talk.result(
          request.id, "[\(Talk.row("BTC-9JAN26-100000-C", time: talk.now.wall.milliseconds))]")
        chains += talk.effects.chains.count
      default: talk.result(request.id, "{}")
      }
    }
    #expect(chains > 0, "seed \(seed)")
  }
}
