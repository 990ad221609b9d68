/// The accounting identities, in the order in which they are checked (`verification.md` 6.2).
public enum LedgerIdentity: UInt8, Hashable, Sendable, CaseIterable, Error {
  /// A1: cash is opening, less the signed cost of all executions, plus the basis still held, less
  /// fees, plus funding and transfers.
  case cash = 1
  /// A2: equity is cash plus unrealised profit.
  case equity = 2
  /// A3: a position is what was bought less what was sold.
  case position = 3
  /// A4: a change of equity is what was realised, marked, paid and moved in between.
  case change = 4
  /// A5: a flat position has no basis, and a basis has its position's sign.
  case basis = 5
  /// A6: every booking sums to zero.
  case doubleEntry = 6

  /// `A1` to `A6`.
  public var code: String { "A\(rawValue)" }
}

/// One line of a ledger with the independent totals that its identities compare with.
public struct LedgerLine: Hashable, Sendable {
  /// The position that the rules made.
  public var position: LedgerPosition<Int64>
  /// Base coin bought, summed apart.
  public var bought: Int128
  /// Base coin sold, summed apart.
  public var sold: Int128
  /// Signed cost of executions, summed apart.
  public var traded: Int128

  /// A line that never traded, unless told otherwise.
  public init(
    position: LedgerPosition<Int64> = LedgerPosition(), bought: Int128 = 0, sold: Int128 = 0,
    traded: Int128 = 0
  ) {
    self.position = position
    self.bought = bought
    self.sold = sold
    self.traded = traded
  }

  /// The first identity that the line breaks by itself; nil where all hold.
  public var violation: LedgerIdentity? {
    if Int128(position.realised) != Int128(position.cost) - traded { return .cash }
    if Int128(position.quantity) != bought - sold { return .position }
    if position.quantity == 0 && position.cost != 0 { return .basis }
    if position.quantity > 0 && position.cost < 0 { return .basis }
    if position.quantity < 0 && position.cost > 0 { return .basis }
    return nil
  }
}

/// The totals of an account at one moment, in steps of 1e-8.
public struct LedgerSnapshot: Hashable, Sendable {
  /// Where the account began.
  public var opening: Int128
  /// Moved in less moved out.
  public var transfers: Int128
  /// Profit realised, before fees and funding.
  public var realised: Int128
  /// Fees paid.
  public var fees: Int128
  /// Funding received less paid.
  public var funding: Int128
  /// Unrealised profit at the moment's marks.
  public var unrealised: Int128
  /// Cash, as the account keeps it.
  public var cash: Int128
  /// Equity, as the account keeps it.
  public var equity: Int128

  /// Gathers the totals of one moment.
  public init(
    opening: Int128, transfers: Int128, realised: Int128, fees: Int128, funding: Int128,
    unrealised: Int128, cash: Int128, equity: Int128
  ) {
    self.opening = opening
    self.transfers = transfers
    self.realised = realised
    self.fees = fees
    self.funding = funding
    self.unrealised = unrealised
    self.cash = cash
    self.equity = equity
  }

  /// The first identity that the totals break, alone or against the lines; nil where all hold.
  ///
  /// - Parameter lines: Every line of the account, flat ones included.
  /// - Returns: The first broken identity.
  public func violation(over lines: some Sequence<LedgerLine>) -> LedgerIdentity? {
    var expectedCash = opening + transfers
    for line in lines {
      if let violation = line.violation { return violation }
      expectedCash += Int128(line.position.cost) - line.traded
      expectedCash += Int128(line.position.funding) - Int128(line.position.fees)
    }
    if cash != expectedCash || cash != opening + transfers + realised - fees + funding {
      return .cash
    }
    return equity == cash + unrealised ? nil : .equity
  }

  /// Whether the change of equity since `earlier` is explained (A4).
  public func violation(since earlier: LedgerSnapshot) -> LedgerIdentity? {
    let moved = transfers - earlier.transfers
    let earned = (realised - earlier.realised) + (unrealised - earlier.unrealised)
    let carried = (funding - earlier.funding) - (fees - earlier.fees)
    return equity - earlier.equity - moved == earned + carried ? nil : .change
  }
}

extension LedgerBooking<Int64> {
  /// Whether the booking sums to zero (A6): what the basis gained was paid or realised.
  ///
  /// - Parameter before: The position before the event.
  /// - Returns: The broken identity; nil where it holds.
  public func violation(after before: LedgerPosition<Int64>) -> LedgerIdentity? {
    let basis = Int128(position.cost) - Int128(before.cost)
    return basis == Int128(traded) + Int128(realised) ? nil : .doubleEntry
  }
}
