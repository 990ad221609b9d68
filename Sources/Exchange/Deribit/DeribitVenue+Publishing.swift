import Market
import Venues

extension DeribitVenue {
  /// What a channel's name asks for; nil where it is no channel of the venue's.
  func topic(of channel: String) -> DeribitTopic? {
    guard channel.utf8.count <= 96 else { return nil }
    let parts = channel.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    func listed(_ name: String) -> Bool { instrument(named: name) != nil }
    func isPerpetual(_ name: String) -> Bool {
      if case .perpetual = instrument(named: name) { true } else { false }
    }
    let isPaced = ["100ms", "agg2"].contains(parts.last)
    switch (parts[0], parts.count) {
    case ("ticker", 3) where isPaced && listed(parts[1]): return .ticker(instrument: parts[1])
    case ("quote", 2) where listed(parts[1]): return .quote(instrument: parts[1])
    case ("book", 3) where isPaced && listed(parts[1]): return .book(instrument: parts[1])
    case ("trades", 3) where isPaced && listed(parts[1]): return .trades(instrument: parts[1])
    case ("perpetual", 3) where isPaced && isPerpetual(parts[1]):
      return .perpetual(instrument: parts[1])
    case ("chart", 4) where parts[1] == "trades" && isPerpetual(parts[2]):
      return DeribitResolution(rawValue: parts[3]).map {
        .candle(instrument: parts[2], $0)
      }
    case ("deribit_price_index", 2):
      return underlyings.firstIndex { $0.market.index == parts[1] }.map(DeribitTopic.index)
    case ("deribit_volatility_index", 2):
      return underlyings.firstIndex {
        $0.market.index == parts[1] && $0.market.hasVolatilityIndex
      }.map(DeribitTopic.volatility)
    case ("markprice", 3) where parts[1] == "options":
      return underlyings.firstIndex { $0.market.index == parts[2] && $0.hasOptions }
        .map(DeribitTopic.marks)
    case ("book", 5) where isPaced && listed(parts[1]) && parts[2] == "none":
      guard let depth = [1, 10, 20].first(where: { String($0) == parts[3] }) else { return nil }
      return .wholeBook(instrument: parts[1], depth: depth)
    case ("instrument", 4) where parts[1] == "state":
      return .instrumentState(
        kind: parts[2] == "any" ? nil : parts[2], currency: parts[3] == "any" ? nil : parts[3])
    case ("platform_state", 1): return .platformState
    case ("platform_state", 2) where parts[1] == "public_methods_state": return .publicMethods
    default: return nil
    }
  }

  /// Tells every session what is due; time that passed since the last input is told once, as the
  /// market is now.
  mutating func publish(_ market: some TrueMarket) {
    let isTick = clock >= nextTick
    let isMinute = clock >= nextVolatility
    guard isTick || isMinute else { return }
    if isTick { nextTick = Self.next(configuration.publication, after: clock) }
    if isMinute { nextVolatility = Self.next(configuration.volatilityPublication, after: clock) }
    for place in sessions.indices {
      for index in sessions[place].subscriptions.indices {
        let isDue = sessions[place].subscriptions[index].topic.isVolatility ? isMinute : isTick
        if isDue { tell(place, index, isFirst: false, market) }
      }
    }
  }

  /// The first multiple of an interval after a time.
  static func next(_ interval: Interval, after time: Instant) -> Instant {
    let length = max(interval.nanoseconds, 1_000_000)
    return Instant(nanoseconds: (time.nanoseconds.floorDivided(by: length) + 1) * length)
  }

  /// Tells a session what it has just begun to hear.
  mutating func tellFirst(_ id: SessionID, _ market: some TrueMarket) {
    guard let place = sessions.firstIndex(where: { $0.id == id }) else { return }
    for index in sessions[place].subscriptions.indices
    where !sessions[place].subscriptions[index].isTold {
      tell(place, index, isFirst: true, market)
      sessions[place].subscriptions[index].isTold = true
    }
  }

  /// Tells one subscription what is so, where it is news.
  private mutating func tell(
    _ place: Int, _ index: Int, isFirst: Bool, _ market: some TrueMarket
  ) {
    var subscription = sessions[place].subscriptions[index]
    let data = data(of: &subscription, isFirst: isFirst, market)
    sessions[place].subscriptions[index] = subscription
    guard let data else { return }
    notify(sessions[place].id, subscription.channel, data)
  }

  /// Sends a notification, unless a fault silences its channel.
  mutating func notify(_ id: SessionID, _ channel: String, _ data: [UInt8]) {
    guard !faults.silent.contains(channel) else { return }
    var writer = JSONWriter(capacity: data.count + 128)
    writer.object { writer in
      writer.string("jsonrpc", "2.0")
      writer.string("method", "subscription")
      writer.object("params") {
        $0.string("channel", channel)
        $0.key("data")
        $0.raw(data)
      }
    }
    outbox.append(.frame(id, whole(writer.bytes)))
  }

