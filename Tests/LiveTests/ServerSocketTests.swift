import Live
import Market
import Synchronization
import Testing

extension ServerTests {
  /// The WebSocket side of the server against peers of every kind.
  @Suite struct Socket {
    /// Sends back what it hears; `flood` brings more than anybody reads.
    final class Parrot: ServerService {
      let ends: AsyncStream<SocketEnd>
      private let ended: AsyncStream<SocketEnd>.Continuation
      private let admitted: SocketAdmission

      init(_ admitted: SocketAdmission = .open) {
        self.admitted = admitted
        (ends, ended) = AsyncStream.makeStream()
      }

      func respond(to request: ServerRequest, _ reply: ServerReply) {
        reply.send(.text("no socket", status: 404))
      }

      func admission(to path: String) -> SocketAdmission { path == "/ws" ? admitted : .notFound }

      func received(_ text: [UInt8], on socket: ServerSocket) {
        guard text.elementsEqual("flood".utf8) else { return socket.send(text) }
        let message = [UInt8](repeating: 0x78, count: 1 << 16)
        for _ in 0..<1_000 { socket.send(message) }
      }

      func closed(_ socket: ServerSocket, _ end: SocketEnd) { ended.yield(end) }

      /// How the next socket ends.
      func nextEnd() async -> SocketEnd? {
        for await end in ends { return end }
        return nil
      }
    }

    private static func serve(
      _ parrot: Parrot, limits: ServerLimits = ServerLimits(),
      _ body: (HTTPServer, Parrot) async throws -> Void
    ) async throws {
      let server = try await HTTPServer.start(port: 0, limits: limits, service: parrot)
      do {
        try await body(server, parrot)
      } catch {
        await server.stop()
        throw error
      }
      await server.stop()
    }

    private static func open(_ server: HTTPServer) throws -> Peer {
      let peer = try #require(Peer(port: server.port))
      try #require(peer.upgrade())
      return peer
    }

    @Test func `messages, fragments, pings and a close are answered`() async throws {
      try await Self.serve(Parrot()) { server, parrot in
        let peer = try Self.open(server)
        peer.sendFrame("one")
        #expect(peer.nextFrame()?.text == "one")
        peer.send(Peer.frame(Array("tw".utf8), code: 1, isFinal: false))
        peer.send(Peer.frame(Array("beat".utf8), code: 9))
        peer.send(Peer.frame(Array("o".utf8), code: 0))
        #expect(peer.nextFrame() == Peer.Frame(code: 10, payload: Array("beat".utf8)))
        #expect(peer.nextFrame()?.text == "two")
        peer.send(Peer.frame([0x03, 0xe8], code: 8))
        #expect(peer.nextFrame()?.closeCode == 1_000)
        #expect(peer.ends())
        #expect(await parrot.nextEnd() == .byPeer)
      }
    }

    /// Tells each socket where it was opened.
    private struct Signpost: ServerService {
      func respond(to request: ServerRequest, _ reply: ServerReply) {
        reply.send(.text(request.target))
      }
      func admission(to path: String) -> SocketAdmission {
        path == "/market/stream" ? .open : .notFound
      }
      func opened(_ socket: ServerSocket) { socket.send(Array(socket.target.utf8)) }
    }

    @Test func `path and query reach the service, of a socket as of a request`() async throws {
      let server = try await HTTPServer.start(port: 0, service: Signpost())
      let peer = try #require(Peer(port: server.port))
      #expect(peer.get("/a?b=c&d")?.body == "/a?b=c&d")
      let path = "/market/stream?streams=btcusdt@kline_1m/ethusdt@aggTrade"
      try #require(peer.upgrade(path))
      #expect(peer.nextFrame()?.text == path)
      await server.stop()
    }

