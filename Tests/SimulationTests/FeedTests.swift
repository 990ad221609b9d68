import Choice
import Engine
import Exchange
import Market
import Strategies
import Synchronization
import Testing

@testable import Simulation

/// A small world in which other venues tell something.
enum FedWorld {
  static let feeds = "{binance: {imbalance: 10%}, coinbase: {premium: 5bp}, deribit: {}}"

  static func scenario(
    feeds: String = feeds, faults: String = "[]", expect: String = "{}",
    strategies: String = "[skew_flow, footprint_flow, oi_flow, quant_flow]",
    duration: String = "11m",
    sources: String = "{spot: coinbase, takerFlow: binance, openInterest: binance, "
      + "funding: binance, options: deribit}"
  ) throws -> Scenario {
    try ScenarioFile.parse(
      """
      name: fed
      about: a small world that is fed
      start: 2026-03-02T06:00:00Z
      duration: \(duration)
      config:
        strategies: \(strategies)
        sources: \(sources)
        heartbeat: 10s
      market:
        BTC: {model: walk, price: 60000, dailyVolatility: 1%}
      venues:
        hyperliquid: {blockInterval: 5s, history: {days: 1, fineDays: 1}}
      feeds: \(feeds)
      faults: \(faults)
      expect: \(expect)
      """, file: "fed.yaml")
  }

  /// Runs, and gives every record that the engine wrote.
  static func records(_ scenario: Scenario, seed: UInt64 = 1) -> [Record] {
    let collected = Mutex<[Record]>([])
    var options = SmallWorld.quick
    options.records = { records in collected.withLock { $0 += records } }
    _ = ScenarioRunner.run(scenario, seed: seed, options: options)
    return collected.withLock { $0 }
  }

  /// In which stretch of `length` since `start` each sample lies.
  static func slots(
    _ spots: [SpotPrice], since start: Instant, of length: Interval
  ) -> [Int64] {
    spots.map { ($0.time - start).nanoseconds.floorDivided(by: length.nanoseconds) }
  }

  static func spots(_ records: [Record], of symbol: Symbol = "BTC") -> [SpotPrice] {
    records.compactMap { record in
      if case .spot(let sample) = record, sample.symbol == symbol { sample } else { nil }
    }
  }
}

@Suite struct FeedTests {
  @Test func `feeds are a function of the seed, and part of the digest`() throws {
    let scenario = try FedWorld.scenario()
    let first = ScenarioRunner.run(scenario, seed: 3, options: SmallWorld.quick)
    let again = ScenarioRunner.run(scenario, seed: 3, options: SmallWorld.quick)
    #expect(first.failures == [])
    #expect(first.digest == again.digest)
    let other = ScenarioRunner.run(scenario, seed: 4, options: SmallWorld.quick)
    #expect(first.digest != other.digest)
    let dearer = try FedWorld.scenario(
      feeds: "{binance: {imbalance: 10%}, coinbase: {premium: 6bp}, deribit: {}}")
    let moved = ScenarioRunner.run(dearer, seed: 3, options: SmallWorld.quick)
    #expect(first.digest != moved.digest)
    let feed = Int(Component.feed.rawValue)
    #expect(first.components[feed] != moved.components[feed])
  }

