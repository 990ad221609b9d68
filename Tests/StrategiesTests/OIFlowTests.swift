import Market
import Risk
import Testing

@testable import Strategies

/// Quarter hours with open interest polled every five minutes.
struct InterestFeed {
  var bars: [InterestBar]

  /// As many quiet bars like `first` before `bars`.
  init(quiet first: InterestBar, count: Int, then bars: [InterestBar]) {
    self.bars = Array(repeating: first, count: count) + bars
  }

  /// A divergence at the prices of case OI-1, with a true range that the candles make; at its dip
  /// open interest has not fallen, so that no other begins there.
  static func divergence(side: Side = .sell) -> InterestFeed {
    let feed = InterestFeed(
      quiet: InterestBar("100", "100.5", "99.5", "100", 50_000), count: 64,
      then: OIFlowCaseTests.ten.enumerated().map { index, bar in
        (3...4).contains(index) ? bar.holding(50_000) : bar
      })
    guard side == .buy else { return feed }
    var mirrored = feed
    mirrored.bars = feed.bars.map { $0.mirrored(around: "200") }
    return mirrored
  }

  /// A flush at the prices of case OI-5.
  static func flush(side: Side = .buy) -> InterestFeed {
    let feed = InterestFeed(
      quiet: InterestBar("60000", "60250", "59750", "60000", 82_000), count: 64,
      then: Array(OIFlowCaseTests.flush(OIFlowCaseTests.flushed).dropFirst()))
    guard side == .sell else { return feed }
    var mirrored = feed
    mirrored.bars = feed.bars.map { $0.mirrored(around: "120000") }
    return mirrored
  }

  static func reading(_ interest: Int64, at time: Instant) -> Reading {
    .openInterest(
      OpenInterest(
        symbol: "BTC", venue: .binance, time: time, quantity: Quantity(whole: interest)))
  }

  /// Polls at the fifth, the tenth and just before the fifteenth minute; the last tells the figure
  /// of the bar, the others less.
  static func receive<S: Strategy>(
    _ bar: InterestBar, _ candle: Candle, into fed: inout Fed<S>
  ) {
    guard let interest = bar.interest else { return }
    for (minute, less) in [(5, 700), (10, 300), (15, 0)] {
      let time = candle.openTime + .minutes(Int64(minute)) - .seconds(10)
      fed.receive(reading(interest - Int64(less), at: time), at: time)
    }
  }

  /// All decisions, in order.
  func run<S: Strategy>(_ strategy: S, restarting: Bool = false) throws -> [Decision] {
    var fed = try Fed(strategy)
    return try bars.enumerated().map { index, bar in
      let candle = try bar.candle(Int64(index))
      Self.receive(bar, candle, into: &fed)
      if restarting { try fed.restart() }
      let decision = try fed.close(candle)
      if restarting { try fed.restart() }
      return decision
    }
  }
}

/// From polls and candles to a trade, through the runner.
@Suite struct OIFlowTests {
  @Test("a divergence", arguments: [Side.sell, .buy]) func divergence(_ side: Side) throws {
    let decisions = try InterestFeed.divergence(side: side).run(OIFlow())
    #expect(decisions[..<63].allSatisfy { $0.reason == .warmUp })
    #expect(decisions[63].reason == .noSetup)
    #expect(decisions[72].reason == .armed)
    let decision = decisions[73]
    let signal = try #require(decision.signal)
    #expect(decision.setup == OIFlow.divergence)
    #expect(signal.side == side)
    // The average range is 22.5 / 14, a tenth of it 0.1607, the tick 0.01.
    #expect(signal.stop == (side == .sell ? "103.97" : "96.03"))
    #expect(signal.target == (side == .sell ? "98" : "102"))
    #expect(signal.rewardToRisk.count == 20_305)
    let gap = 1 - 49_200.0 / 50_300
    let confidence = 0.45 + 0.25 * (gap - 0.01) / 0.03 + 0.15 * (4 / 1.97 - 2) / 2
    #expect(signal.confidence == TenThousandths(nearest: confidence))
  }

  @Test("a flush", arguments: [Side.buy, .sell]) func flush(_ side: Side) throws {
    let decisions = try InterestFeed.flush(side: side).run(OIFlow())
    let decision = try #require(decisions.last)
    let signal = try #require(decision.signal)
    #expect(decision.setup == OIFlow.flush)
    #expect(signal.side == side)
    #expect(signal.stop == (side == .buy ? "58250" : "61750"))
    #expect(signal.target == "60000")
    #expect(signal.rewardToRisk.count == 25_000)
    #expect(signal.confidence.count == 6_490)
    #expect(decisions.dropLast().allSatisfy { $0.signal == nil })
  }

  @Test("a restart before and after every candle changes nothing") func restart() throws {
    for feed in [InterestFeed.divergence(), .divergence(side: .buy), .flush(), .flush(side: .sell)]
    {
      let decisions = try feed.run(OIFlow())
      #expect(decisions.last?.signal != nil)
      #expect(try feed.run(OIFlow(), restarting: true) == decisions)
    }
  }