    @Test func `a connection that has served requests may become a socket`() async throws {
      try await Self.serve(Parrot()) { server, _ in
        let peer = try #require(Peer(port: server.port))
        for _ in 0..<3 { #expect(peer.get("/none")?.status == 404) }
        try #require(peer.upgrade())
        peer.sendFrame("one")
        #expect(peer.nextFrame()?.text == "one")
      }
    }

    @Test func `a frame that comes one byte at a time is whole in the end`() async throws {
      try await Self.serve(Parrot()) { server, _ in
        let peer = try Self.open(server)
        let text = String(repeating: "slow ", count: 60)
        for byte in Peer.frame(Array(text.utf8)) { peer.send([byte]) }
        #expect(peer.nextFrame()?.text == text)
      }
    }

    @Test func `a message of the largest size passes and one byte more does not`() async throws {
      var limits = ServerLimits()
      limits.message = 70_000
      try await Self.serve(Parrot(), limits: limits) { server, parrot in
        let peer = try Self.open(server)
        peer.send(Peer.frame([UInt8](repeating: 0x61, count: 70_000)))
        #expect(peer.nextFrame()?.payload.count == 70_000)
        peer.send(Peer.frame([UInt8](repeating: 0x61, count: 70_001)))
        #expect(peer.nextFrame()?.closeCode == 1_009)
        #expect(peer.ends())
        #expect(await parrot.nextEnd() == .breach("its message was too large"))
      }
    }

    @Test func `a frame of 100 MB is refused by its header`() async throws {
      try await Self.serve(Parrot()) { server, _ in
        let peer = try Self.open(server)
        peer.send([0x81, 0xff, 0, 0, 0, 0, 0x06, 0x40, 0, 0, 1, 2, 3, 4])
        #expect(peer.nextFrame()?.closeCode == 1_009)
        #expect(peer.ends())
      }
    }

    @Test func `fragments without end are cut off at the limit`() async throws {
      var limits = ServerLimits()
      limits.message = 10_000
      try await Self.serve(Parrot(), limits: limits) { server, _ in
        let peer = try Self.open(server)
        let part = [UInt8](repeating: 0x61, count: 4_000)
        peer.send(Peer.frame(part, code: 1, isFinal: false))
        for _ in 0..<3 where !peer.send(Peer.frame(part, code: 0, isFinal: false)) { break }
        #expect(peer.nextFrame()?.closeCode == 1_009)
        #expect(peer.ends())
      }
    }

    @Test func `what is no text message closes the socket`() async throws {
      try await Self.serve(Parrot()) { server, _ in
        let binary = try Self.open(server)
        binary.send(Peer.frame([1, 2, 3], code: 2))
        #expect(binary.nextFrame()?.closeCode == 1_003)
        #expect(binary.ends())
        let garbage = try Self.open(server)
        garbage.send("<html>this is no frame</html>")
        #expect(garbage.ends())
      }
    }

    @Test func `a peer that never reads is disconnected at the bound`() async throws {
      var limits = ServerLimits()
      limits.unsent = 1 << 20
      try await Self.serve(Parrot(), limits: limits) { server, parrot in
        let peer = try #require(Peer(port: server.port, receiveBuffer: 4_096))
        try #require(peer.upgrade())
        peer.sendFrame("flood")
        #expect(await parrot.nextEnd() == .notReading)
        #expect(peer.ends())
        let other = try Self.open(server)
        other.sendFrame("still here")
        #expect(other.nextFrame()?.text == "still here")
      }
    }

    /// The planted bug: pongs that wait without bound for a peer which pings and never reads.
    @Test func `a peer that floods pings and never reads is disconnected`() async throws {
      var limits = ServerLimits()
      limits.unsent = 1 << 16
      try await Self.serve(Parrot(), limits: limits) { server, parrot in
        let peer = try #require(Peer(port: server.port, receiveBuffer: 4_096))
        try #require(peer.upgrade())
        let ping = Peer.frame([UInt8](repeating: 0x70, count: 125), code: 9)
        let block = Array([[UInt8]](repeating: ping, count: 1_000).joined())
        for _ in 0..<1_000 where !peer.send(block) { break }
        #expect(await parrot.nextEnd() == .notReading)
      }
    }

    @Test func `a peer that closes its half of a socket is gone`() async throws {
      try await Self.serve(Parrot()) { server, parrot in
        let peer = try Self.open(server)
        peer.send(Array(Peer.frame(Array("cut short".utf8)).prefix(5)))
        peer.closeOutput()
        #expect(await parrot.nextEnd() == .byPeer)
        #expect(peer.ends())
      }
    }

    @Test func `a silent peer is pinged and then disconnected`() async throws {
      var limits = ServerLimits()
      limits.silenceTime = .milliseconds(30)
      try await Self.serve(Parrot(), limits: limits) { server, parrot in
        let peer = try Self.open(server)
        #expect(peer.nextFrame()?.code == 9)
        #expect(peer.ends())
        #expect(await parrot.nextEnd() == .silent)
      }
    }

    @Test func `a peer that answers pings stays`() async throws {
      var limits = ServerLimits()
      limits.silenceTime = .milliseconds(100)
      try await Self.serve(Parrot(), limits: limits) { server, _ in
        let peer = try Self.open(server)
        for _ in 0..<4 {
          #expect(peer.nextFrame()?.code == 9)
          peer.send(Peer.frame([], code: 10))
        }
      }
    }

    @Test func `other paths have no socket and a refused one gives no answer`() async throws {
      try await Self.serve(Parrot(.refused)) { server, _ in
        let elsewhere = try #require(Peer(port: server.port))
        #expect(!elsewhere.upgrade("/other"))
        let refused = try #require(Peer(port: server.port))
        #expect(!refused.upgrade())
        #expect(refused.ends())
      }
    }

    @Test func `a stop says good-bye`() async throws {
      let parrot = Parrot()
      let server = try await HTTPServer.start(port: 0, service: parrot)
      let peer = try Self.open(server)
      await server.stop()
      #expect(peer.nextFrame()?.closeCode == 1_001)
      #expect(peer.ends())
      #expect(await parrot.nextEnd() == .byServer)
    }
  }
}
