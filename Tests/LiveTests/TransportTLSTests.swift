import Foundation
import Market
import Simulation
import Synchronization
import Testing
import Venues

@testable import Live

extension ServerTests {
  /// TLS from our clients to our server, and what they refuse.
  @Suite struct TLS {
    /// A server with a certificate for `names`, and the file that makes a client trust it.
    private static func serve(
      for names: [String] = ["localhost", "127.0.0.1"],
      _ body: (HTTPServer, String) async throws -> Void
    ) async throws {
      let folder = try LiveFolder()
      let certificate = try ServerCertificate.generate(for: names)
      try certificate.pem.write(
        toFile: folder.path("venue.pem"), atomically: true, encoding: .utf8)
      let server = try await HTTPServer.start(
        port: 0, certificate: certificate, service: Greeter())
      do {
        try await body(server, folder.path("venue.pem"))
      } catch {
        await server.stop()
        throw error
      }
      await server.stop()
    }

    /// Says `hello` on every socket, and answers requests with their method and path.
    private struct Greeter: ServerService {
      func respond(to request: ServerRequest, _ reply: ServerReply) {
        reply.send(.text("\(request.method) \(request.target)"))
      }
      func admission(to path: String) -> SocketAdmission { .open }
      func opened(_ socket: ServerSocket) { socket.send(Array("hello".utf8)) }
    }

    private static func ask(
      _ address: String, trust: String?, proxy: Proxy? = nil, times: Int = 1
    ) async throws -> [HTTPTransport.Answer] {
      let endpoint = try #require(Endpoint(address, plain: "http"))
      let transport = try HTTPTransport(endpoint: endpoint, trust: trust, proxy: proxy)
      defer { transport.close() }
      var answers: [HTTPTransport.Answer] = []
      for _ in 0..<times { answers.append(await transport.answer(to: "/a?b=c", body: "x")) }
      return answers
    }

    private static func listen(
      _ address: String, trust: String?, proxy: Proxy? = nil
    ) async throws -> [TransportInput] {
      var talk = SocketTalk(try #require(Endpoint(address, plain: "ws")))
      talk.trust = trust
      talk.proxy = proxy
      return try await talk.told(count: 2)
    }

    private static let greeting: [TransportInput] = [
      .opened(SocketTalk.id), .frame(SocketTalk.id, Array("hello".utf8)),
    ]
    private static let nobody: [TransportInput] = [.closed(SocketTalk.id, .unreachable)]
    private static let answer = HTTPTransport.Answer.success(
      HTTPResponse(
        status: 200, headers: [HTTPHeader("content-type", "text/plain; charset=utf-8")],
        body: Array("POST /a?b=c".utf8)))

    @Test(arguments: ["127.0.0.1", "localhost"])
    func `a client that trusts the file talks over one encrypted connection`(host: String)
      async throws
    {
      try await Self.serve { (server, trust) async throws in
        let address = "://\(host):\(server.port)"
        #expect(
          try await Self.ask("https" + address, trust: trust, times: 2)
            == [Self.answer, Self.answer])
        #expect(try await Self.listen("wss" + address, trust: trust) == Self.greeting)
      }
    }

    @Test func `a certificate that nobody vouches for is refused before anything is sent`()
      async throws
    {
      try await Self.serve { (server, _) async throws in
        let address = "://127.0.0.1:\(server.port)"
        #expect(
          try await Self.ask("https" + address, trust: nil) == [.failure(.unreachable)])
        #expect(try await Self.listen("wss" + address, trust: nil) == Self.nobody)
      }
    }

    /// The planted bug: a client that checks who signed a certificate and not whose it is.
    @Test(arguments: [["venue.test"], ["127.0.0.2", "localhost.test"]])
    func `a trusted certificate for another name is refused`(names: [String]) async throws {
      try await Self.serve(for: names) { (server, trust) async throws in
        for host in ["127.0.0.1", "localhost"] {
          let address = "://\(host):\(server.port)"
          #expect(
            try await Self.ask("https" + address, trust: trust) == [.failure(.unreachable)])
          #expect(try await Self.listen("wss" + address, trust: trust) == Self.nobody)
        }
      }
    }

    @Test func `a tunnel through a proxy is encrypted to the venue that was named`()
      async throws
    {
      try await Self.serve(for: ["venue.test"]) { (server, trust) async throws in
        let requests = Mutex<[String]>([])
        let listener = try #require(
          Listener.proxy(to: server.port) { head in requests.withLock { $0.append(head) } })
        let proxy = Proxy(host: "127.0.0.1", port: listener.port, credentials: "me:secret")
        #expect(
          try await Self.ask("https://venue.test", trust: trust, proxy: proxy) == [Self.answer])
        #expect(
          try await Self.listen("wss://venue.test", trust: trust, proxy: proxy) == Self.greeting)
        // The name counts, not where the tunnel led.
        #expect(
          try await Self.ask("https://other.test", trust: trust, proxy: proxy)
            == [.failure(.unreachable)])
        #expect(
          try await Self.listen("wss://other.test", trust: trust, proxy: proxy) == Self.nobody)
        let heard = requests.withLock { $0 }
        let lines = heard.map { String($0.prefix { $0 != "\r\n" }) }
        #expect(
          lines == [
            "CONNECT venue.test:443 HTTP/1.1", "CONNECT venue.test:443 HTTP/1.1",
            "CONNECT other.test:443 HTTP/1.1", "CONNECT other.test:443 HTTP/1.1",
          ])
        #expect(heard.allSatisfy { $0.contains("Proxy-Authorization: Basic bWU6c2VjcmV0\r\n") })
      }
    }

    @Test func `what does not speak TLS is cut and holds nobody up`() async throws {
      try await Self.serve { (server, trust) async throws in
        let plain = try #require(Peer(port: server.port))
        plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(plain.ends())
        let silent = try #require(Peer(port: server.port))
        let address = "https://127.0.0.1:\(server.port)"
        #expect(try await Self.ask(address, trust: trust) == [Self.answer])
        _ = silent
      }
    }

    @Test func `a file without a certificate is named at the start`() throws {
      let folder = try LiveFolder()
      try "nothing".write(toFile: folder.path("no.pem"), atomically: true, encoding: .utf8)
      let endpoint = try #require(Endpoint("https://127.0.0.1:1", plain: "http"))
      for name in ["no.pem", "missing.pem"] {
        let error = #expect(throws: LiveError.self) {
          try HTTPTransport(endpoint: endpoint, trust: folder.path(name))
        }
        #expect(error?.problem.contains(name) == true)
      }
    }

    @Test func `a client offers HTTP 2 and says whose certificate it wants`() async throws {
      let hello = Mutex<[UInt8]>([])
      let listener = try #require(
        Listener { peer in
          // A TLS record: its kind, its version, its length.
          let head = (0..<5).compactMap { _ in peer.byte() }
          guard head.count == 5, head[0] == 22 else { return }
          let body = (0..<(Int(head[3]) << 8 | Int(head[4]))).compactMap { _ in peer.byte() }
          hello.withLock { $0 = body }
        })
      _ = try await Self.ask("https://localhost:\(listener.port)", trust: nil)
      let bytes = hello.withLock { $0 }
      #expect(bytes.firstRange(of: [2] + Array("h2".utf8) + [8] + Array("http/1.1".utf8)) != nil)
      #expect(bytes.firstRange(of: Array("localhost".utf8)) != nil)
    }
  }
}
