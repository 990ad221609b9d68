import Market
import Testing

@testable import Venues

@Suite("Coinbase candles") struct CoinbaseCandleTests {
  private func talk(
    _ timeframes: Timeframe..., history: Int = 0
  ) -> CoinbaseTalk {
    let series = timeframes.map { CandleSeries(symbol: "BTC", timeframe: $0) }
    return CoinbaseTalk(symbols: [], series: series) { $0.historyCandles = history }
  }

  @Test("samples make candles that close when the first sample after them comes")
  func sampled() throws {
    var talk = talk(.m1)
    talk.begin()
    // 60,000 at 22:13:20, then 100 more with every half minute.
    let effects = talk.poll(.seconds(131)) { time in
      Price(whole: 60_000 + (time - CoinbaseTalk.epoch).nanoseconds / 10_000_000_000 / 3 * 100)
    }
    let candles = effects.closedCandles
    // 22:13 began before the first sample and had only two; 22:14 had both of its own.
    #expect(candles.map(\.openTime.milliseconds) == [1_699_999_980_000, 1_700_000_040_000])
    let second = try #require(candles.last)
    #expect(second.open == "60100" || second.open == "60000")
    #expect(second.high >= second.low && second.volume == .zero && second.venue == .coinbase)
    #expect(second.close == second.high)
    let position = try #require(effects.lastIndex { $0 == .market(.closedCandle(second)) })
    if case .market(.spot(let spot)) = effects[position - 1] {
      #expect(spot.time >= second.openTime + .minutes(1))
    } else {
      Issue.record("the candle did not come with a sample")
    }
  }

  @Test("without a later sample a candle closes after its grace")
  func grace() {
    var talk = talk(.m1)
    talk.begin()
    _ = talk.poll(.seconds(75)) { _ in "60000" }
    // 22:14:35; nothing answers from now on.
    talk.pass(Interval.seconds(30) - .milliseconds(1))
    #expect(talk.effects.closedCandles.isEmpty)
    talk.pass(.seconds(2))
    #expect(talk.effects.closedCandles.map(\.openTime.milliseconds) == [1_700_000_040_000])
    talk.pass(.minutes(5))
    #expect(talk.effects.closedCandles.isEmpty)
  }

  @Test("a candle that its samples do not cover is not told")
  func uncovered() {
    var talk = talk(.m15)
    talk.begin()
    // 22:13:20 to 22:15: four of thirty samples.
    #expect(talk.poll(.seconds(110), { _ in "60000" }).closedCandles.isEmpty)
    // 22:15 to 22:30, but for five minutes without an answer: twenty of thirty.
    _ = talk.poll(.minutes(6)) { _ in "60000" }
    talk.pass(.minutes(5))
    for path in talk.asked { talk.fail(path, .timeout) }
    #expect(talk.poll(.minutes(5), { _ in "60000" }).closedCandles.isEmpty)
    // 22:30 to 22:45, whole.
    let effects = talk.poll(.minutes(15)) { _ in "60000" }
    #expect(effects.closedCandles.map(\.openTime.milliseconds) == [1_700_001_000_000])
  }

  @Test("a wall clock that is set back adds nothing to a candle that is over")
  func clockSetBack() {
    var talk = talk(.m1)
    talk.begin()
    _ = talk.poll(.seconds(75)) { _ in "60000" }
    talk.now.wall = talk.now.wall - .seconds(90)
    let effects = talk.poll(.seconds(240)) { _ in "70000" }
    let opens = effects.closedCandles.map(\.openTime)
    #expect(opens == opens.sorted() && Set(opens).count == opens.count)
    #expect(effects.closedCandles.first?.open == "60000")
  }

  // MARK: History

