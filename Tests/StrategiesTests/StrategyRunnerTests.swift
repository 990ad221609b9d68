import Market
import Risk
import Testing

@testable import Strategies

/// Signals whenever it is asked, so that only the runner's own checks can refuse.
private struct Eager: Strategy {
  struct State: BinaryCodable, Hashable, Sendable {
    var absorbed = 0
    var emitted = 0

    init() {}
    func write(to writer: inout BinaryWriter) {
      writer.write(absorbed)
      writer.write(emitted)
    }
    init(from reader: inout BinaryReader) throws(BinaryFault) {
      absorbed = try reader.readInt()
      emitted = try reader.readInt()
    }
  }

  static let first: Setup = "first"
  static let second: Setup = "second"

  var hasAlternative = false
  var needs: [InputRequirement] = [InputRequirement(.candles(.m15), warmUp: 3)]

  var id: StrategyID { "eager" }
  var inputs: [InputRequirement] { needs }
  var trigger: Timeframe { .m15 }

  func initialState(for instrument: Instrument) -> State { State() }
  func absorb(_ candle: Candle, in market: MarketView, state: inout State) { state.absorbed += 1 }
  func emitted(_ signal: Signal, setup: Setup, state: inout State) { state.emitted += 1 }
  func decide(_ context: DecisionContext, in market: MarketView, state: State) -> Conclusion {
    let levels = Levels(
      side: .buy, entry: Price(whole: 1_000), stop: Price(whole: 990), target: Price(whole: 1_020))
    let outcome = GeometryGate().outcome(
      levels, confidence: 0.5, at: context.time, timeStop: context.time)
    guard hasAlternative, case .signal(let signal) = outcome else {
      return Conclusion(setup: Self.first, outcome: outcome)
    }
    return Conclusion(
      setup: Self.first, outcome: outcome,
      alternatives: [Proposal(setup: Self.second, signal: signal)])
  }
}

/// What every strategy gets from its runner.
@Suite struct StrategyRunnerTests {
  private static func driver(_ strategy: Eager = Eager()) throws -> Driver {
    Driver(StrategyRunner(strategy, for: try instrument()))
  }

  private static func quarter(_ index: Int64) throws -> Candle {
    try candle(.m15, at: monday + .minutes(15 * index), 1_000, 1_010, 990, 1_000)
  }

  @Test("reasons come in the order of the specification") func order() throws {
    var driver = try Self.driver(
      Eager(needs: [
        InputRequirement(.candles(.m15), warmUp: 3), InputRequirement(.candles(.h4), warmUp: 2),
        InputRequirement(.candles(.d1), warmUp: 1, .optional),
      ]))
    func decide(_ index: Int64, holding: Bool = false) throws -> Decision? {
      driver.feed([try Self.quarter(index)], hasOpenPosition: holding)
      return driver.decisions.last
    }
    func fourHours(_ index: Int64) throws {
      driver.feed([try candle(.h4, at: monday + .hours(4 * index), 1_000, 1_010, 990, 1_000)])
    }
    // The quarter hours are warming up and the four hours never came: the former is named.
    #expect(try decide(0)?.reason == .warmUp)
    _ = try decide(1)
    #expect(try decide(2)?.reason == .dataMissing)
    try fourHours(-3)
    #expect(try decide(3)?.reason == .warmUp)
    try fourHours(-2)
    // The candle that closed at midnight is missing.
    #expect(try decide(4)?.reason == .gapInHistory)
    #expect(try decide(31)?.reason == .gapInHistory)
    // More than three intervals old.
    for index in 32..<36 { #expect(try decide(Int64(index))?.reason == .dataStale) }
    try fourHours(0)
    try fourHours(1)
    #expect(try decide(36)?.reason == nil)
    #expect(try decide(37, holding: true)?.reason == .alreadyInPosition)
    #expect(driver.decisions.last?.setup == .all)
    #expect(try decide(38)?.reason == .cooldown)
  }

  @Test("four candles of silence after a signal, and only a signal counts") func cooldown() throws {
    var driver = try Self.driver()
    for index in 0..<8 {
      // The would-be signal at the third candle is blocked by a position and starts no silence.
      driver.feed([try Self.quarter(Int64(index))], hasOpenPosition: index == 2)
    }
    #expect(
      driver.decisions.map(\.reason) == [
        .warmUp, .warmUp, .alreadyInPosition, nil, .cooldown, .cooldown, .cooldown, .cooldown,
      ])
    driver.feed([try Self.quarter(8)])
    #expect(driver.decisions.last?.signal != nil)
    let runner = try #require(driver.instance as? StrategyRunner<Eager>)
    #expect(runner.state.absorbed == 9 && runner.state.emitted == 2)
  }

