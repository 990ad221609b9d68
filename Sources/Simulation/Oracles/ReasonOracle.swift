import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// S21: every signal has an outcome with a reason, and every entry comes from a signal.
struct ReasonOracle: Oracle {
  static let entries = [
    OracleEntry(
      id: "S21", statement: "Every signal ends in an order or in a typed reason; none is dropped.")
  ]

  private struct Key: Hashable {
    let strategy: StrategyID
    let symbol: Symbol
    let time: Instant
  }

  init(_ setting: OracleSetting) {}

  mutating func persisted(_ records: [Record], _ findings: inout Findings) {
    var asked: [Key] = []
    var told: [Key] = []
    for record in records {
      switch record {
      case .decision(let decision):
        if case .signal = decision.outcome {
          asked.append(
            Key(strategy: decision.strategy, symbol: decision.symbol, time: decision.time))
        }
      case .signal(let row):
        told.append(Key(strategy: row.strategy, symbol: row.symbol, time: row.time))
        findings.check(
          "S21", !row.outcome.isEmpty && (row.outcome == "EXECUTED") == (row.order != nil),
          "the signal of \(row.strategy) in \(row.symbol) at \(row.time) ended as "
            + "`\(row.outcome)`" + (row.order == nil ? " without an order" : " with an order"))
      default: break
      }
    }
    for key in asked {
      findings.check(
        "S21", told.contains(key),
        "the signal of \(key.strategy) in \(key.symbol) at \(key.time) has no outcome")
    }
  }
}
