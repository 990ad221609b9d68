/// A trade that a strategy asks for, as the gate sees it.
///
/// Prices are in steps of 1e-8.
@frozen
public struct TradeProposal<Number: DomainNumber> {
  /// Long rather than short.
  public var isLong: Number.Truth
  /// The decision's price: sizing measures risk and costs from it.
  public var entry: Number
  /// Where the order is expected to fill: geometry and reward to risk are judged there.
  public var fillEstimate: Number
  /// The worst price that the order itself may trade at.
  public var worstPrice: Number
  /// Where the idea is wrong.
  public var stop: Number
  /// Where the profit is taken.
  public var target: Number
  /// The last wall time, in nanoseconds, at which the signal may be acted on.
  public var validUntil: Number
  /// Position slots that the whole trade needs: 1, or 2 for the first leg of a pair.
  public var slots: Number
  /// The venue's size step.
  public var lot: Number
  /// The venue's smallest order value.
  public var minimumNotional: Number
  /// The venue's leverage cap, whole times.
  public var venueLeverage: Number

  /// Describes a trade; nothing is checked until ``judge(_:account:symbol:policy:in:)`` sees it.
  @inlinable @inline(__always)
  public init(
    isLong: Number.Truth, entry: Number, fillEstimate: Number, worstPrice: Number, stop: Number,
    target: Number, validUntil: Number, slots: Number, lot: Number, minimumNotional: Number,
    venueLeverage: Number
  ) {
    self.isLong = isLong
    self.entry = entry
    self.fillEstimate = fillEstimate
    self.worstPrice = worstPrice
    self.stop = stop
    self.target = target
    self.validUntil = validUntil
    self.slots = slots
    self.lot = lot
    self.minimumNotional = minimumNotional
    self.venueLeverage = venueLeverage
  }
}

/// The account as the gate sees it; orders that are out and unresolved count at their worst.
@frozen
public struct AccountState<Number: DomainNumber> {
  /// Whether the kill switch is engaged.
  public var isKilled: Number.Truth
  /// Until when each breaker pauses entries, wall time in nanoseconds; 0 for never tripped.
  public var pauses: BreakerPauses<Number>
  /// Whether an earlier drawdown pause still waits for an operator.
  public var isPausedByDrawdown: Number.Truth
  /// Whether the loss limit of this UTC day was reached at any time of it.
  public var isStoppedForDay: Number.Truth
  /// Wall time in nanoseconds.
  public var now: Number
  /// Cash plus unrealised profit.
  public var equity: Number
  /// Equity when the UTC day began.
  public var dayStartEquity: Number
  /// Equity when the session began.
  public var sessionStartEquity: Number
  /// The highest equity seen.
  public var highWaterEquity: Number
  /// Orders sent in the last minute.
  public var ordersInWindow: Number
  /// Slots of open positions and of entries that may still fill.
  public var slotsInUse: Number
  /// Money at risk of open positions and of entries that may still fill, costs included.
  public var heat: Number
  /// Sum over positions, and entries that may still fill, of size times price.
  public var grossNotional: Number

  /// Describes an account; amounts in steps of 1e-8.
  @inlinable @inline(__always)
  public init(
    isKilled: Number.Truth, pauses: BreakerPauses<Number>, isPausedByDrawdown: Number.Truth,
    isStoppedForDay: Number.Truth,
    now: Number, equity: Number, dayStartEquity: Number, sessionStartEquity: Number,
    highWaterEquity: Number, ordersInWindow: Number, slotsInUse: Number, heat: Number,
    grossNotional: Number
  ) {
    self.isKilled = isKilled
    self.pauses = pauses
    self.isPausedByDrawdown = isPausedByDrawdown
    self.isStoppedForDay = isStoppedForDay
    self.now = now
    self.equity = equity
    self.dayStartEquity = dayStartEquity
    self.sessionStartEquity = sessionStartEquity
    self.highWaterEquity = highWaterEquity
    self.ordersInWindow = ordersInWindow
    self.slotsInUse = slotsInUse
    self.heat = heat
    self.grossNotional = grossNotional
  }
}

