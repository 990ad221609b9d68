import Market
import Testing

@testable import Venues

@Suite("Deribit requests") struct DeribitRequestTests {
  private typealias Talk = DeribitDialogue

  private static let chain = "public/get_book_summary_by_currency"

  /// A conversation in which the chain is asked for and not yet answered.
  private func asking() -> (talk: Talk, id: UInt64) {
    var talk = Talk()
    talk.begin()
    talk.live(.minutes(14) + .seconds(41), tells: true)
    return (talk, talk.inFlight { $0 == .chain(currency: "BTC") } ?? 0)
  }

  @Test("the chain is asked for at whole quarters of an hour")
  func quarters() {
    var talk = Talk()
    talk.begin()
    talk.live(.minutes(14) + .seconds(39), tells: true)
    #expect(!talk.effects.methods.contains(Self.chain))
    talk.live(.seconds(1), tells: true)
    #expect(talk.effects.methods.filter { $0 == Self.chain }.count == 1)
  }

  @Test(
    "the venue's passing troubles are waited out",
    arguments: [10_040, 10_041, 10_047, 10_066, 11_051, 11_094, 13_028, 13_888])
  func passing(code: Int) {
    var (talk, id) = asking()
    talk.error(id, code)
    #expect(talk.effects.rejections.map(\.reason) == [.venueError])
    #expect(talk.effects.failedRequests == [.optionChain("BTC")])
    #expect(talk.effects.sent.isEmpty)
    talk.live(.seconds(1), tells: true)
    #expect(talk.effects.methods == [Self.chain])
    // The second wait is longer.
    talk.error(talk.inFlight { $0 == .chain(currency: "BTC") } ?? 0, code)
    talk.live(.milliseconds(999), tells: true)
    #expect(talk.effects.methods.isEmpty)
    talk.live(.milliseconds(1_002), tells: true)
    #expect(talk.effects.methods == [Self.chain])
  }

  @Test("what is switched off is asked for a minute later", arguments: [13_025, 11_052, 13_017])
  func switchedOff(code: Int) {
    var (talk, id) = asking()
    talk.error(id, code)
    talk.live(.seconds(29), tells: true)
    #expect(!talk.effects.methods.contains(Self.chain))
    talk.live(.seconds(32), tells: true)
    #expect(talk.effects.methods.contains(Self.chain))
  }

  @Test(
    "what is refused for good is left until its next turn",
    arguments: [11_029, -32_602, -32_601, 10_020, 13_020, 13_009, 1, 0])
  func refused(code: Int) {
    var (talk, id) = asking()
    talk.error(id, code)
    talk.live(.minutes(14), tells: true)
    #expect(!talk.effects.methods.contains(Self.chain))
    talk.live(.minutes(2), tells: true)
    #expect(talk.effects.methods.contains(Self.chain))
  }

  @Test("10028 ends the connection here too, and nothing is sent before the wait is over")
  func throttled() {
    var (talk, id) = asking()
    talk.error(id, 10_028)
    let limits = talk.effects.contains { effect in
      if case .rateLimited(_, by: .venue) = effect { true } else { false }
    }
    #expect(limits)
    #expect(talk.effects.closes.count == 1)
    talk.pass(.seconds(2))
    talk.open()
    #expect(talk.effects.methods.first == "public/set_heartbeat")
    talk.pass(.seconds(2))
    #expect(
      talk.effects.methods.contains(Self.chain)
        || talk.inFlight { $0 == .chain(currency: "BTC") } != nil)

    // Without an id it means the same.
    var other = Talk()
    other.begin()
    other.frame(#"{"jsonrpc":"2.0","error":{"code":10028,"message":"too_many_requests"}}"#)
    #expect(other.effects.closes.count == 1)
  }

  @Test("a request without a reply is given up after its time, and asked again")
  func unanswered() {
    var (talk, id) = asking()
    talk.live(.seconds(11), tells: true)
    #expect(talk.effects.failedRequests == [.optionChain("BTC")])
    #expect(talk.effects.methods == [Self.chain])
    talk.result(id, "[\(Talk.row())]")
    #expect(talk.effects.rejections.map(\.reason) == [.stray])
    #expect(talk.effects.chains.isEmpty)
  }

  @Test(
    "a reply of another shape is no answer",
    arguments: ["null", "{}", "\"ok\"", "[1]", "[[]]", "7"])
  func shape(result: String) {
    var (talk, id) = asking()
    talk.result(id, result)
    #expect(talk.effects.chains.isEmpty)
    #expect(talk.effects.rejections.map(\.kind) == [.bookSummary])
    #expect(talk.effects.failedRequests == [.optionChain("BTC")])
  }

  @Test("a chain older than the last is refused")
  func older() {
    var (talk, id) = asking()
    talk.result(id, "[\(Talk.row("BTC-9JAN26-100000-C", time: Talk.time + 870_000))]")
    #expect(talk.effects.chains.count == 1)
    talk.live(.minutes(15), tells: true)
    let next = talk.inFlight { $0 == .chain(currency: "BTC") } ?? 0
    talk.live(.milliseconds(1), tells: true)
    talk.result(next, "[\(Talk.row("BTC-9JAN26-100000-C", time: Talk.time + 869_999))]")
    #expect(talk.effects.chains.isEmpty)
    #expect(talk.effects.rejections.count == 1)
  }

  @Test("our own credits hold requests back before the venue would")
  func credits() {
    var talk = Talk(["BTC"]) { $0.creditsPerSecond = 1 }
    talk.begin()
    var sent = 0
    for _ in 0..<200 {
      talk.frame(#"{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}"#)
      guard let id = talk.inFlight({ $0 == .test }) else { break }
      sent += 1
      talk.result(id, #"{"version":"1.2.26"}"#)
    }
    // Four requests of the beginning and these, 500 credits each, of 50,000.
    #expect(sent == 96)
    let isShort = talk.effects.contains { effect in
      if case .rateLimited(_, by: .ownBudget) = effect { true } else { false }
    }
    #expect(isShort)
  }
}
