import Market
import Testing

@testable import Venues

@Suite("Deribit readings") struct DeribitReadingTests {
  private typealias Talk = DeribitDialogue

  @Test("a row becomes a quote: percent a fraction, dollars and coins as they are")
  func row() throws {
    var talk = Talk()
    talk.begin(chain: [
      Talk.row("BTC-9JAN26-100000-P", time: Talk.time - 5), Talk.row(),
    ])
    let chain = try #require(talk.effects.chains.first)
    #expect(talk.effects.rejections.isEmpty)
    #expect(chain.symbol == "BTC")
    #expect(chain.venue == .deribit)
    // The oldest of its rows.
    #expect(chain.time == Instant(milliseconds: Talk.time - 5))
    #expect(
      chain.quotes
        == [false, true].map { isCall in
          OptionQuote(
            expiry: Instant(milliseconds: 1_767_945_600_000), strike: "100000", isCall: isCall,
            impliedVolatility: "0.6127", openInterest: "364.1", underlying: "98827.27")
        })
  }

  @Test(
    "rows that say nothing of dealers' gamma are left out without a word",
    arguments: [
      ("\"open_interest\":364.1", "\"open_interest\":0.0"),
      ("\"mark_iv\":61.27", "\"mark_iv\":null"), ("\"mark_iv\":61.27", "\"mark_iv\":0.0"),
      ("\"mark_iv\":61.27", "\"mark_iv\":250.0"), ("\"mark_iv\":61.27,", ""),
      ("98479.26", "\"expired\""), ("BTC-9JAN26-100000-P", "BTC-CS-25DEC26-70000_75000"),
      ("BTC-9JAN26-100000-P", "BTC-2JAN26-100000-P"),
      ("BTC-9JAN26-100000-P", "BTC_USDC-9JAN26-100000-P"),
      ("BTC-9JAN26-100000-P", "ETH-9JAN26-100000-P"),
    ])
  func skipped(old: String, new: String) {
    var talk = Talk()
    talk.begin(chain: [Talk.row("BTC-9JAN26-100000-P", (old, new)), Talk.row()])
    #expect(talk.effects.chains.map(\.quotes.count) == [1])
    #expect(talk.effects.chains.first?.quotes.first?.isCall == true)
    #expect(talk.effects.rejections.isEmpty)
  }

  @Test(
    "a damaged row is counted and left out, and spoils a book of which it is a tenth",
    arguments: [
      ("\"open_interest\":364.1", "\"open_interest\":-1"), ("\"mark_iv\":61.27", "\"mark_iv\":-3"),
      ("\"mark_iv\":61.27", "\"mark_iv\":\"61.27\""), ("98827.27", "0"), ("98827.27", "null"),
      ("98827.27", "9e99"), ("\"open_interest\":364.1,", ""),
      ("\(DeribitDialogue.time)", "\"now\""), ("\(DeribitDialogue.time)", "1"),
      ("\(DeribitDialogue.time)", "\(DeribitDialogue.time + 86_400_000)"), ("98827.27", "9882.727"),
      ("instrument_name", "instrument"), ("98479.26", "-1"),
      ("BTC-9JAN26-100000-P", "BTC-9JAN26-90000-C"),
    ])
  func damaged(old: String, new: String) {
    let good = (0..<20).map { Talk.row("BTC-9JAN26-\(90_000 + $0 * 1_000)-C") }
    let bad = Talk.row("BTC-9JAN26-100000-P", (old, new))
    var talk = Talk()
    talk.begin(chain: good + [bad])
    #expect(talk.effects.chains.map(\.quotes.count) == [20])
    #expect(talk.effects.rejections.map(\.kind) == [.bookSummary])

    var spoilt = Talk()
    spoilt.say { $0.start(at: $1, into: &$2) }
    spoilt.open()
    let id = spoilt.inFlight { $0 == .chain(currency: "BTC") } ?? 0
    let bads = [bad, Talk.row("BTC-9JAN26-80000-P", (old, new))]
    spoilt.result(id, "[" + (good.prefix(6) + bads).joined(separator: ",") + "]")
    #expect(spoilt.effects.chains.isEmpty)
    #expect(spoilt.effects.rejections.map(\.kind) == [.bookSummary])
    #expect(spoilt.effects.failedRequests == [.optionChain("BTC")])
    // It is asked for again by itself.
    spoilt.pass(.seconds(2))
    #expect(spoilt.effects.methods.contains("public/get_book_summary_by_currency"))
  }

  @Test("an underlying without options is said to be unlisted, and no empty chain is told")
  func unlisted() {
    var talk = Talk()
    talk.begin(chain: [])
    #expect(talk.effects.chains.isEmpty)
    #expect(talk.effects.feed.contains(.unlisted("BTC")))
    var worthless = Talk()
    worthless.begin(chain: [Talk.row("BTC-9JAN26-100000-C", ("61.27", "250.0"))])
    #expect(worthless.effects.chains.isEmpty)
    #expect(!worthless.effects.feed.contains(.unlisted("BTC")))
    #expect(worthless.effects.failedRequests == [.optionChain("BTC")])
  }

  @Test("underlyings settled in USDC share one book, of which each takes its own rows")
  func shared() {
    var talk = Talk(["SOL", "XRP"])
    talk.begin(chain: [
      Talk.row("SOL_USDC-9JAN26-200-C", ("98827.27", "150.5"), ("98479.26", "150.1")),
      Talk.row("XRP_USDC-9JAN26-1d52-C", ("98827.27", "1.5"), ("98479.26", "1.5")),
      Talk.row("BTC_USDC-9JAN26-100000-C"),
    ])
    let requests = talk.effects.sent.filter { $0.contains("get_book_summary") }
    #expect(requests.count == 1)
    #expect(requests.allSatisfy { $0.contains(#""currency":"USDC","kind":"option""#) })
    #expect(talk.effects.chains.map(\.symbol) == ["SOL", "XRP"])
    #expect(talk.effects.chains.map { $0.quotes.map(\.strike) } == [["200"], ["1.52"]])
    #expect(talk.effects.rejections.isEmpty)
  }

  @Test("a ticker's index bounds what an underlying's price may be")
  func plausible() {
    var talk = Talk { $0.tickers = ["BTC"] }
    talk.say { $0.start(at: $1, into: &$2) }
    talk.open()
    talk.frame(
      #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"ticker.BTC-PERPETUAL.100ms","#
        + #""data":{"timestamp":\#(Talk.time),"instrument_name":"BTC-PERPETUAL","#
        + #""index_price":30000.5,"mark_price":30001.0,"news":true}}}"#)
    #expect(talk.effects.rejections.isEmpty)
    let id = talk.inFlight { $0 == .chain(currency: "BTC") } ?? 0
    talk.result(id, "[\(Talk.row("BTC-9JAN26-100000-C", ("98479.26", "null")))]")
    #expect(talk.effects.chains.isEmpty)
    #expect(talk.effects.rejections.map(\.reason) == [.inconsistent])
  }

  @Test("one reading of the index is told for five minutes, the first that falls in them")
  func slots() {
    var talk = Talk()
    talk.begin()
    // The newest bar of the history, as it stands now.
    #expect(talk.effects.volatilities.map(\.value) == ["0.555"])
    talk.frame(Talk.volatility("56.25", time: Talk.time))
    #expect(talk.effects.volatilities.isEmpty)
    talk.live(.minutes(4) + .seconds(41))
    talk.frame(Talk.volatility("57.125", time: Talk.time + 281_000))
    #expect(
      talk.effects.volatilities
        == [
          VolatilityIndex(
            symbol: "BTC", venue: .deribit, time: Instant(milliseconds: Talk.time + 281_000),
            value: "0.57125")
        ])
    talk.frame(Talk.volatility("58", time: Talk.time + 282_000))
    talk.frame(Talk.volatility("54", time: Talk.time))
    #expect(talk.effects.volatilities.isEmpty)
    #expect(talk.effects.rejections.isEmpty)
  }

  @Test("a reading that the channel owes is asked for")
  func owed() {
    var talk = Talk()
    talk.begin()
    talk.live(.minutes(5) + .seconds(9))
    #expect(!talk.effects.methods.contains("public/get_volatility_index_data"))
    talk.pass(.seconds(2))
    #expect(talk.effects.methods == ["public/get_volatility_index_data"])
    let id = talk.inFlight { $0 == .volatility("BTC") } ?? 0
    // Newest first, and the bar before the running one is over.
    let minute = Talk.time - 20_000 + 300_000
    talk.result(id, "{\"data\":[[\(minute),60,61,59,60.5],[\(minute - 60_000),50,51,49,50.5]]}")
    #expect(talk.effects.volatilities.map(\.value) == ["0.605"])
    #expect(talk.effects.volatilities.map(\.time) == [talk.now.wall])
  }

  @Test(
    "readings that cannot be are refused",
    arguments: ["0", "-4", "1000", "\"55\"", "null", "[]", "1e99"])
  func impossible(percent: String) {
    var talk = Talk()
    talk.begin()
    talk.live(.minutes(5))
    talk.frame(Talk.volatility(percent, time: Talk.time + 300_000))
    #expect(talk.effects.volatilities.isEmpty)
    #expect(talk.effects.rejections.map(\.kind) == [.volatilityIndex])
  }

  @Test("a reading of another time or another index is refused")
  func elsewhere() {
    var talk = Talk()
    talk.begin()
    for frame in [
      Talk.volatility("55", time: Talk.time + 3_600_000), Talk.volatility("55", time: 5),
      Talk.volatility("55", time: Talk.time + 280_000, index: "eth_usd"),
    ] {
      talk.frame(frame)
      #expect(talk.effects.volatilities.isEmpty)
      #expect(talk.effects.rejections.count == 1)
    }
  }
}