  @Test("an alternative takes the place of a setup that is cooling down") func alternative() throws
  {
    var driver = try Self.driver(Eager(hasAlternative: true))
    for index in 0..<5 { driver.feed([try Self.quarter(Int64(index))]) }
    #expect(driver.decisions.map(\.setup) == [.all, .all, Eager.first, Eager.second, Eager.first])
    #expect(
      driver.decisions.map(\.reason) == [.warmUp, .warmUp, nil, nil, .cooldown])
  }

  @Test("a repeated question gets the same answer, an older one none") func repeated() throws {
    var driver = try Self.driver()
    for index in 0..<5 { driver.feed([try Self.quarter(Int64(index))]) }
    let bytes = driver.instance.stateBytes
    driver.feed([try Self.quarter(4)], hasOpenPosition: true)
    #expect(driver.decisions.last == driver.decisions[4])
    driver.feed([try Self.quarter(2)])
    #expect(driver.decisions.last?.reason == .dataStale)
    #expect(driver.instance.stateBytes == bytes)
  }

  @Test("candles of other symbols and of undeclared series leave no trace") func foreign() throws {
    var driver = try Self.driver()
    driver.feed([try Self.quarter(0)])
    let bytes = driver.instance.stateBytes
    let own = try Self.quarter(1)
    let other = try Candle(
      symbol: "ETH", timeframe: .m15, venue: .hyperliquid, openTime: own.openTime, open: own.open,
      high: own.high, low: own.low, close: own.close, volume: own.volume)
    driver.instance.absorb(other, in: driver.view)
    driver.instance.absorb(
      try candle(.m5, at: own.openTime, 1_000, 1_010, 990, 1_000), in: driver.view)
    #expect(driver.instance.stateBytes == bytes)
  }

  @Test(
    "a memory restores only where it belongs, and damage is refused", arguments: Subject.all)
  func restoring(_ subject: Subject) throws {
    var driver = Driver(try subject.make())
    for moment in try subject.feed().moments { driver.feed(moment) }
    let bytes = driver.instance.stateBytes
    for other in Subject.all where other.name != subject.name {
      var instance = try other.make()
      #expect(throws: BinaryFault.self) { try instance.restore(stateBytes: bytes) }
    }
    for length in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: BinaryFault.self) {
        try driver.instance.restore(stateBytes: Array(bytes.prefix(length)))
      }
    }
    #expect(throws: BinaryFault.trailing) {
      try driver.instance.restore(stateBytes: bytes + [0])
    }
    #expect(driver.instance.stateBytes == bytes)
  }

  /// Damaged bytes may be refused or may make another memory; they must never trap later.
  @Test("no flipped byte traps", arguments: Subject.all)
  func damaged(_ subject: Subject) throws {
    let moments = try subject.feed().moments
    var driver = Driver(try subject.make())
    for moment in moments.dropLast(20) { driver.feed(moment) }
    let bytes = driver.instance.stateBytes
    var survivors = 0
    for offset in stride(from: 0, to: bytes.count, by: 11) {
      var damaged = bytes
      damaged[offset] ^= 0xff
      var copy = driver
      guard (try? copy.instance.restore(stateBytes: damaged)) != nil else { continue }
      survivors += 1
      for moment in moments.suffix(20) { copy.feed(moment) }
    }
    #expect(survivors > 0)
  }

  @Test func catalogueMakesWhatItLists() throws {
    let instrument = try instrument()
    for entry in StrategyCatalog.all {
      let made = StrategyCatalog.make(entry.id, for: instrument, among: [instrument])
      #expect(!made.isEmpty && !entry.about.isEmpty && StrategyCatalog.isKnown(entry.id))
      for one in made { #expect(one.id == entry.id && one.instrument == instrument) }
    }
    #expect(StrategyCatalog.make("nobody", for: instrument, among: []).isEmpty)
    #expect(!StrategyCatalog.isKnown("nobody"))
    #expect(Set(StrategyCatalog.all.map(\.id)).count == StrategyCatalog.all.count)
  }

  @Test("memories do not grow with history", arguments: Subject.all)
  func bounded(_ subject: Subject) throws {
    var driver = Driver(try subject.make())
    let moments = try subject.feed().moments
    var largest = (first: 0, second: 0)
    for (index, moment) in moments.enumerated() {
      driver.feed(moment)
      guard index > 100, index.isMultiple(of: 3) else { continue }
      let size = driver.instance.stateBytes.count
      if index < moments.count / 2 {
        largest.first = max(largest.first, size)
      } else {
        largest.second = max(largest.second, size)
      }
    }
    // What the windows of the specification hold, and no more.
    #expect(largest.second < subject.largestMemory)
    #expect(largest.second < 2 * largest.first)
  }
}
