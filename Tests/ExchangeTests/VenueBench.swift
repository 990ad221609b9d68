import Choice
import Exchange
import Market
import Risk
import Venues

/// A venue with two accounts at hand, for tests: sends signed actions and reads answers.
struct VenueBench {
  static let start = Instant(milliseconds: 1_767_571_200_000)  // Monday 2026-01-05 00:00 UTC
  static let alice = AccountAddress(number: 0xa11ce)
  static let bob = AccountAddress(number: 0xb0b)

  var venue: HyperliquidVenue
  var now = VenueBench.start
  var outputs: [VenueOutput] = []
  private var calls: UInt64 = 0
  private var nonces: UInt64 = 0
  private var parser = JSONParser()

  static func instrument(_ symbol: Symbol, sizeDecimals: Int, leverage: Int64) -> Instrument {
    guard
      let instrument = Instrument(
        symbol: symbol, sizeDecimals: sizeDecimals, maximumLeverage: leverage)
    else { preconditionFailure("bad instrument") }
    return instrument
  }

  static func configuration(
    deposit: Money = Money(whole: 100_000),
    _ change: (inout HyperliquidVenueConfiguration) -> Void = { _ in }
  ) -> HyperliquidVenueConfiguration {
    var configuration = HyperliquidVenueConfiguration(
      start: start,
      listings: [
        PerpetualListing(instrument("BTC", sizeDecimals: 5, leverage: 40)),
        PerpetualListing(instrument("ETH", sizeDecimals: 4, leverage: 25)),
      ],
      accounts: [
        AccountSetup(address: alice, deposit: deposit),
        AccountSetup(address: bob, deposit: deposit),
      ])
    configuration.history = HistoryDepth()
    configuration.history.days = 2
    configuration.history.fineDays = 1
    change(&configuration)
    return configuration
  }

  init(
    btc: PriceModel = .constant("100000"), eth: PriceModel = .constant("4000"), seed: UInt64 = 1,
    deposit: Money = Money(whole: 100_000),
    _ change: (inout HyperliquidVenueConfiguration) -> Void = { _ in }
  ) {
    venue = HyperliquidVenue(
      configuration: Self.configuration(deposit: deposit, change),
      prices: PriceSource(["BTC": btc, "ETH": eth]), chooser: .seeded(seed))
    advance(to: now)
  }

  /// Lets the venue run up to a time, block by block, as a host would.
  mutating func advance(to time: Instant) {
    while let wake = venue.nextWake, wake <= time {
      now = max(now, wake)
      venue.handle(.advance, at: now, into: &outputs)
    }
    now = time
    venue.handle(.advance, at: now, into: &outputs)
  }

  mutating func advance(by interval: Interval) { advance(to: now + interval) }

  /// Sends a body and returns the answer.
  mutating func call(_ path: String, _ body: String) -> HTTPResponse? {
    calls += 1
    let id = CallID(number: calls)
    venue.handle(
      .call(id, VenueCall(method: .post, target: path, body: Array(body.utf8))), at: now,
      into: &outputs)
    for case .reply(id, let response) in outputs { return response }
    return nil
  }

  /// The text of an answer.
  mutating func text(_ path: String, _ body: String) -> String {
    guard let response = call(path, body) else { return "no answer" }
    return String(decoding: response.body, as: UTF8.self)
  }

  mutating func info(_ body: String) -> String { text("/info", body) }

  mutating func parsed(_ text: String) -> JSONValue? {
    parser = JSONParser()
    return try? parser.parse(Array(text.utf8)).root
  }

  /// Signs an action as an account and sends it; a fresh nonce unless one is given.
  mutating func act(
    _ action: String, as account: AccountAddress = VenueBench.alice, nonce: UInt64? = nil,
    expiresAfter: UInt64? = nil
  ) -> String {
    text("/exchange", envelope(action, as: account, nonce: nonce, expiresAfter: expiresAfter))
  }

  mutating func envelope(
    _ action: String, as account: AccountAddress = VenueBench.alice, nonce: UInt64? = nil,
    expiresAfter: UInt64? = nil
  ) -> String {
    nonces = max(nonces + 1, UInt64(now.milliseconds))
    let expiry = expiresAfter.map { ",\"expiresAfter\":\($0)" } ?? ""
    let signable = SignableAction(messagePack: [], nonce: nonce ?? nonces)
    var r = "0x0"
    if let signature = try? SimulatedSigner(address: account).sign(signable) {
      var digits: [String] = []
      for byte in signature.r {
        digits.append((byte < 16 ? "0" : "") + String(byte, radix: 16))
      }
      r = "0x" + digits.joined()
    }
    return #"{"action":\#(action),"nonce":\#(nonce ?? nonces),"#
      + #""signature":{"r":"\#(r)","s":"0x1","v":27}\#(expiry)}"#
  }

