import Market
import Strategies

/// Candles as the engine hands them on: grouped by close time, shortest first within a group.
struct Feed: Sendable {
  /// The trigger series, from which every other series is derived.
  private let base: [Candle]
  /// Everything that closes at one time.
  private let allGroups: [[Candle]]
  /// After this, nothing is known.
  private let horizon: Instant?

  /// Derives `timeframes` from `base`; base candles that open before `start` only feed them.
  ///
  /// A longer candle with a missing child is not made.
  init(_ base: [Candle], deriving timeframes: [Timeframe], from start: Instant? = nil) {
    var all = base.filter { $0.openTime >= start ?? $0.openTime }
    for timeframe in timeframes where timeframe != base.first?.timeframe {
      all += Self.resample(base, to: timeframe)
    }
    all.sort { ($0.closeTime, $0.timeframe) < ($1.closeTime, $1.timeframe) }
    var groups: [[Candle]] = []
    for candle in all {
      if let last = groups.last?.first, last.closeTime == candle.closeTime {
        groups[groups.count - 1].append(candle)
      } else {
        groups.append([candle])
      }
    }
    self.init(base: base, groups: groups)
  }

  private init(base: [Candle], groups: [[Candle]], horizon: Instant? = nil) {
    self.base = base
    self.horizon = horizon
    allGroups = groups
  }

  /// Everything that closes at one time, in order of time.
  var groups: ArraySlice<[Candle]> {
    guard let horizon else { return allGroups[...] }
    return allGroups.prefix { ($0.first?.closeTime ?? horizon) <= horizon }
  }

  /// The trigger candle that opens at `time`, where it is known: only a planted mistake asks.
  func candle(openingAt time: Instant) -> Candle? {
    guard let first = base.first else { return nil }
    let index = (time - first.openTime).nanoseconds / first.timeframe.interval.nanoseconds
    guard base.indices.contains(Int(index)) else { return nil }
    let candle = base[Int(index)]
    return candle.closeTime <= horizon ?? candle.closeTime ? candle : nil
  }

  /// The same feed cut off after `time`; O(1).
  func until(_ time: Instant) -> Feed {
    Feed(base: base, groups: allGroups, horizon: time)
  }

  /// The same feed with every candle passed through `change`; nil removes it.
  func mapped(_ change: (Candle) -> Candle?) -> Feed {
    Feed(
      base: base.compactMap(change), groups: groups.map { $0.compactMap(change) },
      horizon: horizon)
  }

  static func resample(_ base: [Candle], to timeframe: Timeframe) -> [Candle] {
    var result: [Candle] = []
    var bucket: [Candle] = []
    func flush() {
      guard let first = bucket.first, let last = bucket.last,
        Int64(bucket.count) * first.timeframe.interval.nanoseconds
          == timeframe.interval.nanoseconds
      else { return }
      var high = first.high
      var low = first.low
      var volume = Quantity.zero
      for candle in bucket {
        high = max(high, candle.high)
        low = min(low, candle.low)
        volume += candle.volume
      }
      if let candle = try? Candle(
        symbol: first.symbol, timeframe: timeframe, venue: first.venue,
        openTime: timeframe.open(containing: first.openTime), open: first.open, high: high,
        low: low, close: last.close, volume: volume)
      {
        result.append(candle)
      }
    }
    for candle in base {
      if let first = bucket.first,
        timeframe.open(containing: first.openTime) != timeframe.open(containing: candle.openTime)
      {
        flush()
        bucket.removeAll(keepingCapacity: true)
      }
      bucket.append(candle)
    }
    flush()
    return result
  }
}

/// The engine's side of a strategy: stores, lets absorb, asks.
struct Driver {
  var instance: any StrategyInstance
  var view = MarketView()
  private(set) var decisions: [Decision] = []

  init(_ instance: any StrategyInstance) {
    self.instance = instance
    for case .candles(let timeframe) in instance.inputs.map(\.kind) {
      let warmUp = instance.inputs.first { $0.kind == .candles(timeframe) }?.warmUp ?? 0
      view.declare(instance.instrument.symbol, timeframe, capacity: warmUp + 8)
    }
  }

  /// Takes in everything that closed at one time, in the order given.
  mutating func feed(_ group: [Candle], hasOpenPosition: Bool = false) {
    for candle in group { view.append(candle) }
    for candle in group { instance.absorb(candle, in: view) }
    guard let trigger = group.first(where: { $0.timeframe == instance.trigger }) else { return }
    decisions.append(
      instance.decide(
        at: trigger.closeTime, trigger: trigger, in: view, hasOpenPosition: hasOpenPosition))
  }

  static func run(_ feed: Feed, _ instance: any StrategyInstance) -> [Decision] {
    var driver = Driver(instance)
    for group in feed.groups { driver.feed(group) }
    return driver.decisions
  }
}

extension Decision {
  /// The signal, where there is one.
  var signal: Signal? {
    guard case .signal(let signal) = outcome else { return nil }
    return signal
  }

  /// The reason against, where there is none.
  var reason: NoTradeReason? {
    guard case .noTrade(let reason) = outcome else { return nil }
    return reason
  }
}
