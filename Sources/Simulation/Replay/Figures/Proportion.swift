public import Strategies

/// How often something happened of how many times, with the range in which the true rate lies with
/// 95 % confidence.
public struct Proportion: Hashable, Sendable {
  /// How often.
  public let count: Int
  /// Of how many.
  public let total: Int

  /// Counts `count` of `total`.
  public init(_ count: Int, of total: Int) {
    self.count = count
    self.total = total
  }

  /// The share; nil of nothing.
  public var share: TenThousandths? {
    total > 0 ? TenThousandths(nearest: Double(count) / Double(total)) : nil
  }

  /// The interval of Wilson (1927), which holds for few cases and extreme shares too; nil of
  /// nothing.
  public var interval: ClosedRange<TenThousandths>? {
    guard total > 0 else { return nil }
    let z = 1.959963984540054
    let n = Double(total)
    let p = Double(count) / n
    let middle = p + z * z / (2 * n)
    let reach = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    guard let low = TenThousandths(nearest: max(0, (middle - reach) / scale)),
      let high = TenThousandths(nearest: min(1, (middle + reach) / scale)), low <= high
    else { return nil }
    return low...high
  }
}
