import Market
import Venues

/// What a ticker of a socket tells.
struct SpotTicker: Sendable {
  let last: SpotTrade
  let bid: SpotLevel
  let ask: SpotLevel
  let day: SpotFigures
}

extension JSONWriter {
  /// Writes a ticker of the Exchange feed.
  mutating func exchangeTicker(
    _ ticker: SpotTicker, _ id: String, _ sequence: Int64, volumeOfMonth: Quantity,
    _ faults: CoinbaseFaultState
  ) {
    object { writer in
      writer.string("type", "ticker")
      writer.integer("sequence", sequence)
      writer.string("product_id", id)
      writer.figure("price", ticker.last.price, faults)
      writer.figure("open_24h", ticker.day.open, faults)
      writer.decimal("volume_24h", ticker.day.volume)
      writer.figure("low_24h", min(ticker.day.low, ticker.last.price), faults)
      writer.figure("high_24h", max(ticker.day.high, ticker.last.price), faults)
      writer.decimal("volume_30d", volumeOfMonth)
      writer.figure("best_bid", ticker.bid.price, faults)
      writer.decimal("best_bid_size", ticker.bid.size)
      writer.figure("best_ask", ticker.ask.price, faults)
      writer.decimal("best_ask_size", ticker.ask.size)
      writer.string("side", ticker.last.takerSide == .buy ? "buy" : "sell")
      writer.string("time", ticker.last.time.wire(places: 6, faults))
      writer.integer("trade_id", ticker.last.id)
      writer.decimal("last_size", ticker.last.quantity)
      if faults.hasExtras { writer.string("settlement_zone", "unknown") }
    }
  }

  /// Writes a ticker of Advanced Trade.
  mutating func advancedTicker(
    _ ticker: SpotTicker, _ id: String, year: SpotFigures, _ faults: CoinbaseFaultState
  ) {
    object { writer in
      writer.string("type", "ticker")
      writer.string("product_id", faults.emptiesFigures ? "" : id)
      writer.figure("price", ticker.last.price, faults)
      writer.decimal("volume_24_h", ticker.day.volume)
      writer.figure("low_24_h", min(ticker.day.low, ticker.last.price), faults)
      writer.figure("high_24_h", max(ticker.day.high, ticker.last.price), faults)
      writer.figure("low_52_w", min(year.low, ticker.last.price), faults)
      writer.figure("high_52_w", max(year.high, ticker.last.price), faults)
      writer.string("price_percent_chg_24_h", ticker.day.change)
      writer.figure("best_bid", ticker.bid.price, faults)
      writer.decimal("best_bid_quantity", ticker.bid.size)
      writer.figure("best_ask", ticker.ask.price, faults)
      writer.decimal("best_ask_quantity", ticker.ask.size)
      if faults.hasExtras { writer.string("settlement_zone", "unknown") }
    }
  }

  /// Writes a trade of the Exchange feed.
  mutating func exchangeMatch(
    _ trade: SpotTrade, _ id: String, _ sequence: Int64, _ type: String,
    _ faults: CoinbaseFaultState
  ) {
    object { writer in
      writer.string("type", type)
      writer.integer("trade_id", trade.id)
      writer.string("maker_order_id", identifier(of: "maker \(trade.id)"))
      writer.string("taker_order_id", identifier(of: "taker \(trade.id)"))
      writer.string("side", trade.makerSide)
      writer.decimal("size", trade.quantity)
      writer.decimal("price", trade.price, places: 2)
      writer.string("product_id", id)
      writer.integer("sequence", sequence)
      writer.string("time", trade.time.wire(places: 6, faults))
    }
  }

  /// Writes a trade of Advanced Trade's socket.
  mutating func advancedTrade(_ trade: SpotTrade, _ id: String, _ faults: CoinbaseFaultState) {
    object { writer in
      writer.string("trade_id", String(trade.id))
      writer.string("product_id", id)
      writer.decimal("price", trade.price)
      writer.decimal("size", trade.quantity)
      writer.string("side", trade.makerSide.uppercased())
      writer.string("time", trade.time.wire(places: 6, faults))
    }
  }

  /// Writes a whole book of the Exchange feed.
  mutating func exchangeSnapshot(_ book: SpotBook, _ id: String, _ time: String) {
    object { writer in
      writer.string("type", "snapshot")
      writer.string("product_id", id)
      writer.array("asks", book.asks) { $0.exchangePair($1) }
      writer.array("bids", book.bids) { $0.exchangePair($1) }
      writer.string("time", time)
    }
  }

  private mutating func exchangePair(_ level: SpotLevel) {
    array { writer in
      writer.decimal(level.price, places: 2)
      writer.decimal(level.size)
    }
  }

  /// Writes changes of a book of the Exchange feed.
  mutating func exchangeChanges(_ changes: [SpotBook.Change], _ id: String, _ time: String) {
    object { writer in
      writer.string("type", "l2update")
      writer.string("product_id", id)
      writer.array("changes", changes) { writer, change in
        writer.array {
          $0.string(change.side == .buy ? "buy" : "sell")
          $0.decimal(change.price, places: 2)
          $0.decimal(change.size)
        }
      }
      writer.string("time", time)
    }
  }

  /// Writes an event of Advanced Trade's book.
  mutating func advancedLevels(
    _ changes: [SpotBook.Change], _ type: String, _ id: String, _ time: String
  ) {
    object { writer in
      writer.string("type", type)
      writer.string("product_id", id)
      writer.array("updates", changes) { writer, change in
        writer.object {
          $0.string("side", change.side == .buy ? "bid" : "offer")
          $0.string("event_time", time)
          $0.decimal("price_level", change.price)
          $0.decimal("new_quantity", change.size)
        }
      }
    }
  }
}
