import Market

@testable import Risk

/// A complete input of the gate, approved as it stands: case SZ-1 of `strategies.md` 4.2.
struct GateCase: Sendable {
  var trade = TradeProposal<Int64>(
    isLong: true, entry: dollars(98_200), fillEstimate: dollars(98_200),
    worstPrice: dollars(98_249), stop: dollars(97_500), target: dollars(100_000),
    validUntil: 1_700_000_060_000_000_000, slots: 1, lot: 1_000, minimumNotional: dollars(10),
    venueLeverage: 40)
  var account = AccountState<Int64>(
    isKilled: false, pauses: BreakerPauses(), isPausedByDrawdown: false,
    isStoppedForDay: false,
    now: 1_700_000_000_000_000_000, equity: dollars(10_000), dayStartEquity: dollars(10_000),
    sessionStartEquity: dollars(10_000), highWaterEquity: dollars(10_000), ordersInWindow: 0,
    slotsInUse: 0, heat: 0, grossNotional: 0)
  var symbol = SymbolState<Int64>(
    isPermitted: true, isDriftAlertOpen: false, dataAge: 1_000_000_000,
    dataAgeBound: 60_000_000_000, hasOwnExposure: false, longExposure: 0, shortExposure: 0, risk: 0)
  var policy = Policy<Int64>(Limits.exchangeDefault)

  func verdict() -> Verdict<Int64> { verdict(in: Integers()) }

  func verdict<D: Domain>(in d: D) -> Verdict<Int64> where D.Number == Int64 {
    judge(trade, account: account, symbol: symbol, policy: policy, in: d)
  }

  var reason: RejectReason? {
    guard case .rejected(let reason) = verdict() else { return nil }
    return reason
  }

  var quantity: Int64? {
    guard case .approved(let quantity) = verdict() else { return nil }
    return quantity
  }

  func with(_ change: (inout GateCase) -> Void) -> GateCase {
    var copy = self
    change(&copy)
    return copy
  }

  /// The other way round: every price mirrored about the entry, exposures exchanged.
  var mirrored: GateCase {
    with {
      let double = 2 * $0.trade.entry
      $0.trade.isLong.toggle()
      $0.trade.fillEstimate = double - $0.trade.fillEstimate
      $0.trade.worstPrice = double - $0.trade.worstPrice
      $0.trade.stop = double - $0.trade.stop
      $0.trade.target = double - $0.trade.target
      swap(&$0.symbol.longExposure, &$0.symbol.shortExposure)
    }
  }
}

/// Whole dollars (or coins) in steps of 1e-8.
func dollars(_ whole: Int64) -> Int64 { whole * 100_000_000 }

extension Gate {
  /// One way to make each reason, on its own, from ``GateCase``.
  static let spoilers: [(reason: RejectReason, spoil: @Sendable (inout GateCase) -> Void)] = [
    (.malformed, { $0.trade.stop = 0 }),
    (.killSwitch, { $0.account.isKilled = true }),
    (.pausedLatency, { $0.account.pauses.latency = $0.account.now + 1 }),
    (.pausedOrderFailures, { $0.account.pauses.orderFailures = $0.account.now + 1 }),
    (.pausedStaleFeed, { $0.account.pauses.staleFeed = $0.account.now + 1 }),
    (.pausedRateLimit, { $0.account.pauses.rateLimit = $0.account.now + 1 }),
    (.sessionDrawdown, { $0.account.isPausedByDrawdown = true }),
    (.dayLoss, { $0.account.dayStartEquity = dollars(11_000) }),
    (.orderRate, { $0.account.ordersInWindow = $0.policy.maximumOrdersPerMinute }),
    (.symbolNotPermitted, { $0.symbol.isPermitted = false }),
    (.driftAlert, { $0.symbol.isDriftAlertOpen = true }),
    (.staleData, { $0.symbol.dataAge = $0.symbol.dataAgeBound }),
    (.signalExpired, { $0.trade.validUntil = $0.account.now - 1 }),
    (.opposesOpenPosition, { $0.symbol.shortExposure = 1 }),
    (.duplicateExposure, { $0.symbol.longExposure = 1 }),
    (.maximumPositions, { $0.account.slotsInUse = 3 }),
    (.badGeometry, { $0.trade.target = $0.trade.entry - dollars(1_000) }),
    (.stopTooTight, { $0.policy.minimumStopDistanceBasisPoints = 100 }),
    (.stopTooWide, { $0.policy.maximumStopDistanceBasisPoints = 51 }),
    (.rewardToRisk, { $0.policy.minimumRewardToRiskTenThousandths = 30_000 }),
    (.priceCollar, { $0.trade.worstPrice = $0.trade.entry + dollars(50) }),
    (.portfolioHeat, { $0.account.heat = dollars(200) }),
    (.symbolRisk, { $0.symbol.risk = dollars(100) }),
    (.leverage, { $0.account.grossNotional = dollars(50_000) }),
    (.tooSmall, { $0.trade.lot = dollars(1) }),
    (.minimumNotional, { $0.trade.minimumNotional = dollars(20_000) }),
  ]
}
