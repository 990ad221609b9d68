import Choice
import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Candles")
struct RecordedCandleTests {
  private typealias Bench = VenueBench

  /// Candles of a timeframe from a start on, with gaps, off-tick prices and one without volume.
  static func recording(_ timeframe: Timeframe, from start: Instant, count: Int, seed: UInt64)
    -> [Candle]
  {
    var choices = Chooser.seeded(seed).stream("recording")
    var candles: [Candle] = []
    var last: Int64 = 97_123_45
    for index in 0..<count {
      let open = last + choices.draw(in: -2_000...2_000)
      let close = open + choices.draw(in: -9_000...9_000)
      let high = max(open, close) + choices.draw(in: 0...4_000)
      let low = min(open, close) - choices.draw(in: 0...4_000)
      last = close
      if choices.draw(below: 7) == 6 { continue }
      let volume = index == 3 ? 0 : choices.draw(in: 0...1_000_000_000)
      guard
        let candle = try? Candle(
          symbol: "BTC", timeframe: timeframe, venue: .binance,
          openTime: start + timeframe.interval * Int64(index),
          open: Price(steps: open * 1_000_000), high: Price(steps: high * 1_000_000),
          low: Price(steps: low * 1_000_000), close: Price(steps: close * 1_000_000),
          volume: Quantity(steps: volume))
      else { continue }
      candles.append(candle)
    }
    return candles
  }

  private func figures(_ candle: Candle) -> [Int64] {
    [
      candle.openTime.nanoseconds, candle.open.steps, candle.high.steps, candle.low.steps,
      candle.close.steps, candle.volume.steps,
    ]
  }

  @Test("recorded candles come out as they went in, gaps too", arguments: 1...5)
  func exactness(seed: UInt64) {
    let history = Self.recording(.m5, from: Bench.start - .hours(4), count: 48, seed: seed)
    let future = Self.recording(.m5, from: Bench.start, count: 24, seed: seed + 100)
    var bench = Bench(btc: .recorded(history + future))
    // An account's trades move nothing here.
    _ = bench.order(Bench.limit(.buy, "0.3", at: "99000", "Ioc"))
    _ = bench.order(Bench.limit(.buy, "0.3", at: "96900"))
    bench.advance(by: .hours(2))
    let rebuilt = bench.venue.candles(of: "BTC", .m5)
    #expect(rebuilt.map(figures) == (history + future).map(figures))
    #expect(bench.imbalance() == nil)
  }

  @Test("longer candles are put together of the recorded ones")
  func aggregation() throws {
    let recording = Self.recording(.m15, from: Bench.start - .days(1), count: 120, seed: 3)
    var bench = Bench(btc: .recorded(recording))
    bench.advance(by: .hours(6))
    for candle in bench.venue.candles(of: "BTC", .h1) {
      let parts = recording.filter {
        $0.openTime >= candle.openTime && $0.closeTime <= candle.closeTime
      }
      let first = try #require(parts.first)
      #expect(candle.open == first.open)
      #expect(candle.close == parts.last?.close)
      #expect(candle.high == parts.map(\.high).max())
      #expect(candle.low == parts.map(\.low).min())
      #expect(candle.volume == parts.map(\.volume).reduce(.zero, +))
    }
    #expect(bench.venue.candles(of: "BTC", .h1).count > 20)
  }

  @Test("every timeframe of a walk agrees with the one-minute candles")
  func nesting() throws {
    var bench = Bench(btc: .walk(RandomWalk(price: "100000")))
    bench.advance(by: .hours(1))
    let minutes = bench.venue.candles(of: "BTC", .m1).filter { $0.openTime >= Bench.start }
    for candle in bench.venue.candles(of: "BTC", .m15) where candle.openTime >= Bench.start {
      let parts = minutes.filter {
        $0.openTime >= candle.openTime && $0.closeTime <= candle.closeTime
      }
      #expect(candle.open == parts.first?.open)
      #expect(candle.close == parts.last?.close)
      #expect(candle.high == parts.map(\.high).max())
      #expect(candle.volume == parts.map(\.volume).reduce(.zero, +))
    }
    #expect(minutes.count >= 60)
  }

