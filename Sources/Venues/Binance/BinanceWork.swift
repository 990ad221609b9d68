import Market

/// What a request asks for.
enum BinanceWork: Hashable, Sendable {
  case time
  case ping
  case klines(CandleSeries, from: Instant?, through: Instant?)
  case openInterest(Symbol, since: Instant?)
  case funding(Symbol, since: Instant?)
  case fundingPeriods
  case trades(Symbol, from: UInt64, count: UInt64)

  /// What the request is about, for those who are told.
  var kind: RequestKind {
    switch self {
    case .time, .ping: .serverTime
    case .klines(let series, let from, let through):
      .candles(
        series.symbol, series.timeframe, from: from ?? Instant(nanoseconds: 0),
        to: through ?? from ?? Instant(nanoseconds: 0))
    case .openInterest(let symbol, _): .openInterest(symbol)
    case .funding(let symbol, _): .funding(symbol)
    case .fundingPeriods: .contexts
    case .trades(let symbol, _, _): .trades(symbol)
    }
  }

  /// What its answer is called in a rejection.
  var input: InputKind {
    switch self {
    case .time, .ping: .serverTime
    case .klines: .kline
    case .openInterest: .openInterest
    case .funding, .fundingPeriods: .fundingRate
    case .trades: .aggTrade
    }
  }

  /// Where its cost is counted.
  var pool: BinanceBudget.Pool {
    switch self {
    case .time, .ping, .klines, .trades: .weight
    case .openInterest: .statistics
    case .funding, .fundingPeriods: .funding
    }
  }

  /// What it costs there.
  var cost: Int64 {
    switch self {
    case .klines(let series, let from, let through):
      switch Self.rows(series, from, through) {
      case ..<100: 1
      case ..<500: 2
      case ...1_000: 5
      default: 10
      }
    case .trades: 20
    case .time, .ping, .openInterest, .funding, .fundingPeriods: 1
    }
  }

  /// Whether a request that waits already asks for the same thing, if not for the same part of it.
  func repeats(_ other: BinanceWork) -> Bool {
    switch (self, other) {
    case (.klines(let one, _, _), .klines(let two, _, _)): one == two
    case (.openInterest(let one, _), .openInterest(let two, _)): one == two
    case (.funding(let one, _), .funding(let two, _)): one == two
    default: self == other
    }
  }

  /// The symbol that it is about.
  var symbol: Symbol? {
    switch self {
    case .klines(let series, _, _): series.symbol
    case .openInterest(let symbol, _), .funding(let symbol, _), .trades(let symbol, _, _): symbol
    case .time, .ping, .fundingPeriods: nil
    }
  }

  /// Path and query; `openInterestRows` is how many readings to ask for where none is known.
  func path(openInterestRows: Int) -> String {
    switch self {
    case .time: return "/fapi/v1/time"
    case .ping: return "/fapi/v1/ping"
    case .klines(let series, let from, let through):
      return "/fapi/v1/klines?symbol=\(series.symbol.binancePair)"
        + "&interval=\(series.timeframe.name)"
        + (from.map { "&startTime=\($0.milliseconds)" } ?? "")
        + "&limit=\(Self.rows(series, from, through))"
    case .openInterest(let symbol, let since):
      let rows = min(max(openInterestRows, 1), 500)
      return "/futures/data/openInterestHist?symbol=\(symbol.binancePair)&period=5m"
        + (since.map { "&startTime=\($0.milliseconds)&limit=500" } ?? "&limit=\(rows)")
    case .funding(let symbol, let since):
      return "/fapi/v1/fundingRate?symbol=\(symbol.binancePair)"
        + (since.map { "&startTime=\($0.milliseconds)&limit=100" } ?? "&limit=3")
    case .fundingPeriods: return "/fapi/v1/fundingInfo"
    case .trades(let symbol, let from, let count):
      return "/fapi/v1/aggTrades?symbol=\(symbol.binancePair)&fromId=\(from)"
        + "&limit=\(min(max(count, 1), 1_000))"
    }
  }

  /// The most rows of candles in one answer that we ask for.
  static let longestHistory: Int64 = 1_000

  // Without a known candle: the newest two that are closed, and the one that forms.
  private static func rows(
    _ series: CandleSeries, _ from: Instant?, _ through: Instant?
  ) -> Int64 {
    guard let from, let through else { return 3 }
    let span = max(through.nanoseconds - from.nanoseconds, 0)
    return min(max(span / series.timeframe.interval.nanoseconds + 2, 3), longestHistory)
  }
}

/// A request that waits for its turn.
struct BinanceQueued: Sendable {
  let work: BinanceWork
  /// Counts from 1.
  let attempt: Int
  let notBefore: Monotonic
}

/// A request that is on its way.
struct BinanceSent: Sendable {
  let number: UInt64
  let work: BinanceWork
  let attempt: Int
  let sentAt: Now
}
