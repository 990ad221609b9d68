import Exchange
import Market
import Risk
import Testing
import Venues

/// Each fault is thrown, its observable seen, and its absence seen without it.
@Suite("Venue faults")
struct FaultTests {
  private typealias Bench = VenueBench
  private static let candles = #"{"type":"candle","coin":"BTC","interval":"1m"}"#

  private func walking() -> Bench {
    var bench = Bench(btc: .walk(RandomWalk(price: "100000")))
    bench.open()
    return bench
  }

  @Test("while halted actions wait, prices stand, and on resumption they run in order")
  func halt() {
    var bench = walking()
    bench.venue.apply(.halted(true))
    let last = bench.venue.lastPrice(of: "BTC")
    #expect(bench.order(Bench.limit(.buy, "0.01", at: "90000", cloid: 1)) == "no answer")
    let expiry = UInt64(bench.now.milliseconds + 5_000)
    #expect(bench.act(#"{"type":"noop"}"#, expiresAfter: expiry) == "no answer")
    bench.advance(by: .seconds(10))
    #expect(bench.venue.lastPrice(of: "BTC") == last)
    #expect(bench.info(#"{"type":"meta"}"#).contains("universe"))
    let before = bench.outputs.count
    bench.venue.apply(.halted(false))
    bench.advance(by: .seconds(1))
    let replies = bench.outputs[before...].compactMap { output in
      if case .reply(_, let response) = output {
        String(decoding: response.body, as: UTF8.self)
      } else {
        nil
      }
    }
    #expect(replies.count == 2)
    #expect(replies.first?.contains("resting") == true)
    #expect(replies.last?.contains("Action already expired") == true)
    #expect(bench.venue.lastPrice(of: "BTC") != last)
  }

  @Test("cancel-only, post-only and named refusals speak for orders alone")
  func modes() {
    var bench = Bench()
    _ = bench.order(Bench.limit(.buy, "0.01", at: "90000"))
    let id = bench.venue.openOrders(of: Bench.alice)[0].id
    bench.venue.apply(.cancelOnly(true))
    let order = Bench.limit(.buy, "0.01", at: "90000", "Alo")
    #expect(bench.statuses(bench.order(order)) == ["Trading is in cancel-only mode. asset=0"])
    #expect(
      bench.statuses(bench.act(#"{"type":"cancel","cancels":[{"a":0,"o":\#(id)}]}"#))
        == ["success"])
    bench.venue.apply(.cancelOnly(false))
    bench.venue.apply(.postOnly(true))
    #expect(bench.statuses(bench.order(order)) == ["resting"])
    #expect(
      bench.statuses(bench.order(Bench.limit(.buy, "0.01", at: "90000"))) == [
        "Only post-only orders allowed immediately after network upgrade asset=0"
      ])
    bench.venue.apply(.postOnly(false))
    bench.venue.apply(.rejectNext(count: 1, text: "Price too far from oracle"))
    #expect(bench.statuses(bench.order(order)) == ["Price too far from oracle asset=0"])
    #expect(bench.statuses(bench.order(order)) == ["resting"])
  }

