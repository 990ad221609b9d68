import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// S19: nothing grows without bound.
struct LoadOracle: Oracle {
  static let entries = [
    OracleEntry(id: "S19", statement: "Queues, maps and outputs of a step stay within their caps.")
  ]

  /// The most effects that one step may ask for.
  static let effectLimit = 2_000
  /// The most records that one step may write: a whole history of several series.
  static let recordLimit = 100_000

  init(_ setting: OracleSetting) {}

  mutating func examine(_ step: StepObservation, _ findings: inout Findings) {
    for load in step.snapshot.loads {
      findings.check(
        "S19", load.count <= load.limit,
        "\(load.name) holds \(load.count), its cap is \(load.limit)")
    }
    findings.check(
      "S19", step.effects.count <= Self.effectLimit,
      "one step asked for \(step.effects.count) effects, the cap is \(Self.effectLimit)")
    findings.check(
      "S19", step.records.count <= Self.recordLimit,
      "one step wrote \(step.records.count) records, the cap is \(Self.recordLimit)")
  }
}
