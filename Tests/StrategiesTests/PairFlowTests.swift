import Market
import Risk
import Testing

@testable import Strategies

/// Both legs through the runner: fed, fitted, signalled, held and left.
@Suite struct PairFlowTests {
  static func make(other: Bool = true) throws -> any StrategyInstance {
    let (one, two) = (try instrument("BTC"), try instrument("ETH"))
    return try #require(
      StrategyCatalog.make(PairFlow.id, for: one, among: other ? [one, two] : [one]).first)
  }

  static func run(_ feed: PairFeed) throws -> [Decision] {
    var driver = Driver(try make())
    for group in feed.bars { driver.feed(group) }
    return driver.decisions
  }

  /// Drives a feed until its first signal; returns the driver and what comes after.
  static func signalled(
    _ seed: UInt64 = 3
  ) throws -> (driver: Driver, signal: Signal, rest: [[Candle]]) {
    let feed = try PairFeed(seed: seed, count: 1_500)
    var driver = Driver(try make())
    for (index, group) in feed.bars.enumerated() {
      if let signal = driver.feed(group)?.signal {
        return (driver, signal, Array(feed.bars[(index + 1)...]))
      }
    }
    throw UnexpectedOutcome(outcome: .noTrade(.noSetup))
  }

  @Test func everyPairIsMadeOnce() throws {
    let instruments = try ["BTC", "ETH", "SOL"].map { try instrument($0) }
    let made = instruments.flatMap {
      StrategyCatalog.make(PairFlow.id, for: $0, among: instruments)
    }
    #expect(made.map(\.subject) == ["BTC/ETH", "BTC/SOL", "ETH/SOL"])
    #expect(made.map(\.instrument.symbol) == ["BTC", "BTC", "ETH"])
    #expect(made.map { $0.otherLeg?.symbol } == ["ETH", "SOL", "SOL"])
    #expect(made.allSatisfy { $0.trigger == .h4 && $0.review == .m15 })
  }

  @Test func aSignalFollowsFromTheBarsBefore() throws {
    let (driver, signal, _) = try Self.signalled()
    let decision = try #require(driver.decisions.last)
    #expect(decision.symbol == "BTC/ETH" && decision.setup == PairFlow.reversion)
    // The same line, fitted here on the 180 bars before the last.
    let view = driver.view
    let one = try #require(view.candles("BTC", .h4))
    let two = try #require(view.candles("ETH", .h4))
    let back = (0..<182).reversed()
    let first = try back.map { ln(try #require(one.back($0)).close.double) }
    let other = try back.map { ln(try #require(two.back($0)).close.double) }
    let line = try #require(PairLine(Array(first[1...180]), over: Array(other[1...180])))
    let now = line.score(first[181], other[181])
    #expect((2...2.75).contains(now.magnitude))
    #expect(line.score(first[180], other[180]).magnitude < 2)
    #expect(signal.side == (now > 0 ? .sell : .buy))
    let ratio = now.magnitude / (3 - now.magnitude)
    #expect((Double(signal.rewardToRisk.count) - ratio * 1e4).magnitude <= 0.51)
    // Each leg alone at its stop, its target and its catastrophe.
    let pair = try #require(signal.pair)
    let entry = (ln(signal.entry.double), ln(pair.entry.double))
    func close(_ score: Double, _ expected: Double) -> Bool {
      // One tick is at most 1e-4 of a price.
      (score.magnitude - expected).magnitude < 1e-4 * max(1, line.beta) / line.deviation
    }
    #expect(close(line.score(ln(signal.stop.double), entry.1), 3))
    #expect(close(line.score(ln(signal.target.double), entry.1), 0))
    #expect(close(line.score(ln(pair.firstCatastrophicStop.double), entry.1), 4))
    #expect(close(line.score(entry.0, ln(pair.stop.double)), 3))
    #expect(close(line.score(entry.0, ln(pair.target.double)), 0))
    #expect(close(line.score(entry.0, ln(pair.catastrophicStop.double)), 4))
    // A line that knows the bar it judges is another line: the planted look-ahead.
    let ahead = try #require(PairLine(Array(first[2...181]), over: Array(other[2...181])))
    #expect(ahead != line && (ahead.score(first[181], other[181]) - now).magnitude > 1e-3)
  }

  @Test func decisionsAreAlikeWhateverTheUnits() throws {
    let feed = try PairFeed(seed: 3, count: 900)
    let expected = try Self.run(feed)
    #expect(expected.contains { $0.signal != nil })
    let scaled = try Self.run(try feed.mapped { $0 == "BTC" ? $1 * 10 : $1 * 100 })
    #expect(scaled.map(\.reason) == expected.map(\.reason))
    #expect(scaled.map { $0.signal?.side } == expected.map { $0.signal?.side })
    // In the mirror of a logarithm every side turns and no figure does.
    let mirrored = try Self.run(try feed.mapped { $0 == "BTC" ? 1e9 / $1 : 1e7 / $1 })
    #expect(mirrored.map(\.reason) == expected.map(\.reason))
    #expect(mirrored.map { $0.signal?.side } == expected.map { $0.signal?.side.opposite })
    let figures = { (decisions: [Decision]) in
      decisions.compactMap { $0.signal.map { [$0.rewardToRisk.count, $0.confidence.count] } }
    }
    for (one, two) in zip(figures(mirrored).joined(), figures(expected).joined()) {
      #expect((one - two).magnitude <= 1)
    }
  }

  // PF-7.
  @Test func PF7_withoutTheOtherLeg() throws {
    var driver = Driver(try Self.make())
    for group in try PairFeed(seed: 3, count: 400).bars { driver.feed([group[0]]) }
    #expect(driver.decisions.prefix(181).allSatisfy { $0.reason == .warmUp })
    #expect(driver.decisions.dropFirst(181).allSatisfy { $0.reason == .legUnavailable })
    #expect(driver.decisions.count == 400)
    // Candles of an instrument that the venue has not described are no leg either.
    var unknown = Driver(try Self.make(other: false))
    for group in try PairFeed(seed: 3, count: 400).bars { unknown.feed(group) }
    #expect(unknown.decisions.last?.reason == .legUnavailable)
  }

  @Test func theOtherLegNeedsTheSameBars() throws {
    let feed = try PairFeed(seed: 3, count: 600)
    var driver = Driver(try Self.make())
    for (index, group) in feed.bars.enumerated() {
      driver.feed(index == 300 ? [group[0]] : group)
    }
    let reasons = driver.decisions.map(\.reason)
    #expect(reasons[299] != .legUnavailable)
    // 181 more bars until the hole has left the window: one fewer is a planted mistake.
    #expect(reasons[300...481].allSatisfy { $0 == .legUnavailable })
    #expect(reasons[482] != .legUnavailable)
    // The other leg's warm-up is judged likewise.
    var late = Driver(try Self.make())
    for (index, group) in feed.bars.enumerated() { late.feed(index < 100 ? [group[0]] : group) }
    #expect(late.decisions[280].reason == .legUnavailable)
    #expect(late.decisions[281].reason != .legUnavailable)
    // An old close of the other leg is not a close: the planted stale input.
    var stale = Driver(try Self.make())
    for (index, group) in feed.bars.enumerated() {
      let old = feed.bars[max(0, index - 1)][1]
      stale.feed([group[0], old])
    }
    #expect(stale.decisions.dropFirst(181).allSatisfy { $0.reason == .legUnavailable })
  }

  @Test func aGapOfTheFirstLegIsAGap() throws {
    let feed = try PairFeed(seed: 3, count: 500)
    var driver = Driver(try Self.make())
    for (index, group) in feed.bars.enumerated() where index != 300 { driver.feed(group) }
    #expect(driver.decisions[300].reason == .gapInHistory)
    #expect(driver.decisions[480].reason == .gapInHistory)
    #expect(driver.decisions[482].reason != .gapInHistory)
  }

  @Test func aRestartAfterAnyBarChangesNothing() throws {
    let feed = try PairFeed(seed: 3, count: 420)
    let expected = try Self.run(feed)
    var driver = Driver(try Self.make())
    for group in feed.bars {
      driver.feed(group)
      let bytes = driver.instance.stateBytes
      var fresh = try Self.make()
      try fresh.restore(stateBytes: bytes)
      #expect(fresh.stateBytes == bytes)
      driver.instance = fresh
    }
    #expect(driver.decisions == expected)
  }

  @Test func theOrderWithinOneCloseTimeDoesNotMatter() throws {
    let feed = try PairFeed(seed: 3, count: 420)
    var driver = Driver(try Self.make())
    for group in feed.bars { driver.feed(group.reversed()) }
    #expect(driver.decisions == (try Self.run(feed)))
  }

  @Test func aMemoryOfAnotherLengthIsNone() throws {
    let ether = try instrument("ETH")
    var configuration = PairFlow.Configuration()
    configuration.length = 60
    let short = PairFlow(configuration, other: "ETH", otherInstrument: ether)
    let feed = try PairFeed(seed: 3, count: 300)
    var driver = Driver(try Self.make())
    for group in feed.bars.prefix(200) { driver.feed(group) }
    var runner = StrategyRunner(
      short, for: try instrument(), otherLeg: ether, subject: "BTC/ETH")
    try runner.restore(stateBytes: driver.instance.stateBytes)
    driver.instance = runner
    for group in feed.bars.dropFirst(200) { driver.feed(group) }
    #expect(driver.decisions[260].reason == .legUnavailable)
    #expect(driver.decisions[261].reason != .legUnavailable)
  }

  @Test func damagedBytesAreRefusedOrHarmless() throws {
    var driver = Driver(try Self.make())
    let bars = try PairFeed(seed: 3, count: 300).bars
    for group in bars.prefix(250) { driver.feed(group) }
    let bytes = driver.instance.stateBytes
    var refused = 0
    for offset in stride(from: 0, to: bytes.count, by: 7) {
      var damaged = bytes
      damaged[offset] ^= 0xff
      var copy = driver
      do { try copy.instance.restore(stateBytes: damaged) } catch {
        refused += 1
        continue
      }
      if offset.isMultiple(of: 4) { for group in bars.suffix(3) { copy.feed(group) } }
    }
    #expect(refused > 0 && refused < bytes.count / 7)
    #expect(throws: BinaryFault.self) {
      try driver.instance.restore(stateBytes: Array(bytes.dropLast()))
    }
  }
}
