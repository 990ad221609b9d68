import Market
import Risk

/// The orders that still matter: those that are not terminal, those of open positions, and the
/// newest terminal ones, which a late execution may still concern.
struct OrderTable: Sendable {
  /// By client id.
  private(set) var rows: [OrderRecord] = []

  /// The most rows; the oldest terminal ones leave first.
  static let limit = 4_096
  /// How long a terminal order is remembered for late executions.
  static let retention = Interval.minutes(10)

  /// The row of a client id.
  subscript(id: ClientOrderID) -> OrderRecord? {
    let index = position(of: id)
    guard index < rows.count, rows[index].intent.clientID == id else { return nil }
    return rows[index]
  }

  /// Whether the order of a client id may still trade.
  func isLive(_ id: ClientOrderID) -> Bool {
    let index = position(of: id)
    return index < rows.count && rows[index].intent.clientID == id
      && !rows[index].state.isTerminal
  }

  /// Adds a row, or replaces the one of its client id.
  mutating func put(_ row: OrderRecord) {
    let index = position(of: row.intent.clientID)
    if index < rows.count, rows[index].intent.clientID == row.intent.clientID {
      rows[index] = row
    } else {
      rows.insert(row, at: index)
    }
  }

  /// Whether an entry of a strategy may still open a position in what it trades.
  func hasEntryOut(_ seat: StrategyRegistry.Seat) -> Bool {
    rows.contains {
      $0.intent.role == .entry && !$0.state.isTerminal
        && seat.owns($0.intent.strategy, $0.intent.symbol, $0.setup)
    }
  }

  /// Orders that may still trade.
  var live: [OrderRecord] { rows.filter { !$0.state.isTerminal } }

  /// Orders of one position, of every state.
  func orders(of position: ClientOrderID) -> [OrderRecord] {
    rows.filter { $0.position == position }
  }

  /// What the live orders of one position may still trade, as its protection.
  struct Cover {
    var stop = Quantity.zero
    var target = Quantity.zero

    /// What is out for a role.
    subscript(role: OrderRole) -> Quantity { role == .target ? target : stop }
  }

  /// Base coin that the live stops and targets of one position may still trade.
  ///
  /// Of an exit that left with the entry this is so only while the entry may fill in full, or has:
  /// otherwise the venue takes it along. `believing` counts those too that the venue has not shown.
  func cover(of position: ClientOrderID, believing: Bool) -> Cover {
    var cover = Cover()
    let place = self.position(of: position)
    let entry = place < rows.count && rows[place].intent.clientID == position ? place : nil
    // By index, and both at once: every input asks, and a row is large.
    for index in rows.indices where rows[index].position == position {
      if let entry, rows[index].createdAt == rows[entry].createdAt, index != entry {
        let isOver = rows[entry].state.isTerminal && !rows[entry].isFilled
        if isOver || !believing && !rows[index].wasAcknowledged { continue }
      }
      switch rows[index].intent.role {
      case .stop: cover.stop += rows[index].openQuantity
      case .target: cover.target += rows[index].openQuantity
      case .entry, .exit: break
      }
    }
    return cover
  }

  /// Base coin that the live orders of one position and role may still trade.
  func outstanding(_ role: OrderRole, of position: ClientOrderID) -> Quantity {
    rows.reduce(.zero) { sum, row in
      guard row.position == position, row.intent.role == role else { return sum }
      return sum + row.openQuantity
    }
  }

  /// Forgets terminal orders that are too old to matter and belong to no open position.
  mutating func prune(at now: Instant, isOpen: (ClientOrderID) -> Bool) {
    rows.removeAll {
      $0.state.isTerminal && now - $0.updatedAt > Self.retention && !isOpen($0.position)
    }
    while rows.count > Self.limit,
      let oldest = rows.filter({ $0.state.isTerminal }).min(by: { $0.updatedAt < $1.updatedAt })
    {
      rows.removeAll { $0.intent.clientID == oldest.intent.clientID }
    }
  }

  private func position(of id: ClientOrderID) -> Int {
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].intent.clientID < id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The executions that were booked, newest last, so that a repeated report is booked once.
struct FillMemory: Sendable {
  private struct Key: Hashable {
    let symbol: Symbol
    let tradeID: UInt64
    let order: ClientOrderID
  }

  /// The most that are remembered: above what a venue's snapshot repeats.
  static let limit = 4_000
  private var known: Set<Key> = []
  private var order: ArraySlice<Key> = []

  /// How many are remembered.
  var count: Int { order.count }

  /// Remembers an execution; false where it was known.
  mutating func insert(_ symbol: Symbol, _ tradeID: UInt64, of id: ClientOrderID) -> Bool {
    let key = Key(symbol: symbol, tradeID: tradeID, order: id)
    guard known.insert(key).inserted else { return false }
    order.append(key)
    if order.count > Self.limit, let oldest = order.popFirst() { known.remove(oldest) }
    return true
  }
}
