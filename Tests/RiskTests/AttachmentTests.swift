import Market
import Testing

@testable import Risk

/// Exits that leave with their entry: only what closes exactly that entry, and waits, may.
@Suite("Attached exits") struct AttachmentTests {
  private let gate = Gate(limits: .exchangeDefault)

  private func entry(_ side: Side = .buy) throws -> ClearedEntry {
    let sample = side == .buy ? GateCase() : GateCase().mirrored
    let instrument = try #require(
      Instrument(symbol: "BTC", sizeDecimals: 5, maximumLeverage: 40))
    let request = EntryRequest(
      clientID: ClientOrderID(high: 0, low: 1), strategy: "wick_flow", instrument: instrument,
      side: side, entry: Price(steps: sample.trade.entry),
      fillEstimate: Price(steps: sample.trade.fillEstimate),
      limit: Price(steps: sample.trade.worstPrice), timeInForce: .immediateOrCancel,
      stop: Price(steps: sample.trade.stop), target: Price(steps: sample.trade.target),
      validUntil: Instant(nanoseconds: sample.trade.validUntil))
    return try gate.clearEntry(request, account: sample.account, symbol: sample.symbol).get()
  }

  private func exit(
    _ role: OrderRole, of entry: ClearedEntry, trigger: Price, number: UInt64 = 2,
    side: Side? = nil, quantity: Quantity? = nil, isReduceOnly: Bool = true,
    symbol: Symbol = "BTC"
  ) -> OrderIntent {
    let parent = entry.order.intent
    return OrderIntent(
      clientID: ClientOrderID(high: 0, low: number), strategy: parent.strategy, symbol: symbol,
      role: role, side: side ?? parent.side.opposite, quantity: quantity ?? parent.quantity,
      pricing: .trigger(trigger: trigger, worst: trigger), isReduceOnly: isReduceOnly)
  }

  private func refusal(_ exits: OrderIntent..., of entry: ClearedEntry) -> AttachmentRefusal? {
    guard case .failure(let refusal) = gate.attach(exits, to: entry) else { return nil }
    return refusal
  }

  @Test("stop and target of either side leave with their entry", arguments: [Side.buy, .sell])
  func passes(side: Side) throws {
    let entry = try entry(side)
    let stop: Price = side == .buy ? "97500" : "98900"
    let target: Price = side == .buy ? "100000" : "96400"
    let exits = [
      exit(.stop, of: entry, trigger: stop), exit(.target, of: entry, trigger: target, number: 3),
    ]
    let family = try gate.attach(exits, to: entry).get()
    #expect(family.entry == entry.order)
    #expect(family.exits.map(\.intent) == exits)
    #expect(entry.alone.exits.isEmpty)
    // Each on the other's side of the entry.
    #expect(refusal(exit(.stop, of: entry, trigger: target), of: entry) == .wrongSide)
    #expect(refusal(exit(.target, of: entry, trigger: stop), of: entry) == .wrongSide)
  }

  @Test("what would not exactly close the entry's position stays behind")
  func refuses() throws {
    let entry = try entry()
    let whole = entry.order.intent.quantity
    let lot = Quantity(steps: 1_000)
    let limit: Price = "98249"
    func stop(
      _ trigger: Price = "97500", number: UInt64 = 2, side: Side? = nil,
      quantity: Quantity? = nil, isReduceOnly: Bool = true, symbol: Symbol = "BTC"
    ) -> OrderIntent {
      exit(
        .stop, of: entry, trigger: trigger, number: number, side: side, quantity: quantity,
        isReduceOnly: isReduceOnly, symbol: symbol)
    }
    #expect(refusal(stop(quantity: whole - lot), of: entry) == .otherSize)
    #expect(refusal(stop(quantity: whole + lot), of: entry) == .reduction(.flips))
    #expect(refusal(stop(side: .buy), of: entry) == .reduction(.increases))
    #expect(refusal(stop(isReduceOnly: false), of: entry) == .reduction(.notReduceOnly))
    #expect(refusal(stop(symbol: "ETH"), of: entry) == .notProtective)
    #expect(refusal(stop(limit), of: entry) == .wrongSide, "it would wake at the fill")
    #expect(
      refusal(stop(), stop(number: 3), of: entry) == .reduction(.exceedsPosition),
      "two stops of the whole")
    #expect(refusal(exit(.exit, of: entry, trigger: "97500"), of: entry) == .notProtective)
    #expect(refusal(exit(.entry, of: entry, trigger: "97500"), of: entry) == .reduction(.isEntry))
    let immediate = OrderIntent(
      clientID: ClientOrderID(high: 0, low: 2), strategy: "wick_flow", symbol: "BTC", role: .stop,
      side: .sell, quantity: whole,
      pricing: .limit(price: "97500", timeInForce: .immediateOrCancel), isReduceOnly: true)
    #expect(refusal(immediate, of: entry) == .notProtective, "it would trade at once")
  }

  @Test("values beyond the bounds are refused and trap nothing")
  func bounds() {
    let malformed = AttachmentRefusal.reduction(.malformed)
    func judged(_ change: (inout AttachedExit<Int64>) -> Void) -> AttachmentRefusal? {
      var attachment = AttachedExit<Int64>(
        exit: Reduction(
          role: .stop, isBuy: false, isReduceOnly: true, quantity: 5, price: 90, position: 5,
          outstanding: 0), trigger: 95, entryPrice: 100)
      change(&attachment)
      return judgeAttachment(attachment, in: Integers())
    }
    #expect(judged { _ in } == nil)
    #expect(judged { $0.trigger = 0 } == malformed)
    #expect(judged { $0.trigger = Int64.max } == malformed)
    #expect(judged { $0.entryPrice = Int64.min } == malformed)
    #expect(judged { $0.exit.quantity = Int64.max } == malformed)
    #expect(judged { $0.exit.position = Int64.min } == malformed)
  }
}
