import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Limits of one host")
struct HostLimitTests {
  private typealias Bench = VenueBench

  private func bench(_ change: (inout VenueRateLimits) -> Void = { _ in }) -> VenueBench {
    VenueBench {
      var limits = VenueRateLimits()
      change(&limits)
      $0.rateLimits = limits
    }
  }

  @Test("the eleventh connection, or the thirty-first of a minute, is closed at once")
  func connections() {
    var bench = bench()
    func isClosed(_ bench: inout VenueBench, _ session: UInt64) -> Bool {
      let before = bench.outputs.count
      bench.open(session)
      return bench.outputs[before...].contains(.close(SessionID(number: session)))
    }
    for session: UInt64 in 1...10 { #expect(!isClosed(&bench, session)) }
    #expect(isClosed(&bench, 11))
    for session: UInt64 in 12...31 {
      bench.venue.handle(
        .closed(SessionID(number: session - 11)), at: bench.now, into: &bench.outputs)
      #expect(!isClosed(&bench, session + 100))
      bench.venue.handle(
        .closed(SessionID(number: session + 100)), at: bench.now, into: &bench.outputs)
    }
    #expect(isClosed(&bench, 500))
    bench.advance(by: .minutes(1))
    #expect(!isClosed(&bench, 501))
  }

  @Test("a host that sends more than its messages of a minute loses the session")
  func messages() {
    var bench = bench { $0.messagesPerMinute = 20 }
    bench.open()
    for _ in 0..<20 {
      #expect(bench.frames { $0.send(#"{"method":"ping"}"#) } == [#"{"channel":"pong"}"#])
    }
    let before = bench.outputs.count
    bench.send(#"{"method":"ping"}"#)
    #expect(bench.outputs[before...] == [.close(SessionID(number: 1))])
  }

  @Test("posts beyond those in flight are refused while the chain stands still")
  func posts() {
    var bench = bench { $0.postsInFlight = 2 }
    bench.open()
    bench.venue.apply(.halted(true))
    func post(_ number: Int) -> [String] {
      let payload = bench.envelope(#"{"type":"noop"}"#)
      return bench.frames {
        $0.send(
          #"{"method":"post","id":\#(number),"request":{"type":"action","payload":\#(payload)}}"#)
      }
    }
    #expect(post(1).isEmpty && post(2).isEmpty)
    let third = post(3)
    #expect(third.count == 1 && third[0].contains(#""id":3,"response":{"type":"error""#))
    #expect(third.first?.contains("429") == true)
  }

  @Test("an answer weighs one more for every twenty items, a batch for every forty")
  func weights() {
    var bench = bench { $0.weightPerMinute = 1_000 }
    func isAnswered(_ body: String, _ path: String = "/info") -> Bool {
      bench.call(path, body)?.status == 200
    }
    // 24 hours of candles of a minute: 20, and 1,440 / 60 more.
    let end = bench.now.milliseconds - 1
    let candles =
      #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"1m","#
      + #""startTime":\#(end - 86_399_999),"endTime":\#(end)}}"#
    var count = 0
    while isAnswered(candles) { count += 1 }
    #expect(count == 23)
    bench.advance(by: .minutes(1))
    let cancels = Array(repeating: #"{"a":0,"o":1}"#, count: 80).joined(separator: ",")
    let modifies = Array(
      repeating: #"{"oid":1,"order":\#(Bench.limit(.buy, "0.01", at: "99000"))}"#, count: 80
    ).joined(separator: ",")
    for action in [
      #"{"type":"cancel","cancels":[\#(cancels)]}"#,
      #"{"type":"batchModify","modifies":[\#(modifies)]}"#,
    ] {
      count = 0
      while isAnswered(bench.envelope(action), "/exchange") { count += 1 }
      #expect(count == 333)
      bench.advance(by: .minutes(1))
    }
  }

  @Test("the paths take posts only")
  func verbs() {
    var bench = VenueBench()
    bench.venue.handle(
      .call(CallID(number: 77), VenueCall(method: .get, target: "/info")), at: bench.now,
      into: &bench.outputs)
    guard case .reply(_, let response)? = bench.outputs.last else {
      Issue.record("no reply")
      return
    }
    #expect(response.status == 405)
  }
}
