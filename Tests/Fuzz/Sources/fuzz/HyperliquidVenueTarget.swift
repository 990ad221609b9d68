import Choice
import Market
import Risk

@testable import Exchange
@testable import Venues

/// The simulated Hyperliquid, with two accounts that trade.
///
/// Besides the rules of every venue: no coin and no cash from nowhere, no book that crosses, no
/// order that rests without a remainder, no fill beyond its order's limit or size.
///
/// Its own commands: `i…` asks `/info`; `e…` posts to `/exchange`; `A…` and `B…` post an action
/// signed by one of the accounts, `S…` one by a stranger, `V…` one over the WebSocket; `!N` is one
/// of the faults.
enum HyperliquidVenueTarget: VenueTarget {
  typealias Venue = HyperliquidVenue

  static let name = "hyperliquid-venue"
  static let socketPath = "/ws"
  private static let alice = AccountAddress(number: 0xa11ce)
  private static let bob = AccountAddress(number: 0xb0b)
  private static let stranger = AccountAddress(number: 0x57)
  private static let symbols: [Symbol] = ["BTC", "ETH"]

  static let opened: VenueHost<HyperliquidVenue> = {
    // Funding is settled ten seconds after the start.
    let start = Instant(milliseconds: 1_767_571_190_000)
    let instruments = [
      Instrument(symbol: "BTC", sizeDecimals: 5, maximumLeverage: 40),
      Instrument(symbol: "ETH", sizeDecimals: 4, maximumLeverage: 25),
    ]
    var configuration = HyperliquidVenueConfiguration(
      start: start, listings: instruments.compactMap { $0.map { PerpetualListing($0) } },
      accounts: [
        AccountSetup(address: alice, deposit: Money(whole: 20_000)),
        AccountSetup(address: bob, deposit: Money(whole: 20_000)),
      ])
    configuration.history.days = 2
    configuration.history.fineDays = 0
    configuration.cadence.books = .seconds(1)
    var host = VenueHost(
      HyperliquidVenue(
        configuration: configuration,
        prices: PriceSource([
          "BTC": .walk(RandomWalk(price: "100000", dailyVolatility: 200_000, jumpsPerDay: 200)),
          "ETH": .constant("4000"),
        ]),
        chooser: .seeded(1)), at: start)
    host.pass(.seconds(3))
    return host
  }()

  static func command(
    _ command: Script.Command, _ host: inout VenueHost<HyperliquidVenue>, session: UInt64
  ) {
    switch command.verb {
    case UInt8(ascii: "i"): host.call(.post, "/info", Array(command.rest))
    case UInt8(ascii: "e"): host.call(.post, "/exchange", Array(command.rest))
    case UInt8(ascii: "A"): host.call(.post, "/exchange", envelope(command.rest, alice, host))
    case UInt8(ascii: "B"): host.call(.post, "/exchange", envelope(command.rest, bob, host))
    case UInt8(ascii: "S"): host.call(.post, "/exchange", envelope(command.rest, stranger, host))
    case UInt8(ascii: "V"):
      var writer = JSONWriter()
      writer.object {
        $0.string("method", "post")
        $0.integer("id", 7)
        $0.object("request") {
          $0.string("type", "action")
          $0.key("payload")
          $0.raw(envelope(command.rest, alice, host))
        }
      }
      host.send(writer.bytes, on: session)
    case UInt8(ascii: "!"): throwSwitch(Int(command.number(in: 0...40)), &host)
    default: break
    }
  }

  /// An envelope around any bytes, with a nonce that has not been used; `$n` in them stands for it.
  private static func envelope(
    _ action: ArraySlice<UInt8>, _ signer: AccountAddress, _ host: VenueHost<HyperliquidVenue>
  ) -> [UInt8] {
    let nonce = UInt64(host.now.milliseconds) + host.inputs
    let named = Array(action).replacing(Array("$n".utf8), with: Array("\(nonce)".utf8))
    var writer = JSONWriter(capacity: action.count + 256)
    writer.object {
      $0.key("action")
      $0.raw(named)
      $0.integer("nonce", nonce)
      $0.object("signature") {
        $0.string("r", signer.description)
        $0.string("s", "0x1")
        $0.integer("v", 27)
      }
    }
    return writer.bytes
  }

