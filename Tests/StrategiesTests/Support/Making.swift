import Market
import Risk
import Testing

@testable import Strategies

/// Monday, 2024-01-01T00:00:00Z.
let monday = Instant(milliseconds: 1_704_067_200_000)
let tuesday = monday + .days(1)

/// A perpetual whose tick is 1 above 10,000, 0.1 above 1,000 and so on.
func instrument(_ symbol: Symbol = "BTC") throws -> Instrument {
  try #require(Instrument(symbol: symbol, sizeDecimals: 4, maximumLeverage: 50))
}

/// A candle in whole prices and whole volume.
func candle(
  _ timeframe: Timeframe, at time: Instant, _ open: Int64, _ high: Int64, _ low: Int64,
  _ close: Int64, volume: Int64 = 1_000
) throws -> Candle {
  try Candle(
    symbol: "BTC", timeframe: timeframe, venue: .hyperliquid, openTime: time,
    open: Price(whole: open), high: Price(whole: high), low: Price(whole: low),
    close: Price(whole: close), volume: Quantity(whole: volume))
}

/// A question about the close of `trigger`.
func context(_ trigger: Candle) throws -> DecisionContext {
  DecisionContext(
    time: trigger.closeTime, instrument: try instrument(trigger.symbol), trigger: trigger)
}

/// What a worked case expects.
enum Expected: Sendable {
  /// A signal with stop, target, reward to risk and confidence, the last two in ten-thousandths.
  case trade(Side, stop: Int64, target: Int64, rr: Int64, confidence: Int64)
  case refused(NoTradeReason)
}

/// Compares `outcome` with `expected`, figure by figure.
func check(
  _ outcome: Judgement, _ expected: Expected,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  switch (outcome, expected) {
  case (.signal(let signal), .trade(let side, let stop, let target, let rr, let confidence)):
    #expect(signal.side == side, sourceLocation: sourceLocation)
    #expect(signal.stop == Price(whole: stop), sourceLocation: sourceLocation)
    #expect(signal.target == Price(whole: target), sourceLocation: sourceLocation)
    #expect(signal.rewardToRisk.count == rr, sourceLocation: sourceLocation)
    #expect(signal.confidence.count == confidence, sourceLocation: sourceLocation)
  case (.noTrade(let reason), .refused(let expected)):
    #expect(reason == expected, sourceLocation: sourceLocation)
  default:
    Issue.record("expected \(expected), got \(outcome)", sourceLocation: sourceLocation)
  }
}

/// The signal of `outcome`.
func signal(_ outcome: Judgement) throws -> Signal {
  guard case .signal(let signal) = outcome else {
    throw UnexpectedOutcome(outcome: outcome)
  }
  return signal
}

struct UnexpectedOutcome: Error { let outcome: Judgement }
