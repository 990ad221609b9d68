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
      let request = HTTPRequest(
        method: .post, path: "/info", body: Array(body.utf8), timeout: .seconds(10))
      answers.append(
        await withCheckedContinuation { continuation in
          transport.send(request, within: milliseconds) { continuation.resume(returning: $0) }
        })
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

  @Test func whatIsNoAnswerHasItsName() async throws {
    let cases:
      [(name: String, serve: @Sendable (Listener.Conversation) -> Void, TransportFailure)] =
        [
          (
            "hangs",
            {
              _ = $0.request(); $0.drain()
            }, .timeout
          ),
          ("closes", { _ = $0.request() }, .connectionLost),
          (
            "no HTTP",
            {
              _ = $0.request(); $0.send("garbage\r\n\r\n")
            }, .malformed
          ),
          (
            "cut short",
            {
              _ = $0.request(); $0.send("HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n{")
            },
            .connectionLost
          ),
          (
            "100 MB",
            { peer in
              _ = peer.request()
              peer.send("HTTP/1.1 200 X\r\nContent-Length: 104857600\r\n\r\n")
              let block = [UInt8](repeating: 0x20, count: 1 << 20)
              for _ in 0..<100 where !peer.send(block) { return }
            }, .oversize
          ),
        ]
    for (name, serve, failure) in cases {
      let listener = try #require(Listener(serve))
      let answers = try await Self.ask(listener, within: name == "hangs" ? 300 : 10_000)
      #expect(answers == [.failure(failure)], "\(name)")
    }
  }

  @Test func nobodyThereMeansThatNothingWasSent() async throws {
    let port = try #require(Listener { _ in }).port
    let endpoint = try #require(Endpoint("http://127.0.0.1:\(port)", plain: "http"))
    let transport = try HTTPTransport(endpoint: endpoint)
    defer { transport.close() }
    let request = HTTPRequest(method: .post, path: "/", body: [1], timeout: .seconds(10))
    let answer = await withCheckedContinuation { continuation in
      transport.send(request, within: 10_000) { continuation.resume(returning: $0) }
    }
    #expect(answer == .failure(.unreachable))
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