  @Test("history is read by its columns and told oldest first, the forming bucket left out")
  func history() throws {
    var talk = talk(.m1, history: 3)
    talk.start()
    let path =
      "/products/BTC-USD/candles?granularity=60&start=2023-11-14T22:10:00Z"
      + "&end=2023-11-14T22:12:00Z"
    #expect(talk.asked == [path, "/products"])
    talk.answer(
      path,
      """
      [[1699999980,5,6,5,6,1],[1699999920,59990.5,60020,60000,60010.25,1.5],
       [1699999860,59980,60001,59990,60000,0.25],[1699999800,59980,60000,60000,59990,2]]
      """)
    let candles = talk.effects.closedCandles
    #expect(
      candles.map(\.openTime.milliseconds) == [
        1_699_999_800_000, 1_699_999_860_000, 1_699_999_920_000,
      ])
    let last = try #require(candles.last)
    #expect(last.low == "59990.5" && last.high == "60020")
    #expect(last.open == "60000" && last.close == "60010.25" && last.volume == "1.5")
  }

  @Test("four hours are joined from single ones; one without its first hour is not told")
  func joined() throws {
    var talk = talk(.h4, history: 2)
    talk.start()
    // 22:13: the last two whole candles opened at 12:00 and 16:00.
    let path =
      "/products/BTC-USD/candles?granularity=3600&start=2023-11-14T12:00:00Z"
      + "&end=2023-11-14T19:00:00Z"
    func row(_ hour: Int64, _ low: Int, _ high: Int) -> String {
      "[\(1_699_920_000 + hour * 3_600),\(low),\(high),\(low),\(high),1]"
    }
    // The hour from 14:00 had no trades; nor had that from 16:00.
    let rows = [row(19, 5, 9), row(17, 4, 8), row(15, 3, 7), row(13, 2, 9), row(12, 1, 6)]
    talk.answer(path, "[" + rows.joined(separator: ",") + "]")
    let candles = talk.effects.closedCandles
    let candle = try #require(candles.first)
    #expect(candles.count == 1)
    #expect(candle.openTime.milliseconds == 1_699_963_200_000)
    #expect(candle.open == "1" && candle.high == "9" && candle.low == "1" && candle.close == "7")
    #expect(candle.volume == "3")
  }

  @Test("a long history is read in pages of three hundred buckets")
  func pages() {
    var talk = talk(.m1, history: 700)
    talk.start()
    let spans = talk.asked.filter { $0.contains("candles") }
    #expect(spans.count == 3)
    #expect(spans.first?.hasSuffix("start=2023-11-14T10:33:00Z&end=2023-11-14T15:32:00Z") == true)
    #expect(spans.last?.hasSuffix("start=2023-11-14T20:33:00Z&end=2023-11-14T22:12:00Z") == true)
  }

  @Test("with history, the candle that samples do not cover is asked for")
  func askedFor() {
    var talk = talk(.m5, history: 1)
    talk.start()
    talk.answer("/products", CoinbaseTalk.listing())
    for path in talk.asked where path.contains("candles") { talk.answer(path, "[]") }
    talk.pass(.seconds(101))
    for path in talk.asked { talk.answer(path, CoinbaseTalk.ticker(time: talk.now.wall)) }
    talk.pass(.seconds(5))
    let span = "granularity=300&start=2023-11-14T22:10:00Z&end=2023-11-14T22:10:00Z"
    #expect(talk.asked.contains { $0.hasSuffix(span) })
  }

  @Test(
    "a history that contradicts itself moves nothing",
    arguments: [
      "{}", "[[1,2,3]]", "[7]", #"[["1699999860",1,2,1,2,1]]"#,
      "[[1699999860,2,1,1,2,1]]", "[[1699999860,0,2,1,2,1]]", "[[1699999860,-1,2,1,2,1]]",
      "[[1699999861,1,2,1,2,1]]", "[[1699999860,1,2,1,2,-1]]", "[[1699999860,1,1e300,1,2,1]]",
      "[[99999999999999,1,2,1,2,1]]", "[[-60,1,2,1,2,1]]",
      "[[1699999860,1,2,1,2,1],[1699999860,1,2,1,2,1]]",
    ])
  func badHistory(body: String) {
    var talk = talk(.m1, history: 3)
    talk.start()
    let path = talk.asked[0]
    talk.answer(path, body)
    #expect(talk.effects.closedCandles.isEmpty)
    #expect(talk.effects.rejections.map(\.kind) == [.candleSnapshot])
    talk.pass(.seconds(2))
    #expect(talk.asked.contains(path))
  }
}
