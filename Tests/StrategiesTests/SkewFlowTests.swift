import Market
import Risk
import Testing

@testable import Strategies

/// Quarter hours of samples and candles, and what the premium amounts to by the book.
struct PremiumFeed {
  /// One bar: its candle, its premium in basis points and how many samples say so.
  struct Bar {
    let candle: Candle
    let premium: Int64
    var samples: Int64 = 30
  }

  private(set) var bars: [Bar] = []

  /// `quiet` bars whose premiums are two basis points above and below in turn, then the three of
  /// case SK-1, or their mirror images around 3,000, with premiums of 6, 7 and 4.
  init(quiet: Int, side: Side = .sell) throws {
    let flip = side == .sell ? Int64(1) : -1
    for index in 0..<Int64(quiet) {
      bars.append(
        Bar(
          candle: try .quarter(index, "3000", "3007", "2993", "3000"),
          premium: flip * (index.isMultiple(of: 2) ? 2 : -2)))
    }
    for (offset, bar) in SkewFlowCaseTests.bars.enumerated() {
      let prices = bar.prices.map { side == .sell ? $0 : "6000" - $0 }
      let (high, low) = side == .sell ? (1, 2) : (2, 1)
      bars.append(
        Bar(
          candle: try .quarter(
            Int64(quiet + offset), prices[0], prices[high], prices[low], prices[3]),
          premium: flip * [6, 7, 4][offset]))
    }
  }

  /// The same with `change` made to the bar at `index`.
  func changing(_ index: Int, _ change: (Bar) -> Bar) -> PremiumFeed {
    var changed = self
    changed.bars[index] = change(bars[index])
    return changed
  }

  /// A sample with a premium of so many basis points over a spot of 3,000.
  static func sample(_ premium: Int64, at time: Instant) -> Reading {
    .spot(
      SpotPrice(
        symbol: "BTC", venue: .coinbase, time: time, price: "3000",
        mid: "3000" + Price(steps: premium * 30_000_000)))
  }

  /// Hands on what is received in the bar, and the hourly funding.
  static func receive<S: Strategy>(
    _ bar: Bar, into fed: inout Fed<S>, late: Interval = .zero, funding: Int64 = 250_000
  ) {
    let open = bar.candle.openTime
    if open.nanoseconds.isMultiple(of: Interval.hours(1).nanoseconds) {
      fed.receive(
        .funding(
          Funding(
            symbol: "BTC", venue: .hyperliquid, time: open, rate: FundingRate(steps: funding),
            period: .hours(1))), at: open)
    }
    for index in 0..<bar.samples {
      let time = open + .seconds(30 * index) + late
      fed.receive(sample(bar.premium, at: time), at: time)
    }
  }

  /// All decisions, in order.
  func run<S: Strategy>(
    _ strategy: S, restarting: Bool = false, late: Interval = .zero, funding: Int64 = 250_000
  ) throws -> [Decision] {
    var fed = try Fed(strategy)
    return try bars.map { bar in
      Self.receive(bar, into: &fed, late: late, funding: funding)
      if restarting { try fed.restart() }
      let decision = try fed.close(bar.candle)
      if restarting { try fed.restart() }
      return decision
    }
  }
}

/// From samples and candles to a trade, through the runner.
@Suite struct SkewFlowTests {
  /// A short memory, so that a test is short.
  static func strategy(
    _ change: (inout SkewFlow.Configuration) -> Void = { _ in }
  ) -> SkewFlow {
    var configuration = SkewFlow.Configuration()
    configuration.premiumBars = 16
    change(&configuration)
    return SkewFlow(configuration)
  }

  static let fundingSteps: Int64 = 250_000

  @Test("a week of premiums, then case SK-1, and its mirror image", arguments: [Side.sell, .buy])
  func week(_ side: Side) throws {
    let feed = try PremiumFeed(quiet: 672, side: side)
    let funding = side == .sell ? Self.fundingSteps : -Self.fundingSteps
    let decisions = try feed.run(SkewFlow(), funding: funding)
    // The runner speaks until the candles suffice; then the window is full as well.
    #expect(decisions[..<672].allSatisfy { $0.reason == .warmUp })
    #expect(decisions[672].reason == .awaitRollover)
    #expect(decisions[673].reason == .awaitRollover)
    let decision = try #require(decisions.last)
    let signal = try #require(decision.signal)
    #expect(decision.setup == SkewFlow.premiumFade)
    #expect(signal.side == side)
    #expect(signal.entry == (side == .sell ? "3004" : "2996"))
    #expect(signal.stop == (side == .sell ? "3021.5" : "2978.5"))
    #expect(signal.target == (side == .sell ? "2969" : "3031"))
    #expect(signal.rewardToRisk.count == 20_000)
    #expect(signal.timeStop == decision.time + .hours(4))
    #expect(signal.validUntil == decision.time + .seconds(60))
    // Scores from the definition: 673 premiums before the peak lose the oldest, and so on.
    let premiums = feed.bars.map { Double($0.premium) }
    let peak = abs(Self.score(premiums[673], over: premiums[1..<673]))
    let turned = abs(Self.score(premiums[674], over: premiums[2..<674]))
    let confidence =
      0.40 + 0.25 * (peak - 2.5) / 2 + 0.15 * 0.0002 / 0.0005 + 0.10 * (peak - turned) / 2
    #expect(signal.confidence == TenThousandths(nearest: confidence))
  }

