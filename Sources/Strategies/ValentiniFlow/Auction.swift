import Market
import Risk

extension ValentiniFlow {
  /// What one candle came to before any levels.
  enum Finding: Hashable, Sendable {
    /// The first reason against, and the setup that came furthest.
    case refused(Setup, NoTradeReason)
    /// Something to trade, if its levels pass.
    case trade(Trade)
  }

  /// A trade whose levels are not set yet.
  struct Trade: Hashable, Sendable {
    let setup: Setup
    let side: Side
    /// The price that the stop hides behind.
    let extreme: Price
    /// The score of the delta ratio, positive in favour of the side.
    let score: Double
  }

  /// What the machine reads beside the candle itself.
  struct Reading: Hashable, Sendable {
    /// Up to and including the candle.
    let trueRange: Mean
    /// The delta ratio of the candle.
    let ratio: Fraction
    /// Its score against the candles before; nil where theirs do not vary.
    let score: Double?
    /// The high of the candle before.
    let previousHigh: Price
    /// The low of the candle before.
    let previousLow: Price
  }

  /// The auction of a day against the value of the day before.
  enum Auction: Hashable, Sendable {
    /// Price is at value; the last close was outside where there is an excursion.
    case balance(Excursion?)
    /// Price was accepted outside.
    case imbalance(Imbalance)

    /// Takes in a candle and says what it came to.
    mutating func absorb(
      _ candle: Candle, _ reading: Reading, _ value: ValueArea, _ rules: Configuration
    ) -> Finding {
      switch self {
      case .balance(let before):
        let excursion = Excursion(candle, reading, value)
        guard let imbalance = excursion?.confirming(before, at: candle.openTime) else {
          self = .balance(excursion)
          return .refused(.all, .balance)
        }
        self = .imbalance(imbalance)
        return .refused(.all, .imbalanceConfirmed)
      case .imbalance(var imbalance):
        let finding = imbalance.absorb(candle, reading, value, rules)
        self = imbalance.endsWith(finding) ? .balance(nil) : .imbalance(imbalance)
        return finding
      }
    }
  }

  /// A close outside value, seen in balance.
  struct Excursion: Hashable, Sendable {
    let side: Side
    let ratio: Fraction
    /// The extreme of the candle on its side.
    let extreme: Price
  }

  /// Two closes in a row outside value, carried by takers.
  struct Imbalance: Hashable, Sendable {
    let side: Side
    /// The open time of the second candle.
    let since: Instant
    /// The far end of the auction outside, both confirming candles included.
    var extreme: Price
    /// The worst price since the pullback began; nil where there was none.
    var pullback: Price?
  }
}

extension ValentiniFlow.Excursion {
  /// The excursion of a candle that closed outside `value`; nil where it did not.
  init?(_ candle: Candle, _ reading: ValentiniFlow.Reading, _ value: ValueArea) {
    let isAbove = candle.close > value.high
    guard isAbove || candle.close < value.low else { return nil }
    self.init(
      side: isAbove ? .buy : .sell, ratio: reading.ratio,
      extreme: isAbove ? candle.high : candle.low)
  }

  /// The imbalance that this and the excursion of the candle before confirm.
  func confirming(
    _ before: ValentiniFlow.Excursion?, at time: Instant
  ) -> ValentiniFlow.Imbalance? {
    guard let before, before.side == side else { return nil }
    let sum = Int128(ratio.steps) + Int128(before.ratio.steps)
    guard sum * Int128(side.sign) > 0 else { return nil }
    return ValentiniFlow.Imbalance(
      side: side, since: time, extreme: side.farther(extreme, before.extreme))
  }
}

extension ValentiniFlow.Imbalance {
  /// Moves on by one candle; the checks are those of the specification, in its order.
  mutating func absorb(
    _ candle: Candle, _ reading: ValentiniFlow.Reading, _ value: ValueArea,
    _ rules: ValentiniFlow.Configuration
  ) -> ValentiniFlow.Finding {
    let facing = FacingCandle(candle, facing: side)
    let edge = Int128(value.edge(side))
    let interval = candle.timeframe.interval.nanoseconds
    let age = (candle.openTime - since).nanoseconds / interval
    extreme = side.farther(extreme, side == .buy ? candle.high : candle.low)
    notePullback(candle, near: edge, age: age, reading.trueRange, rules)
    guard age <= rules.longestImbalance else { return .refused(.all, .timedOut) }
    if Int128(facing.close) < edge {
      return backInside(depth: edge - Int128(facing.close), age: age, reading, rules)
    }
    let setup = ValentiniFlow.continuation
    guard let pullback else {
      return .refused(setup, age > rules.pullbackWithin ? .timedOut : .awaitPullback)
    }
    guard let score = score(reading) else { return .refused(setup, .flatSeries) }
    guard rules.isAggressive(score) else { return .refused(setup, .awaitAggression) }
    guard facing.close > facing.open else { return .refused(setup, .absorption) }
    let previous = side.along(side == .buy ? reading.previousHigh : reading.previousLow)
    guard facing.close > previous else { return .refused(setup, .noProgress) }
    return .trade(
      ValentiniFlow.Trade(setup: setup, side: side, extreme: pullback, score: score))
  }

  /// Whether the auction is back in balance after `finding`.
  ///
  /// A failed auction ends it whatever its levels come to; a continuation does not.
  func endsWith(_ finding: ValentiniFlow.Finding) -> Bool {
    switch finding {
    case .refused(_, let reason): reason == .timedOut || reason == .failedNoAggression
    case .trade(let trade): trade.setup == ValentiniFlow.failedAuction
    }
  }

  /// A pullback begins in time or not at all; once begun, it lasts.
  private mutating func notePullback(
    _ candle: Candle, near edge: Int128, age: Int64, _ trueRange: Mean,
    _ rules: ValentiniFlow.Configuration
  ) {
    let low = side == .buy ? candle.low : candle.high
    if let pullback {
      self.pullback = side.opposite.farther(pullback, low)
    } else if age <= rules.pullbackWithin,
      !trueRange.isExceeded(by: Int128(side.along(low)) - edge, times: rules.pullbackReach)
    {
      pullback = low
    }
  }

  private func backInside(
    depth: Int128, age: Int64, _ reading: ValentiniFlow.Reading,
    _ rules: ValentiniFlow.Configuration
  ) -> ValentiniFlow.Finding {
    let setup = ValentiniFlow.failedAuction
    guard age <= rules.longestFailure else { return .refused(.all, .timedOut) }
    guard let score = score(reading) else { return .refused(setup, .flatSeries) }
    if rules.isAggressive(-score) {
      return .trade(
        ValentiniFlow.Trade(
          setup: setup, side: side.opposite, extreme: extreme, score: -score))
    }
    let isShallow = !reading.trueRange.isExceeded(by: depth, times: rules.depthInside)
    return .refused(setup, isShallow ? .backInsideWait : .failedNoAggression)
  }

  private func score(_ reading: ValentiniFlow.Reading) -> Double? {
    reading.score.map { $0 * Double(side.sign) }
  }
}

extension ValentiniFlow.Configuration {
  /// Whether a score that is positive along a side is aggression on it; the tolerance is that of
  /// section 2.2.
  func isAggressive(_ score: Double) -> Bool { score >= aggression - 1e-9 }
}

extension Side {
  /// The one of two prices that lies farther in favour of the side.
  func farther(_ one: Price, _ other: Price) -> Price {
    self == .buy ? max(one, other) : min(one, other)
  }
}
