import Market

// Connecting, subscribing, watching, replacing and giving up.
extension BinanceClient {
  /// The timers of each connection, numbered after those of the whole client.
  enum SocketTimer: Int, CaseIterable, Sendable {
    case retry = 0
    case handshake = 1
    case silence = 2
    case rollover = 3
  }

  private func number(_ timer: SocketTimer, of index: Int) -> Int {
    Timer.allCases.count + index * SocketTimer.allCases.count + timer.rawValue
  }

  private mutating func set(
    _ timer: SocketTimer, of index: Int, at due: Monotonic, into effects: inout [ClientEffect]
  ) {
    timers.set(number(timer, of: index), at: due, into: &effects)
  }

  private mutating func clear(
    _ timer: SocketTimer, of index: Int, into effects: inout [ClientEffect]
  ) {
    timers.clear(number(timer, of: index), into: &effects)
  }

  mutating func socketTimerFired(
    _ number: Int, at now: Now, into effects: inout [ClientEffect]
  ) {
    let (index, kind) = number.quotientAndRemainder(dividingBy: SocketTimer.allCases.count)
    guard sockets.indices.contains(index), let timer = SocketTimer(rawValue: kind) else { return }
    switch timer {
    case .retry: connect(index, at: now, into: &effects)
    case .handshake: giveUp(index, at: now, into: &effects)
    case .silence: silenceDue(index, at: now, into: &effects)
    case .rollover: replace(index, at: now, into: &effects)
    }
  }

  mutating func connect(_ index: Int, at now: Now, into effects: inout [ClientEffect]) {
    if let bannedUntil, bannedUntil > now.monotonic {
      return set(.retry, of: index, at: bannedUntil, into: &effects)
    }
    connections += 1
    let id = ConnectionID(venue: .binance, number: connections)
    sockets[index].kept.open(id)
    sockets[index].pending = []
    effects.append(.feed(.connecting(attempt: sockets[index].kept.attempt)))
    // Candles, marks and aggregate trades are pushed on this path alone; others acknowledge them.
    effects.append(.transport(.connect(id, path: "/market/ws")))
    set(.handshake, of: index, at: now.monotonic + configuration.handshakeLimit, into: &effects)
  }

  mutating func opened(
    _ index: Int, _ id: ConnectionID, at now: Now, into effects: inout [ClientEffect]
  ) {
    guard sockets[index].kept.opened(id, at: now.monotonic) else { return }
    effects.append(.feed(.connected))
    let all = sockets[index].streams
    for first in stride(from: all.lowerBound, to: all.upperBound, by: Self.streamsPerFrame) {
      let part = first..<min(first + Self.streamsPerFrame, all.upperBound)
      frames += 1
      sockets[index].pending.append(BinanceSocket.Pending(id: frames, streams: part))
      var writer = JSONWriter()
      writer.object { writer in
        writer.string("method", "SUBSCRIBE")
        writer.array("params", part) { $0.string(streams[$1].name) }
        writer.integer("id", frames)
      }
      effects.append(.transport(.send(id, writer.bytes)))
    }
    for stream in all { heard[stream] = now.monotonic }
    watch(index, into: &effects)
    set(.rollover, of: index, at: now.monotonic + configuration.rollover, into: &effects)
  }

  /// At most this many names in one frame: 200 streams are four frames, of ten a second.
  private static var streamsPerFrame: Int { 50 }

  /// Takes the venue's word on a subscription; one that nobody waits for changes nothing.
  mutating func acknowledged(
    _ id: UInt64, socket index: Int, at now: Now, into effects: inout [ClientEffect]
  ) -> Bool {
    guard let place = sockets[index].pending.firstIndex(where: { $0.id == id }) else {
      return false
    }
    sockets[index].pending.remove(at: place)
    if sockets[index].pending.isEmpty { subscribed(index, at: now, into: &effects) }
    return true
  }

  private mutating func subscribed(
    _ index: Int, at now: Now, into effects: inout [ClientEffect]
  ) {
    clear(.handshake, of: index, into: &effects)
    if sockets[index].hasMissed {
      sockets[index].hasMissed = false
      // What was streamed until now is older than every candle that closes from now on.
      for stream in sockets[index].streams {
        guard case .kline(let series) = streams[stream],
          let kline = klines.firstIndex(where: { $0.series == series })
        else { continue }
        fill(kline, at: now, into: &effects)
      }
    }
    guard sockets.allSatisfy(\.isSubscribed) else { return }
    effects.append(.feed(.subscribed))
    recoverIfWhole(into: &effects)
  }

