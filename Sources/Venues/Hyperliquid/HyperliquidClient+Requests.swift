import Market
import Risk

// Requests: their turn, their weight, their answers.
extension HyperliquidClient {
  /// Puts a request in line and sends what may leave.
  mutating func enqueue(
    _ work: Work, attempt: Int = 1, notBefore: Monotonic? = nil, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    if case .stopped = link { return abandon(work, .unreachable, at: now, into: &effects) }
    guard !queue.contains(where: { $0.work.repeats(work) }) else { return }
    if work.isUnique, inFlight.contains(where: { $0.work.repeats(work) }) { return }
    guard queue.count < Self.queueLimit else {
      return abandon(work, .unreachable, at: now, into: &effects)
    }
    let request = QueuedRequest(
      work: work, attempt: attempt, notBefore: notBefore ?? now.monotonic)
    if work.isProtective {
      // Before everything that only informs, behind other protective work.
      queue.insert(request, at: queue.firstIndex { !$0.work.isProtective } ?? queue.count)
    } else {
      queue.append(request)
    }
    pump(at: now, into: &effects)
  }

  /// Sends every request whose turn it is, and sets the timer for the next one.
  mutating func pump(at now: Now, into effects: inout [ClientEffect]) {
    var next: Monotonic?
    var isStarved = false
    var index = 0
    while index < queue.count {
      let request = queue[index]
      let due = earliest(request, at: now, isStarved: isStarved)
      guard let due, due <= now.monotonic else {
        if let due {
          next = min(next ?? due, due)
          if request.notBefore <= now.monotonic { isStarved = true }
        }
        index += 1
        continue
      }
      queue.remove(at: index)
      send(request.work, attempt: request.attempt, at: now, into: &effects)
    }
    if let next {
      set(.pump, at: next, into: &effects)
    } else {
      clear(.pump, into: &effects)
    }
    noteShortage(isStarved ? next : nil, at: now, into: &effects)
  }

  /// When a request may leave; nil where only other news can tell.
  private func earliest(
    _ request: QueuedRequest, at now: Now, isStarved: Bool
  ) -> Monotonic? {
    if request.work.needsAssets, assets.isEmpty { return nil }
    var due = max(request.notBefore, blockedUntil ?? request.notBefore)
    let limit = limit(for: request.work)
    let room = ledger.room(for: request.work.weight, within: limit, at: now.monotonic)
    due = max(due, room)
    // First come, first served: what waits for room is not overtaken by what is lighter.
    if isStarved, !request.work.isProtective { due = max(due, now.monotonic + .seconds(1)) }
    return due
  }

  private func limit(for work: Work) -> Int {
    let reserve = work.isProtective ? 0 : configuration.reservedWeight
    return configuration.weightPerMinute - reserve
  }

  private mutating func noteShortage(
    _ until: Monotonic?, at now: Now, into effects: inout [ClientEffect]
  ) {
    let isBlocked = blockedUntil.map { $0 > now.monotonic } ?? false
    guard let until, !isBlocked else {
      isShort = false
      return
    }
    if !isShort { effects.append(.rateLimited(until: until, by: .ownBudget)) }
    isShort = true
  }

  /// Whether a request could leave at once.
  func hasRoom(for work: Work, at now: Now) -> Bool {
    if let blockedUntil, blockedUntil > now.monotonic { return false }
    let count = work.actionCount
    guard
      work.isProtective
        || actions.hasRoom(for: count, keeping: configuration.reservedActions, at: now.monotonic)
    else { return false }
    return ledger.room(for: work.weight, within: limit(for: work), at: now.monotonic)
      <= now.monotonic
  }

  mutating func send(
    _ work: Work, attempt: Int, at now: Now, into effects: inout [ClientEffect]
  ) {
    guard let request = httpRequest(for: work, at: now) else {
      return abandon(work, nil, at: now, into: &effects)
    }
    ledger.spend(work.weight, at: now.monotonic)
    actions.spend(work.actionCount)
    requests += 1
    inFlight.append(
      SentRequest(
        number: requests, work: work, attempt: attempt, sentAt: now,
        passed: venueClock.passed(at: now)))
    effects.append(
      .transport(.request(RequestID(venue: .hyperliquid, number: requests), request)))
  }

  /// The request in flight that an answer belongs to, which then is no longer in flight.
  mutating func take(_ id: RequestID) -> SentRequest? {
    guard id.venue == .hyperliquid,
      let index = inFlight.firstIndex(where: { $0.number == id.number })
    else { return nil }
    return inFlight.remove(at: index)
  }

