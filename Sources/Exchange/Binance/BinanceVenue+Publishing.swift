import Market
import Venues

// What is pushed, and to whom.
extension BinanceVenue {
  /// Sends what is new to everyone who hears it.
  mutating func publish(_ market: some TrueMarket) {
    releaseHeld()
    var heard: Set<BinanceChannel> = []
    for session in sessions {
      for stream in session.streams {
        if let channel = stream.channel, session.hears(channel.streamClass) {
          heard.insert(channel)
        }
      }
    }
    for index in markets.indices { publishKlines(index, heard, market) }
    publishEvents(market)
    for index in markets.indices { markets[index].unpublished = 0 }
  }

  // MARK: Candles

  private mutating func publishKlines(
    _ index: Int, _ heard: Set<BinanceChannel>, _ market: some TrueMarket
  ) {
    for (place, interval) in CandleInterval.allCases.enumerated() {
      let channel = BinanceChannel.kline(market: index, interval)
      guard heard.contains(channel) else {
        markets[index].sent[place] = nil
        continue
      }
      let current = interval.open(containing: clock)
      var sent = markets[index].sent[place] ?? KlineSent(open: current, row: nil)
      if sent.open < current {
        let window = KlineWindow(
          from: sent.open, through: current - Interval(nanoseconds: 1), limit: Self.lateFinals,
          wantsNewest: true)
        for row in klines(index, interval, window, market) { sendFinal(row, index, interval) }
        sent = KlineSent(open: current, row: nil)
      }
      let window = KlineWindow(from: current, through: clock, limit: 1, wantsNewest: true)
      if let row = klines(index, interval, window, market).last, row.trades > 0, row != sent.row {
        sent.row = row
        send(frame(row, index, interval, isFinal: false), channel)
      }
      markets[index].sent[place] = sent
    }
  }

  /// How many final frames are made up for after a pause.
  private static var lateFinals: Int { 4 }

  private func frame(
    _ row: KlineRow, _ index: Int, _ interval: CandleInterval, isFinal: Bool
  ) -> [UInt8] {
    var writer = JSONWriter(capacity: 400)
    writer.klineEvent(
      row, interval, markets[index].listing, isFinal: isFinal, at: told)
    return writer.bytes
  }

  private mutating func sendFinal(_ row: KlineRow, _ index: Int, _ interval: CandleInterval) {
    let channel = BinanceChannel.kline(market: index, interval)
    let bytes = frame(row, index, interval, isFinal: true)
    switch faults.finals {
    case .missing: return
    case .late(let delay): hold(bytes, channel, until: clock + max(delay, .zero))
    case .afterTheNext:
      if held.contains(where: { $0.channel == channel && $0.due == nil }) {
        send(bytes, channel)
        releaseHeld(after: channel)
      } else {
        hold(bytes, channel, until: nil)
      }
      return
    case .punctual: send(bytes, channel)
    case .twice:
      send(bytes, channel)
      send(bytes, channel)
    case .changed:
      send(bytes, channel)
      var changed = row
      changed.last = row.last == row.high ? row.low : row.high
      if changed.last == row.last, let moved = row.last.checkedAdding(.ulp) {
        changed.last = moved
        changed.high = max(changed.high, moved)
      }
      send(frame(changed, index, interval, isFinal: true), channel)
    case .reopened:
      send(bytes, channel)
      send(frame(row, index, interval, isFinal: false), channel)
    }
    releaseHeld(after: channel)
  }

  private mutating func hold(_ bytes: [UInt8], _ channel: BinanceChannel, until due: Instant?) {
    guard held.count < Self.heldLimit else { return }
    held.append(HeldFrame(due: due, channel: channel, bytes: bytes))
  }

  private static var heldLimit: Int { 1_024 }

  private mutating func releaseHeld() {
    let due = held.filter { $0.due.map { $0 <= clock } ?? false }
    guard !due.isEmpty else { return }
    held.removeAll { $0.due.map { $0 <= clock } ?? false }
    for frame in due { send(frame.bytes, frame.channel) }
  }

  private mutating func releaseHeld(after channel: BinanceChannel) {
    let late = held.filter { $0.channel == channel && $0.due == nil }
    held.removeAll { $0.channel == channel && $0.due == nil }
    for frame in late { send(frame.bytes, channel) }
  }

  // MARK: Everything else

  private mutating func publishEvents(_ market: some TrueMarket) {
    // Each stream is written once for all who hear it, in the order in which they asked.
    var done: Set<BinanceChannel> = []
    for session in sessions {
      for stream in session.streams {
        guard let channel = stream.channel, session.hears(channel.streamClass),
          done.insert(channel).inserted
        else { continue }
        publish(channel, market)
      }
    }
  }

  private mutating func publish(_ channel: BinanceChannel, _ market: some TrueMarket) {
    switch channel {
    case .kline: return
    case .aggregateTrades(let index), .trades(let index):
      for trade in markets[index].flow.newest(markets[index].unpublished) {
        var writer = JSONWriter()
        if case .trades = channel {
          writer.tradeEvent(trade, markets[index].listing, at: told)
        } else {
          writer.aggregateEvent(trade, markets[index].listing, at: told)
        }
        send(writer.bytes, channel)
      }
    case .mark(_, let everySecond), .marks(let everySecond):
      guard everySecond || isThird else { return }
      send(eventBytes(channel, market), channel)
    case .ticker, .tickers, .miniTicker, .miniTickers, .quote, .book:
      send(eventBytes(channel, market), channel)
    case .quotes:
      for index in markets.indices {
        send(eventBytes(.quote(market: index), market), channel)
      }
    }
  }

  /// Sends an event to everyone who hears its stream, unless a fault withholds it.
  mutating func send(_ bytes: [UInt8], _ channel: BinanceChannel) {
    guard !bytes.isEmpty else { return }
    let event = faults.hasUnknownMembers ? Self.extended(bytes) : bytes
    for session in sessions where session.hears(channel.streamClass) {
      guard let stream = session.streams.first(where: { $0.channel == channel }),
        !isSilent(channel, stream.name)
      else { continue }
      guard session.isCombined else {
        outbox.append(.frame(session.id, event))
        continue
      }
      var writer = JSONWriter(capacity: event.count + 64)
      writer.object {
        $0.string("stream", stream.name)
        $0.key("data")
        $0.raw(event)
      }
      outbox.append(.frame(session.id, writer.bytes))
    }
  }

  private func isSilent(_ channel: BinanceChannel, _ name: String) -> Bool {
    switch faults.silence {
    case .none: false
    case .all: true
    case .marketClass: channel.streamClass == .market
    case .publicClass: channel.streamClass == .public
    case .one(let silent): silent == name
    }
  }

  /// The event with members that no document names.
  private static func extended(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.last == UInt8(ascii: "}") else { return bytes }
    return bytes.dropLast() + Array(#","zz":{"deep":[null,{"x":"y"}]},"notes":"new"}"#.utf8)
  }
}
