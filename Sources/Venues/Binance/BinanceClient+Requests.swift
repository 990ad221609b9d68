import Market

// Requests: their turn, their cost, their answers.
extension BinanceClient {
  /// Puts a request in line, unless one for the same thing waits or is on its way.
  mutating func ask(
    _ work: BinanceWork, attempt: Int = 1, after wait: Interval = .zero, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    guard !isStopped, !isBarred, !isAsking(work), queue.count < Self.queueLimit,
      work.symbol.map({ !unlisted.contains($0) }) ?? true
    else { return }
    queue.append(
      BinanceQueued(work: work, attempt: attempt, notBefore: now.monotonic + wait))
    pump(at: now, into: &effects)
  }

  /// Whether a request for the same thing waits or is on its way.
  func isAsking(_ work: BinanceWork) -> Bool {
    queue.contains { $0.work.repeats(work) } || inFlight.contains { $0.work.repeats(work) }
  }

  /// Sends every request whose turn it is, and sets the timer for the next one.
  mutating func pump(at now: Now, into effects: inout [ClientEffect]) {
    guard !isStopped, !isBarred else { return }
    if isProbing { return probe(at: now, into: &effects) }
    var next: Monotonic?
    var shortUntil: Monotonic?
    var index = 0
    while index < queue.count {
      let request = queue[index]
      let budgetWait = budget.wait(
        for: request.work.cost, in: request.work.pool, at: venueTime(at: now))
      let due = max(
        request.notBefore, blockedUntil ?? request.notBefore, now.monotonic + budgetWait)
      guard due <= now.monotonic else {
        if budgetWait > .zero, request.notBefore <= now.monotonic {
          shortUntil = max(shortUntil ?? due, due)
        }
        next = min(next ?? due, due)
        index += 1
        continue
      }
      guard inFlight.count < Self.flightLimit else { break }
      queue.remove(at: index)
      send(request.work, attempt: request.attempt, at: now, into: &effects)
    }
    setPump(next, into: &effects)
    if let shortUntil, !isShort { effects.append(.rateLimited(until: shortUntil, by: .ownBudget)) }
    isShort = shortUntil != nil
  }

  private mutating func setPump(_ due: Monotonic?, into effects: inout [ClientEffect]) {
    if let due {
      timers.set(Timer.pump.rawValue, at: due, into: &effects)
    } else {
      timers.clear(Timer.pump.rawValue, into: &effects)
    }
  }

  /// Pings a venue that has failed for a while, before anything else is asked.
  private mutating func probe(at now: Now, into effects: inout [ClientEffect]) {
    guard !inFlight.contains(where: { $0.work == .ping }) else { return }
    if let blockedUntil, blockedUntil > now.monotonic {
      return setPump(blockedUntil, into: &effects)
    }
    let wait = budget.wait(for: 1, in: .weight, at: venueTime(at: now))
    guard wait <= .zero else { return setPump(now.monotonic + wait, into: &effects) }
    send(.ping, attempt: 1, at: now, into: &effects)
  }

  private mutating func send(
    _ work: BinanceWork, attempt: Int, at now: Now, into effects: inout [ClientEffect]
  ) {
    budget.spend(work.cost, in: work.pool, at: venueTime(at: now))
    requests += 1
    inFlight.append(BinanceSent(number: requests, work: work, attempt: attempt, sentAt: now))
    let request = HTTPRequest(
      method: .get, path: work.path(openInterestRows: configuration.openInterestHistory),
      body: [], timeout: configuration.timeout)
    effects.append(.transport(.request(RequestID(venue: .binance, number: requests), request)))
  }

  /// The request in flight that an answer belongs to, which then is no longer in flight.
  mutating func take(_ id: RequestID) -> BinanceSent? {
    guard id.venue == .binance,
      let index = inFlight.firstIndex(where: { $0.number == id.number })
    else { return nil }
    return inFlight.remove(at: index)
  }

