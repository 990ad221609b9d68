import Market
import Risk
import Venues

extension PositionRecord {
  /// The position in the ledger's numbers.
  var line: LedgerPosition<Int64> {
    LedgerPosition(
      quantity: quantity.steps, cost: cost.steps, realised: realised.steps, fees: fees.steps,
      funding: funding.steps)
  }

  /// Takes the ledger's numbers.
  mutating func take(_ line: LedgerPosition<Int64>) {
    quantity = Quantity(steps: line.quantity)
    cost = Money(steps: line.cost)
    realised = Money(steps: line.realised)
    fees = Money(steps: line.fees)
    funding = Money(steps: line.funding)
    peakQuantity = max(peakQuantity, quantity.magnitude)
  }

  /// Profit at `mark`, rounded against us; nil where it leaves the ledger's range.
  func unrealised(at mark: Price) -> Money? {
    Risk.unrealised(line, at: mark.steps, in: Integers()).map(Money.init(steps:))
  }
}

extension Portfolio {
  /// Books an execution on `position` and in the account.
  ///
  /// - Returns: The position after it and the profit that it realised; nil where the ledger
  /// refuses.
  mutating func book(
    _ fill: Fill, on position: PositionRecord
  ) -> (position: PositionRecord, realised: Money)? {
    let entry = LedgerFill<Int64>(
      isBuy: fill.side == .buy, price: fill.price.steps, quantity: fill.quantity.steps,
      fee: fill.fee.steps)
    guard var account,
      case .booked(let booking) = booked(entry, on: position.line, in: Integers())
    else { return nil }
    var next = position
    next.take(booking.position)
    account.realised += Money(steps: booking.realised)
    account.fees += fill.fee
    self.account = account
    return (next, Money(steps: booking.realised))
  }

  /// Books a funding payment on `position` and in the account; nil where the ledger refuses.
  mutating func book(funding amount: Money, on position: PositionRecord) -> PositionRecord? {
    guard var account,
      case .booked(let booking) = booked(
        funding: amount.steps, on: position.line, in: Integers())
    else { return nil }
    var next = position
    next.take(booking.position)
    account.funding += amount
    self.account = account
    return next
  }

  /// The equities that losses are measured from.
  var references: EquityReferences<Int64>? {
    account.map {
      EquityReferences(
        dayStart: $0.dayStartEquity.steps, sessionStart: $0.sessionStartEquity.steps,
        highWater: $0.highWaterEquity.steps)
    }
  }

  /// Takes new references.
  mutating func set(_ references: EquityReferences<Int64>) {
    account?.dayStartEquity = Money(steps: references.dayStart)
    account?.sessionStartEquity = Money(steps: references.sessionStart)
    account?.highWaterEquity = Money(steps: references.highWater)
  }
}
