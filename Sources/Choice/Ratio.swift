/// A probability as an exact ratio of whole numbers, `never` to `always`.
public struct Ratio: Hashable, Sendable {
  /// How many of ``denominator`` equally likely cases it is.
  public let numerator: UInt64
  /// How many equally likely cases there are, at least one.
  public let denominator: UInt64

  /// Makes `numerator / denominator`; nil where that is not a number from 0 to 1.
  public init?(_ numerator: UInt64, over denominator: UInt64) {
    guard denominator > 0, numerator <= denominator else { return nil }
    self.init(numerator: numerator, denominator: denominator)
  }

  private init(numerator: UInt64, denominator: UInt64) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// In no case.
  public static let never = Ratio(numerator: 0, denominator: 1)
  /// In every case.
  public static let always = Ratio(numerator: 1, denominator: 1)
}

extension Ratio: CustomStringConvertible {
  /// The two numbers, as in `3/100`.
  public var description: String { "\(numerator)/\(denominator)" }
}
