public import Market
public import Risk

// Replacing an order by another.
extension HyperliquidClient {
  /// Replaces a resting order by another, which has a client id of its own.
  ///
  /// The venue takes post-only orders, and orders that rest, which it makes post-only; others are
  /// rejected here, as is one that the newest best bid or offer says would match. Both orders are
  /// reported on. Where the venue says that it could not place the new one, the old one's fate is
  /// reported as ``OrderReport/cancelUnknown(_:)``: ask.
  public mutating func modify(
    _ old: ClientOrderID, to order: Cleared, at now: Now, into effects: inout [ClientEffect]
  ) {
    let intent = order.intent
    let work = Work.modify(
      old, intent, expiresAfter: UInt64(clamping: expiry(at: now).milliseconds))
    let refusal: OrderRefusal? =
      if assets[intent.symbol] == nil || link.isStopped {
        .other
      } else if let refusal = modifyRefusal(of: intent) {
        refusal
      } else {
        hasRoom(for: work, at: now) ? nil : .rateLimited
      }
    if let refusal {
      effects.append(.report(.evidence(intent.clientID, .rejected(refusal), at: now.wall)))
      return
    }
    remember(expiryOf: [intent.clientID], at: now)
    send(work, attempt: 1, at: now, into: &effects)
  }

  /// Why the venue would refuse an order as a replacement, whatever became of the old one.
  private func modifyRefusal(of intent: OrderIntent) -> OrderRefusal? {
    guard case .limit(let price, let timeInForce) = intent.pricing,
      timeInForce != .immediateOrCancel
    else { return .other }
    guard let touch = index(of: intent.symbol).flatMap({ touches[$0] }),
      let best = intent.side == .buy ? touch.ask?.price : touch.bid?.price
    else { return nil }
    let crosses = intent.side == .buy ? price >= best : price <= best
    return crosses ? .wouldMatch : nil
  }

  /// Takes the answer, which is one verdict or none, as the venue is known to do both.
  mutating func modified(
    _ old: ClientOrderID, _ intent: OrderIntent, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    switch outcome(of: response, .modify, ["default", "order"], at: now, into: &effects) {
    case .silent: modifyUnknown(old, intent, .malformed, into: &effects)
    case .refused(let text): modifyRefused(old, intent, text, at: now, into: &effects)
    case .statuses(let statuses):
      guard let status = statuses.first else {
        report(old, replacedBy: intent, [.working(venueID: 0)], at: now, into: &effects)
        return
      }
      if let text = status["error"]?.string {
        return modifyRefused(old, intent, text, at: now, into: &effects)
      }
      guard let evidence = evidence(status, for: intent) else {
        reject(.modify, .member("statuses"), response.body, into: &effects)
        return modifyUnknown(old, intent, .malformed, into: &effects)
      }
      report(old, replacedBy: intent, evidence, at: now, into: &effects)
    }
  }

  private func report(
    _ old: ClientOrderID, replacedBy intent: OrderIntent, _ evidence: [OrderEvidence],
    at now: Now, into effects: inout [ClientEffect]
  ) {
    effects.append(.report(.evidence(old, .cancelled(filled: nil), at: now.wall)))
    for item in evidence {
      effects.append(.report(.evidence(intent.clientID, item, at: now.wall)))
    }
  }

  private func modifyRefused(
    _ old: ClientOrderID, _ intent: OrderIntent, _ text: String, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    let refusal = OrderRefusal(hyperliquidText: text)
    effects.append(.report(.evidence(intent.clientID, .rejected(refusal), at: now.wall)))
    if text.contains("Cannot modify canceled or filled") {
      effects.append(.report(.cancelRefused(old)))
    } else if text.contains("placing new order during modify") {
      effects.append(.report(.cancelUnknown(old)))
    }
  }

  /// Says that neither order's fate is known.
  func modifyUnknown(
    _ old: ClientOrderID, _ intent: OrderIntent, _ failure: TransportFailure,
    into effects: inout [ClientEffect]
  ) {
    effects.append(.report(.unknown(intent.clientID, failure)))
    effects.append(.report(.cancelUnknown(old)))
  }
}
