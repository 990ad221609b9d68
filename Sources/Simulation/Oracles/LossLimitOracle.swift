import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// S13: a loss limit acts in the very step in which it is reached.
struct LossLimitOracle: Oracle {
  static let entries = [
    OracleEntry(
      id: "S13",
      statement: "A loss limit trips in the step in which it is reached, and no order adds risk "
        + "afterwards.")
  ]

  private let limits: Limits
  private var seen: Set<ClientOrderID> = []
  /// The day on which the limit was reached.
  private var lostDay: Instant?
  private var isPaused = false
  private(set) var hasJustTripped = false

  init(_ setting: OracleSetting) { limits = setting.configuration.limits }

  mutating func examine(_ step: StepObservation, _ findings: inout Findings) {
    hasJustTripped = false
    guard let account = step.snapshot.account else { return }
    findings.look("S13")
    if case .command(.resume) = step.input { isPaused = false }
    if Self.isBelow(step.snapshot.equity, account.dayStartEquity, limits[.dayLossBasisPoints]),
      lostDay != account.dayStart
    {
      lostDay = account.dayStart
      hasJustTripped = true
    }
    if account.dayStart > lostDay ?? account.dayStart { lostDay = nil }
    examineDrawdown(step, account, &findings)
    examineCollapse(step, account, &findings)
    for case .order(let row) in step.records {
      let isNew = seen.insert(row.intent.clientID).inserted
      guard isNew, lostDay != nil || isPaused else { continue }
      findings.check(
        "S13", row.intent.isReduceOnly || row.intent.role != .entry,
        "entry \(row.intent.clientID) was intended at equity \(step.snapshot.equity) after a loss "
          + "limit was reached")
    }
  }

  private mutating func examineDrawdown(
    _ step: StepObservation, _ account: AccountRecord, _ findings: inout Findings
  ) {
    let reference =
      limits.drawdownReference == .highWater
      ? max(account.highWaterEquity, account.sessionStartEquity) : account.sessionStartEquity
    guard
      Self.isBelow(step.snapshot.equity, reference, limits[.sessionDrawdownBasisPoints])
    else { return }
    if case .command(.resume) = step.input { return }
    isPaused = true
    findings.check(
      "S13", account.isPausedByDrawdown,
      "equity \(step.snapshot.equity) is at the drawdown limit of \(reference), and entries are "
        + "not paused")
  }

  private func examineCollapse(
    _ step: StepObservation, _ account: AccountRecord, _ findings: inout Findings
  ) {
    let start = account.sessionStartEquity
    guard Self.isBelow(step.snapshot.equity, start, limits[.balanceCollapseBasisPoints]) else {
      return
    }
    if case .command(.resume) = step.input { return }
    findings.check(
      "S13", step.snapshot.killSwitch?.isEngaged == true,
      "equity collapsed from \(start) to \(step.snapshot.equity), and the kill switch is not "
        + "engaged")
  }

  /// Whether `equity` is at or below `reference` less `loss` basis points.
  static func isBelow(_ equity: Money, _ reference: Money, _ loss: Int64) -> Bool {
    guard reference > .zero else { return false }
    return Int128(equity.steps) * 10_000 <= Int128(reference.steps) * Int128(10_000 - loss)
  }
}
