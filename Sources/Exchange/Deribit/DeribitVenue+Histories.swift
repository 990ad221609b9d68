import Market
import Venues

// What was: bars, volatility, funding, trades.
extension DeribitVenue {
  /// The parameters of a stretch of time, in milliseconds.
  private func stretch(
    _ request: DeribitRequest
  ) throws(DeribitRefusal) -> (start: Instant, end: Instant) {
    func time(_ name: String) throws(DeribitRefusal) -> Instant {
      guard let count = try request.integer(name) else {
        throw .parameter(name, "value required")
      }
      guard (0..<7_258_118_400_000).contains(count) else { throw .format(name) }
      return Instant(milliseconds: count)
    }
    let start = try time("start_timestamp")
    let end = try time("end_timestamp")
    guard start <= end else { throw .parameter("start_timestamp", "start is after end") }
    return (start, end)
  }

  /// The earliest time that histories know.
  private var earliest: Instant {
    let back = max(.zero, min(configuration.history, .days(3_650)))
    return configuration.start - back
  }

  func chart(
    _ request: DeribitRequest, _ market: some TrueMarket, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    let underlying: DeribitUnderlying?
    switch try named(request, market) {
    case .perpetual(let place): underlying = underlyings[place]
    case .option: underlying = nil
    }
    let (start, end) = try stretch(request)
    guard let resolution = DeribitResolution(rawValue: try request.required("resolution")) else {
      throw .format("resolution")
    }
    let bars =
      underlying.map {
        self.bars(of: $0.market.symbol, resolution, from: start, through: end, market)
      }
      ?? []
    writer.object { writer in
      writer.string("status", bars.isEmpty ? "no_data" : "ok")
      writer.array("ticks", bars) { $0.integer($1.open.milliseconds) }
      writer.array("open", bars) { $0.deribit($1.first) }
      writer.array("high", bars) { $0.deribit($1.high) }
      writer.array("low", bars) { $0.deribit($1.low) }
      writer.array("close", bars) { $0.deribit($1.last) }
      writer.array("volume", bars) { $0.deribit(DeribitNumber.rounded($1.volume, 8)) }
      writer.array("cost", bars) { $0.deribit(DeribitNumber.rounded($1.cost, 2)) }
    }
  }

  /// Rows of the volatility index, ascending, the running one last.
  ///
  /// A page has at most a thousand rows, the newest; `continuation` is the end of the next one.
  func volatilityIndex(
    _ request: DeribitRequest, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    let currency = try request.required("currency")
    guard
      let underlying = underlyings.first(where: {
        $0.market.hasVolatilityIndex && $0.market.currency == currency
      })
    else { throw .format("currency") }
    let (start, end) = try stretch(request)
    let seconds: Int64
    switch try request.required("resolution") {
    case "1": seconds = 1
    case "60": seconds = 60
    case "3600": seconds = 3_600
    case "43200": seconds = 43_200
    case "1D": seconds = 86_400
    default: throw .format("resolution")
    }
    let length = Interval.seconds(seconds).nanoseconds
    let first = (max(start, earliest).nanoseconds - 1).floorDivided(by: length) + 1
    let last = min(end, clock).nanoseconds.floorDivided(by: length)
    let from = max(first, last - 999)
    writer.object { writer in
      writer.key("data")
      writer.array(from <= last ? Array(from...last) : []) { writer, row in
        let open = Instant(nanoseconds: row * length)
        let bar = volatilityBar(underlying, open, .seconds(seconds))
        writer.array {
          $0.integer(open.milliseconds)
          for value in [bar.open, bar.high, bar.low, bar.close] { $0.deribit(value) }
        }
      }
      if from > first, from <= last {
        writer.integer("continuation", Instant(nanoseconds: from * length).milliseconds - 1)
      } else {
        writer.null("continuation")
      }
    }
  }

  private func volatilityBar(
    _ underlying: DeribitUnderlying, _ open: Instant, _ length: Interval
  ) -> (open: Double, high: Double, low: Double, close: Double) {
    let plan = configuration.plan
    let first = underlying.volatilityIndex(plan, at: open)
    var bar = (open: first, high: first, low: first, close: first)
    var time = open + .minutes(1)
    while time < open + length, time <= clock {
      let value = underlying.volatilityIndex(plan, at: time)
      bar.high = max(bar.high, value)
      bar.low = min(bar.low, value)
      bar.close = value
      time = time + .minutes(1)
    }
    return bar
  }

  /// Rows of fifteen days' hourly volatility, of which there is one number: what the plan says.
  func historicalVolatility(
    _ request: DeribitRequest, _ market: some TrueMarket, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    let currency = try request.required("currency")
    guard
      let underlying = underlyings.first(where: {
        $0.market.symbol.description == currency || $0.market.currency == currency
      })
    else { return writer.array { _ in } }
    let last = Timeframe.h1.open(containing: clock)
    writer.array((0..<360).reversed()) { writer, back in
      let time = last - .hours(Int64(back))
      writer.array {
        $0.integer(time.milliseconds)
        $0.deribit(underlying.volatilityIndex(configuration.plan, at: time))
      }
    }
  }

