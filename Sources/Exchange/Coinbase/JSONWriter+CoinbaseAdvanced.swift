import Market
import Venues

extension JSONWriter {
  /// Writes a product as Advanced Trade has it.
  mutating func advancedProduct(
    _ name: AdvancedProduct, last price: Price, _ day: SpotFigures?, _ faults: CoinbaseFaultState
  ) {
    let product = name.product
    object { writer in
      writer.string("product_id", name.id)
      writer.figure("price", price, faults)
      writer.string("price_percentage_change_24h", day?.change ?? "")
      writer.decimal("volume_24h", day?.volume ?? .zero)
      writer.string("volume_percentage_change_24h", "")
      writer.string("base_increment", "0.00000001")
      writer.decimal("quote_increment", product.increment)
      writer.string("quote_min_size", "1")
      writer.string("quote_max_size", "150000000")
      writer.string("base_min_size", "0.00000001")
      writer.string("base_max_size", "3400")
      writer.string("base_name", SpotCurrency(code: product.base, isFiat: false).name)
      writer.string("quote_name", SpotCurrency(code: name.quote, isFiat: true).name)
      writer.bool("watched", false)
      writer.bool("is_disabled", product.trading == .disabled)
      writer.bool("new", false)
      writer.string("status", product.trading == .offline ? "offline" : "online")
      writer.bool("cancel_only", product.trading == .cancelOnly)
      writer.bool("limit_only", false)
      writer.bool("post_only", product.trading == .postOnly)
      writer.bool("trading_disabled", product.trading == .disabled)
      writer.bool("auction_mode", product.trading == .auction)
      writer.string("product_type", "SPOT")
      writer.string("quote_currency_id", name.quote)
      writer.string("base_currency_id", product.base)
      writer.null("fcm_trading_session_details")
      writer.string("mid_market_price", "")
      writer.string("alias", name.isAlias ? product.id : "")
      writer.array("alias_to") {
        if product.sharesBook, !name.isAlias { $0.string(product.id + "C") }
      }
      writer.string("base_display_symbol", product.base)
      writer.string("quote_display_symbol", product.quote)
      writer.bool("view_only", false)
      writer.decimal("price_increment", product.increment)
      writer.string("display_name", name.id)
      writer.string("product_venue", "CBE")
      let turnover = day.flatMap { price.notional(of: $0.volume, .nearest) }
      writer.decimal("approximate_quote_24h_volume", turnover ?? .zero)
      writer.string("new_at", "2023-01-01T00:00:00Z")
      for name: StaticString in Self.emptyMembers { writer.string(name, "") }
      writer.bool("is_alpha_testing", false)
      writer.string("about_description", "")
      writer.string("best_bid_price", "")
      writer.string("best_ask_price", "")
      if faults.hasExtras { writer.string("settlement_zone", "unknown") }
    }
  }

  /// Members that the public answers leave empty.
  private static var emptyMembers: [StaticString] {
    [
      "market_cap", "base_cbrn", "quote_cbrn", "product_cbrn", "icon_color", "icon_url",
      "display_name_overwrite",
    ]
  }

  /// Writes a trade as Advanced Trade's answers have it.
  mutating func advancedAnswerTrade(
    _ trade: SpotTrade, _ id: String, _ faults: CoinbaseFaultState
  ) {
    object { writer in
      writer.string("trade_id", String(trade.id))
      writer.string("product_id", id)
      writer.decimal("price", trade.price)
      writer.decimal("size", trade.quantity)
      writer.string("time", trade.time.wire(places: 6, faults))
      writer.string("side", trade.makerSide.uppercased())
      writer.string("bid", "")
      writer.string("ask", "")
      writer.string("exchange", "coinbase")
    }
  }

  /// Writes a bucket as Advanced Trade has it.
  mutating func advancedCandle(_ candle: SpotCandle) {
    object { writer in
      writer.string("start", String(candle.start.milliseconds / 1_000))
      writer.decimal("low", candle.low)
      writer.decimal("high", candle.high)
      writer.decimal("open", candle.open)
      writer.decimal("close", candle.close)
      writer.decimal("volume", candle.volume)
    }
  }

  /// Writes a price of a book as Advanced Trade has it.
  mutating func advancedLevel(_ level: SpotLevel) {
    object {
      $0.decimal("price", level.price)
      $0.decimal("size", level.size)
    }
  }
}

extension SpotFigures {
  /// How far the close is from the open, in per cent with up to eight decimals.
  var change: String {
    let percent = Price(steps: close.steps - open.steps).checkedScaled(
      by: 100 * Price.stepsPerWhole, over: max(open.steps, 1), .nearest)
    return percent?.description ?? ""
  }
}
