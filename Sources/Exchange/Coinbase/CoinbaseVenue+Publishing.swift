import Market
import Venues

// Frames: what the sockets are told, once a second.
extension CoinbaseVenue {
  /// How often sockets are told what is new.
  static var cadence: Interval { .seconds(1) }

  /// Whether anybody waits to be told something.
  var hasAudience: Bool {
    !faults.isSilent && sessions.contains { !$0.subscriptions.isEmpty }
  }

  /// Tells every session what is new where a second has passed; what a host that skips seconds
  /// leaves out is told together.
  mutating func publish(_ market: some TrueMarket) {
    guard clock >= nextPublication else { return }
    let length = Self.cadence.nanoseconds
    let second = clock.nanoseconds.floorDivided(by: length)
    nextPublication = Instant(nanoseconds: (second + 1) * length)
    guard hasAudience else { return }
    for index in sessions.indices {
      for place in sessions[index].subscriptions.indices {
        sendNews(session: index, subscription: place, isFifth: second % 5 == 0, market)
      }
      if faults.hasExtras, second % 5 == 0 { sendUnknown(to: index) }
    }
  }

  /// What a new subscription is told at once.
  mutating func sendFirst(session index: Int, subscription place: Int, _ market: some TrueMarket) {
    guard !faults.isSilent, let product = product(index, place) else { return }
    switch sessions[index].subscriptions[place].channel {
    case .ticker, .tickerBatch:
      sendTicker(product, session: index, subscription: place, isFirst: true, market)
    case .trades:
      guard let last = lastTrade(of: product, market) else { return }
      sessions[index].subscriptions[place].lastTrade = last.id
      sendTrades([last], of: product, to: index, isFirst: true)
    case .book:
      guard let book = product.book(depth: 50, configuration.plan, market) else { return }
      sessions[index].subscriptions[place].book = book
      sendSnapshot(book, of: product, to: index)
    case .heartbeat: break
    }
  }

  private mutating func sendNews(
    session index: Int, subscription place: Int, isFifth: Bool, _ market: some TrueMarket
  ) {
    let subscription = sessions[index].subscriptions[place]
    guard let product = product(index, place) else {
      return subscription.channel == .heartbeat ? sendHeartbeats(to: index) : ()
    }
    switch subscription.channel {
    case .ticker: sendTicker(product, session: index, subscription: place, isFirst: false, market)
    case .tickerBatch:
      guard isFifth else { return }
      sendTicker(product, session: index, subscription: place, isFirst: false, market)
    case .heartbeat: sendHeartbeat(of: product, to: index, market)
    case .trades:
      let new = product.trades(configuration.plan, market).filter {
        $0.id > subscription.lastTrade
      }
      guard let last = new.last else { return }
      sessions[index].subscriptions[place].lastTrade = last.id
      sendTrades(new, of: product, to: index, isFirst: false)
    case .book:
      guard let book = product.book(depth: 50, configuration.plan, market) else { return }
      let changes = book.changes(since: subscription.book ?? SpotBook(bids: [], asks: []))
      guard !changes.isEmpty else { return }
      sessions[index].subscriptions[place].book = book
      sendChanges(changes, of: product, to: index)
    }
  }

  private func product(_ index: Int, _ place: Int) -> SpotProduct? {
    sessions[index].subscriptions[place].product.map { products[$0] }
  }

  // MARK: Tickers

  /// Tells the last trade and the quote, unless the session knows that trade already.
  private mutating func sendTicker(
    _ product: SpotProduct, session index: Int, subscription place: Int, isFirst: Bool,
    _ market: some TrueMarket
  ) {
    guard let last = lastTrade(of: product, market),
      let book = product.book(depth: 1, configuration.plan, market), let bid = book.bids.first,
      let ask = book.asks.first, let day = day(of: product, market)
    else { return }
    let subscription = sessions[index].subscriptions[place]
    guard isFirst || last.id != subscription.lastTrade else { return }
    sessions[index].subscriptions[place].lastTrade = last.id
    let ticker = SpotTicker(last: last, bid: bid, ask: ask, day: day)
    guard sessions[index].surface == .advanced else {
      let month = days(30, of: product, market)?.volume ?? day.volume
      var writer = JSONWriter()
      writer.exchangeTicker(ticker, product.id, sequence(0), volumeOfMonth: month, faults)
      return send(writer.bytes, to: index)
    }
    let year = days(364, of: product, market)
    let id = streamID(of: product)
    let faults = faults
    sendEnvelope(subscription.name, to: index) { writer in
      writer.object { writer in
        writer.string("type", isFirst ? "snapshot" : "update")
        writer.array("tickers", CollectionOfOne(ticker)) {
          $0.advancedTicker($1, id, year: year ?? day, faults)
        }
      }
    }
  }

