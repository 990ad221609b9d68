import Market
import Venues

/// A price and the size that waits there.
struct BinanceLevel: Hashable, Sendable {
  let price: Price
  let size: Quantity
}

/// The best price of each side.
struct BinanceQuote: Hashable, Sendable {
  let bid: BinanceLevel
  let ask: BinanceLevel
}

/// The levels of each side, best first.
struct BinanceBook: Hashable, Sendable {
  var bids: [BinanceLevel] = []
  var asks: [BinanceLevel] = []
}

extension JSONWriter {
  private mutating func levels(
    _ name: StaticString, _ levels: [BinanceLevel], _ listing: BinanceListing
  ) {
    array(name, levels) { writer, level in
      writer.array {
        $0.decimal(level.price, places: listing.pricePlaces)
        $0.decimal(level.size, places: listing.sizePlaces)
      }
    }
  }

  /// Writes the answer with a book.
  mutating func book(
    _ book: BinanceBook, _ listing: BinanceListing, id: Int64, at event: Instant, _ match: Instant
  ) {
    object {
      $0.integer("lastUpdateId", id)
      $0.integer("E", event.milliseconds)
      $0.integer("T", match.milliseconds)
      $0.levels("bids", book.bids, listing)
      $0.levels("asks", book.asks, listing)
    }
  }

  /// Writes a `depthUpdate` event; `ids` are its first and last update and the last one before.
  mutating func bookEvent(
    _ book: BinanceBook, _ listing: BinanceListing, ids: (first: Int64, last: Int64, before: Int64),
    at event: Instant, _ match: Instant
  ) {
    object {
      $0.string("e", "depthUpdate")
      $0.integer("E", event.milliseconds)
      $0.integer("T", match.milliseconds)
      $0.string("s", listing.pair)
      $0.integer("U", ids.first)
      $0.integer("u", ids.last)
      $0.integer("pu", ids.before)
      $0.levels("b", book.bids, listing)
      $0.levels("a", book.asks, listing)
    }
  }

  /// Writes a `bookTicker` event.
  mutating func quoteEvent(
    _ quote: BinanceQuote, _ listing: BinanceListing, id: Int64, at event: Instant,
    _ match: Instant
  ) {
    object {
      $0.string("e", "bookTicker")
      $0.integer("u", id)
      $0.string("s", listing.pair)
      $0.decimal("b", quote.bid.price, places: listing.pricePlaces)
      $0.decimal("B", quote.bid.size, places: listing.sizePlaces)
      $0.decimal("a", quote.ask.price, places: listing.pricePlaces)
      $0.decimal("A", quote.ask.size, places: listing.sizePlaces)
      $0.integer("T", match.milliseconds)
      $0.integer("E", event.milliseconds)
      $0.integer("st", 1)
      $0.string("ps", listing.pair)
    }
  }

  /// Writes the mark of a contract that is none of this venue's.
  mutating func coinMarginedMark(at time: Instant) {
    object {
      $0.string("e", "markPriceUpdate")
      $0.integer("E", time.milliseconds)
      $0.string("s", "BTCUSD_PERP")
      $0.string("p", "1.00000000")
      $0.string("P", "1.00000000")
      $0.string("i", "1.00000000")
      $0.string("r", "0.00010000")
      $0.integer("T", time.milliseconds)
      $0.integer("st", 2)
      $0.string("ps", "BTCUSD")
    }
  }
}
