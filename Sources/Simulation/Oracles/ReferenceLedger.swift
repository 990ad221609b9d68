import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// A second set of books, kept the slow way: every fill is added up again in 128 bits.
///
/// It shares nothing with the engine's ledger but the rule that the signed cost of an execution is
/// rounded up.
struct ReferenceLedger: Sendable {
  /// What is known of one position.
  struct Line: Sendable {
    let symbol: Symbol
    var quantity: Int128 = 0
    /// Bought less sold, in steps of money.
    var cost: Int128 = 0
    var fees: Int128 = 0
    var funding: Int128 = 0
    var realised: Int128 = 0
    var fills = 0
    let openedAt: Instant
  }

  private(set) var lines: [ClientOrderID: Line] = [:]
  private(set) var tradedCost: Int128 = 0
  private(set) var fees: Int128 = 0
  private(set) var funding: Int128 = 0
  private(set) var fillCount = 0

  /// What an execution costs: paid is positive, received negative, rounded up.
  static func cost(of fill: Fill) -> Int128 {
    let product = Int128(fill.price.steps) * Int128(fill.quantity.steps) * Int128(fill.side.sign)
    return Rounding.up.divide(product, by: 100_000_000)
  }

  mutating func take(_ row: FillRecord) {
    let fill = row.fill
    var line =
      lines[row.position] ?? Line(symbol: fill.symbol, openedAt: fill.time)
    let cost = Self.cost(of: fill)
    line.quantity += Int128(fill.quantity.steps) * Int128(fill.side.sign)
    line.cost += cost
    line.fees += Int128(fill.fee.steps)
    line.realised += Int128(row.realised.steps)
    line.fills += 1
    lines[row.position] = line
    tradedCost += cost
    fees += Int128(fill.fee.steps)
    fillCount += 1
  }

  mutating func take(_ row: FundingPaymentRecord) {
    lines[row.position]?.funding += Int128(row.amount.steps)
    funding += Int128(row.amount.steps)
  }
}
