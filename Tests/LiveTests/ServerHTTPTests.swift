import Dispatch
import Live
import Market
import Synchronization
import Testing

extension ServerTests {
  /// The HTTP side of the server against peers of every kind.
  @Suite struct HTTP {
    /// Answers with method, path, query and length of the body; counts what it was asked.
    final class Echo: ServerService {
      let count = Atomic<Int>(0)
      private let padding: Int
      private let isLate: Bool

      init(padding: Int = 0, isLate: Bool = false) {
        self.padding = padding
        self.isLate = isLate
      }

      func respond(to request: ServerRequest, _ reply: ServerReply) {
        count.add(1, ordering: .relaxed)
        if request.path == "/hang-up" { return reply.abandon() }
        let text = "\(request.method) \(request.path) \(request.query) \(request.body.count)"
        let response = ServerResponse.text(text + String(repeating: ".", count: padding))
        guard isLate else { return reply.send(response) }
        DispatchQueue.global().async {
          reply.send(response)
          // The second answer meets nobody.
          reply.send(.text("again"))
        }
      }
    }

    private static func serve(
      _ service: some ServerService, limits: ServerLimits = ServerLimits(),
      _ body: (HTTPServer) async throws -> Void
    ) async throws {
      let server = try await HTTPServer.start(port: 0, limits: limits, service: service)
      do {
        try await body(server)
      } catch {
        await server.stop()
        throw error
      }
      await server.stop()
    }