  private static func throwSwitch(_ number: Int, _ host: inout VenueHost<HyperliquidVenue>) {
    let faults: [VenueFault] = [
      .externalTrade(alice, "BTC", "0.3", announced: true),
      .externalTrade(bob, "ETH", "-2", announced: false),
      .externalOrder(alice, "BTC", .buy, "0.2", "99000"), .externalCancel(alice, "BTC"),
      .liquidation(alice, "BTC"), .liquidation(bob, "ETH"),
      .extraFunding("BTC", FundingRate(steps: 1_000_000)),
      .extraFunding("BTC", FundingRate(steps: -400_000_000)),
      .markJump("BTC", partsPerMillion: 100_000, for: .seconds(5)),
      .markJump("BTC", partsPerMillion: -500_000, for: .seconds(5)),
      .transfer(alice, Money(whole: 1_000)), .transfer(bob, Money(whole: -5_000)),
      .halted(true), .halted(false), .cancelOnly(true), .cancelOnly(false), .postOnly(true),
      .postOnly(false), .rejectNext(count: 2, text: "no"), .rateLimited(true), .rateLimited(false),
      .failAfterAccepting(count: 1), .failInfo(count: 1),
      .reviseCandle("BTC", .m1, partsPerMillion: 500_000), .duplicateCandles(true),
      .outOfOrderCloses(true), .silence(.data), .silence(.everything), .silence(.none),
      .bogusFrame(.truncated), .bogusFrame(.notText), .bogusFrame(.overPrecise),
      .delayedPublication(.seconds(3)), .delayedPublication(.zero), .staleAccount(true),
      .staleAccount(false), .closeSessions,
    ]
    guard number < faults.count else { return }
    if case .bogusFrame = faults[number] { host.allowsBogusFrames = true }
    host.venue.apply(faults[number])
    host.input(.advance)
  }

  static func heal(_ host: inout VenueHost<HyperliquidVenue>) {
    host.venue.apply(.halted(false))
    host.venue.apply(.silence(.none))
    host.input(.advance)
  }

  static func fault(in host: VenueHost<HyperliquidVenue>) -> String? {
    let venue = host.venue
    for session in venue.sessions where session.subscriptions.count > 1_000 {
      return "\(session.subscriptions.count) subscriptions"
    }
    if venue.waiting.count > 1_000 { return "\(venue.waiting.count) actions wait" }
    return imbalance(venue) ?? crossing(venue) ?? orderFault(venue)
  }

  private static func imbalance(_ venue: HyperliquidVenue) -> String? {
    for symbol in symbols {
      var sum = venue.backgroundPosition(of: symbol)
      for account in venue.accounts {
        for position in account.positions where position.symbol == symbol {
          sum += position.quantity
        }
      }
      if !sum.isZero { return "\(symbol): positions and background add up to \(sum)" }
    }
    var cash = symbols.reduce(Money.zero) { $0 + venue.backgroundCash(of: $1) }
    var expected = Money.zero
    for account in venue.accounts {
      guard account.cash == account.cashByIdentity else {
        return "\(account.address): cash \(account.cash), by identity \(account.cashByIdentity)"
      }
      guard account.spot >= .zero else { return "\(account.address): \(account.spot) in spot" }
      cash += account.cash + account.fees - account.funding - account.transferred
      expected += account.deposited
    }
    return cash == expected ? nil : "all cash is \(cash), deposits were \(expected)"
  }

  private static func crossing(_ venue: HyperliquidVenue) -> String? {
    for symbol in symbols {
      guard let book = venue.book(of: symbol, depth: 1), let bid = book.bids.first,
        let ask = book.asks.first
      else { continue }
      if bid.price >= ask.price { return "\(symbol): \(bid.price) is bid, \(ask.price) asked" }
    }
    return nil
  }

  private static func orderFault(_ venue: HyperliquidVenue) -> String? {
    for account in [alice, bob] {
      for order in venue.openOrders(of: account) {
        // A trigger without a size closes what the position is when it fires.
        let isSized = order.remaining > .zero || order.takesWholePosition
        guard order.isOpen, isSized, order.remaining <= order.quantity else {
          return "\(order)"
        }
      }
      var filled: [UInt64: Quantity] = [:]
      for fill in venue.fills(of: account) {
        filled[fill.orderID, default: .zero] += fill.quantity
        guard let order = venue.order(id: fill.orderID) else { continue }
        let beyond = (fill.price.steps - order.limit.steps) * order.side.sign
        guard beyond <= 0 || fill.liquidation != nil else { return "\(fill) beyond \(order)" }
        guard filled[fill.orderID, default: .zero] <= order.quantity || order.takesWholePosition
        else {
          return "more filled than ordered: \(order)"
        }
      }
    }
    return nil
  }

  /// A step of cash comes from nowhere with every fill that a reply tells.
  static let flaw: @Sendable (inout HyperliquidVenue, VenueInput, inout [VenueOutput]) -> Void = {
    venue, _, outputs in
    for case .reply(_, let response) in outputs
    where String(decoding: response.body, as: UTF8.self).contains(#""filled""#) {
      venue.ledger[0].cash += Money(steps: 1)
    }
  }
}
