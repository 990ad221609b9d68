import Market
import Testing
import Venues

@testable import Exchange

/// Each fault of the venue, and what our client makes of it.
@Suite("Deribit faults") struct DeribitFaultTests {
  private func connected(
    change: (inout DeribitClientConfiguration) -> Void = { _ in }
  ) -> DeribitBench {
    var bench = DeribitBench(change: change)
    bench.begin()
    bench.advance(by: .minutes(1))
    return bench
  }

  private func isDisconnected(_ bench: DeribitBench) -> Bool {
    bench.feed.contains { if case .disconnected = $0 { true } else { false } }
  }

  /// Forgets what happened, throws a fault, lets time pass, and lifts it again.
  private func suffer(
    _ bench: inout DeribitBench, _ fault: DeribitFault, then lift: DeribitFault?,
    for interval: Interval
  ) {
    bench.events = []
    bench.venue.apply(fault)
    bench.advance(by: interval)
    if let lift { bench.venue.apply(lift) }
  }

  @Test("during the settlement nothing is told; at its end the chain comes by itself")
  func settlement() {
    var bench = connected()
    bench.advance(by: .minutes(13) + .seconds(50))
    suffer(&bench, .settlement(true), then: .settlement(false), for: .seconds(40))
    #expect(bench.chains.isEmpty)
    #expect(bench.rejections.contains { $0.reason == .venueError && $0.excerpt.contains("10041") })
    #expect(bench.failures.contains(.optionChain("BTC")))
    bench.advance(by: .minutes(1))
    #expect(Set(bench.chains.map(\.symbol)) == ["BTC", "ETH"])
    #expect(!isDisconnected(bench))
    // The same stretch without the fault refuses nothing.
    var calm = connected()
    calm.advance(by: .minutes(15))
    #expect(calm.rejections.isEmpty)
  }

  @Test("10028 ends the socket; the client comes back and catches up")
  func throttled() {
    var bench = connected()
    bench.advance(by: .minutes(13) + .seconds(50))
    suffer(&bench, .throttled(true), then: .throttled(false), for: .seconds(20))
    let isLimited = bench.events.contains { event in
      if case .rateLimited(_, by: .venue) = event { true } else { false }
    }
    #expect(isLimited && isDisconnected(bench))
    #expect(bench.chains.isEmpty)
    bench.advance(by: .minutes(2))
    #expect(bench.feed.contains(.recovered))
    #expect(bench.chains.map(\.symbol).sorted() == ["BTC", "ETH"])
  }

  @Test("a client that keeps to its own budget never meets the venue's")
  func budget() {
    var bench = DeribitBench(limits: DeribitLimits())
    bench.begin()
    for _ in 0..<30 {
      bench.advance(by: .seconds(20))
      bench.cut()
    }
    bench.advance(by: .minutes(5))
    #expect(!bench.heard.contains { $0.contains("too_many_requests") })
    #expect(bench.chains.count >= 2)
  }

  @Test("a channel left out of the accepted ones is asked for until it is accepted")
  func dropped() {
    var bench = DeribitBench()
    let channel = "deribit_volatility_index.btc_usd"
    bench.venue.apply(.dropped(channel: channel, true))
    bench.begin()
    bench.advance(by: .minutes(6))
    #expect(bench.feed.contains(.subscriptionRefused(channel)))
    #expect(!bench.feed.contains(.subscribed))
    // Its readings are asked for meanwhile.
    #expect(bench.indices.filter { $0.symbol == "BTC" }.count == 2)
    bench.venue.apply(.dropped(channel: channel, false))
    bench.advance(by: .minutes(16))
    #expect(bench.feed.contains(.subscribed))
    #expect(!isDisconnected(bench))
  }

  @Test("a channel that falls silent ends the connection, and its readings come all the same")
  func silent() {
    var bench = connected()
    let channel = "deribit_volatility_index.eth_usd"
    suffer(&bench, .silent(channel: channel, true), then: nil, for: .minutes(14))
    let isSilent = bench.feed.contains { if case .silent = $0 { true } else { false } }
    #expect(isSilent && isDisconnected(bench))
    #expect(bench.indices.filter { $0.symbol == "ETH" }.count >= 2)
    bench.venue.apply(.silent(channel: channel, false))
    bench.events = []
    bench.advance(by: .hours(1))
    #expect(!isDisconnected(bench))
  }

  @Test("no answer to anything: requests fail, the connection is given up, and it recovers")
  func mute() {
    var bench = connected()
    suffer(&bench, .mute(true), then: .mute(false), for: .minutes(20))
    #expect(bench.failures.contains(.optionChain("BTC")))
    #expect(bench.chains.isEmpty)
    #expect(isDisconnected(bench))
    bench.events = []
    bench.advance(by: .minutes(3))
    #expect(bench.feed.contains(.recovered))
    #expect(bench.chains.count == 2)
  }

  @Test("replies cut in half are counted and move nothing")
  func truncated() {
    var bench = connected()
    suffer(&bench, .truncated(true), then: .truncated(false), for: .minutes(20))
    #expect(bench.chains.isEmpty && bench.indices.isEmpty)
    #expect(!bench.rejections.isEmpty)
    bench.events = []
    bench.advance(by: .minutes(5))
    #expect(bench.chains.count == 2)
  }

  @Test("closed sockets are opened again, and no reading of a missed quarter is lost")
  func closed() {
    var bench = connected()
    suffer(&bench, .closeSessions, then: nil, for: .minutes(30))
    #expect(isDisconnected(bench))
    #expect(bench.feed.contains(.recovered))
    #expect(bench.chains.filter { $0.symbol == "BTC" }.count == 2)
  }

