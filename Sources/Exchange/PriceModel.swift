public import Market

/// How the price of one perpetual moves.
public enum PriceModel: Hashable, Sendable {
  /// The price stays where it is.
  case constant(Price)
  /// The price walks at random.
  case walk(RandomWalk)
  /// The price follows straight lines between points; before the first and after the last it stays.
  case path([PathPoint])
  /// The price runs up and down around a middle, turning every minute.
  case zigzag(Zigzag)
  /// The price replays candles of one timeframe, ascending; between them nothing trades.
  case recorded([Candle])
}

extension PriceModel {
  /// The same prices `interval` later; a recording moves by whole candles of its own, at most one
  /// less than asked for.
  public func moved(by interval: Interval) -> PriceModel {
    switch self {
    case .constant, .walk, .zigzag: return self
    case .path(let points):
      return .path(points.map { PathPoint(time: $0.time + interval, price: $0.price) })
    case .recorded(let candles):
      guard let length = candles.first?.timeframe.interval.nanoseconds, length > 0 else {
        return self
      }
      let whole = interval.nanoseconds.floorDivided(by: length) * length
      return .recorded(candles.compactMap { $0.moved(by: Interval(nanoseconds: whole)) })
    }
  }
}

extension Candle {
  fileprivate func moved(by interval: Interval) -> Candle? {
    try? Candle(
      symbol: symbol, timeframe: timeframe, venue: venue, openTime: openTime + interval,
      open: open, high: high, low: low, close: close, volume: volume)
  }
}

/// A price at a time, for scripted paths.
public struct PathPoint: Hashable, Sendable {
  /// When.
  public let time: Instant
  /// The price, positive.
  public let price: Price
  /// Makes a point.
  public init(time: Instant, price: Price) {
    self.time = time
    self.price = price
  }
}

/// A geometric random walk in deterministic arithmetic, with drift and jumps.
public struct RandomWalk: Hashable, Sendable {
  /// The price at the venue's start.
  public var price: Price
  /// Standard deviation of a day's return, in parts per million (30,000 is 3 %).
  public var dailyVolatility: Int64
  /// Mean of a day's return, in parts per million.
  public var dailyDrift: Int64
  /// Mean number of jumps a day.
  public var jumpsPerDay: Int64
  /// The largest jump up or down, in parts per million.
  public var largestJump: Int64

  /// Describes a walk; a day's return has the given mean and deviation in parts per million.
  public init(
    price: Price, dailyVolatility: Int64 = 30_000, dailyDrift: Int64 = 0, jumpsPerDay: Int64 = 0,
    largestJump: Int64 = 20_000
  ) {
    self.price = price
    self.dailyVolatility = dailyVolatility
    self.dailyDrift = dailyDrift
    self.jumpsPerDay = jumpsPerDay
    self.largestJump = largestJump
  }
}

/// Where the prices of every perpetual come from.
public struct PriceSource: Sendable {
  private let models: [Symbol: PriceModel]

  /// Takes one model for each symbol; a listed symbol without one stays at 100.
  public init(_ models: [Symbol: PriceModel]) { self.models = models }

  func model(of symbol: Symbol) -> PriceModel { models[symbol] ?? .constant(Price(whole: 100)) }
}
