import Market
import NIOCore
import NIOPosix
import Simulation
import Synchronization
import Testing
import Venues

@testable import Live

/// What a client's WebSocket tells at venues that behave, and at venues that do not.
@Suite(.timeLimit(.minutes(1))) struct WebSocketTransportTests {
  private static let id = SocketTalk.id

  /// Connects to `listener` and gives everything told up to the end of the connection, or up to
  /// `count` of it.
  private static func told(
    by listener: Listener, count: Int = .max, sending: String? = nil
  ) async throws -> [TransportInput] {
    let endpoint = try #require(Endpoint("ws://127.0.0.1:\(listener.port)", plain: "ws"))
    var talk = SocketTalk(endpoint)
    talk.sending = sending
    return try await talk.told(count: count)
  }

  private static func text(_ text: String) -> TransportInput { .frame(id, Array(text.utf8)) }

  @Test func framesFragmentsPingsAndTheClose() async throws {
    let pong = Mutex<[UInt8]?>(nil)
    let listener = try #require(
      Listener { peer in
        guard peer.upgrade() else { return }
        peer.frame(1, Array("one".utf8))
        peer.frame(1, Array("tw".utf8), isFinal: false)
        peer.frame(9, Array("ping".utf8))
        peer.frame(0, Array("o".utf8))
        pong.withLock { $0 = peer.clientFrame()?.payload }
        peer.frame(8, [0x03, 0xe8])
        peer.drain()
      })
    let inputs = try await Self.told(by: listener)
    #expect(
      inputs == [.opened(Self.id), Self.text("one"), Self.text("two"), .closed(Self.id, nil)])
    #expect(pong.withLock { $0 } == Array("ping".utf8))
  }

  @Test func aFrameIsSentMaskedAndWhole() async throws {
    let received = Mutex<[UInt8]?>(nil)
    let listener = try #require(
      Listener { peer in
        guard peer.upgrade() else { return }
        received.withLock { $0 = peer.clientFrame()?.payload }
      })
    _ = try await Self.told(by: listener, sending: "{\"method\":\"ping\"}")
    #expect(received.withLock { $0 } == Array("{\"method\":\"ping\"}".utf8))
  }

  @Test func whatIsNoStreamHasItsName() async throws {
    typealias Serve = @Sendable (Listener.Conversation) -> Void
    let upgraded: @Sendable (@escaping Serve) -> Serve = { body in
      { peer in
        guard peer.upgrade() else { return }
        body(peer)
        peer.drain()
      }
    }
    let cases: [(name: String, serve: Serve, failure: TransportFailure?)] = [
      ("closes at once", { _ in }, .connectionLost),
      (
        "no upgrade",
        {
          _ = $0.request(); $0.answer("no", status: 404)
        }, .malformed
      ),
      (
        "too many",
        {
          _ = $0.request(); $0.answer("", status: 429, fields: "Retry-After: 5\r\n")
        }, .refused
      ),
      (
        "busy",
        {
          _ = $0.request(); $0.answer("<html>", status: 503)
        }, .refused
      ),
      (
        "no HTTP",
        {
          _ = $0.request(); $0.send("garbage\r\n\r\n")
        }, .malformed
      ),
      (
        "a header without end",
        { peer in
          _ = peer.request()
          peer.send("HTTP/1.1 101 X\r\n")
          let field = "X: " + String(repeating: "y", count: 1_000) + "\r\n"
          for _ in 0..<100_000 where !peer.send(field) { return }
        }, .malformed
      ),
      ("dies", { _ = $0.upgrade() }, .connectionLost),
      ("bytes", upgraded { $0.frame(2, [1, 2, 3]) }, .malformed),
      (
        "a frame of 100 MB",
        upgraded { $0.send([0x81, 127, 0, 0, 0, 0, 0x06, 0x40, 0, 0]) }, .oversize
      ),
      (
        "fragments without end",
        upgraded { peer in
          peer.frame(1, [0x61], isFinal: false)
          let block = Listener.Conversation.frame(
            0, [UInt8](repeating: 0x61, count: 60_000), isFinal: false)
          for _ in 0..<100 where !peer.send(block) { return }
        }, .oversize
      ),
      ("reserved bits", upgraded { $0.send([0xf1, 0]) }, .malformed),
    ]
    for (name, serve, failure) in cases {
      let listener = try #require(Listener(serve))
      let inputs = try await Self.told(by: listener)
      #expect(inputs.last == .closed(Self.id, failure), "\(name): \(inputs.count) inputs")
    }
  }

  /// The planted bug: answers to pings that wait without bound for a venue that reads none.
  @Test func pingsWhoseAnswersNobodyReadsEndTheConnection() async throws {
    let listener = try #require(
      Listener(receiveBuffer: 4_096) { peer in
        guard peer.upgrade() else { return }
        let ping = Listener.Conversation.frame(9, [UInt8](repeating: 0x70, count: 125))
        let block = Array([[UInt8]](repeating: ping, count: 1_000).joined())
        for _ in 0..<1_000 where !peer.send(block) { return }
      })
    var talk = SocketTalk(try #require(Endpoint("ws://127.0.0.1:\(listener.port)", plain: "ws")))
    talk.backlog = 1 << 16
    #expect(try await talk.told() == [.opened(Self.id), .closed(Self.id, .connectionLost)])
  }

  @Test func whatIsSentToAVenueThatNeverReadsEndsTheConnection() async throws {
    let listener = try #require(
      Listener(receiveBuffer: 4_096) { peer in
        guard peer.upgrade() else { return }
        peer.frame(1, Array("go".utf8))
        peer.waitForEnd()
      })
    var talk = SocketTalk(try #require(Endpoint("ws://127.0.0.1:\(listener.port)", plain: "ws")))
    talk.react = { transport, input in
      guard case .frame = input else { return }
      let block = [UInt8](repeating: 0x20, count: 1 << 16)
      for _ in 0..<1_000 { transport.send(Self.id, block) }
      // Bounded by the backlog and the kernel's, whatever the engine asks for.
      #expect(transport.traffic.sent < 200)
    }
    talk.backlog = 1 << 16
    #expect(try await talk.told().last == .closed(Self.id, .connectionLost))
  }

  /// The planted bug: an attempt that was given up holds its connection until its patience ends.
  @Test func anAttemptThatIsGivenUpIsGone() async throws {
    let asked = Mutex(false)
    let isGone = Mutex<Bool?>(nil)
    let listener = try #require(
      Listener { peer in
        let isAsked = peer.request() != nil
        asked.withLock { $0 = isAsked }
        // Far below the patience of an attempt.
        let isInTime = peer.waitForEnd(within: 5)
        isGone.withLock { $0 = isInTime }
      })
    let endpoint = try #require(Endpoint("ws://127.0.0.1:\(listener.port)", plain: "ws"))
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let box = try await loop.submit {
      let transport = try WebSocketTransport(endpoint: endpoint, loop: loop)
      transport.deliver = { Issue.record("told \($0)") }
      transport.connect(Self.id, path: "/ws")
      return NIOLoopBoundBox(transport, eventLoop: loop)
    }.get()
    while !asked.withLock({ $0 }) { await Task.yield() }
    try await loop.submit { box.value.close(Self.id) }.get()
    while isGone.withLock({ $0 }) == nil { await Task.yield() }
    #expect(isGone.withLock { $0 } == true)
    try await group.shutdownGracefully()
  }

  @Test func nobodyThereIsUnreachable() async throws {
    let port = try #require(Listener { _ in }).port
    let listener = try #require(Listener { _ in })
    #expect(listener.port != port)
    let endpoint = try #require(Endpoint("ws://127.0.0.1:\(port)", plain: "ws"))
    #expect(try await SocketTalk(endpoint).told() == [.closed(Self.id, .unreachable)])
  }

  @Test func oneByteAtATimeIsAStreamToo() async throws {
    let listener = try #require(
      Listener { peer in
        guard peer.upgrade() else { return }
        for byte in Listener.Conversation.frame(1, Array("slow".utf8)) { peer.send([byte]) }
        peer.drain()
      })
    let inputs = try await Self.told(by: listener, count: 2)
    #expect(inputs == [.opened(Self.id), Self.text("slow")])
  }
}
