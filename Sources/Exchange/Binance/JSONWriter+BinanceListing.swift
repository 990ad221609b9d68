import Market
import Venues

extension JSONWriter {
  /// Writes a perpetual as the list of symbols has it.
  mutating func listing(_ listing: BinanceListing) {
    object { writer in
      writer.string("symbol", listing.pair)
      writer.string("pair", listing.pair)
      writer.string("contractType", "PERPETUAL")
      // The venue's way to say never: 2100-12-25 08:00 UTC.
      writer.integer("deliveryDate", 4_133_404_800_000)
      writer.integer("onboardDate", 1_569_398_400_000)
      writer.string("status", "TRADING")
      writer.string("maintMarginPercent", "2.5000")
      writer.string("requiredMarginPercent", "5.0000")
      writer.name("baseAsset", listing.symbol)
      writer.string("quoteAsset", "USDT")
      writer.string("marginAsset", "USDT")
      writer.integer("pricePrecision", Self.places(of: listing.tick, atLeast: listing.pricePlaces))
      writer.integer("quantityPrecision", Self.places(of: listing.lot, atLeast: listing.sizePlaces))
      writer.integer("baseAssetPrecision", 8)
      writer.integer("quotePrecision", 8)
      writer.string("underlyingType", "COIN")
      writer.array("underlyingSubType") { $0.string("PoW") }
      writer.string("triggerProtect", "0.0500")
      writer.string("liquidationFee", "0.012500")
      writer.string("marketTakeBound", "0.05")
      writer.filters(of: listing)
      writer.array(
        "orderTypes",
        [
          "LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET",
          "TRAILING_STOP_MARKET",
        ]
      ) { $0.string($1) }
      writer.array("timeInForce", ["GTC", "IOC", "FOK", "GTX", "GTD"]) { $0.string($1) }
    }
  }

  private mutating func filters(of listing: BinanceListing) {
    array("filters") { writer in
      writer.object {
        $0.string("filterType", "PRICE_FILTER")
        $0.decimal("minPrice", listing.tick, places: listing.pricePlaces)
        $0.string("maxPrice", "4529764")
        $0.decimal("tickSize", listing.tick, places: listing.pricePlaces)
      }
      for (type, most) in [("LOT_SIZE", "1000000"), ("MARKET_LOT_SIZE", "120000")] {
        writer.object {
          $0.string("filterType", type)
          $0.decimal("minQty", listing.lot)
          $0.string("maxQty", most)
          $0.decimal("stepSize", listing.lot)
        }
      }
      writer.object {
        $0.string("filterType", "MAX_NUM_ORDERS")
        $0.integer("limit", 200)
      }
      writer.object {
        $0.string("filterType", "MIN_NOTIONAL")
        $0.string("notional", "100")
      }
      writer.object {
        $0.string("filterType", "PERCENT_PRICE")
        $0.string("multiplierUp", "1.0500")
        $0.string("multiplierDown", "0.9500")
        $0.string("multiplierDecimal", "4")
      }
    }
  }

  /// How many decimal places a step of the venue has.
  private static func places<Unit>(of step: Fixed<Unit>, atLeast least: Int) -> Int {
    var places = 8
    var rest = step.steps
    while places > 0, rest % 10 == 0, rest > 0 {
      rest /= 10
      places -= 1
    }
    return max(places, least)
  }
}
