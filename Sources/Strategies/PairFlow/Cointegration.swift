import Market

/// The line that ties the legs of a pair: `ln first = α + β·ln other`, with residuals of
/// deviation σ around it.
struct PairLine: Hashable, Sendable {
  let alpha: Double
  let beta: Double
  /// σ, with two degrees of freedom spent on the line.
  let deviation: Double

  init(alpha: Double, beta: Double, deviation: Double) {
    self.alpha = alpha
    self.beta = beta
    self.deviation = deviation
  }

  /// The least-squares line through `first` over `other`, which are equally long; nil for fewer
  /// than three points and where `other` does not vary.
  init?(_ first: [Double], over other: [Double]) {
    guard first.count == other.count, first.count > 2 else { return nil }
    let moments = PairMoments(other, first)
    guard moments.xx > 0 else { return nil }
    beta = moments.xy / moments.xx
    alpha = moments.meanY - beta * moments.meanX
    var squares = 0.0
    for index in first.indices {
      let residual = first[index] - alpha - beta * other[index]
      squares += residual * residual
    }
    deviation = (squares / Double(first.count - 2)).squareRoot()
  }

  /// How far the spread is off the line.
  func residual(_ first: Double, _ other: Double) -> Double { first - alpha - beta * other }

  /// The same in deviations: z.
  func score(_ first: Double, _ other: Double) -> Double { residual(first, other) / deviation }
}

/// Sums of squares and products around the means.
struct PairMoments: Hashable, Sendable {
  let meanX: Double
  let meanY: Double
  private(set) var xx = 0.0
  private(set) var xy = 0.0
  private(set) var yy = 0.0

  /// Takes two series of the same length, at least 1.
  init(_ x: [Double], _ y: [Double]) {
    meanX = x.reduce(0, +) / Double(x.count)
    meanY = y.reduce(0, +) / Double(y.count)
    for (one, two) in zip(x, y) {
      xx += (one - meanX) * (one - meanX)
      xy += (one - meanX) * (two - meanY)
      yy += (two - meanY) * (two - meanY)
    }
  }

  /// Pearson's correlation; not a number where a series does not vary.
  var correlation: Double { xy / (xx * yy).squareRoot() }
}

/// How a spread returns to its mean: `Δe = λ·e + γ·Δe` of the bar before, without a constant.
struct Reversion: Hashable, Sendable {
  /// λ: which part of the distance one bar takes back, negative where it does.
  let rate: Double
  /// λ in its own standard errors: the Engle–Granger statistic.
  let statistic: Double

  init(rate: Double, statistic: Double) {
    self.rate = rate
    self.statistic = statistic
  }

  /// Fits the residuals of a line; nil for fewer than five and where they leave no unique answer.
  init?(of residuals: [Double]) {
    guard residuals.count > 4 else { return nil }
    // Normal equations of y on (a, b) = (e, Δe), one bar back.
    var aa = 0.0
    var ab = 0.0
    var bb = 0.0
    var ay = 0.0
    var by = 0.0
    for index in 2..<residuals.count {
      let (a, b) = (residuals[index - 1], residuals[index - 1] - residuals[index - 2])
      let y = residuals[index] - residuals[index - 1]
      aa += a * a
      ab += a * b
      bb += b * b
      ay += a * y
      by += b * y
    }
    let determinant = aa * bb - ab * ab
    guard determinant > 0 else { return nil }
    let rate = (bb * ay - ab * by) / determinant
    let lag = (aa * by - ab * ay) / determinant
    var squares = 0.0
    for index in 2..<residuals.count {
      let (a, b) = (residuals[index - 1], residuals[index - 1] - residuals[index - 2])
      let left = residuals[index] - residuals[index - 1] - rate * a - lag * b
      squares += left * left
    }
    let variance = squares / Double(residuals.count - 4)
    self.rate = rate
    statistic = rate / (variance * bb / determinant).squareRoot()
  }

  /// Bars until half of the distance is taken back; nil where the spread does not return, or
  /// overshoots at once.
  var halfLife: Double? {
    guard rate > -1, rate < 0 else { return nil }
    return -ln(2) / ln(1 + rate)
  }
}

/// What the bars before a close say about the pair, and where the spread stands at the close.
struct PairSpread: Hashable, Sendable {
  /// Fitted on the bars before, the newest left out.
  let line: PairLine
  /// Of the returns of those bars.
  let correlation: Double
  /// The Engle–Granger statistic; zero where it has no value.
  let statistic: Double
  /// In bars; nil where the spread does not return.
  let halfLife: Double?
  /// z at the close before, on the same line.
  let before: Double
  /// z at the close.
  let now: Double
}

extension PairSpread {
  /// Fits all but the first and the last of the closes (logarithms, oldest first), and judges the
  /// last; nil where the other leg did not move.
  ///
  /// The first close serves only for the return of the second.
  init?(first: [Double], other: [Double]) {
    guard first.count == other.count, first.count > 6, let now = first.last,
      let otherNow = other.last
    else { return nil }
    let fitted = 1..<(first.count - 1)
    let y = Array(first[fitted])
    let x = Array(other[fitted])
    guard let line = PairLine(y, over: x) else { return nil }
    let residuals = zip(y, x).map(line.residual)
    let reversion = Reversion(of: residuals)
    let returns = PairMoments(
      fitted.map { other[$0] - other[$0 - 1] }, fitted.map { first[$0] - first[$0 - 1] })
    self.init(
      line: line, correlation: returns.correlation, statistic: reversion?.statistic ?? 0,
      halfLife: reversion?.halfLife, before: (residuals.last ?? 0) / line.deviation,
      now: line.score(now, otherNow))
  }
}
