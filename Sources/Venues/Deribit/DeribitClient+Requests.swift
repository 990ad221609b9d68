import Market

// Requests: their turn, their credits, their replies.
extension DeribitClient {
  /// Puts a request in line and sends what may leave.
  mutating func enqueue(
    _ work: DeribitWork, attempt: Int = 1, notBefore: Monotonic? = nil, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    guard !isStopped, !queue.contains(where: { $0.work == work }),
      !inFlight.contains(where: { $0.work == work })
    else { return }
    let request = QueuedDeribitWork(
      work: work, attempt: attempt, notBefore: notBefore ?? now.monotonic)
    // What keeps the connection goes before what is read over it. The line is short by
    // construction: every kind of work is in it once.
    if work.isOfConnection {
      queue.insert(request, at: queue.firstIndex { !$0.work.isOfConnection } ?? queue.count)
    } else {
      queue.append(request)
    }
    pump(at: now, into: &effects)
  }

  /// Sends every request whose turn it is, and sets the timer for the next one.
  mutating func pump(at now: Now, into effects: inout [ClientEffect]) {
    guard let id = socket.openConnection else { return clear(.pump, into: &effects) }
    var next: Monotonic?
    var waiting: [QueuedDeribitWork] = []
    var shortUntil: Monotonic?
    for request in queue {
      var due = max(request.notBefore, blockedUntil ?? request.notBefore)
      let room = room(for: request.work, at: now.monotonic)
      if due <= now.monotonic, room > now.monotonic { shortUntil = shortUntil ?? room }
      due = max(due, room)
      if due <= now.monotonic {
        send(request.work, attempt: request.attempt, over: id, at: now, into: &effects)
      } else {
        waiting.append(request)
        next = min(next ?? due, due)
      }
    }
    queue = waiting
    if let next { set(.pump, at: next, into: &effects) } else { clear(.pump, into: &effects) }
    if let shortUntil, !isShort {
      effects.append(.rateLimited(until: shortUntil, by: .ownBudget))
    }
    isShort = shortUntil != nil
  }

  /// When the credits for a request are there; the answer to a test request has a share of its own.
  private func room(for work: DeribitWork, at now: Monotonic) -> Monotonic {
    let reserve: Int64 = work == .test ? 0 : 5_000
    let room = credits.room(for: 500, keeping: reserve, at: now)
    guard case .subscribe = work else { return room }
    return max(room, subscriptionCredits.room(for: 3_000, at: now))
  }

  private mutating func send(
    _ work: DeribitWork, attempt: Int, over connection: ConnectionID, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    credits.spend(500, at: now.monotonic)
    if case .subscribe = work { subscriptionCredits.spend(3_000, at: now.monotonic) }
    requests += 1
    let deadline = now.monotonic + configuration.requestTimeout
    inFlight.append(
      SentDeribitWork(
        id: requests, work: work, attempt: attempt, sentAt: now.monotonic, deadline: deadline))
    effects.append(.transport(.send(connection, message(work, id: requests, at: now))))
    // Time-outs are all alike, so the oldest request is the first to be late.
    set(.deadline, at: inFlight[0].deadline, into: &effects)
  }

