public import Engine
public import Market

/// Equity over time in a bounded number of points, with its deepest fall from a peak.
///
/// The fall is measured on every point that was added, the kept ones are evenly spread.
public struct EquityCurve: Hashable, Sendable {
  /// The most points kept.
  public static var pointLimit: Int { 512 }

  /// The kept points, in order of time.
  public private(set) var points: [EquityRecord] = []
  /// The newest point.
  public private(set) var last: EquityRecord?
  /// The deepest fall from a peak, in money; zero or positive.
  public private(set) var maximumDrawdown = Money.zero
  /// The deepest fall from a peak as a share of that peak, in basis points.
  public private(set) var maximumDrawdownBasisPoints: Int64 = 0
  /// When the deepest share was reached.
  public private(set) var maximumDrawdownTime: Instant?
  private var peak: Money?
  private var stride = 1
  private var skipped = 0

  /// Starts without a point.
  public init() {}

  /// Adds a point that is not earlier than the last one.
  public mutating func add(_ point: EquityRecord) {
    last = point
    let top = max(peak ?? point.equity, point.equity)
    peak = top
    let fall = top - point.equity
    maximumDrawdown = max(maximumDrawdown, fall)
    if top > .zero, fall > .zero {
      let share = Rounding.up.divide(Int128(fall.steps) * 10_000, by: Int128(top.steps))
      if let share = Int64(exactly: share), share > maximumDrawdownBasisPoints {
        maximumDrawdownBasisPoints = share
        maximumDrawdownTime = point.time
      }
    }
    skipped += 1
    guard skipped >= stride else { return }
    skipped = 0
    points.append(point)
    guard points.count >= Self.pointLimit else { return }
    points = Swift.stride(from: 0, to: points.count, by: 2).map { points[$0] }
    // The point just taken was left out again: the next one is half a stride away.
    skipped = stride
    stride *= 2
  }
}
