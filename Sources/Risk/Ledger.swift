public import Market

/// The account of a run: one line an owner and symbol, in a fixed order, and the cash beside them.
///
/// A thin container: every figure comes from the rules, and ``violation(marks:)`` checks them
/// against totals that are summed apart.
public struct Ledger: Hashable, Sendable {
  /// Whose line, in what.
  public struct Key: Hashable, Comparable, Sendable {
    /// The strategy.
    public let owner: StrategyID
    /// The symbol.
    public let symbol: Symbol
    /// Names a line.
    public init(owner: StrategyID, symbol: Symbol) {
      self.owner = owner
      self.symbol = symbol
    }
    /// Orders by owner, then symbol.
    public static func < (lhs: Self, rhs: Self) -> Bool {
      lhs.owner != rhs.owner ? lhs.owner < rhs.owner : lhs.symbol < rhs.symbol
    }
  }

  /// One line under its name.
  public struct Entry: Hashable, Sendable {
    /// Whose, in what.
    public let key: Key
    /// The line.
    public internal(set) var line: LedgerLine
  }

  /// Where the account began.
  public let opening: Money
  /// Moved in less moved out.
  public private(set) var transfers: Money = .zero
  /// Every line that ever traded, by key.
  public private(set) var lines: [Entry] = []

  /// Opens an account.
  public init(opening: Money) { self.opening = opening }

  /// The position of `owner` in `symbol`; flat where it never traded.
  public func position(of owner: StrategyID, in symbol: Symbol) -> LedgerPosition<Int64> {
    let key = Key(owner: owner, symbol: symbol)
    let index = index(of: key)
    guard index < lines.count, lines[index].key == key else { return LedgerPosition() }
    return lines[index].line.position
  }

  /// The signed quantity over all owners of `symbol`.
  public func netQuantity(of symbol: Symbol) -> Quantity {
    lines.reduce(into: .zero) { sum, entry in
      if entry.key.symbol == symbol { sum += Quantity(steps: entry.line.position.quantity) }
    }
  }

  /// Books one execution of `owner`.
  ///
  /// - Throws: ``LedgerFault`` where the execution makes no sense; nothing changes then.
  @discardableResult
  public mutating func book(
    _ side: Side, of quantity: Quantity, at price: Price, fee: Money, owner: StrategyID,
    symbol: Symbol
  ) throws(LedgerFault) -> LedgerBooking<Int64> {
    let fill = LedgerFill<Int64>(
      isBuy: side == .buy, price: price.steps, quantity: quantity.steps, fee: fee.steps)
    let position = position(of: owner, in: symbol)
    switch booked(fill, on: position, in: Integers()) {
    case .refused(let fault): throw fault
    case .booked(let booking):
      update(Key(owner: owner, symbol: symbol)) { line in
        line.position = booking.position
        line.traded += Int128(booking.traded)
        if side == .buy {
          line.bought += Int128(quantity.steps)
        } else {
          line.sold += Int128(quantity.steps)
        }
      }
      return booking
    }
  }

  /// Books a funding payment of `owner`, received (positive) or paid (negative).
  ///
  /// - Throws: ``LedgerFault`` where the amount makes no sense; nothing changes then.
  public mutating func book(
    funding amount: Money, owner: StrategyID, symbol: Symbol
  ) throws(LedgerFault) {
    let position = position(of: owner, in: symbol)
    switch booked(funding: amount.steps, on: position, in: Integers()) {
    case .refused(let fault): throw fault
    case .booked(let booking):
      update(Key(owner: owner, symbol: symbol)) { $0.position = booking.position }
    }
  }

  /// Books money moved in (positive) or out (negative).
  ///
  /// - Throws: ``LedgerFault/outOfRange`` where the total leaves ``Bounds``.
  public mutating func book(transfer amount: Money) throws(LedgerFault) {
    guard let sum = transfers.checkedAdding(amount), sum.steps >= -Bounds.largestMoney,
      sum.steps <= Bounds.largestMoney
    else { throw .outOfRange }
    transfers = sum
  }

  /// The totals of the account at `marks`; nil where a held symbol has no mark, or a value is
  /// beyond ``Bounds``.
  public func snapshot(marks: (Symbol) -> Price?) -> LedgerSnapshot? {
    var snapshot = LedgerSnapshot(
      opening: Int128(opening.steps), transfers: Int128(transfers.steps), realised: 0, fees: 0,
      funding: 0, unrealised: 0, cash: 0, equity: 0)
    for entry in lines {
      let line = entry.line
      snapshot.realised += Int128(line.position.realised)
      snapshot.fees += Int128(line.position.fees)
      snapshot.funding += Int128(line.position.funding)
      guard line.position.quantity != 0 else { continue }
      guard let mark = marks(entry.key.symbol),
        let profit = unrealised(line.position, at: mark.steps, in: Integers())
      else { return nil }
      snapshot.unrealised += Int128(profit)
    }
    snapshot.cash =
      snapshot.opening + snapshot.transfers + snapshot.realised - snapshot.fees + snapshot.funding
    snapshot.equity = snapshot.cash + snapshot.unrealised
    return snapshot
  }

  /// The first identity that the account breaks at `marks`; nil where all hold.
  public func violation(marks: (Symbol) -> Price?) -> LedgerIdentity? {
    snapshot(marks: marks)?.violation(over: lines.lazy.map(\.line))
  }

  private mutating func update(_ key: Key, _ change: (inout LedgerLine) -> Void) {
    let index = index(of: key)
    if index == lines.count || lines[index].key != key {
      lines.insert(Entry(key: key, line: LedgerLine()), at: index)
    }
    change(&lines[index].line)
  }

  /// Where `key` is, or would be inserted.
  private func index(of key: Key) -> Int {
    var low = 0
    var high = lines.count
    while low < high {
      let middle = (low + high) / 2
      if lines[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