  @Test func `every input comes at its own times from its own venue`() throws {
    let records = FedWorld.records(try FedWorld.scenario())
    let start = Instant(iso8601: "2026-03-02T06:00:00Z") ?? Instant(nanoseconds: 0)
    let spots = FedWorld.spots(records)
    #expect(Array(FedWorld.slots(spots, since: start, of: .seconds(30)).prefix(4)) == [0, 1, 2, 3])
    #expect(spots.allSatisfy { $0.venue == .coinbase })
    #expect(spots.dropFirst(3).allSatisfy { $0.mid != nil }, "the mid of the same instant")
    #expect(FedWorld.spots(records, of: .stablecoin).allSatisfy { $0.price == Price(whole: 1) })
    let interest = records.compactMap { record -> OpenInterest? in
      if case .openInterest(let value) = record { value } else { nil }
    }
    #expect(
      interest.map(\.time).filter { $0 >= start }.map { $0 - start }
        == [.zero, .minutes(5), .minutes(10)])
    #expect(interest.filter { $0.time < start }.count >= 29, "the history of the start")
    #expect(interest.allSatisfy { $0.venue == .binance })
    let funding = records.compactMap { record -> Funding? in
      if case .funding(let settled) = record { settled } else { nil }
    }
    #expect(
      funding.map { start - $0.time } == [.hours(22), .hours(14), .hours(6)],
      "a process that starts asks for the last")
    #expect(funding.allSatisfy { $0.period == .hours(8) && $0.venue == .binance })
    let chains = records.compactMap { record -> OptionChain? in
      if case .optionChain(let chain) = record { chain } else { nil }
    }
    #expect(chains.count == 1 && chains.allSatisfy { $0.time - start < .seconds(5) })
    let index = records.compactMap { record -> VolatilityIndex? in
      if case .volatilityIndex(let value) = record { value } else { nil }
    }
    let length = Interval.minutes(5).nanoseconds
    #expect(
      index.map { ($0.time - start).nanoseconds.floorDivided(by: length) }.suffix(2) == [1, 2])
  }

  @Test func `spot follows the true price below its premium`() throws {
    let near = FedWorld.spots(
      FedWorld.records(
        try FedWorld.scenario(
          feeds: "{binance: {}, coinbase: {premium: 100bp, premiumNoise: 1bp}, deribit: {}}")
      )
    )
    for sample in near {
      guard let mid = sample.mid else { continue }
      let premium = mid.double / sample.price.double - 1
      #expect(abs(premium - 0.01) < 0.001, "\(sample)")
    }
  }

  @Test func `one feed does not move another`() throws {
    let all = FedWorld.spots(FedWorld.records(try FedWorld.scenario()))
    let alone = FedWorld.spots(
      FedWorld.records(
        try FedWorld.scenario(
          feeds: "{coinbase: {premium: 5bp}, binance: {imbalance: 50%, openInterest: 7}, "
            + "deribit: {gamma: negative}}")))
    #expect(all.map(\.price) == alone.map(\.price))
  }

  @Test func `candles carry splits that agree with one another`() throws {
    let start = try FedWorld.scenario().start
    let records = FedWorld.records(
      try FedWorld.scenario(
        feeds: "{binance: {imbalance: 30%, imbalanceNoise: 5%}, coinbase: {}, deribit: {}}"))
    let candles = records.compactMap { record -> Candle? in
      // What traded before the venue opened is split evenly.
      guard case .candle(let row) = record, row.candle.takerSplit != nil,
        row.candle.openTime >= start
      else { return nil }
      return row.candle
    }
    let minutes = candles.filter { $0.timeframe == .m1 }
    let fives = candles.filter { $0.timeframe == .m5 }
    #expect(minutes.count >= 9)
    #expect(fives.count == 2)
    #expect(candles.allSatisfy { $0.venue == .hyperliquid }, "the split alone is Binance's")
    for five in fives {
      let parts = minutes.filter { $0.openTime >= five.openTime && $0.closeTime <= five.closeTime }
      let buy = parts.reduce(Quantity.zero) { $0 + ($1.takerSplit?.buy ?? .zero) }
      #expect(parts.count == 5)
      #expect(five.takerSplit?.buy == buy)
    }
    for minute in minutes where minute.volume > .zero {
      let split = try #require(minute.takerSplit)
      let lean = (split.buy.double - split.sell.double) / (split.buy + split.sell).double
      #expect(lean > 0.24 && lean < 0.36, "\(lean)")
    }
  }

  @Test(arguments: DeribitPlan.Gamma.allCases)
  func `a chain has a smile and leans where it should`(gamma: DeribitPlan.Gamma) throws {
    var plan = DeribitPlan()
    plan.gamma = gamma
    var stream = Chooser.seeded(5).stream("chain")
    let time = Instant(iso8601: "2026-03-05T12:00:00Z") ?? Instant(nanoseconds: 0)
    let chain = plan.chain(of: "BTC", at: time, around: "61234.5", &stream)
    let expiries = Set(chain.quotes.map(\.expiry))
    #expect(expiries.count == 4)
    // Friday's own expiry is less than a day away, so the next one is the first.
    #expect(expiries.min() == Instant(iso8601: "2026-03-13T08:00:00Z"))
    let first = chain.quotes.filter { $0.expiry == expiries.min() && $0.isCall }
    #expect(first.map(\.strike) == (-6...6).map { Price(whole: 62_000 + Int64($0) * 2_000) })
    let middle = first[6].impliedVolatility
    #expect(first[0].impliedVolatility > first[3].impliedVolatility)
    #expect(first[3].impliedVolatility > middle)
    #expect(first[12].impliedVolatility > middle)
    func held(_ isCall: Bool) -> Quantity {
      chain.quotes.filter { $0.isCall == isCall }.reduce(.zero) { $0 + $1.openInterest }
    }
    #expect((held(true) > held(false)) == (gamma == .positive))
  }

  @Test func `a process that comes back asks every feed anew`() throws {
    let scenario = try FedWorld.scenario(
      faults: "[{id: P1, at: 6m, down: 20s}]", duration: "8m")
    let start = scenario.start
    let interest = FedWorld.records(scenario).compactMap { record -> Interval? in
      guard case .openInterest(let value) = record, value.time >= start else { return nil }
      return value.time - start
    }
    #expect(interest == [.zero, .minutes(5), .zero, .minutes(5)], "the history, once more")
  }

  @Test(
    arguments: [
      ("{binance: {imbalence: 1%}}", "did you mean `imbalance`?"),
      ("{coinbase: {premium: 5}}", "expected a share with its unit"),
      ("{deribit: {gamma: up}}", "one of positive, negative"),
      ("{kraken: {}}", "kraken"),
    ])
  func `feeds are read strictly`(feeds: String, words: String) throws {
    let error = #expect(throws: SettingsError.self) { try FedWorld.scenario(feeds: feeds) }
    #expect(error.map { "\($0)".contains(words) } ?? false, "\(String(describing: error))")
  }
}

