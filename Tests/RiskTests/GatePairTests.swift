import Choice
import Market
import Testing

@testable import Risk

/// The gate over both legs of a pair.
@Suite struct GatePairTests {
  static let seed: UInt64 = 37

  /// A leg at `price` with its stop and target so many basis points away.
  private static func request(
    _ symbol: Symbol, decimals: Int, _ side: Side, price: Int64, stop: Int64, target: Int64,
    slots: Int
  ) throws -> EntryRequest {
    let instrument = try #require(
      Instrument(symbol: symbol, sizeDecimals: decimals, maximumLeverage: 40))
    let entry = Price(whole: price)
    func away(_ basisPoints: Int64) -> Price {
      Price(steps: entry.steps + side.sign * entry.steps / 10_000 * basisPoints)
    }
    return EntryRequest(
      clientID: ClientOrderID(high: 1, low: UInt64(slots)), strategy: "pair_flow",
      instrument: instrument, side: side, entry: entry, fillEstimate: entry, limit: away(4),
      timeInForce: .immediateOrCancel, stop: away(-stop), target: away(target),
      validUntil: Instant(nanoseconds: 1_700_000_060_000_000_000), slots: slots)
  }

  private static func clear(
    _ first: EntryRequest, _ second: EntryRequest, hedge: Fraction,
    _ change: (inout GateCase) -> Void = { _ in }
  ) -> Result<ClearedPair, RejectReason> {
    let state = GateCase().with(change)
    return Gate(limits: .paperDefault).clearPair(
      first, second, hedge: hedge, account: state.account, symbols: (state.symbol, state.symbol))
  }

  @Test("sizes keep to the hedge within a lot, and neither grows") func hedged() throws {
    var stream = Chooser.seeded(Self.seed).stream("pairs")
    let gate = Gate(limits: .paperDefault)
    var cleared = 0
    for _ in 0..<500 {
      let stop = stream.draw(in: 40...200)
      let hedge = Fraction(steps: stream.draw(in: 30_000_000...300_000_000))
      let first = try Self.request(
        "BTC", decimals: 5, .buy, price: stream.draw(in: 20_000...100_000), stop: stop,
        target: stop * 3, slots: 2)
      let other = Int64(Double(stop) / (Double(hedge.steps) / 1e8))
      let second = try Self.request(
        "ETH", decimals: 4, .sell, price: stream.draw(in: 1_000...5_000), stop: other,
        target: other * 3, slots: 1)
      guard case .success(let pair) = Self.clear(first, second, hedge: hedge) else { continue }
      cleared += 1
      let one = Double(pair.first.order.intent.quantity.steps) * Double(first.entry.steps)
      let two = Double(pair.second.order.intent.quantity.steps) * Double(second.entry.steps)
      let lots =
        Double(first.instrument.lot.steps) * Double(first.entry.steps) * Double(hedge.steps) / 1e8
        + Double(second.instrument.lot.steps) * Double(second.entry.steps)
      #expect(abs(two - one * Double(hedge.steps) / 1e8) <= lots, "seed \(Self.seed)")
      let account = GateCase().account
      guard
        case .success(let alone) = gate.clearEntry(
          first, account: account, symbol: GateCase().symbol)
      else {
        Issue.record("the first leg clears by itself")
        continue
      }
      #expect(pair.first.order.intent.quantity <= alone.order.intent.quantity)
      #expect(pair.first.risk <= alone.risk && pair.first.notional <= alone.notional)
    }
    #expect(cleared > 100)
  }

  @Test("neither leg clears where one is refused") func together() throws {
    let first = try Self.request(
      "BTC", decimals: 5, .buy, price: 60_000, stop: 100, target: 300, slots: 2)
    let second = try Self.request(
      "ETH", decimals: 4, .sell, price: 3_000, stop: 100, target: 300, slots: 1)
    guard case .success = Self.clear(first, second, hedge: "1") else {
      Issue.record("the pair clears")
      return
    }
    let tight = try Self.request(
      "ETH", decimals: 4, .sell, price: 3_000, stop: 1, target: 300, slots: 1)
    #expect(Self.clear(first, tight, hedge: "1").reason == .stopTooTight)
    #expect(Self.clear(first, second, hedge: "0").reason == .malformed)
    // Two of three slots are taken: AR-5.
    #expect(
      Self.clear(first, second, hedge: "1") { $0.account.slotsInUse = 2 }.reason
        == .maximumPositions)
    // The hedge makes the second leg smaller than the venue takes.
    #expect(Self.clear(first, second, hedge: "0.0001").reason == .minimumNotional)
  }

  @Test("the second leg sees what the first has taken") func heat() throws {
    let first = try Self.request(
      "BTC", decimals: 5, .buy, price: 60_000, stop: 100, target: 300, slots: 2)
    let second = try Self.request(
      "ETH", decimals: 4, .sell, price: 3_000, stop: 100, target: 300, slots: 1)
    // Heat leaves room for the first leg alone: the second would be below the venue's minimum.
    let limit = dollars(10_000) * Gate(limits: .paperDefault).limits[.portfolioHeatBasisPoints]
    let full = Self.clear(first, second, hedge: "1") {
      $0.account.heat = limit / 10_000 - dollars(100)
    }
    #expect(full.reason == .minimumNotional)
    // With room for both it clears, and both risks are inside it.
    let roomy = try Self.clear(first, second, hedge: "1") {
      $0.account.heat = limit / 10_000 - dollars(200)
    }.get()
    #expect(roomy.first.risk + roomy.second.risk <= Money(steps: dollars(200)))
    #expect(roomy.first.risk > Money(steps: dollars(90)))
  }
}

extension Result where Failure == RejectReason {
  /// Why not.
  fileprivate var reason: RejectReason? {
    guard case .failure(let reason) = self else { return nil }
    return reason
  }
}
