import Choice
import Market
import Testing
import Venues

@testable import Exchange

/// Random inputs; a failure names the seed, which is the argument to run again.
@Suite("Random inputs of Coinbase") struct CoinbaseFuzzTests {
  private static let paths = [
    "/time", "/products", "/currencies", "/products/spark-lines", "/products/BTC-USD",
    "/products/BTC-USD/ticker", "/products/ETH-USD/stats", "/products/SOL-USD/book?level=2",
    "/products/BTC-USD/trades?limit=5&after=1000000050",
    "/products/BTC-USD/candles?granularity=300",
    "/products/USDT-USDC/candles?granularity=60&start=1699990000&end=1700000000",
    "/api/v3/brokerage/market/products?limit=3&offset=1",
    "/api/v3/brokerage/market/products/BTC-USDC/ticker?limit=2",
    "/api/v3/brokerage/market/products/BTC-USD/candles?granularity=SIX_HOUR&start=1&end=1700000000",
    "/api/v3/brokerage/market/product_book?product_id=ETH-USD&limit=2", "/v2/exchange-rates",
    "/v2/currencies/crypto", "/api/v3/brokerage/orders",
  ]
  private static let frames = [
    #"{"type":"subscribe","product_ids":["BTC-USD","ETH-USD"],"channels":["ticker","level2"]}"#,
    #"{"type":"subscribe","channels":[{"name":"matches","product_ids":["SOL-USD"]}]}"#,
    #"{"type":"subscribe","product_ids":["BTC-USDC"],"channel":"level2"}"#,
    #"{"type":"subscribe","channel":"heartbeats"}"#,
    #"{"type":"unsubscribe","product_ids":["BTC-USD"],"channels":["ticker"],"channel":"level2"}"#,
  ]

