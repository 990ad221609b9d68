/// What engages the kill switch by itself; anything less only pauses.
public enum KillCause: UInt8, Hashable, Sendable, CaseIterable {
  /// Equity is at or past the collapse of the session's first equity.
  case balanceCollapse = 0
  /// Reconciliation failed too often in a row.
  case reconciliationFailures = 1

  /// The stable lower-case name.
  public var name: String {
    switch self {
    case .balanceCollapse: "balance_collapse"
    case .reconciliationFailures: "reconciliation_failures"
    }
  }
}

/// Whether the state of the account engages the kill switch, and why; equality engages.
///
/// - Parameters:
///   - equity: Cash plus unrealised profit, in steps of 1e-8.
///   - reference: Equity when the session began.
///   - collapse: Loss of the reference that engages, in basis points.
///   - failures: Failed reconciliations in a row.
///   - threshold: Failures that engage.
///   - d: The reading.
/// - Returns: The first cause; nil where there is none, or a value is beyond ``Bounds`` (which the
///   gate refuses by itself).
@inlinable
public func escalation<D: Domain>(
  equity: D.Number, reference: D.Number, collapse: D.Number, failures: D.Number,
  threshold: D.Number, in d: D
) -> KillCause? {
  let isSane = isWithin(equity, -Bounds.largestMoney, Bounds.largestMoney)
    .and(isWithin(reference, 1, Bounds.largestMoney)).and(isWithin(collapse, 1, 10_000))
  if d.holds(isSane) {
    if d.holds(equity * 10_000 <= reference * (10_000 - collapse)) { return .balanceCollapse }
  }
  if d.holds(threshold <= failures) { return .reconciliationFailures }
  return nil
}
