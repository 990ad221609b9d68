import Market

// Connecting, subscribing, staying awake and giving up.
extension HyperliquidClient {
  mutating func connect(at now: Now, into effects: inout [ClientEffect]) {
    connections += 1
    attempt += 1
    let id = ConnectionID(venue: .hyperliquid, number: connections)
    link = .opening(id)
    effects.append(.feed(.connecting(attempt: attempt)))
    effects.append(.transport(.connect(id, path: "/ws")))
    set(.handshake, at: now.monotonic + configuration.handshakeLimit, into: &effects)
  }

  mutating func opened(_ id: ConnectionID, at now: Now, into effects: inout [ClientEffect]) {
    guard case .opening(id) = link else { return reject(.stray, .stray, [], into: &effects) }
    let time = now.monotonic
    link = .open(OpenLink(id: id, openedAt: time, pending: subscriptions))
    lastFrame = time
    lastData = time
    for index in series.indices { series[index].reconnected() }
    for index in configuration.symbols.indices {
      bookTimes[index] = NewestTime()
      quoteTimes[index] = NewestTime()
      replayed[index] = false
      touches[index] = nil
    }
    venueClock.reset()
    for subscription in subscriptions {
      var writer = JSONWriter()
      writer.object {
        $0.string("method", "subscribe")
        $0.key("subscription")
        subscription.write(to: &$0)
      }
      effects.append(.transport(.send(id, writer.bytes)))
    }
    effects.append(.feed(.connected))
    set(.ping, at: time + configuration.pingInterval, into: &effects)
    set(.silence, at: time + configuration.silenceLimit, into: &effects)
    enqueue(.info(.meta), at: now, into: &effects)
    if subscriptions.isEmpty { allAcknowledged(at: now, into: &effects) }
  }

  /// Leaves the connection behind and plans the next attempt.
  mutating func disconnect(
    _ failure: TransportFailure?, at now: Now, into effects: inout [ClientEffect]
  ) {
    if case .open(let open) = link, now.monotonic - open.openedAt >= configuration.stableAfter {
      attempt = 0
    }
    link = .waiting
    clear(.handshake, into: &effects)
    clear(.ping, into: &effects)
    clear(.silence, into: &effects)
    let wait = configuration.reconnect.wait(after: max(attempt, 1), seed: configuration.seed)
    effects.append(.feed(.disconnected(failure, retryIn: wait)))
    set(.reconnect, at: now.monotonic + wait, into: &effects)
  }

  private mutating func giveUp(at now: Now, into effects: inout [ClientEffect]) {
    if let id = link.connection { effects.append(.transport(.close(id))) }
    disconnect(.timeout, at: now, into: &effects)
  }

  mutating func handshakeExpired(at now: Now, into effects: inout [ClientEffect]) {
    giveUp(at: now, into: &effects)
  }

  mutating func pingDue(at now: Now, into effects: inout [ClientEffect]) {
    guard case .open(let open) = link else { return }
    if let pingedAt = open.pingedAt, lastFrame <= pingedAt {
      return giveUp(at: now, into: &effects)
    }
    effects.append(.transport(.send(open.id, Array(#"{"method":"ping"}"#.utf8))))
    link.update { $0.pingedAt = now.monotonic }
    set(.ping, at: now.monotonic + configuration.pingInterval, into: &effects)
  }

  mutating func silenceDue(at now: Now, into effects: inout [ClientEffect]) {
    guard link.openConnection != nil else { return }
    let deadline = lastData + configuration.silenceLimit
    guard deadline <= now.monotonic else { return set(.silence, at: deadline, into: &effects) }
    effects.append(.feed(.silent(now.monotonic - lastData)))
    giveUp(at: now, into: &effects)
  }

  /// Takes an acknowledgement; one that is not awaited changes nothing.
  mutating func acknowledged(
    _ subscription: Subscription, at now: Now, into effects: inout [ClientEffect]
  ) {
    guard case .open(let open) = link, open.pending.contains(subscription) else { return }
    link.update { $0.pending.removeAll { $0 == subscription } }
    if case .candle(let series) = subscription, let index = index(of: series) {
      fillSinceConfirmed(index, at: now, into: &effects)
    }
    if open.pending.count == 1 { allAcknowledged(at: now, into: &effects) }
  }

  private mutating func allAcknowledged(at now: Now, into effects: inout [ClientEffect]) {
    clear(.handshake, into: &effects)
    effects.append(.feed(.subscribed))
    recoverIfWhole(into: &effects)
  }

  /// Says that everything is there again, once a connection.
  ///
  /// A symbol that the venue does not list has no history to wait for: it does not hold back the
  /// others.
  mutating func recoverIfWhole(into effects: inout [ClientEffect]) {
    guard case .open(let open) = link, open.pending.isEmpty, !open.hasRecovered,
      series.allSatisfy({ $0.fill == nil || isUnlisted($0.series.symbol) })
    else { return }
    link.update { $0.hasRecovered = true }
    effects.append(.feed(.recovered))
  }

  /// Whether the venue has said what it lists, and a symbol is not among it.
  private func isUnlisted(_ symbol: Symbol) -> Bool { !assets.isEmpty && assets[symbol] == nil }
}
