import CCurl
import Simulation
import Venues

/// One request under way; lives on the transport's thread.
final class HTTPTransfer {
  let handle: UnsafeMutableRawPointer
  let completion: @Sendable (HTTPTransport.Answer) -> Void
  private let body: [UInt8]
  private var sent = 0
  private var received: [UInt8] = []
  private var understood: [HTTPHeader] = []
  private var headerBytes = 0
  private var isTooLong = false
  private var headers: UnsafeMutablePointer<curl_slist>?

  /// Prepares a request; nil where libcurl has no memory for it.
  init?(
    _ request: HTTPRequest, _ way: HTTPTransport.Way, milliseconds: Int,
    completion: @escaping @Sendable (HTTPTransport.Answer) -> Void
  ) {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    self.completion = completion
    body = request.body
    _ = ccurl_set_text(handle, CURLOPT_URL, way.endpoint.description + request.path)
    _ = ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    // HTTP/2 where TLS offers it, else HTTP/1.1.
    _ = ccurl_set_long(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
    _ = ccurl_set_text(handle, CURLOPT_USERAGENT, "assay")
    _ = ccurl_set_text(handle, CURLOPT_ACCEPT_ENCODING, "")
    _ = ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    _ = ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
    _ = ccurl_set_long(handle, CURLOPT_TCP_NODELAY, 1)
    _ = ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds)
    _ = ccurl_set_long(
      handle, CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, way.connectPatience))
    // A name that is still looked up when a request ends would hold up every other request.
    _ = ccurl_set_long(handle, CURLOPT_QUICK_EXIT, 1)
    if let trust = way.trust { _ = ccurl_set_text(handle, CURLOPT_CAINFO, trust) }
    setProxy(way.proxy)
    setHeaders(request.method)
    setCallbacks()
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headers)
  }

  /// What libcurl itself would read in the environment stays out of it (see ``Proxy``).
  private func setProxy(_ proxy: Proxy?) {
    _ = ccurl_set_text(handle, CURLOPT_NOPROXY, "")
    guard let proxy else {
      _ = ccurl_set_text(handle, CURLOPT_PROXY, "")
      return
    }
    _ = ccurl_set_text(
      handle, CURLOPT_PROXY, proxy.host.contains(":") ? "[\(proxy.host)]" : proxy.host)
    _ = ccurl_set_long(handle, CURLOPT_PROXYPORT, proxy.port)
    _ = ccurl_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    if let credentials = proxy.credentials {
      _ = ccurl_set_text(handle, CURLOPT_PROXYUSERPWD, credentials)
    }
  }

  private func setHeaders(_ method: HTTPRequest.Method) {
    guard method == .post else { return }
    // A server that is asked first whether it wants the body costs a round trip an order.
    for line in ["Content-Type: application/json", "Expect:"] {
      headers = curl_slist_append(headers, line)
    }
    _ = ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
    _ = ccurl_set_long(handle, CURLOPT_POST, 1)
    _ = ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
  }

  private func setCallbacks() {
    let this = Unmanaged.passUnretained(self).toOpaque()
    _ = ccurl_set_pointer(handle, CURLOPT_READDATA, this)
    // No seek function: libcurl cannot send the body again (see ``HTTPTransport``).
    _ = ccurl_set_transfer(handle, CURLOPT_READFUNCTION) { target, size, count, this in
      guard let target, let transfer = HTTPTransfer.from(this) else { return 0 }
      return transfer.read(into: UnsafeMutableRawBufferPointer(start: target, count: size * count))
    }
    _ = ccurl_set_pointer(handle, CURLOPT_WRITEDATA, this)
    _ = ccurl_set_transfer(handle, CURLOPT_WRITEFUNCTION) { source, size, count, this in
      guard let source, let transfer = HTTPTransfer.from(this) else { return 0 }
      return transfer.write(UnsafeRawBufferPointer(start: source, count: size * count))
    }
    _ = ccurl_set_pointer(handle, CURLOPT_HEADERDATA, this)
    _ = ccurl_set_transfer(handle, CURLOPT_HEADERFUNCTION) { source, size, count, this in
      guard let source, let transfer = HTTPTransfer.from(this) else { return 0 }
      return transfer.header(UnsafeRawBufferPointer(start: source, count: size * count))
    }
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> HTTPTransfer? {
    pointer.map { Unmanaged<HTTPTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  private func read(into target: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(target.count, body.count - sent)
    target.copyBytes(from: body[sent..<(sent + count)])
    sent += count
    return count
  }

  private func write(_ source: UnsafeRawBufferPointer) -> Int {
    guard received.count + source.count <= HTTPTransport.longestBody else {
      isTooLong = true
      return 0
    }
    received.append(contentsOf: source)
    return source.count
  }

  /// Takes a line of a header in; zero, which ends the transfer, where there are too many.
  private func header(_ source: UnsafeRawBufferPointer) -> Int {
    headerBytes += source.count
    guard headerBytes <= HTTPTransport.longestHeader else {
      isTooLong = true
      return 0
    }
    readHeader(source)
    return source.count
  }

  private func readHeader(_ source: UnsafeRawBufferPointer) {
    let line = String(decoding: source.prefix(200), as: UTF8.self)
    // A status line begins the fields of another answer: an earlier one was not the last.
    if line.hasPrefix("HTTP/") { understood.removeAll() }
    guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return }
    let name = line[..<colon].lowercased()
    guard HTTPResponse.understoodHeaders.contains(name),
      !understood.contains(where: { $0.name == name })
    else { return }
    let value = line[line.index(after: colon)...].trimmingPrefix(while: \.isWhitespace)
    understood.append(HTTPHeader(name, String(value.prefix { !$0.isNewline })))
  }

  /// What the transfer came to.
  func answer(_ code: CURLcode) -> HTTPTransport.Answer {
    guard code == CURLE_OK else { return .failure(failure(code)) }
    var status = 0
    _ = ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return .success(
      HTTPResponse(status: status, headers: understood, body: received))
  }

  private func failure(_ code: CURLcode) -> TransportFailure {
    if isTooLong { return .oversize }
    var requestSize = 0
    _ = ccurl_get_long(handle, CURLINFO_REQUEST_SIZE, &requestSize)
    // Only a request that did not leave whole may count as never sent. What went to a proxy alone
    // is counted too, but a body leaves last, and without it nobody can act.
    if sent == 0, requestSize == 0 || !body.isEmpty { return .unreachable }
    switch code {
    case CURLE_OPERATION_TIMEDOUT: return .timeout
    // What libcurl says of a line of a header that is longer than it keeps.
    case CURLE_OUT_OF_MEMORY: return .oversize
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING,
      CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return .malformed
    default: return .connectionLost
    }
  }
}
