import Market
import Venues

/// What a book channel told last.
struct DeribitToldBook: Hashable, Sendable {
  var change: Int64 = 0
  var bids: [DeribitLevel] = []
  var asks: [DeribitLevel] = []
}

extension DeribitVenue {
  /// A snapshot first, then what changed since; each names the change before it.
  func book(
    _ instrument: DeribitInstrument, _ subscription: inout DeribitSubscription, isFirst: Bool,
    _ market: some TrueMarket
  ) -> [UInt8]? {
    let levels = levels(instrument, market, depth: 20)
    let told = subscription.book
    let bids = Self.changes(from: isFirst ? [] : told.bids, to: levels.bids)
    let asks = Self.changes(from: isFirst ? [] : told.asks, to: levels.asks)
    guard isFirst || !bids.isEmpty || !asks.isEmpty else { return nil }
    let change = max(clock.milliseconds, told.change + 1)
    subscription.book = DeribitToldBook(change: change, bids: levels.bids, asks: levels.asks)
    var writer = JSONWriter(capacity: 2_048)
    writer.object { writer in
      writer.string("type", isFirst ? "snapshot" : "change")
      writer.integer("timestamp", clock.milliseconds)
      writer.string("instrument_name", name(of: instrument))
      writer.integer("change_id", change)
      if !isFirst { writer.integer("prev_change_id", told.change) }
      for (key, rows) in [("bids", bids), ("asks", asks)] as [(StaticString, [Change])] {
        writer.array(key, rows) { writer, row in
          writer.array {
            $0.string(row.action.description)
            $0.deribit(row.level.price)
            $0.deribit(row.level.amount)
          }
        }
      }
    }
    return writer.bytes
  }

  private struct Change {
    let action: StaticString
    let level: DeribitLevel
  }

  private static func changes(from old: [DeribitLevel], to new: [DeribitLevel]) -> [Change] {
    var changes: [Change] = []
    for level in old where !new.contains(where: { $0.price == level.price }) {
      changes.append(
        Change(action: "delete", level: DeribitLevel(price: level.price, amount: 0)))
    }
    for level in new {
      guard let known = old.first(where: { $0.price == level.price }) else {
        changes.append(Change(action: "new", level: level))
        continue
      }
      if known.amount != level.amount { changes.append(Change(action: "change", level: level)) }
    }
    return changes
  }
}
