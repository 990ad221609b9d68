public import Market
public import Risk

// Orders and cancels, and what the venue answers.
extension HyperliquidClient {
  /// Sends orders as one request.
  ///
  /// Each is reported on: by the venue's word, as unknown where the request ended without one, or
  /// as rejected where nothing was sent (no budget, unknown symbol, no key). Reduce-only orders may
  /// use the reserved share of the request budget when sent without others.
  public mutating func submit(
    _ orders: [Cleared], at now: Now, into effects: inout [ClientEffect]
  ) {
    submit(orders.map(\.intent), .none, at: now, into: &effects)
  }

  /// Whether the venue's list of perpetuals has come and holds a symbol: its orders can be made.
  public func lists(_ symbol: Symbol) -> Bool { assets[symbol] != nil }

  /// Sends an entry and its exits as one action: the venue wakes the exits where the entry fills in
  /// full, and takes them along where it does not.
  ///
  /// Each is reported on as if it had been sent alone, but for an exit of which the venue only says
  /// that it waits for an immediate entry: that one is over, or awake, by the time of the reply, and
  /// order updates or ``queryOrder(_:at:into:)`` tell which.
  public mutating func submit(
    _ family: ClearedFamily, at now: Now, into effects: inout [ClientEffect]
  ) {
    submit(family.intents, family.grouping, at: now, into: &effects)
  }

  /// The action that would carry a family, unsigned; nil before the venue's list of perpetuals is
  /// known, or where it lacks the symbol.
  public func action(of family: ClearedFamily) -> String? {
    submitAction(family.intents, family.grouping).map { String(decoding: $0, as: UTF8.self) }
  }

  private mutating func submit(
    _ wanted: [OrderIntent], _ grouping: OrderGrouping, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    var intents: [OrderIntent] = []
    for intent in wanted {
      if assets[intent.symbol] != nil, !link.isStopped {
        intents.append(intent)
      } else {
        effects.append(.report(.evidence(intent.clientID, .rejected(.other), at: now.wall)))
      }
    }
    guard !intents.isEmpty else { return }
    let work = Work.submit(
      intents, grouping, expiresAfter: UInt64(clamping: expiry(at: now).milliseconds))
    guard hasRoom(for: work, at: now) else {
      for intent in intents {
        effects.append(.report(.evidence(intent.clientID, .rejected(.rateLimited), at: now.wall)))
      }
      return
    }
    remember(expiryOf: intents.map(\.clientID), at: now)
    send(work, attempt: 1, at: now, into: &effects)
  }

  /// When the venue shall no longer accept an order that is sent now.
  func expiry(at now: Now) -> Instant { venueClock.passed(at: now) + configuration.orderLifetime }

  /// Notes until when "no such order" says nothing about orders that are sent now.
  mutating func remember(expiryOf orders: [ClientOrderID], at now: Now) {
    expiries.removeAll { $0.at <= now.monotonic }
    let gone = now.monotonic + configuration.orderLifetime + configuration.clockTolerance
    expiries += orders.map { ($0, gone) }
  }

  /// Sends cancels as one request, before everything else that waits.
  ///
  /// Each is answered by ``OrderEvidence/cancelled(filled:)``, ``OrderReport/cancelRefused(_:)`` or
  /// ``OrderReport/cancelUnknown(_:)``; one that met a rate limit is sent again by itself.
  public mutating func cancel(
    _ orders: [(symbol: Symbol, clientID: ClientOrderID)], at now: Now,
    into effects: inout [ClientEffect]
  ) {
    guard !orders.isEmpty else { return }
    enqueue(.cancel(orders), at: now, into: &effects)
  }

  /// Arms the dead-man's switch for a time at least five seconds ahead, or clears it.
  public mutating func scheduleCancel(
    _ time: Instant?, at now: Now, into effects: inout [ClientEffect]
  ) {
    enqueue(.schedule(time), at: now, into: &effects)
  }

