import Market

/// One price of a product's book.
struct SpotLevel: Hashable, Sendable {
  let price: Price
  let size: Quantity
  let orders: Int64
}

/// A product's book, best price first on each side.
struct SpotBook: Hashable, Sendable {
  let bids: [SpotLevel]
  let asks: [SpotLevel]

  /// One price at which the size is another one now; zero where nothing is left.
  struct Change: Hashable, Sendable {
    let side: Side
    let price: Price
    let size: Quantity
  }

  /// What turns `old` into this book, bids first.
  func changes(since old: SpotBook) -> [Change] {
    Self.changes(.buy, from: old.bids, to: bids) + Self.changes(.sell, from: old.asks, to: asks)
  }

  private static func changes(
    _ side: Side, from old: [SpotLevel], to new: [SpotLevel]
  ) -> [Change] {
    var changes: [Change] = []
    for level in old where !new.contains(where: { $0.price == level.price }) {
      changes.append(Change(side: side, price: level.price, size: .zero))
    }
    for level in new
    where !old.contains(where: { $0.price == level.price && $0.size == level.size }) {
      changes.append(Change(side: side, price: level.price, size: level.size))
    }
    return changes
  }
}

extension SpotProduct {
  /// The book around the quote, at most `depth` levels a side.
  ///
  /// What rests at a price follows from the price and the step, so that a book that is asked for
  /// twice is the same.
  func book(depth: Int, _ plan: CoinbasePlan, _ market: some TrueMarket) -> SpotBook? {
    guard let quote = quote(plan, market) else { return nil }
    // About 5 parts per million of the price between levels.
    let gap = max(1, quote.bid.steps / 200_000 / increment.steps) * increment.steps
    var bids: [SpotLevel] = []
    var asks: [SpotLevel] = []
    for level in 0..<Int64(max(0, min(depth, 50))) {
      let below = quote.bid.steps - level * gap
      let (above, over) = quote.ask.steps.addingReportingOverflow(level * gap)
      if below > 0 { bids.append(self.level(at: Price(steps: below))) }
      if !over { asks.append(self.level(at: Price(steps: above))) }
    }
    return SpotBook(bids: bids, asks: asks)
  }

  private func level(at price: Price) -> SpotLevel {
    let word = noise.word(UInt64(bitPattern: price.steps) &+ UInt64(bitPattern: step) << 48)
    return SpotLevel(price: price, size: size(word, near: price), orders: Int64(word % 7) + 1)
  }
}
