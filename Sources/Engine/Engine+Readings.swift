import Market
import Strategies

/// When the execution venue's own figures were last sampled, by symbol.
struct VenueSamples: Sendable {
  private struct Sampled {
    let symbol: Symbol
    var openInterest: Instant?
    var spot: Instant?
  }

  private var symbols: [Sampled] = []

  /// How often open interest is sampled (`strategies.md` section 3.6).
  static let openInterestInterval = Interval.minutes(5)
  /// How often spot is sampled (`strategies.md` section 3.5).
  static let spotInterval = Interval.seconds(30)

  /// Whether open interest is due, for the first time in its interval.
  mutating func isOpenInterestDue(_ symbol: Symbol, at time: Instant) -> Bool {
    isDue(symbol, at: time, every: Self.openInterestInterval, \.openInterest)
  }

  /// Whether spot is due, for the first time in its interval.
  mutating func isSpotDue(_ symbol: Symbol, at time: Instant) -> Bool {
    isDue(symbol, at: time, every: Self.spotInterval, \.spot)
  }

  private mutating func isDue(
    _ symbol: Symbol, at time: Instant, every interval: Interval,
    _ last: WritableKeyPath<Sampled, Instant?>
  ) -> Bool {
    let bucket = Instant(
      nanoseconds: time.nanoseconds.floorDivided(by: interval.nanoseconds)
        * interval.nanoseconds)
    let known = symbols.firstIndex { $0.symbol == symbol }
    let index = known ?? symbols.count
    if known == nil { symbols.append(Sampled(symbol: symbol)) }
    guard symbols[index][keyPath: last].map({ $0 < bucket }) ?? true else { return false }
    symbols[index][keyPath: last] = bucket
    return true
  }
}

extension Engine {
  /// How old the perpetual's mid may be to stand beside a spot sample.
  static let midLife = Interval.seconds(2)

  /// Takes a reading from its configured source: records it and keeps it for the next close.
  mutating func receive(_ reading: Reading, _ outbox: inout Outbox) {
    guard configuration.sources.accepts(reading) else {
      tally.reject("feed.reading.unwanted")
      return
    }
    switch reading {
    case .openInterest(let value): outbox.records.append(.openInterest(value))
    case .funding(let settled): outbox.records.append(.funding(settled))
    case .spot(let sample): outbox.records.append(.spot(sample))
    case .volatilityIndex(let value): outbox.records.append(.volatilityIndex(value))
    case .optionChain(let chain): outbox.records.append(.optionChain(chain))
    }
    guard registry.reads(reading) else { return }
    let (received, isFull) = readings.push(reading, at: now.wall)
    manager.receive(received)
    if isFull { tally.reject("feed.reading.overflow") }
  }

  /// Takes a spot price, and puts the perpetual's mid of the same instant beside it.
  mutating func receiveSpot(_ sample: SpotPrice, _ outbox: inout Outbox) {
    guard sample.price > .zero else {
      tally.reject("feed.spot.not_positive")
      return
    }
    var mid = sample.mid
    if mid == nil, let newest = feed.mids.first(where: { $0.symbol == sample.symbol }),
      now.monotonic - newest.time <= Self.midLife
    {
      mid = newest.price
    }
    receive(
      .spot(
        SpotPrice(
          symbol: sample.symbol, venue: sample.venue, time: sample.time, price: sample.price,
          mid: mid)), &outbox)
  }

  /// Samples the execution venue's own open interest and oracle where they are the source.
  mutating func sample(_ context: AssetContext, _ outbox: inout Outbox) {
    let symbol = context.symbol
    if configuration.sources.openInterest == .hyperliquid,
      samples.isOpenInterestDue(symbol, at: now.wall)
    {
      receive(
        .openInterest(
          OpenInterest(
            symbol: symbol, venue: .hyperliquid, time: now.wall,
            quantity: context.openInterest)), &outbox)
    }
    if configuration.sources.spot == .hyperliquid, samples.isSpotDue(symbol, at: now.wall) {
      receiveSpot(
        SpotPrice(
          symbol: symbol, venue: .hyperliquid, time: now.wall, price: context.oracle,
          mid: context.mid), &outbox)
    }
  }

  /// Lets the strategies know everything that was received until `close`.
  mutating func deliverReadings(until close: Instant) {
    while let reading = readings.take(until: close) {
      manager.note(reading)
      registry.absorb(reading, in: manager.view)
    }
  }

  /// Gives a candle that closes the taker split that the execution venue's trades make.
  mutating func completeFlow(of candle: Candle) -> Candle {
    guard configuration.sources.takerFlow == .hyperliquid, candle.takerSplit == nil,
      let split = flow.take(candle)
    else { return candle }
    return candle.with(split) ?? candle
  }

  /// Records which strategies are fed better or worse than before.
  mutating func checkHealth(_ outbox: inout Outbox) {
    for change in registry.changedHealth(at: now.wall, in: manager.view) {
      note(
        "strategy.\(change.strategy).\(change.subject)", change.health.state.name,
        change.health.sentence(at: now.wall), &outbox)
    }
  }
}
