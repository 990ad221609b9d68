import Market
import Venues

// What each path answers.
extension BinanceVenue {
  /// Writes the answer to a call that is allowed.
  mutating func write(
    _ route: BinanceRoute, _ query: BinanceQuery, to writer: inout JSONWriter,
    _ market: some TrueMarket
  ) throws(BinanceRefusal) {
    switch route {
    case .ping: writer.object { _ in }
    case .time: writer.object { $0.integer("serverTime", told.milliseconds) }
    case .exchangeInfo: writeListing(to: &writer)
    case .klines, .markKlines, .indexKlines, .premiumKlines:
      try writeKlines(route, query, to: &writer, market)
    case .openInterest:
      let index = try required(query)
      let newest = markets[index].readings.interest.last
      writer.object {
        $0.string("symbol", markets[index].listing.pair)
        $0.decimal("openInterest", newest?.quantity ?? .zero, places: 3)
        $0.integer("time", told.milliseconds)
      }
    case .openInterestHistory: try writeInterest(query, to: &writer, market)
    case .premiumIndex:
      try eachOrOne(query, to: &writer) { $0.premium(at: $1, &$2, market) }
    case .fundingRate: try writeFunding(query, to: &writer, market)
    case .fundingInfo: writeFundingInfo(to: &writer)
    case .aggregateTrades: try writeTrades(query, to: &writer)
    case .ticker: try eachOrOne(query, to: &writer) { $0.dayTicker(at: $1, &$2, market) }
    case .priceV1, .priceV2: try eachOrOne(query, to: &writer) { $0.price(at: $1, &$2, market) }
    case .depth: try writeDepth(query, to: &writer, market)
    case .systemStatus:
      writer.object {
        $0.integer("status", 0)
        $0.string("msg", "normal")
      }
    }
  }

  private func optional(_ query: BinanceQuery) throws(BinanceRefusal) -> Int? {
    guard let name = query["symbol"] else { return nil }
    guard let index = market(named: name) else { throw .symbol }
    return index
  }

  private func required(
    _ query: BinanceQuery, _ name: String = "symbol"
  ) throws(BinanceRefusal) -> Int {
    guard let value = query[name] else { throw .missing(name) }
    guard let index = market(named: value) else { throw .symbol }
    return index
  }

  /// Writes one object for the symbol that is asked for, else an array of all.
  private func eachOrOne(
    _ query: BinanceQuery, to writer: inout JSONWriter,
    _ body: (BinanceVenue, Int, inout JSONWriter) -> Void
  ) throws(BinanceRefusal) {
    if let index = try optional(query) { return body(self, index, &writer) }
    writer.array(markets.indices) { body(self, $1, &$0) }
  }

  private func window(
    _ query: BinanceQuery, limit: Int
  ) throws(BinanceRefusal) -> KlineWindow {
    let start = try query.time("startTime")
    let end = try query.time("endTime")
    if let start, let end, start > end { throw .combination }
    return KlineWindow(
      from: start ?? Instant(nanoseconds: 0), through: end ?? clock, limit: limit,
      wantsNewest: start == nil)
  }

  private func writeKlines(
    _ route: BinanceRoute, _ query: BinanceQuery, to writer: inout JSONWriter,
    _ market: some TrueMarket
  ) throws(BinanceRefusal) {
    let index = try required(query, route == .indexKlines ? "pair" : "symbol")
    guard let name = query["interval"] else { throw .missing("interval") }
    guard let interval = CandleInterval(rawValue: name) else { throw .interval }
    let window = try window(query, limit: query.limit(500, most: 1_500))
    let listing = markets[index].listing
    let rows = klines(index, interval, window, market).filter { row in
      route != .klines
        || !faults.missing.contains { fault in
          fault.symbol == listing.symbol
            && (fault.from...max(fault.from, fault.to)).contains(row.open)
        }
    }
    writer.array(rows) { writer, row in
      switch route {
      case .klines: writer.kline(row, listing)
      case .premiumKlines: writer.premiumKline(row, markets[index].readings.coming)
      default: writer.referenceKline(row)
      }
    }
  }

