import Choice
import Market

/// A reading of open interest, in the venue's thousandths of a coin.
struct InterestRow: Hashable, Sendable {
  let time: Instant
  let quantity: Quantity

  init(time: Instant, quantity: Quantity) {
    self.time = time
    self.quantity = quantity.rounded(to: "0.001", .up) ?? quantity
  }
}

/// A settled funding rate.
struct SettlementRow: Hashable, Sendable {
  let time: Instant
  let rate: FundingRate
  let mark: Price?
}

/// Open interest and funding of one symbol: random, each from a stream of its own.
struct BinanceReadings: Sendable {
  /// A month of readings every five minutes.
  static let interestLimit = 8_928
  /// The most rows of one answer.
  static let settlementLimit = 1_000

  private let plan: BinancePlan
  private var interestStream: ChoiceStream
  private var fundingStream: ChoiceStream
  private(set) var interest = Ring<InterestRow>(capacity: BinanceReadings.interestLimit)
  private(set) var settlements = Ring<SettlementRow>(capacity: BinanceReadings.settlementLimit)
  /// What settles next, which the venue tells ahead as its estimate.
  private(set) var coming = FundingRate(steps: 0)
  private(set) var nextInterest: Instant
  private(set) var nextFunding: Instant
  private var level: Quantity

  /// Opens with a month of history.
  init(_ plan: BinancePlan, of symbol: Symbol, at start: Instant, _ chooser: Chooser) {
    self.plan = plan
    interestStream = chooser.stream("exchange.binance.openInterest.\(symbol)")
    fundingStream = chooser.stream("exchange.binance.funding.\(symbol)")
    level = max(plan.openInterest, .ulp)
    nextInterest = Self.next(after: start, BinancePlan.openInterestInterval)
    nextFunding = Self.next(after: start, BinancePlan.fundingInterval)
    recallInterest()
    recallFunding()
    coming = drawRate()
  }

  private static func next(after time: Instant, _ interval: Interval) -> Instant {
    let length = interval.nanoseconds
    return Instant(nanoseconds: (time.nanoseconds.floorDivided(by: length) + 1) * length)
  }

  /// The same walk backwards from the level at the start.
  ///
  /// The past takes one draw of the stream, however long it is.
  private mutating func recallInterest() {
    let noise = Noise(seed: interestStream.draw(below: .max))
    let first = InterestRow(time: nextInterest, quantity: level)
    var rows = [InterestRow](repeating: first, count: Self.interestLimit)
    var quantity = level
    for back in 1...rows.count {
      let before = Interval(
        nanoseconds: BinancePlan.openInterestInterval.nanoseconds * Int64(back))
      rows[rows.count - back] = InterestRow(time: nextInterest - before, quantity: quantity)
      let limit = Self.bounded(plan.openInterestNoise)
      let stray = Int64(noise.word(UInt64(back)) % UInt64(2 * limit + 1)) - limit
      quantity = Self.step(quantity, trend: -plan.openInterestTrend, stray: stray)
    }
    for row in rows { interest.append(row) }
  }

  private mutating func recallFunding() {
    for back in (1...Self.recalledSettlements).reversed() {
      let before = Interval(nanoseconds: BinancePlan.fundingInterval.nanoseconds * Int64(back))
      settlements.append(
        SettlementRow(time: nextFunding - before, rate: drawRate(), mark: nil))
    }
  }

  /// A month of settlements.
  private static var recalledSettlements: Int { 90 }

  private static func bounded(_ noise: Int64) -> Int64 { min(max(noise, 0), 500_000) }

  private static func step(_ quantity: Quantity, trend: Int64, stray: Int64) -> Quantity {
    let readingsADay = Interval.days(1).nanoseconds / BinancePlan.openInterestInterval.nanoseconds
    let whole = readingsADay * 1_000_000
    let bounded = min(max(trend, -whole / 2), whole)
    let next =
      quantity.checkedScaled(by: whole + bounded, over: whole, .nearest)?
      .checkedScaled(by: 1_000_000 + stray, over: 1_000_000, .nearest)
    return max(next ?? quantity, .ulp)
  }

  private mutating func drawRate() -> FundingRate {
    let bounded = min(max(plan.fundingRate, -100_000), 100_000)
    let rate = bounded + fundingStream.stray(min(plan.fundingNoise, 100_000))
    return FundingRate(steps: rate * 10_000)
  }

  /// Makes every reading that is due at `now`.
  mutating func advance(to now: Instant, mark: Price?) {
    if (now - nextInterest).nanoseconds > Self.longestPause.nanoseconds {
      nextInterest = Self.next(after: now, BinancePlan.openInterestInterval)
    }
    while nextInterest <= now {
      let stray = interestStream.stray(Self.bounded(plan.openInterestNoise))
      level = Self.step(level, trend: plan.openInterestTrend, stray: stray)
      interest.append(InterestRow(time: nextInterest, quantity: level))
      nextInterest = nextInterest + BinancePlan.openInterestInterval
    }
    if (now - nextFunding).nanoseconds > Self.longestPause.nanoseconds {
      nextFunding = Self.next(after: now, BinancePlan.fundingInterval)
    }
    while nextFunding <= now {
      settlements.append(SettlementRow(time: nextFunding, rate: coming, mark: mark))
      coming = drawRate()
      nextFunding = nextFunding + BinancePlan.fundingInterval
    }
  }

  /// Nothing is made up for the time of a longer pause.
  private static var longestPause: Interval { .days(400) }
}
