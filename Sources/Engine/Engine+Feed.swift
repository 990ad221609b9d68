import Market
import Strategies
import Venues

/// What the engine knows of the execution venue's stream.
struct FeedState: Sendable {
  /// Whether the stream is subscribed.
  var isSubscribed = false
  /// When the newest market data came.
  var newestData: Monotonic?
  /// Whether the stream was live at some time of this run.
  var wasLive = false
  /// Close times that passed before the run began are history, not decisions.
  var decidesFrom = Instant(nanoseconds: 0)
  /// Holes in live series that were asked for, so that each is asked for once.
  var askedHoles: [Hole] = []
  /// Those of them that the venue has not answered.
  var openHoles: [Hole] = []

  /// Candles that a live series lacks.
  struct Hole: Hashable, Sendable {
    let symbol: Symbol
    let timeframe: Timeframe
    let from: Instant
    let to: Instant
  }

  /// The newest mid of each symbol.
  var mids: [(symbol: Symbol, price: Price, time: Monotonic)] = []

  /// The most holes that are remembered.
  static let holeLimit = 256
}

extension Engine {
  /// Runs the client and does what it asks.
  mutating func withClient(
    _ outbox: inout Outbox,
    _ body: (inout HyperliquidClient, Now, inout [ClientEffect]) -> Void
  ) {
    guard isWired else { return }
    var effects: [ClientEffect] = []
    client.mutate { body(&$0, now, &effects) }
    for effect in effects { take(effect, &outbox) }
  }

  /// Hands what the network says to the client that it is for.
  mutating func hear(_ input: TransportInput, _ outbox: inout Outbox) {
    guard input.venue != .hyperliquid else {
      return withClient(&outbox) { client, now, effects in
        client.handle(input, at: now, into: &effects)
      }
    }
    let isHeard = withSource(input.venue, &outbox) { client, now, effects in
      client.handle(input, at: now, into: &effects)
    }
    if !isHeard { tally.reject("engine.transport.stray") }
  }

  private mutating func take(_ effect: ClientEffect, _ outbox: inout Outbox) {
    switch effect {
    case .transport(let effect): outbox.effects.append(.transport(effect))
    case .setTimer(let id, let time): outbox.effects.append(.setTimer(id, at: time))
    case .cancelTimer(let id): outbox.effects.append(.cancelTimer(id))
    case .market(let event):
      feed.newestData = now.monotonic
      take(event, fromWire: true, &outbox)
    case .report(let report): take(report, &outbox)
    case .foreignFill(let fill): takeForeign(fill, &outbox)
    case .funding(let receipt): take(receipt, &outbox)
    case .account(let snapshot): take(snapshot, &outbox)
    case .openOrders(let resting, let time): take(resting, asOf: time, &outbox)
    case .instruments(let instruments): check(instruments, &outbox)
    case .feed(let status): take(status, &outbox)
    case .rejected(let input): take(input, &outbox)
    case .latency(let sample): take(sample, &outbox)
    case .rateLimited(_, let limiter): takeRateLimit(limiter, &outbox)
    case .requestFailed(let kind, let failure): takeFailure(kind, failure, &outbox)
    case .scheduledCancel(let outcome): take(outcome, &outbox)
    case .action(let outcome): take(outcome, &outbox)
    }
  }

  /// Takes one market event, from the wire or past it.
  mutating func take(_ event: MarketEvent, fromWire: Bool, _ outbox: inout Outbox) {
    switch event {
    case .candle(let candle): offer(candle, isFinal: false, &outbox)
    case .closedCandle(let candle):
      // Without the guard, what the venue's history says about an outage is not believed.
      guard guards.contains(.gapFill) || !fromWire || !feed.wasLive else { return }
      offer(candle, isFinal: true, &outbox)
    case .context(let context):
      value(context.symbol, at: context.mark)
      accrueFunding(context, &outbox)
      sample(context, &outbox)
    case .mid(let symbol, let price): quote(symbol, at: price)
    case .quote(let quote):
      if let mid = quote.mid { self.quote(quote.symbol, at: mid) }
    case .trade(let trade):
      if configuration.sources.takerFlow == .hyperliquid { flow.add(trade) }
    case .book: break
    case .funding(let funding):
      receive(.funding(funding), &outbox)
      settleFunding(funding, &outbox)
    case .openInterest(let reading): receive(.openInterest(reading), &outbox)
    case .spot(let sample): receiveSpot(sample, &outbox)
    case .volatilityIndex(let reading): receive(.volatilityIndex(reading), &outbox)
    case .optionChain(let chain): receive(.optionChain(chain), &outbox)
    case .mark: break  // No strategy reads another venue's mark; positions are valued at ours.
    }
  }

