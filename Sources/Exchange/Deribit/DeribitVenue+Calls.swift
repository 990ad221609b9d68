import Market
import Venues

extension DeribitVenue {
  /// Answers an HTTP call.
  mutating func answer(_ id: CallID, _ call: VenueCall, _ market: some TrueMarket) {
    if let page = faults.page { return outbox.append(.reply(id, Self.page(page))) }
    guard !faults.isMute else { return }
    let prefix = "/api/v2"
    guard call.path == prefix || call.path.hasPrefix(prefix + "/") else {
      return outbox.append(.reply(id, Self.page(404)))
    }
    let path = String(call.path.dropFirst(prefix.count + 1))
    var writer = JSONWriter(capacity: 1_024)
    var status = 200
    do throws(DeribitRefusal) {
      let request: DeribitRequest
      switch call.method {
      case .get: request = DeribitRequest(method: path, query: call.query)
      case .post:
        guard let root = try? parser.parse(call.body).root else { throw .parse }
        request = try DeribitRequest(root, path: path.isEmpty ? nil : path)
      }
      status = respond(to: request, session: nil, market, into: &writer)
    } catch {
      refuse(error, id: nil, into: &writer)
      status = 400
    }
    let body = faults.truncates ? Array(writer.bytes.prefix(writer.bytes.count / 2)) : writer.bytes
    outbox.append(
      .reply(
        id,
        HTTPResponse(
          status: status, headers: [HTTPHeader("content-type", "application/json")], body: body)))
  }

  /// A page of the gateway before the venue.
  private static func page(_ status: Int) -> HTTPResponse {
    let title =
      switch status {
      case 200: "Deribit"
      case 404: "404 Not Found"
      case 502: "502 Bad Gateway"
      case 503: "503 Service Temporarily Unavailable"
      default: "\(status)"
      }
    let body =
      "<html>\r\n<head><title>\(title)</title></head>\r\n<body>\r\n<center><h1>\(title)</h1>"
      + "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    return HTTPResponse(
      status: status, headers: [HTTPHeader("content-type", "text/html")], body: Array(body.utf8))
  }

  /// Writes the reply to a request; returns the status that HTTP gives it.
  mutating func respond(
    to request: DeribitRequest, session: SessionID?, _ market: some TrueMarket,
    into writer: inout JSONWriter
  ) -> Int {
    do throws(DeribitRefusal) {
      try admit(request)
      var result = JSONWriter(capacity: 1_024)
      try carryOut(request, session: session, market, into: &result)
      writer.object { writer in
        writer.string("jsonrpc", "2.0")
        if let id = request.id {
          writer.key("id")
          writer.raw(id)
        }
        writer.key("result")
        writer.raw(result.bytes)
        envelope(&writer)
      }
      return 200
    } catch {
      refuse(error, id: request.id, into: &writer)
      return error == .throttled ? 429 : 400
    }
  }

  /// Refuses what the venue cannot or will not do now, whatever it is.
  private mutating func admit(_ request: DeribitRequest) throws(DeribitRefusal) {
    if faults.isThrottling { throw .throttled }
    let isAllowed = budget?.spend(request.method, at: clock) ?? true
    guard isAllowed else { throw .throttled }
    // What keeps a connection alive works during a settlement too.
    let isOfConnection = ["public/test", "public/set_heartbeat", "public/hello"]
      .contains(request.method)
    if faults.isSettling, !isOfConnection { throw .settling }
    if let refusal = faults.refusal, !isOfConnection { throw refusal }
  }

  /// Writes an error object.
  func refuse(_ refusal: DeribitRefusal, id: [UInt8]?, into writer: inout JSONWriter) {
    writer.object { writer in
      writer.string("jsonrpc", "2.0")
      if let id {
        writer.key("id")
        writer.raw(id)
      }
      writer.object("error") { error in
        error.string("message", refusal.message)
        if let reason = refusal.reason {
          error.object("data") {
            $0.string("reason", reason)
            if let parameter = refusal.parameter { $0.string("param", parameter) }
          }
        }
        error.integer("code", refusal.code)
      }
      envelope(&writer)
    }
  }

  /// Writes when the request came and went, in microseconds.
  private func envelope(_ writer: inout JSONWriter) {
    let start = clock.nanoseconds.floorDivided(by: 1_000)
    let took = max(configuration.processing.nanoseconds, 0) / 1_000
    writer.integer("usIn", start)
    writer.integer("usOut", start + took)
    writer.integer("usDiff", took)
    writer.bool("testnet", false)
  }
}