  private func damaged(_ text: String, _ choices: inout ChoiceStream) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<choices.draw(below: 4) where !bytes.isEmpty {
      let position = Int(choices.draw(below: UInt64(bytes.count)))
      switch choices.draw(below: 4) {
      case 0: bytes[position] = UInt8(choices.draw(below: 256))
      case 1: bytes.remove(at: position)
      case 2: bytes = Array(bytes.prefix(position))
      default: bytes.insert(UInt8(choices.draw(below: 128)), at: position)
      }
    }
    return bytes
  }

  private func fault(_ choices: inout ChoiceStream) -> CoinbaseFault {
    let isOn = choices.draw(below: 2) == 1
    let symbol: Symbol = ["BTC", "ETH", .stablecoin, "XXX"][Int(choices.draw(below: 4))]
    let failure = CoinbaseFailure.allCases[Int(choices.draw(below: 8))]
    let trading = CoinbaseTrading.allCases[Int(choices.draw(below: 6))]
    let faults: [CoinbaseFault] = [
      .failing(isOn ? failure : nil), .trading(symbol, trading), .nanosecondTimes(isOn),
      .staleTickerTime(isOn), .missingBuckets(isOn), .emptyFigures(isOn), .aliasIDs(isOn),
      .unknownExtras(isOn), .silence(isOn), .closeSessions,
    ]
    return faults[Int(choices.draw(below: UInt64(faults.count)))]
  }

  /// One random step: what goes in, and whether a fault is thrown before.
  private func step(
    _ bench: inout CoinbaseBench, _ choices: inout ChoiceStream, _ number: UInt64
  ) -> (input: VenueInput, outputs: [VenueOutput]) {
    switch choices.draw(below: 12) {
    case 0: bench.now = bench.now + .seconds(choices.draw(in: -100...200))
    case 1: bench.now = bench.now + .hours(choices.draw(in: 0...60))
    case 2: bench.venue.apply(fault(&choices))
    case 3:
      bench.market.marks[0].price = Price(steps: choices.draw(in: 1...9_000_000_000_000_000_000))
    case 4: bench.market.marks[1].price = Price(steps: choices.draw(in: 1...1_000))
    default: bench.now = bench.now + .milliseconds(choices.draw(in: 0...3_000))
    }
    let session = SessionID(number: choices.draw(below: 30))
    let input: VenueInput
    switch choices.draw(below: 8) {
    case 0...2:
      let path = Self.paths[Int(choices.draw(below: UInt64(Self.paths.count)))]
      let target = String(decoding: damaged(path, &choices), as: UTF8.self)
      input = .call(CallID(number: number), VenueCall(method: .get, target: target))
    case 3...4:
      let frame = Self.frames[Int(choices.draw(below: UInt64(Self.frames.count)))]
      input = .frame(session, damaged(frame, &choices))
    case 5:
      let isExchange = choices.draw(below: 2) == 0
      input = .opened(session, path: isExchange ? "/coinbase/exchange" : "/coinbase/advanced")
    case 6: input = choices.draw(below: 3) == 0 ? .closed(session) : .pong(session, [1])
    default: input = .advance
    }
    return (input, bench.say(input))
  }

  @Test("every call has one answer and every frame is JSON, whatever comes in", arguments: 1...8)
  func anything(seed: UInt64) {
    var choices = Chooser.seeded(seed).stream("fuzz")
    var bench = CoinbaseBench(limits: nil, seed: seed)
    var parser = JSONParser()
    for number in 0..<400 as Range<UInt64> {
      let place = "seed \(seed), step \(number)"
      let (input, outputs) = step(&bench, &choices, number)
      var replies = 0
      for output in outputs {
        switch output {
        case .reply(let id, let response):
          replies += 1
          #expect(id.number == number, "\(place)")
          let isJSON = response.header("content-type")?.hasPrefix("application/json") == true
          switch bench.venue.faults.failure {
          case .emptyAnswer?: #expect(response.body.isEmpty)
          case .truncatedAnswer?: break
          default:
            #expect(!response.body.isEmpty, "\(place)")
            if isJSON { #expect((try? parser.parse(response.body)) != nil, "\(place): \(input)") }
          }
        case .frame(_, let bytes):
          #expect((try? parser.parse(bytes)) != nil, "\(place)")
        case .ping, .close: break
        }
      }
      let isCall = if case .call = input { true } else { false }
      #expect(replies == (isCall ? 1 : 0), "\(place): \(input)")
      #expect(bench.venue.sessions.count <= 30, "\(place)")
      for session in bench.venue.sessions { #expect(session.subscriptions.count < 60, "\(place)") }
      if let wake = bench.venue.nextWake { #expect(wake >= bench.venue.clock, "\(place)") }
    }
  }

  @Test("equal inputs make equal bytes", arguments: 1...4)
  func determinism(seed: UInt64) {
    func run() -> [VenueOutput] {
      var choices = Chooser.seeded(seed).stream("fuzz")
      var bench = CoinbaseBench(seed: seed)
      return (0..<300 as Range<UInt64>).flatMap { step(&bench, &choices, $0).outputs }
    }
    #expect(run() == run())
  }

  @Test("whatever went wrong, prices are back within minutes of the last fault", arguments: 1...10)
  func healing(seed: UInt64) {
    var choices = Chooser.seeded(seed).stream("healing")
    var bench = CoinbaseBench(symbols: ["BTC", "ETH", .stablecoin], seed: seed) {
      $0.ban = BackOff(first: .seconds(30), longest: .minutes(2))
    }
    bench.start()
    for _ in 0..<40 {
      bench.venue.apply(fault(&choices))
      bench.isCut = choices.draw(below: 5) == 0
      bench.delay = .milliseconds(choices.draw(in: 1...2_000))
      bench.advance(by: .seconds(choices.draw(in: 1...120)))
      for spot in bench.spots where spot.symbol == "BTC" {
        #expect(spot.price > "59000" && spot.price < "61000", "seed \(seed)")
      }
    }
    bench.isCut = false
    bench.delay = .milliseconds(40)
    for fault: CoinbaseFault in [
      .failing(nil), .staleTickerTime(false), .emptyFigures(false), .trading("BTC", .online),
      .trading("ETH", .online), .trading(.stablecoin, .online),
    ] { bench.venue.apply(fault) }
    bench.advance(by: .minutes(6))
    bench.events = []
    bench.advance(by: .minutes(2))
    for symbol: Symbol in ["BTC", "ETH", .stablecoin] {
      #expect(bench.spots.filter { $0.symbol == symbol }.count == 4, "seed \(seed): \(symbol)")
    }
  }
}