  private static var queueLimit: Int { 1_024 }
  /// How many requests are on their way at once.
  private static var flightLimit: Int { 8 }

  mutating func answered(
    _ sent: BinanceSent, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    defer { pump(at: now, into: &effects) }
    effects.append(
      .latency(.request(sent.work.kind, roundTrip: now.monotonic - sent.sentAt.monotonic)))
    if let used = response.header("x-mbx-used-weight-1m").flatMap(Int64.init) {
      budget.believe(used, at: venueTime(at: now))
    }
    switch response.status {
    case 200:
      guard understood(sent, response, at: now, into: &effects) else {
        return failed(sent, .malformed, at: now, into: &effects)
      }
      failures = 0
      refusals = 0
      isProbing = false
    case 429, 418, 403: refused(sent, response, at: now, into: &effects)
    case 451:
      reject(sent.work.input, .status(451), response.body, into: &effects)
      bar(sent, into: &effects)
    case 400..<500 where response.status != 408:
      reject(sent.work.input, .status(response.status), response.body, into: &effects)
      denied(sent, response, at: now, into: &effects)
    default:
      // 202 is a wall against programs, 5xx an outage, 408 a late answer from behind.
      reject(sent.work.input, .status(response.status), response.body, into: &effects)
      if let seconds = response.retryAfterSeconds {
        let until = now.monotonic + .seconds(seconds)
        blockedUntil = max(blockedUntil ?? until, until)
      }
      failed(sent, .malformed, at: now, into: &effects)
    }
  }

  /// Reads an answer with status 200; false where it is a page, empty or of another shape.
  private mutating func understood(
    _ sent: BinanceSent, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) -> Bool {
    let body = response.body
    let root: JSONValue
    do throws(JSONFault) {
      root = try parser.parse(body).root
    } catch {
      reject(sent.work.input, .json(error), body, into: &effects)
      return false
    }
    switch sent.work {
    case .ping:
      guard root.kind == .object else {
        reject(.serverTime, .member("object"), body, into: &effects)
        return false
      }
      return true
    case .time: return clock(root, sent, body, at: now, into: &effects)
    case .klines(let series, _, _):
      return history(root, of: series, sent, body, at: now, into: &effects)
    case .openInterest(let symbol, _):
      return openInterest(root, of: symbol, body, at: now, into: &effects)
    case .funding(let symbol, _):
      return funding(root, of: symbol, body, at: now, into: &effects)
    case .fundingPeriods: return fundingPeriods(root, body, into: &effects)
    case .trades(let symbol, let from, _):
      return tradeHistory(root, of: symbol, from: from, body, at: now, into: &effects)
    }
  }

  /// Stays away for as long as the venue says; the request was not acted on and is made again.
  private mutating func refused(
    _ sent: BinanceSent, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    refusals = min(refusals + 1, 32)
    var wait = response.retryAfterSeconds.map { Interval.seconds(max($0, 1)) }
    if response.status == 418 {
      let banned = Self.banEnd(response.body).map { $0 - venueTime(at: now) }
      wait = max(wait ?? .zero, min(banned ?? .zero, .days(3)))
      if wait == .zero { wait = .minutes(2) }
    }
    if response.status == 403 {
      let patience = BackOff(first: configuration.blockedWait, longest: .hours(1))
      wait = wait ?? patience.wait(after: refusals, seed: configuration.seed)
    }
    let until =
      now.monotonic
      + (wait ?? configuration.retry.wait(after: refusals, seed: configuration.seed))
    blockedUntil = max(blockedUntil ?? until, until)
    if response.status != 429 { bannedUntil = max(bannedUntil ?? until, until) }
    reject(sent.work.input, .status(response.status), response.body, into: &effects)
    effects.append(.rateLimited(until: blockedUntil ?? until, by: .venue))
    if sent.work != .ping {
      ask(sent.work, attempt: sent.attempt, at: now, into: &effects)
    }
  }

