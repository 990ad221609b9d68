import Market
import Testing
import Venues

@testable import Exchange

@Suite("Deribit sockets") struct DeribitSocketTests {
  private static let id = SessionID(number: 9)

  private func bench() -> DeribitBench {
    var bench = DeribitBench()
    bench.advance(by: .milliseconds(500))
    _ = bench.say(.opened(Self.id, path: "/ws/api/v2"), to: 9)
    return bench
  }

  private func call(
    _ bench: inout DeribitBench, _ method: String, _ params: String = "{}"
  ) -> [String] {
    let text = #"{"jsonrpc":"2.0","id":1,"method":"public/\#(method)","params":\#(params)}"#
    return bench.say(.frame(Self.id, Array(text.utf8)), to: 9)
  }

  /// Lets time pass and returns what the session heard, wake by wake.
  private func pass(_ bench: inout DeribitBench, _ interval: Interval) -> [String] {
    let end = bench.now + interval
    var frames: [String] = []
    while let wake = bench.venue.nextWake, wake <= end {
      bench.now = max(bench.now, wake)
      frames += bench.say(.advance, to: 9)
    }
    bench.now = end
    return frames + bench.say(.advance, to: 9)
  }

  @Test("the accepted channels are told, unknown ones left out without an error")
  func accepted() {
    var bench = bench()
    let channels = [
      "ticker.BTC-PERPETUAL.100ms", "ticker.BTC-PERPETUAL.raw", "ticker.NOPE-PERPETUAL.100ms",
      "deribit_volatility_index.btc_usd", "deribit_volatility_index.sol_usdc",
      "deribit_price_index.sol_usdc", "chart.trades.BTC-PERPETUAL.1",
      "chart.trades.BTC-PERPETUAL.7",
      "quote.BTC-9JAN26-100000-C", "book.ETH-PERPETUAL.100ms", "book.ETH-PERPETUAL.none.10.100ms",
      "perpetual.BTC-PERPETUAL.100ms", "trades.BTC-PERPETUAL.agg2", "markprice.options.btc_usd",
      "instrument.state.option.BTC", "platform_state", "platform_state.public_methods_state", "",
      "....", "ticker.BTC-PERPETUAL.100ms",
    ]
    let list = channels.map { "\"\($0)\"" }.joined(separator: ",")
    let frames = call(&bench, "subscribe", #"{"channels":[\#(list)]}"#)
    let kept = [0, 3, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16].map { channels[$0] }
    let result = #""result":[\#(kept.map { "\"\($0)\"" }.joined(separator: ","))],"#
    #expect(frames.first?.contains(result) == true, "\(frames.first ?? "")")
    // Everything that has a state says it at once, once, on a channel that was asked for.
    let heard = frames.dropFirst()
    for channel in kept where !channel.hasPrefix("instrument") && !channel.hasPrefix("trades") {
      let count = heard.filter { $0.contains("\"channel\":\"\(channel)\"") }.count
      #expect(
        count == (channel == "platform_state" || channel.hasPrefix("chart") ? 0 : 1), "\(channel)")
    }
    let again = call(&bench, "subscribe", #"{"channels":["platform_state"]}"#)
    #expect(again.count == 1)
    let left = call(&bench, "unsubscribe", #"{"channels":["platform_state","nobody"]}"#)
    #expect(left.first?.contains(#""result":["platform_state"]"#) == true)
    #expect(call(&bench, "unsubscribe_all").first?.contains(#""result":"ok""#) == true)
    #expect(pass(&bench, .minutes(5)).isEmpty)
  }

  @Test("a ticker channel says what the method says")
  func sameTicker() {
    var bench = bench()
    for name in ["BTC-PERPETUAL", "BTC-9JAN26-100000-C", "SOL_USDC-PERPETUAL"] {
      let frames = call(&bench, "subscribe", #"{"channels":["ticker.\#(name).100ms"]}"#)
      let answer = bench.get("public/ticker?instrument_name=\(name)")
      let body = String(decoding: answer?.body ?? [], as: UTF8.self)
      let result = body.split(separator: #""result":"#)[1].split(separator: #","usIn""#)[0]
      #expect(frames.last?.contains("\"data\":\(result)}") == true, "\(name)")
    }
  }

  @Test("tickers come every second, the index every minute, and nothing wakes who hears nothing")
  func cadence() {
    var bench = bench()
    let quiet = bench.venue.nextWake
    #expect(quiet == DeribitBench.start + .minutes(15))
    _ = call(&bench, "subscribe", #"{"channels":["deribit_volatility_index.btc_usd"]}"#)
    #expect(bench.venue.nextWake == DeribitBench.start + .minutes(1))
    #expect(pass(&bench, .minutes(5)).count == 5)
    _ = call(&bench, "subscribe", #"{"channels":["ticker.BTC-PERPETUAL.100ms"]}"#)
    let frames = pass(&bench, .seconds(59))
    #expect(frames.filter { $0.contains("ticker.") }.count == 59)
  }

  @Test("a book begins whole, then tells changes, each naming the one before")
  func book() throws {
    var bench = bench()
    var frames = call(&bench, "subscribe", #"{"channels":["book.BTC-PERPETUAL.100ms"]}"#)
    frames.removeFirst()
    bench.market.prices["BTC"] = "100001"
    frames += pass(&bench, .seconds(3))
    var levels: [String: [Double: Double]] = ["bids": [:], "asks": [:]]
    var last: Int64?
    var parser = JSONParser()
    for frame in frames {
      let root = try parser.parse(Array(frame.utf8)).root
      let data = try #require(root["params"]?["data"])
      #expect(data["prev_change_id"]?.int64 == last)
      last = data["change_id"]?.int64
      for side in ["bids", "asks"] {
        for row in try #require(data.member(named: side.utf8)?.elements) {
          let price = try #require(row[1]?.double)
          let amount = try #require(row[2]?.double)
          switch row[0]?.string {
          case "new": #expect(levels[side]?.updateValue(amount, forKey: price) == nil)
          case "change": #expect(levels[side]?.updateValue(amount, forKey: price) != nil)
          case "delete": #expect(levels[side]?.removeValue(forKey: price) != nil)
          default: Issue.record("\(frame)")
          }
        }
      }
    }
    #expect(frames.count == 4)
    let answer = bench.get("public/get_order_book?instrument_name=BTC-PERPETUAL&depth=20")
    let root = try parser.parse(answer?.body ?? []).root
    for side in ["bids", "asks"] {
      let rows = try #require(root["result"]?.member(named: side.utf8)?.elements)
      #expect(levels[side]?.count == 20)
      for row in rows {
        let price = try #require(row[0]?.double)
        #expect(levels[side]?[price] == row[1]?.double)
      }
    }
  }

  @Test("marks of options: the whole chain first, then what changed, as fractions")
  func marks() throws {
    var bench = bench()
    let first = call(&bench, "subscribe", #"{"channels":["markprice.options.btc_usd"]}"#)
    var parser = JSONParser()
    let rows = try parser.parse(Array((first.last ?? "").utf8)).root["params"]?["data"]?.elements
    let whole = try #require(rows).map { $0["iv"]?.double ?? 0 }
    #expect(whole.count == 104)
    #expect(whole.allSatisfy { $0 > 0.3 && $0 < 2 })
    bench.market.prices["BTC"] = "100500"
    #expect(pass(&bench, .seconds(1)).count == 1)
  }

  @Test("new trades are told once, candles where they grew")
  func trades() {
    var bench = bench()
    bench.market.prints = [
      Trade(symbol: "BTC", time: bench.now, takerSide: .buy, price: "100000", quantity: "1", id: 5)
    ]
    _ = call(&bench, "subscribe", #"{"channels":["trades.BTC-PERPETUAL.100ms"]}"#)
    #expect(pass(&bench, .seconds(2)).isEmpty)
    bench.market.prints.append(
      Trade(
        symbol: "BTC", time: bench.now, takerSide: .sell, price: "100000", quantity: "1", id: 6))
    let frames = pass(&bench, .seconds(2))
    #expect(frames.count == 1)
    #expect(frames.first?.contains(#""trade_seq":2,"trade_id":"6""#) == true)
    #expect(frames.first?.contains(#""direction":"sell""#) == true)
  }

  @Test("listings, expiries and locks are announced to those who want to know")
  func events() {
    var bench = bench()
    _ = call(
      &bench, "subscribe",
      #"{"channels":["instrument.state.option.BTC","instrument.state.future.BTC","#
        + #""platform_state"]}"#
    )
    bench.market.prices["BTC"] = "110000"
    let listed = pass(&bench, .minutes(15))
    #expect(!listed.isEmpty)
    #expect(listed.allSatisfy { $0.contains(#""state":"created","instrument_name":"BTC-"#) })
    bench.venue.apply(.settlement(true))
    #expect(pass(&bench, .zero).filter { $0.contains(#""locked":true"#) }.count == 4)
    bench.venue.apply(.settlement(true))
    #expect(pass(&bench, .zero).isEmpty)
    bench.venue.apply(.settlement(false))
    #expect(pass(&bench, .zero).filter { $0.contains(#""locked":false"#) }.count == 4)
    let closed = pass(&bench, .days(5)).filter { $0.contains(#""state":"closed""#) }
    #expect(closed.allSatisfy { $0.contains("BTC-9JAN26-") } && closed.count >= 26)
  }

  @Test("who asks for heartbeats and does not answer a test request is cut off")
  func heartbeat() {
    var bench = bench()
    #expect(call(&bench, "set_heartbeat", #"{"interval":9}"#).first?.contains("-32602") == true)
    #expect(call(&bench, "set_heartbeat", #"{"interval":10}"#).first?.contains("\"ok\"") == true)
    var frames = pass(&bench, .seconds(10))
    #expect(frames.count == 2)
    #expect(frames.first?.contains(#"{"type":"heartbeat"}"#) == true)
    #expect(frames.last?.contains(#"{"type":"test_request"}"#) == true)
    _ = call(&bench, "test")
    // Whoever said something since the last heartbeat is not asked.
    frames = pass(&bench, .seconds(10))
    #expect(frames.count == 2)
    #expect(call(&bench, "get_time").count == 1)
    frames = pass(&bench, .seconds(6))
    #expect(frames == ["closed"])
    #expect(call(&bench, "test").isEmpty)
  }

  @Test("a switched-off heartbeat asks for nothing")
  func noHeartbeat() {
    var bench = bench()
    _ = call(&bench, "set_heartbeat", #"{"interval":10}"#)
    _ = call(&bench, "disable_heartbeat")
    #expect(pass(&bench, .hours(1)).isEmpty)
  }

  @Test("sessions, channels and messages are bounded")
  func bounds() {
    var bench = bench()
    for number in UInt64(100)..<140 {
      _ = bench.say(.opened(SessionID(number: number), path: "/ws/api/v2"), to: number)
    }
    #expect(bench.venue.sessions.count == 32)
    #expect(bench.say(.opened(SessionID(number: 200), path: "/ws/other"), to: 200) == ["closed"])
    let names = bench.venue.underlyings.flatMap(\.options).map(\.text)
    for name in names {
      _ = call(&bench, "subscribe", #"{"channels":["quote.\#(name)","ticker.\#(name).100ms"]}"#)
    }
    #expect(bench.venue.sessions.first?.subscriptions.count == 500)
    let long = call(
      &bench, "subscribe", "{\"channels\":[\"\(String(repeating: "x", count: 40_000))\"]}")
    #expect(long.first?.contains("request entity too large") == true)
  }
}
