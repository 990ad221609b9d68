import Market

// Connecting, subscribing, staying awake and giving up.
extension DeribitClient {
  mutating func connect(at now: Now, into effects: inout [ClientEffect]) {
    connections += 1
    let id = ConnectionID(venue: .deribit, number: connections)
    socket.open(id)
    effects.append(.feed(.connecting(attempt: socket.attempt)))
    effects.append(.transport(.connect(id, path: "/ws/api/v2")))
    set(.handshake, at: now.monotonic + configuration.handshakeLimit, into: &effects)
  }

  mutating func opened(_ id: ConnectionID, at now: Now, into effects: inout [ClientEffect]) {
    guard socket.opened(id, at: now.monotonic) else {
      return reject(.stray, .stray, [], into: &effects)
    }
    lastFrame = now.monotonic
    session = DeribitSession()
    session.heard = channels.map { _ in now.monotonic }
    session.pending = Set(channels.indices)
    set(.silence, at: now.monotonic + configuration.silenceLimit, into: &effects)
    var opening: [DeribitWork] = [.heartbeat]
    opening += Self.subscriptions(channels.map(\.name))
    opening += currencies.filter { lacksChain($0, at: now) }.map(DeribitWork.chain)
    for (index, symbol) in configuration.underlyings.enumerated()
    where lacksVolatility(index, at: now) {
      opening.append(.volatility(symbol))
    }
    session.opening = Set(opening)
    for work in opening { enqueue(work, at: now, into: &effects) }
    effects.append(.feed(.connected))
    noteProgress(into: &effects)
  }

  /// Requests that subscribe to all of `names`: a message has at most 32 KiB, and the venue takes
  /// at most about 250 channels in one.
  static func subscriptions(_ names: [String]) -> [DeribitWork] {
    stride(from: 0, to: names.count, by: 250).map { start in
      .subscribe(Array(names[start..<min(start + 250, names.count)]))
    }
  }

  /// Leaves the connection behind and plans the next attempt.
  mutating func disconnect(
    _ failure: TransportFailure?, at now: Now, into effects: inout [ClientEffect]
  ) {
    var wait = socket.ended(at: now.monotonic)
    if let blockedUntil, blockedUntil > now.monotonic {
      wait = max(wait, blockedUntil - now.monotonic)
    }
    for timer in [Timer.handshake, .silence, .pump, .deadline] { clear(timer, into: &effects) }
    let lost = inFlight
    inFlight = []
    queue.removeAll { $0.work.isOfConnection }
    for request in lost where !request.work.isOfConnection {
      report(request.work, failure ?? .connectionLost, into: &effects)
      queue.append(
        QueuedDeribitWork(
          work: request.work, attempt: request.attempt, notBefore: now.monotonic))
    }
    effects.append(.feed(.disconnected(failure, retryIn: wait)))
    set(.reconnect, at: now.monotonic + wait, into: &effects)
  }

  /// Ends the connection from this side.
  mutating func giveUp(
    _ failure: TransportFailure, at now: Now, into effects: inout [ClientEffect]
  ) {
    if let id = socket.connection { effects.append(.transport(.close(id))) }
    disconnect(failure, at: now, into: &effects)
  }

  mutating func silenceDue(at now: Now, into effects: inout [ClientEffect]) {
    guard socket.openConnection != nil else { return }
    var deadline = lastFrame + configuration.silenceLimit
    var since = lastFrame
    for (place, heard) in session.heard.enumerated() where !session.pending.contains(place) {
      let limit = heard + configuration.channelSilenceLimit
      if limit < deadline { (deadline, since) = (limit, heard) }
    }
    guard deadline <= now.monotonic else { return set(.silence, at: deadline, into: &effects) }
    effects.append(.feed(.silent(now.monotonic - since)))
    giveUp(.timeout, at: now, into: &effects)
  }

  /// Takes the list of channels that the venue accepted; what it left out is asked for again.
  mutating func subscribed(
    _ request: SentDeribitWork, to accepted: JSONElements, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    guard case .subscribe(let asked) = request.work else { return }
    for name in accepted {
      guard let text = name.text,
        let place = channels.firstIndex(where: { $0.name.utf8.elementsEqual(text) })
      else { continue }
      if session.pending.remove(place) != nil { session.heard[place] = now.monotonic }
    }
    let dropped = asked.filter { name in
      channels.firstIndex { $0.name == name }.map(session.pending.contains) ?? false
    }
    session.opening.remove(request.work)
    if !dropped.isEmpty {
      for name in dropped { effects.append(.feed(.subscriptionRefused(name))) }
      let wait = configuration.slowRetry.wait(after: request.attempt, seed: configuration.seed)
      enqueue(
        .subscribe(dropped), attempt: request.attempt + 1, notBefore: now.monotonic + wait,
        at: now, into: &effects)
    }
    noteProgress(into: &effects)
  }

  /// Says what the connection has reached, each thing once.
  mutating func noteProgress(into effects: inout [ClientEffect]) {
    guard socket.openConnection != nil else { return }
    let isSettled = session.hasHeartbeat && !session.opening.contains { $0.isOfConnection }
    if isSettled { clear(.handshake, into: &effects) }
    guard isSettled, session.pending.isEmpty else { return }
    if !session.isSubscribed {
      session.isSubscribed = true
      effects.append(.feed(.subscribed))
    }
    if !session.hasRecovered, session.opening.isEmpty {
      session.hasRecovered = true
      effects.append(.feed(.recovered))
    }
  }
}
