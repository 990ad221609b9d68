import Market
import Testing
import Venues

@Suite("Deribit names") struct DeribitNameTests {
  @Test(
    "an option's name says underlying, expiry, strike and side, and is spelt back alike",
    arguments: [
      ("BTC-25DEC26-100000-C", "BTC", false, "2026-12-25T08:00:00Z", "100000", true),
      ("BTC-5JUN26-70000-P", "BTC", false, "2026-06-05T08:00:00Z", "70000", false),
      ("SOL_USDC-25DEC26-200-C", "SOL", true, "2026-12-25T08:00:00Z", "200", true),
      ("XRP_USDC-25SEP26-1d52-C", "XRP", true, "2026-09-25T08:00:00Z", "1.52", true),
      ("ETH-29FEB28-4000-P", "ETH", false, "2028-02-29T08:00:00Z", "4000", false),
    ] as [(String, Symbol, Bool, String, Price, Bool)])
  func reading(
    text: String, underlying: Symbol, isLinear: Bool, expiry: String, strike: Price, isCall: Bool
  ) throws {
    let name = try #require(DeribitOptionName(text.utf8))
    #expect(name.underlying == underlying)
    #expect(name.isLinear == isLinear)
    #expect(name.expiry == Instant(iso8601: expiry))
    #expect(name.strike == strike)
    #expect(name.isCall == isCall)
    #expect(name.description == text)
  }

  @Test(
    "what is no option's name is none",
    arguments: [
      "BTC-PERPETUAL", "BTC-25DEC26", "BTC-CS-25DEC26-70000_75000", "BTC-FS-25DEC26_PERP",
      "BTC_USDC", "BTC-25DEC26-100000-X", "BTC-25DEC26-0-C", "BTC-25DEC26--C", "",
      "BTC-31FEB26-100000-C", "BTC-05JUN26-100000-C", "BTC-25Dec26-100000-C",
      "BTC_USDT-25DEC26-1-C", "BTC-25DEC26-1.5-C", "BTC-25DEC26-99999999999999999999-C",
      "BTC-25DEC26-100000-C-C", "ABCDEFGHIJKLMNOPQ-25DEC26-1-C", "BTC-25DEC26-1d2d3-C",
      "BTC-125DEC26-100000-C", "BTC-DEC26-100000-C",
    ])
  func refusing(text: String) {
    #expect(DeribitOptionName(text.utf8) == nil)
  }

  @Test("coin-settled underlyings and those settled in USDC are called apart")
  func markets() {
    let btc = DeribitMarket("BTC")
    #expect(btc.perpetual == "BTC-PERPETUAL")
    #expect(btc.index == "btc_usd")
    #expect(btc.currency == "BTC")
    let sol = DeribitMarket("SOL")
    #expect(sol.perpetual == "SOL_USDC-PERPETUAL")
    #expect(sol.index == "sol_usdc")
    #expect(sol.currency == "USDC")
    #expect(!sol.hasVolatilityIndex)
  }
}
