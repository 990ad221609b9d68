import Market
import Testing
import Venues

@testable import Exchange

/// Clients that send what they like, as much as they like: the venue answers each in its own words,
/// keeps a bound on everything that it keeps for them, and goes on.
@Suite("Hostile clients")
struct HostileClientTests {
  private typealias Bench = VenueBench

  private static let nines = String(repeating: "9", count: 20_000)

  private static func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }

  private static let unreadable = [
    "", "{", "null", "[]", "\u{0}", nested(100_000), #"{"type":\#(nested(33))}"#,
    #"{"type":"meta","type":"allMids"}"#, #"{"type":"meta","x":\#(nines)}"#,
    #"{"type":"meta","x":1e999}"#, #"{"type":"meta"}{"type":"meta"}"#,
    "<html></html>", String(repeating: " ", count: 4 << 20) + #"{"type":"meta"}"#,
  ]

  @Test("a body that cannot be read is a 422 and moves nothing", arguments: ["/info", "/exchange"])
  func unreadableBodies(path: String) {
    var bench = Bench()
    for body in Self.unreadable {
      let response = bench.call(path, body)
      #expect(response?.status == 422, "\(body.prefix(40))")
    }
    for bytes: [UInt8] in [[0xff], [0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d], [0xed, 0xa0, 0x80]] {
      bench.venue.handle(
        .call(CallID(number: 900), VenueCall(method: .post, target: path, body: bytes)),
        at: bench.now, into: &bench.outputs)
      guard case .reply(CallID(number: 900), let response) = bench.outputs.last else {
        Issue.record("no answer to \(bytes)")
        continue
      }
      #expect(response.status == 422)
    }
    #expect(bench.imbalance() == nil)
    #expect(bench.info(#"{"type":"allMids"}"#).hasPrefix(#"{"BTC":"#))
  }

  @Test("a frame that cannot be read is answered with at most its first thousand bytes")
  func unreadableFrames() {
    var bench = Bench()
    bench.open()
    for body in Self.unreadable {
      let frames = bench.frames { $0.send(body) }
      #expect(frames.count == 1, "\(body.prefix(40))")
      #expect(
        frames.first?.hasPrefix(#"{"channel":"error","data":"Error parsing JSON"#) == true,
        "\(body.prefix(40))")
      // An escaped control character takes six bytes.
      #expect((frames.first?.utf8.count ?? .max) <= 6_200, "\(body.prefix(40))")
    }
    #expect(bench.frames { $0.send(#"{"method":"ping"}"#) } == [#"{"channel":"pong"}"#])
  }

  @Test("numbers at the ends of their types ask for nothing that is not there")
  func extremes() {
    var bench = Bench()
    bench.open()
    let ends = ["-9223372036854775808", "9223372036854775807", "18446744073709551615", "-1", "1.5"]
    for first in ends {
      for second in ends {
        for type in ["fundingHistory", "userFillsByTime", "userFunding"] {
          let status = bench.call(
            "/info",
            #"{"type":"\#(type)","coin":"BTC","user":"\#(Bench.alice)","startTime":\#(first),"#
              + #""endTime":\#(second)}"#)?.status
          #expect(status == 200 || status == 422)
        }
        for interval in ["1m", "3d", "1w", "1M"] {
          let status = bench.call(
            "/info",
            #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"\#(interval)","#
              + #""startTime":\#(first),"endTime":\#(second)}}"#)?.status
          #expect(status == 200 || status == 422)
        }
      }
      for action in [
        #"{"type":"cancel","cancels":[{"a":\#(first),"o":\#(first)}]}"#,
        #"{"type":"updateLeverage","asset":0,"isCross":true,"leverage":\#(first)}"#,
        #"{"type":"updateLeverage","asset":\#(first),"isCross":true,"leverage":2}"#,
        #"{"type":"updateIsolatedMargin","asset":0,"isBuy":true,"ntli":\#(first)}"#,
        #"{"type":"scheduleCancel","time":\#(first)}"#,
        #"{"type":"order","orders":[\#(Bench.limit(.buy, "92233720368", at: "92233720368"))],"#
          + #""grouping":{"p":\#(first)}}"#,
      ] {
        let answer = bench.act(action)
        #expect(
          !answer.contains(#""status":"ok""#) || answer.contains("error")
            || answer.contains("default"), "\(action): \(answer)")
      }
      _ = bench.act(#"{"type":"noop"}"#, nonce: UInt64(first) ?? 0, expiresAfter: UInt64(first))
    }
    #expect(bench.imbalance() == nil)
    #expect(bench.venue.fills(of: Bench.alice).isEmpty)
  }

  @Test("a session holds a thousand subscriptions, and nothing of them when it is gone")
  func endlessSubscriptions() {
    let coins = (0..<150).compactMap { Symbol("C\($0)") }
    var bench = Bench { configuration in
      configuration.listings = coins.map {
        PerpetualListing(Bench.instrument($0, sizeDecimals: 2, leverage: 10))
      }
      configuration.history.days = 1
      configuration.history.fineDays = 0
    }
    bench.open()
    var granted = 0
    var refused = 0
    for round in 0..<2 {
      for coin in coins {
        let wanted =
          [
            #"{"type":"trades","coin":"\#(coin)"}"#, #"{"type":"bbo","coin":"\#(coin)"}"#,
            #"{"type":"activeAssetCtx","coin":"\#(coin)"}"#,
          ]
          + ["1m", "3m", "1h", "1d"].map {
            #"{"type":"candle","coin":"\#(coin)","interval":"\#($0)"}"#
          } + (2...5).map { #"{"type":"l2Book","coin":"\#(coin)","nSigFigs":\#($0)}"# }
        for subscription in wanted {
          let first = bench.subscribe(subscription).first ?? ""
          if first.contains("subscriptionResponse") { granted += 1 }
          if first.contains(#""channel":"error""#) { refused += 1 }
        }
      }
      #expect(granted == 1_000, "round \(round)")
    }
    #expect(refused == 2 * 150 * 11 - 1_000)
    #expect(bench.venue.sessions.map(\.subscriptions.count) == [1_000])
    #expect(listeners(bench.venue) == 1_000)
    bench.venue.handle(.closed(SessionID(number: 1)), at: bench.now, into: &bench.outputs)
    #expect(listeners(bench.venue) == 0)
    #expect(bench.venue.sessions.isEmpty)
  }

  private func listeners(_ venue: HyperliquidVenue) -> Int {
    var count: Int = venue.midsAudience.count
    for sessions in venue.accountAudiences.values { count += sessions.count }
    for audience in venue.audiences {
      count += audience.trades.count
      count += audience.quotes.count
      count += audience.contexts.count
      count += audience.books.count
      for sessions in audience.candles { count += sessions.count }
      for derived in audience.derived.values { count += derived.sessions.count }
    }
    return count
  }

  @Test("subscribing and leaving twenty thousand times leaves nothing behind")
  func churn() {
    var bench = Bench()
    bench.open()
    let words = ["subscribe", "unsubscribe"]
    let messages = words.map {
      Array(#"{"method":"\#($0)","subscription":{"type":"bbo","coin":"BTC"}}"#.utf8)
    }
    for number in 0..<20_000 {
      bench.outputs.removeAll(keepingCapacity: true)
      bench.venue.handle(
        .frame(SessionID(number: 1), messages[number % 2]), at: bench.now, into: &bench.outputs)
      guard !bench.outputs.isEmpty else {
        Issue.record("message \(number) is not answered")
        return
      }
    }
    #expect(listeners(bench.venue) == 0)
    #expect(bench.venue.sessions.map(\.subscriptions.count) == [0])
  }

  @Test("strangers open accounts up to a bound, or none")
  func strangers() {
    for deposit in [nil, Money(whole: 100)] {
      var bench = Bench { $0.unknownAccountDeposit = deposit }
      let before = bench.venue.accounts.count
      for number: UInt64 in 1...3_000 {
        bench.outputs.removeAll(keepingCapacity: true)
        _ = bench.act(#"{"type":"noop"}"#, as: AccountAddress(number: 1_000_000 + number))
        let asked = AccountAddress(number: 2_000_000 + number)
        _ = bench.info(#"{"type":"clearinghouseState","user":"\#(asked)"}"#)
      }
      #expect(
        bench.venue.accounts.count == (deposit == nil ? before : HyperliquidVenue.mostAccounts))
      #expect(bench.venue.signers.count <= HyperliquidVenue.mostAccounts + 2)
      #expect(bench.imbalance() == nil)
    }
  }

  @Test("a halted chain lets a thousand actions wait, turns the others away and answers each once")
  func halted() {
    var bench = Bench()
    bench.venue.apply(.halted(true))
    var turnedAway = 0
    for number in 0..<3_000 {
      if bench.call("/exchange", bench.envelope(#"{"type":"noop"}"#))?.status == 503 {
        turnedAway += 1
      }
      #expect(bench.venue.waiting.count <= HyperliquidVenue.longestWait, "\(number)")
    }
    #expect(turnedAway == 2_000)
    bench.outputs = []
    bench.venue.apply(.halted(false))
    bench.advance(by: .seconds(1))
    let answers = bench.outputs.filter { if case .reply = $0 { true } else { false } }
    #expect(answers.count == 1_000)
    #expect(bench.venue.waiting.isEmpty)
  }

  @Test("a batch of thousands is answered one by one, and rests as far as the venue lets it")
  func wideBatch() {
    var bench = Bench(deposit: Money(whole: 10_000_000))
    let order = Bench.limit(.buy, "0.001", at: "50000")
    let batch = Array(repeating: order, count: 4_000).joined(separator: ",")
    let answer = bench.act(#"{"type":"order","orders":[\#(batch)],"grouping":"na"}"#)
    #expect(bench.statuses(answer).count == 4_000)
    #expect(bench.venue.openOrders(of: Bench.alice).count == 1_000)
    #expect(bench.imbalance() == nil)
    for _ in 0..<6 { _ = bench.act(#"{"type":"order","orders":[\#(batch)],"grouping":"na"}"#) }
    #expect(bench.venue.orders.count <= 11_000, "refused orders are forgotten in time")
  }
}
