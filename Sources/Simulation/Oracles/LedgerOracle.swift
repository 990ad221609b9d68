import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// A1 to A8: the books balance to the last step of 1e-8, by a second set of books.
struct LedgerOracle: Oracle {
  static let entries = [
    OracleEntry(
      id: "A1", statement: "Cash is opening plus signed notional of fills less fees plus funding."),
    OracleEntry(id: "A2", statement: "Equity is cash plus the value of positions at their marks."),
    OracleEntry(id: "A3", statement: "A position is the sum of its fills; none counts twice."),
    OracleEntry(
      id: "A4",
      statement: "A change of equity is realised plus unrealised less fees plus funding."),
    OracleEntry(
      id: "A5", statement: "A flat position has no basis; a basis has the sign of its position."),
    OracleEntry(id: "A6", statement: "Every booking sums to zero: cost, profit and cash balance."),
    OracleEntry(id: "A7", statement: "Every fee recomputes from the schedule, rounded against us."),
    OracleEntry(id: "A8", statement: "Each funding payment applies once, on what was held."),
  ]

  private struct FillKey: Hashable {
    let symbol: Symbol
    let trade: UInt64
    let order: ClientOrderID
  }

  private struct FundingKey: Hashable {
    let position: ClientOrderID
    let time: Instant
  }

  /// Fills of a position since its last row.
  private struct Booking {
    let position: ClientOrderID
    var cost: Int128 = 0
    var realised: Int128 = 0
    var count = 0

    mutating func take(_ row: FillRecord) {
      cost += ReferenceLedger.cost(of: row.fill)
      realised += Int128(row.realised.steps)
      count += 1
    }
  }

  private let execution: ExecutionMode
  private var books = ReferenceLedger()
  private var seenFills: Set<FillKey> = []
  private var seenFunding: Set<FundingKey> = []
  private var costs: [ClientOrderID: Money] = [:]
  private var opening: Money?
  private var before: (equity: Money, unrealised: Int128, marks: [Snapshot.Mark])?

  init(_ setting: OracleSetting) { execution = setting.configuration.execution }

  /// Reads a step in the order it was written: an order that fills in pieces has a row a piece, and
  /// each row answers for the fills before it, not for those after.
  mutating func persisted(_ records: [Record], _ findings: inout Findings) {
    var unbooked: [Booking] = []
    for record in records {
      switch record {
      case .account(let row): opening = opening ?? row.opening
      case .fill(let row):
        take(row, &findings)
        let index = unbooked.firstIndex { $0.position == row.position } ?? unbooked.endIndex
        if index == unbooked.endIndex { unbooked.append(Booking(position: row.position)) }
        unbooked[index].take(row)
      case .position(let row):
        if let index = unbooked.firstIndex(where: { $0.position == row.id }) {
          balance(unbooked.remove(at: index), with: row, &findings)
        }
        take(row, &findings)
      case .fundingPayment(let row): take(row, &findings)
      default: break
      }
    }
    for booking in unbooked {
      findings.check(
        "A6", false, "fills of \(booking.position) were booked without its position")
    }
  }

  private func balance(
    _ booking: Booking, with row: PositionRecord, _ findings: inout Findings
  ) {
    let change = Int128(row.cost.steps) - Int128((costs[row.id] ?? .zero).steps)
    let balance = change - booking.cost - booking.realised
    findings.check(
      "A6", balance >= 0 && balance <= Int128(2 * booking.count),
      "booking of \(row.id) is out of balance by \(balance) steps")
  }

  private mutating func take(_ row: FillRecord, _ findings: inout Findings) {
    let fill = row.fill
    let key = FillKey(symbol: fill.symbol, trade: fill.tradeID, order: fill.clientID)
    findings.check(
      "A3", seenFills.insert(key).inserted,
      "fill \(fill.tradeID) of \(fill.symbol) for \(fill.clientID) was booked twice")
    books.take(row)
    let notional = Int128(fill.price.steps) * Int128(fill.quantity.steps)
    let fee = Int128(fill.fee.steps)
    let isRight: Bool
    switch execution {
    case .paper(let paper):
      let exact = notional * Int128(paper.takerFeeTenthsOfBasisPoint)
      let rounded = Rounding.up.divide(exact, by: 100_000_000 * 100_000)
      isRight = fee == rounded
    case .exchange:
      let schedule = FeeSchedule()
      // The venue prints fees to a millionth.
      isRight = schedule.everyRate.contains { rate in
        let exact = notional * Int128(rate)
        let value = Rounding.up.divide(exact, by: 100_000_000 * 1_000_000)
        return abs(fee - value) <= 101
      }
    }
    findings.check(
      "A7", isRight, "fee \(fill.fee) on \(fill.quantity) at \(fill.price) is not in the schedule")
  }

