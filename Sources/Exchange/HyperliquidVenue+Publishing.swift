import Market
import Venues

extension HyperliquidVenue {
  /// Sends what is due at the block at the clock.
  mutating func publish() {
    sendLateFrames()
    let candles = publication.takeDue(.candles, at: clock)
    let trades = publication.takeDue(.trades, at: clock)
    let books = publication.takeDue(.books, at: clock)
    let quotes = publication.takeDue(.quotes, at: clock)
    let contexts = publication.takeDue(.contexts, at: clock)
    for asset in markets.indices {
      if trades { publishTrades(asset) }
      publishCandles(asset, all: candles)
      if candles, !audiences[asset].derived.isEmpty { publishDerivedCandles(asset) }
      if quotes { publishQuote(asset) }
      if books { publishBooks(asset) }
      if contexts, !audiences[asset].contexts.isEmpty {
        let bytes = contextFrame(asset)
        for id in audiences[asset].contexts { send(bytes, to: id, .marketData) }
      }
    }
    if contexts { sendLimits(of: nil) }
    if publication.takeDue(.mids, at: clock), !midsAudience.isEmpty {
      let bytes = midsFrame()
      for id in midsAudience { send(bytes, to: id, .marketData) }
    }
  }

  /// Sends what a session hears first after a subscription.
  mutating func sendFirst(_ subscription: Subscription, to id: SessionID) {
    switch subscription {
    case .allMids: send(midsFrame(), to: id, .marketData)
    case .book(let asset, let view): send(bookFrame(asset, view), to: id, .marketData)
    case .trades(let asset):
      let recent = markets[asset].recentTrades.elements.suffix(10)
      if !recent.isEmpty { send(tradesFrame(asset, Array(recent)), to: id, .marketData) }
    case .candle(let asset, let series):
      guard let row = markets[asset].series[series].forming else { return }
      send(candleFrame(asset, series, row), to: id, .marketData)
    case .quote(let asset): send(quoteFrame(asset), to: id, .marketData)
    case .context(let asset): send(contextFrame(asset), to: id, .marketData)
    case .derivedCandle(let asset, let interval): sendFirst(interval, of: asset, to: id)
    case .account(let channel, let account): sendFirst(channel, of: account, to: id)
    case .limits(let asset, let account):
      send(limitsFrame(asset, of: account), to: id, .userData)
    }
  }

  private static func frame(
    _ channel: StaticString, _ body: (inout JSONWriter) -> Void
  ) -> [UInt8] {
    var writer = JSONWriter(capacity: 320)
    writer.object { writer in
      writer.string("channel", channel.description)
      writer.key("data")
      body(&writer)
    }
    return writer.bytes
  }

  private func midsFrame() -> [UInt8] {
    Self.frame("allMids") { writer in writer.object { $0.object("mids") { writeMids(to: &$0) } } }
  }

  private func bookFrame(_ asset: Int, _ view: BookView) -> [UInt8] {
    Self.frame("l2Book") { writeBook(of: asset, view, to: &$0) }
  }

  private func contextFrame(_ asset: Int) -> [UInt8] {
    Self.frame("activeAssetCtx") { writer in
      writer.object { writer in
        writer.name("coin", markets[asset].instrument.symbol)
        writer.key("ctx")
        writeContext(of: asset, to: &writer)
      }
    }
  }

  private func tradesFrame(_ asset: Int, _ trades: [PublicTrade]) -> [UInt8] {
    let symbol = markets[asset].instrument.symbol
    return Self.frame("trades") { $0.array(trades) { $0.trade($1, of: symbol) } }
  }

  func candleFrame(_ asset: Int, _ series: Int, _ row: CandleRow) -> [UInt8] {
    markets[asset].candleFrames[series].frame(row)
  }

  private func quoteFrame(_ asset: Int) -> [UInt8] {
    Self.frame("bbo") { writer in
      writer.object { writer in
        writer.name("coin", markets[asset].instrument.symbol)
        writer.time("time", clock)
        writer.array("bbo", [Side.buy, .sell]) { writer, side in
          if let level = markets[asset].levels(side, count: 1).first {
            writer.level(level)
          } else {
            writer.null()
          }
        }
      }
    }
  }

  private mutating func publishTrades(_ asset: Int) {
    guard !markets[asset].unpublishedTrades.isEmpty else { return }
    let bytes = tradesFrame(asset, markets[asset].unpublishedTrades)
    markets[asset].unpublishedTrades.removeAll(keepingCapacity: true)
    for id in audiences[asset].trades { send(bytes, to: id, .marketData) }
  }

  private mutating func publishBooks(_ asset: Int) {
    for (id, view) in audiences[asset].books { send(bookFrame(asset, view), to: id, .marketData) }
  }

  private mutating func publishQuote(_ asset: Int) {
    guard !audiences[asset].quotes.isEmpty else { return }
    let bid = markets[asset].levels(.buy, count: 1).first
    let ask = markets[asset].levels(.sell, count: 1).first
    if let last = audiences[asset].lastQuote, last.bid == bid, last.ask == ask { return }
    audiences[asset].lastQuote = (bid, ask)
    let bytes = quoteFrame(asset)
    for id in audiences[asset].quotes { send(bytes, to: id, .marketData) }
  }

  /// Sends candles that closed with something unsaid, and, where `all` are due, those that grew.
  private mutating func publishCandles(_ asset: Int, all: Bool) {
    let over = markets[asset].hasCandlesOver(at: clock)
    guard all || over else { return }
    for series in CandleSeries.timeframes.indices {
      if let row = markets[asset].series[series].takeFinal() { sendFinal(asset, series, row) }
      guard let grown = markets[asset].series[series].takeGrown(all: all, at: clock) else {
        continue
      }
      if grown.isOver {
        sendFinal(asset, series, grown.row)
      } else {
        sendCandle(asset, series, grown.row)
      }
    }
  }

  private mutating func sendFinal(_ asset: Int, _ series: Int, _ row: CandleRow) {
    guard !audiences[asset].candles[series].isEmpty else { return }
    guard faults.closesOutOfOrder else { return sendCandle(asset, series, row) }
    lateFrames.append((asset, candleFrame(asset, series, row), series))
  }

  /// Sends a candle to everybody who hears its series, twice under a fault.
  mutating func sendCandle(_ asset: Int, _ series: Int, _ row: CandleRow) {
    guard !audiences[asset].candles[series].isEmpty else { return }
    let bytes = candleFrame(asset, series, row)
    for id in audiences[asset].candles[series] {
      send(bytes, to: id, .marketData)
      if faults.duplicatesCandles { send(bytes, to: id, .marketData) }
    }
  }

  /// Sends the last frames that a fault held back: after the first of each successor is out, the
  /// longest timeframe first.
  private mutating func sendLateFrames() {
    guard !lateFrames.isEmpty else { return }
    let late = lateFrames
    lateFrames = []
    for (asset, _, series) in late {
      if let row = markets[asset].series[series].forming { sendCandle(asset, series, row) }
    }
    for (asset, bytes, series) in late.reversed() {
      for id in audiences[asset].candles[series] { send(bytes, to: id, .marketData) }
    }
  }
}
