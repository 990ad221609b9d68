import Choice
import Market
import Testing

@testable import Exchange
@testable import Venues

/// Answers whose figures are the venue's own: what was recorded of the real one says which members
/// they have, and of which types.
@Suite("Recorded answers have the shape of the venue's own")
struct AnswerShapeTests {
  private static let user = Address(number: 0xa11ce)

  /// What the simulated venue answers, to an account that holds a position and an order.
  private func answer(_ body: String) throws -> JSONValue {
    let instrument = try #require(
      Instrument(symbol: "BTC", sizeDecimals: 5, maximumLeverage: 40))
    var configuration = HyperliquidVenueConfiguration(
      start: Instant(milliseconds: 1_767_571_200_000),
      listings: [PerpetualListing(instrument)],
      accounts: [AccountSetup(address: Self.user, deposit: Money(whole: 10_000))])
    configuration.history.days = 1
    configuration.history.fineDays = 0
    var venue = HyperliquidVenue(
      configuration: configuration, prices: PriceSource(["BTC": .constant("100000")]),
      chooser: .seeded(1))
    venue.apply(.externalTrade(Self.user, "BTC", "0.05", announced: true))
    var outputs: [VenueOutput] = []
    venue.handle(
      .call(
        CallID(number: 1), VenueCall(method: .post, target: "/info", body: Array(body.utf8))),
      at: configuration.start + .seconds(30), into: &outputs)
    for case .reply(_, let response) in outputs {
      var parser = JSONParser()
      return try parser.parse(response.body).root
    }
    throw WireFault.member("reply")
  }

  /// What the recorded value has that the venue's own lacks: lists by their first elements.
  private func missing(
    in own: JSONValue, of recorded: JSONValue, leaving: Set<String>, at path: String = ""
  ) -> [String] {
    if recorded.kind == .null || own.kind == .null { return [] }
    guard recorded.kind == own.kind else { return ["\(path): \(recorded.kind) is \(own.kind)"] }
    if recorded.kind == .array, let left = recorded[0], let right = own[0] {
      return missing(in: right, of: left, leaving: leaving, at: path + "[]")
    }
    var found: [String] = []
    for (name, value) in recorded.memberList where !leaving.contains(name) {
      guard let other = own.memberList.first(where: { $0.name == name })?.value else {
        found.append("\(path).\(name)")
        continue
      }
      found += missing(in: other, of: value, leaving: leaving, at: "\(path).\(name)")
    }
    return found
  }

  private func recorded(_ bytes: [UInt8]?) throws -> JSONValue? {
    var parser = JSONParser()
    return try bytes.map { try parser.parse($0).root }
  }

  @Test("the list of perpetuals and their figures")
  func contexts() throws {
    guard let meta = try recorded(RecordedReply.ofGo("Meta.yaml")),
      let both = try recorded(RecordedReply.ofGo("MetaAndAssetCtxs.yaml"))
    else { return }
    // Members that an asset has only where they apply.
    let optional: Set = [
      "isDelisted", "onlyIsolated", "marginMode", "growthMode", "lastGrowthModeChangeTime",
      "marginTables",
    ]
    #expect(missing(in: try answer(#"{"type":"meta"}"#), of: meta, leaving: optional) == [])
    let own = try answer(#"{"type":"metaAndAssetCtxs"}"#)
    for index in 0...1 {
      let left = try #require(both[index])
      let right = try #require(own[index])
      #expect(missing(in: right, of: left, leaving: optional) == [])
    }
  }

  @Test("the account")
  func account() throws {
    let question = #"{"type":"clearinghouseState","user":"\#(Self.user)"}"#
    let own = try answer(question)
    // The oldest recording has a member that was dropped since.
    for bytes in [
      RecordedReply.ofPython("test_get_user_state.yaml"),
      RecordedReply.ofNautilus("http_clearinghouse_state_negative_total_raw_usd.json"),
    ] {
      guard let state = try recorded(bytes) else { return }
      #expect(missing(in: own, of: state, leaving: ["maxTradeSzs"]) == [])
    }
  }

  @Test("rates and mids")
  func rates() throws {
    guard let limits = try recorded(RecordedReply.ofPython("test_user_rate_limit.yaml")),
      let mids = try recorded(RecordedReply.ofPython("test_get_all_mids.yaml"))
    else { return }
    let own = try answer(#"{"type":"userRateLimit","user":"\#(Self.user)"}"#)
    #expect(missing(in: own, of: limits, leaving: []) == [])
    let ownMids = try answer(#"{"type":"allMids"}"#)
    #expect(ownMids["BTC"]?.kind == mids["BTC"]?.kind)
  }

  @Test("the comparison notices what is missing")
  func comparison() throws {
    var parser = JSONParser()
    let recorded = try parser.parse(Array(#"{"a":[{"b":"1"}],"c":1}"#.utf8)).root
    let own = try parser.parse(Array(#"{"a":[{"x":"1"}],"c":"1"}"#.utf8)).root
    #expect(missing(in: own, of: recorded, leaving: []) == [".a[].b", ".c: integer is string"])
  }
}