  @Test("late heartbeats are waited for, very late ones are not")
  func lateHeartbeats() {
    var bench = connected()
    suffer(&bench, .lateHeartbeats(.seconds(20)), then: nil, for: .minutes(30))
    #expect(!isDisconnected(bench))
    var other = connected {
      $0.underlyings = ["SOL"]
    }
    suffer(&other, .lateHeartbeats(.minutes(5)), then: nil, for: .minutes(30))
    #expect(isDisconnected(other))
  }

  @Test("options without volatility, or about to expire, are left out of a chain")
  func leftOut() {
    var bench = connected()
    suffer(&bench, .missingVolatility(true), then: .missingVolatility(false), for: .minutes(15))
    #expect(bench.chains.isEmpty)
    #expect(bench.failures == [.optionChain("BTC"), .optionChain("ETH")])
    suffer(&bench, .expiredText(true), then: .expiredText(false), for: .minutes(15))
    #expect(bench.chains.map(\.quotes.count) == [78, 78])
    #expect(bench.rejections.isEmpty)
  }

  @Test("null quotes and missing greeks are nothing to a chain, and seen in a ticker")
  func nulls() {
    var bench = connected { $0.tickers = ["BTC"] }
    bench.venue.apply(.missingGreeks(true))
    let name = "BTC-9JAN26-100000-C"
    let bare = bench.get("public/ticker?instrument_name=\(name)")
    let greekless = String(decoding: bare?.body ?? [], as: UTF8.self)
    #expect(!greekless.contains("greeks"))
    suffer(&bench, .nullQuotes(true), then: nil, for: .minutes(15))
    let quoteless = bench.get("public/ticker?instrument_name=\(name)")
    let text = String(decoding: quoteless?.body ?? [], as: UTF8.self)
    #expect(text.contains(#""best_bid_price":null,"best_ask_price":null"#))
    #expect(bench.chains.map(\.quotes.count) == [104, 104])
    #expect(bench.rejections.isEmpty)
  }

  @Test("an option that is gone between two polls is in the first chain alone")
  func delisted() {
    var bench = connected()
    let name = "BTC-9JAN26-100000-C"
    suffer(&bench, .delisted(instrument: name, true), then: nil, for: .minutes(15))
    #expect(bench.chains.filter { $0.symbol == "BTC" }.map(\.quotes.count) == [103])
    #expect(bench.get("public/ticker?instrument_name=\(name)")?.status == 400)
  }

  @Test("options expire by themselves at eight on their day")
  func expiry() {
    let expiry = Instant(milliseconds: 1_767_945_600_000)
    var bench = DeribitBench()
    bench.now = expiry - .hours(25)
    bench.begin()
    bench.advance(by: .hours(25) - .minutes(1))
    #expect(bench.chains.last { $0.symbol == "BTC" }?.quotes.first?.expiry == expiry)
    bench.advance(by: .minutes(2))
    let chain = bench.chains.last { $0.symbol == "BTC" }
    #expect(chain?.time == expiry)
    #expect(chain?.quotes.contains { $0.expiry <= expiry } == false)
    #expect(bench.rejections.isEmpty, "\(bench.rejections)")
  }

  @Test(
    "pages of the gateway come with their status and as HTML", arguments: [502, 503, 200, 403])
  func pages(status: Int) {
    var bench = connected()
    bench.venue.apply(.page(status: status))
    let page = bench.get("public/get_time")
    #expect(page?.status == status)
    #expect(page?.header("content-type") == "text/html")
    bench.venue.apply(.page(status: nil))
    #expect(bench.get("public/get_time")?.header("content-type") == "application/json")
  }

  @Test("any error of the venue's list can be had, and no other")
  func refusing() {
    var bench = connected()
    bench.venue.apply(.refusing(code: 13_025))
    bench.venue.apply(.refusing(code: 77))
    let answer = bench.get("public/get_time")
    let text = String(decoding: answer?.body ?? [], as: UTF8.self)
    #expect(text.contains(#""error":{"message":"method_switched_off_by_admin","code":13025}"#))
    bench.venue.apply(.refusing(code: nil))
    #expect(bench.get("public/get_time")?.status == 200)
  }

  @Test("clocks minutes apart do no harm", arguments: [-240, 240])
  func skew(seconds: Int64) {
    var bench = DeribitBench()
    bench.skew = .seconds(seconds)
    bench.begin()
    bench.advance(by: .hours(2))
    #expect(bench.rejections.isEmpty, "\(bench.rejections)")
    #expect(bench.chains.filter { $0.symbol == "BTC" }.count >= 8)
    #expect(bench.indices.filter { $0.symbol == "BTC" }.count >= 24)
  }

  @Test("a connection cut again and again tells every reading once")
  func cut() {
    var bench = DeribitBench(underlyings: ["BTC"])
    bench.begin()
    for _ in 0..<120 {
      bench.advance(by: .seconds(61))
      bench.cut()
    }
    bench.advance(by: .minutes(1))
    let quarters = bench.chains.map { $0.time.nanoseconds / 900_000_000_000 }
    #expect(quarters == quarters.sorted() && Set(quarters).count == quarters.count)
    let fives = bench.indices.map { $0.time.nanoseconds / 300_000_000_000 }
    #expect(fives == fives.sorted() && Set(fives).count == fives.count)
    #expect(quarters.count == 9)
    #expect(fives.count == 25)
  }
}
