import Market

@testable import Risk
@testable import Venues

/// The Hyperliquid client, with streams, an account and orders.
///
/// Besides the rules of every client: requests in flight are exactly those that the host still owes
/// an end, the queue keeps its limit, and every order of a request that has ended is reported on.
///
/// The owner's commands: `!s` submits an order, `!r` a reduce-only one, `!t` a trigger, `!p` two at
/// once, `!M` modifies, `!c` cancels, `!F` cancels by the venue's id, `!L` sets the leverage, `!?`
/// asks for an order, `!g` reads a gap, `!v` reads the account, `!u` what is left of its actions,
/// `!h`, `!m`, `!k` contexts, mids and a book, `!d` and `!D` set and clear the dead-man's switch;
/// the number behind the letter is the order's.
enum HyperliquidClientTarget: ClientTarget {
  typealias Client = HyperliquidClient

  static let name = "hyperliquid-client"
  static let timerOwner: UInt8 = 7
  private static let user = Address(number: 0x11)
  private static let series = [
    CandleSeries(symbol: "BTC", timeframe: .m1), CandleSeries(symbol: "ETH", timeframe: .m15),
  ]

  static let fresh: ClientHost<HyperliquidClient> = {
    var configuration = HyperliquidClientConfiguration(
      symbols: ["BTC", "ETH"], series: series, user: user, timerOwner: timerOwner, seed: 42)
    configuration.limits = JSONLimits(bytes: 1 << 16, depth: 16)
    return ClientHost(
      HyperliquidClient(configuration: configuration, signer: SimulatedSigner(address: user)),
      rules: ClientRules(timerOwner: timerOwner, symbols: ["BTC", "ETH"], hasAccount: true),
      orders: { client, id in
        switch client.inFlight.first(where: { $0.number == id.number })?.work {
        case .submit(let intents, _, _): intents.map(\.clientID)
        case .cancel(let orders): orders.map(\.clientID)
        case .modify(_, let intent, _): [intent.clientID]
        default: []
        }
      })
  }()

  static let prepared: ClientHost<HyperliquidClient> = {
    var host = fresh
    host.command { $0.start(at: $1, into: &$2) }
    let meta = Array(
      (#"{"universe":[{"szDecimals":5,"name":"BTC","maxLeverage":40},"#
        + #"{"szDecimals":4,"name":"ETH","maxLeverage":25}]}"#).utf8)
    while let request = host.requests.first {
      host.tell(.response(request.id, HTTPResponse(status: 200, body: meta)))
    }
    guard let connection = host.connections.first?.id else { finding("no connection is asked for") }
    host.tell(.opened(connection))
    for subscription in Subscription.all(host.client.configuration) {
      var writer = JSONWriter()
      writer.object {
        $0.string("channel", "subscriptionResponse")
        $0.object("data") {
          $0.string("method", "subscribe")
          $0.key("subscription")
          subscription.write(to: &$0)
        }
      }
      host.tell(.frame(connection, writer.bytes))
    }
    expect(
      host.client.link.openConnection != nil && host.client.assets.count == 2,
      "the start came to nothing")
    return host
  }()

  static func command(_ text: ArraySlice<UInt8>, _ host: inout ClientHost<HyperliquidClient>) {
    guard let verb = text.first else { return }
    let rest = Script.Command(verb: verb, rest: text.dropFirst())
    let number = UInt64(rest.number(in: 0...1_000))
    let id = ClientOrderID(high: 0, low: number)
    let wall = host.now.wall
    host.command { client, now, effects in
      switch verb {
      case UInt8(ascii: "s"): client.submit([order(number)], at: now, into: &effects)
      case UInt8(ascii: "r"):
        client.submit([order(number, isReduceOnly: true)], at: now, into: &effects)
      case UInt8(ascii: "t"):
        let pricing = OrderPricing.trigger(trigger: "40000", worst: "39000")
        client.submit(
          [order(number, pricing: pricing, isReduceOnly: true)], at: now, into: &effects)
      case UInt8(ascii: "p"):
        client.submit(
          [order(number), order(number + 1, isReduceOnly: true)], at: now, into: &effects)
      case UInt8(ascii: "c"):
        client.cancel([("BTC", id), ("ETH", id)], at: now, into: &effects)
      case UInt8(ascii: "M"): client.modify(id, to: order(number + 500), at: now, into: &effects)
      case UInt8(ascii: "F"):
        client.cancel(venueOrders: [("BTC", number)], at: now, into: &effects)
      case UInt8(ascii: "L"):
        client.setLeverage(Int64(number), isCross: true, of: "BTC", at: now, into: &effects)
      case UInt8(ascii: "?"): client.queryOrder(id, at: now, into: &effects)
      case UInt8(ascii: "g"):
        client.backfill(
          series[0], from: wall - .minutes(Int64(number)), to: wall, at: now, into: &effects)
      case UInt8(ascii: "v"):
        client.refreshAccount(fillsSince: wall - .hours(1), at: now, into: &effects)
      case UInt8(ascii: "u"): client.refreshActionBudget(at: now, into: &effects)
      case UInt8(ascii: "h"): client.refreshContexts(at: now, into: &effects)
      case UInt8(ascii: "m"): client.refreshMids(at: now, into: &effects)
      case UInt8(ascii: "k"): client.refreshBook("BTC", at: now, into: &effects)
      case UInt8(ascii: "d"): client.scheduleCancel(wall + .minutes(1), at: now, into: &effects)
      case UInt8(ascii: "D"): client.scheduleCancel(nil, at: now, into: &effects)
      default: break
      }
    }
  }

  private static func order(
    _ number: UInt64,
    pricing: OrderPricing = .limit(price: "36000", timeInForce: .goodTilCancelled),
    isReduceOnly: Bool = false
  ) -> Cleared {
    Cleared(
      OrderIntent(
        clientID: ClientOrderID(high: 0, low: number), strategy: "fuzz", symbol: "BTC",
        role: isReduceOnly ? .stop : .entry, side: isReduceOnly ? .sell : .buy, quantity: "0.5",
        pricing: pricing, isReduceOnly: isReduceOnly))
  }

  static func fault(in host: ClientHost<HyperliquidClient>) -> String? {
    let client = host.client
    let known = client.inFlight.map(\.number).sorted()
    let owed = host.requests.map(\.id.number).sorted()
    guard known == owed else { return "in flight are \(owed), the client believes \(known)" }
    guard client.queue.count <= 1_024 else { return "\(client.queue.count) requests wait" }
    guard client.expiries.count <= 2_048 else { return "\(client.expiries.count) expiries" }
    return nil
  }

  /// A request that ended without an answer is taken for a refusal.
  static let flaw: @Sendable (TransportInput, inout [ClientEffect]) -> Void = { input, effects in
    guard case .failed = input else { return }
    for effect in effects {
      guard case .report(.unknown(let id, _)) = effect else { continue }
      effects.append(
        .report(.evidence(id, .rejected(.other), at: Instant(milliseconds: 1_700_000_000_000))))
    }
  }
}
