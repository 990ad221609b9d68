import Market
import Risk
import Strategies

extension Signal {
  /// What the trade came to, in multiples of its risk and before costs, on the candles from the
  /// decision on; nil where they end too soon.
  ///
  /// The rules are those of `strategies.md` section 2.5: the stop first where a candle touches
  /// both, the open where it opens beyond the stop.
  func multiple(on candles: ArraySlice<Candle>) -> Double? {
    let risk = Double((entry - stop).magnitude.steps)
    func result(at price: Price) -> Double {
      Double((price.steps - entry.steps) * side.sign) / risk
    }
    for candle in candles {
      if candle.openTime >= timeStop { return result(at: candle.open) }
      let worst = side == .buy ? candle.low : candle.high
      if (worst.steps - stop.steps) * side.sign <= 0 {
        let isBeyond = (candle.open.steps - stop.steps) * side.sign < 0
        return result(at: isBeyond ? candle.open : stop)
      }
      let best = side == .buy ? candle.high : candle.low
      if (best.steps - target.steps) * side.sign >= 0 { return result(at: target) }
    }
    return nil
  }
}

/// The results of many trades.
struct Results {
  private(set) var multiples: [Double] = []

  init(_ multiples: [Double]) { self.multiples = multiples }

  init(_ decisions: [Decision], on base: [Candle]) {
    guard let first = base.first else { return }
    for decision in decisions {
      let index =
        (decision.time - first.openTime).nanoseconds / first.timeframe.interval.nanoseconds
      guard let signal = decision.signal,
        let multiple = signal.multiple(on: base[min(Int(index), base.count)...])
      else { continue }
      multiples.append(multiple)
    }
  }

  var mean: Double { multiples.reduce(0, +) / Double(multiples.count) }

  /// The standard error of the mean.
  var error: Double {
    let mean = mean
    let squares = multiples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(multiples.count - 1) / Double(multiples.count)).squareRoot()
  }
}
