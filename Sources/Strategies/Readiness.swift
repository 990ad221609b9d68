import Market

/// Whether the declared inputs allow a decision at all.
struct Readiness: Hashable, Sendable {
  /// The declared candle series, shortest first.
  let timeframes: [Timeframe]
  private let requirements: [InputRequirement]
  private let declared: UInt8

  init(_ inputs: [InputRequirement]) {
    var mask: UInt8 = 0
    for case .candles(let timeframe) in inputs.map(\.kind) { mask |= 1 << timeframe.rawValue }
    declared = mask
    timeframes = Timeframe.allCases.filter { mask & 1 << $0.rawValue != 0 }
    requirements = inputs.filter { !$0.isOptional }
  }

  func declares(_ timeframe: Timeframe) -> Bool { declared & 1 << timeframe.rawValue != 0 }

  /// The first shared reason against deciding at `time`, over all required inputs.
  func reason(at time: Instant, _ symbol: Symbol, in market: MarketView) -> NoTradeReason? {
    var worst: Fault?
    for requirement in requirements {
      guard let fault = fault(of: requirement, at: time, symbol, in: market) else { continue }
      if fault == .warmUp { return fault.reason }
      worst = min(worst ?? fault, fault)
    }
    return worst?.reason
  }

  /// What can be wrong with one input, in the order in which reasons are given.
  private enum Fault: Int, Comparable {
    case warmUp, missing, stale, gap

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

    var reason: NoTradeReason {
      switch self {
      case .warmUp: .warmUp
      case .missing: .dataMissing
      case .stale: .dataStale
      case .gap: .gapInHistory
      }
    }
  }

  private func fault(
    of requirement: InputRequirement, at time: Instant, _ symbol: Symbol, in market: MarketView
  ) -> Fault? {
    let timeframe: Timeframe
    var needsSplit = false
    switch requirement.kind {
    case .candles(let declared): timeframe = declared
    case .takerSplit(let declared):
      timeframe = declared
      needsSplit = true
    case .openInterest, .funding, .spot: return .missing
    }
    guard let series = market.standing(symbol, timeframe),
      let closeTime = series.lastCloseTime
    else { return .missing }
    guard series.count >= requirement.warmUp else { return .warmUp }
    if needsSplit, !series.hasTakerSplit { return .missing }
    guard closeTime + timeframe.interval * 3 >= time else { return .stale }
    // A candle that should have closed by now and is not there is a gap like any other.
    // Closes are aligned, so the next one is a whole interval later.
    guard closeTime + timeframe.interval > time,
      series.contiguousCount >= requirement.warmUp
    else { return .gap }
    return nil
  }
}