  /// The time in `… banned until 1700000000000. …`.
  private static func banEnd(_ body: [UInt8]) -> Instant? {
    let text = String(decoding: body.prefix(500), as: UTF8.self)
    guard let mark = text.firstRange(of: "banned until ") else { return nil }
    let digits = text[mark.upperBound...].prefix { ("0"..."9").contains($0) }
    guard let milliseconds = Int64(digits), (0..<7_258_118_400_000).contains(milliseconds) else {
      return nil
    }
    return Instant(milliseconds: milliseconds)
  }

  /// Ends requests for good: the venue does not serve this location.
  private mutating func bar(_ sent: BinanceSent, into effects: inout [ClientEffect]) {
    isBarred = true
    effects.append(.requestFailed(sent.work.kind, .unreachable))
    effects.append(.feed(.subscriptionRefused("451: the venue does not serve this location")))
    for request in queue { effects.append(.requestFailed(request.work.kind, .unreachable)) }
    queue = []
    for timer in Timer.allCases { timers.clear(timer.rawValue, into: &effects) }
  }

  /// Takes the venue's word that the request itself is at fault.
  private mutating func denied(
    _ sent: BinanceSent, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    effects.append(.requestFailed(sent.work.kind, .malformed))
    let code = (try? parser.parse(response.body))?.root["code"]?.int64
    if let symbol = sent.work.symbol, code == -1121 || code == -4108 {
      if !unlisted.contains(symbol) {
        unlisted.append(symbol)
        effects.append(.feed(.unlisted(symbol)))
      }
      queue.removeAll { $0.work.symbol == symbol }
      return
    }
    if case .openInterest(let symbol, _) = sent.work,
      let index = interest.firstIndex(where: { $0.symbol == symbol })
    {
      interest[index].noteTooOld()
    }
    guard sent.work != .ping else { return failProbe(at: now, into: &effects) }
    // The same request meets the same answer, unless the fault is the venue's: asked rarely.
    again(sent, after: configuration.retry.longest, at: now, into: &effects)
  }

  /// Makes a request again that came to nothing.
  mutating func failed(
    _ sent: BinanceSent, _ failure: TransportFailure, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    effects.append(.requestFailed(sent.work.kind, failure))
    // What was on its way together fails together: it counts once.
    if lastFailure.map({ sent.sentAt.monotonic >= $0 }) ?? true {
      failures = min(failures + 1, 64)
      lastFailure = now.monotonic
    }
    if failures >= Self.failuresBeforeProbe { failProbe(at: now, into: &effects) }
    guard sent.work != .ping else { return }
    let wait = configuration.retry.wait(after: sent.attempt, seed: configuration.seed)
    again(sent, after: wait, at: now, into: &effects)
  }

  /// How many requests in a row may come to nothing before a ping has to succeed.
  private static var failuresBeforeProbe: Int { 3 }

  private mutating func failProbe(at now: Now, into effects: inout [ClientEffect]) {
    isProbing = true
    let rounds = max(failures - Self.failuresBeforeProbe + 1, 1)
    let until = now.monotonic + configuration.retry.wait(after: rounds, seed: configuration.seed)
    blockedUntil = max(blockedUntil ?? until, until)
    setPump(blockedUntil, into: &effects)
  }

  private mutating func again(
    _ sent: BinanceSent, after wait: Interval, at now: Now, into effects: inout [ClientEffect]
  ) {
    let attempt = sent.attempt + 1
    var work = sent.work
    switch work {
    // What is missing by now may be more, or gone.
    case .klines(let series, _, _):
      if let index = klines.firstIndex(where: { $0.series == series }) {
        return fill(index, attempt: attempt, after: wait, at: now, into: &effects)
      }
    case .openInterest(let symbol, _):
      let since = interest.first { $0.symbol == symbol }?.since
      work = .openInterest(symbol, since: since)
    default: break
    }
    ask(work, attempt: attempt, after: wait, at: now, into: &effects)
  }
}
