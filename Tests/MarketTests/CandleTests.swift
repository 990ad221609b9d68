import Market
import Testing

@Suite("Candles and timeframes")
struct CandleTests {
  @Test(
    "A candle opens where its timeframe is anchored",
    arguments: [
      (.m1, "2025-01-27T13:02:59.999999999Z", "2025-01-27T13:02:00Z"),
      (.m5, "2025-01-27T13:04:59Z", "2025-01-27T13:00:00Z"),
      (.m15, "2025-01-27T13:15:00Z", "2025-01-27T13:15:00Z"),
      (.h1, "2025-01-27T13:59:59Z", "2025-01-27T13:00:00Z"),
      (.h4, "2025-01-27T15:59:59Z", "2025-01-27T12:00:00Z"),
      (.d1, "2025-01-27T23:59:59Z", "2025-01-27T00:00:00Z"),
      // Three days are counted from 1970-01-01; 2025-01-27 is day 20,115, a multiple of three.
      (.d3, "1970-01-03T23:59:59Z", "1970-01-01T00:00:00Z"),
      (.d3, "1970-01-04T00:00:00Z", "1970-01-04T00:00:00Z"),
      (.d3, "2025-01-26T23:59:59Z", "2025-01-24T00:00:00Z"),
      (.d3, "2025-01-29T13:00:00Z", "2025-01-27T00:00:00Z"),
      // Weeks open on Monday; the epoch was a Thursday.
      (.w1, "1970-01-01T00:00:00Z", "1969-12-29T00:00:00Z"),
      (.w1, "1970-01-05T00:00:00Z", "1970-01-05T00:00:00Z"),
      (.w1, "2025-01-26T23:59:59.999999999Z", "2025-01-20T00:00:00Z"),
      (.w1, "2025-01-27T00:00:00Z", "2025-01-27T00:00:00Z"),
      // Before the epoch the way is still down.
      (.m1, "1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:00Z"),
      (.d3, "1969-12-31T00:00:00Z", "1969-12-29T00:00:00Z"),
    ] as [(Timeframe, String, String)])
  func anchors(timeframe: Timeframe, inside: String, open: String) throws {
    let inside = try #require(Instant(iso8601: inside))
    #expect(timeframe.open(containing: inside).description == open)
  }

  @Test(
    "Opening times are fixed points and cover every instant once", arguments: Timeframe.allCases)
  func partition(timeframe: Timeframe) {
    var words = Words(seed: 3)
    for _ in 0..<1_000 {
      let instant = Instant(nanoseconds: Int64(words.below(8_000_000_000_000_000_000)))
      let open = timeframe.open(containing: instant)
      #expect(open <= instant && instant < open + timeframe.interval)
      #expect(timeframe.open(containing: open) == open)
      let next = open + timeframe.interval
      #expect(timeframe.open(containing: next) == next)
      #expect(timeframe.open(containing: next - Interval(nanoseconds: 1)) == open)
    }
  }

  @Test("A timeframe's name reads back and nothing else does")
  func names() {
    for timeframe in Timeframe.allCases {
      #expect(Timeframe(name: timeframe.name) == timeframe)
    }
    for name in ["", "1M", "1 m", "2m", "60", "1D", "1m "] {
      #expect(Timeframe(name: name) == nil)
    }
    let lengths = Timeframe.allCases.map(\.interval)
    #expect(lengths == lengths.sorted())
    #expect(Timeframe.allCases == Timeframe.allCases.sorted())
  }

  struct Parts: Sendable {
    var open: Price = "100"
    var high: Price = "110"
    var low: Price = "90"
    var close: Price = "105"
    var volume: Quantity = "3"
    var split: TakerSplit? = TakerSplit(buy: "2", sell: "7", coverage: "0.5")
    var openTime = Instant(milliseconds: 1_737_982_800_000)

    func with(_ change: (inout Self) -> Void) -> Self {
      var copy = self
      change(&copy)
      return copy
    }

    func candle() throws(CandleFault) -> Candle {
      try Candle(
        symbol: "BTC", timeframe: .m15, venue: .hyperliquid, openTime: openTime, open: open,
        high: high, low: low, close: close, volume: volume, takerSplit: split)
    }
  }

  @Test(
    "Sound parts make a candle",
    arguments: [
      Parts(), Parts().with { $0.split = nil },
      Parts().with {
        $0.volume = .zero
        $0.split = TakerSplit(buy: .zero, sell: .zero, coverage: "1")
      },
      Parts().with {
        $0.open = "90"; $0.high = "90"; $0.close = "90"
      },
      Parts().with {
        $0.open = "110"; $0.close = "90"
      },
      Parts().with { $0.openTime = Instant(nanoseconds: 0) },
    ])
  func sound(parts: Parts) throws {
    let candle = try parts.candle()
    #expect(candle.closeTime - candle.openTime == .minutes(15))
  }

  @Test(
    "Parts that contradict one another do not",
    arguments: [
      (Parts().with { $0.low = .zero }, .priceNotPositive),
      (Parts().with { $0.low = "-1" }, .priceNotPositive),
      (Parts().with { $0.high = "104" }, .outsideRange),
      (
        Parts().with {
          $0.high = "99"; $0.close = "95"
        }, .outsideRange
      ),
      (Parts().with { $0.low = "101" }, .outsideRange),
      (Parts().with { $0.close = "89" }, .outsideRange),
      (
        Parts().with {
          $0.volume = "-1"; $0.split = nil
        }, .badVolume
      ),
      (
        Parts().with { $0.split = TakerSplit(buy: "-1", sell: "1", coverage: "1") },
        .badTakerSplit
      ),
      (
        Parts().with { $0.split = TakerSplit(buy: "1", sell: "-1", coverage: "1") },
        .badTakerSplit
      ),
      (
        Parts().with { $0.split = TakerSplit(buy: "1", sell: "1", coverage: "1.00000001") },
        .badTakerSplit
      ),
      (Parts().with { $0.openTime.nanoseconds += 1 }, .misaligned),
      (Parts().with { $0.openTime = $0.openTime + .minutes(5) }, .misaligned),
      (Parts().with { $0.openTime = Instant(nanoseconds: .max) }, .misaligned),
      (Parts().with { $0.openTime = Instant(nanoseconds: .min) }, .misaligned),
      (Parts().with { $0.openTime = Instant(nanoseconds: 9_223_371_900_000_000_000) }, .misaligned),
    ] as [(Parts, CandleFault)])
  func unsound(parts: Parts, fault: CandleFault) {
    #expect(throws: fault) { try parts.candle() }
  }

  @Test("Milliseconds from outside make an instant whose candles all close within range")
  func outsideMilliseconds() throws {
    #expect(Instant(exactlyMilliseconds: -1) == nil)
    #expect(Instant(exactlyMilliseconds: .max) == nil)
    #expect(Instant(exactlyMilliseconds: 9_214_646_400_000) == nil)
    let last = try #require(Instant(exactlyMilliseconds: 9_214_646_399_999))
    for timeframe in Timeframe.allCases {
      #expect(timeframe.open(containing: last) + timeframe.interval > last)
    }
  }
}
