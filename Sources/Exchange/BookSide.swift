import Market

/// A resting order's place in price-time priority: the lowest comes first.
struct BookKey: Comparable, Hashable, Sendable {
  /// The price of an ask; the negated price of a bid.
  let rank: Int64
  let sequence: UInt64
  let id: UInt64

  static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.rank != rhs.rank ? lhs.rank < rhs.rank : lhs.sequence < rhs.sequence
  }
}

/// The accounts' orders that rest on one side of a book.
struct BookSide: Sendable {
  /// Which side.
  let side: Side
  private var keys = OrderedSet<BookKey>()
  private var ranks = OrderedSet<Int64>()
  private var totals: [Int64: Total] = [:]

  private struct Total {
    var quantity: Int64
    var orders: Int32
  }

  init(_ side: Side) { self.side = side }

  var isEmpty: Bool { keys.isEmpty }

  /// The order that trades first.
  var best: BookKey? { keys.first }

  /// The best price.
  var bestPrice: Price? { ranks.first.map(price) }

  func rank(of price: Price) -> Int64 { side == .sell ? price.steps : -price.steps }

  func price(_ rank: Int64) -> Price { Price(steps: side == .sell ? rank : -rank) }

  private func key(_ order: ExchangeOrder) -> BookKey {
    BookKey(rank: rank(of: order.limit), sequence: order.sequence, id: order.id)
  }

  mutating func insert(_ order: ExchangeOrder) {
    guard keys.insert(key(order)) else { return }
    let rank = rank(of: order.limit)
    ranks.insert(rank)
    var total = totals[rank] ?? Total(quantity: 0, orders: 0)
    total.quantity &+= order.remaining.steps
    total.orders += 1
    totals[rank] = total
  }

  /// Takes an order out that still rests with `order.remaining`.
  mutating func remove(_ order: ExchangeOrder) {
    guard keys.remove(key(order)) else { return }
    reduce(order, by: order.remaining, orders: 1)
  }

  /// Says that an order which goes on resting traded `quantity`.
  mutating func reduce(_ order: ExchangeOrder, by quantity: Quantity) {
    reduce(order, by: quantity, orders: 0)
  }

  private mutating func reduce(_ order: ExchangeOrder, by quantity: Quantity, orders: Int32) {
    let rank = rank(of: order.limit)
    guard var total = totals[rank] else { return }
    total.quantity &-= quantity.steps
    total.orders -= orders
    if total.orders > 0 {
      totals[rank] = total
    } else {
      totals[rank] = nil
      ranks.remove(rank)
    }
  }

  /// Calls `body` with every level from the best on, until it answers false.
  func forEachLevel(_ body: (BookLevel) -> Bool) {
    ranks.forEachAscending { rank in
      guard let total = totals[rank] else { return true }
      return body(
        BookLevel(
          price: price(rank), quantity: Quantity(steps: total.quantity),
          orderCount: total.orders))
    }
  }

  /// The best levels, at most `count`.
  func levels(_ count: Int) -> [BookLevel] {
    var levels: [BookLevel] = []
    forEachLevel { level in
      guard levels.count < count else { return false }
      levels.append(level)
      return true
    }
    return levels
  }
}
