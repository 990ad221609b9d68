import Choice
import Market
import Testing
import Venues

@testable import Exchange

/// Random inputs; a failure names the seed, which is the argument to run again.
@Suite("Random inputs of the simulated Binance") struct BinanceFuzzTests {
  private static let paths = [
    "/market/ws", "/market/ws/btcusdt@kline_1m/ethusdt@aggTrade", "/public/ws/0", "/ws",
    "/market/stream?streams=btcusdt@markPrice@1s/!markPrice@arr", "/private/ws", "/stream", "/x",
  ]
  private static let frames = [
    #"{"method":"SUBSCRIBE","params":["btcusdt@kline_1m","ethusdt@kline_1M"],"id":1}"#,
    #"{"method":"SUBSCRIBE","params":["!ticker@arr","!miniTicker@arr","!bookTicker"],"id":2}"#,
    #"{"method":"UNSUBSCRIBE","params":["btcusdt@kline_1m"],"id":"x"}"#,
    #"{"method":"LIST_SUBSCRIPTIONS","id":3}"#, #"{"method":"GET_PROPERTY","params":["combined"]}"#,
    #"{"method":"SET_PROPERTY","params":["combined",true],"id":18446744073709551615}"#,
  ]
  private static let targets = [
    "/fapi/v1/klines?symbol=BTCUSDT&interval=1M&startTime=0&limit=1500",
    "/fapi/v1/klines?symbol=BTCUSDT&interval=3m&endTime=1767571300000&limit=10",
    "/fapi/v1/indexPriceKlines?pair=ETHUSDT&interval=1w",
    "/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=1000000005&limit=3",
    "/futures/data/openInterestHist?symbol=BTCUSDT&period=1d&limit=500",
    "/fapi/v1/fundingRate?startTime=1&endTime=7258118399999&limit=1000",
    "/fapi/v1/premiumIndexKlines?symbol=BTCUSDT&interval=12h&limit=9", "/fapi/v1/ticker/24hr",
    "/fapi/v1/depth?symbol=ETHUSDT&limit=1000", "/fapi/v1/premiumIndex", "/fapi/v1/exchangeInfo",
  ]