  @Test("history is there before the first block, without a jump into it")
  func history() throws {
    var bench = Bench(btc: .walk(RandomWalk(price: "100000"))) { $0.history.days = 260 }
    #expect(bench.venue.candles(of: "BTC", .d1).count >= 260)
    #expect(bench.venue.candles(of: "BTC", .h4).count >= 200)
    #expect(bench.venue.candles(of: "BTC", .m15).count == 5_000)
    let days = bench.venue.candles(of: "BTC", .d1)
    #expect(zip(days, days.dropFirst()).allSatisfy { $0.closeTime == $1.openTime })
    let before = try #require(days.last { $0.closeTime <= Bench.start })
    #expect((before.close - Price("100000")).magnitude < "300", "\(before.close)")
    bench.advance(by: .minutes(1))
  }

  @Test("candleSnapshot is ascending, bounded and ends with the forming candle")
  func snapshot() throws {
    var bench = Bench(btc: .walk(RandomWalk(price: "100000")))
    bench.advance(by: .seconds(150))
    let answer = bench.info(
      #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"1m","#
        + #""startTime":\#((Bench.start - .minutes(3)).milliseconds),"#
        + #""endTime":\#((Bench.start + .hours(1)).milliseconds)}}"#)
    let document = bench.parsed(answer)
    let rows = try #require(document?.elements)
    let opens = rows.compactMap { $0["t"]?.int64 }
    #expect(opens == (-3...2).map { (Bench.start + .minutes($0)).milliseconds })
    #expect(rows.allSatisfy { $0["T"]?.int64 == ($0["t"]?.int64 ?? 0) + 59_999 })
    let all = bench.info(
      #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"15m","startTime":0,"#
        + #""endTime":9000000000000}}"#)
    let whole = bench.parsed(all)
    #expect(whole?.elements?.count ?? 0 <= 5_000)
  }

  @Test("frames of a candle end with its last state before its successor's first")
  func frames() throws {
    var bench = Bench(btc: .walk(RandomWalk(price: "100000")))
    bench.open()
    let first = bench.subscribe(#"{"type":"candle","coin":"BTC","interval":"1m"}"#)
    #expect(first.count == 2 && first[0].contains("subscriptionResponse"))
    let frames = bench.frames { $0.advance(by: .minutes(5)) }
    var last: [Int64: [String]] = [:]
    var opens: [Int64] = []
    for frame in frames {
      let document = bench.parsed(frame)
      let data = try #require(document?["data"])
      let open = try #require(data["t"]?.int64)
      opens.append(open)
      last[open] = ["o", "h", "l", "c", "v"].map { data.member(named: $0.utf8)?.string ?? "" }
    }
    #expect(opens == opens.sorted(), "a successor came before a last state")
    for candle in bench.venue.candles(of: "BTC", .m1).dropLast()
    where candle.openTime >= Bench.start {
      let expected = [candle.open, candle.high, candle.low, candle.close].map {
        $0.decimal(minimumPlaces: 1)
      }
      #expect(
        last[candle.openTime.milliseconds]
          == expected + [candle.volume.decimal(minimumPlaces: 1)])
    }
  }

  @Test("the fast candle frame is what the writer writes")
  func fastFrame() {
    for candle in Self.recording(.m15, from: Bench.start, count: 30, seed: 9) {
      let row = CandleRow(candle)
      var writer = JSONWriter()
      writer.object {
        $0.string("channel", "candle")
        $0.key("data")
        $0.candle(row, of: "BTC", .m15)
      }
      let fast = CandleFrames("BTC", .m15).frame(row)
      #expect(String(decoding: fast, as: UTF8.self) == writer.text)
    }
  }
}
