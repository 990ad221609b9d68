import Choice
import Exchange
import Market
import Testing
import Venues

@testable import Live

@Suite("Signing: a venue that checks real signatures")
struct SigningVenueTests {
  private static let start = Instant(milliseconds: 1_767_571_200_000)
  private static let noop = #"{"type":"noop"}"#
  private static let done = #"{"status":"ok","response":{"type":"default"}}"#

  private let key: PrivateKey

  init() throws {
    key = try #require(PrivateKey(hexadecimal: String(repeating: "5a", count: 32)))
  }

  private func venue(
    networks: [SigningNetwork] = [.testnet, .mainnet], isOpen: Bool = false
  ) throws -> HyperliquidVenue {
    let instrument = try #require(
      Instrument(symbol: "BTC", sizeDecimals: 5, maximumLeverage: 40))
    let account = AccountSetup(address: key.address, deposit: Money(whole: 1_000))
    var configuration = HyperliquidVenueConfiguration(
      start: Self.start, listings: [PerpetualListing(instrument)],
      accounts: isOpen ? [] : [account])
    configuration.history.days = 1
    configuration.history.fineDays = 0
    if isOpen { configuration.unknownAccountDeposit = Money(whole: 1_000) }
    return HyperliquidVenue(
      configuration: configuration, prices: PriceSource(["BTC": .constant("100000")]),
      chooser: .seeded(1), verifier: Secp256k1Verifier(networks: networks))
  }

  /// What the venue answers to an action signed for a network; `sent` goes in place of what was
  /// signed.
  private func answer(
    _ venue: inout HyperliquidVenue, to action: String, on network: SigningNetwork,
    after milliseconds: UInt64, sent: String? = nil
  ) throws -> String {
    var parser = JSONParser()
    let nonce = UInt64(Self.start.milliseconds) + milliseconds
    let root = try parser.parse(Array(action.utf8)).root
    let messagePack = try #require(MessagePack.encode(root))
    let signature = try Secp256k1Signer(key: key, network: network)
      .sign(SignableAction(messagePack: messagePack, nonce: nonce))
    let body =
      #"{"action":\#(sent ?? action),"nonce":\#(nonce),"signature":{"r":"\#(hex(signature.r))","#
      + #""s":"\#(hex(signature.s))","v":\#(signature.v)},"vaultAddress":null}"#
    var outputs: [VenueOutput] = []
    venue.handle(
      .call(
        CallID(number: 1), VenueCall(method: .post, target: "/exchange", body: Array(body.utf8))),
      at: Self.start,
      into: &outputs)
    for case .reply(_, let response) in outputs {
      return String(decoding: response.body, as: UTF8.self)
    }
    return "no answer"
  }

  /// Without padding, as the official client prints numbers.
  private func hex(_ bytes: [UInt8]) -> String {
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return "0x" + digits.drop { $0 == "0" }
  }

  @Test("signatures for either network are the same account's")
  func bothNetworks() throws {
    var venue = try venue()
    for (index, network) in SigningNetwork.allCases.enumerated() {
      let text = try answer(&venue, to: Self.noop, on: network, after: UInt64(index))
      #expect(text == Self.done)
    }
  }

  @Test("a venue of one network does not know who signed for the other", arguments: [0, 1])
  func strict(index: Int) throws {
    let accepted = SigningNetwork.allCases[index]
    let other = SigningNetwork.allCases[1 - index]
    var venue = try venue(networks: [accepted])
    #expect(try answer(&venue, to: Self.noop, on: accepted, after: 1) == Self.done)
    let text = try answer(&venue, to: Self.noop, on: other, after: 2)
    #expect(text.hasPrefix(#"{"status":"err","response":"User or API Wallet 0x"#), "\(text)")
    #expect(text.hasSuffix(#" does not exist."}"#) && !text.contains(key.address.description))
  }

  @Test("an action that is not the one signed names somebody whom nobody knows")
  func tampered() throws {
    var venue = try venue()
    let signed = #"{"type":"updateLeverage","asset":0,"isCross":true,"leverage":5}"#
    let sent = #"{"type":"updateLeverage","asset":0,"isCross":true,"leverage":6}"#
    let text = try answer(&venue, to: signed, on: .testnet, after: 1, sent: sent)
    #expect(text.contains("User or API Wallet 0x") && text.contains("does not exist."))
    #expect(try answer(&venue, to: signed, on: .testnet, after: 2) == Self.done)
  }

  @Test("a venue with open accounts takes a new key for the account that it proves")
  func open() throws {
    var venue = try venue(isOpen: true)
    #expect(try answer(&venue, to: Self.noop, on: .testnet, after: 1) == Self.done)
    #expect(venue.account(key.address)?.deposited == Money(whole: 1_000))
    #expect(venue.accounts.count == 1)
    // Known by now, it is found on the other network too.
    #expect(try answer(&venue, to: Self.noop, on: .mainnet, after: 2) == Self.done)
    #expect(venue.accounts.count == 1)
  }
}
