import Market
import Risk
import Testing

@testable import Venues

/// A peer that sends what it likes, as much as it likes: each message is refused for its own
/// reason, none is remembered for longer than the next, and the next good one is understood.
@Suite("Hostile venues") struct HostilePeerTests {
  private static let limits = JSONLimits(bytes: 1 << 16, depth: 16)

  private func listening() -> Dialogue {
    var configuration = Dialogue.configuration(streams: .all, user: Dialogue.user)
    configuration.limits = Self.limits
    var talk = Dialogue(configuration)
    talk.begin()
    return talk
  }

  /// Everything in a client that could grow.
  private func size(of client: HyperliquidClient) -> Int {
    let sizes: [Int] = [
      client.queue.count, client.inFlight.count, client.expiries.count, client.trades.count,
      client.fills.count, client.fundings.count, client.venueIDs.count, client.assets.count,
    ]
    return sizes.reduce(0, +)
  }

  private func expectGoodFrame(_ talk: inout Dialogue, _ comment: Comment) {
    talk.frame(Dialogue.candleFrame(0))
    #expect(talk.effects.opensForming == [Dialogue.open(0)], comment)
    #expect(talk.effects.rejections.isEmpty, comment)
  }

  private func frame(_ value: String, of member: String) -> String {
    let row = Dialogue.candle(0)
    guard let place = row.firstRange(of: "\"\(member)\":") else { return row }
    let rest = row[place.upperBound...]
    let end = rest.firstIndex(of: ",") ?? rest.endIndex
    return #"{"channel":"candle","data":\#(row[..<place.upperBound])\#(value)\#(rest[end...])}"#
  }