  private static func score(_ value: Double, over window: ArraySlice<Double>) -> Double {
    let mean = window.reduce(0, +) / Double(window.count)
    let squares = window.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (value - mean) / (squares / Double(window.count - 1)).squareRoot()
  }

  @Test("a restart before and after every candle changes nothing") func restart() throws {
    let feed = try PremiumFeed(quiet: 17)
    let decisions = try feed.run(Self.strategy())
    #expect(decisions.last?.signal != nil)
    #expect(try feed.run(Self.strategy(), restarting: true) == decisions)
  }

  @Test("a bar needs twenty samples") func samples() throws {
    let feed = try PremiumFeed(quiet: 17)
    func last(_ samples: Int64) throws -> Decision? {
      try feed.changing(19) { .init(candle: $0.candle, premium: $0.premium, samples: samples) }
        .run(Self.strategy { $0.spotAge = .hours(1) }).last
    }
    #expect(try last(20)?.signal != nil)
    #expect(try last(19)?.reason == .dataMissing)
  }

  @Test("a bar without a premium enters no window, and a stretch grows older by it")
  func missingPremium() throws {
    let feed = try PremiumFeed(quiet: 17)
    let strategy = Self.strategy()
    var fed = try Fed(strategy)
    for bar in feed.bars[..<18] {
      PremiumFeed.receive(bar, into: &fed)
      try fed.close(bar.candle)
    }
    let before = try fed.runner.state
    #expect(before.stretch?.age == 0)
    // Samples without a mid: spot is fresh, but tells no premium.
    for index in 0..<Int64(30) {
      let time = feed.bars[18].candle.openTime + .seconds(30 * index)
      fed.receive(
        .spot(SpotPrice(symbol: "BTC", venue: .coinbase, time: time, price: "3000")), at: time)
    }
    try #expect(fed.close(feed.bars[18].candle).reason == .dataMissing)
    let after = try fed.runner.state
    #expect(after.premiums == before.premiums)
    #expect(after.ranked == before.ranked)
    #expect(after.stretch?.age == 1)
    // The high of that candle is where the stop lies.
    PremiumFeed.receive(feed.bars[19], into: &fed)
    try #expect(fed.close(feed.bars[19].candle).signal?.stop == "3021.5")
  }

  @Test("a sample at the very close belongs to the next bar") func boundary() throws {
    var state = SkewFlow.State(SkewFlow.Configuration())
    func sample(_ premium: Int64, at time: Instant) throws {
      guard case .spot(let sample) = PremiumFeed.sample(premium, at: time) else { return }
      state.absorb(sample, received: time)
    }
    try sample(5, at: monday + .minutes(15) - Interval(nanoseconds: 1))
    try sample(7, at: monday + .minutes(15))
    // Not newer, hence not another sample.
    try sample(9, at: monday + .minutes(15))
    #expect(state.tallies.map(\.openTime) == [monday, monday + .minutes(15)])
    #expect(state.tallies.map { $0.mean(ofAtLeast: 1) } == ["0.0005", "0.0007"])
    #expect(state.tallies[0].mean(ofAtLeast: 2) == nil)
    state.absorb(try .quarter(0, "3000", "3007", "2993", "3000"), SkewFlow.Configuration())
    #expect(state.tallies.map(\.openTime) == [monday + .minutes(15)])
    // Without candles the samples do not pile up.
    for hour in 1...Int64(9) { try sample(1, at: monday + .hours(hour)) }
    #expect(state.tallies.count == SkewFlow.State.tallyCount)
  }