  private func writeInterest(
    _ query: BinanceQuery, to writer: inout JSONWriter, _ market: some TrueMarket
  ) throws(BinanceRefusal) {
    let index = try required(query)
    guard let name = query["period"] else { throw .missing("period") }
    guard let period = CandleInterval(rawValue: name), Self.periods.contains(period) else {
      throw .invalid("period")
    }
    let window = try window(query, limit: query.limit(30, most: 500))
    if try query.time("startTime") != nil, window.from < clock - .days(31) {
      throw .invalid("startTime")
    }
    let readings = markets[index].readings.interest
    let listing = markets[index].listing
    let published = faults.interestWithheldSince ?? clock - configuration.openInterestLag
    var rows: [InterestRow] = []
    var place = readings.partition { $0.time >= window.from }
    while place < readings.count, readings[place].time <= window.through {
      let row = readings[place]
      place += 1
      guard row.time.nanoseconds % period.length.nanoseconds == 0,
        row.time <= published
      else { continue }
      rows.append(row)
    }
    let part = window.wantsNewest ? rows.suffix(window.limit) : rows.prefix(window.limit)
    let mark = market.mark(of: listing.symbol) ?? .zero
    writer.array(part) { writer, row in
      writer.object { writer in
        writer.string("symbol", listing.pair)
        writer.decimal("sumOpenInterest", row.quantity, places: 8)
        writer.key("sumOpenInterestValue")
        writer.quote(
          Int128(row.quantity.steps) * Int128(mark.steps) / Int128(Price.stepsPerWhole))
        writer.string("CMCCirculatingSupply", "0.00000000")
        writer.integer("timestamp", row.time.milliseconds)
      }
    }
  }

  private static let periods: [CandleInterval] = [
    .m5, .m15, .m30, .h1, .h2, .h4, .h6, .h12, .d1,
  ]

  private func writeFunding(
    _ query: BinanceQuery, to writer: inout JSONWriter, _ market: some TrueMarket
  ) throws(BinanceRefusal) {
    let asked = try optional(query)
    let window = try window(query, limit: query.limit(100, most: 1_000))
    var rows: [(index: Int, row: SettlementRow)] = []
    for index in markets.indices where asked == nil || asked == index {
      for row in markets[index].readings.settlements.elements {
        let stamp = row.time + .milliseconds(faults.settlementDelay)
        if stamp >= window.from, stamp <= window.through, stamp <= clock {
          rows.append((index, row))
        }
      }
    }
    if asked == nil { rows.sort { ($0.row.time, $0.index) < ($1.row.time, $1.index) } }
    let part = window.wantsNewest ? rows.suffix(window.limit) : rows.prefix(window.limit)
    writer.array(part) { writer, entry in
      let listing = markets[entry.index].listing
      writer.object { writer in
        writer.string("symbol", listing.pair)
        writer.integer("fundingTime", entry.row.time.milliseconds + faults.settlementDelay)
        writer.rate("fundingRate", entry.row.rate)
        let mark = entry.row.mark ?? market.mark(of: listing.symbol) ?? .zero
        writer.decimal("markPrice", mark, places: 8)
        writer.string("rateType", "Regular")
      }
    }
  }

  private func writeFundingInfo(to writer: inout JSONWriter) {
    writer.array(markets) { writer, market in
      writer.object {
        $0.string("symbol", market.listing.pair)
        $0.string("adjustedFundingRateCap", "0.02000000")
        $0.string("adjustedFundingRateFloor", "-0.02000000")
        $0.integer(
          "fundingIntervalHours",
          BinancePlan.fundingInterval.nanoseconds / Interval.hours(1).nanoseconds)
        $0.bool("disclaimer", false)
      }
    }
  }

  private func writeTrades(
    _ query: BinanceQuery, to writer: inout JSONWriter
  ) throws(BinanceRefusal) {
    let index = try required(query)
    let limit = try query.limit(500, most: 1_000)
    let fromID = try query.number("fromId")
    let start = try query.time("startTime")
    let end = try query.time("endTime")
    if fromID != nil, start != nil || end != nil { throw .combination }
    if let start, let end {
      if start > end { throw .combination }
      if end - start > .hours(1) { throw .window }
    }
    let trades = markets[index].flow.trades
    var rows: [AggregateTrade] = []
    if let fromID {
      let first = trades.partition { $0.id >= UInt64(max(fromID, 0)) }
      rows = (first..<min(first + limit, trades.count)).map { trades[$0] }
    } else if let start {
      let first = trades.partition { $0.time >= start }
      let past = end.map { end in trades.partition { $0.time > end } } ?? trades.count
      rows = (first..<max(first, min(first + limit, past))).map { trades[$0] }
    } else {
      let past = end.map { end in trades.partition { $0.time > end } } ?? trades.count
      rows = (max(past - limit, 0)..<past).map { trades[$0] }
    }
    let listing = markets[index].listing
    writer.array(rows) { writer, trade in
      writer.object {
        $0.aggregateMembers(trade, listing)
        $0.decimal("nq", trade.quantity, places: listing.sizePlaces)
      }
    }
  }

  private func writeDepth(
    _ query: BinanceQuery, to writer: inout JSONWriter, _ market: some TrueMarket
  ) throws(BinanceRefusal) {
    let index = try required(query)
    let limit = try query.limit(500, most: 1_000)
    guard [5, 10, 20, 50, 100, 500, 1_000].contains(limit) else { throw .invalid("limit") }
    writer.book(
      book(index, levels: limit, market), markets[index].listing, id: updateID(index), at: told,
      told)
  }
}
