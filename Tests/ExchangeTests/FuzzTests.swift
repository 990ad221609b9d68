import Choice
import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Random operation sequences")
struct FuzzTests {
  private typealias Bench = VenueBench

  /// Does one random thing.
  private func step(_ bench: inout Bench, _ choices: inout ChoiceStream) {
    let account = choices.draw(below: 2) == 0 ? Bench.alice : Bench.bob
    let price = "\(choices.draw(in: 96_000...104_000))"
    let size = "0.\(choices.draw(in: 1...99))"
    let side: Side = choices.draw(below: 2) == 0 ? .buy : .sell
    let cloid = choices.draw(below: 40)
    switch choices.draw(below: 17) {
    case 0...4:
      let tif = ["Gtc", "Ioc", "Alo", "FrontendMarket"][Int(choices.draw(below: 4))]
      _ = bench.order(
        Bench.limit(
          side, size, at: price, tif, reduceOnly: choices.draw(below: 4) == 0, cloid: cloid),
        as: account)
    case 5:
      let kind = choices.draw(below: 2) == 0 ? "sl" : "tp"
      _ = bench.order(
        Bench.trigger(
          side, size, at: price, limit: price, kind: kind,
          isMarket: choices.draw(below: 2) == 0, reduceOnly: choices.draw(below: 2) == 0,
          cloid: cloid), as: account)
    case 6:
      _ = bench.order(
        Bench.limit(side, size, at: price, cloid: cloid),
        Bench.trigger(side.opposite, size, at: price, limit: price, cloid: cloid + 100),
        as: account, grouping: "normalTpsl")
    case 7, 8:
      _ = bench.act(
        #"{"type":"cancelByCloid","cancels":[{"asset":0,"#
          + #""cloid":"\#(ClientOrderID(high: 0, low: cloid))"}]}"#, as: account)
    case 9:
      _ = bench.act(
        #"{"type":"updateLeverage","asset":0,"isCross":\#(choices.draw(below: 2) == 0),"#
          + #""leverage":\#(choices.draw(in: 1...40))}"#, as: account)
    case 10:
      let dollars = Int64(choices.draw(below: 1_000)) - 400
      _ = bench.act(
        #"{"type":"updateIsolatedMargin","asset":0,"isBuy":true,"ntli":\#(dollars * 1_000_000)}"#,
        as: account)
    case 11:
      let order = Bench.limit(side, size, at: price, cloid: cloid)
      _ = bench.act(
        #"{"type":"batchModify","modifies":[{"oid":"\#(ClientOrderID(high: 0, low: cloid))","#
          + #""order":\#(order)}],"a":\#(choices.draw(below: 2) == 0)}"#, as: account)
    case 12: protect(&bench, &choices, as: account)
    case 13: send(&bench, &choices, as: account)
    case 14:
      let nonce = UInt64(bench.now.milliseconds) + 1_000_000 + choices.draw(below: 1_000_000)
      _ = bench.act(
        #"{"type":"usdClassTransfer","amount":"\#(choices.draw(below: 3_000))","#
          + #""toPerp":\#(choices.draw(below: 2) == 0),"nonce":\#(nonce),"#
          + #""signatureChainId":"0x1","hyperliquidChain":"Mainnet"}"#,
        as: account, nonce: nonce)
    case 15:
      let faults: [VenueFault] = [
        .externalTrade(account, "BTC", "0.3", announced: false),
        .externalOrder(account, "BTC", side, "0.2", "99000"), .externalCancel(account, "BTC"),
        .liquidation(account, "BTC"), .extraFunding("BTC", FundingRate(steps: 1_000_000)),
        .markJump("BTC", partsPerMillion: 30_000, for: .seconds(5)),
        .transfer(account, Money(whole: 1_000)), .halted(true), .halted(false),
      ]
      bench.venue.apply(faults[Int(choices.draw(below: UInt64(faults.count)))])
    default: bench.advance(by: .seconds(choices.draw(in: 1...20)))
    }
  }

  /// Places a stop and a target for the position, with sizes of their own or without.
  private func protect(
    _ bench: inout Bench, _ choices: inout ChoiceStream, as account: AccountAddress
  ) {
    let size = choices.draw(below: 2) == 0 ? "0" : "0.\(choices.draw(in: 1...99))"
    let side: Side = choices.draw(below: 2) == 0 ? .buy : .sell
    let far = "\(choices.draw(in: 90_000...99_000))"
    let high = "\(choices.draw(in: 101_000...110_000))"
    _ = bench.order(
      Bench.trigger(side, size, at: side == .sell ? far : high, limit: high),
      Bench.trigger(side, size, at: side == .sell ? high : far, limit: far, kind: "tp"),
      as: account, grouping: "positionTpsl")
  }

  /// Sends money to the other account, or out of the venue.
  private func send(
    _ bench: inout Bench, _ choices: inout ChoiceStream, as account: AccountAddress
  ) {
    let time = UInt64(bench.now.milliseconds) + 3_000_000 + choices.draw(below: 1_000_000)
    let type = choices.draw(below: 2) == 0 ? "usdSend" : "withdraw3"
    let other = account == Bench.alice ? Bench.bob : Bench.alice
    _ = bench.act(
      #"{"type":"\#(type)","destination":"\#(other)","amount":"\#(choices.draw(below: 3_000))","#
        + #""time":\#(time),"signatureChainId":"0x1","hyperliquidChain":"Testnet"}"#,
      as: account, nonce: time)
  }

  private func check(_ bench: Bench, _ seed: UInt64, _ index: Int) {
    let place = "seed \(seed), step \(index)"
    if let imbalance = bench.imbalance() { Issue.record("\(place): \(imbalance)") }
    for account in [Bench.alice, Bench.bob] {
      checkMargin(bench, account, place)
      for order in bench.venue.openOrders(of: account) {
        let isOpen = order.remaining > .zero || (order.takesWholePosition && order.sleeps)
        #expect(order.isOpen && isOpen, "\(place): \(order)")
        #expect(order.remaining <= order.quantity, "\(place): \(order)")
      }
    }
    // Accounts' resting orders never cross one another or the background.
    if let book = bench.venue.book(of: "BTC", depth: 1), let bid = book.bids.first,
      let ask = book.asks.first
    {
      #expect(bid.price < ask.price, "\(place): \(bid.price) and \(ask.price)")
    }
  }

  /// Money is behind isolated positions or behind all others, and none is behind what is not held.
  private func checkMargin(_ bench: Bench, _ address: AccountAddress, _ place: String) {
    guard let account = bench.venue.accountOf[address] else { return }
    var value = bench.venue.crossValue(account)
    for (asset, position) in bench.venue.ledger[account].positions.enumerated() {
      if position.isIsolated, !position.quantity.isZero {
        value += bench.venue.isolatedEquity(account, asset)
      } else {
        #expect(position.isolatedCash.isZero, "\(place): \(position)")
      }
    }
    #expect(value == bench.venue.accountValue(account), "\(place)")
    #expect(bench.venue.ledger[account].spot >= .zero, "\(place)")
  }

  private func checkFills(_ bench: Bench, _ seed: UInt64) {
    for account in [Bench.alice, Bench.bob] {
      var filled: [UInt64: Quantity] = [:]
      for fill in bench.venue.fills(of: account) {
        filled[fill.orderID, default: .zero] += fill.quantity
        guard let order = bench.venue.order(id: fill.orderID) else { continue }
        let distance = (fill.price.steps - order.limit.steps) * order.side.sign
        #expect(
          distance <= 0 || fill.liquidation != nil, "seed \(seed): \(fill) beyond \(order)")
        #expect(filled[fill.orderID, default: .zero] <= order.quantity, "seed \(seed): \(order)")
        if order.isReduceOnly, fill.liquidation == nil {
          let left = fill.startPosition.steps + fill.quantity.steps * fill.side.sign
          #expect(
            left.magnitude < fill.startPosition.steps.magnitude
              && (left == 0 || left.signum() == fill.startPosition.steps.signum()),
            "seed \(seed): \(fill) turned the position")
        }
      }
    }
  }

  private func run(_ seed: UInt64, steps: Int, checked: Bool) -> Bench {
    var choices = Chooser.seeded(seed).stream("operations")
    var bench = Bench(
      btc: .walk(RandomWalk(price: "100000", dailyVolatility: 200_000, jumpsPerDay: 200)),
      seed: seed, deposit: Money(whole: 20_000))
    bench.open()
    _ = bench.subscribe(#"{"type":"candle","coin":"BTC","interval":"1m"}"#)
    _ = bench.subscribe(#"{"type":"bbo","coin":"BTC"}"#)
    for channel in ["orderUpdates", "userEvents", "userFills", "clearinghouseState"] {
      _ = bench.subscribe(#"{"type":"\#(channel)","user":"\#(Bench.alice)"}"#)
    }
    for index in 0..<steps {
      step(&bench, &choices)
      if checked { check(bench, seed, index) }
    }
    return bench
  }

  @Test("whatever is done, nothing is made from nothing and no rule is broken", arguments: 1...12)
  func invariants(seed: UInt64) {
    let bench = run(seed, steps: 250, checked: true)
    checkFills(bench, seed)
    #expect(bench.venue.accounts.map(\.fillCount).reduce(0, +) > 5, "seed \(seed) traded little")
  }

  @Test("the same inputs make the same bytes", arguments: [1, 2])
  func determinism(seed: UInt64) {
    let first = run(seed, steps: 150, checked: false)
    let second = run(seed, steps: 150, checked: false)
    #expect(first.outputs == second.outputs)
    let other = run(seed + 50, steps: 150, checked: false)
    #expect(first.outputs != other.outputs)
  }

  @Test("no bytes make the venue trap, and none that are no request move it", arguments: 1...8)
  func bytes(seed: UInt64) {
    var choices = Chooser.seeded(seed).stream("bytes")
    var bench = Bench()
    bench.open()
    let samples = [
      bench.envelope(
        #"{"type":"order","orders":[\#(Bench.limit(.buy, "0.01", at: "90000"))],"grouping":"na"}"#),
      #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"1m","startTime":1,"endTime":2}}"#,
      #"{"method":"subscribe","subscription":{"type":"l2Book","coin":"BTC","nSigFigs":3}}"#,
      #"{"type":"userFillsByTime","user":"\#(Bench.alice)","startTime":5,"endTime":1}"#,
      #"{"type":"activeAssetData","user":"\#(Bench.alice)","coin":"BTC"}"#,
      #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"1M","startTime":1,"endTime":2}}"#,
      bench.envelope(
        #"{"type":"approveAgent","agentAddress":"\#(Bench.bob)","agentName":"a valid_until 9","#
          + #""nonce":1,"signatureChainId":"0x1","hyperliquidChain":"Testnet"}"#),
      bench.envelope(#"{"type":"updateIsolatedMargin","asset":0,"isBuy":true,"ntli":-5}"#),
      bench.envelope(
        #"{"type":"usdSend","destination":"\#(Bench.bob)","amount":"1","time":1,"#
          + #""signatureChainId":"0x1","hyperliquidChain":"Testnet"}"#),
      bench.envelope(
        #"{"type":"order","orders":[\#(Bench.limit(.buy, "0.01", at: "90000", "Alo"))],"#
          + #""grouping":{"p":7}}"#),
      #"{"type":"userFillsByTime","user":"\#(Bench.alice)","startTime":1,"reversed":true}"#,
      #"{"type":"l2Book","coin":"BTC","nSigFigs":5,"mantissa":2}"#,
      bench.envelope(
        #"{"type":"modify","oid":1,"order":\#(Bench.limit(.buy, "0.01", at: "90000"))}"#),
    ]
    for _ in 0..<1_000 {
      var body = Array(samples[Int(choices.draw(below: UInt64(samples.count)))].utf8)
      for _ in 0...choices.draw(below: 3) where !body.isEmpty {
        let place = Int(choices.draw(below: UInt64(body.count)))
        switch choices.draw(below: 4) {
        case 0: body[place] = UInt8(truncatingIfNeeded: choices.draw(below: 256))
        case 1: body.remove(at: place)
        case 2: body.insert(contentsOf: Array("99999999999999999999".utf8), at: place)
        default: body = Array(body.prefix(place))
        }
      }
      let path = choices.draw(below: 2) == 0 ? "/exchange" : "/info"
      bench.venue.handle(
        .call(CallID(number: 1), VenueCall(method: .post, target: path, body: body)), at: bench.now,
        into: &bench.outputs)
      bench.venue.handle(
        .frame(SessionID(number: 1), body), at: bench.now, into: &bench.outputs)
    }
    #expect(bench.imbalance() == nil)
    #expect(bench.venue.fills(of: Bench.alice).isEmpty)
  }

  @Test("an hour with thousands of resting orders publishes the same market")
  func crowdedBook() {
    func frames(_ count: Int) -> ([String], Bench) {
      var bench = Bench(
        btc: .walk(RandomWalk(price: "100000")), deposit: Money(whole: 10_000_000))
      for index in 0..<count {
        _ = bench.order(
          Bench.limit(.buy, "0.001", at: "\(50_000 + index)"),
          as: index % 2 == 0 ? Bench.alice : Bench.bob)
      }
      bench.open()
      _ = bench.subscribe(#"{"type":"candle","coin":"BTC","interval":"1m"}"#)
      return (bench.frames { $0.advance(by: .minutes(10)) }, bench)
    }
    let (empty, _) = frames(0)
    let (crowded, bench) = frames(1_998)
    #expect(empty == crowded)
    #expect(bench.venue.openOrders(of: Bench.alice).count == 999)
  }
}
