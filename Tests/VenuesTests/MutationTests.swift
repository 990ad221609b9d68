import Market
import Risk
import Testing

@testable import Venues

@Suite("Damaged input") struct MutationTests {
  /// A small generator of its own, so that a failure names a case that can be run again.
  struct Damage {
    private var word: UInt64
    init(seed: UInt64) { word = seed }

    mutating func below(_ bound: Int) -> Int {
      word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((word >> 33) % UInt64(max(bound, 1)))
    }

    mutating func apply(to bytes: [UInt8]) -> [UInt8] {
      var bytes = bytes
      for _ in 0...below(3) {
        let position = below(bytes.count)
        switch below(5) {
        case 0: bytes = Array(bytes.prefix(position))
        case 1 where position < bytes.count: bytes[position] = UInt8(below(256))
        case 2 where position < bytes.count:
          let likely = Array("0-9{}[]\",:.eE\\ntf".utf8)
          bytes[position] = likely[below(likely.count)]
        case 3 where position < bytes.count:
          bytes.remove(at: position)
        default: bytes.insert(contentsOf: bytes.suffix(below(12)), at: position)
        }
      }
      return bytes
    }
  }

  private func listening() -> Dialogue {
    var talk = Dialogue(Dialogue.configuration(streams: .all, user: Dialogue.user))
    talk.begin()
    return talk
  }

  @Test("no prefix of a frame says anything but the frame itself")
  func truncation() {
    for frame in FixtureFile.lines("frames.jsonl") {
      var talk = listening()
      for count in 0..<frame.count {
        talk.frame(Array(frame[..<count]))
        #expect(talk.effects.market.isEmpty)
        #expect(talk.effects.reports.isEmpty)
        #expect(talk.effects.rejections.count == 1)
      }
      talk.frame(frame)
      #expect(talk.effects.rejections.isEmpty)
    }
  }

  @Test("a damaged frame never traps and tells no number that it does not hold", arguments: 1...8)
  func damagedFrames(seed: UInt64) {
    var damage = Damage(seed: seed)
    let frames = FixtureFile.lines("frames.jsonl")
    var talk = listening()
    for _ in 0..<1_500 {
      let bytes = damage.apply(to: frames[damage.below(frames.count)])
      talk.frame(bytes)
      let text = String(decoding: bytes, as: UTF8.self)
      for price in talk.effects.market.flatMap(\.prices) {
        #expect(text.contains(price.description), "seed \(seed): \(price) is not in \(text)")
        #expect(price > .zero, "seed \(seed): \(text)")
      }
      for effect in talk.effects {
        if case .market(let event) = effect {
          #expect(["BTC", "ETH"].contains(event.symbol), "seed \(seed): \(text)")
        }
      }
    }
    // Whatever came before, the next good frame is understood.
    talk.frame(Dialogue.candleFrame(0))
    #expect(talk.effects.opensForming == [Dialogue.open(0)])
  }

  @Test("a damaged reply never traps and always has a consequence", arguments: 1...8)
  func damagedReplies(seed: UInt64) {
    var damage = Damage(seed: seed)
    var parser = JSONParser()
    let replies = FixtureFile.lines("replies.jsonl").compactMap { line -> (String, [UInt8])? in
      let text = String(decoding: line, as: UTF8.self)
      guard let kind = try? parser.parse(line).root["request"]?.string,
        let start = text.firstRange(of: "\"reply\":")
      else { return nil }
      return (kind, Array(text[start.upperBound...].dropLast().utf8))
    }
    #expect(replies.count == 9)
    for _ in 0..<400 {
      var talk = listening()
      let (kind, reply) = replies[damage.below(replies.count)]
      ask(kind, &talk)
      let number = talk.client.requests
      guard talk.client.inFlight.contains(where: { $0.number == number }) else {
        Issue.record("\(kind) was not sent")
        return
      }
      talk.answer(number, String(decoding: damage.apply(to: reply), as: UTF8.self))
      #expect(!talk.client.inFlight.contains { $0.number == number })
      #expect(talk.effects.count > 1, "seed \(seed): \(kind) had no consequence")
    }
  }

  @Test("bytes without sense never trap", arguments: 1...4)
  func noise(seed: UInt64) {
    var damage = Damage(seed: seed)
    var talk = listening()
    for _ in 0..<2_000 {
      let bytes = (0..<damage.below(80)).map { _ in UInt8(damage.below(256)) }
      talk.frame(bytes)
      #expect(talk.effects.rejections.count == 1)
      #expect(talk.effects.count == 1)
    }
  }

  private func ask(_ kind: String, _ talk: inout Dialogue) {
    let series = CandleSeries(symbol: "BTC", timeframe: .m1)
    switch kind {
    case "meta":
      talk.timers[TimerID(owner: 7, number: 2)] = nil
      talk.timers[TimerID(owner: 7, number: 3)] = nil
      talk.pass(.hours(1))
    case "candleSnapshot":
      talk.say {
        $0.backfill(series, from: Dialogue.open(-2), to: Dialogue.open(-1), at: $1, into: &$2)
      }
    case "clearinghouseState": talk.say { $0.enqueue(.info(.account), at: $1, into: &$2) }
    case "frontendOpenOrders": talk.say { $0.enqueue(.info(.openOrders), at: $1, into: &$2) }
    case "userFillsByTime":
      talk.say { $0.enqueue(.info(.fills(since: Dialogue.open(0))), at: $1, into: &$2) }
    case "orderStatus":
      talk.say { $0.queryOrder(.init(high: 0, low: 1), at: $1, into: &$2) }
    case "order": talk.say { $0.submit([Dialogue.cleared(1)], at: $1, into: &$2) }
    case "cancel": talk.say { $0.cancel([("BTC", .init(high: 0, low: 1))], at: $1, into: &$2) }
    default: talk.say { $0.scheduleCancel(Dialogue.open(9), at: $1, into: &$2) }
    }
  }
}

extension MarketEvent {
  /// The exact prices that an event carries.
  fileprivate var prices: [Price] {
    switch self {
    case .candle(let candle), .closedCandle(let candle):
      [candle.open, candle.high, candle.low, candle.close]
    case .trade(let trade): [trade.price]
    case .quote(let quote): [quote.bid, quote.ask].compactMap { $0?.price }
    case .book(let book): (book.bids + book.asks).map(\.price)
    case .context(let context): [context.mark, context.oracle, context.mid].compactMap { $0 }
    case .mid(_, let price): [price]
    case .mark(let mark): [mark.mark, mark.index]
    case .funding, .openInterest, .spot, .volatilityIndex, .optionChain: []
    }
  }

  /// What the event is about.
  fileprivate var symbol: Symbol {
    switch self {
    case .candle(let candle), .closedCandle(let candle): candle.symbol
    case .trade(let trade): trade.symbol
    case .quote(let quote): quote.symbol
    case .book(let book): book.symbol
    case .context(let context): context.symbol
    case .mid(let symbol, _): symbol
    case .funding(let funding): funding.symbol
    case .openInterest(let interest): interest.symbol
    case .spot(let spot): spot.symbol
    case .volatilityIndex(let index): index.symbol
    case .optionChain(let chain): chain.symbol
    case .mark(let mark): mark.symbol
    }
  }
}