  private func nested(_ open: String, _ close: String, _ depth: Int) -> String {
    String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth)
  }

  @Test("a message that cannot be read moves nothing and says why")
  func unreadable() {
    let many = 100_000
    let nines = String(repeating: "9", count: 50_000)
    let over = String(repeating: " ", count: Self.limits.bytes)
    let cases: [(String, InputKind, RejectionReason)] = [
      ("", .frame, .json(.empty)),
      (" \n\t", .frame, .json(.empty)),
      ("<html><body>502 Bad Gateway</body></html>", .frame, .json(.syntax)),
      (over + "1", .frame, .json(.tooLarge)),
      (nested("[", "]", 30_000), .frame, .json(.tooDeep)),
      (nested(#"{"a":"#, "}", 10_000), .frame, .json(.tooDeep)),
      (nested("[", "]", Self.limits.depth + 1), .frame, .json(.tooDeep)),
      (nested("[", "]", Self.limits.depth - 1), .frame, .member("channel")),
      (String(repeating: "[", count: 60_000), .frame, .json(.syntax)),
      (String(repeating: "[", count: many), .frame, .json(.tooLarge)),
      (#"{"channel":"candle","channel":"trades","data":[]}"#, .frame, .json(.duplicateKey)),
      (#"{"channel":"candle","data":{"o":"1","o":"2"}}"#, .frame, .json(.duplicateKey)),
      (#"{"channel":"candle","data":\#(nines)}"#, .frame, .json(.number)),
      (#"{"channel":"candle","data":1e\#(nines)}"#, .frame, .json(.number)),
      (#"{"channel":"candle","data":1e999}"#, .frame, .json(.number)),
      (#"{"channel":"pong"}{"channel":"pong"}"#, .frame, .json(.syntax)),
      (#"{"channel":"pong"},"#, .frame, .json(.syntax)),
      ("[]", .frame, .member("channel")), ("null", .frame, .member("channel")),
      (#"{"channel":7}"#, .frame, .member("channel")),
      (#"{"channel":"candle"}"#, .candle, .member("data")),
      (#"{"channel":"candle","data":[]}"#, .candle, .member("data")),
      (#"{"channel":"trades","data":{}}"#, .trades, .member("data")),
      (frame(#""\#(nines)""#, of: "o"), .candle, .member("o")),
      (frame("37017.0", of: "o"), .candle, .member("o")),
      (frame(#""1e5""#, of: "h"), .candle, .member("h")),
      (frame(#""NaN""#, of: "l"), .candle, .member("l")),
      (frame(#""-1""#, of: "v"), .candle, .inconsistent),
      (frame("18446744073709551615", of: "t"), .candle, .member("t")),
      (frame("1.7e12", of: "t"), .candle, .member("t")),
      (frame("7258118399999", of: "T"), .candle, .inconsistent),
    ]
    var talk = listening()
    let before = size(of: talk.client)
    for (text, kind, reason) in cases {
      let shown = Comment(rawValue: String(text.prefix(60)))
      talk.frame(text)
      #expect(talk.effects.count == 1, shown)
      #expect(talk.effects.rejections.first?.kind == kind, shown)
      #expect(talk.effects.rejections.first?.reason == reason, shown)
      #expect(talk.effects.rejections.first?.venue == .hyperliquid, shown)
    }
    #expect(size(of: talk.client) == before)
    expectGoodFrame(&talk, "after all of them")
  }

  @Test("bytes that are not UTF-8 are refused wherever they stand")
  func notText() {
    var talk = listening()
    let good = Array(Dialogue.candleFrame(0).utf8)
    for place in stride(from: 0, through: good.count - 1, by: 7) {
      var bytes = good
      bytes.insert(contentsOf: [0xed, 0xa0, 0x80], at: place)
      talk.frame(bytes)
      #expect(talk.effects.count == 1 && talk.effects.rejections.count == 1, "at \(place)")
    }
    expectGoodFrame(&talk, "after all of them")
  }

  @Test("the largest message that is allowed is read, and the client keeps nothing of it")
  func largest() {
    var talk = listening()
    let before = size(of: talk.client)
    let frame = Array(Dialogue.candleFrame(0).utf8)
    let blanks = [UInt8](repeating: 0x20, count: Self.limits.bytes - frame.count)
    talk.frame(frame + blanks)
    #expect(talk.effects.opensForming == [Dialogue.open(0)])
    talk.frame(frame + blanks + [0x20])
    #expect(talk.effects.rejections.first?.reason == .json(.tooLarge))
    #expect(talk.effects.rejections.first?.excerpt.utf8.count == RejectedInput.excerptLimit)
    #expect(size(of: talk.client) == before)
  }

  @Test("channels that nobody knows are counted one by one and not remembered")
  func unknownChannels() {
    var talk = listening()
    let before = size(of: talk.client)
    for number in 1...20_000 {
      talk.frame(#"{"channel":"c\#(number)","data":{"coin":"X\#(number)"}}"#)
      guard talk.effects.rejections.map(\.ordinal) == [UInt64(number)], talk.effects.count == 1
      else {
        Issue.record("frame \(number): \(talk.effects)")
        return
      }
    }
    #expect(size(of: talk.client) == before)
    expectGoodFrame(&talk, "after all of them")
  }

  @Test("acknowledgements and errors that nobody asked for change nothing")
  func strayAcknowledgements() {
    var talk = listening()
    let before = size(of: talk.client)
    let long = String(repeating: "x", count: 30_000)
    for number in 0..<5_000 {
      talk.frame(
        Dialogue.acknowledgement(#"{"type":"candle","coin":"C\#(number)","interval":"1m"}"#))
      #expect(talk.effects.isEmpty)
    }
    for _ in 0..<100 {
      talk.frame(#"{"channel":"error","data":"Invalid subscription: \#(long)"}"#)
      for case .feed(.subscriptionRefused(let text)) in talk.effects {
        #expect(text.count <= RejectedInput.excerptLimit)
      }
      #expect(talk.effects.count == 2)
    }
    #expect(size(of: talk.client) == before)
  }

  @Test("trades, executions and fundings without end are remembered up to a bound")
  func endlessStreams() {
    var talk = listening()
    let user = Dialogue.user.description
    for number in 0..<20_000 {
      let time = 1_700_000_000_000 + number
      switch number % 3 {
      case 0:
        talk.frame(
          #"{"channel":"trades","data":[{"coin":"BTC","side":"B","px":"1","sz":"1","#
            + #""time":\#(time),"tid":\#(number)}]}"#)
      case 1:
        talk.frame(
          #"{"channel":"userFills","data":{"user":"\#(user)","fills":[{"coin":"BTC","px":"1","#
            + #""sz":"1","side":"B","time":\#(time),"oid":\#(number),"fee":"0","tid":\#(number),"#
            + #""cloid":"\#(ClientOrderID(high: 0, low: UInt64(number)))"}]}}"#)
      default:
        talk.frame(
          #"{"channel":"userFundings","data":{"user":"\#(user)","fundings":[{"time":\#(time),"#
            + #""coin":"BTC","usdc":"1","szi":"1","fundingRate":"0"}]}}"#)
      }
      #expect(talk.effects.rejections.isEmpty, "\(number): \(talk.effects)")
    }
    #expect(talk.client.trades.count == 6_667)
    #expect(talk.client.fills.count == 6_667)
    #expect(talk.client.fundings.count == 2_048)
    for number in 20_000..<30_000 {
      talk.frame(
        #"{"channel":"trades","data":[{"coin":"BTC","side":"B","px":"1","sz":"1","#
          + #""time":1700000000000,"tid":\#(number)}]}"#)
      talk.frame(
        #"{"channel":"orderUpdates","data":[{"order":{"coin":"BTC","side":"B","limitPx":"1","#
          + #""sz":"1","oid":\#(number),"timestamp":1700000000000,"origSz":"1","#
          + #""cloid":"\#(ClientOrderID(high: 1, low: UInt64(number)))"},"status":"open","#
          + #""statusTimestamp":1700000000300}]}"#)
    }
    #expect(talk.client.trades.count == 8_192)
    #expect((4_096...8_192).contains(talk.client.venueIDs.count))
  }

  @Test("candles that leap ask for history within the budget, and the line of requests is bounded")
  func leapingCandles() {
    var talk = listening()
    let before = talk.client.requests
    // Each leaps over five minutes and back, which is a gap of another shape every time.
    for step in 0..<5_000 {
      talk.frame(Dialogue.candleFrame(Int64(step % 1_000) * 5))
    }
    let weight = (talk.client.requests - before) * 20
    #expect(weight <= 1_200)
    #expect(talk.client.queue.count <= 2)
    #expect(talk.client.inFlight.count <= 60)
  }

  @Test("a list of every coin there could be tells the ones that were asked for")
  func wideMids() {
    var talk = listening()
    let coins = (0..<3_000).map { #""C\#($0)":"1.5""# }.joined(separator: ",")
    talk.frame(#"{"channel":"allMids","data":{"mids":{\#(coins),"BTC":"2.5"}}}"#)
    #expect(talk.effects.market == [.mid("BTC", "2.5")])
    let levels = (1...500).map { #"{"px":"\#(1_000 - $0)","sz":"1","n":1}"# }
      .joined(separator: ",")
    talk.frame(
      #"{"channel":"l2Book","data":{"coin":"BTC","time":1700000000200,"levels":[[\#(levels)],[]]}}"#
    )
    #expect(talk.effects.rejections.map(\.reason) == [.member("levels")])
  }

  @Test("answers to requests that were never made are counted and move nothing")
  func strayAnswers() {
    var talk = listening()
    let before = size(of: talk.client)
    for number in 1_000..<6_000 {
      talk.answer(UInt64(number), Dialogue.meta)
      #expect(talk.effects.rejections.map(\.kind) == [.stray] && talk.effects.count == 1)
    }
    #expect(size(of: talk.client) == before)
  }
}
