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
  /// The longest answer, decompressed.
  static let longestBody = 8 << 20
  /// The longest header of an answer, with those of answers before it.
  static let longestHeader = 256 << 10
  /// The most requests under way at once; the client's own budget is far below.
  static let mostRequests = 256
  /// How long a connection may take to stand, its TLS included.
  static let connectPatience = 5_000

  /// What a request came to.
  typealias Answer = Result<HTTPResponse, TransportFailure>

  private struct Job: Sendable {
    let request: HTTPRequest
    let milliseconds: Int
    let completion: @Sendable (Answer) -> Void
  }

  /// What every request of a venue has in common.
  struct Way: Sendable {
    /// The base address.
    let endpoint: Endpoint
    /// A file of certificates that are trusted beside the system's.
    let trust: String?
    /// What requests go through; nil for the direct way.
    let proxy: Proxy?
    /// How long a connection may take to stand, in milliseconds.
    let connectPatience: Int
  }

  private struct Inbox: Sendable {
    var jobs: [Job] = []
    var underWay = 0
    var isClosed = false
  }

  private let way: Way
  private let inbox = Mutex(Inbox())
  private let finished = DispatchSemaphore(value: 0)
  // SAFETY: other threads use it for `curl_multi_wakeup` alone, which libcurl allows, and not after
  // `close` has returned.
  private nonisolated(unsafe) let multi: UnsafeMutableRawPointer

  /// Makes the transport of one venue and starts its thread.
  ///
  /// - Parameters:
  ///   - endpoint: The base address.
  ///   - trust: A file of certificates that are trusted beside the system's.
  ///   - proxy: What requests go through; nil for the direct way.
  ///   - connectPatience: How long a connection may take to stand, in milliseconds.
  /// - Throws: ``LiveError`` where libcurl cannot be started, or the file cannot be read.
  init(
    endpoint: Endpoint, trust: String? = nil, proxy: Proxy? = nil,
    connectPatience: Int = HTTPTransport.connectPatience
  ) throws(LiveError) {
    if let trust, endpoint.isSecure { _ = try ClientTrust.certificates(trust) }
    way = Way(endpoint: endpoint, trust: trust, proxy: proxy, connectPatience: connectPatience)
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
      request: request, milliseconds: max(1, milliseconds), completion: completion)
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
            job.request, way, milliseconds: job.milliseconds, completion: job.completion),
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
