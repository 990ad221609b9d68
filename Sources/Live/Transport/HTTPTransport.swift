import CCurl
import Foundation
import Market
import Simulation
import Synchronization
import Venues

/// Sends requests to one venue with libcurl, on a thread of its own.
///
/// Connections are kept and shared. A request is never sent twice: libcurl would repeat one on a
/// fresh connection where a kept one turns out to be dead, and an order that was repeated could
/// trade twice; so the body can be read once only, and such a request counts as lost.
final class HTTPTransport: Sendable {
  /// The longest answer.
  static let longestBody = 8 << 20
  /// The most requests under way at once; the client's own budget is far below.
  static let mostRequests = 256

  /// What a request came to.
  typealias Answer = Result<HTTPResponse, TransportFailure>

  private struct Job: Sendable {
    let url: String
    let request: HTTPRequest
    let milliseconds: Int
    let completion: @Sendable (Answer) -> Void
  }

  private struct Inbox: Sendable {
    var jobs: [Job] = []
    var underWay = 0
    var isClosed = false
  }

  private let base: String
  private let inbox = Mutex(Inbox())
  private let finished = DispatchSemaphore(value: 0)
  // SAFETY: other threads use it for `curl_multi_wakeup` alone, which libcurl allows, and not after
  // `close` has returned.
  private nonisolated(unsafe) let multi: UnsafeMutableRawPointer

  /// Makes the transport of one venue and starts its thread.
  ///
  /// - Parameter endpoint: The base address.
  /// - Throws: ``LiveError`` where libcurl cannot be started.
  init(endpoint: Endpoint) throws(LiveError) {
    base = endpoint.description
    guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, let multi = curl_multi_init()
    else {
      throw LiveError(.system, "libcurl cannot be started", remedy: "check the installation")
    }
    self.multi = multi
    _ = ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 16)
    let thread = Thread { [self] in run() }
    thread.name = "assay-http"
    thread.start()
  }

  /// Sends a request.
  ///
  /// - Parameters:
  ///   - request: What to send.
  ///   - milliseconds: How long the whole exchange may take.
  ///   - completion: Told once, on the transport's thread.
  func send(
    _ request: HTTPRequest, within milliseconds: Int,
    completion: @escaping @Sendable (Answer) -> Void
  ) {
    let job = Job(
      url: base + request.path, request: request, milliseconds: max(1, milliseconds),
      completion: completion)
    let isTaken = inbox.withLock { inbox in
      guard !inbox.isClosed, inbox.underWay < Self.mostRequests else { return false }
      inbox.underWay += 1
      inbox.jobs.append(job)
      return true
    }
    guard isTaken else { return completion(.failure(.unreachable)) }
    curl_multi_wakeup(multi)
  }

  /// Ends the thread; requests under way are told as lost.
  ///
  /// Call it once.
  func close() {
    inbox.withLock { $0.isClosed = true }
    curl_multi_wakeup(multi)
    finished.wait()
  }

  // MARK: The thread

  private func run() {
    var transfers: [UnsafeMutableRawPointer: HTTPTransfer] = [:]
    while true {
      let (jobs, isClosed) = inbox.withLock { inbox in
        defer { inbox.jobs.removeAll() }
        return (inbox.jobs, inbox.isClosed)
      }
      if isClosed {
        for job in jobs { end(job.completion, .failure(.unreachable)) }
        break
      }
      for job in jobs {
        guard
          let transfer = HTTPTransfer(
            job.request, url: job.url, milliseconds: job.milliseconds, completion: job.completion),
          curl_multi_add_handle(multi, transfer.handle) == CURLM_OK
        else {
          end(job.completion, .failure(.unreachable))
          continue
        }
        transfers[transfer.handle] = transfer
      }
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      reap(&transfers)
      curl_multi_poll(multi, nil, 0, 1_000, nil)
    }
    for transfer in transfers.values {
      curl_multi_remove_handle(multi, transfer.handle)
      end(transfer.completion, .failure(.connectionLost))
    }
    transfers.removeAll()
    curl_multi_cleanup(multi)
    finished.signal()
  }

  private func reap(_ transfers: inout [UnsafeMutableRawPointer: HTTPTransfer]) {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else {
        continue
      }
      let code = message.pointee.data.result
      curl_multi_remove_handle(multi, handle)
      guard let transfer = transfers.removeValue(forKey: handle) else { continue }
      end(transfer.completion, transfer.answer(code))
    }
  }

  private func end(_ completion: @Sendable (Answer) -> Void, _ answer: Answer) {
    inbox.withLock { $0.underWay -= 1 }
    completion(answer)
  }
}
