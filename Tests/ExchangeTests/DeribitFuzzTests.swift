import Choice
import Market
import Testing
import Venues

@testable import Exchange

@Suite("Random input to Deribit") struct DeribitFuzzTests {
  private static let samples = [
    "public/get_time", "public/test?expected_result=exception", "public/status",
    "public/get_instruments?currency=BTC&kind=option&expired=false",
    "public/get_instrument?instrument_name=BTC-9JAN26-100000-C",
    "public/get_book_summary_by_currency?currency=USDC&kind=option",
    "public/get_book_summary_by_instrument?instrument_name=SOL_USDC-PERPETUAL",
    "public/ticker?instrument_name=ETH-9JAN26-4000-P",
    "public/get_order_book?instrument_name=BTC-PERPETUAL&depth=5",
    "public/get_volatility_index_data?currency=BTC&start_timestamp=1767571000000"
      + "&end_timestamp=1767571200000&resolution=1",
    "public/get_tradingview_chart_data?instrument_name=BTC-PERPETUAL&resolution=1D"
      + "&start_timestamp=0&end_timestamp=7258118399999",
    "public/get_funding_rate_history?instrument_name=BTC-PERPETUAL&start_timestamp=1"
      + "&end_timestamp=1767571200000",
    "public/get_last_trades_by_instrument?instrument_name=BTC-PERPETUAL&count=10",
    "public/get_expirations?currency=any&kind=any", "public/get_historical_volatility?currency=BTC",
  ]

  private static let bodies = [
    #"{"jsonrpc":"2.0","id":5,"method":"public/ticker","params":{"instrument_name":"#
      + #""BTC-PERPETUAL"}}"#,
    #"{"jsonrpc":"2.0","id":"x","method":"public/subscribe","params":{"channels":["#
      + #""ticker.BTC-PERPETUAL.100ms","book.BTC-PERPETUAL.100ms","trades.BTC-PERPETUAL.100ms"]}}"#,
    #"{"jsonrpc":"2.0","id":6,"method":"public/subscribe","params":{"channels":["#
      + #""markprice.options.btc_usd","chart.trades.BTC-PERPETUAL.1","platform_state"]}}"#,
    #"{"jsonrpc":"2.0","id":7,"method":"public/set_heartbeat","params":{"interval":10}}"#,
    #"{"jsonrpc":"2.0","id":8,"method":"public/unsubscribe","params":{"channels":["#
      + #""platform_state"]}}"#,
    #"{"jsonrpc":"2.0","id":9,"method":"public/get_volatility_index_data","params":{"currency":"#
      + #""ETH","start_timestamp":0.0,"end_timestamp":1e12,"resolution":3600}}"#,
    #"{"jsonrpc":"2.0","id":10,"method":"public/test","params":null}"#,
    #"{"jsonrpc":"2.0","id":11,"method":"public/unsubscribe_all"}"#,
  ]