@Suite struct InputFaultTests {
  @Test(
    arguments: [
      "{id: F17, at: 2m, for: 3m, feed: spot, symbol: BTC}",
      "{id: F17, at: 2m, for: 3m, feed: spot, symbol: BTC, late: 20s}",
      "{id: F17, at: 4m, for: 3m, feed: open-interest, symbol: BTC}",
      "{id: F17, at: 2m, for: 3m, feed: taker-split, symbol: BTC, timeframe: 1m}",
      "{id: F17, at: 2m, for: 3m, feed: candles, symbol: BTC, timeframe: 1m}",
      "{id: F17, at: 4m, for: 3m, feed: volatility-index, symbol: BTC}",
      "{id: F17, at: 0s, for: 3m, feed: options, symbol: BTC}",
      "{id: F17, at: 0s, for: 3m, feed: funding, symbol: BTC}",
    ])
  func `each input that falls silent shows a receipt`(fault: String) throws {
    let result = ScenarioRunner.run(try FedWorld.scenario(faults: "[\(fault)]"), seed: 1)
    #expect(result.failures == [])
    #expect(result.faults.map(\.verdict) == [.changed])
    #expect(result.faults.allSatisfy { $0.count > 0 })
  }

  @Test func `one input of one symbol falls silent and all else goes on`() throws {
    let silent = FedWorld.records(
      try FedWorld.scenario(faults: "[{id: F17, at: 2m, for: 3m, feed: spot, symbol: BTC}]"))
    let calm = FedWorld.records(try FedWorld.scenario())
    let start = try FedWorld.scenario().start
    func slots(_ records: [Record], _ symbol: Symbol = "BTC") -> [Int64] {
      FedWorld.slots(FedWorld.spots(records, of: symbol), since: start, of: .seconds(30))
    }
    #expect(Set(slots(calm)).subtracting(slots(silent)) == [4, 5, 6, 7, 8, 9])
    #expect(slots(calm, .stablecoin) == slots(silent, .stablecoin))
    func candles(_ records: [Record]) -> [CandleRecord] {
      records.compactMap { if case .candle(let row) = $0 { row } else { nil } }
    }
    #expect(candles(calm) == candles(silent))
  }

  @Test(
    arguments: [
      ("{id: F17, at: 1m, feed: candles, symbol: BTC}", "`feed: candles` needs `timeframe`"),
      ("{id: F17, at: 1m, feed: candles, symbol: BTC, timeframe: 1w}", "come from nobody"),
      ("{id: F17, at: 1m, feed: spot, symbol: BTC, timeframe: 1m}", "`timeframe` belongs to"),
      ("{id: F17, at: 1m, feed: spots, symbol: BTC}", "spot"),
      ("{id: F17, at: 1m, feed: options, symbol: BTC}", "nobody tells options"),
    ])
  func `a fault that could not act is refused`(fault: String, words: String) throws {
    let error = #expect(throws: SettingsError.self) {
      try FedWorld.scenario(
        feeds: "{binance: {}, coinbase: {}}", faults: "[\(fault)]",
        sources: "{spot: coinbase, takerFlow: binance, funding: binance}")
    }
    #expect(error.map { "\($0)".contains(words) } ?? false, "\(String(describing: error))")
  }
}
