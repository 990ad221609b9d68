import Market
import Venues

extension DeribitVenue {
  func summaries(
    _ request: DeribitRequest, _ market: some TrueMarket, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    let currency = try request.required("currency")
    let kind = try kind(request)
    writer.array(listed(currency: currency, kind: kind)) {
      summary($1, market, into: &$0)
    }
  }

  func summary(
    _ instrument: DeribitInstrument, _ market: some TrueMarket, into writer: inout JSONWriter
  ) {
    let underlying = underlyings[instrument.underlying]
    switch instrument {
    case .perpetual: summary(of: underlying, market, into: &writer)
    case .option(_, let place):
      summary(of: underlying.options[place], on: underlying, market, into: &writer)
    }
  }

  private func summary(
    of option: DeribitOption, on underlying: DeribitUnderlying, _ market: some TrueMarket,
    into writer: inout JSONWriter
  ) {
    guard let figures = figures(of: option, on: underlying, market) else { return }
    let names = underlying.market
    writer.object { writer in
      writer.string("instrument_name", option.text)
      writer.string("base_currency", names.symbol.description)
      writer.string("quote_currency", names.currency)
      writer.deribit("open_interest", option.openInterest)
      writer.deribit("mark_price", figures.mark)
      if !faults.lacksVolatility { writer.deribit("mark_iv", figures.volatility) }
      writer.deribit("bid_price", figures.bid)
      writer.deribit("ask_price", figures.ask)
      let mid = figures.bid.flatMap { bid in figures.ask.map { (bid + $0) / 2 } }
      writer.deribit("mid_price", mid.map { DeribitNumber.rounded($0, 8) })
      // Nobody trades options here.
      for name: StaticString in ["last", "high", "low", "price_change"] { writer.null(name) }
      writer.deribit("volume", 0.0)
      writer.deribit("volume_usd", 0.0)
      writer.string("underlying_index", Self.forwardName(of: option, names))
      writer.deribit("underlying_price", DeribitNumber.rounded(figures.forward, 4))
      writer.deribit("interest_rate", 0.0)
      estimatedDelivery(of: option, figures.forward, into: &writer)
      writer.integer("creation_timestamp", clock.milliseconds)
    }
  }

  /// The forward of an expiry that no future is listed for.
  static func forwardName(of option: DeribitOption, _ market: DeribitMarket) -> String {
    "SYN.\(market.pair)-\(DeribitOptionName.day(of: option.name.expiry))"
  }

  private func summary(
    of underlying: DeribitUnderlying, _ market: some TrueMarket, into writer: inout JSONWriter
  ) {
    guard let figures = figures(of: underlying, market) else { return }
    let quotes = !faults.nullsQuotes
    writer.object { writer in
      writer.string("instrument_name", underlying.market.perpetual)
      writer.string("base_currency", underlying.market.symbol.description)
      writer.string("quote_currency", underlying.market.isInverse ? "USD" : "USDC")
      writer.deribit("open_interest", figures.openInterest)
      writer.deribit("mark_price", figures.mark)
      writer.deribit("bid_price", quotes ? figures.bid : nil)
      writer.deribit("ask_price", quotes ? figures.ask : nil)
      let mid = DeribitNumber.rounded((figures.bid + figures.ask) / 2, 8)
      writer.deribit("mid_price", quotes ? mid : nil)
      writer.deribit("last", quotes ? figures.last : nil)
      writer.deribit("high", figures.high)
      writer.deribit("low", figures.low)
      writer.deribit("price_change", figures.change)
      writer.deribit("volume", figures.volume)
      writer.deribit("volume_usd", figures.volumeUSD)
      writer.deribit("volume_notional", figures.volumeUSD)
      writer.deribit("estimated_delivery_price", figures.mark)
      writer.deribit("current_funding", figures.funding)
      writer.deribit("funding_8h", figures.funding)
      writer.integer("creation_timestamp", clock.milliseconds)
    }
  }
}
