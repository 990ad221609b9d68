import Market
import Risk

extension QuantFlow {
  /// How one close lies in the band of the closes that end with it.
  struct BandPlace: Hashable, Sendable {
    /// The mean less the close, times the band's length, in steps.
    let belowMean: Int128
    /// The sample deviation of the closes, times the band's length, in steps.
    let deviation: Double

    /// The last of `count` closes from `start`.
    ///
    /// Distances are taken from that close; a million dollars is the most that counts for the
    /// deviation, so that its squares are exact.
    init(_ closes: Window, from start: Int, count: Int) {
      let last = Int128(closes[start + count - 1])
      var exact: Int128 = 0
      var sum: Int128 = 0
      var squares: Int128 = 0
      for index in start..<(start + count) {
        let distance = Int128(closes[index]) - last
        let bounded = min(max(distance, -Self.widest), Self.widest)
        exact += distance
        sum += bounded
        squares += bounded * bounded
      }
      belowMean = exact
      let spread = Double(Int128(count) * squares - sum * sum)
      deviation = (spread * Double(count) / Double(count - 1)).squareRoot()
    }

    private static let widest: Int128 = 100_000_000_000_000

    /// Whether the close is beyond the band of `width` deviations on the losing end of `side`.
    func isOutside(_ side: Side, width: Double) -> Bool {
      Double(belowMean) * Double(side.sign) > width * deviation
    }
  }

  /// Judges the trigger, the newest candle of `chart`, in the regime of `reading`.
  func judge(
    _ context: DecisionContext, _ chart: Chart, trueRange: Mean, _ reading: Reading
  ) -> Conclusion {
    guard reading.realisedVolatility >= 1e-12 else {
      return Conclusion(setup: .all, outcome: .noTrade(.flatSeries))
    }
    switch reading.regime {
    case .stress: return Conclusion(setup: .all, outcome: .noTrade(.regimeStress))
    case .neutral, .realisedNeutral:
      return Conclusion(setup: .all, outcome: .noTrade(.regimeNeutral))
    case .pin, .cooling:
      return Conclusion(
        setup: Self.bandFade, outcome: fade(context, chart, trueRange: trueRange, reading))
    case .expansion, .compressed:
      return Conclusion(
        setup: Self.donchian, outcome: breakout(context, chart, trueRange: trueRange, reading))
    }
  }

  /// A close back inside the band, from outside on the side's losing end.
  private func fade(
    _ context: DecisionContext, _ chart: Chart, trueRange: Mean, _ reading: Reading
  ) -> Judgement {
    let band = chart.lengths.band
    let width = configuration.bandWidth
    let before = BandPlace(chart.closes, from: 0, count: band)
    let now = BandPlace(chart.closes, from: 1, count: band)
    let outside: [Side] = [.buy, .sell].filter { before.isOutside($0, width: width) }
    guard let side = outside.first, !now.isOutside(.buy, width: width),
      !now.isOutside(.sell, width: width)
    else { return .noTrade(.noSetup) }
    let extremes = side == .buy ? chart.lows : chart.highs
    let worst = min(
      side.along(Price(steps: extremes[extremes.count - 1])),
      side.along(Price(steps: extremes[extremes.count - 2])))
    let sum = Int128(context.trigger.close.steps) * Int128(band) + now.belowMean
    let mean = Rounding.up.divide(sum * Int128(side.sign), by: Int128(band))
    let gate = configuration.gate
    guard
      let stop = gate.stop(
        side, along: Int128(worst) - trueRange.part(configuration.fadeBuffer),
        of: context.instrument),
      let target = gate.target(side, along: mean, of: context.instrument)
    else { return .noTrade(.badGeometry) }
    let interest = reading.openInterestChange.map { $0 <= Self.tolerance } ?? false
    return outcome(context, side, stop: stop, target: target, reading, interestAgrees: interest)
  }

  /// A close beyond every candle of the channel, with open interest building behind it.
  private func breakout(
    _ context: DecisionContext, _ chart: Chart, trueRange: Mean, _ reading: Reading
  ) -> Judgement {
    let close = context.trigger.close
    let before = 0..<(chart.highs.count - 1)
    let side: Side
    if before.allSatisfy({ close.steps > chart.highs[$0] }) {
      side = .buy
    } else if before.allSatisfy({ close.steps < chart.lows[$0] }) {
      side = .sell
    } else {
      return .noTrade(.noSetup)
    }
    let builds = reading.openInterestChange.map {
      $0 >= configuration.openInterestGrowth - Self.tolerance
    }
    guard builds != false else { return .noTrade(.openInterestNotBuilding) }
    let gate = configuration.gate
    let entry = Int128(side.along(close))
    guard
      let stop = gate.stop(
        side, along: entry - trueRange.part(configuration.breakoutStop), of: context.instrument)
    else { return .noTrade(.badGeometry) }
    let risk = entry - Int128(side.along(stop))
    let reward = Rounding.up.divide(
      risk * Int128(configuration.breakoutTarget.steps), by: Int128(Fraction.stepsPerWhole))
    guard let target = gate.target(side, along: entry + reward, of: context.instrument) else {
      return .noTrade(.badGeometry)
    }
    return outcome(
      context, side, stop: stop, target: target, reading, interestAgrees: builds ?? false)
  }

  private func outcome(
    _ context: DecisionContext, _ side: Side, stop: Price, target: Price, _ reading: Reading,
    interestAgrees: Bool
  ) -> Judgement {
    let levels = Levels(
      side: side, entry: context.trigger.close, stop: stop, target: target)
    let confidence =
      0.40 + 0.20 * separation(reading) + (reading.regime.knowsOptions ? 0.20 : 0)
      + (interestAgrees ? 0.10 : 0) + 0.10 * clamp((levels.rewardToRisk - 2) / 2)
    var cap = 1.0
    if !reading.regime.knowsOptions { cap = min(cap, configuration.capWithoutOptions) }
    if reading.openInterestChange == nil { cap = min(cap, configuration.capWithoutOpenInterest) }
    return configuration.gate.outcome(
      levels, confidence: min(cap, confidence), at: context.time,
      timeStop: context.time + trigger.interval * configuration.timeStop)
  }

  /// How clearly implied and realised volatility differ in the regime, from 0 to 1.
  private func separation(_ reading: Reading) -> Double {
    guard let ratio = reading.ratio else { return 0 }
    switch reading.regime {
    case .pin: return clamp((ratio - 1.15) / 0.35)
    case .expansion: return clamp((1 - ratio) / 0.25)
    case .stress, .neutral, .compressed, .cooling, .realisedNeutral: return 0
    }
  }
}
