import Market

/// A request that waits for its turn or is on its way.
struct CoinbaseRequest: Hashable, Sendable {
  /// What is asked.
  enum Question: Hashable, Sendable {
    /// How every product trades.
    case listing
    /// The quote of a product, by its place among those polled.
    case ticker(product: Int)
    /// Closed candles of a series, by its place among them, from one open to another.
    case history(series: Int, OpenRange)
  }

  let question: Question
  /// Counts from 1.
  var attempt = 1
  var notBefore: Monotonic
}

// Requests: their turn, their budget, their failures.
extension CoinbaseClient {
  /// Puts a question in line unless it is already asked.
  mutating func ask(
    _ question: CoinbaseRequest.Question, attempt: Int = 1, notBefore: Monotonic? = nil,
    at now: Now, into effects: inout [ClientEffect]
  ) {
    guard stage == .running, !queue.contains(where: { $0.question == question }),
      !inFlight.contains(where: { $0.request.question == question })
    else { return }
    queue.append(
      CoinbaseRequest(
        question: question, attempt: attempt, notBefore: notBefore ?? now.monotonic))
    pump(at: now, into: &effects)
  }

  /// Sends every request whose turn it is, and sets the timer for the next one.
  mutating func pump(at now: Now, into effects: inout [ClientEffect]) {
    var next: Monotonic?
    var isStarved = false
    var index = 0
    while index < queue.count {
      let request = queue[index]
      let ready = max(request.notBefore, blockedUntil ?? request.notBefore)
      let due = max(ready, bucket.room(for: 1, at: now.monotonic))
      guard due <= now.monotonic else {
        next = min(next ?? due, due)
        if ready <= now.monotonic { isStarved = true }
        index += 1
        continue
      }
      queue.remove(at: index)
      send(request, at: now, into: &effects)
    }
    if let next {
      set(.pump, at: next, into: &effects)
    } else {
      clear(.pump, into: &effects)
    }
    if isStarved, !isShort, let next {
      effects.append(.rateLimited(until: next, by: .ownBudget))
    }
    isShort = isStarved
  }

  private mutating func send(
    _ request: CoinbaseRequest, at now: Now, into effects: inout [ClientEffect]
  ) {
    bucket.spend(1, at: now.monotonic)
    requests += 1
    inFlight.append((number: requests, request: request, sentAt: now))
    effects.append(
      .transport(
        .request(
          RequestID(venue: Self.venue, number: requests),
          HTTPRequest(
            method: .get, path: path(of: request.question), body: [],
            timeout: configuration.timeout))))
  }

  func path(of question: CoinbaseRequest.Question) -> String {
    switch question {
    case .listing: "/products"
    case .ticker(let product): "/products/\(products[product].id)/ticker"
    case .history(let series, let range): historyPath(series, range)
    }
  }

  /// What a question is about, for those who are told.
  func kind(of question: CoinbaseRequest.Question) -> RequestKind {
    switch question {
    case .listing: .meta
    case .ticker(let product): .spotPrice(products[product].symbol)
    case .history(let series, let range):
      .candles(
        candles[series].series.symbol, candles[series].series.timeframe, from: range.from,
        to: range.to)
    }
  }

  /// The request in flight that an answer belongs to, which then is no longer in flight.
  mutating func take(_ id: RequestID) -> (request: CoinbaseRequest, sentAt: Now)? {
    guard id.venue == Self.venue, let index = inFlight.firstIndex(where: { $0.number == id.number })
    else { return nil }
    let sent = inFlight.remove(at: index)
    return (sent.request, sent.sentAt)
  }

  /// Takes the end of a request that has no usable answer, and asks again where that can help.
  mutating func failed(
    _ request: CoinbaseRequest, _ failure: TransportFailure, isFinal: Bool = false, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    effects.append(.requestFailed(kind(of: request.question), failure))
    defer { pump(at: now, into: &effects) }
    guard !isFinal else {
      // Without the list nothing is ever asked again, so it is looked for all the same.
      guard request.question == .listing, stage == .running else { return }
      return set(.listing, at: now.monotonic + configuration.closedListingInterval, into: &effects)
    }
    let wait = configuration.retry.wait(after: request.attempt, seed: configuration.seed)
    // A ticker is asked for again with the next round anyway.
    if case .ticker = request.question, wait >= configuration.pollInterval { return }
    ask(
      request.question, attempt: request.attempt + 1, notBefore: now.monotonic + wait, at: now,
      into: &effects)
  }

  /// Takes a refusal of our rate: the request was not acted on, and is made again later.
  mutating func refused(
    _ request: CoinbaseRequest, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    let isBan = response.status != 429
    // Those that were on their way together are refused together: that is one refusal, not many.
    if (blockedUntil ?? now.monotonic) <= now.monotonic {
      if isBan { bans += 1 } else { throttles += 1 }
    }
    let asked = response.retryAfterSeconds.map { Interval.seconds(max($0, 1)) }
    let wait =
      asked
      ?? (isBan
        ? configuration.ban.wait(after: bans, seed: configuration.seed)
        : configuration.throttle.wait(after: throttles, seed: configuration.seed))
    let until = max(blockedUntil ?? now.monotonic, now.monotonic + wait)
    blockedUntil = until
    bucket.empty(at: now.monotonic)
    effects.append(.rateLimited(until: until, by: .venue))
    ask(
      request.question, attempt: request.attempt, notBefore: until, at: now, into: &effects)
    pump(at: now, into: &effects)
  }
}