  /// Says that everything is there again, once for each time that it was not.
  mutating func recoverIfWhole(into effects: inout [ClientEffect]) {
    guard !hasRecovered, sockets.allSatisfy(\.isSubscribed),
      klines.allSatisfy({ $0.gap == nil })
    else { return }
    hasRecovered = true
    effects.append(.feed(.recovered))
  }

  /// Closes the connection that was replaced, now that the new one carries data.
  mutating func dismissOutgoing(_ index: Int, into effects: inout [ClientEffect]) {
    guard sockets[index].isSubscribed, let old = sockets[index].outgoing else { return }
    sockets[index].outgoing = nil
    effects.append(.transport(.close(old)))
  }

  /// Opens a second connection beside one that the venue is about to end.
  mutating func replace(_ index: Int, at now: Now, into effects: inout [ClientEffect]) {
    guard let old = sockets[index].kept.openConnection, sockets[index].outgoing == nil else {
      return
    }
    if let bannedUntil, bannedUntil > now.monotonic {
      return set(.rollover, of: index, at: bannedUntil, into: &effects)
    }
    sockets[index].outgoing = old
    clear(.rollover, of: index, into: &effects)
    connect(index, at: now, into: &effects)
  }

  mutating func closed(
    _ index: Int, _ id: ConnectionID, _ failure: TransportFailure?, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    if id == sockets[index].outgoing {
      sockets[index].outgoing = nil
      // The new connection is not ready yet: what falls in between is missing.
      if !sockets[index].isSubscribed { lose(index, failure, retryIn: .zero, into: &effects) }
      return
    }
    let wait = sockets[index].kept.ended(at: now.monotonic)
    sockets[index].pending = []
    clear(.handshake, of: index, into: &effects)
    clear(.rollover, of: index, into: &effects)
    if sockets[index].outgoing == nil { lose(index, failure, retryIn: wait, into: &effects) }
    set(.retry, of: index, at: now.monotonic + wait, into: &effects)
  }

  private mutating func lose(
    _ index: Int, _ failure: TransportFailure?, retryIn wait: Interval,
    into effects: inout [ClientEffect]
  ) {
    sockets[index].hasMissed = true
    hasRecovered = false
    clear(.silence, of: index, into: &effects)
    effects.append(.feed(.disconnected(failure, retryIn: wait)))
  }

  /// Leaves a connection that is of no use; the one that it was to replace goes on.
  private mutating func giveUp(_ index: Int, at now: Now, into effects: inout [ClientEffect]) {
    guard let id = sockets[index].kept.connection else { return }
    effects.append(.transport(.close(id)))
    closed(index, id, .timeout, at: now, into: &effects)
  }

  private mutating func silenceDue(
    _ index: Int, at now: Now, into effects: inout [ClientEffect]
  ) {
    let silent = sockets[index].streams.filter { stream in
      heard[stream] + streams[stream].silenceLimit(configuration) <= now.monotonic
    }
    guard let longest = silent.map({ heard[$0] }).min() else {
      return watch(index, into: &effects)
    }
    effects.append(.feed(.silent(now.monotonic - longest)))
    if let old = sockets[index].outgoing {
      sockets[index].outgoing = nil
      effects.append(.transport(.close(old)))
    }
    if sockets[index].kept.connection == nil {
      // Only the old connection stood, and the next attempt is due already.
      lose(index, .timeout, retryIn: .zero, into: &effects)
    }
    giveUp(index, at: now, into: &effects)
  }

  private mutating func watch(_ index: Int, into effects: inout [ClientEffect]) {
    let due = sockets[index].streams.map { heard[$0] + streams[$0].silenceLimit(configuration) }
    guard let first = due.min() else { return }
    set(.silence, of: index, at: first, into: &effects)
  }

  /// Notes that a stream said something.
  mutating func hear(_ stream: BinanceStream, at now: Now) {
    if let index = streams.firstIndex(of: stream) { heard[index] = now.monotonic }
  }
}