  private func damaged(_ text: String, _ choices: inout ChoiceStream) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<choices.draw(below: 4) where !bytes.isEmpty {
      let place = Int(choices.draw(below: UInt64(bytes.count)))
      switch choices.draw(below: 4) {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: choices.draw(below: 256))
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: Array("99999999999999999999".utf8), at: place)
      default: bytes = Array(bytes.prefix(place))
      }
    }
    return bytes
  }

  private func pick<Element>(_ list: [Element], _ choices: inout ChoiceStream) -> Element {
    list[Int(choices.draw(below: UInt64(list.count)))]
  }

  private func input(_ choices: inout ChoiceStream) -> VenueInput {
    let session = SessionID(number: choices.draw(below: 6))
    switch choices.draw(below: 8) {
    case 0: return .opened(session, path: pick(Self.paths, &choices))
    case 1: return .closed(session)
    case 2: return .pong(session, [])
    case 3, 4: return .frame(session, damaged(pick(Self.frames, &choices), &choices))
    case 5: return .advance
    default:
      let target = String(
        decoding: damaged(pick(Self.targets, &choices), &choices), as: UTF8.self)
      return .call(CallID(number: 1), VenueCall(method: .get, target: target))
    }
  }

  private func fault(_ choices: inout ChoiceStream) -> BinanceFault {
    let faults: [BinanceFault] = [
      .silence(.all), .silence(.none), .finals(.missing), .finals(.afterTheNext),
      .finals(.late(.minutes(9))), .finals(.changed), .finals(.punctual), .finals(.reopened),
      .missingCandles("BTC", from: BinanceBench.start, to: BinanceBench.start - .days(1)),
      .repairedCandles, .staleListing(.days(4_000)), .clockSkew(.days(-4_000)), .clockSkew(.zero),
      .lateSettlements(-5), .lateSettlements(7), .withheldOpenInterest(true),
      .withheldOpenInterest(false), .outage(.truncated), .outage(nil), .refusedConnections(true),
      .refusedConnections(false), .closeConnections, .deafToPongs(true), .deafToPongs(false),
      .unknownMembers(true), .unknownMembers(false), .unknownEvent, .shutdownNotice,
      .bareErrors(true), .bareErrors(false),
    ]
    return pick(faults, &choices)
  }

  private func run(_ seed: UInt64, steps: Int) -> [VenueOutput] {
    var choices = Chooser.seeded(seed).stream("fuzz")
    var truth = VenueBench(seed: seed)
    var configuration = BinanceVenueConfiguration(
      start: BinanceBench.start, symbols: ["BTC", "ETH", "NOSUCH"])
    if choices.draw(below: 2) == 0 { configuration.limits = nil }
    configuration.plan.openInterestNoise = .max
    configuration.plan.imbalance = .min / 2
    configuration.plan.fundingNoise = .max
    var venue = BinanceVenue(configuration: configuration, chooser: .seeded(seed))
    var outputs: [VenueOutput] = []
    for _ in 0..<steps {
      switch choices.draw(below: 10) {
      case 0: venue.apply(fault(&choices))
      case 1: truth.advance(by: .seconds(Int64(choices.draw(below: 100))))
      default: break
      }
      truth.outputs = []
      // Clocks of hosts jump, both ways.
      let strange = choices.draw(below: 400)
      let now =
        strange == 0
        ? Instant(nanoseconds: Int64(choices.draw(below: UInt64(Int64.max)))) : truth.now
      venue.handle(
        input(&choices), at: strange == 1 ? truth.now - .days(9) : now, market: truth.venue,
        into: &outputs)
      #expect(venue.sessions.count <= 6, "seed \(seed)")
      #expect(venue.held.count <= 1_024, "seed \(seed)")
    }
    return outputs
  }

  @Test("nothing makes the venue trap, and every answer is JSON or a page", arguments: 1...10)
  func inputs(seed: UInt64) {
    var parser = JSONParser()
    for output in run(seed, steps: 600) {
      switch output {
      case .frame(_, let bytes):
        #expect((try? parser.parse(bytes)) != nil, "seed \(seed)")
      case .reply(_, let response):
        guard response.header("content-type") == "application/json", response.status != 200 else {
          continue
        }
        #expect((try? parser.parse(response.body).root["code"]?.int64) != nil, "seed \(seed)")
      case .ping(_, let bytes): #expect(bytes.count <= 125)
      case .close: break
      }
    }
  }

  @Test("the same inputs make the same bytes", arguments: [1, 2])
  func determinism(seed: UInt64) {
    let first = run(seed, steps: 200)
    #expect(first == run(seed, steps: 200))
    #expect(first != run(seed + 50, steps: 200))
  }

  /// A wire that damages, loses and repeats what it carries, for ten minutes; afterwards our client
  /// knows what is true.
  @Test("a client on a wire that lies is right again once it does not", arguments: 1...4)
  func lyingWire(seed: UInt64) throws {
    var choices = Chooser.seeded(seed).stream("wire")
    var bench = BinanceBench(
      series: BinanceBench.series([.m1, .m5]), openInterest: ["BTC"], funding: ["BTC"], seed: seed,
      client: {
        $0.trades = ["BTC"]
        $0.marks = ["BTC"]
      })
    bench.start()
    let faults: [BinanceFault] = [
      .finals(.missing), .finals(.twice), .finals(.afterTheNext), .finals(.reopened),
      .finals(.late(.seconds(9))), .silence(.marketClass), .silence(.none), .outage(.truncated),
      .outage(.page), .outage(.empty), .outage(.badGateway), .outage(.tooManyRequests),
      .outage(.banned), .outage(nil), .closeConnections, .shutdownNotice, .unknownEvent,
      .unknownMembers(true), .refusedConnections(true), .refusedConnections(false),
      .clockSkew(.seconds(30)), .clockSkew(.zero),
    ]
    for _ in 0..<40 {
      bench.apply(pick(faults, &choices))
      if choices.draw(below: 8) == 0 { bench.cut(choices.draw(below: 2) == 0) }
      bench.advance(by: .seconds(Int64(choices.draw(below: 30))))
    }
    bench.cut(false)
    for heal: BinanceFault in [
      .finals(.punctual), .silence(.none), .outage(nil), .refusedConnections(false),
      .clockSkew(.zero),
    ] { bench.apply(heal) }
    bench.advance(by: .minutes(35))
    let minutes = bench.candles.filter { $0.timeframe == .m1 && $0.openTime >= BinanceBench.start }
    let last = Int64((bench.truth.now - BinanceBench.start).nanoseconds / 60_000_000_000)
    let opens = Set(minutes.map(\.openTime))
    #expect(opens.count == Int(last), "seed \(seed): \(opens.count) of \(last) minutes")
    #expect(minutes.count == opens.count, "seed \(seed)")
    for candle in minutes {
      let truth = try #require(bench.truth.venue.candle(of: "BTC", .m1, opening: candle.openTime))
      #expect(candle.close == truth.close && candle.volume == truth.volume, "seed \(seed)")
    }
    #expect(bench.feed.last == .recovered, "seed \(seed)")
  }
}
