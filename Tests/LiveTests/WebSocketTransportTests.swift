import Market
import NIOCore
import NIOPosix
import Simulation
import Synchronization
import Testing
import Venues

@testable import Live

/// What a client's WebSocket tells at venues that behave, and at venues that do not.
@Suite struct WebSocketTransportTests {
  private static let id = ConnectionID(venue: .hyperliquid, number: 1)

  /// Connects to `listener` and gives everything told up to the end of the connection, or up to
  /// `count` of it.
  private static func told(
    by listener: Listener, count: Int = .max, sending: String? = nil
  ) async throws -> [TransportInput] {
    let endpoint = try #require(Endpoint("ws://127.0.0.1:\(listener.port)", plain: "ws"))
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let (stream, continuation) = AsyncStream.makeStream(of: TransportInput.self)
    let box = try await loop.submit {
      let box = NIOLoopBoundBox<WebSocketTransport?>(nil, eventLoop: loop)
      let transport = try WebSocketTransport(endpoint: endpoint, loop: loop)
      transport.deliver = { input in
        // The engine subscribes while it is told that the connection stands.
        if case .opened = input, let sending { box.value?.send(Self.id, Array(sending.utf8)) }
        continuation.yield(input)
      }
      box.value = transport
      transport.connect(Self.id, path: "/ws")
      return box
    }.get()
    var inputs: [TransportInput] = []
    for await input in stream {
      inputs.append(input)
      if case .closed = input { break }
      if inputs.count == count { break }
    }
    try await loop.submit {
      box.value?.closeAll()
      box.value = nil
    }.get()
    try await group.shutdownGracefully()
    return inputs
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

  @Test func nobodyThereIsUnreachable() async throws {
    let port = try #require(Listener { _ in }).port
    let listener = try #require(Listener { _ in })
    #expect(listener.port != port)
    let endpoint = try #require(Endpoint("ws://127.0.0.1:\(port)", plain: "ws"))
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let input = try await loop.flatSubmit {
      let promise = loop.makePromise(of: TransportInput.self)
      let transport = try? WebSocketTransport(endpoint: endpoint, loop: loop)
      transport?.deliver = { promise.succeed($0) }
      transport?.connect(Self.id, path: "/ws")
      let box = NIOLoopBoundBox(transport, eventLoop: loop)
      return promise.futureResult.map { input in
        box.value?.closeAll()
        return input
      }
    }.get()
    #expect(input == .closed(Self.id, .unreachable))
    try await group.shutdownGracefully()
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
