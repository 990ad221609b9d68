import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// S18: time only goes forward, and no timer fires early.
struct TimeOracle: Oracle {
  static let entries = [
    OracleEntry(
      id: "S18", statement: "The engine's time never goes back, and no timer fires early.")
  ]

  private var deadlines: [TimerID: Monotonic] = [:]
  private var newest = Monotonic(nanoseconds: .min)

  init(_ setting: OracleSetting) {}

  mutating func engineDied(at time: Instant, _ findings: inout Findings) {
    deadlines.removeAll()
  }

  mutating func timerSet(_ id: TimerID, _ deadline: Monotonic, _ findings: inout Findings) {
    deadlines[id] = deadline
  }

  mutating func examine(_ step: StepObservation, _ findings: inout Findings) {
    findings.check(
      "S18", step.snapshot.monotonic >= newest,
      "the engine's time went back from \(newest.nanoseconds) to "
        + "\(step.snapshot.monotonic.nanoseconds)")
    newest = max(newest, step.snapshot.monotonic)
    guard case .timer(let id) = step.input, let deadline = deadlines[id] else { return }
    findings.check(
      "S18", step.now.monotonic >= deadline,
      "timer \(id.owner).\(id.number) fired at \(step.now.monotonic.nanoseconds), before "
        + "\(deadline.nanoseconds)")
  }
}