  private mutating func offer(_ candle: Candle, isFinal: Bool, _ outbox: inout Outbox) {
    switch aggregator.offer(candle, isFinal: isFinal, at: now.wall) {
    case .accepted:
      if candle.venue == .hyperliquid, !isFinal { paper?.mark(candle.symbol, at: candle.close) }
    case .duplicate: tally.reject("feed.candle.duplicate")
    case .stale: tally.reject("feed.candle.stale")
    case .undeclared: tally.reject("feed.candle.undeclared")
    case .overflow: tally.reject("feed.candle.overflow")
    case .revised:
      tally.reject("feed.candle.revised")
      note(
        "feed.\(candle.venue.name)", "revised",
        "\(candle.symbol) \(candle.timeframe.name) \(candle.openTime) came again with other "
          + "values after its close; the closed one stands", &outbox)
    }
  }

  /// Values a symbol at the venue's mark; an absurd one is refused.
  private mutating func value(_ symbol: Symbol, at price: Price) {
    guard isPlausible(price, for: symbol) else { return }
    portfolio.setMark(symbol, price, at: now.monotonic)
  }

  /// Takes the price at which an immediate order would trade.
  private mutating func quote(_ symbol: Symbol, at price: Price) {
    guard isPlausible(price, for: symbol) else { return }
    paper?.mark(symbol, at: price)
    if let index = feed.mids.firstIndex(where: { $0.symbol == symbol }) {
      feed.mids[index] = (symbol, price, now.monotonic)
    } else {
      feed.mids.append((symbol, price, now.monotonic))
    }
    if portfolio.mark(symbol) == nil { portfolio.setMark(symbol, price, at: now.monotonic) }
  }

  /// Whether a price is within a factor of three of the last mark.
  private mutating func isPlausible(_ price: Price, for symbol: Symbol) -> Bool {
    guard price > .zero else { return false }
    guard let last = portfolio.mark(symbol)?.price else { return true }
    guard price.steps / 3 <= last.steps, last.steps / 3 <= price.steps else {
      tally.reject("feed.mark.implausible")
      return false
    }
    return true
  }

  private mutating func take(_ status: FeedStatus, _ outbox: inout Outbox) {
    note(status, from: .hyperliquid, .critical, &outbox)
    switch status {
    case .subscribed:
      feed.isSubscribed = true
      if !guards.contains(.gapFill), feed.wasLive { aggregator.isRecovering = false }
      reconcileSoon()
    case .silent, .disconnected:
      feed.isSubscribed = false
      // History comes before anything newer is believed.
      if guards.contains(.gapFill) || !feed.wasLive { aggregator.isRecovering = true }
    case .gapFilled(let symbol, let timeframe, _, _, _):
      feed.openHoles.removeAll { $0.symbol == symbol && $0.timeframe == timeframe }
    case .recovered:
      aggregator.isRecovering = false
      feed.wasLive = true
    case .connecting, .connected, .subscriptionRefused, .gap, .unlisted, .clockOff: break
    }
  }

  /// Says what became of an action about no order of ours.
  private mutating func take(_ outcome: ActionOutcome, _ outbox: inout Outbox) {
    switch outcome {
    case .leverage(let symbol, .accepted):
      note("orders.hyperliquid", "leverage", "\(symbol) is set", &outbox)
    case .leverage(let symbol, .refused(let text)):
      alert(
        "leverage.refused", .critical, symbol,
        "the venue refused the leverage of \(symbol): \(text)", &outbox)
    case .leverage(let symbol, .unknown(let failure)):
      note("orders.hyperliquid", "leverage", "\(symbol): \(failure), asked again", &outbox)
    case .cancel(let id, let verdict):
      note("orders.hyperliquid", "foreign_cancel", "\(id): \(verdict)", &outbox)
    }
  }