  private func damaged(_ text: String, _ choices: inout ChoiceStream) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<choices.draw(below: 4) where !bytes.isEmpty {
      let place = Int(choices.draw(below: UInt64(bytes.count)))
      switch choices.draw(below: 5) {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: choices.draw(below: 256))
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: Array("99999999999999999999".utf8), at: place)
      case 3: bytes.insert(contentsOf: Array("-".utf8), at: place)
      default: bytes = Array(bytes.prefix(place))
      }
    }
    return bytes
  }

  private func fault(_ choices: inout ChoiceStream) -> DeribitFault {
    let isOn = choices.draw(below: 2) == 0
    let faults: [DeribitFault] = [
      .silent(channel: "ticker.BTC-PERPETUAL.100ms", isOn), .nullQuotes(isOn),
      .missingGreeks(isOn), .missingVolatility(isOn), .expiredText(isOn),
      .delisted(instrument: "BTC-PERPETUAL", isOn), .settlement(isOn), .throttled(isOn),
      .refusing(code: isOn ? 10_040 : nil), .page(status: isOn ? 502 : nil), .truncated(isOn),
      .mute(isOn), .lateHeartbeats(isOn ? .minutes(1) : .zero), .closeSessions,
      .dropped(channel: "platform_state", isOn),
    ]
    return faults[Int(choices.draw(below: UInt64(faults.count)))]
  }

  /// Drives a venue at random; returns what it said.
  private func run(_ seed: UInt64, steps: Int) -> (outputs: [VenueOutput], venue: DeribitVenue) {
    var choices = Chooser.seeded(seed).stream("operations")
    var market = StillDeribitMarket()
    var venue = DeribitVenue(
      configuration: DeribitVenueConfiguration(
        start: DeribitBench.start, symbols: market.symbols,
        limits: seed % 2 == 0 ? DeribitLimits() : nil), chooser: .seeded(seed))
    var now = DeribitBench.start
    var outputs: [VenueOutput] = []
    for step in 0..<steps {
      let session = SessionID(number: choices.draw(below: 4))
      let input: VenueInput
      switch choices.draw(below: 12) {
      case 0...2:
        let sample = Self.samples[Int(choices.draw(below: UInt64(Self.samples.count)))]
        let target = String(decoding: damaged("/api/v2/" + sample, &choices), as: UTF8.self)
        input = .call(
          CallID(number: UInt64(step)), VenueCall(method: .get, target: target))
      case 3...6:
        let body = Self.bodies[Int(choices.draw(below: UInt64(Self.bodies.count)))]
        let bytes = damaged(body, &choices)
        input =
          choices.draw(below: 4) == 0
          ? .call(
            CallID(number: UInt64(step)),
            VenueCall(method: .post, target: "/api/v2", body: bytes)) : .frame(session, bytes)
      case 7, 8: input = .opened(session, path: "/ws/api/v2")
      case 9: input = choices.draw(below: 8) == 0 ? .closed(session) : .advance
      case 10:
        venue.apply(fault(&choices))
        input = .advance
      default:
        let price = choices.draw(in: 1...20_000_000_000_000)
        market.prices["BTC"] = Price(steps: price)
        input = .advance
      }
      // Time mostly goes on, sometimes leaps, sometimes steps back.
      let leap: Interval = choices.draw(below: 20) == 0 ? .hours(9) : .milliseconds(1_700)
      now = now + Interval(nanoseconds: choices.draw(in: -1_000_000_000...leap.nanoseconds))
      let before = outputs.count
      venue.handle(input, at: now, market: market, into: &outputs)
      #expect(outputs.count - before < 3_000, "seed \(seed), step \(step)")
      if let wake = venue.nextWake {
        #expect(wake >= venue.clock, "seed \(seed), step \(step)")
      }
    }
    return (outputs, venue)
  }

  @Test("nothing makes the venue trap; all that it says whole is JSON or HTML", arguments: 1...8)
  func anything(seed: UInt64) {
    let (outputs, venue) = run(seed, steps: 800)
    #expect(venue.sessions.count <= 4)
    #expect(venue.underlyings.allSatisfy { $0.options.count <= 2_000 })
    #expect(outputs.count > 200, "seed \(seed)")
  }

  @Test("the same inputs make the same bytes", arguments: [1, 2])
  func determinism(seed: UInt64) {
    #expect(run(seed, steps: 250).outputs == run(seed, steps: 250).outputs)
    #expect(run(seed, steps: 250).outputs != run(seed + 40, steps: 250).outputs)
  }

  @Test("without a fault every reply is one JSON object", arguments: [3, 4])
  func wellFormed(seed: UInt64) {
    var choices = Chooser.seeded(seed).stream("bytes")
    var bench = DeribitBench()
    var parser = JSONParser()
    for index in 0..<1_500 {
      let sample = Self.samples[Int(choices.draw(below: UInt64(Self.samples.count)))]
      let target = String(decoding: damaged(sample, &choices), as: UTF8.self)
      let body = Self.bodies[Int(choices.draw(below: UInt64(Self.bodies.count)))]
      let posted = String(decoding: damaged(body, &choices), as: UTF8.self)
      for answer in [bench.get(target), bench.post(posted)] {
        let root = try? parser.parse(answer?.body ?? []).root
        #expect(root?.kind == .object, "seed \(seed), \(index): \(target) \(posted)")
        let hasResult = root?["result"] != nil
        #expect(hasResult == (answer?.status == 200), "seed \(seed), \(index): \(target)")
        #expect(hasResult == (root?["error"] == nil), "seed \(seed), \(index): \(target)")
      }
    }
  }
}
