import Market
import Simulation
import Synchronization
import Testing
import Venues

@testable import Live

/// What becomes of a request at venues that behave, and at venues that do not.
@Suite struct HTTPTransportTests {
  private static func ask(
    _ listener: Listener, times: Int = 1, body: String = "{\"type\":\"meta\"}",
    within milliseconds: Int = 10_000
  ) async throws -> [HTTPTransport.Answer] {
    let endpoint = try #require(Endpoint("http://127.0.0.1:\(listener.port)", plain: "http"))
    let transport = try HTTPTransport(endpoint: endpoint)
    defer { transport.close() }
    var answers: [HTTPTransport.Answer] = []
    for _ in 0..<times {
      answers.append(await transport.answer(body: body, within: milliseconds))
    }
    return answers
  }

  @Test func anAnswerComesWithStatusBodyAndRetryAfter() async throws {
    let listener = try #require(
      Listener { peer in
        while let request = peer.request() {
          #expect(request.hasPrefix("POST /info HTTP/1.1\r\n"))
          #expect(request.contains("Content-Type: application/json"))
          #expect(request.hasSuffix("{\"type\":\"meta\"}"))
          peer.answer("null", status: 429, fields: "Retry-After: 7\r\n")
        }
      })
    let answers = try await Self.ask(listener, times: 2)
    let expected = HTTPResponse(
      status: 429, headers: [HTTPHeader("retry-after", "7")], body: Array("null".utf8))
    #expect(answers == [.success(expected), .success(expected)])
  }

  /// The planted bug: libcurl repeats a request whose kept connection died, and the venue trades
  /// twice.
  @Test func aRequestIsNeverSentTwice() async throws {
    let received = Mutex(0)
    let listener = try #require(
      Listener { peer in
        while peer.request() != nil {
          let count = received.withLock {
            $0 += 1
            return $0
          }
          // The second request is taken, and its connection dies before an answer.
          guard count != 2 else { return }
          peer.answer("{}")
        }
      })
    let answers = try await Self.ask(listener, times: 2)
    #expect(answers[0] == .success(HTTPResponse(status: 200, body: Array("{}".utf8))))
    #expect(answers[1] == .failure(.connectionLost))
    #expect(received.withLock { $0 } == 2)
  }

  /// The planted bug: a connection, and with TLS a handshake, for every request.
  @Test func requestsShareAConnection() async throws {
    let connections = Mutex<Set<Int>>([])
    let listener = try #require(
      Listener { peer in
        while peer.request() != nil {
          connections.withLock { _ = $0.insert(peer.number) }
          peer.answer("{}")
        }
      })
    let endpoint = try #require(Endpoint("http://127.0.0.1:\(listener.port)", plain: "http"))
    let transport = try HTTPTransport(endpoint: endpoint)
    defer { transport.close() }
    let request = HTTPRequest(method: .post, path: "/", body: [0x78], timeout: .seconds(10))
    // One after the other on the transport's thread: the venue gives an idle connection up.
    let statuses = await withCheckedContinuation {
      (continuation: CheckedContinuation<[Int], Never>) in
      @Sendable func ask(_ statuses: [Int]) {
        guard statuses.count < 5 else { return continuation.resume(returning: statuses) }
        transport.send(request, within: 10_000) { ask(statuses + [(try? $0.get().status) ?? 0]) }
      }
      ask([])
    }
    #expect(statuses == [200, 200, 200, 200, 200])
    #expect(connections.withLock { $0 } == [1])
  }

  /// The planted bug: a dead address that takes the whole time of a request.
  @Test(.timeLimit(.minutes(1))) func aConnectionThatDoesNotStandIsGivenUpEarly() async throws {
    // Linux drops what comes once the queue is full and nobody takes connections out of it.
    let full = try #require(FullListener())
    let endpoint = try #require(Endpoint("http://127.0.0.1:\(full.port)", plain: "http"))
    let transport = try HTTPTransport(endpoint: endpoint, connectPatience: 200)
    defer { transport.close() }
    #expect(await transport.answer(body: "x", within: 600_000) == .failure(.unreachable))
  }

  @Test(.timeLimit(.minutes(1))) func closingEndsWhatIsUnderWay() async throws {
    let asked = Mutex(0)
    let listener = try #require(
      Listener { peer in
        guard peer.request() != nil else { return }
        asked.withLock { $0 += 1 }
        peer.waitForEnd()
      })
    let endpoint = try #require(Endpoint("http://127.0.0.1:\(listener.port)", plain: "http"))
    let transport = try HTTPTransport(endpoint: endpoint)
    async let first = transport.answer(body: "x", within: 600_000)
    async let second = transport.answer(within: 600_000)
    while asked.withLock({ $0 }) < 2 { await Task.yield() }
    transport.close()
    // The venue had both: what became of them is unknown.
    #expect(await first == .failure(.connectionLost))
    #expect(await second == .failure(.connectionLost))
    #expect(await transport.answer(body: "x") == .failure(.unreachable))
  }

  @Test func requestsBeyondTheMostAreTurnedAwayAtOnce() async throws {
    let listener = try #require(
      Listener { peer in
        _ = peer.request()
        peer.waitForEnd(within: 60)
      })
    let endpoint = try #require(Endpoint("http://127.0.0.1:\(listener.port)", plain: "http"))
    let transport = try HTTPTransport(endpoint: endpoint)
    let told = Mutex<[HTTPTransport.Answer]>([])
    let request = HTTPRequest(method: .post, path: "/", body: [0x78], timeout: .seconds(60))
    for _ in 0..<(HTTPTransport.mostRequests + 10) {
      transport.send(request, within: 60_000) { answer in told.withLock { $0.append(answer) } }
    }
    #expect(told.withLock { $0 } == Array(repeating: .failure(.unreachable), count: 10))
    transport.close()
    #expect(told.withLock { $0.count } == HTTPTransport.mostRequests + 10)
  }

  private typealias Serve = @Sendable (Listener.Conversation) -> Void

  @Test func whatIsNoAnswerHasItsName() async throws {
    let cases: [(name: String, failure: TransportFailure, serve: Serve)] = [
      (
        "hangs", .timeout,
        {
          _ = $0.request(); $0.drain()
        }
      ),
      ("closes", .connectionLost, { _ = $0.request() }),
      (
        "no HTTP", .malformed,
        {
          _ = $0.request(); $0.send("garbage\r\n\r\n")
        }
      ),
      (
        "cut short", .connectionLost,
        {
          _ = $0.request(); $0.send("HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n{")
        }
      ),
    ]
    for (name, failure, serve) in cases {
      let listener = try #require(Listener(serve))
      let answers = try await Self.ask(listener, within: name == "hangs" ? 300 : 10_000)
      #expect(answers == [.failure(failure)], "\(name)")
    }
  }

  /// The planted bug: memory for whatever a venue sends.
  @Test func anAnswerWithoutEndIsCut() async throws {
    let repeating: @Sendable (String, [UInt8]) -> Serve = { head, block in
      { peer in
        _ = peer.request()
        peer.send(head)
        for _ in 0..<1_000_000 where !peer.send(block) { return }
      }
    }
    let spaces = [UInt8](repeating: 0x20, count: 1 << 16)
    let length = GzipBomb.bytes.count
    let cases: [(name: String, failure: TransportFailure, serve: Serve)] = [
      (
        "a header", .oversize,
        repeating("HTTP/1.1 200 X\r\n", Array("X: y\r\n".utf8) + Array("Z: 0\r\n".utf8))
      ),
      (
        "answers that are not the last", .oversize,
        repeating("", Array("HTTP/1.1 103 Early Hints\r\n\r\n".utf8))
      ),
      ("a line", .malformed, repeating("", [UInt8](repeating: 0x79, count: 1 << 16))),
      ("a line of a header", .oversize, repeating("HTTP/1.1 200 X\r\nX: ", spaces)),
      ("a body", .oversize, repeating("HTTP/1.1 200 X\r\n\r\n", spaces)),
      (
        "a body of 100 MB", .oversize,
        repeating("HTTP/1.1 200 X\r\nContent-Length: 104857600\r\n\r\n", spaces)
      ),
      (
        "16 MB in a small gzip", .oversize,
        repeating(
          "HTTP/1.1 200 X\r\nContent-Encoding: gzip\r\nContent-Length: \(length)\r\n\r\n",
          GzipBomb.bytes)
      ),
    ]
    for (name, failure, serve) in cases {
      let listener = try #require(Listener(serve))
      #expect(try await Self.ask(listener) == [.failure(failure)], "\(name)")
    }
  }

  @Test func nobodyThereMeansThatNothingWasSent() async throws {
    let port = try #require(Listener { _ in }).port
    let endpoint = try #require(Endpoint("http://127.0.0.1:\(port)", plain: "http"))
    let transport = try HTTPTransport(endpoint: endpoint)
    defer { transport.close() }
    #expect(await transport.answer(body: "x") == .failure(.unreachable))
  }

  @Test func oneByteAtATimeIsAnAnswerToo() async throws {
    let listener = try #require(
      Listener { peer in
        _ = peer.request()
        for byte in Array("HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nnull".utf8) {
          peer.send([byte])
        }
        peer.drain()
      })
    let answers = try await Self.ask(listener)
    #expect(answers == [.success(HTTPResponse(status: 200, body: Array("null".utf8)))])
  }

  @Test func htmlIsAnAnswerThatTheClientRefuses() async throws {
    let listener = try #require(
      Listener { peer in
        while peer.request() != nil { peer.answer("<html>busy</html>") }
      })
    let answers = try await Self.ask(listener)
    #expect(
      answers == [.success(HTTPResponse(status: 200, body: Array("<html>busy</html>".utf8)))])
  }
}
