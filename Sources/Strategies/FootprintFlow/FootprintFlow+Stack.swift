import Market
import Risk

extension FootprintFlow {
  /// A minute inside a five-minute candle.
  struct Minute: Hashable, Sendable {
    let openTime: Instant
    let high: Price
    let low: Price
    let ratio: Fraction
    /// Whether its volume reached the average of the minutes before.
    let isHeavy: Bool

    /// The side to which the minute is imbalanced; nil where it is too even or too light.
    func side(_ rules: Configuration) -> Side? {
      guard isHeavy, !ratio.isZero, ratio.magnitude >= rules.stackedRatio else { return nil }
      return ratio > .zero ? .buy : .sell
    }
  }

  /// Minutes in a row that are imbalanced to one side.
  struct Run: Hashable, Sendable {
    let side: Side
    /// The extreme of the first minute against the side.
    let extreme: Price
    var count: Int
    /// The sum of the magnitudes of their delta ratios.
    var ratios: Double
  }

  /// What the setup came to at `trigger`, whose minutes are among `recent`.
  func stack(_ trigger: Candle, _ reading: Reading, _ recent: [Minute]) -> Finding {
    guard let run = longestRun(of: recent, since: trigger.openTime),
      run.count >= configuration.stackedRun
    else { return .refused(.noSetup) }
    if let reason = reasonAgainstBreak(trigger, reading, run.side) { return .refused(reason) }
    let confidence =
      0.40 + 0.20 * clamp((run.ratios / Double(run.count) - 0.30) / 0.30)
      + 0.20 * clamp(Double(run.count - 3) / 2)
      + 0.20 * FacingCandle(trigger, facing: run.side).closeLocation
    return .trade(Trade(side: run.side, extreme: run.extreme, confidence: confidence))
  }

  /// Why `candle` did not break the range before it on `side`, closing at its extreme; nil where it
  /// did.
  func reasonAgainstBreak(_ candle: Candle, _ reading: Reading, _ side: Side) -> NoTradeReason? {
    let facing = FacingCandle(candle, facing: side)
    guard facing.closeLocation >= configuration.stackedCloseLocation else {
      return .closeNotAtExtreme
    }
    return facing.close > reading.high(side) ? nil : .noBreak
  }

  /// The longest run of the minutes since `start`, the first of equals; nil where none of them is
  /// imbalanced.
  private func longestRun(of minutes: [Minute], since start: Instant) -> Run? {
    var longest: Run?
    var current: Run?
    for minute in minutes where minute.openTime >= start {
      guard let side = minute.side(configuration) else {
        current = nil
        continue
      }
      let size = minute.ratio.magnitude.double
      if var run = current, run.side == side {
        run.count += 1
        run.ratios += size
        current = run
      } else {
        current = Run(
          side: side, extreme: side == .buy ? minute.low : minute.high, count: 1, ratios: size)
      }
      if let run = current, run.count > longest?.count ?? 0 { longest = run }
    }
    return longest
  }
}