  @Test("a divergence triggers once, whatever comes of it") func once() throws {
    var feed = InterestFeed.divergence()
    feed.bars.append(InterestBar("102", "102.5", "101.5", "101.9", 49_100))
    var fed = try Fed(OIFlow())
    for (index, bar) in feed.bars.enumerated() {
      let candle = try bar.candle(Int64(index))
      InterestFeed.receive(bar, candle, into: &fed)
      let decision = try fed.close(candle, holding: index == 73)
      switch index {
      case 72: try #expect(fed.runner.state.short.armed != nil)
      case 73: #expect(decision.reason == .alreadyInPosition)
      // Below the low of the extreme bar as well, but not the first to close there.
      case 74: #expect(decision.reason == .noSetup)
      default: break
      }
    }
  }

  @Test("stale open interest: no decision at that close, and none that would need its figure")
  func holes() throws {
    var feed = InterestFeed.divergence()
    let extreme = feed.bars.count - 2
    feed.bars[extreme] = feed.bars[extreme].holding(nil)
    let decisions = try feed.run(OIFlow())
    #expect(decisions[extreme].reason == .openInterestStale)
    // Nothing was armed; and the rise that ended there cannot be judged as a flush.
    #expect(decisions[extreme + 1].setup == OIFlow.flush)
    #expect(decisions[extreme + 1].reason == .openInterestStale)
    // The reference without a figure: the extreme cannot be judged.
    feed = InterestFeed.divergence()
    feed.bars[extreme - 6] = feed.bars[extreme - 6].holding(nil)
    #expect(try feed.run(OIFlow())[extreme].reason == .openInterestStale)
    // A hole elsewhere costs that bar alone: the windows fill one bar later.
    feed = InterestFeed.divergence()
    feed.bars[extreme - 20] = feed.bars[extreme - 20].holding(nil)
    let holed = try feed.run(OIFlow())
    #expect(holed[63].reason == .warmUp)
    #expect(holed[64].reason == .noSetup)
    #expect(holed.last?.signal != nil)
  }

  @Test("open interest that never came starves it; funding that never came does not")
  func health() throws {
    var feed = InterestFeed.divergence()
    var fed = try Fed(OIFlow())
    for (index, bar) in feed.bars.enumerated() {
      let candle = try bar.candle(Int64(index))
      InterestFeed.receive(bar, candle, into: &fed)
      try fed.close(candle)
    }
    let end = try #require(feed.bars.last).candle(Int64(feed.bars.count) - 1).closeTime
    #expect(fed.health(at: end).state == .degraded)
    #expect(fed.health(at: end).kind == .funding)
    #expect(fed.health(at: end + .minutes(15)).state == .starved)
    feed.bars = feed.bars.map { $0.holding(nil) }
    let silent = try feed.run(OIFlow())
    #expect(silent.last?.reason == .dataMissing)
  }

  @Test("nothing is counted across a gap") func gap() throws {
    let given = try #require(OIFlowCaseTests.cases.first { $0.id == "OI-3" })
    let strategy = OIFlowCaseTests.strategy()
    var (state, trigger) = try OIFlowCaseTests.memory(given, strategy)
    #expect(state.short.armed != nil)
    state.absorb(
      try OIFlowCaseTests.ten[9].candle(10), OIFlowCaseTests.mean("1"), strategy.configuration)
    #expect(state.bars.count == 1)
    #expect(state.short.armed == nil)
    trigger = try OIFlowCaseTests.ten[9].candle(10)
    #expect(
      strategy.judge(try context(trigger), OIFlowCaseTests.mean("1"), state).outcome
        == .noTrade(.warmUp))
  }

  @Test("memory stays within the look-back") func bounded() throws {
    var state = OIFlow.State()
    let strategy = OIFlow()
    for index in 0..<Int64(200) {
      strategy.absorb(
        try OIFlowCaseTests.waiting.candle(index), in: MarketView(), state: &state)
    }
    #expect(state.bars.count == 49)
  }

  @Test("bytes that are no memory are refused") func damaged() throws {
    let given = try #require(OIFlowCaseTests.cases.first)
    let (state, _) = try OIFlowCaseTests.memory(given, OIFlowCaseTests.strategy())
    func bytes(_ state: OIFlow.State) -> [UInt8] {
      var writer = BinaryWriter()
      writer.write(state)
      return writer.bytes
    }
    func read(_ bytes: [UInt8]) throws -> OIFlow.State {
      var reader = BinaryReader(bytes)
      let state = try OIFlow.State(from: &reader)
      try reader.finish()
      return state
    }
    let whole = bytes(state)
    #expect(try read(whole) == state)
    for end in 0..<whole.count {
      #expect(throws: BinaryFault.self) { try read(Array(whole[..<end])) }
    }
    // A divergence on the side that it is not of.
    var swapped = state
    swapped.long = state.short
    #expect(throws: BinaryFault.self) { try read(bytes(swapped)) }
    // More bars with open interest than are ever counted.
    var overfed = state
    overfed.fedBars = .max
    #expect(throws: BinaryFault.self) { try read(bytes(overfed)) }
  }
}
