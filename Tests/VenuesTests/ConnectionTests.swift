import Market
import Testing

@testable import Venues

@Suite("Connection") struct ConnectionTests {
  @Test("a client lists perpetuals, connects, subscribes to everything and says so")
  func life() {
    var talk = Dialogue(
      Dialogue.configuration(
        series: [
          CandleSeries(symbol: "BTC", timeframe: .m1), CandleSeries(symbol: "BTC", timeframe: .h4),
        ], streams: .all, user: Dialogue.user))
    talk.start()
    #expect(talk.effects.requests == [#"/info {"type":"meta"}"#])
    #expect(talk.effects.connects.map(\.number) == [1])
    #expect(talk.effects.feed == [.connecting(attempt: 1)])
    talk.answer(1, Dialogue.meta)
    #expect(
      talk.effects.contains(
        .instruments(
          [
            Instrument(symbol: "BTC", sizeDecimals: 5, maximumLeverage: 40),
            Instrument(symbol: "ETH", sizeDecimals: 4, maximumLeverage: 25),
          ].compactMap { $0 })))
    talk.openAndAcknowledge()
    let user = Dialogue.user.description
    let subscriptions = [
      #"{"type":"candle","coin":"BTC","interval":"1m"}"#,
      #"{"type":"candle","coin":"BTC","interval":"4h"}"#,
      #"{"type":"trades","coin":"BTC"}"#, #"{"type":"bbo","coin":"BTC"}"#,
      #"{"type":"l2Book","coin":"BTC"}"#, #"{"type":"activeAssetCtx","coin":"BTC"}"#,
      #"{"type":"trades","coin":"ETH"}"#, #"{"type":"bbo","coin":"ETH"}"#,
      #"{"type":"l2Book","coin":"ETH"}"#, #"{"type":"activeAssetCtx","coin":"ETH"}"#,
      #"{"type":"allMids"}"#, #"{"type":"orderUpdates","user":"\#(user)"}"#,
      #"{"type":"userFills","user":"\#(user)"}"#, #"{"type":"userFundings","user":"\#(user)"}"#,
    ]
    #expect(
      talk.effects.sent == subscriptions.map { #"{"method":"subscribe","subscription":\#($0)}"# })
    #expect(talk.effects.feed == [.connected, .subscribed, .recovered])
    talk.answer(2, Dialogue.meta)
    talk.say { $0.stop(at: $1, into: &$2) }
    #expect(talk.effects.closes.map(\.number) == [1])
    #expect(talk.timers.isEmpty)
  }

  @Test("a dropped connection is made again after a growing, jittered, repeatable wait")
  func backOff() {
    var first = waits(seed: 42)
    #expect(first == waits(seed: 42))
    #expect(first != waits(seed: 43))
    let ceilings: [Int64] = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
    for (wait, ceiling) in zip(first, ceilings) {
      #expect(wait <= .milliseconds(ceiling))
      #expect(wait >= .milliseconds(ceiling / 2))
    }
    first.sort()
    #expect(Set(first).count == first.count)
  }

  private func waits(seed: UInt64) -> [Interval] {
    var configuration = Dialogue.configuration()
    configuration.seed = seed
    var talk = Dialogue(configuration)
    talk.start()
    var waits: [Interval] = []
    for number in 1...8 {
      let id = ConnectionID(venue: .hyperliquid, number: UInt32(number))
      talk.input(.closed(id, .unreachable))
      guard case .disconnected(.unreachable, let wait)? = talk.effects.feed.last else { break }
      waits.append(wait)
      talk.pass(wait - Interval(nanoseconds: 1))
      #expect(talk.effects.connects.isEmpty)
      talk.pass(Interval(nanoseconds: 1))
      #expect(talk.effects.connects.map(\.number) == [UInt32(number) + 1])
      #expect(talk.effects.feed == [.connecting(attempt: number + 1)])
    }
    return waits
  }

  @Test("a connection that lived long starts the count again, a short one does not")
  func stability() {
    for (life, attempt) in [(Interval.seconds(59), 2), (.seconds(60), 1)] {
      var configuration = Dialogue.configuration()
      configuration.silenceLimit = .hours(1)
      configuration.pingInterval = .hours(1)
      var talk = Dialogue(configuration)
      talk.begin()
      talk.pass(life)
      talk.input(.closed(ConnectionID(venue: .hyperliquid, number: 1), .connectionLost))
      talk.pass(.seconds(60))
      #expect(talk.effects.feed.first == .connecting(attempt: attempt))
    }
  }

  @Test("everything is subscribed again on the next connection")
  func resubscribe() {
    var talk = Dialogue(Dialogue.configuration(streams: [.trades]))
    talk.begin()
    talk.input(.closed(ConnectionID(venue: .hyperliquid, number: 1), nil))
    talk.pass(.seconds(1))
    talk.openAndAcknowledge()
    #expect(talk.effects.sent.count == 3)
    #expect(talk.effects.feed.contains(.subscribed))
  }