  /// The funding of one hour, as the hour's candle says: a hundredth of its move, within the cap.
  private func funding(_ bar: DeribitBar) -> Double {
    guard bar.first > 0 else { return 0 }
    let moved = (bar.last - bar.first) / bar.first / 100
    return DeribitNumber.rounded(max(-0.005, min(moved, 0.005)), 10)
  }

  private func fundingBars(
    _ request: DeribitRequest, _ market: some TrueMarket
  ) throws(DeribitRefusal) -> [DeribitBar] {
    let symbol = try perpetual(request, market).market.symbol
    let (start, end) = try stretch(request)
    return Array(bars(of: symbol, .h1, from: start, through: end, market).suffix(744))
  }

  func fundingValue(
    _ request: DeribitRequest, _ market: some TrueMarket, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    let sum = try fundingBars(request, market).reduce(0.0) { $0 + funding($1) / 8 }
    writer.deribit(DeribitNumber.rounded(sum, 10))
  }

  func fundingHistory(
    _ request: DeribitRequest, _ market: some TrueMarket, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    writer.array(try fundingBars(request, market)) { writer, bar in
      let rate = funding(bar)
      writer.object {
        $0.integer("timestamp", bar.open.milliseconds)
        $0.deribit("index_price", bar.last)
        $0.deribit("prev_index_price", bar.first)
        $0.deribit("interest_8h", rate)
        $0.deribit("interest_1h", DeribitNumber.rounded(rate / 8, 10))
      }
    }
  }

  func fundingChart(
    _ request: DeribitRequest, _ market: some TrueMarket, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    let symbol = try perpetual(request, market).market.symbol
    let hours: Int64
    switch try request.text("length") ?? "8h" {
    case "8h": hours = 8
    case "24h": hours = 24
    case "1m": hours = 720
    default: throw .format("length")
    }
    let bars = self.bars(of: symbol, .h1, from: clock - .hours(hours), through: clock, market)
    writer.object { writer in
      writer.deribit("current_interest", bars.last.map(funding) ?? 0)
      writer.deribit("interest_8h", bars.last.map(funding) ?? 0)
      writer.array("data", bars) { writer, bar in
        writer.object {
          $0.integer("timestamp", bar.open.milliseconds)
          $0.deribit("index_price", bar.last)
          $0.deribit("interest_8h", funding(bar))
        }
      }
    }
  }

  /// The newest trades, newest first, as far back as the market remembers.
  func lastTrades(
    _ request: DeribitRequest, _ market: some TrueMarket, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    let instrument = try named(request, market)
    let count = try request.integer("count") ?? 10
    guard (1...1_000).contains(count) else { throw .format("count") }
    let isAscending = try request.text("sorting") == "asc"
    var trades: [Trade] = []
    if case .perpetual(let place) = instrument {
      trades = market.trades(of: underlyings[place].market.symbol, after: 0)
    }
    let total = market.tradeCount(of: underlyings[instrument.underlying].market.symbol)
    let newest = numbered(trades, of: total).suffix(Int(count))
    writer.object { writer in
      writer.array("trades", isAscending ? Array(newest) : newest.reversed()) {
        trade($1, instrument, market, into: &$0)
      }
      writer.bool("has_more", trades.count > newest.count)
    }
  }

  /// The newest trades of `total` with the number of each within its instrument.
  func numbered(_ trades: [Trade], of total: UInt64) -> [(trade: Trade, number: UInt64)] {
    let before = total - min(total, UInt64(trades.count))
    return trades.enumerated().map { ($1, before + UInt64($0) + 1) }
  }

  /// Writes a trade of a perpetual.
  func trade(
    _ numbered: (trade: Trade, number: UInt64), _ instrument: DeribitInstrument,
    _ market: some TrueMarket,
    into writer: inout JSONWriter
  ) {
    let (trade, number) = numbered
    let names = underlyings[instrument.underlying].market
    let contract = DeribitTerms(names).contract
    let size = names.isInverse ? trade.quantity.double * trade.price.double : trade.quantity.double
    let contracts = max(1, Int64(nearest: size / contract) ?? 1)
    let mark = market.mark(of: names.symbol)?.double ?? trade.price.double
    writer.object {
      $0.integer("timestamp", trade.time.milliseconds)
      $0.deribit("price", trade.price)
      $0.deribit("amount", DeribitNumber.rounded(Double(contracts) * contract, 4))
      $0.deribit("contracts", Double(contracts))
      $0.string("direction", trade.takerSide == .buy ? "buy" : "sell")
      $0.deribit("index_price", DeribitNumber.rounded(mark, 4))
      $0.deribit("mark_price", DeribitNumber.rounded(mark, 4))
      $0.string("instrument_name", name(of: instrument))
      $0.integer("tick_direction", 1)
      $0.integer("trade_seq", number)
      $0.string("trade_id", (names.symbol == "BTC" ? "" : "\(names.symbol)-") + "\(trade.id)")
    }
  }
}
