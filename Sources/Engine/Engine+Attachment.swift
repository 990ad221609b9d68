import Market
import Risk
import Venues

// Exits that leave in one action with their entry.
//
// The venue wakes them in the block in which the entry fills in full, so that a position is covered
// even where the process dies, or the answer is lost, right after the send. Where the entry fills in
// part or not at all it takes them along. What became of each is believed on evidence alone; what
// has to be covered beside them is covered as any position is.
//
// The venue changes a resting trigger only under `a`, which places the new order even where the old
// one could not be cancelled, and so may double what the position is covered with. The engine
// therefore never modifies a stop or a target: an exit keeps its price for life, what an exit does
// not cover gets a further one, and what protects nothing any more is cancelled.
extension Engine {
  /// An entry with the stop and the target that leave with it; alone where the venue or the gate
  /// would not have them so.
  func family(
    of entry: ClearedEntry, setup: Setup, decidedAt: Instant, bracket: Bracket
  ) -> ClearedFamily {
    guard case .exchange = configuration.execution, guards.contains(.attachedExits) else {
      return entry.alone
    }
    let parent = entry.order.intent
    let instrument = configuration.symbols.first {
      $0.instrument.symbol == parent.symbol
    }?.instrument
    let side = parent.side.opposite
    var exits: [OrderIntent] = []
    for role in bracket.exits {
      guard let instrument,
        let pricing = exitPricing(role, bracket, parent.symbol, side),
        // The venue takes a smaller order only where it closes what is held, and nothing is yet.
        let notional = pricing.worst.notional(of: parent.quantity, .down),
        notional >= instrument.minimumNotional
      else { return entry.alone }
      exits.append(
        OrderIntent(
          clientID: .derive(
            epoch: epoch, strategy: parent.strategy, symbol: parent.symbol, setup: setup,
            decidedAt: decidedAt, role: role, leg: 0),
          strategy: parent.strategy, symbol: parent.symbol, role: role, side: side,
          quantity: parent.quantity,
          pricing: .trigger(trigger: pricing.trigger, worst: pricing.worst), isReduceOnly: true))
    }
    switch gate.attach(exits, to: entry) {
    case .success(let family): return family
    case .failure: return entry.alone
    }
  }

  /// Whether an exit has nothing to protect: its position is over or never came, or it left with an
  /// entry that did not fill in full, and the position has exits of its own size.
  func isUnwanted(_ row: OrderRecord) -> Bool {
    guard row.intent.role == .stop || row.intent.role == .target else { return false }
    guard let entry = orders[row.position] else { return portfolio[row.position] == nil }
    guard entry.state.isTerminal else { return false }
    return portfolio[row.position] == nil || row.leftWith(entry) && !entry.isFilled
  }

  /// Whether an order is an exit that left in one action with its entry.
  func leftWithEntry(_ row: OrderRecord) -> Bool {
    orders[row.position].map(row.leftWith) ?? false
  }

  /// Asks what became of the exits that left with an entry that is over, where nobody tells.
  mutating func followUp(_ entry: OrderRecord) {
    guard paper == nil, entry.intent.role == .entry, entry.state.isTerminal else { return }
    for row in orders.orders(of: entry.intent.clientID)
    where row.leftWith(entry) && !row.state.isTerminal && !(row.wasAcknowledged && entry.isFilled) {
      schedule.query(row.intent.clientID, at: now.monotonic + Schedule.queryInterval)
    }
  }

  /// Whether the venue has had as long as it may to show an exit that left with the entry.
  func hasWaited(for position: PositionRecord) -> Bool {
    guard case .exchange(let exchange) = configuration.execution else { return false }
    // A process that was down has not waited.
    return now.wall - max(position.openedAt, feed.decidesFrom) >= exchange.protectionDeadline
  }
}

extension Bracket {
  /// What rests for a position, the stop first: a pair has its target in the spread, which the
  /// strategy sees.
  var exits: [OrderRole] { partner == nil ? [.stop, .target] : [.stop] }
}

extension OrderRecord {
  /// Whether it left in one action with the entry: only then were both made at the same instant.
  func leftWith(_ entry: OrderRecord) -> Bool {
    position == entry.intent.clientID && createdAt == entry.createdAt && intent.role != .entry
  }

  /// Whether all that was asked for has traded.
  var isFilled: Bool { filled >= intent.quantity }
}
