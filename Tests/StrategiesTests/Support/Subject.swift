import Market
import Risk
import Strategies
import Testing

/// A strategy under the property tests, with data in which it trades.
///
/// Each is described in a file of its own under `Subjects`.
struct Subject: Sendable, CustomTestStringConvertible {
  let name: String
  /// The strategy with its default settings.
  let make: @Sendable () throws -> any StrategyInstance
  /// Prices from 1,000 to 10,000 in steps of 0.1, which ten times the price rounds alike.
  let script: Script
  /// What `script` makes, made once.
  let feed: @Sendable () throws -> Feed
  /// From when on restarts and repetitions are tried at every moment, the windows having filled;
  /// before, at every seventh.
  let settled: Instant
  /// How far the specification says that it looks back.
  let windows: [LookBack]
  /// The fewest signals that its data may make.
  var leastSignals = 8
  /// The most that the memory may take, in bytes.
  var largestMemory = 12_000
  /// Inputs besides candles without which it may not trade.
  var starvations: [Starvation] = []
  /// Data and settings for the market upside down; nil where nothing depends on direction.
  let mirror: Mirror?
  /// The strategy with things done wrong.
  let plants: Plants

  var testDescription: String { name }

  /// Repeats all data.
  static let seed: UInt64 = 20_240_101

  static let all: [Subject] = [
    .wickFlow, .traderMayne, .emaCross, .sessionFlow, .volFlow,
    .valentiniFlow, .skewFlow, .oiFlow, .pairFlow, .quantFlow, .footprintFlow,
  ]
}

/// How far a strategy looks back over one series.
struct LookBack: Sendable {
  var symbol: Symbol = "BTC"
  let timeframe: Timeframe
  let length: Int
  /// What a missing candle is called.
  var reasons: Set<NoTradeReason> = [.gapInHistory]

  init(
    _ timeframe: Timeframe, _ length: Int, of symbol: Symbol = "BTC",
    reasons: Set<NoTradeReason> = [.gapInHistory]
  ) {
    self.timeframe = timeframe
    self.length = length
    self.symbol = symbol
    self.reasons = reasons
  }
}

/// An input that stops coming.
struct Starvation: Sendable {
  let kind: InputKind
  var symbol: Symbol = "BTC"
  /// How old its last value may be.
  let delay: Interval
  /// What is said from then on.
  let reasons: Set<NoTradeReason>
  /// The most confidence of a signal without it, in ten-thousandths; nil where none may be made.
  var cap: Int64?
}

/// The market upside down.
struct Mirror: Sendable {
  /// The strategy with gates for prices near half of ``sum``, which leave room for `K − p` to be
  /// the same move: thresholds are in the same proportion to the moves as the defaults are, and
  /// between two ticks, so that no decision hangs on the price level.
  let make: @Sendable () throws -> any StrategyInstance
  let script: Script
  let feed: @Sendable () throws -> Feed
  /// A price and its mirror image add up to it.
  var sum: Price = "100000000"
  var tolerance = Tolerance()

  /// The common gates for prices near 50,000,000 that move by 300 a candle.
  static var gate: GeometryGate {
    var gate = GeometryGate()
    gate.minimumStop = "0.00000501"
    gate.maximumStop = "0.00010001"
    return gate
  }

  /// A walk near 50,000,000 in steps of 1 that moves by 300 a candle.
  static func walk(_ timeframe: Timeframe, _ count: Int) -> Walk {
    Walk(
      timeframe: timeframe, count: count, price: 50_000_000, tick: "1", steps: 4, spread: 300,
      sweeps: 40)
  }
}

/// What a strategy trades: one symbol, or a pair of them.
struct Site: Sendable {
  var symbol: Symbol = "BTC"
  var otherLeg: Symbol?
  var subject: Symbol?

  func run<S: Strategy>(_ strategy: S) throws -> any StrategyInstance {
    StrategyRunner(
      strategy, for: try instrument(symbol), otherLeg: try otherLeg.map { try instrument($0) },
      subject: subject)
  }
}

extension Feed {
  /// Candles of one walk and what is derived from them, beat by beat.
  static func walking(
    _ walk: Walk, deriving timeframes: [Timeframe] = [], from start: Instant? = nil,
    drawing choices: inout Draws
  ) throws -> Feed {
    var walker = Walker(walk)
    var candles: [Candle] = []
    while candles.count < walk.count, choices.goesOn() {
      candles.append(try walker.candle(candles.count, from: &choices))
    }
    return Feed(candles, deriving: timeframes, from: start)
  }
}

extension Starvation {
  /// Takes what no longer comes out of `moment`; of candles it is what takers did.
  func take(from moment: inout Moment) {
    if case .takerSplit(let timeframe) = kind {
      moment.candles = moment.candles.map {
        $0.symbol == symbol && $0.timeframe == timeframe ? $0.with(nil) ?? $0 : $0
      }
    }
    moment.readings.removeAll { InputKind($0.reading) == kind && $0.reading.symbol == symbol }
  }

  func allows(_ decision: Decision) -> Bool {
    guard let cap else { return decision.reason.map(reasons.contains) ?? false }
    return decision.signal.map { $0.confidence.count <= cap } ?? true
  }
}
