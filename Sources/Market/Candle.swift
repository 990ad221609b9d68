/// The length of a candle.
public enum Timeframe: UInt8, Hashable, Comparable, CaseIterable, Sendable {
  /// One minute.
  case m1 = 0
  /// Five minutes.
  case m5 = 1
  /// Fifteen minutes.
  case m15 = 2
  /// One hour, derived from five-minute candles.
  case h1 = 3
  /// Four hours.
  case h4 = 4
  /// One UTC day.
  case d1 = 5
  /// Three days counted from the epoch, derived from days.
  case d3 = 6
  /// One week from Monday 00:00 UTC, derived from days.
  case w1 = 7

  /// Orders by length.
  @inlinable public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

  /// The length.
  @inlinable
  public var interval: Interval {
    switch self {
    case .m1: .minutes(1)
    case .m5: .minutes(5)
    case .m15: .minutes(15)
    case .h1: .hours(1)
    case .h4: .hours(4)
    case .d1: .days(1)
    case .d3: .days(3)
    case .w1: .days(7)
    }
  }

  /// The open time of the candle that holds `instant`.
  ///
  /// Weeks open on Monday, four days before the epoch's Thursday plus seven; the rest align with
  /// the epoch (`strategies.md` section 2.1). `instant` is within the years 1678 to 2261.
  @inlinable
  public func open(containing instant: Instant) -> Instant {
    let length = interval.nanoseconds
    let anchor: Int64 = self == .w1 ? Interval.days(4).nanoseconds : 0
    let bucket = (instant.nanoseconds - anchor).floorDivided(by: length)
    return Instant(nanoseconds: bucket * length + anchor)
  }

  /// The name used in files, settings and messages: `1m`, `15m`, `4h`, `1d`, `3d`, `1w`.
  public var name: String {
    switch self {
    case .m1: "1m"
    case .m5: "5m"
    case .m15: "15m"
    case .h1: "1h"
    case .h4: "4h"
    case .d1: "1d"
    case .d3: "3d"
    case .w1: "1w"
    }
  }

  /// Reads a ``name``.
  public init?(name: String) {
    guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = match
  }
}

/// Why four prices, a volume and a time are not a candle.
public enum CandleFault: Error, Hashable, Sendable {
  /// A price is zero or negative.
  case priceNotPositive
  /// The high is below the open, close or low, or the low above them.
  case outsideRange
  /// The volume is negative.
  case badVolume
  /// A side of the taker split is negative, or its coverage is not from 0 to 1.
  case badTakerSplit
  /// The open time is not a multiple of the timeframe, or outside the years 1678 to 2261.
  case misaligned
}

/// Trading in one symbol over one timeframe.
@frozen
public struct Candle: Hashable, Sendable {
  /// What traded.
  public let symbol: Symbol
  /// How long.
  public let timeframe: Timeframe
  /// Whose prices.
  public let venue: Venue
  /// The first instant covered.
  public let openTime: Instant
  /// The first price.
  public let open: Price
  /// The highest price.
  public let high: Price
  /// The lowest price.
  public let low: Price
  /// The last price.
  public let close: Price
  /// Base coin traded.
  public let volume: Quantity
  /// What takers bought and sold meanwhile, where the configured source tells.
  public let takerSplit: TakerSplit?

  /// Makes a candle that keeps its own rules.
  ///
  /// - Throws: ``CandleFault`` where prices, volume or time contradict one another.
  @inlinable
  public init(
    symbol: Symbol, timeframe: Timeframe, venue: Venue, openTime: Instant, open: Price,
    high: Price, low: Price, close: Price, volume: Quantity, takerSplit: TakerSplit? = nil
  ) throws(CandleFault) {
    guard low > .zero else { throw .priceNotPositive }
    guard high >= open, high >= close, low <= open, low <= close, high >= low else {
      throw .outsideRange
    }
    guard volume >= .zero else { throw .badVolume }
    if let takerSplit {
      guard takerSplit.isConsistent else { throw .badTakerSplit }
    }
    // 106,651 days is 2262-01-01: within them neither the open nor the close can overflow.
    guard openTime.nanoseconds.magnitude < Interval.days(106_651).nanoseconds.magnitude,
      timeframe.open(containing: openTime) == openTime
    else { throw .misaligned }
    self.symbol = symbol
    self.timeframe = timeframe
    self.venue = venue
    self.openTime = openTime
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
    self.takerSplit = takerSplit
  }

  /// The same candle with another taker split; nil where the split contradicts itself.
  public func with(_ split: TakerSplit?) -> Candle? {
    do {
      return try Candle(
        symbol: symbol, timeframe: timeframe, venue: venue, openTime: openTime, open: open,
        high: high, low: low, close: close, volume: volume, takerSplit: split)
    } catch { return nil }
  }

  /// The first instant after it.
  @inlinable public var closeTime: Instant { openTime + timeframe.interval }
}