  private func message(_ work: DeribitWork, id: UInt64, at now: Now) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.string("jsonrpc", "2.0")
      writer.integer("id", id)
      writer.string("method", work.method.description)
      writer.object("params") { params in
        switch work {
        case .heartbeat:
          let seconds = configuration.heartbeatInterval.nanoseconds / 1_000_000_000
          params.integer("interval", max(seconds, 10))
        case .test: break
        case .subscribe(let channels): params.array("channels", channels) { $0.string($1) }
        case .chain(let currency):
          params.string("currency", currency)
          params.string("kind", "option")
        case .volatility(let symbol):
          params.string("currency", symbol.description)
          params.integer("start_timestamp", now.wall.milliseconds - 600_000)
          params.integer("end_timestamp", now.wall.milliseconds + 60_000)
          params.string("resolution", "60")
        }
      }
    }
    return writer.bytes
  }

  mutating func deadlineDue(at now: Now, into effects: inout [ClientEffect]) {
    let late = inFlight.filter { $0.deadline <= now.monotonic }
    inFlight.removeAll { $0.deadline <= now.monotonic }
    for request in late {
      report(request.work, .timeout, into: &effects)
      again(request, configuration.retry, at: now, into: &effects)
    }
    if let first = inFlight.first { set(.deadline, at: first.deadline, into: &effects) }
  }

  /// Asks again after a wait; an answer to a test request that came to nothing is past its time.
  private mutating func again(
    _ request: SentDeribitWork, _ backOff: BackOff, at now: Now, into effects: inout [ClientEffect]
  ) {
    guard request.work != .test else { return }
    let wait = backOff.wait(after: request.attempt, seed: configuration.seed)
    enqueue(
      request.work, attempt: request.attempt + 1, notBefore: now.monotonic + wait, at: now,
      into: &effects)
  }

  /// Takes a reply: an object with an id.
  mutating func replied(
    _ reply: JSONValue, _ bytes: [UInt8], at now: Now, into effects: inout [ClientEffect]
  ) {
    guard let id = reply["id"]?.uint64, let place = inFlight.firstIndex(where: { $0.id == id })
    else { return refusedOutright(reply, bytes, at: now, into: &effects) }
    let request = inFlight.remove(at: place)
    if let first = inFlight.first {
      set(.deadline, at: first.deadline, into: &effects)
    } else {
      clear(.deadline, into: &effects)
    }
    if let error = reply["error"], !error.isNull {
      return failed(request, error, bytes, at: now, into: &effects)
    }
    for kind in kinds(of: request.work) {
      effects.append(.latency(.request(kind, roundTrip: now.monotonic - request.sentAt)))
    }
    do throws(WireFault) {
      guard let result = reply["result"] else { throw WireFault.member("result") }
      try take(result, of: request, bytes, at: now, into: &effects)
      throttles = 0
    } catch {
      reject(request.work.kind, error.reason, bytes, into: &effects)
      report(request.work, .malformed, into: &effects)
      again(request, configuration.retry, at: now, into: &effects)
    }
  }

  private mutating func take(
    _ result: JSONValue, of request: SentDeribitWork, _ bytes: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) throws(WireFault) {
    switch request.work {
    case .heartbeat:
      guard let text = result.text, text == "ok" else { throw .member("result") }
      session.hasHeartbeat = true
    case .test:
      guard result.kind == .object else { throw .member("result") }
    case .subscribe:
      guard let accepted = result.elements else { throw .member("result") }
      return subscribed(request, to: accepted, at: now, into: &effects)
    case .chain(let currency):
      try tookChain(of: currency, result, bytes, at: now, into: &effects)
    case .volatility(let symbol):
      try tookVolatility(of: symbol, result, at: now, into: &effects)
    }
    session.opening.remove(request.work)
    noteProgress(into: &effects)
  }

  /// Takes an error object without a request of ours.
  private mutating func refusedOutright(
    _ reply: JSONValue, _ bytes: [UInt8], at now: Now, into effects: inout [ClientEffect]
  ) {
    guard let code = reply["error"]?["code"]?.deribitInteger else {
      return reject(.stray, .stray, bytes, into: &effects)
    }
    reject(.control, .venueError, bytes, into: &effects)
    if DeribitVerdict(code: code) == .throttled { throttled(at: now, into: &effects) }
  }

  private mutating func failed(
    _ request: SentDeribitWork, _ error: JSONValue, _ bytes: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) {
    reject(request.work.kind, .venueError, bytes, into: &effects)
    report(request.work, .malformed, into: &effects)
    switch DeribitVerdict(code: error["code"]?.deribitInteger ?? 0) {
    case .retry: again(request, configuration.retry, at: now, into: &effects)
    case .retryLater: again(request, configuration.slowRetry, at: now, into: &effects)
    case .throttled:
      if !request.work.isOfConnection {
        queue.append(
          QueuedDeribitWork(
            work: request.work, attempt: request.attempt + 1, notBefore: now.monotonic))
      }
      throttled(at: now, into: &effects)
    case .refused:
      // The timetable asks again; a connection without heartbeat or channels is of no use.
      session.opening.remove(request.work)
      switch request.work {
      case .heartbeat: giveUp(.malformed, at: now, into: &effects)
      case .subscribe(let names):
        for name in names { effects.append(.feed(.subscriptionRefused(name))) }
        again(request, configuration.slowRetry, at: now, into: &effects)
        noteProgress(into: &effects)
      case .test, .chain, .volatility: noteProgress(into: &effects)
      }
    }
  }

  /// Too many requests: the venue ends the session, so it is over here too.
  private mutating func throttled(at now: Now, into effects: inout [ClientEffect]) {
    throttles += 1
    credits.empty(at: now.monotonic)
    let until =
      now.monotonic + configuration.retry.wait(after: throttles, seed: configuration.seed)
    blockedUntil = max(blockedUntil ?? until, until)
    effects.append(.rateLimited(until: until, by: .venue))
    giveUp(.connectionLost, at: now, into: &effects)
  }

  /// Tells that a request brought nothing usable.
  mutating func report(
    _ work: DeribitWork, _ failure: TransportFailure, into effects: inout [ClientEffect]
  ) {
    for kind in kinds(of: work) { effects.append(.requestFailed(kind, failure)) }
  }

  /// What a request is about, for those who are told.
  private func kinds(of work: DeribitWork) -> [RequestKind] {
    switch work {
    case .heartbeat, .test, .subscribe: []
    case .chain(let currency):
      underlyings(in: currency).map { .optionChain($0.market.symbol) }
    case .volatility(let symbol): [.volatilityIndex(symbol)]
    }
  }
}
