import Market
import Risk
import Venues

/// Simulated execution: stated slippage, taker fee and latency, reported like a venue's.
///
/// Entries and exits trade at the last known price after the latency; a limit bounds the slippage
/// and cancels what it does not allow. Stops and targets are judged on the shortest closed candles
/// that there are (`strategies.md` section 2.5): the stop first where a bar touches both, at the
/// open where the bar opens beyond it, and the bar of the entry cannot reach the target.
struct PaperVenue: Sendable {
  private struct Resting: Sendable {
    let intent: OrderIntent
    let acceptedAt: Instant
    let venueID: UInt64
    /// When an immediate order trades; nil for an order that waits for its trigger.
    let due: Monotonic?
  }

  private let configuration: PaperConfiguration
  private var resting: [Resting] = []
  private var prices: [(symbol: Symbol, price: Price)] = []
  private var issuedIDs: UInt64

  /// Starts empty; `firstID` keeps the ids of one store apart across runs.
  init(_ configuration: PaperConfiguration, firstID: UInt64) {
    self.configuration = configuration
    issuedIDs = firstID
  }

  /// When the next immediate order trades.
  var deadline: Monotonic? {
    var earliest: Monotonic?
    for index in resting.indices {
      if let due = resting[index].due { earliest = min(earliest ?? due, due) }
    }
    return earliest
  }

  /// Takes the price at which immediate orders trade from now on.
  mutating func mark(_ symbol: Symbol, at price: Price) {
    if let index = prices.firstIndex(where: { $0.symbol == symbol }) {
      prices[index].price = price
    } else {
      prices.append((symbol, price))
    }
  }

  /// Accepts an order; one whose client id rests already is ignored.
  mutating func submit(_ order: Cleared, at now: Now, into reports: inout [OrderReport]) {
    let intent = order.intent
    guard !resting.contains(where: { $0.intent.clientID == intent.clientID }) else { return }
    issuedIDs += 1
    var due: Monotonic?
    switch intent.pricing {
    case .limit: due = now.monotonic + configuration.latency
    case .trigger:
      reports.append(
        .evidence(intent.clientID, .working(venueID: issuedIDs), at: now.wall))
    }
    resting.append(
      Resting(intent: intent, acceptedAt: now.wall, venueID: issuedIDs, due: due))
  }

  /// Puts back an exit that rested when the process ended.
  mutating func resume(_ intent: OrderIntent, acceptedAt: Instant, venueID: UInt64) {
    resting.append(
      Resting(intent: intent, acceptedAt: acceptedAt, venueID: venueID, due: nil))
  }

  /// Cancels an order; one that is not there is refused, as a venue would.
  mutating func cancel(_ id: ClientOrderID, at now: Now, into reports: inout [OrderReport]) {
    guard let index = resting.firstIndex(where: { $0.intent.clientID == id }) else {
      reports.append(.cancelRefused(id))
      return
    }
    resting.remove(at: index)
    reports.append(.evidence(id, .cancelled(filled: .zero), at: now.wall))
  }

  /// Trades every immediate order that is due.
  mutating func advance(to now: Now, into reports: inout [OrderReport]) {
    while let index = resting.firstIndex(where: { $0.due.map { $0 <= now.monotonic } ?? false }) {
      let order = resting.remove(at: index)
      trade(order, at: now.wall, into: &reports)
    }
  }

  private mutating func trade(
    _ order: Resting, at time: Instant, into reports: inout [OrderReport]
  ) {
    let intent = order.intent
    guard case .limit(let limit, _) = intent.pricing,
      let reference = prices.first(where: { $0.symbol == intent.symbol })?.price
    else {
      reports.append(.evidence(intent.clientID, .rejected(.noLiquidity), at: time))
      return
    }
    let slippage =
      intent.role == .entry
      ? configuration.entrySlippageBasisPoints : configuration.stopSlippageBasisPoints
    guard let slipped = Self.slip(reference, by: slippage, against: intent.side) else {
      reports.append(.evidence(intent.clientID, .rejected(.other), at: time))
      return
    }
    let isReachable = intent.side == .buy ? reference <= limit : reference >= limit
    guard isReachable else {
      reports.append(.evidence(intent.clientID, .cancelled(filled: .zero), at: time))
      return
    }
    let price = intent.side == .buy ? min(slipped, limit) : max(slipped, limit)
    fill(order, at: price, time, into: &reports)
  }

  /// Judges stops and targets on the shortest candle of its time.
  mutating func close(_ candle: Candle, into reports: inout [OrderReport]) {
    mark(candle.symbol, at: candle.close)
    for role in [OrderRole.stop, .target] {
      while let index = resting.firstIndex(where: {
        $0.intent.role == role && $0.intent.symbol == candle.symbol
          && Self.price($0, touchedBy: candle) != nil
      }) {
        let order = resting.remove(at: index)
        guard let touched = Self.price(order, touchedBy: candle) else { continue }
        let slippage = role == .stop ? configuration.stopSlippageBasisPoints : 0
        let price = Self.slip(touched, by: slippage, against: order.intent.side) ?? touched
        fill(order, at: price, candle.closeTime, into: &reports)
        guard role == .stop else { continue }
        // The other exit of the position is gone with it: the stop came first.
        resting.removeAll {
          let isSibling =
            $0.intent.role == .target && $0.intent.symbol == order.intent.symbol
            && $0.intent.strategy == order.intent.strategy
          if isSibling {
            reports.append(
              .evidence($0.intent.clientID, .cancelled(filled: .zero), at: candle.closeTime))
          }
          return isSibling
        }
      }
    }
  }

  /// The price at which `candle` trades a waiting exit; nil where it does not.
  private static func price(_ order: Resting, touchedBy candle: Candle) -> Price? {
    guard case .trigger(let trigger, _) = order.intent.pricing,
      candle.closeTime > order.acceptedAt
    else { return nil }
    let isEntryBar = candle.openTime < order.acceptedAt
    let sells = order.intent.side == .sell
    switch order.intent.role {
    case .stop:
      guard sells ? candle.low <= trigger : candle.high >= trigger else { return nil }
      if isEntryBar { return trigger }
      return sells ? min(candle.open, trigger) : max(candle.open, trigger)
    case .target:
      guard !isEntryBar, sells ? candle.high >= trigger : candle.low <= trigger else { return nil }
      return trigger
    case .entry, .exit: return nil
    }
  }

  private mutating func fill(
    _ order: Resting, at price: Price, _ time: Instant, into reports: inout [OrderReport]
  ) {
    let intent = order.intent
    let fee = takerFee(
      price: price.steps, quantity: intent.quantity.steps,
      rate: configuration.takerFeeTenthsOfBasisPoint, in: Integers())
    guard let fee else {
      reports.append(.evidence(intent.clientID, .rejected(.other), at: time))
      return
    }
    reports.append(
      .fill(
        Fill(
          clientID: intent.clientID, symbol: intent.symbol, side: intent.side, price: price,
          quantity: intent.quantity, fee: Money(steps: fee), tradeID: order.venueID, time: time)))
    reports.append(
      .evidence(
        intent.clientID,
        .filled(total: intent.quantity, averagePrice: price, venueID: order.venueID), at: time))
  }

  /// `price` moved `basisPoints` against the `side` that takes it, rounded against it too.
  static func slip(_ price: Price, by basisPoints: Int64, against side: Side) -> Price? {
    switch side {
    case .buy: price.checkedScaled(by: 10_000 + basisPoints, over: 10_000, .up)
    case .sell: price.checkedScaled(by: 10_000 - basisPoints, over: 10_000, .down)
    }
  }
}
