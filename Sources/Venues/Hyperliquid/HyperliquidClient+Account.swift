public import Market
public import Risk

// Our account: what it holds, what rests, what was executed.
extension HyperliquidClient {
  /// Asks what became of an order.
  ///
  /// The answer is evidence, or ``ClientEffect/requestFailed(_:_:)``.
  public mutating func queryOrder(
    _ clientID: ClientOrderID, at now: Now, into effects: inout [ClientEffect]
  ) {
    enqueue(.info(.orderStatus(clientID)), at: now, into: &effects)
  }

  /// Asks for positions, money and resting orders, and for executions since a time.
  public mutating func refreshAccount(
    fillsSince: Instant?, at now: Now, into effects: inout [ClientEffect]
  ) {
    enqueue(.info(.account), at: now, into: &effects)
    enqueue(.info(.openOrders), at: now, into: &effects)
    if let fillsSince { enqueue(.info(.fills(since: fillsSince)), at: now, into: &effects) }
  }

  /// Asks for the candles that open from `from` to `to`, both included; closed ones are reported.
  ///
  /// It asks again until the venue answers; ``FeedStatus/gapFilled(_:_:from:to:candles:)`` ends it.
  public mutating func backfill(
    _ series: CandleSeries, from: Instant, to: Instant, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    let first = series.timeframe.open(containing: from)
    let last = series.timeframe.open(containing: to)
    guard first <= last else { return }
    enqueue(
      .info(.candles(series.symbol, series.timeframe, from: first, to: last)), at: now,
      into: &effects)
  }

  /// Asks for reference figures of every configured symbol.
  public mutating func refreshContexts(at now: Now, into effects: inout [ClientEffect]) {
    enqueue(.info(.contexts), at: now, into: &effects)
  }

  /// Asks for the mid of every configured symbol.
  public mutating func refreshMids(at now: Now, into effects: inout [ClientEffect]) {
    enqueue(.info(.mids), at: now, into: &effects)
  }

  /// Asks for the whole book of a symbol.
  public mutating func refreshBook(
    _ symbol: Symbol, at now: Now, into effects: inout [ClientEffect]
  ) {
    enqueue(.info(.book(symbol)), at: now, into: &effects)
  }

  mutating func orderUpdates(
    _ value: JSONValue, _ bytes: [UInt8], at now: Now, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    guard let elements = value.elements else { throw .member("data") }
    for element in elements {
      do throws(WireFault) {
        let order = try AccountWire.order(element)
        report(order, into: &effects)
        timed(.orderUpdates, order.time, at: now, into: &effects)
      } catch {
        reject(.orderUpdates, error.reason, bytes, into: &effects)
      }
    }
  }

  /// Reports on an order of ours; one of somebody else is none of our business.
  private mutating func report(
    _ order: AccountWire.WireOrder, into effects: inout [ClientEffect]
  ) {
    guard let clientID = order.clientID ?? venueIDs[order.venueID] else { return }
    venueIDs.note(clientID, for: order.venueID)
    for evidence in order.evidence {
      effects.append(.report(.evidence(clientID, evidence, at: order.time)))
    }
  }

  mutating func userFills(
    _ value: JSONValue, _ bytes: [UInt8], at now: Now, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    guard let user = value["user"]?.string.flatMap({ Address($0) }), user == configuration.user
    else { throw .member("user") }
    let isSnapshot = value["isSnapshot"]?.bool ?? false
    let newest = deliver(
      try value.list("fills"), .userFills, bytes, at: now, into: &effects)
    if !isSnapshot, let newest { timed(.userFills, newest, at: now, into: &effects) }
  }

  mutating func userFundings(
    _ value: JSONValue, _ bytes: [UInt8], into effects: inout [ClientEffect]
  ) throws(WireFault) {
    guard let user = value["user"]?.string.flatMap({ Address($0) }), user == configuration.user
    else { throw .member("user") }
    var list: [FundingReceipt] = []
    for element in try value.list("fundings") {
      do throws(WireFault) {
        list.append(try AccountWire.funding(element))
      } catch {
        reject(.userFundings, error.reason, bytes, into: &effects)
      }
    }
    list.sort { $0.time != $1.time ? $0.time < $1.time : $0.symbol < $1.symbol }
    for receipt in list where fundings.insert(receipt) { effects.append(.funding(receipt)) }
  }