  /// What a subscription has to tell; nil where there is no news.
  private func data(
    of subscription: inout DeribitSubscription, isFirst: Bool, _ market: some TrueMarket
  ) -> [UInt8]? {
    var writer = JSONWriter(capacity: 1_024)
    switch subscription.topic {
    case .ticker(let name):
      guard let instrument = instrument(named: name) else { return nil }
      ticker(instrument, market, into: &writer)
      return writer.bytes
    case .quote(let name):
      guard let instrument = instrument(named: name) else { return nil }
      return quote(instrument, &subscription, market)
    case .book(let name):
      guard let instrument = instrument(named: name) else { return nil }
      return book(instrument, &subscription, isFirst: isFirst, market)
    case .trades(let name):
      guard let instrument = instrument(named: name), case .perpetual(let place) = instrument
      else { return nil }
      return trades(instrument, place, &subscription, isFirst: isFirst, market)
    case .candle(let name, let resolution):
      guard case .perpetual(let place) = instrument(named: name) else { return nil }
      let symbol = underlyings[place].market.symbol
      let open = resolution.open(containing: clock)
      guard let bar = bars(of: symbol, resolution, from: open, through: clock, market).last
      else { return nil }
      bar.write(to: &writer)
      return news(writer.bytes, &subscription)
    case .perpetual(let name):
      guard case .perpetual(let place) = instrument(named: name),
        let figures = figures(of: underlyings[place], market)
      else { return nil }
      writer.object {
        $0.integer("timestamp", clock.milliseconds)
        $0.deribit("interest", figures.funding)
        $0.deribit("index_price", figures.mark)
      }
      return writer.bytes
    case .index(let place):
      guard let price = market.mark(of: underlyings[place].market.symbol) else { return nil }
      writer.object {
        $0.integer("timestamp", clock.milliseconds)
        $0.deribit("price", price)
        $0.string("index_name", underlyings[place].market.index)
      }
      return writer.bytes
    case .volatility(let place):
      writer.object {
        $0.integer("timestamp", clock.milliseconds)
        $0.deribit(
          "volatility", underlyings[place].volatilityIndex(configuration.plan, at: clock))
        $0.string("index_name", underlyings[place].market.index)
      }
      return writer.bytes
    case .marks(let place): return marks(place, &subscription, market)
    case .wholeBook(let name, let depth):
      guard let instrument = instrument(named: name) else { return nil }
      return wholeBook(instrument, depth: depth, market)
    case .publicMethods:
      guard isFirst else { return nil }
      writer.object { $0.bool("allow_unauthenticated_public_requests", true) }
      return writer.bytes
    case .platformState, .instrumentState: return nil
    }
  }

  /// What is to be told of `data`: nothing where it was told before.
  private func news(_ data: [UInt8], _ subscription: inout DeribitSubscription) -> [UInt8]? {
    guard data != subscription.told else { return nil }
    subscription.told = data
    return data
  }

  private func quote(
    _ instrument: DeribitInstrument, _ subscription: inout DeribitSubscription,
    _ market: some TrueMarket
  ) -> [UInt8]? {
    let levels = levels(instrument, market, depth: 1)
    let prices = [levels.bids.first?.price, levels.asks.first?.price]
    var key = JSONWriter()
    key.array(prices) { $0.deribit($1) }
    guard news(key.bytes, &subscription) != nil else { return nil }
    var writer = JSONWriter()
    writer.object {
      $0.integer("timestamp", clock.milliseconds)
      $0.string("instrument_name", name(of: instrument))
      $0.deribit("best_bid_price", prices[0])
      $0.deribit("best_ask_price", prices[1])
      $0.deribit("best_bid_amount", levels.bids.first?.amount ?? 0)
      $0.deribit("best_ask_amount", levels.asks.first?.amount ?? 0)
    }
    return writer.bytes
  }

  private func trades(
    _ instrument: DeribitInstrument, _ place: Int, _ subscription: inout DeribitSubscription,
    isFirst: Bool, _ market: some TrueMarket
  ) -> [UInt8]? {
    let symbol = underlyings[place].market.symbol
    let count = market.tradeCount(of: symbol)
    defer { subscription.tradeCount = count }
    guard !isFirst, count > subscription.tradeCount else { return nil }
    let trades = market.trades(of: symbol, after: subscription.tradeCount)
    guard !trades.isEmpty else { return nil }
    var writer = JSONWriter(capacity: 256 * trades.count)
    writer.array(numbered(trades, of: count)) { trade($1, instrument, market, into: &$0) }
    return writer.bytes
  }
}