    @Test func `a connection is kept for the next request and closed where that is asked for`()
      async throws
    {
      try await Self.serve(Echo()) { server in
        let peer = try #require(Peer(port: server.port))
        #expect(peer.get("/a?b=c")?.body == "GET /a b=c 0")
        #expect(peer.post("/d", "four")?.body == "POST /d  4")
        peer.send("GET /e HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let last = try #require(peer.answer())
        #expect(last.body == "GET /e  0")
        #expect(last.head.contains("Connection: close"))
        #expect(peer.ends())
      }
    }

    @Test(arguments: [false, true])
    func `requests sent in one go are answered in order`(isLate: Bool) async throws {
      try await Self.serve(Echo(isLate: isLate)) { server in
        let peer = try #require(Peer(port: server.port))
        peer.send((0..<50).map { Peer.post("/\($0)", "x") }.joined())
        for index in 0..<50 { #expect(peer.answer()?.body == "POST /\(index)  1") }
      }
    }

    @Test func `a request that comes one byte at a time is answered`() async throws {
      try await Self.serve(Echo()) { server in
        let peer = try #require(Peer(port: server.port))
        for byte in Peer.post("/slow", "body").utf8 { peer.send([byte]) }
        #expect(peer.answer()?.body == "POST /slow  4")
      }
    }

    @Test func `a client that asks first is told to go on`() async throws {
      try await Self.serve(Echo()) { server in
        let peer = try #require(Peer(port: server.port))
        peer.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(peer.answer()?.status == 100)
        peer.send("ok")
        #expect(peer.answer()?.body == "POST /  2")
      }
    }

    @Test func `a body of 100 MB is refused before it comes`() async throws {
      let echo = Echo()
      try await Self.serve(echo) { server in
        let peer = try #require(Peer(port: server.port))
        peer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\n")
        #expect(peer.answer()?.status == 413)
        #expect(peer.ends())
        #expect(echo.count.load(ordering: .relaxed) == 0)
      }
    }

    @Test func `a body without end is cut off at the limit`() async throws {
      var limits = ServerLimits()
      limits.requestBody = 10_000
      try await Self.serve(Echo(), limits: limits) { server in
        let peer = try #require(Peer(port: server.port))
        peer.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = "3e8\r\n" + String(repeating: "x", count: 1_000) + "\r\n"
        for _ in 0..<11 { peer.send(chunk) }
        #expect(peer.answer()?.status == 413)
        #expect(peer.ends())
      }
    }

    @Test(arguments: [
      "<html><body>no</body></html>\r\n\r\n", "\u{0}\u{1}\u{2}\u{3}\r\n\r\n",
      "GET / SPDY/9\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -4\r\n\r\n",
    ])
    func `what is no HTTP is answered with 400 and closed`(text: String) async throws {
      try await Self.serve(Echo()) { server in
        let peer = try #require(Peer(port: server.port))
        peer.send(text)
        #expect(peer.answer()?.status == 400)
        #expect(peer.ends())
        let other = try #require(Peer(port: server.port))
        #expect(other.get("/after")?.status == 200)
      }
    }

    @Test func `a header without end is refused`() async throws {
      try await Self.serve(Echo()) { server in
        let peer = try #require(Peer(port: server.port))
        peer.send("GET / HTTP/1.1\r\n")
        let field = "X: " + String(repeating: "y", count: 1_000) + "\r\n"
        for _ in 0..<100 where !peer.send(field) { break }
        #expect(peer.ends())
      }
    }

    @Test(arguments: ["", "GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc"])
    func `a peer that stops in the middle is not waited for`(text: String) async throws {
      var limits = ServerLimits()
      limits.idleTime = .milliseconds(30)
      limits.requestTime = .milliseconds(30)
      try await Self.serve(Echo(), limits: limits) { server in
        let peer = try #require(Peer(port: server.port))
        peer.send(text)
        #expect(peer.ends())
      }
    }

    @Test func `a peer that asks and never reads is not served without bound`() async throws {
      var limits = ServerLimits()
      limits.unsent = 1 << 18
      limits.idleTime = .milliseconds(300)
      let echo = Echo(padding: 1 << 18)
      try await Self.serve(echo, limits: limits) { server in
        let peer = try #require(Peer(port: server.port, receiveBuffer: 4_096))
        peer.send((0..<1_000).map { Peer.post("/\($0)", "") }.joined())
        // Nothing is read until the server has given the peer up.
        while echo.count.load(ordering: .relaxed) == 0 || server.connectionCount > 0 {
          await Task.yield()
        }
        #expect(peer.ends())
        // A quarter of a gigabyte was asked for; the kernel's own buffers hold a few megabytes.
        #expect(echo.count.load(ordering: .relaxed) < 100)
      }
    }

    @Test func `an abandoned request ends its connection without an answer`() async throws {
      try await Self.serve(Echo()) { server in
        let peer = try #require(Peer(port: server.port))
        peer.send("GET /hang-up HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(peer.receive() == .end)
      }
    }

    @Test func `connections beyond the limit are closed at once`() async throws {
      var limits = ServerLimits()
      limits.connections = 2
      try await Self.serve(Echo(), limits: limits) { server in
        let peers = try (0..<2).map { _ in try #require(Peer(port: server.port)) }
        for peer in peers { #expect(peer.get("/")?.status == 200) }
        #expect(server.connectionCount == 2)
        #expect(try #require(Peer(port: server.port)).ends())
        #expect(peers[0].get("/")?.status == 200)
      }
    }

    @Test func `ten thousand connections cost what the limit lets them`() async throws {
      var limits = ServerLimits()
      limits.connections = 100
      try await Self.serve(Echo(), limits: limits) { server in
        let peers = try (0..<100).map { _ in try #require(Peer(port: server.port)) }
        for peer in peers { #expect(peer.get("/")?.status == 200) }
        for _ in 0..<10_000 { #expect(try #require(Peer(port: server.port)).ends()) }
        #expect(server.connectionCount == 100)
        #expect(peers.allSatisfy { $0.get("/")?.status == 200 })
      }
    }

    @Test func `a peer that closes its half in the middle is gone`() async throws {
      try await Self.serve(Echo()) { server in
        for text in ["", "GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"] {
          let peer = try #require(Peer(port: server.port))
          peer.send(text)
          peer.closeOutput()
          #expect(peer.ends())
        }
        while server.connectionCount > 0 { await Task.yield() }
      }
    }

    @Test func `a taken port is named, with what to do`() async throws {
      let first = try await HTTPServer.start(port: 0, service: Echo())
      let error = await #expect(throws: ServerError.self) {
        try await HTTPServer.start(port: first.port, service: Echo())
      }
      #expect(error == .portTaken(host: "127.0.0.1", port: first.port))
      #expect(error?.description == "127.0.0.1:\(first.port) is taken by another program")
      await first.stop()
      let again = try await HTTPServer.start(port: first.port, service: Echo())
      await again.stop()
    }

    @Test func `a number that is no port is refused`() async {
      await #expect(throws: ServerError.badPort(70_000)) {
        try await HTTPServer.start(port: 70_000, service: Echo())
      }
    }

    @Test func `a stop ends what is open and frees the port`() async throws {
      let server = try await HTTPServer.start(port: 0, service: RouteService { _ in .json("{}") })
      let peer = try #require(Peer(port: server.port))
      #expect(peer.get("/health")?.body == "{}")
      await server.stop()
      #expect(peer.ends())
      #expect(Peer(port: server.port) == nil)
    }
  }
}