  @Test("the reasons of the data come before those of the premium, in order") func guards() throws {
    let feed = try PremiumFeed(quiet: 17)
    var fed = try Fed(Self.strategy())
    var silent = fed
    for bar in feed.bars.dropLast() {
      PremiumFeed.receive(bar, into: &fed)
      try fed.close(bar.candle)
      PremiumFeed.receive(.init(candle: bar.candle, premium: 0, samples: 0), into: &silent)
      try silent.close(bar.candle)
    }
    let last = try #require(feed.bars.last)
    // Spot never came.
    try #expect(silent.close(last.candle).reason == .dataMissing)
    #expect(silent.health(at: last.candle.closeTime).state == .starved)
    // It stopped 100 s before the close, with 27 samples in the bar.
    var stale = fed
    PremiumFeed.receive(
      .init(candle: last.candle, premium: 4, samples: 27), into: &stale, late: .seconds(20))
    try #expect(stale.close(last.candle).reason == .spotStale)
    // The stablecoin left its peg.
    var depegged = fed
    PremiumFeed.receive(last, into: &depegged)
    depegged.receive(
      .spot(SpotPrice(symbol: "USDC", venue: .coinbase, time: monday, price: "0.98")),
      at: last.candle.closeTime)
    try #expect(depegged.close(last.candle).reason == .stablecoinDepeg)
    PremiumFeed.receive(last, into: &fed)
    try #expect(fed.close(last.candle).signal != nil)
    // The stablecoin's price never came.
    #expect(fed.health(at: last.candle.closeTime).state == .degraded)
    #expect(fed.health(at: last.candle.closeTime + .minutes(2)).state == .starved)
  }

  @Test("premiums that do not vary have no score") func flat() throws {
    var feed = try PremiumFeed(quiet: 17)
    for index in 0..<17 {
      feed = feed.changing(index) { .init(candle: $0.candle, premium: 1) }
    }
    let decisions = try feed.run(Self.strategy())
    #expect(decisions[16].reason == .flatSeries)
    #expect(decisions[17].reason == .flatSeries)
    // From then on one premium differs from the others.
    #expect(decisions[18].reason != .flatSeries)
  }

  @Test("a stretch is traded once, and a position is left where the premium is usual again")
  func afterTheTrade() throws {
    let feed = try PremiumFeed(quiet: 17)
    var fed = try Fed(Self.strategy())
    for bar in feed.bars {
      PremiumFeed.receive(bar, into: &fed)
      try fed.close(bar.candle)
    }
    try #expect(fed.runner.state.stretch == nil)
    func hold(_ index: Int64, premium: Int64, samples: Int64 = 30) throws -> Decision.Outcome {
      let candle = try Candle.quarter(index, "3004", "3007", "2993", "3000")
      PremiumFeed.receive(.init(candle: candle, premium: premium, samples: samples), into: &fed)
      return try fed.close(candle, holding: true).outcome
    }
    #expect(try hold(20, premium: 4) == .noTrade(.alreadyInPosition))
    // Nothing is known about it, so nothing is left.
    #expect(try hold(21, premium: 1, samples: 19) == .noTrade(.alreadyInPosition))
    #expect(try hold(22, premium: 1) == .leave)
  }

  @Test("nothing is counted across a gap") func gap() throws {
    let configuration = SkewFlow.Configuration()
    var state = SkewFlow.State(configuration)
    let first = SkewFlowCaseTests.first
    #expect(
      state.follow(try first.candle(0), first.measure, configuration) == .refused(.awaitRollover))
    let turn = SkewFlowCaseTests.third
    #expect(state.follow(try turn.candle(2), turn.measure, configuration) == .refused(.noSetup))
    #expect(state.stretch == nil)
  }

  @Test("bytes that are no memory are refused") func damaged() throws {
    let feed = try PremiumFeed(quiet: 17)
    var fed = try Fed(Self.strategy())
    for bar in feed.bars.dropLast() {
      PremiumFeed.receive(bar, into: &fed)
      try fed.close(bar.candle)
    }
    var writer = BinaryWriter()
    writer.write(try fed.runner.state)
    for end in stride(from: 0, to: writer.bytes.count, by: 7) {
      #expect(throws: BinaryFault.self) {
        var reader = BinaryReader(Array(writer.bytes[..<end]))
        _ = try SkewFlow.State(from: &reader)
      }
    }
    var other = try fed.runner.state
    other.tallies = (0..<3).map { SkewFlow.Tally(openTime: monday + .minutes(15 * $0)) }
    writer = BinaryWriter()
    writer.write(other)
    #expect(throws: BinaryFault.self) {
      var reader = BinaryReader(writer.bytes)
      _ = try SkewFlow.State(from: &reader)
    }
  }

  @Test("a memory of another length is begun anew") func otherLength() throws {
    let strategy = Self.strategy()
    var state = SkewFlow.State(SkewFlow.Configuration())
    state.stablecoin = "1"
    strategy.absorb(
      try .quarter(0, "3000", "3007", "2993", "3000"), in: MarketView(), state: &state)
    #expect(state.premiums.window.capacity == 16)
    #expect(state.stablecoin == nil)
  }
}