  mutating func take(_ input: RejectedInput, _ outbox: inout Outbox) {
    let kind = "\(input.venue.name).\(input.kind.rawValue).\(input.reason.code)"
    guard tally.reject(kind) == 1 else { return }
    note("feed.\(input.venue.name)", "rejected", "\(kind): \(input.excerpt)", &outbox)
  }

  private mutating func takeFailure(
    _ kind: RequestKind, _ failure: TransportFailure, _ outbox: inout Outbox
  ) {
    tally.reject("hyperliquid.request.\(failure)")
    switch kind {
    case .account: failReconciliation("no answer: \(failure)", &outbox)
    case .candles(let symbol, let timeframe, _, _):
      feed.openHoles.removeAll { $0.symbol == symbol && $0.timeframe == timeframe }
    case .fills(let since):
      reconciliation.fillsSince = min(reconciliation.fillsSince ?? since, since)
      reconcileSoon(after: Self.secondLook)
    case .meta, .contexts, .mids, .book, .openOrders, .orderStatus, .submit, .cancel,
      .scheduleCancel, .modify, .cancelForeign, .leverage, .actionBudget, .serverTime,
      .openInterest, .funding, .trades, .spotPrice, .optionChain, .volatilityIndex:
      break
    }
  }

  /// Compares what the venue says about the perpetuals with what the configuration expects.
  private mutating func check(_ listed: [Instrument], _ outbox: inout Outbox) {
    for expected in configuration.symbols.map(\.instrument) {
      guard let actual = listed.first(where: { $0.symbol == expected.symbol }),
        actual.sizeDecimals != expected.sizeDecimals
          || actual.maximumLeverage < expected.maximumLeverage
      else { continue }
      if !safety.mismatched.contains(expected.symbol) { safety.mismatched.append(expected.symbol) }
      alert(
        "instrument.mismatch", .critical, expected.symbol,
        "the venue says size decimals \(actual.sizeDecimals) and leverage "
          + "\(actual.maximumLeverage); the configuration \(expected.sizeDecimals) and "
          + "\(expected.maximumLeverage): no entries until they agree", &outbox)
    }
  }

  /// Records a change of health.
  mutating func note(
    _ component: String, _ status: String, _ detail: String, _ outbox: inout Outbox
  ) {
    outbox.records.append(
      .health(
        HealthRecord(time: now.wall, component: component, status: status, detail: detail)))
  }

  /// Tells a person.
  mutating func alert(
    _ code: String, _ severity: Severity, _ symbol: Symbol?, _ message: String,
    _ outbox: inout Outbox
  ) {
    outbox.effects.append(
      .alert(Alert(code: code, severity: severity, symbol: symbol, message: message)))
  }

  /// Whether the execution venue's stream is subscribed, recovered and fresh; without a wire,
  /// always.
  var isFeedLive: Bool {
    guard isWired else { return true }
    guard feed.isSubscribed, !aggregator.isRecovering, let newest = feed.newestData else {
      return false
    }
    return now.monotonic - newest < configuration.staleAfter
  }
}

extension RejectionReason {
  /// A short stable word for counting.
  var code: String {
    switch self {
    case .json: "json"
    case .member(let name): "member.\(name)"
    case .unknownChannel: "unknown_channel"
    case .unknownSymbol: "unknown_symbol"
    case .inconsistent: "inconsistent"
    case .stale: "stale"
    case .status(let status): "status.\(status)"
    case .venueError: "venue_error"
    case .stray: "stray"
    }
  }
}

extension Optional {
  /// Changes the wrapped value in place.
  mutating func mutate(_ body: (inout Wrapped) -> Void) {
    guard var value = self else { return }
    self = nil
    body(&value)
    self = value
  }
}