  mutating func answered(
    _ request: SentRequest, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    effects.append(
      .latency(
        .request(
          request.work.kind, roundTrip: now.monotonic - request.sentAt.monotonic)))
    if response.status == 429 { return throttled(request, response, at: now, into: &effects) }
    throttles = 0
    switch request.work {
    case .info(let kind):
      if !informed(kind, request, response, at: now, into: &effects) {
        failed(request, .malformed, at: now, into: &effects)
      }
    case .submit(let intents, let grouping, _):
      submitted(intents, grouping, response, at: now, into: &effects)
    case .cancel(let orders):
      cancelled(orders.map(\.clientID), response, at: now, into: &effects)
    case .schedule(let time):
      scheduled(time, response, at: now, into: &effects)
    case .modify(let old, let intent, _):
      modified(old, intent, response, at: now, into: &effects)
    case .cancelForeign(let orders):
      cancelledForeign(orders.map(\.venueID), response, at: now, into: &effects)
    case .leverage(let symbol, _, _): leverageSet(symbol, response, at: now, into: &effects)
    }
    pump(at: now, into: &effects)
  }

  private mutating func throttled(
    _ request: SentRequest, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    throttles += 1
    let asked = response.retryAfterSeconds.map { Interval.seconds(min(max($0, 1), 86_400)) }
    let wait = asked ?? configuration.retry.wait(after: throttles, seed: configuration.seed)
    let until = max(blockedUntil ?? now.monotonic, now.monotonic + wait)
    blockedUntil = until
    effects.append(.rateLimited(until: until, by: .venue))
    switch request.work {
    case .submit(let intents, _, _):
      for intent in intents {
        effects.append(.report(.evidence(intent.clientID, .rejected(.rateLimited), at: now.wall)))
      }
      pump(at: now, into: &effects)
    case .modify(_, let intent, _):
      effects.append(.report(.evidence(intent.clientID, .rejected(.rateLimited), at: now.wall)))
      pump(at: now, into: &effects)
    case .info, .cancel, .schedule, .cancelForeign, .leverage:
      // A 429 was not acted on: the same request may be made again.
      enqueue(
        request.work, attempt: request.attempt, notBefore: until, at: now, into: &effects)
    }
  }

  mutating func failed(
    _ request: SentRequest, _ failure: TransportFailure, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    abandon(request.work, failure, at: now, into: &effects)
    guard request.work.isPersistent, !link.isStopped else { return }
    let wait = configuration.retry.wait(after: request.attempt, seed: configuration.seed)
    enqueue(
      request.work, attempt: request.attempt + 1, notBefore: now.monotonic + wait, at: now,
      into: &effects)
  }

  /// Reports on work that ends without the venue's word; `failure` is nil where nothing was sent
  /// because it cannot be.
  mutating func abandon(
    _ work: Work, _ failure: TransportFailure?, at now: Now, into effects: inout [ClientEffect]
  ) {
    switch work {
    case .info(let kind): effects.append(.requestFailed(kind, failure ?? .unreachable))
    case .submit(let intents, _, _):
      for intent in intents {
        let id = intent.clientID
        effects.append(
          .report(
            failure.map { .unknown(id, $0) } ?? .evidence(id, .rejected(.other), at: now.wall)))
      }
    case .cancel(let orders):
      for order in orders { effects.append(.report(.cancelUnknown(order.clientID))) }
    case .schedule: effects.append(.scheduledCancel(.unknown(failure ?? .unreachable)))
    case .modify(let old, let intent, _):
      guard let failure else {
        let refused = OrderEvidence.rejected(.other)
        return effects.append(.report(.evidence(intent.clientID, refused, at: now.wall)))
      }
      modifyUnknown(old, intent, failure, into: &effects)
    case .cancelForeign(let orders):
      for order in orders {
        let verdict = ActionVerdict.unknown(failure ?? .unreachable)
        effects.append(.action(.cancel(venueID: order.venueID, verdict)))
      }
    case .leverage(let symbol, _, _):
      let refusal = ActionVerdict.refused("nothing was sent: not listed, or no key")
      effects.append(.action(.leverage(symbol, failure.map { .unknown($0) } ?? refusal)))
    }
  }

  private static var queueLimit: Int { 1_024 }
}

extension Work {
  /// Whether one request in flight makes a second one pointless.
  fileprivate var isUnique: Bool {
    switch self {
    case .info(.meta), .info(.orderStatus), .info(.candles): true
    default: false
    }
  }
}
