import Market
import Risk
import Testing

@testable import Strategies

/// Weeks of candles through the runner, and the running measures against their definitions.
@Suite struct VolFlowHourTests {
  /// The fewest whole hours after which every window is full: 24 of returns, 336 and 12 of ranks,
  /// and one for the first return.
  static let warmHours: Int64 = 373

  /// What the trigger hour does.
  enum Ending: Sendable {
    /// Eleven swings of 600, then nearly still.
    case swings
    /// Nearly still, then one jump of 2,000.
    case jump
    /// As quiet as the hours before.
    case none
  }

  /// Hours that swing between 64,000 and a little less above it each time, so that each day is the
  /// quietest so far; the last hour closes far above.
  static func candles(_ ending: Ending, hours: Int64 = warmHours) throws -> [Candle] {
    var candles: [Candle] = []
    var close: Int64 = 64_000
    for index in 0..<(hours * 12) {
      let open = close
      let hour = index / 12
      let isLast = hour == hours - 1
      let isUp = index.isMultiple(of: 2)
      switch ending {
      case .swings where isLast: close = isUp ? 64_600 : index % 12 == 11 ? 64_590 : 64_000
      case .jump where isLast: close = index % 12 == 11 ? 66_000 : isUp ? 64_010 : 64_000
      case .swings, .jump, .none: close = isUp ? 64_000 + 1_000 - 2 * hour : 64_000
      }
      candles.append(
        try candle(
          .m5, at: monday + .minutes(5 * index), open, max(open, close) + 10,
          min(open, close) - 10, close))
    }
    return candles
  }

  static func run(_ candles: [Candle]) throws -> [Decision] {
    Driver.run(
      Feed(candles, deriving: [.m5, .h1]), StrategyRunner(VolFlow(), for: try instrument()))
  }

  @Test func expansionTradesOnceEveryWindowIsFull() throws {
    let decisions = try Self.run(try Self.candles(.swings))
    #expect(decisions.count == Int(Self.warmHours))
    // 372 hours are more than the declared 4,320 candles, and one too few for twelve ranks.
    #expect(decisions.dropLast().allSatisfy { $0.reason == .warmUp })
    let decision = try #require(decisions.last)
    let signal = try #require(decision.signal)
    #expect(decision.setup == VolFlow.expansion)
    // The average true range is (13 × 290 + 620) ÷ 14; the stop 470.36 below 64,590, off tick.
    // 0.45 + 0.20 (never quieter) + 0.20 (four times the average) + 0.15 × (1 − 1/11 ÷ 0.6).
    check(
      .signal(signal),
      .trade(.buy, stop: 64_119, target: 65_768, rr: 25_011, confidence: 9_773))
    #expect(signal.timeStop == decision.time + .hours(24))
  }

  @Test func theMarketUpsideDownIsAShort() throws {
    let mirrored = try Self.candles(.swings).map {
      try #require($0.mirrored(around: Price(whole: 128_000)))
    }
    let signal = try #require(Self.run(mirrored).last?.signal)
    check(
      .signal(signal),
      .trade(.sell, stop: 63_881, target: 62_232, rr: 25_011, confidence: 9_773))
  }

  @Test func oneJumpIsNoExpansion() throws {
    #expect(try Self.run(try Self.candles(.jump)).last?.reason == .singleJump)
  }

  @Test func aQuietHourIsNoSetup() throws {
    #expect(try Self.run(try Self.candles(.none)).last?.reason == .noSetup)
  }

  /// Prices that never move rank in the middle, and measure nothing.
  @Test func flatPricesAreNotQuiet() throws {
    let flat = try (0..<(Self.warmHours * 12)).map {
      try candle(.m5, at: monday + .minutes(5 * $0), 100, 100, 100, 100, volume: 0)
    }
    #expect(try Self.run(flat).last?.reason == .notCompressed)
  }

  /// A missing candle is a gap until it has left the shared window, and no window spans it.
  @Test func aGapBeginsEverythingAnew() throws {
    let missing = monday + .hours(20) + .minutes(25)
    // What is left of the broken hour gives the first return.
    let holed = try Self.candles(.swings, hours: 21 + Self.warmHours - 1)
      .filter { $0.openTime != missing }
    let decisions = try Self.run(holed)
    for decision in decisions where decision.time > missing + .hours(340) {
      let isInWindow = decision.time - missing < .minutes(5 * 4_320)
      let isLast = decision.time == decisions.last?.time
      if isLast {
        #expect(decision.signal != nil)
      } else {
        #expect(decision.reason == (isInWindow ? .gapInHistory : .warmUp))
      }
    }
    // An hour of which the five minutes are not all there is not measured either.
    var state = VolFlow.State()
    let feed = Feed(try Self.candles(.swings), deriving: [.m5, .h1])
    for group in feed.groups {
      for candle in group where candle.timeframe == .h1 || candle.openTime != missing {
        VolFlow().absorb(candle, in: MarketView(), state: &state)
      }
    }
    #expect(state.hours.closedAt != nil)
    #expect(try state.reading(at: #require(state.closedAt)) == nil)
  }

