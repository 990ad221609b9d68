import Market
import Risk
import Strategies
import Testing

/// A strategy under the property tests, with data in which it trades.
enum Subject: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case wickFlow, traderMayne, emaCross

  var testDescription: String { rawValue }

  /// Repeats all data below.
  static let seed: UInt64 = 20_240_101

  func make(scaledGates: Bool = false) throws -> any StrategyInstance {
    let instrument = try instrument()
    switch self {
    case .wickFlow:
      var configuration = WickFlow.Configuration()
      if scaledGates {
        configuration.gate = Self.scaledGate
        configuration.equalTolerance = "0.00000201"
      }
      return StrategyRunner(WickFlow(configuration), for: instrument)
    case .traderMayne:
      var configuration = TraderMayne.Configuration()
      if scaledGates {
        configuration.gate = Self.scaledGate
        configuration.narrowestRange = "0.00001501"
        configuration.widestRange = "0.00030001"
      }
      return StrategyRunner(TraderMayne(configuration), for: instrument)
    case .emaCross:
      var configuration = EmaCross.Configuration()
      configuration.timeframe = .m15
      return StrategyRunner(EmaCross(configuration), for: instrument)
    }
  }

  /// The gates for prices near 50,000,000 that move by 300 a candle: thresholds in the same
  /// proportion to the moves, and between two ticks, so that no decision hangs on the price level.
  private static var scaledGate: GeometryGate {
    var gate = GeometryGate()
    gate.minimumStop = "0.00000501"
    gate.maximumStop = "0.00010001"
    return gate
  }

  /// How far the specification says that the strategy looks back.
  var windows: [(Timeframe, Int)] {
    switch self {
    case .wickFlow: [(.m15, 215), (.d1, 2)]
    case .traderMayne: [(.m15, 15), (.h4, 200), (.d1, 210)]
    case .emaCross: [(.m15, 130)]
    }
  }

  /// Prices from 1,000 to 10,000 in steps of 0.1.
  func feed() throws -> Feed { try Self.feeds[index].get() }

  /// Prices near 50,000,000 in steps of 1.
  func mirrorFeed() throws -> Feed { try Self.mirrorFeeds[index].get() }

  private static let feeds = allCases.map { subject in
    Result { try subject.feed(Walk(seed: seed, count: subject.candleCount, steps: 4)) }
  }
  private static let mirrorFeeds = allCases.map { subject in
    Result {
      try subject.feed(
        Walk(
          seed: seed, count: subject.candleCount, price: 50_000_000, tick: "1", steps: 4,
          spread: 300))
    }
  }
  private var index: Int {
    switch self {
    case .wickFlow: 0
    case .traderMayne: 1
    case .emaCross: 2
    }
  }

  private var warmUp: Interval {
    switch self {
    case .wickFlow: .days(10)
    case .traderMayne: .days(224)
    case .emaCross: .days(2)
    }
  }

  private var candleCount: Int {
    let window: Interval =
      self == .wickFlow ? .days(35) : self == .traderMayne ? .days(21) : .days(5)
    return Int((warmUp + window).nanoseconds / Timeframe.m15.interval.nanoseconds)
  }

  private func feed(_ walk: Walk) throws -> Feed {
    let timeframes = try make().inputs.compactMap { input -> Timeframe? in
      guard case .candles(let timeframe) = input.kind else { return nil }
      return timeframe
    }
    // Quarter hours only from a few days before the window: what comes before is warm-up.
    return Feed(try walk.candles(), deriving: timeframes, from: monday + warmUp - .days(4))
  }
}