  /// Reports executions that are new, oldest first; returns the newest time.
  private mutating func deliver(
    _ elements: JSONElements, _ kind: InputKind, _ bytes: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) -> Instant? {
    var list: [AccountWire.WireFill] = []
    for element in elements {
      do throws(WireFault) {
        list.append(try AccountWire.fill(element, of: configuration.user))
      } catch {
        reject(kind, error.reason, bytes, into: &effects)
      }
    }
    if let first = list.first, let last = list.last, first.fill.time > last.fill.time {
      list.reverse()
    }
    for entry in list {
      let fill = entry.fill
      let key = TradeKey(
        symbol: fill.symbol, time: fill.time, id: fill.tradeID, side: fill.side)
      guard fill.time >= configuration.fillsSince, fills.insert(key) else { continue }
      actions.earn(fill.price.notional(of: fill.quantity, .down) ?? .zero, at: fill.time)
      guard let clientID = entry.clientID ?? venueIDs[fill.venueID] else {
        effects.append(.foreignFill(fill))
        continue
      }
      venueIDs.note(clientID, for: fill.venueID)
      effects.append(
        .report(
          .fill(
            Fill(
              clientID: clientID, symbol: fill.symbol, side: fill.side, price: fill.price,
              quantity: fill.quantity, fee: fill.fee, tradeID: fill.tradeID, time: fill.time))))
    }
    return list.map(\.fill.time).max()
  }

  /// Takes a list of executions, and asks for the rest of a list that was cut off.
  mutating func executions(
    _ value: JSONValue, since: Instant, _ body: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) -> Bool {
    guard let elements = value.elements else {
      reject(.fills, .member("array"), body, into: &effects)
      return false
    }
    let newest = deliver(elements, .fills, body, at: now, into: &effects)
    let count = elements.count
    ledger.spend(count / 20, at: now.monotonic)
    if count >= Self.fillPage, let newest {
      let next = newest > since ? newest : newest + .milliseconds(1)
      enqueue(.info(.fills(since: next)), at: now, into: &effects)
    }
    return true
  }

  /// Takes the answer to a question about one order.
  mutating func orderStatus(
    _ clientID: ClientOrderID, _ value: JSONValue, _ body: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) -> Bool {
    switch value["status"]?.string {
    case "unknownOid":
      if let expiry = expiry(of: clientID), now.monotonic < expiry {
        // The order may still be on its way: the venue's "no" counts once it can no longer arrive.
        enqueue(
          .info(.orderStatus(clientID)), notBefore: expiry, at: now, into: &effects)
      } else {
        effects.append(.report(.evidence(clientID, .notFound, at: now.wall)))
      }
      return true
    case "order":
      do throws(WireFault) {
        let order = try AccountWire.order(value.required("order"))
        guard order.clientID ?? clientID == clientID else { throw .inconsistent }
        venueIDs.note(clientID, for: order.venueID)
        for evidence in order.evidence {
          effects.append(.report(.evidence(clientID, evidence, at: order.time)))
        }
        return true
      } catch {
        reject(.orderStatus, error.reason, body, into: &effects)
        return false
      }
    default:
      reject(.orderStatus, .member("status"), body, into: &effects)
      return false
    }
  }

  /// When the venue can no longer accept an order: ours by its expiry, an earlier run's by the time
  /// that has passed since this one started.
  private func expiry(of clientID: ClientOrderID) -> Monotonic? {
    if let known = expiries.last(where: { $0.clientID == clientID }) { return known.at }
    return startedAt.map { $0 + configuration.orderLifetime + configuration.clockTolerance }
  }

  /// The shortest list of executions that may have been cut off.
  private static var fillPage: Int { 500 }
}