  /// The definitions of section 3.10, counted out anew for each hour.
  struct Recount {
    let candles: [Candle]
    /// The size of the return of each candle.
    private let sizes: [Double]
    /// The volatility of the day up to each hour.
    private let volatilities: [Double]

    init(_ candles: [Candle]) {
      self.candles = candles
      let sizes = candles.indices.map {
        $0 == 0 ? 0 : abs(ln(candles[$0].close.double / candles[$0 - 1].close.double))
      }
      self.sizes = sizes
      volatilities = (0..<candles.count / 12).map { hour in
        guard hour >= 24 else { return 0 }
        let last = hour * 12 + 11
        let sum = (last - 286...last).reduce(0) { $0 + sizes[$1] * sizes[$1 - 1] }
        return (.pi / 2 * 288 / 287 * sum).squareRoot()
      }
    }

    private func variance(_ hour: Int) -> Double {
      (hour * 12..<hour * 12 + 12).reduce(0) { $0 + sizes[$1] * sizes[$1] }
    }

    private func rank(_ hour: Int) -> Double {
      let below = volatilities[hour - 336..<hour].count { $0 < volatilities[hour] }
      return Double(below) / 336
    }

    private func trueRange(_ hour: Int) -> Int64 {
      let bars = candles[hour * 12..<hour * 12 + 12]
      let close = candles[hour * 12 - 1].close
      let high = max(close, bars.map(\.high).max() ?? close)
      let low = min(close, bars.map(\.low).min() ?? close)
      return (high - low).steps
    }

    func reading(_ hour: Int) throws -> VolFlow.Reading {
      let own = variance(hour)
      let before = (hour - 24..<hour).reduce(0) { $0 + variance($1) } / 24
      let largest = try #require(sizes[hour * 12..<hour * 12 + 12].max())
      let day = candles[(hour - 24) * 12..<hour * 12]
      return VolFlow.Reading(
        ranks: (hour - 12..<hour).map(rank), expansion: own / before,
        largestShare: largest * largest / own, high: try #require(day.map(\.high).max()),
        low: try #require(day.map(\.low).min()),
        trueRange: Mean(
          sum: (hour - 13...hour).reduce(0) { $0 + Int128(trueRange($1)) }, count: 14))
    }
  }

  static func isNear(_ left: VolFlow.Reading, _ right: VolFlow.Reading) -> Bool {
    guard let expansion = left.expansion, let other = right.expansion else { return false }
    return left.ranks == right.ranks && abs(expansion / other - 1) < 1e-9
      && abs(left.largestShare / right.largestShare - 1) < 1e-9 && left.high == right.high
      && left.low == right.low && left.trueRange == right.trueRange
  }

  @Test("measures against their definitions; planted: the trigger among the hours before")
  func measures() throws {
    let walk = try Walk(seed: 10, timeframe: .m5, count: 375 * 12, steps: 2).candles()
    let recount = Recount(walk)
    var state = VolFlow.State()
    var seen = 0
    for group in Feed(walk, deriving: [.m5, .h1]).groups {
      for candle in group { VolFlow().absorb(candle, in: MarketView(), state: &state) }
      guard let hour = group.first(where: { $0.timeframe == .h1 }),
        let reading = state.reading(at: hour.closeTime)
      else { continue }
      seen += 1
      let index = Int((hour.openTime - monday).nanoseconds / Interval.hours(1).nanoseconds)
      let expected = try recount.reading(index)
      #expect(Self.isNear(reading, expected))
      // Windows that end an hour late hold the trigger itself.
      var flawed = state
      flawed.hours.variances.push(flawed.hours.variances.back(0))
      flawed.hours.ranks.push(flawed.hours.ranks.back(0))
      let late = try #require(flawed.reading(at: hour.closeTime))
      #expect(!Self.isNear(late, expected))
      #expect(late.expansion != reading.expansion && late.ranks != reading.ranks)
    }
    #expect(seen == 3)
  }
}