  @Test("a socket without data is given up after the limit, pongs or not")
  func silence() {
    var talk = Dialogue()
    talk.begin()
    talk.pass(.seconds(29))
    talk.frame(#"{"channel":"pong"}"#)
    talk.frame(#"{"channel":"nonsense"}"#)
    #expect(talk.effects.feed.isEmpty)
    talk.pass(.seconds(1))
    #expect(talk.effects.closes.map(\.number) == [1])
    guard case .silent(let age)? = talk.effects.feed.first,
      case .disconnected(.timeout, _)? = talk.effects.feed.last
    else {
      Issue.record("not given up: \(talk.effects.feed)")
      return
    }
    #expect(age == .seconds(30))
  }

  @Test("data moves the silence limit on")
  func noSilence() {
    var talk = Dialogue()
    talk.begin()
    for step in 0..<10 {
      talk.pass(.seconds(20))
      talk.frame(Dialogue.candleFrame(Int64(step) / 3))
      talk.frame(#"{"channel":"pong"}"#)
      #expect(talk.effects.closes.isEmpty)
    }
    #expect(talk.client.link.connection?.number == 1)
  }

  @Test("a ping is answered within its interval or the connection ends")
  func ping() {
    var configuration = Dialogue.configuration()
    configuration.silenceLimit = .hours(1)
    var talk = Dialogue(configuration)
    talk.begin()
    talk.pass(.seconds(20))
    #expect(talk.effects.sent == [#"{"method":"ping"}"#])
    talk.pass(.milliseconds(70))
    talk.frame(#"{"channel":"pong"}"#)
    #expect(talk.effects == [.latency(.ping(roundTrip: .milliseconds(70)))])
    talk.pass(.seconds(20))
    #expect(talk.effects.sent == [#"{"method":"ping"}"#])
    talk.pass(.seconds(20))
    #expect(talk.effects.closes.map(\.number) == [1])
  }

  @Test("a connection that does not open, or does not acknowledge, is given up")
  func handshake() {
    for opens in [false, true] {
      var talk = Dialogue(Dialogue.configuration(streams: [.trades]))
      talk.start()
      if opens {
        talk.input(.opened(ConnectionID(venue: .hyperliquid, number: 1)))
        talk.frame(Dialogue.acknowledgement(#"{"type":"trades","coin":"BTC"}"#))
      }
      talk.pass(.milliseconds(14_999))
      #expect(talk.effects.closes.isEmpty)
      talk.pass(.milliseconds(1))
      #expect(talk.effects.closes.map(\.number) == [1])
    }
  }

  @Test("an acknowledgement with members added and letters changed still counts")
  func normalisedEcho() {
    var talk = Dialogue(
      Dialogue.configuration(series: [], streams: [.books], user: nil))
    talk.start()
    talk.input(.opened(ConnectionID(venue: .hyperliquid, number: 1)))
    for coin in ["BTC", "ETH"] {
      talk.frame(
        Dialogue.acknowledgement(
          #"{"type":"l2Book","coin":"\#(coin)","nSigFigs":null,"mantissa":null}"#))
    }
    #expect(talk.effects.feed == [.subscribed, .recovered])
  }

  @Test("the venue's error frames are told apart")
  func venueErrors() {
    var talk = Dialogue(Dialogue.configuration(series: [], streams: [.trades]))
    talk.start()
    talk.input(.opened(ConnectionID(venue: .hyperliquid, number: 1)))
    talk.frame(
      #"{"channel":"error","data":"Already subscribed: {\"type\":\"trades\",\"coin\":\"BTC\"}"}"#)
    #expect(talk.effects.isEmpty)
    let refusal = #"Invalid subscription: {"type":"trades","coin":"ETH"}"#
    talk.frame(
      #"{"channel":"error","data":"Invalid subscription: {\"type\":\"trades\",\"coin\":\"ETH\"}"}"#)
    #expect(talk.effects.rejections.map(\.reason) == [.venueError])
    #expect(talk.effects.feed == [.subscriptionRefused(refusal), .subscribed, .recovered])
  }

  @Test("news of another connection or request changes nothing")
  func strays() {
    var talk = Dialogue()
    talk.begin()
    let other = ConnectionID(venue: .hyperliquid, number: 9)
    for input in [
      TransportInput.opened(other), .frame(other, Array(Dialogue.candleFrame(0).utf8)),
      .closed(other, .connectionLost),
      .response(RequestID(venue: .hyperliquid, number: 1), HTTPResponse(status: 200, body: [])),
      .failed(RequestID(venue: .binance, number: 2), .timeout),
    ] {
      talk.input(input)
      #expect(talk.effects.rejections.map(\.reason) == [.stray], "\(input)")
      #expect(talk.effects.count == 1)
    }
  }

  @Test("a timer that was moved, cancelled or is another's is ignored")
  func staleTimers() {
    var talk = Dialogue()
    talk.begin()
    for id in [
      TimerID(owner: 7, number: 0), TimerID(owner: 7, number: 99), TimerID(owner: 8, number: 2),
    ] {
      talk.say { $0.timerFired(id, at: $1, into: &$2) }
      #expect(talk.effects.isEmpty, "\(id)")
    }
    // The ping is not due yet.
    talk.say { $0.timerFired(TimerID(owner: 7, number: 2), at: $1, into: &$2) }
    #expect(talk.effects.isEmpty)
  }

  @Test("the greeting of older servers is no fault")
  func greeting() {
    var talk = Dialogue()
    talk.begin()
    talk.frame("Websocket connection established.")
    #expect(talk.effects.isEmpty)
  }

  @Test("two clients that hear the same say the same, and copies go their own way")
  func values() {
    var talk = Dialogue(Dialogue.configuration(streams: .all))
    talk.begin()
    var copy = talk
    talk.frame(Dialogue.candleFrame(0))
    copy.frame(Dialogue.candleFrame(0))
    #expect(talk.effects == copy.effects)
    copy.frame(Dialogue.candleFrame(5))
    talk.frame(Dialogue.candleFrame(1))
    #expect(talk.effects.feed.isEmpty)
    #expect(!copy.effects.feed.isEmpty)
  }
}
