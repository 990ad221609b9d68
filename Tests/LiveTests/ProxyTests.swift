import Market
import Simulation
import Testing
import Venues

@testable import Live

/// The way through a proxy, and when there is none.
@Suite struct ProxyTests {
  private static func proxy(
    _ environment: [String: String], for address: String
  ) throws -> Proxy? {
    try Proxy.named(
      in: environment, for: try #require(Endpoint(address, plain: "http")))
  }

  @Test func theVariablesAreLibcurls() throws {
    let secure = "https://api.example.com"
    let plain = "http://api.example.com"
    let one = Proxy(host: "one", port: 3_128)
    #expect(try Self.proxy([:], for: secure) == nil)
    #expect(try Self.proxy(["https_proxy": "http://one:3128/"], for: secure) == one)
    #expect(try Self.proxy(["HTTPS_PROXY": "one:3128"], for: secure) == one)
    #expect(try Self.proxy(["https_proxy": "http://one:3128"], for: plain) == nil)
    #expect(try Self.proxy(["http_proxy": "http://one:3128"], for: plain) == one)
    // A web server sets it from a request's `Proxy:` field.
    #expect(try Self.proxy(["HTTP_PROXY": "http://one:3128"], for: plain) == nil)
    #expect(try Self.proxy(["all_proxy": "http://one:3128"], for: secure) == one)
    #expect(try Self.proxy(["ALL_PROXY": "http://one:3128"], for: plain) == one)
    #expect(
      try Self.proxy(["https_proxy": "", "all_proxy": "one:3128"], for: secure) == one)
    #expect(
      try Self.proxy(["https_proxy": "http://me:p%40ss@[::1]"], for: secure)
        == Proxy(host: "::1", port: 1_080, credentials: "me:p@ss"))
  }

  @Test func exceptionsAndLoopbackGoTheDirectWay() throws {
    let variables = ["all_proxy": "http://one:3128"]
    for address in ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"] {
      #expect(try Self.proxy(variables, for: address) == nil)
    }
    let exceptions = ["*", "other.com,example.com", ".example.com", "API.example.com", "x com"]
    for exception in exceptions {
      let environment = variables.merging(["no_proxy": exception]) { $1 }
      #expect(try Self.proxy(environment, for: "https://api.example.com") == nil, "\(exception)")
    }
    for exception in ["", "ample.com", "api.example.co", "example.com.evil"] {
      let environment = variables.merging(["NO_PROXY": exception]) { $1 }
      #expect(try Self.proxy(environment, for: "https://api.example.com") != nil, "\(exception)")
    }
  }

  /// The planted bug: an error that prints the password of the proxy.
  @Test(arguments: ["socks5://me:secret@one:1", "http://me:secret@one:70000", "http://one/secret"])
  func whatIsNoHTTPProxyIsRefusedWithoutBeingRepeated(text: String) throws {
    let error = #expect(throws: LiveError.self) {
      try Self.proxy(["all_proxy": text], for: "https://api.example.com")
    }
    let words = String(describing: error)
    #expect(words.contains("all_proxy"))
    #expect(!words.contains("secret"))
  }

  @Test func aRequestIsForwardedAndAWebSocketIsTunnelled() async throws {
    let venue = try #require(
      Listener { peer in
        guard peer.upgrade() else { return }
        peer.frame(1, Array("hello".utf8))
        peer.drain()
      })
    let listener = try #require(Listener.proxy(to: venue.port))
    let proxy = Proxy(host: "127.0.0.1", port: listener.port)
    let http = try #require(Endpoint("http://venue.test", plain: "http"))
    let transport = try HTTPTransport(endpoint: http, proxy: proxy)
    defer { transport.close() }
    let answer = await transport.answer(to: "/info", body: "{}")
    #expect(
      answer
        == .success(
          HTTPResponse(status: 200, body: Array("POST http://venue.test/info HTTP/1.1".utf8))))
    var talk = SocketTalk(try #require(Endpoint("ws://venue.test:8080", plain: "ws")))
    talk.proxy = proxy
    #expect(
      try await talk.told(count: 2)
        == [.opened(SocketTalk.id), .frame(SocketTalk.id, Array("hello".utf8))])
  }

  /// The venue heard nothing, whatever the proxy's trouble is.
  @Test func aProxyThatRefusesMeansThatNothingWasSent() async throws {
    typealias Serve = @Sendable (Listener.Conversation) -> Void
    let cases: [(name: String, serve: Serve)] = [
      ("forbids", { peer in while peer.request() != nil { peer.answer("no", status: 403) } }),
      ("closes", { _ = $0.request() }),
      (
        "never ends",
        { peer in
          _ = peer.request()
          let field = "X: " + String(repeating: "y", count: 1_000) + "\r\n"
          peer.send("HTTP/1.1 200 X\r\n")
          for _ in 0..<100_000 where !peer.send(field) { return }
        }
      ),
    ]
    for (name, serve) in cases {
      let listener = try #require(Listener(serve))
      let proxy = Proxy(host: "127.0.0.1", port: listener.port)
      let http = try #require(Endpoint("https://venue.test", plain: "http"))
      let transport = try HTTPTransport(endpoint: http, proxy: proxy)
      defer { transport.close() }
      let answer = await transport.answer(body: "{}")
      #expect(
        [.failure(.unreachable), .failure(.oversize)].contains(answer), "\(name): \(answer)")
      var talk = SocketTalk(try #require(Endpoint("wss://venue.test", plain: "ws")))
      talk.proxy = proxy
      #expect(try await talk.told() == [.closed(SocketTalk.id, .unreachable)], "\(name)")
    }
  }
}