  /// What streams of Advanced Trade call a product.
  private func streamID(of product: SpotProduct) -> String {
    faults.namesAliases && product.sharesBook ? product.id + "C" : product.id
  }

  // MARK: Heartbeats

  private mutating func sendHeartbeat(
    of product: SpotProduct, to index: Int, _ market: some TrueMarket
  ) {
    guard let last = lastTrade(of: product, market) else { return }
    var writer = JSONWriter()
    writer.object {
      $0.string("type", "heartbeat")
      $0.integer("last_trade_id", last.id)
      $0.string("product_id", product.id)
      $0.integer("sequence", sequence(1))
      $0.string("time", clock.wire(places: 6, faults))
    }
    send(writer.bytes, to: index)
  }

  private mutating func sendHeartbeats(to index: Int) {
    let counter = sessions[index].heartbeats
    sessions[index].heartbeats += 1
    let stamp = clock.wire(places: 9, faults).replacing("T", with: " ").dropLast()
    let isText = faults.hasExtras
    sendEnvelope("heartbeats", to: index) { writer in
      writer.object { writer in
        writer.string("current_time", stamp + " +0000 UTC")
        if isText {
          writer.string("heartbeat_counter", String(counter))
        } else {
          writer.integer("heartbeat_counter", counter)
        }
      }
    }
  }

  /// A message of a kind that nobody knows.
  private mutating func sendUnknown(to index: Int) {
    guard sessions[index].surface == .advanced else {
      return send(Array(#"{"type":"venue_notice","text":"none"}"#.utf8), to: index)
    }
    sendEnvelope("venue_notices", to: index) { $0.object { $0.string("text", "none") } }
  }

  // MARK: Trades

  private mutating func sendTrades(
    _ trades: [SpotTrade], of product: SpotProduct, to index: Int, isFirst: Bool
  ) {
    let faults = faults
    guard sessions[index].surface == .advanced else {
      for trade in trades {
        var writer = JSONWriter()
        writer.exchangeMatch(
          trade, product.id, sequence(2), isFirst ? "last_match" : "match", faults)
        send(writer.bytes, to: index)
      }
      return
    }
    let id = streamID(of: product)
    sendEnvelope("market_trades", to: index) { writer in
      writer.object { writer in
        writer.string("type", isFirst ? "snapshot" : "update")
        writer.array("trades", trades.reversed()) { $0.advancedTrade($1, id, faults) }
      }
    }
  }

  // MARK: Books

  private mutating func sendSnapshot(_ book: SpotBook, of product: SpotProduct, to index: Int) {
    let time = clock.wire(places: 6, faults)
    guard sessions[index].surface == .advanced else {
      var writer = JSONWriter()
      writer.exchangeSnapshot(book, product.id, time)
      return send(writer.bytes, to: index)
    }
    let id = streamID(of: product)
    let levels = book.changes(since: SpotBook(bids: [], asks: []))
    sendEnvelope("l2_data", to: index) { $0.advancedLevels(levels, "snapshot", id, time) }
  }

  private mutating func sendChanges(
    _ changes: [SpotBook.Change], of product: SpotProduct, to index: Int
  ) {
    let time = clock.wire(places: 6, faults)
    guard sessions[index].surface == .advanced else {
      var writer = JSONWriter()
      writer.exchangeChanges(changes, product.id, time)
      return send(writer.bytes, to: index)
    }
    let id = streamID(of: product)
    sendEnvelope("l2_data", to: index) { $0.advancedLevels(changes, "update", id, time) }
  }

  // MARK: Sending

  /// Sends a frame of Advanced Trade, numbered for its connection.
  mutating func sendEnvelope(
    _ channel: String, to index: Int, _ event: (inout JSONWriter) -> Void
  ) {
    let time = clock.wire(places: 9, faults)
    let number = sessions[index].frames
    sessions[index].frames += 1
    var writer = JSONWriter()
    writer.object { writer in
      writer.string("channel", channel)
      writer.string("client_id", "")
      writer.string("timestamp", time)
      writer.integer("sequence_num", number)
      writer.array("events") { event(&$0) }
    }
    send(writer.bytes, to: index)
  }

  mutating func send(_ bytes: [UInt8], to index: Int) {
    sessions[index].lastSent = clock
    outbox.append(.frame(sessions[index].id, bytes))
  }
}