  private mutating func take(_ row: FundingPaymentRecord, _ findings: inout Findings) {
    let key = FundingKey(position: row.position, time: row.time)
    findings.check(
      "A8", seenFunding.insert(key).inserted,
      "funding of \(row.position) at \(row.time) was applied twice")
    let line = books.lines[row.position]
    findings.check(
      "A8", line.map { $0.openedAt <= row.time } ?? false,
      "funding of \(row.position) at \(row.time) is for a position that was not held then")
    books.take(row)
  }

  private mutating func take(_ row: PositionRecord, _ findings: inout Findings) {
    costs[row.id] = row.cost
    let quantity = books.lines[row.id]?.quantity ?? 0
    findings.check(
      "A3", quantity == Int128(row.quantity.steps),
      "position \(row.id) says \(row.quantity), its fills sum to \(quantity) steps")
    if row.quantity == .zero {
      findings.check("A5", row.cost == .zero, "flat position \(row.id) has a basis of \(row.cost)")
    } else {
      findings.check(
        "A5", (row.cost > .zero) == (row.quantity > .zero),
        "position \(row.id) of \(row.quantity) has a basis of \(row.cost)")
    }
    if row.closedAt != nil { costs[row.id] = nil }
  }

  mutating func examine(_ step: StepObservation, _ findings: inout Findings) {
    let snapshot = step.snapshot
    guard let opening, let account = snapshot.account else { return }
    let basis = snapshot.positions.reduce(Int128(0)) { $0 + Int128($1.cost.steps) }
    // What was paid for everything traded is the basis still held less the profit realised.
    let cash = Int128(opening.steps) - books.tradedCost + basis - books.fees + books.funding
    let gap = cash - Int128(account.cash.steps)
    // The basis that a closing piece releases is rounded up, a step a fill at most.
    findings.check(
      "A1", gap >= 0 && gap <= Int128(books.fillCount),
      "cash is \(account.cash), the fills say \(Money(steps: Int64(clamping: cash)))")
    guard let unrealised = value(of: snapshot) else { return }
    let equity = Int128(account.cash.steps) + unrealised
    findings.check(
      "A2", abs(equity - Int128(snapshot.equity.steps)) <= Int128(snapshot.positions.count),
      "equity is \(snapshot.equity), cash and positions make "
        + "\(Money(steps: Int64(clamping: equity)))"
    )
    examineChange(step, unrealised, &findings)
  }

  private mutating func examineChange(
    _ step: StepObservation, _ unrealised: Int128, _ findings: inout Findings
  ) {
    defer { before = (step.snapshot.equity, unrealised, step.snapshot.marks) }
    guard let before else { return }
    var flow: Int128 = 0
    for record in step.records {
      switch record {
      case .fill(let row): flow += Int128(row.realised.steps) - Int128(row.fill.fee.steps)
      case .fundingPayment(let row): flow += Int128(row.amount.steps)
      default: break
      }
    }
    let change = Int128(step.snapshot.equity.steps) - Int128(before.equity.steps)
    let gap = change - flow - (unrealised - before.unrealised)
    findings.check(
      "A4", abs(gap) <= Int128(2 * (step.snapshot.positions.count + 1)),
      "equity changed by \(change) steps, profit, fees and funding explain all but \(gap)")
  }

  /// A restart values positions anew: the change across it is not one of a step.
  mutating func engineStarted(at time: Instant, _ findings: inout Findings) { before = nil }

  /// Unrealised profit at the marks; positions without a mark count at cost, as engines do at
  /// start.
  private func value(of snapshot: Snapshot) -> Int128? {
    var sum: Int128 = 0
    for position in snapshot.positions {
      guard let mark = snapshot.marks.first(where: { $0.symbol == position.symbol }) else {
        continue
      }
      let value = Rounding.down.divide(
        Int128(mark.price.steps) * Int128(position.quantity.steps), by: 100_000_000)
      sum += value - Int128(position.cost.steps)
    }
    return sum
  }
}
