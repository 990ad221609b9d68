public import Market

/// A candle seen from one side of the market: for a short, prices are negated and high and low
/// change places, so that every rule is written once, for a long.
public struct FacingCandle: Hashable, Sendable {
  /// The open, in steps along the side.
  public let open: Int64
  /// The extreme in favour of the side.
  public let high: Int64
  /// The extreme against the side.
  public let low: Int64
  /// The close.
  public let close: Int64

  /// Sees `candle` from `side`.
  public init(_ candle: Candle, facing side: Side) {
    self.init(
      open: candle.open, high: candle.high, low: candle.low, close: candle.close, facing: side)
  }

  /// Sees the prices of a candle from `side`.
  init(open: Price, high: Price, low: Price, close: Price, facing side: Side) {
    self.open = side.along(open)
    self.close = side.along(close)
    self.high = side.along(side == .buy ? high : low)
    self.low = side.along(side == .buy ? low : high)
  }

  /// The distance from open to close.
  public var body: Int64 { abs(close - open) }
  /// The distance from low to high.
  public var range: Int64 { high - low }
  /// The wick against the side: what was tried and rejected.
  public var wick: Int64 { min(open, close) - low }

  /// Where the close lies in the range, 0 at the low and 1 at the high; a half where there is none.
  public var closeLocation: Double {
    range == 0 ? 0.5 : Double(close - low) / Double(range)
  }
}

extension Side {
  /// `price` in steps that grow in favour of the side.
  func along(_ price: Price) -> Int64 { self == .buy ? price.steps : -price.steps }

  /// The price that lies at `steps` along the side; nil where it is no positive price.
  func price(along steps: Int128) -> Price? {
    guard let steps = Int64(exactly: self == .buy ? steps : -steps), steps > 0 else { return nil }
    return Price(steps: steps)
  }
}
