import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Sockets")
struct SocketTests {
  private typealias Bench = VenueBench

  @Test("an acknowledgement comes before the first data, with the normalised request")
  func acknowledgements() {
    var bench = Bench()
    bench.open()
    bench.advance(by: .seconds(3))
    let user = "0xA11CE".count > 0 ? Bench.alice.description : ""
    let upper = "0x" + user.dropFirst(2).uppercased()
    let cases: [(String, String, String)] = [
      (#"{"type":"allMids"}"#, #"{"type":"allMids"}"#, "allMids"),
      (
        #"{"coin":"BTC","type":"l2Book"}"#,
        #"{"type":"l2Book","coin":"BTC","nSigFigs":null,"mantissa":null}"#, "l2Book"
      ),
      (#"{"type":"trades","coin":"BTC"}"#, #"{"type":"trades","coin":"BTC"}"#, "trades"),
      (#"{"type":"bbo","coin":"BTC"}"#, #"{"type":"bbo","coin":"BTC"}"#, "bbo"),
      (
        #"{"type":"activeAssetCtx","coin":"BTC"}"#,
        #"{"type":"activeAssetCtx","coin":"BTC"}"#, "activeAssetCtx"
      ),
      (
        #"{"type":"userFills","user":"\#(upper)"}"#,
        #"{"type":"userFills","user":"\#(user)"}"#, "userFills"
      ),
      (
        #"{"type":"userFundings","user":"\#(user)"}"#,
        #"{"type":"userFundings","user":"\#(user)"}"#, "userFundings"
      ),
    ]
    for (request, echo, channel) in cases {
      let frames = bench.subscribe(request)
      #expect(
        frames.first
          == #"{"channel":"subscriptionResponse","data":{"method":"subscribe","subscription":"#
          + "\(echo)}}")
      #expect(frames.count == 2)
      #expect(frames.last?.hasPrefix(#"{"channel":"\#(channel)","data":"#) == true)
      let again = bench.subscribe(request)
      #expect(again.count == 1)
      #expect(again[0].hasPrefix(#"{"channel":"error","data":"Already subscribed: "#))
    }
    for channel in ["orderUpdates", "userEvents"] {
      #expect(bench.subscribe(#"{"type":"\#(channel)","user":"\#(user)"}"#).count == 1)
    }
  }

  @Test(
    "what is no request gets an error frame",
    arguments: [
      ("not json", "Error parsing JSON into valid websocket request: not json"),
      (#"{"method":"dance"}"#, "Error parsing JSON into valid websocket request: "),
      (
        #"{"method":"subscribe","subscription":{"type":"trades","coin":"NOPE"}}"#,
        "Invalid subscription: "
      ),
      (
        #"{"method":"unsubscribe","subscription":{"type":"trades","coin":"BTC"}}"#,
        "Already unsubscribed: "
      ),
      (
        #"{"method":"subscribe","subscription":{"type":"candle","coin":"BTC","interval":"7m"}}"#,
        "Invalid subscription: "
      ),
    ])
  func errors(request: String, text: String) {
    var bench = Bench()
    bench.open()
    let frames = bench.frames { $0.send(request) }
    #expect(frames.count == 1)
    #expect(frames[0].hasPrefix(#"{"channel":"error","data":""# + text))
  }

  @Test("after an unsubscription nothing comes")
  func unsubscription() {
    var bench = Bench()
    bench.open()
    _ = bench.subscribe(#"{"type":"trades","coin":"BTC"}"#)
    #expect(!bench.frames { $0.advance(by: .seconds(5)) }.isEmpty)
    let frames = bench.frames {
      $0.send(#"{"method":"unsubscribe","subscription":{"type":"trades","coin":"BTC"},"id":"x"}"#)
      $0.advance(by: .seconds(5))
    }
    #expect(frames.count == 1)
  }

  @Test("a session that hears nothing for 60 s is closed; a ping keeps it open")
  func idle() {
    var bench = Bench()
    bench.open()
    bench.advance(by: .seconds(50))
    #expect(bench.frames { $0.send(#"{"method":"ping"}"#) } == [#"{"channel":"pong"}"#])
    bench.advance(by: .seconds(59))
    #expect(!bench.outputs.contains(.close(SessionID(number: 1))))
    bench.advance(by: .seconds(1))
    #expect(bench.outputs.filter { $0 == .close(SessionID(number: 1)) }.count == 1)
    #expect(bench.frames { $0.send(#"{"method":"ping"}"#) }.isEmpty)
  }

  @Test("requests posted over the socket are answered under their id")
  func posts() {
    var bench = Bench()
    bench.open()
    let info = bench.frames {
      $0.send(#"{"method":"post","id":7,"request":{"type":"info","payload":{"type":"meta"}}}"#)
    }
    #expect(
      info.first?.hasPrefix(
        #"{"channel":"post","data":{"id":7,"response":{"type":"info","payload":{"type":"meta","#
          + #""data":{"universe":"#) == true)
    let envelope = bench.envelope(#"{"type":"noop"}"#)
    let action = bench.frames {
      $0.send(#"{"method":"post","id":8,"request":{"type":"action","payload":\#(envelope)}}"#)
    }
    #expect(
      action == [
        #"{"channel":"post","data":{"id":8,"response":{"type":"action","payload":"#
          + #"{"status":"ok","response":{"type":"default"}}}}}"#
      ])
    let bad = bench.frames {
      $0.send(#"{"method":"post","id":9,"request":{"type":"info","payload":{"type":"x"}}}"#)
    }
    #expect(bad.first?.contains(#""response":{"type":"error","payload":"422: Failed"#) == true)
  }

  @Test("an order's life is told in order, and the fill snapshot repeats it")
  func orderLife() throws {
    var bench = Bench()
    bench.open()
    let user = Bench.alice
    _ = bench.subscribe(#"{"type":"orderUpdates","user":"\#(user)"}"#)
    _ = bench.subscribe(#"{"type":"userFills","user":"\#(user)"}"#)
    let frames = bench.frames {
      _ = $0.order(Bench.limit(.buy, "0.1", at: "99000", cloid: 1))
      _ = $0.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc", cloid: 2))
      _ = $0.act(
        #"{"type":"cancelByCloid","cancels":[{"asset":0,"#
          + #""cloid":"0x00000000000000000000000000000001"}]}"#)
    }
    let statuses = frames.compactMap { frame in
      frame.split(separator: #""status":""#).dropFirst().first?.split(separator: "\"").first
    }
    #expect(statuses == ["open", "filled", "canceled"])
    let fills = frames.filter { $0.hasPrefix(#"{"channel":"userFills","#) }
    #expect(fills.count == 1 && !fills[0].contains("isSnapshot"))
    bench.open(2)
    let snapshot = bench.subscribe(#"{"type":"userFills","user":"\#(user)"}"#, session: 2)
    let document = bench.parsed(try #require(snapshot.last))
    #expect(document?["data"]?["isSnapshot"]?.bool == true)
    let live = bench.parsed(fills[0])
    #expect(
      live?["data"]?["fills"]?[0]?["tid"]?.uint64
        == document?["data"]?["fills"]?[0]?["tid"]?.uint64)
  }

  @Test(
    "the reply leaves before the frames, or after them where so configured",
    arguments: [
      true, false,
    ])
  func replyOrder(framesFirst: Bool) throws {
    var bench = Bench { $0.framesBeforeReplies = framesFirst }
    bench.open()
    _ = bench.subscribe(#"{"type":"userFills","user":"\#(Bench.alice)"}"#)
    let before = bench.outputs.count
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    let isReply = bench.outputs[before...].map { output in
      if case .reply = output { true } else { false }
    }
    #expect(isReply == (framesFirst ? [false, true] : [true, false]))
  }
}
