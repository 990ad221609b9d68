import Market
import Venues

extension DeribitVenue {
  /// Writes what `public/ticker` and the ticker channels say.
  func ticker(
    _ instrument: DeribitInstrument, _ market: some TrueMarket, into writer: inout JSONWriter
  ) {
    writer.object { tickerMembers(instrument, market, into: &$0) }
  }

  private func tickerMembers(
    _ instrument: DeribitInstrument, _ market: some TrueMarket, into writer: inout JSONWriter
  ) {
    let underlying = underlyings[instrument.underlying]
    writer.string("instrument_name", name(of: instrument))
    writer.integer("timestamp", clock.milliseconds)
    writer.string("state", "open")
    switch instrument {
    case .perpetual:
      guard let figures = figures(of: underlying, market) else { return }
      perpetual(figures, into: &writer)
    case .option(_, let place):
      let option = underlying.options[place]
      guard let figures = figures(of: option, on: underlying, market) else { return }
      self.option(option, underlying.market, figures, into: &writer)
    }
  }

  private func perpetual(_ figures: DeribitPerpetualFigures, into writer: inout JSONWriter) {
    let quotes = !faults.nullsQuotes
    writer.object("stats") {
      $0.deribit("high", figures.high)
      $0.deribit("low", figures.low)
      $0.deribit("price_change", figures.change)
      $0.deribit("volume", figures.volume)
      $0.deribit("volume_usd", figures.volumeUSD)
      $0.deribit("volume_notional", figures.volumeUSD)
    }
    writer.deribit("index_price", figures.mark)
    writer.deribit("estimated_delivery_price", figures.mark)
    writer.deribit("last_price", quotes ? figures.last : nil)
    writer.deribit("settlement_price", figures.mark)
    writer.deribit("min_price", DeribitNumber.rounded(figures.mark * 0.985, 2))
    writer.deribit("max_price", DeribitNumber.rounded(figures.mark * 1.015, 2))
    writer.deribit("open_interest", figures.openInterest)
    writer.deribit("mark_price", figures.mark)
    writer.deribit("interest_value", 0.0)
    writer.deribit("best_bid_price", quotes ? figures.bid : nil)
    writer.deribit("best_ask_price", quotes ? figures.ask : nil)
    writer.deribit("best_bid_amount", quotes ? figures.bidAmount : 0)
    writer.deribit("best_ask_amount", quotes ? figures.askAmount : 0)
    writer.deribit("current_funding", figures.funding)
    writer.deribit("funding_8h", figures.funding)
  }

  private func option(
    _ option: DeribitOption, _ market: DeribitMarket, _ figures: DeribitOptionFigures,
    into writer: inout JSONWriter
  ) {
    writer.object("stats") {
      $0.deribit("volume", 0.0)
      $0.deribit("volume_usd", 0.0)
      for name: StaticString in ["price_change", "high", "low"] { $0.null(name) }
    }
    writer.deribit("open_interest", option.openInterest)
    writer.deribit("mark_price", figures.mark)
    writer.null("last_price")
    writer.deribit("best_bid_price", figures.bid)
    writer.deribit("best_ask_price", figures.ask)
    writer.deribit("best_bid_amount", figures.bid == nil ? 0 : figures.amount)
    writer.deribit("best_ask_amount", figures.ask == nil ? 0 : figures.amount)
    writer.deribit("min_price", DeribitNumber.rounded(max(figures.mark * 0.5, 0.0001), 4))
    writer.deribit("max_price", DeribitNumber.rounded(figures.mark * 1.5 + 0.01, 4))
    writer.deribit("settlement_price", figures.mark)
    writer.deribit("index_price", DeribitNumber.rounded(figures.forward, 4))
    estimatedDelivery(of: option, figures.forward, into: &writer)
    writer.deribit("underlying_price", DeribitNumber.rounded(figures.forward, 4))
    writer.string("underlying_index", Self.forwardName(of: option, market))
    writer.deribit("interest_rate", 0.0)
    writer.deribit("bid_iv", figures.bidVolatility)
    writer.deribit("ask_iv", figures.askVolatility)
    if !faults.lacksVolatility { writer.deribit("mark_iv", figures.volatility) }
    guard !faults.lacksGreeks else { return }
    let model = figures.model
    writer.object("greeks") {
      $0.deribit("delta", DeribitNumber.rounded(model.delta, 5))
      $0.deribit("gamma", DeribitNumber.rounded(model.gamma, 5))
      $0.deribit("vega", DeribitNumber.rounded(model.vega, 5))
      $0.deribit("theta", DeribitNumber.rounded(model.theta, 5))
      $0.deribit("rho", DeribitNumber.rounded(model.rho, 5))
    }
  }

  func orderBook(
    _ request: DeribitRequest, _ market: some TrueMarket, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    let instrument = try named(request, market)
    let depth = try request.integer("depth") ?? 20
    guard (1...10_000).contains(depth) else { throw .format("depth") }
    let levels = levels(instrument, market, depth: Int(depth))
    writer.object { writer in
      tickerMembers(instrument, market, into: &writer)
      writer.integer("change_id", clock.milliseconds)
      writer.array("bids", levels.bids) { writer, level in
        writer.array([level.price, level.amount]) { $0.deribit($1) }
      }
      writer.array("asks", levels.asks) { writer, level in
        writer.array([level.price, level.amount]) { $0.deribit($1) }
      }
    }
  }

  /// The resting orders of an instrument, best first, at most twenty a side.
  func levels(
    _ instrument: DeribitInstrument, _ market: some TrueMarket, depth: Int
  ) -> (bids: [DeribitLevel], asks: [DeribitLevel]) {
    let underlying = underlyings[instrument.underlying]
    guard !faults.nullsQuotes else { return ([], []) }
    switch instrument {
    case .perpetual:
      guard let figures = figures(of: underlying, market) else { return ([], []) }
      let perUnit = Double(Int64(nearest: 1 / DeribitTerms(underlying.market).tick) ?? 1)
      let step = Int64(nearest: figures.bid * perUnit) ?? 0
      let count = Int64(min(max(depth, 1), 20))
      let bids = (0..<count).filter { step - $0 > 0 }.map { place in
        DeribitLevel(
          price: Double(step - place) / perUnit, amount: figures.bidAmount * Double(place + 1))
      }
      let asks = (0..<count).map { place in
        DeribitLevel(
          price: Double(step + 1 + place) / perUnit, amount: figures.askAmount * Double(place + 1))
      }
      return (bids, asks)
    case .option(_, let place):
      guard let figures = figures(of: underlying.options[place], on: underlying, market) else {
        return ([], [])
      }
      return (
        figures.bid.map { [DeribitLevel(price: $0, amount: figures.amount)] } ?? [],
        figures.ask.map { [DeribitLevel(price: $0, amount: figures.amount)] } ?? []
      )
    }
  }
}

/// A price and the size that rests there.
struct DeribitLevel: Hashable, Sendable {
  let price: Double
  let amount: Double
}
