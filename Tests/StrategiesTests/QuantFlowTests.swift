import Choice
import Market
import Risk
import Testing

@testable import Strategies

/// Candles and readings through the runner: measured, fed, starved, signalled.
@Suite struct QuantFlowTests {
  static let count = 603

  /// Four-hour candles: a wild first part, a quiet end, then a breakout at `count`.
  static func candles(_ more: Int64 = 0) throws -> [Candle] {
    var stream = Chooser.seeded(11).stream("closes")
    var candles: [Candle] = []
    var close: Int64 = 1_000_000
    for index in 0..<Int64(count) + more {
      let open = close
      if index == count - 1 {
        close = 1_009_000
      } else {
        let width: Int64 = index < 540 ? 15_000 : 5_000
        close = 1_000_000 + Int64(stream.draw(below: UInt64(2 * width + 1))) - width
      }
      candles.append(
        try candle(
          .h4, at: monday + .hours(4 * index), open, max(open, close) + 1_000,
          min(open, close) - 1_000, close))
    }
    return candles
  }

  static let close = monday + .hours(4 * Int64(count))

  static func received(_ reading: Reading, before age: Interval) -> ReceivedReading {
    ReceivedReading(reading, received: close - age)
  }

  /// A chain whose calls (or puts) weigh more.
  static func chain(_ calls: Int64, _ puts: Int64, before age: Interval) -> ReceivedReading {
    let time = close - age
    let quotes = [(true, calls), (false, puts)].map { isCall, interest in
      OptionQuote(
        expiry: time + .days(30), strike: Price(whole: 1_000_000), isCall: isCall,
        impliedVolatility: "0.5", openInterest: Quantity(whole: interest),
        underlying: Price(whole: 1_000_000))
    }
    return received(
      .optionChain(OptionChain(symbol: "BTC", venue: .deribit, time: time, quotes: quotes)),
      before: age)
  }

  static func index(_ value: Fraction, before age: Interval) -> ReceivedReading {
    received(
      .volatilityIndex(
        VolatilityIndex(symbol: "BTC", venue: .deribit, time: close - age, value: value)),
      before: age)
  }

  static func interest(_ coins: Int64, before age: Interval) -> ReceivedReading {
    received(
      .openInterest(
        OpenInterest(
          symbol: "BTC", venue: .binance, time: close - age, quantity: Quantity(whole: coins))),
      before: age)
  }

  static func runner(
    _ change: (inout QuantFlow.Configuration) -> Void = { _ in }
  ) throws -> StrategyRunner<QuantFlow> {
    var configuration = QuantFlow.Configuration()
    change(&configuration)
    return StrategyRunner(QuantFlow(configuration), for: try instrument())
  }

  /// Feeds candles, each after the readings received until its close.
  static func run(
    _ runner: StrategyRunner<QuantFlow>, _ readings: [ReceivedReading] = [],
    _ candles: [Candle]? = nil, restarting: Bool = false
  ) throws -> Driver {
    var driver = Driver(runner)
    var rest = readings.sorted { $0.received < $1.received }[...]
    for candle in try candles ?? Self.candles() {
      while let next = rest.first, next.received <= candle.closeTime {
        driver.view.note(next)
        driver.instance.absorb(next, in: driver.view)
        rest = rest.dropFirst()
      }
      driver.feed([candle])
      guard restarting else { continue }
      var fresh = runner
      try fresh.restore(stateBytes: driver.instance.stateBytes)
      #expect(fresh.stateBytes == driver.instance.stateBytes)
      driver.instance = fresh
    }
    return driver
  }

  static func reading(_ driver: Driver) throws -> QuantFlow.Reading {
    let runner = try #require(driver.instance as? StrategyRunner<QuantFlow>)
    let time = try #require(driver.decisions.last).time
    return try #require(runner.strategy.reading(runner.state, at: time))
  }

  @Test func theWindowsFollowTheirDefinition() throws {
    var lengths = QuantFlow.Lengths()
    lengths.realised = 9
    lengths.recent = 4
    lengths.ranked = 12
    lengths.lag = 3
    var chart = QuantFlow.Chart(lengths)
    var closes: [Double] = []
    var differences = 0
    func volatility(_ length: Int, endingAt end: Int) -> Double {
      let squares = (end - length + 1...end).map { index in
        let change = ln(closes[index] / closes[index - 1])
        return change * change
      }
      return (2_190 * squares.reduce(0, +) / Double(length)).squareRoot()
    }
    func rank(_ value: Double, _ values: [Double]) -> Double {
      let below = values.filter { $0 < value - 1e-12 }.count
      let equal = values.filter { ($0 - value).magnitude <= 1e-12 }.count
      return (Double(below) + 0.5 * Double(equal)) / Double(values.count)
    }
    for candle in try Self.candles().prefix(120) {
      chart.absorb(candle, openInterest: nil)
      closes.append(Double(candle.close.steps))
      let last = closes.count - 1
      #expect((chart.rank != nil) == (last >= 4 + 12))
      #expect((chart.realisedVolatility != nil) == (last >= 9))
      guard last >= 16 else { continue }
      let realised = try #require(chart.realisedVolatility)
      #expect((realised - volatility(9, endingAt: last)).magnitude < 1e-9)
      let now = volatility(4, endingAt: last)
      let before = (last - 12..<last).map { volatility(4, endingAt: $0) }
      #expect(chart.rank == rank(now, before))
      #expect(chart.isCooling == (now < volatility(4, endingAt: last - 3)))
      // The planted off-by-one: the value ranked is among the values.
      if rank(now, Array(before.dropFirst()) + [now]) != chart.rank { differences += 1 }
    }
    #expect(differences > 50)
  }

