import Market

/// Whether the declared inputs allow a decision at all.
struct Readiness: Hashable, Sendable {
  /// One declared candle series.
  struct Series: Hashable, Sendable {
    let symbol: Symbol
    let timeframe: Timeframe
  }

  /// The declared candle series, shortest first, then by symbol.
  let series: [Series]
  private let subject: Symbol
  private let requirements: [InputRequirement]

  /// Takes the inputs of a strategy that trades `subject`.
  init(_ inputs: [InputRequirement], for subject: Symbol) {
    self.subject = subject
    requirements = inputs
    var series: [Series] = []
    for input in inputs {
      guard case .candles(let timeframe) = input.kind else { continue }
      let one = Series(symbol: input.symbol ?? subject, timeframe: timeframe)
      if !series.contains(one) { series.append(one) }
    }
    self.series = series.sorted {
      $0.timeframe != $1.timeframe ? $0.timeframe < $1.timeframe : $0.symbol < $1.symbol
    }
  }

  /// The place of a declared series in ``series``; nil where it is not declared.
  func place(_ symbol: Symbol, _ timeframe: Timeframe) -> Int? {
    for index in series.indices
    where series[index].timeframe == timeframe && series[index].symbol == symbol { return index }
    return nil
  }

  /// Whether a reading is declared.
  func declares(_ reading: Reading) -> Bool {
    let kind = InputKind(reading)
    return requirements.contains { $0.kind == kind && ($0.symbol ?? subject) == reading.symbol }
  }

  /// The first shared reason against deciding at `time`, over all required inputs.
  func reason(at time: Instant, in market: MarketView) -> NoTradeReason? {
    var worst: Fault?
    for requirement in requirements where requirement.necessity == .required {
      guard let fault = fault(of: requirement, at: time, in: market) else { continue }
      if fault == .warmUp { return fault.reason }
      worst = min(worst ?? fault, fault)
    }
    return worst?.reason
  }

  /// What can be wrong with one input, in the order in which reasons are given.
  enum Fault: Int, Comparable {
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

  /// What is wrong with one input at `time`; nil where it is as it should be.
  func fault(
    of requirement: InputRequirement, at time: Instant, in market: MarketView
  ) -> Fault? {
    let symbol = requirement.symbol ?? subject
    guard let timeframe = requirement.kind.timeframe else {
      guard let standing = market.standing(symbol, requirement.kind), let last = standing.last
      else { return .missing }
      guard last + standing.interval * 3 >= time else { return .stale }
      return standing.count < requirement.warmUp ? .warmUp : nil
    }
    guard let series = market.standing(symbol, timeframe),
      let closeTime = series.lastCloseTime
    else { return .missing }
    if case .takerSplit = requirement.kind {
      guard let last = series.lastSplitTime else { return .missing }
      return last + timeframe.interval * 3 >= time ? nil : .stale
    }
    guard series.count >= requirement.warmUp else { return .warmUp }
    guard closeTime + timeframe.interval * 3 >= time else { return .stale }
    // A candle that should have closed by now and is not there is a gap like any other.
    // Closes are aligned, so the next one is a whole interval later.
    guard closeTime + timeframe.interval > time,
      series.contiguousCount >= requirement.warmUp
    else { return .gap }
    return nil
  }

  /// How well fed the strategy is at `time`; `isWarm` is what it says of its own windows.
  ///
  /// The worst input decides, and of equals the first declared. Unlike a decision's readiness this
  /// looks at what was received, not at what the last close let the strategy know.
  func health(at time: Instant, isWarm: Bool, in market: MarketView) -> DataHealth {
    var worst = DataHealth(state: isWarm ? .healthy : .warming)
    for requirement in requirements {
      let symbol = requirement.symbol ?? subject
      let last = newest(of: requirement.kind, symbol, in: market)
      let interval =
        market.standing(symbol, requirement.kind)?.interval ?? requirement.kind.interval
      let isFresh = last.map { $0 + interval * 3 >= time } ?? false
      let isLong = reaches(requirement, symbol, in: market)
      guard !isFresh || !isLong else { continue }
      let state: DataHealth.State =
        requirement.necessity == .optional ? .degraded : isFresh ? .warming : .starved
      if state > worst.state || state == worst.state && worst.kind == nil {
        worst = DataHealth(state: state, kind: requirement.kind, symbol: symbol, lastAt: last)
      }
    }
    return worst
  }

  /// When an input last came.
  private func newest(of kind: InputKind, _ symbol: Symbol, in market: MarketView) -> Instant? {
    guard let timeframe = kind.timeframe else { return market.standing(symbol, kind)?.newest }
    let standing = market.standing(symbol, timeframe)
    if case .takerSplit = kind { return standing?.lastSplitTime }
    return standing?.lastCloseTime
  }

  /// Whether a series of candles or splits reaches back far enough without a gap; readings have
  /// windows of the strategy's own.
  private func reaches(
    _ requirement: InputRequirement, _ symbol: Symbol, in market: MarketView
  ) -> Bool {
    guard let timeframe = requirement.kind.timeframe else { return true }
    guard let standing = market.standing(symbol, timeframe) else { return false }
    if case .takerSplit = requirement.kind { return standing.splitCount >= requirement.warmUp }
    return standing.contiguousCount >= requirement.warmUp
  }
}
