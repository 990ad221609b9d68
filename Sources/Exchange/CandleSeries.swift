import Market

/// One candle as the venue keeps it.
struct CandleRow: Hashable, Sendable {
  var open: Instant
  var first: Price
  var high: Price
  var low: Price
  var last: Price
  var volume: Quantity
  var trades: Int64

  init(at open: Instant, price: Price, quantity: Quantity) {
    self.open = open
    first = price
    high = price
    low = price
    last = price
    volume = quantity
    trades = 1
  }

  init(_ candle: Candle) {
    open = candle.openTime
    first = candle.open
    high = candle.high
    low = candle.low
    last = candle.close
    volume = candle.volume
    trades = 1
  }

  mutating func add(price: Price, quantity: Quantity) {
    if price > high { high = price }
    if price < low { low = price }
    last = price
    volume = volume.checkedAdding(quantity) ?? volume
    trades += 1
  }
}

/// The candles of one symbol over one timeframe, built from trades: closed ones and the forming
/// one.
struct CandleSeries: Sendable {
  /// The venue keeps no more of a timeframe.
  static let limit = 5_000
  /// The timeframes that the venue builds.
  static let timeframes: [Timeframe] = [.m1, .m5, .m15, .h1, .h4, .d1]

  let timeframe: Timeframe
  private(set) var closed = Ring<CandleRow>(capacity: CandleSeries.limit)
  private(set) var forming: CandleRow?
  /// Whether ``forming`` grew since it was last published.
  var isDirty = false
  /// A candle that closed after its last publication had left something out.
  var unpublishedFinal: CandleRow?
  private var closeTime = Instant(nanoseconds: .min)

  init(_ timeframe: Timeframe) { self.timeframe = timeframe }

  /// When the forming candle closes; the distant past without one.
  var formingClose: Instant { closeTime }

  /// Adds a trade; times do not go back.
  mutating func record(_ price: Price, _ quantity: Quantity, at time: Instant) {
    if time < closeTime {
      forming?.add(price: price, quantity: quantity)
    } else {
      if let forming {
        closed.append(forming)
        if isDirty { unpublishedFinal = forming }
      }
      let open = timeframe.open(containing: time)
      closeTime = open + timeframe.interval
      forming = CandleRow(at: open, price: price, quantity: quantity)
    }
    isDirty = true
  }

  /// The last state of a candle that closed after its last frame, once.
  mutating func takeFinal() -> CandleRow? {
    defer { unpublishedFinal = nil }
    return unpublishedFinal
  }

  /// The forming candle where it grew since its last frame and is due or over at `now`, once.
  mutating func takeGrown(all: Bool, at now: Instant) -> (row: CandleRow, isOver: Bool)? {
    guard isDirty, all || closeTime <= now, let forming else { return nil }
    isDirty = false
    return (forming, closeTime <= now)
  }

  /// Adds a candle of the past as it was, after all that came before.
  mutating func adopt(_ row: CandleRow) {
    if let forming { closed.append(forming) }
    forming = row
    closeTime = row.open + timeframe.interval
    isDirty = false
  }

  /// Adds a shorter candle of the past to the one that holds it.
  mutating func merge(_ row: CandleRow) {
    guard row.open < closeTime, var whole = forming else {
      var first = row
      first.open = timeframe.open(containing: row.open)
      adopt(first)
      return
    }
    whole.high = max(whole.high, row.high)
    whole.low = min(whole.low, row.low)
    whole.last = row.last
    whole.volume = whole.volume.checkedAdding(row.volume) ?? whole.volume
    whole.trades += row.trades
    forming = whole
  }

  /// Changes the close of the newest candle that is closed at `now`; nil where there is none.
  mutating func reviseLastClosed(partsPerMillion: Int64, at now: Instant) -> CandleRow? {
    if var row = forming, closeTime <= now {
      Self.revise(&row, partsPerMillion)
      forming = row
      return row
    }
    guard var row = closed.last else { return nil }
    Self.revise(&row, partsPerMillion)
    closed[closed.count - 1] = row
    return row
  }

  private static func revise(_ row: inout CandleRow, _ partsPerMillion: Int64) {
    let factor = 1_000_000 + max(-999_999, min(partsPerMillion, 1_000_000))
    guard let close = row.last.checkedScaled(by: factor, over: 1_000_000, .nearest),
      close > .zero
    else { return }
    row.last = close
    row.high = max(row.high, close)
    row.low = min(row.low, close)
  }

  /// The candles that open within the bounds, ascending, the forming one last, the newest at most.
  func rows(from start: Instant, through end: Instant) -> [CandleRow] {
    let first = closed.partition { $0.open >= start }
    let past = closed.partition { $0.open > end }
    var rows: [CandleRow] = []
    if first < past { for index in first..<past { rows.append(closed[index]) } }
    if let forming, forming.open >= start, forming.open <= end { rows.append(forming) }
    return rows.count > Self.limit ? Array(rows.suffix(Self.limit)) : rows
  }

  func candle(_ row: CandleRow, of symbol: Symbol) -> Candle? {
    try? Candle(
      symbol: symbol, timeframe: timeframe, venue: .hyperliquid, openTime: row.open,
      open: row.first, high: row.high, low: row.low, close: row.last, volume: row.volume)
  }
}