/// Until when each breaker pauses entries, wall time in nanoseconds.
@frozen
public struct BreakerPauses<Number: DomainNumber> {
  /// After a latency spike.
  public var latency: Number
  /// After failed orders.
  public var orderFailures: Number
  /// After a stale feed.
  public var staleFeed: Number
  /// After a storm of rate-limit answers.
  public var rateLimit: Number

  /// Gathers the four pauses; 0 for a breaker that never tripped.
  @inlinable @inline(__always)
  public init(
    latency: Number = 0, orderFailures: Number = 0, staleFeed: Number = 0, rateLimit: Number = 0
  ) {
    self.latency = latency
    self.orderFailures = orderFailures
    self.staleFeed = staleFeed
    self.rateLimit = rateLimit
  }
}

/// What the gate knows of the symbol; orders that are out and unresolved count at their worst.
@frozen
public struct SymbolState<Number: DomainNumber> {
  /// Whether the configuration lets the symbol trade.
  public var isPermitted: Number.Truth
  /// Whether a drift alert is open.
  public var isDriftAlertOpen: Number.Truth
  /// Age of the stalest stream that the decision depends on, in nanoseconds.
  public var dataAge: Number
  /// The age at which that stream counts as stale.
  public var dataAgeBound: Number
  /// Whether the asking strategy holds the symbol or has an entry out.
  public var hasOwnExposure: Number.Truth
  /// Base coin long over all owners: positions and entries that may still fill.
  public var longExposure: Number
  /// Base coin short over all owners, as a positive number.
  public var shortExposure: Number
  /// Money at risk on the symbol over all owners, costs included.
  public var risk: Number

  /// Describes a symbol; amounts in steps of 1e-8.
  @inlinable @inline(__always)
  public init(
    isPermitted: Number.Truth, isDriftAlertOpen: Number.Truth, dataAge: Number,
    dataAgeBound: Number, hasOwnExposure: Number.Truth, longExposure: Number,
    shortExposure: Number, risk: Number
  ) {
    self.isPermitted = isPermitted
    self.isDriftAlertOpen = isDriftAlertOpen
    self.dataAge = dataAge
    self.dataAgeBound = dataAgeBound
    self.hasOwnExposure = hasOwnExposure
    self.longExposure = longExposure
    self.shortExposure = shortExposure
    self.risk = risk
  }
}

/// What a size puts at stake, in steps of 1e-8.
@frozen
public struct Stakes<Number> {
  /// The loss at the stop with slippage and fees, rounded up.
  public var risk: Number
  /// Size times the worst price that the order may trade at, rounded up.
  public var notional: Number

  /// Pairs the two stakes.
  @inlinable @inline(__always)
  public init(risk: Number, notional: Number) {
    self.risk = risk
    self.notional = notional
  }
}

/// The gate's answer.
@frozen
public enum Verdict<Number> {
  /// Trade this much base coin, a whole number of lots.
  case approved(quantity: Number)
  /// Do not, for the first reason that applies.
  case rejected(RejectReason)
}

extension TradeProposal: Sendable where Number: Sendable, Number.Truth: Sendable {}
extension AccountState: Sendable where Number: Sendable, Number.Truth: Sendable {}
extension BreakerPauses: Sendable where Number: Sendable {}
extension BreakerPauses: Equatable, Hashable where Number: Hashable {}
extension SymbolState: Sendable where Number: Sendable, Number.Truth: Sendable {}
extension Stakes: Sendable where Number: Sendable {}
extension Stakes: Equatable, Hashable where Number: Hashable {}
extension Verdict: Sendable where Number: Sendable {}
extension Verdict: Equatable, Hashable where Number: Hashable {}