  /// One limit order of the first listing, as JSON.
  static func limit(
    _ side: Side, _ size: String, at price: String, _ tif: String = "Gtc", asset: Int = 0,
    reduceOnly: Bool = false, cloid: UInt64? = nil
  ) -> String {
    let id = cloid.map { #","c":"\#(ClientOrderID(high: 0, low: $0))""# } ?? ""
    return #"{"a":\#(asset),"b":\#(side == .buy),"p":"\#(price)","s":"\#(size)","#
      + #""r":\#(reduceOnly),"t":{"limit":{"tif":"\#(tif)"}}\#(id)}"#
  }

  /// One trigger order of the first listing, as JSON.
  static func trigger(
    _ side: Side, _ size: String, at trigger: String, limit: String, kind: String = "sl",
    isMarket: Bool = true, reduceOnly: Bool = true, cloid: UInt64? = nil
  ) -> String {
    let id = cloid.map { #","c":"\#(ClientOrderID(high: 0, low: $0))""# } ?? ""
    return #"{"a":0,"b":\#(side == .buy),"p":"\#(limit)","s":"\#(size)","r":\#(reduceOnly),"#
      + #""t":{"trigger":{"isMarket":\#(isMarket),"triggerPx":"\#(trigger)","tpsl":"\#(kind)"}}"#
      + "\(id)}"
  }

  /// Sends orders as one action.
  mutating func order(
    _ orders: String..., as account: AccountAddress = VenueBench.alice, grouping: String = "na"
  ) -> String {
    act(
      #"{"type":"order","orders":[\#(orders.joined(separator: ","))],"grouping":"\#(grouping)"}"#,
      as: account)
  }

  /// What the statuses of an answer say, one text each.
  mutating func statuses(_ answer: String) -> [String] {
    guard let list = parsed(answer)?["response"]?["data"]?["statuses"]?.elements else {
      return [answer]
    }
    return list.map { status in
      if let text = status.string { return text }
      if let error = status["error"]?.string { return error }
      return status["resting"] != nil ? "resting" : status["filled"] != nil ? "filled" : "?"
    }
  }

  /// Opens a session and returns the frames that a subscription brings at once.
  mutating func subscribe(_ subscription: String, session: UInt64 = 1) -> [String] {
    frames(of: session) {
      $0.send(#"{"method":"subscribe","subscription":\#(subscription)}"#, session: session)
    }
  }

  mutating func open(_ session: UInt64 = 1) {
    venue.handle(.opened(SessionID(number: session), path: "/ws"), at: now, into: &outputs)
  }

  mutating func send(_ text: String, session: UInt64 = 1) {
    venue.handle(
      .frame(SessionID(number: session), Array(text.utf8)), at: now, into: &outputs)
  }

  /// The frames of a session that come while `body` runs.
  mutating func frames(
    of session: UInt64 = 1, _ body: (inout VenueBench) -> Void
  ) -> [String] {
    let before = outputs.count
    body(&self)
    var texts: [String] = []
    for output in outputs[before...] {
      guard case .frame(SessionID(number: session), let bytes) = output else { continue }
      texts.append(String(decoding: bytes, as: UTF8.self))
    }
    return texts
  }

  /// What must hold at any time: no coin from nowhere, cash explained to the last step.
  func imbalance() -> String? {
    for symbol: Symbol in ["BTC", "ETH"] {
      var sum = venue.backgroundPosition(of: symbol)
      for account in venue.accounts {
        for position in venue.positions(of: account.address) where position.symbol == symbol {
          sum += position.quantity
        }
      }
      if !sum.isZero { return "\(symbol): positions and background add up to \(sum)" }
    }
    var cash = venue.backgroundCash(of: "BTC") + venue.backgroundCash(of: "ETH")
    var expected = Money.zero
    for account in venue.accounts {
      if account.cash != account.cashByIdentity {
        return "\(account.address): cash \(account.cash), by identity \(account.cashByIdentity)"
      }
      cash += account.cash + account.fees - account.funding - account.transferred
      expected += account.deposited
    }
    return cash == expected ? nil : "all cash is \(cash), deposits were \(expected)"
  }
}
