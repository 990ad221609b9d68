import Exchange
import Market
import Testing
@testable import Venues

@testable import Risk

@Suite("With our own client")
struct ClientTests {
  private func connected() -> ClientBench {
    var wire = ClientBench(
      VenueBench(btc: .walk(RandomWalk(price: "100000"))), series: [.m1, .m15])
    wire.perform { $0.start(at: $1, into: &$2) }
    return wire
  }

  private func rejections(_ wire: ClientBench) -> [RejectedInput] {
    wire.events.compactMap { event in
      if case .rejected(let input) = event { input } else { nil }
    }
  }

  private func intent(
    _ number: UInt64, _ side: Side, _ quantity: Quantity, _ pricing: OrderPricing,
    role: OrderRole = .entry
  ) -> Cleared {
    Cleared(
      OrderIntent(
        clientID: ClientOrderID(high: 1, low: number), strategy: "test", symbol: "BTC",
        role: role, side: side, quantity: quantity, pricing: pricing,
        isReduceOnly: role != .entry))
  }

  private func evidence(_ wire: ClientBench, _ number: UInt64) -> [OrderEvidence] {
    wire.events.compactMap { event in
      if case .report(.evidence(ClientOrderID(high: 1, low: number), let evidence, _)) = event {
        evidence
      } else {
        nil
      }
    }
  }

