import Market

/// Oracle and mark of one perpetual ("Robust price indices", read 2026-08).
///
/// The model's price stands for the spot markets. The mark is the median of three: the oracle plus
/// the 150 s average of mid − oracle; the median of best bid, best ask and last trade; and, for the
/// other exchanges that are not simulated, the 30 s average of the second.
struct ReferencePrices: Sendable {
  private(set) var oracle: Price
  private(set) var mark: Price
  /// The mark before the last update.
  private(set) var previousMark: Price
  /// Parts per million by which a fault displaces the oracle, until when.
  var displacement: (partsPerMillion: Int64, until: Instant)?

  private var premium: MovingAverage
  private var touch: MovingAverage

  init(_ price: Price) {
    oracle = price
    mark = price
    previousMark = price
    premium = MovingAverage(constant: 150)
    touch = MovingAverage(constant: 30)
  }

  /// Ends a displacement whose time is over.
  mutating func endDisplacement(at now: Instant) {
    if let displacement, displacement.until <= now { self.displacement = nil }
  }

  mutating func update(
    index: Price, basis: Int64, bid: Price?, ask: Price?, last: Price, grain: Price,
    after interval: Interval
  ) {
    previousMark = mark
    let shift = 1_000_000 + (displacement?.partsPerMillion ?? 0)
    let fair = index.checkedScaled(by: 1_000_000, over: max(1, 1_000_000 + basis), .nearest)
    let moved = (fair ?? index).checkedScaled(by: shift, over: 1_000_000, .nearest) ?? index
    oracle = max(grain, moved.rounded(to: grain, .nearest) ?? moved)
    let seconds = Double(interval.nanoseconds) / 1e9
    let middle = Self.median(bid ?? last, ask ?? last, last)
    var mid = last
    if let bid, let ask { mid = Price(steps: bid.steps + (ask.steps - bid.steps) / 2) }
    if displacement != nil {
      // The other exchanges follow the oracle, so two of three agree with it.
      premium.add(0, after: seconds)
      touch.add(oracle.double, after: seconds)
      mark = oracle
      return
    }
    premium.add(mid.double - oracle.double, after: seconds)
    touch.add(middle.double, after: seconds)
    let first = Price(nearest: oracle.double + premium.value) ?? oracle
    let third = Price(nearest: touch.value) ?? middle
    let median = Self.median(first, middle, third)
    mark = max(grain, median.rounded(to: grain, .nearest) ?? median)
  }

  static func median(_ first: Price, _ second: Price, _ third: Price) -> Price {
    max(min(first, second), min(max(first, second), third))
  }
}

/// An exponential average over time: `num = num·e^(−t/c) + sample·t`, `den` likewise.
struct MovingAverage: Sendable {
  private let constant: Double
  private var numerator = 0.0
  private var denominator = 0.0
  private var lastDecay = (seconds: 0.0, factor: 1.0)
  private var latest = 0.0

  init(constant: Double) { self.constant = constant }

  /// The average; the last sample while no time has passed.
  var value: Double { denominator > 0 ? numerator / denominator : latest }

  mutating func add(_ sample: Double, after seconds: Double) {
    latest = sample
    guard seconds > 0 else { return }
    if seconds != lastDecay.seconds {
      lastDecay = (seconds, exponentialDecay(over: seconds, constant: constant))
    }
    numerator = numerator * lastDecay.factor + sample * seconds
    denominator = denominator * lastDecay.factor + seconds
  }
}
