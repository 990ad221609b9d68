import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// M1 to M3: candles close once, in order, without holes, and before anything is decided on them.
struct CandleOracle: Oracle {
  static let entries = [
    OracleEntry(
      id: "M1", statement: "A series closes each open time once, in order, with one version."),
    OracleEntry(
      id: "M2", statement: "Nothing is decided before every candle of that time is stored."),
    OracleEntry(id: "M3", statement: "A series has no hole that the venue's history could fill."),
  ]

  private struct Series: Hashable {
    let symbol: Symbol
    let timeframe: Timeframe
  }

  private var newest: [Series: Candle] = [:]
  /// The newest time at which something was decided about a symbol.
  private var decided: [Symbol: Instant] = [:]

  init(_ setting: OracleSetting) {}

  mutating func persisted(_ records: [Record], _ findings: inout Findings) {
    for record in records {
      switch record {
      case .candle(let row): take(row, &findings)
      case .decision(let decision):
        decided[decision.symbol] = max(decided[decision.symbol] ?? decision.time, decision.time)
      default: break
      }
    }
  }

  private mutating func take(_ row: CandleRecord, _ findings: inout Findings) {
    let candle = row.candle
    let series = Series(symbol: candle.symbol, timeframe: candle.timeframe)
    let name = "\(candle.symbol) \(candle.timeframe.name)"
    if let before = newest[series] {
      findings.check(
        "M1", candle.openTime > before.openTime,
        "\(name) of \(candle.openTime) closed after that of \(before.openTime)")
      findings.check(
        "M3", candle.openTime <= before.closeTime,
        "\(name) has a hole from \(before.closeTime) to \(candle.openTime)")
    }
    if let decision = decided[candle.symbol] {
      findings.check(
        "M2", candle.closeTime > decision || row.isBackfilled,
        "\(name) of \(candle.openTime) was stored after a decision at \(decision)")
    }
    newest[series] = candle
  }
}
