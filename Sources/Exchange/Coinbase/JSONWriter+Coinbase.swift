import Market
import Venues

extension JSONWriter {
  /// Writes a price, or an empty string where a fault empties figures.
  mutating func figure(_ name: StaticString, _ price: Price, _ faults: CoinbaseFaultState) {
    if faults.emptiesFigures { string(name, "") } else { decimal(name, price, places: 2) }
  }

  /// Writes a product as the Exchange API has it.
  mutating func exchangeProduct(_ product: SpotProduct, _ faults: CoinbaseFaultState) {
    object { writer in
      writer.string("id", product.id)
      writer.string("base_currency", product.base)
      writer.string("quote_currency", product.quote)
      writer.decimal("quote_increment", product.increment)
      writer.string("base_increment", "0.00000001")
      writer.string("display_name", product.id)
      writer.string("min_market_funds", "1")
      writer.bool("margin_enabled", false)
      writer.bool("post_only", product.trading == .postOnly)
      writer.bool("limit_only", false)
      writer.bool("cancel_only", product.trading == .cancelOnly)
      writer.string("status", product.trading == .offline ? "offline" : "online")
      writer.string("status_message", "")
      writer.bool("trading_disabled", product.trading == .disabled)
      writer.bool("fx_stablecoin", product.quote == "USDC")
      writer.string("max_slippage_percentage", "0.02000000")
      writer.bool("auction_mode", product.trading == .auction)
      writer.string("high_bid_limit_percentage", "")
      if faults.hasExtras { writer.string("settlement_zone", "unknown") }
    }
  }
}

extension Instant {
  /// ISO 8601 with exactly `places` digits of a fraction, nine where a fault asks for them.
  func wire(places: Int, _ faults: CoinbaseFaultState) -> String {
    let places = faults.hasNanoseconds ? 9 : places
    let seconds = nanoseconds.floorDivided(by: 1_000_000_000)
    let fraction = String(nanoseconds - seconds * 1_000_000_000)
    let digits = String(repeating: "0", count: max(0, 9 - fraction.utf8.count)) + fraction
    let whole = Instant(nanoseconds: seconds * 1_000_000_000).description.dropLast()
    return "\(whole).\(digits.prefix(places))Z"
  }
}