  @Test func aQuietMarketBreaksOutWithoutOptions() throws {
    let driver = try Self.run(try Self.runner())
    #expect(driver.decisions.dropLast().allSatisfy { $0.reason == .warmUp })
    let decision = try #require(driver.decisions.last)
    let signal = try #require(decision.signal)
    #expect(try Self.reading(driver).regime == .compressed)
    #expect(decision.setup == QuantFlow.donchian && signal.side == .buy)
    #expect(signal.entry == Price(whole: 1_009_000) && signal.stop < signal.entry)
    // The target is two and a half times the rounded risk.
    let risk = signal.entry - signal.stop
    #expect((signal.target - signal.entry).steps * 2 - risk.steps * 5 <= Price(whole: 2).steps)
    #expect(signal.rewardToRisk.count >= 25_000)
    #expect(signal.confidence.count == 4_250)
    #expect(driver.instance.health(at: Self.close, in: driver.view).state == .degraded)
  }

  @Test func everyReadingCounts() throws {
    let day = Interval.hours(24)
    let fed = [
      Self.chain(10, 90, before: .minutes(60)), Self.index("0.3", before: .minutes(30)),
      Self.interest(1_000, before: day), Self.interest(1_020, before: .seconds(600)),
    ]
    // In the quiet end the rank is too low for an expansion by default.
    let lenient = try Self.runner {
      $0.expansionRank = 0
      $0.expansionRatio = 1.5
    }
    let whole = try Self.run(lenient, fed)
    let reading = try Self.reading(whole)
    #expect(reading.regime == .expansion)
    #expect(reading.impliedVolatility == 0.3)
    #expect(reading.openInterestChange == 0.02)
    let options = try #require(reading.options)
    #expect(options.exposure(.longCalls) == -options.exposure(.shortCalls))
    #expect(options.exposure(.longCalls) < 0)
    // Both signs are written beside the decision.
    let note = try #require(whole.decisions.last).note
    let gamma = try #require(Int64(nearest: options.exposure(.shortCalls)))
    #expect(note.hasPrefix("EXPANSION: IV 0.3, RV30 0."), "\(note)")
    #expect(
      note.contains("gamma with long calls -\(gamma), with short calls \(gamma), "), "\(note)")
    #expect(note.hasSuffix("open interest 0.02"), "\(note)")
    let signal = try #require(whole.decisions.last?.signal)
    let separation = 0.20 * clamp((1 - (try #require(reading.ratio))) / 0.25)
    let expected = Int64(((0.725 + separation) * 1e4).rounded())
    #expect((signal.confidence.count - expected).magnitude <= 1)
    // The other sign is another regime.
    let opposite = try Self.run(
      try Self.runner {
        $0.expansionRank = 0
        $0.expansionRatio = 1.5
        $0.convention = .shortCalls
      }, fed)
    #expect(try Self.reading(opposite).regime != .expansion)
    #expect(opposite.decisions.last?.reason == .regimeNeutral)
  }

  @Test func staleReadingsDoNotCount() throws {
    let hair = Interval(nanoseconds: 1)
    let lenient = try Self.runner {
      $0.expansionRank = 0
      $0.expansionRatio = 1.5
    }
    func reading(_ readings: [ReceivedReading]) throws -> QuantFlow.Reading {
      try Self.reading(try Self.run(lenient, readings))
    }
    let chain = Self.chain(10, 90, before: .minutes(60))
    // The index is too old: the chain's own volatility takes its place.
    let fallback = try reading([chain, Self.index("0.3", before: .minutes(30) + hair)])
    #expect((try #require(fallback.impliedVolatility) - 0.5).magnitude < 1e-9)
    // The chain is too old: options are unknown, whatever the index says.
    let old = try reading([
      Self.chain(10, 90, before: .minutes(60) + hair), Self.index("0.3", before: .minutes(30)),
    ])
    #expect(old.options == nil && old.regime == .compressed && old.impliedVolatility == 0.3)
    // Both ends of the open interest must have been fresh.
    let day = Interval.hours(24)
    let ends = [
      (Interval.zero, Interval.seconds(600), true), (.zero, .seconds(600) + hair, false),
      (.seconds(600), .zero, true), (.seconds(600) + hair, .zero, false),
    ]
    for (then, now, isKnown) in ends {
      let reading = try reading([
        Self.interest(1_000, before: day + then), Self.interest(1_020, before: now),
      ])
      #expect((reading.openInterestChange != nil) == isKnown)
    }
    // Six bars, not five and not seven.
    let shifted = try reading([
      Self.interest(1_000, before: .hours(28)), Self.interest(2_000, before: day),
      Self.interest(3_000, before: .hours(20)), Self.interest(4_000, before: .zero),
    ])
    #expect(shifted.openInterestChange == 1)
  }

  @Test func openInterestMustBuildBehindABreakout() throws {
    let driver = try Self.run(
      try Self.runner(),
      [
        Self.interest(1_000, before: .hours(24)), Self.interest(1_009, before: .zero),
      ])
    #expect(driver.decisions.last?.reason == .openInterestNotBuilding)
  }

  @Test func aRestartAfterAnyCandleChangesNothing() throws {
    let readings = [
      Self.chain(90, 10, before: .minutes(45)), Self.index("0.6", before: .minutes(10)),
      Self.interest(1_000, before: .hours(24)), Self.interest(1_020, before: .minutes(5)),
    ]
    let runner = try Self.runner { $0.warmUp = 590 }
    let candles = try Self.candles(20)
    let expected = try Self.run(runner, readings, candles)
    let restarted = try Self.run(runner, readings, candles, restarting: true)
    #expect(restarted.decisions == expected.decisions)
    #expect(Set(expected.decisions.map(\.reason)).count > 2)
  }

  @Test func pricesInAnotherUnitDecideAlike() throws {
    // Near 1,000, where ten times the price has ten times the tick.
    func thousandth(_ price: Price) -> Price { Price(steps: price.steps / 1_000) }
    let candles = try Self.candles(60).map {
      try Candle(
        symbol: $0.symbol, timeframe: $0.timeframe, venue: $0.venue, openTime: $0.openTime,
        open: thousandth($0.open), high: thousandth($0.high), low: thousandth($0.low),
        close: thousandth($0.close), volume: $0.volume)
    }
    let scaled = candles.compactMap { $0.scaled(price: 10, volume: 7) }
    let runner = try Self.runner { $0.warmUp = 590 }
    let one = try Self.run(runner, [], candles).decisions.map { $0.scaled(price: 10).unitFree }
    let ten = try Self.run(runner, [], scaled).decisions.map(\.unitFree)
    #expect(one.count == ten.count && zip(one, ten).first { $0 != $1 } == nil)
    #expect(one.contains { $0.side != nil })
  }

  @Test func aGapStartsTheMeasurementAnew() throws {
    var candles = try Self.candles(30)
    candles.remove(at: 300)
    let driver = try Self.run(try Self.runner(), [], candles)
    #expect(driver.decisions.dropFirst(603).allSatisfy { $0.reason == .gapInHistory })
    let runner = try #require(driver.instance as? StrategyRunner<QuantFlow>)
    // 331 candles since the gap do not fill 540 ranks.
    #expect(runner.state.chart.rank == nil && runner.state.chart.realisedVolatility != nil)
  }

  @Test func aFlatMarketSaysSo() throws {
    let flat = try (0..<Int64(Self.count)).map {
      try candle(.h4, at: monday + .hours(4 * $0), 1_000, 1_000, 1_000, 1_000)
    }
    #expect(try Self.run(try Self.runner(), [], flat).decisions.last?.reason == .flatSeries)
  }

  @Test func otherLengthsStartAnew() throws {
    let candles = try Self.candles()
    let driver = try Self.run(try Self.runner(), [], candles)
    var short = try Self.runner {
      $0.lengths.ranked = 100
      $0.warmUp = 200
    }
    try short.restore(stateBytes: driver.instance.stateBytes)
    let next = try #require(try Self.candles(1).last)
    short.absorb(next, in: driver.view)
    #expect(short.state.chart.lengths == short.strategy.configuration.lengths)
    #expect(short.state.chart.closes.count == 1)
  }

  @Test func damagedBytesAreRefusedOrHarmless() throws {
    let driver = try Self.run(try Self.runner(), [Self.chain(90, 10, before: .minutes(45))])
    let bytes = driver.instance.stateBytes
    let next = try Self.candles(3).suffix(3)
    var outcomes = (refused: 0, taken: 0)
    for offset in stride(from: 0, to: bytes.count, by: 37) {
      var damaged = bytes
      damaged[offset] ^= 0xff
      var copy = driver
      guard (try? copy.instance.restore(stateBytes: damaged)) != nil else {
        outcomes.refused += 1
        continue
      }
      outcomes.taken += 1
      for candle in next { copy.feed([candle]) }
    }
    #expect(outcomes.refused > 0 && outcomes.taken > 0)
  }
}
