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

extension JSONWriter {
  /// Writes the time as the Exchange API has it: the epoch in seconds with a fraction.
  mutating func exchangeTime(_ time: Instant, _ faults: CoinbaseFaultState) {
    let (seconds, milliseconds) = time.milliseconds.quotientAndRemainder(dividingBy: 1_000)
    let digits = String(1_000 + abs(milliseconds)).dropFirst()
    object { writer in
      writer.string("iso", time.wire(places: 3, faults))
      writer.key("epoch")
      writer.raw("\(seconds).\(digits)".utf8)
    }
  }

  /// Writes a currency as the Exchange API has it.
  mutating func exchangeCurrency(_ currency: SpotCurrency) {
    let smallest = currency.isFiat ? "0.01" : "0.00000001"
    object { writer in
      writer.string("id", currency.code)
      writer.string("name", currency.name)
      writer.string("min_size", smallest)
      writer.string("status", "online")
      writer.string("message", "")
      writer.string("max_precision", smallest)
      writer.array("convertible_to") {
        if currency.code == "USD" { $0.string("USDC") }
        if currency.code == "USDC" { $0.string("USD") }
      }
      writer.object("details") { writer in
        writer.string("type", currency.isFiat ? "fiat" : "crypto")
        writer.string("symbol", currency.isFiat ? "$" : "")
        writer.integer("network_confirmations", currency.isFiat ? 0 : 14)
        writer.integer("sort_order", 0)
        writer.string("crypto_address_link", "")
        writer.string("crypto_transaction_link", "")
        writer.array("push_payment_methods") { _ in }
        writer.array("group_types") { _ in }
        writer.string("display_name", currency.name)
        writer.integer("processing_time_seconds", 0)
        writer.integer("min_withdrawal_amount", 0)
        writer.integer("max_withdrawal_amount", 0)
      }
      writer.string("default_network", "")
      writer.array("supported_networks") { _ in }
      writer.string("display_name", currency.name)
    }
  }

  /// Writes a price of a book as the Exchange API has it.
  mutating func exchangeLevel(_ level: SpotLevel) {
    array { writer in
      writer.decimal(level.price, places: 2)
      writer.decimal(level.size)
      writer.integer(level.orders)
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