  @Test("an action can be carried out and answer 502, info 500, everything 429")
  func statuses() {
    var bench = Bench()
    bench.venue.apply(.failAfterAccepting(count: 1))
    let body = bench.envelope(
      #"{"type":"order","orders":[\#(Bench.limit(.buy, "0.01", at: "90000", cloid: 4))],"#
        + #""grouping":"na"}"#)
    #expect(bench.call("/exchange", body)?.status == 502)
    #expect(bench.venue.openOrders(of: Bench.alice).count == 1)
    bench.venue.apply(.failInfo(count: 1))
    #expect(bench.call("/info", #"{"type":"meta"}"#)?.status == 500)
    #expect(bench.call("/info", #"{"type":"meta"}"#)?.status == 200)
    bench.venue.apply(.rateLimited(true))
    #expect(bench.call("/info", #"{"type":"meta"}"#)?.body == Array("null".utf8))
    #expect(bench.call("/exchange", body)?.status == 429)
    bench.venue.apply(.rateLimited(false))
    #expect(bench.call("/info", #"{"type":"meta"}"#)?.status == 200)
  }

  @Test("budgets refuse what is beyond them")
  func budgets() {
    var bench = Bench {
      var limits = VenueRateLimits()
      limits.weightPerMinute = 40
      limits.initialActions = 2
      $0.rateLimits = limits
    }
    for expected in [200, 200, 429] {
      #expect(bench.call("/info", #"{"type":"meta"}"#)?.status == expected)
    }
    bench.advance(by: .minutes(1))
    let order = Bench.limit(.buy, "0.01", at: "90000")
    for _ in 0..<3 { #expect(bench.statuses(bench.order(order)) == ["resting"]) }
    #expect(bench.order(order).contains("Too many cumulative requests sent (4 > 2)"))
    bench.advance(by: .seconds(10))
    #expect(bench.statuses(bench.order(order)) == ["resting"])
  }

  @Test("a candle is revised after its close")
  func revision() throws {
    var bench = walking()
    _ = bench.subscribe(Self.candles)
    bench.advance(by: .seconds(130))
    let before = bench.venue.candles(of: "BTC", .m1)
    let frames = bench.frames {
      $0.venue.apply(.reviseCandle("BTC", .m1, partsPerMillion: 1_000))
      $0.advance(to: $0.now)
    }
    #expect(frames.count == 1)
    let after = bench.venue.candles(of: "BTC", .m1)
    let changed = zip(before, after).filter { $0 != $1 }
    #expect(changed.count == 1)
    let pair = try #require(changed.first)
    #expect(pair.0.openTime == Bench.start + .minutes(1))
    #expect(pair.1.close == pair.0.close.checkedScaled(by: 1_001, over: 1_000, .nearest))
  }

  @Test("candle frames come twice")
  func duplicates() {
    var calm = walking()
    _ = calm.subscribe(Self.candles)
    let once = calm.frames { $0.advance(by: .minutes(3)) }
    var bench = walking()
    _ = bench.subscribe(Self.candles)
    bench.venue.apply(.duplicateCandles(true))
    let twice = bench.frames { $0.advance(by: .minutes(3)) }
    #expect(twice == once.flatMap { [$0, $0] })
  }

  @Test("closes come after their successors, the longest first")
  func outOfOrder() throws {
    var bench = walking()
    _ = bench.subscribe(Self.candles)
    _ = bench.subscribe(#"{"type":"candle","coin":"BTC","interval":"5m"}"#)
    bench.venue.apply(.outOfOrderCloses(true))
    bench.advance(by: .seconds(290))
    let frames = bench.frames { $0.advance(by: .seconds(20)) }
    var seen: [(String, Int64)] = []
    for frame in frames {
      let document = bench.parsed(frame)
      let data = try #require(document?["data"])
      seen.append((data["i"]?.string ?? "", data["t"]?.int64 ?? 0))
    }
    let close = (Bench.start + .minutes(5)).milliseconds
    let late = seen.indices.filter { seen[$0].1 < close }
    let first = try #require(seen.firstIndex { $0.1 == close })
    #expect(late.filter { $0 > first }.map { seen[$0].0 } == ["5m", "1m"], "\(seen)")
  }

  @Test(
    "silence withholds frames for good and leaves the socket open",
    arguments: [
      (Silence.marketData, true), (.everything, false), (.none, true),
    ])
  func silence(scope: Silence, hasPong: Bool) {
    var bench = walking()
    _ = bench.subscribe(Self.candles)
    bench.venue.apply(.silence(scope))
    let frames = bench.frames {
      $0.advance(by: .seconds(30))
      $0.send(#"{"method":"ping"}"#)
    }
    #expect(frames.contains(#"{"channel":"pong"}"#) == hasPong)
    #expect(frames.contains { $0.contains(#""channel":"candle""#) } == (scope == .none))
  }

  @Test("every bogus frame is one that no honest venue sends", arguments: BogusFrame.allCases)
  func bogus(kind: BogusFrame) {
    var bench = walking()
    _ = bench.subscribe(Self.candles)
    let frames = bench.frames {
      $0.venue.apply(.bogusFrame(kind))
      $0.advance(to: $0.now)
    }
    #expect(frames.count == 1)
    let signs: [BogusFrame: String] = [
      .wrongSymbol: "NOSUCHCOIN", .zeroPrice: #""o":"0.0""#, .negativeVolume: #""v":"-1.0""#,
      .unknownChannel: "nosuchchannel", .overPrecise: "1.0000000000001",
    ]
    if let sign = signs[kind] { #expect(frames[0].contains(sign), "\(frames[0])") }
    if kind == .truncated { #expect(bench.parsed(frames[0]) == nil) }
  }

  @Test("delayed market data leaves later, in order, and then at once again")
  func delay() {
    var bench = walking()
    _ = bench.subscribe(#"{"type":"trades","coin":"BTC"}"#)
    bench.venue.apply(.delayedPublication(.seconds(10)))
    #expect(bench.frames { $0.advance(by: .seconds(9)) }.isEmpty)
    #expect(bench.frames { $0.advance(by: .seconds(6)) }.count == 5)
    bench.venue.apply(.delayedPublication(.zero))
    #expect(bench.frames { $0.advance(by: .seconds(12)) }.count > 12)
  }

  @Test("account answers stay what they were, then catch up")
  func stale() {
    var bench = Bench()
    let question = #"{"type":"clearinghouseState","user":"\#(Bench.alice)"}"#
    let before = bench.info(question)
    bench.venue.apply(.staleAccount(true))
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    #expect(bench.info(question) == before)
    bench.venue.apply(.staleAccount(false))
    #expect(bench.info(question).contains(#""szi":"0.1""#))
  }

  @Test("every session is closed")
  func close() {
    var bench = walking()
    _ = bench.subscribe(Self.candles)
    bench.venue.apply(.closeSessions)
    #expect(bench.venue.nextWake ?? Bench.start <= bench.now)
    bench.advance(to: bench.now)
    #expect(bench.outputs.last == .close(SessionID(number: 1)))
    #expect(bench.frames { $0.advance(by: .seconds(30)) }.isEmpty)
  }

  @Test("accounts change without a request: trades, orders, cancels, liquidation, money")
  func external() {
    var bench = Bench()
    bench.open()
    _ = bench.subscribe(#"{"type":"userFills","user":"\#(Bench.alice)"}"#)
    let told = bench.frames {
      $0.venue.apply(.externalTrade(Bench.alice, "BTC", "0.2", announced: true))
      $0.advance(to: $0.now)
    }
    #expect(told.count == 1)
    let untold = bench.frames {
      $0.venue.apply(.externalTrade(Bench.alice, "BTC", "-0.5", announced: false))
      $0.advance(to: $0.now)
    }
    #expect(untold.isEmpty)
    #expect(bench.venue.positions(of: Bench.alice).map(\.quantity) == ["-0.3"])
    bench.venue.apply(.externalOrder(Bench.alice, "BTC", .buy, "0.1", "90000"))
    #expect(bench.venue.openOrders(of: Bench.alice).map(\.clientID) == [nil])
    bench.venue.apply(.externalCancel(Bench.alice, "BTC"))
    #expect(bench.venue.openOrders(of: Bench.alice).isEmpty)
    bench.venue.apply(.liquidation(Bench.alice, "BTC"))
    #expect(bench.venue.positions(of: Bench.alice).isEmpty)
    bench.venue.apply(.transfer(Bench.alice, Money(whole: -50_000)))
    #expect(bench.venue.account(Bench.alice)?.transferred == Money(whole: -50_000))
    #expect(bench.imbalance() == nil)
  }

  @Test("the mark jumps, trades do not, and it comes back")
  func markJump() throws {
    var bench = Bench()
    bench.venue.apply(.markJump("BTC", partsPerMillion: -100_000, for: .seconds(30)))
    bench.advance(by: .seconds(2))
    #expect(try #require(bench.venue.mark(of: "BTC")) == "90000")
    #expect(try #require(bench.venue.lastPrice(of: "BTC")) == "100000")
    bench.advance(by: .seconds(300))
    #expect(try #require(bench.venue.mark(of: "BTC")) > "99900")
  }
}
