import Market

/// One settled hour.
struct FundingRow: Hashable, Sendable {
  let time: Instant
  let rate: FundingRate
  /// The hour's mean premium, in steps of 1e-10.
  let premium: Int64
}

/// Samples the premium every five seconds and settles it every hour ("Funding", read 2026-08).
struct FundingMeter: Sendable {
  private(set) var history = Ring<FundingRow>(capacity: 5_000)
  private(set) var nextHour: Instant
  private(set) var lastPremium: Int64 = 0
  private var nextSample: Instant
  private var sum: Int64 = 0
  private var count: Int64 = 0

  /// Begins at `start`, after `days` whose hours settled at the constant premium that `basis`, in
  /// parts per million, makes.
  init(at start: Instant, after days: Int64, basis: Int64) {
    let hour = Timeframe.h1.open(containing: start)
    nextHour = hour + .hours(1)
    nextSample = start
    let premium = max(-100_000, min(basis, 100_000)) * 10_000
    let rate = Self.rate(premium: premium)
    for hours in stride(from: max(0, min(days, 200)) * 24 - 1, through: 0, by: -1) {
      history.append(FundingRow(time: hour - .hours(hours), rate: rate, premium: premium))
    }
  }

  func isSampleDue(at now: Instant) -> Bool { now >= nextSample }

  mutating func sample(_ premium: Int64, at now: Instant) {
    nextSample = now + .seconds(5)
    lastPremium = premium
    sum += max(-1_000_000_000_000, min(premium, 1_000_000_000_000))
    count += 1
  }

  /// The hour's mean premium so far.
  var meanPremium: Int64 {
    guard count > 0 else { return lastPremium }
    return Int64(Rounding.nearest.divide(Int128(sum), by: Int128(count)))
  }

  /// The rate that the hour would settle at now.
  var currentRate: FundingRate { Self.rate(premium: meanPremium) }

  /// Ends the hour where it is over.
  mutating func settleIfDue(at now: Instant) -> FundingRow? {
    guard now >= nextHour else { return nil }
    let row = FundingRow(time: now, rate: currentRate, premium: meanPremium)
    history.append(row)
    sum = 0
    count = 0
    nextHour = Timeframe.h1.open(containing: now) + .hours(1)
    return row
  }

  /// Keeps a settlement that came beside the hours.
  mutating func note(_ row: FundingRow) { history.append(row) }

  /// `(P + clamp(0.0001 − P, ±0.0005)) / 8`, at most ±4 %, in steps of 1e-10.
  static func rate(premium: Int64) -> FundingRate {
    let pull = max(-5_000_000, min(1_000_000 - premium, 5_000_000))
    let hourly = Rounding.nearest.divide(Int128(premium) + Int128(pull), by: 8)
    return FundingRate(steps: Int64(max(-400_000_000, min(hourly, 400_000_000))))
  }

  /// `(max(impactBid − oracle, 0) − max(oracle − impactAsk, 0)) / oracle` in steps of 1e-10.
  static func premium(impactBid: Price, impactAsk: Price, oracle: Price) -> Int64 {
    guard oracle > .zero else { return 0 }
    let above = max(0, impactBid.steps - oracle.steps)
    let below = max(0, oracle.steps - impactAsk.steps)
    let scaled = Int128(above - below) * 10_000_000_000
    return Int64(clamping: Rounding.nearest.divide(scaled, by: Int128(oracle.steps)))
  }

  /// What a position receives: −position × oracle × rate, to the nearest 1e-6.
  static func payment(position: Quantity, oracle: Price, rate: FundingRate) -> Money? {
    guard let value = oracle.notional(of: position, .nearest) else { return nil }
    let scaled = -Int128(value.steps) * Int128(rate.steps)
    let millionths = Rounding.nearest.divide(scaled, by: 1_000_000_000_000)
    return Int64(exactly: millionths * 100).map(Money.init(steps:))
  }
}

/// Trading of the last 24 hours, as the asset context tells it, since the day's first block.
struct DayStatistics: Sendable {
  private(set) var previousPrice = Price.zero
  private(set) var value = Money.zero
  private(set) var quantity = Quantity.zero
  private var until = Instant(nanoseconds: .min)

  mutating func open(at now: Instant, from days: CandleSeries?, price: Price) {
    previousPrice = days?.forming?.first ?? price
    until = Timeframe.d1.open(containing: now) + .days(1)
  }

  mutating func add(_ trade: PublicTrade) {
    if trade.time >= until {
      previousPrice = trade.price
      value = .zero
      quantity = .zero
      until = Timeframe.d1.open(containing: trade.time) + .days(1)
    }
    let notional = trade.price.notional(of: trade.quantity, .nearest) ?? .zero
    value = value.checkedAdding(notional) ?? value
    quantity = quantity.checkedAdding(trade.quantity) ?? quantity
  }
}
