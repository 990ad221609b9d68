import Market
import Venues

/// What anybody may ask for.
enum DeribitMethod: String, Hashable, Sendable, CaseIterable {
  case time = "get_time"
  case test = "test"
  case hello = "hello"
  case status = "status"
  case currencies = "get_currencies"
  case expirations = "get_expirations"
  case instruments = "get_instruments"
  case instrument = "get_instrument"
  case summaries = "get_book_summary_by_currency"
  case summary = "get_book_summary_by_instrument"
  case ticker = "ticker"
  case orderBook = "get_order_book"
  case indexPrice = "get_index_price"
  case indexNames = "get_index_price_names"
  case volatilityIndex = "get_volatility_index_data"
  case historicalVolatility = "get_historical_volatility"
  case chart = "get_tradingview_chart_data"
  case fundingValue = "get_funding_rate_value"
  case fundingHistory = "get_funding_rate_history"
  case fundingChart = "get_funding_chart_data"
  case lastTrades = "get_last_trades_by_instrument"
}

extension DeribitVenue {
  /// Carries a request out and writes its result.
  mutating func carryOut(
    _ request: DeribitRequest, session: SessionID?, _ market: some TrueMarket,
    into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    if let method = DeribitSocketMethod(rawValue: request.method) {
      return try carryOut(method, request, session: session, market, into: &writer)
    }
    guard request.method.hasPrefix("public/") else {
      throw request.method.hasPrefix("private/") ? .unauthorized : .method
    }
    guard let method = DeribitMethod(rawValue: String(request.method.dropFirst(7))) else {
      throw .method
    }
    if method == .test { tested(session) }
    try answer(method, request, market, into: &writer)
  }

  private func answer(
    _ method: DeribitMethod, _ request: DeribitRequest, _ market: some TrueMarket,
    into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    switch method {
    case .time: writer.integer(clock.milliseconds)
    case .test:
      if try request.text("expected_result") == "exception" {
        throw .internalError
      }
      writer.object { $0.string("version", Self.version) }
    case .hello:
      _ = try request.required("client_name")
      _ = try request.required("client_version")
      writer.object { $0.string("version", Self.version) }
    case .status:
      writer.object {
        $0.string("locked", faults.isSettling ? "true" : "false")
        $0.array("locked_indices") { _ in }
      }
    case .currencies: currencies(into: &writer)
    case .expirations: try expirations(request, into: &writer)
    case .instruments: try instruments(request, into: &writer)
    case .instrument:
      instrument(try named(request, market), into: &writer)
    case .summaries: try summaries(request, market, into: &writer)
    case .summary:
      let instrument = try named(request, market)
      writer.array { summary(instrument, market, into: &$0) }
    case .ticker: ticker(try named(request, market), market, into: &writer)
    case .orderBook: try orderBook(request, market, into: &writer)
    case .indexPrice: try indexPrice(request, market, into: &writer)
    case .indexNames:
      writer.array(underlyings) { $0.string($1.market.index) }
    case .volatilityIndex: try volatilityIndex(request, into: &writer)
    case .historicalVolatility: try historicalVolatility(request, market, into: &writer)
    case .chart: try chart(request, market, into: &writer)
    case .fundingValue: try fundingValue(request, market, into: &writer)
    case .fundingHistory: try fundingHistory(request, market, into: &writer)
    case .fundingChart: try fundingChart(request, market, into: &writer)
    case .lastTrades: try lastTrades(request, market, into: &writer)
    }
  }

  private static var version: String { "1.2.26" }

  private func indexPrice(
    _ request: DeribitRequest, _ market: some TrueMarket, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    let name = try request.required("index_name")
    guard let underlying = underlyings.first(where: { $0.market.index == name }),
      let price = market.mark(of: underlying.market.symbol)
    else { throw .format("index_name") }
    writer.object {
      $0.deribit("index_price", price)
      $0.deribit("estimated_delivery_price", price)
    }
  }
}