  @Test("every stream is understood, and nothing is rejected")
  func streams() {
    var wire = connected()
    wire.advance(by: .minutes(3))
    #expect(rejections(wire).isEmpty, "\(rejections(wire))")
    #expect(wire.events.contains(.feed(.subscribed)))
    var kinds: Set<String> = []
    for case .market(let event) in wire.events {
      switch event {
      case .candle: kinds.insert("candle")
      case .closedCandle: kinds.insert("closed")
      case .trade: kinds.insert("trade")
      case .quote: kinds.insert("quote")
      case .book: kinds.insert("book")
      case .context: kinds.insert("context")
      case .mid: kinds.insert("mid")
      default: break
      }
    }
    #expect(
      kinds.isSuperset(of: ["candle", "trade", "quote", "book", "context", "mid"]), "\(kinds)")
    let listed = wire.events.compactMap { event in
      if case .instruments(let list) = event { list } else { nil }
    }
    #expect(listed.first?.map(\.symbol) == ["BTC", "ETH"])
    #expect(listed.first?.first?.maximumLeverage == 40)
  }

  @Test("orders, cancels and triggers are answered as evidence that agrees with the venue")
  func orders() throws {
    var wire = connected()
    wire.advance(by: .seconds(5))
    let bought = intent(
      1, .buy, "0.2", .limit(price: "110000", timeInForce: .immediateOrCancel))
    let rests = intent(2, .buy, "0.1", .limit(price: "80000", timeInForce: .goodTilCancelled))
    let stop = intent(3, .sell, "0.2", .trigger(trigger: "90000", worst: "85000"), role: .stop)
    let bad = intent(4, .buy, "0.1", .limit(price: "110000", timeInForce: .addLiquidityOnly))
    for order in [bought, rests, stop, bad] {
      wire.perform { $0.submit([order], at: $1, into: &$2) }
    }
    wire.perform {
      $0.cancel([("BTC", ClientOrderID(high: 1, low: 2))], at: $1, into: &$2)
    }
    wire.advance(by: .seconds(5))
    #expect(rejections(wire).isEmpty, "\(rejections(wire))")
    let filled = evidence(wire, 1).contains { item in
      if case .filled(let total, _, _) = item { total == Quantity("0.2") } else { false }
    }
    #expect(filled, "\(evidence(wire, 1))")
    let stopID = try #require(
      wire.bench.venue.order(of: VenueBench.alice, clientID: stop.intent.clientID)?.id)
    #expect(evidence(wire, 3).contains(.working(venueID: stopID)))
    #expect(evidence(wire, 4).contains(.rejected(.wouldMatch)))
    let cancelled = evidence(wire, 2).contains { item in
      if case .cancelled = item { true } else { false }
    }
    #expect(cancelled, "\(evidence(wire, 2))")
    let fills = wire.events.compactMap { event in
      if case .report(.fill(let fill)) = event { fill } else { nil }
    }
    let truth = wire.bench.venue.fills(of: VenueBench.alice)
    #expect(fills.map(\.tradeID) == truth.map(\.tradeID))
    #expect(fills.map(\.fee) == truth.map(\.fee))
    #expect(fills.map(\.quantity) == truth.map(\.quantity))
  }

  @Test("modifications, leverage, foreign cancels and the action budget agree with the venue")
  func actions() throws {
    var wire = connected()
    func resting(_ number: UInt64, _ price: Price) -> Cleared {
      intent(number, .buy, "0.1", .limit(price: price, timeInForce: .goodTilCancelled))
    }
    wire.perform { $0.submit([resting(1, "99000")], at: $1, into: &$2) }
    let first = ClientOrderID(high: 1, low: 1)
    wire.perform { $0.modify(first, to: resting(2, "98000"), at: $1, into: &$2) }
    #expect(evidence(wire, 1).last == .cancelled(filled: .zero))
    #expect(evidence(wire, 2).first == .working(venueID: 0))
    let open = wire.bench.venue.openOrders(of: VenueBench.alice)
    #expect(open.map(\.limit) == ["98000"])
    // It crosses: the client knows by the quote, and nothing is sent.
    let second = ClientOrderID(high: 1, low: 2)
    wire.perform { $0.modify(second, to: resting(3, "101000"), at: $1, into: &$2) }
    #expect(evidence(wire, 3) == [.rejected(.wouldMatch)])
    wire.perform { $0.modify(first, to: resting(4, "97000"), at: $1, into: &$2) }
    #expect(evidence(wire, 4) == [.rejected(.other)])
    wire.perform { $0.setLeverage(7, isCross: true, of: "ETH", at: $1, into: &$2) }
    #expect(wire.events.contains(.action(.leverage("ETH", .accepted))))
    wire.perform { $0.setLeverage(41, isCross: true, of: "BTC", at: $1, into: &$2) }
    #expect(
      wire.events.contains(.action(.leverage("BTC", .refused("Invalid leverage value")))))
    let id = try #require(open.first?.id)
    wire.perform { $0.cancel(venueOrders: [("BTC", id)], at: $1, into: &$2) }
    #expect(wire.events.contains(.action(.cancel(venueID: id, .accepted))))
    #expect(evidence(wire, 2).last == .cancelled(filled: .zero))
    wire.perform { $0.refreshActionBudget(at: $1, into: &$2) }
    let used = wire.bench.venue.account(VenueBench.alice)?.actionsUsed
    #expect(used == 6)
    #expect(wire.client.actions.left == 9_994)
  }

  @Test("account, orders and unknown ids are read back")
  func account() {
    var wire = connected()
    wire.advance(by: .seconds(5))
    wire.bench.venue.apply(.externalTrade(VenueBench.alice, "BTC", "-0.3", announced: true))
    wire.bench.venue.apply(.externalOrder(VenueBench.alice, "BTC", .buy, "0.1", "80000"))
    wire.perform {
      $0.refreshAccount(fillsSince: VenueBench.start, at: $1, into: &$2)
      $0.queryOrder(ClientOrderID(high: 1, low: 77), at: $1, into: &$2)
    }
    wire.advance(by: .seconds(20))
    #expect(rejections(wire).isEmpty, "\(rejections(wire))")
    let snapshots = wire.events.compactMap { event in
      if case .account(let snapshot) = event { snapshot } else { nil }
    }
    #expect(snapshots.last?.positions.map(\.quantity) == ["-0.3"])
    let lists = wire.events.compactMap { event in
      if case .openOrders(let list, _) = event { list } else { nil }
    }
    #expect(lists.last?.map(\.remaining) == ["0.1"])
    #expect(evidence(wire, 77) == [.notFound])
    let foreign = wire.events.contains { event in
      if case .foreignFill(let fill) = event { fill.symbol == "BTC" } else { false }
    }
    #expect(foreign)
  }

  @Test(
    "every bogus frame is rejected and counted, and moves nothing",
    arguments: [
      BogusFrame.wrongSymbol, .zeroPrice, .truncated, .negativeVolume, .invertedRange, .notText,
      .unknownChannel,
    ])
  func bogus(kind: BogusFrame) {
    var wire = connected()
    wire.advance(by: .seconds(5))
    wire.bench.venue.apply(.bogusFrame(kind))
    wire.advance(by: .seconds(5))
    #expect(!rejections(wire).isEmpty, "\(kind)")
  }
}