  mutating func submitted(
    _ intents: [OrderIntent], _ grouping: OrderGrouping, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    switch outcome(of: response, .order, ["order"], at: now, into: &effects) {
    case .silent:
      for intent in intents { effects.append(.report(.unknown(intent.clientID, .malformed))) }
    case .refused(let text):
      for intent in intents {
        reject(intent, OrderRefusal(hyperliquidText: text), at: now, into: &effects)
      }
    case .statuses(let statuses):
      let list = Array(statuses)
      if let only = list.first, list.count == 1, let text = only["error"]?.string {
        for intent in intents {
          reject(intent, OrderRefusal(hyperliquidText: text), at: now, into: &effects)
        }
        return
      }
      for (index, intent) in intents.enumerated() {
        let status = list.count == intents.count ? list[index] : nil
        if grouping == .family, status?.string == "waitingForFill", intents[0].isImmediate {
          continue
        }
        guard let status, let evidence = evidence(status, for: intent) else {
          reject(.order, .member("statuses"), response.body, into: &effects)
          effects.append(.report(.unknown(intent.clientID, .malformed)))
          continue
        }
        for item in evidence {
          effects.append(.report(.evidence(intent.clientID, item, at: now.wall)))
        }
      }
    }
  }

  private mutating func reject(
    _ intent: OrderIntent, _ refusal: OrderRefusal, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    effects.append(.report(.evidence(intent.clientID, .rejected(refusal), at: now.wall)))
  }

  /// What one status of an order reply proves; nil where it is none.
  mutating func evidence(
    _ status: JSONValue, for intent: OrderIntent
  ) -> [OrderEvidence]? {
    if let text = status["error"]?.string {
      return [.rejected(OrderRefusal(hyperliquidText: text))]
    }
    if let text = status.string {
      // Accepted and asleep; the reply leaves the venue's id out.
      let isAsleep = text == "waitingForTrigger" || text == "waitingForFill"
      return isAsleep ? [.working(venueID: 0)] : nil
    }
    guard let body = status["resting"] ?? status["filled"], let id = body["oid"]?.uint64 else {
      return nil
    }
    if let echoed = body["cloid"]?.string, ClientOrderID(echoed) != intent.clientID { return nil }
    if status["resting"] != nil {
      venueIDs.note(intent.clientID, for: id)
      return [.working(venueID: id)]
    }
    guard let total = body["totalSz"]?.fixed(Quantity.self), total > .zero,
      total <= intent.quantity, let average = body["avgPx"]?.nearest(Price.self), average > .zero
    else { return nil }
    venueIDs.note(intent.clientID, for: id)
    let filled = OrderEvidence.filled(total: total, averagePrice: average, venueID: id)
    guard total < intent.quantity else { return [filled] }
    if case .limit(_, .immediateOrCancel) = intent.pricing {
      return [filled, .cancelled(filled: total)]
    }
    return [.working(venueID: id), filled]
  }

  mutating func cancelled(
    _ ids: [ClientOrderID], _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    guard
      case .statuses(let statuses) = outcome(
        of: response, .cancel, ["cancel"], at: now, into: &effects)
    else {
      for id in ids { effects.append(.report(.cancelUnknown(id))) }
      return
    }
    let list = Array(statuses)
    for (index, id) in ids.enumerated() {
      let isShared = list.count == 1 && list[0]["error"] != nil
      let status = isShared ? list[0] : (list.count == ids.count ? list[index] : nil)
      if status?.string == "success" {
        effects.append(.report(.evidence(id, .cancelled(filled: nil), at: now.wall)))
      } else if let text = status?["error"]?.string, text.contains("was never placed") {
        effects.append(.report(.cancelRefused(id)))
      } else {
        reject(.cancel, .member("statuses"), response.body, into: &effects)
        effects.append(.report(.cancelUnknown(id)))
      }
    }
  }

  mutating func scheduled(
    _ time: Instant?, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    let types = ["default", "scheduleCancel"]
    switch outcome(of: response, .scheduleCancel, types, at: now, into: &effects) {
    case .silent: effects.append(.scheduledCancel(.unknown(.malformed)))
    case .refused(let text):
      effects.append(.scheduledCancel(.refused(Self.bounded(text))))
    case .statuses:
      effects.append(.scheduledCancel(time.map { .armed(at: $0) } ?? .cleared))
    }
  }
}

extension ClearedFamily {
  /// Parent first, as the venue wants it.
  fileprivate var intents: [OrderIntent] { [entry.intent] + exits.map(\.intent) }

  fileprivate var grouping: OrderGrouping { exits.isEmpty ? .none : .family }
}

extension OrderIntent {
  /// Whether the venue decides about it in the block in which it arrives.
  fileprivate var isImmediate: Bool {
    if case .limit(_, .immediateOrCancel) = pricing { true } else { false }
  }
}
