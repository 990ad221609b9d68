import Market
import Venues

// HTTP: limits, faults, errors.
extension BinanceVenue {
  /// Answers a call.
  mutating func answer(_ call: VenueCall, _ market: some TrueMarket) -> HTTPResponse {
    let query = BinanceQuery(call.query)
    guard let route = BinanceRoute(call.path) else { return Self.page(404, "Not Found") }
    if let outage = faults.outage, outage != .truncated { return response(to: outage) }
    switch usage.use(route.cost(query), within: configuration.limits, at: clock) {
    case .allowed: break
    case .refused(let seconds): return tooMany(retryAfter: seconds)
    case .banned(let until): return banned(until: until)
    }
    guard call.method == .get else {
      return error(
        BinanceRefusal(status: 405, code: -1_000, text: "Request method 'POST' not supported"))
    }
    let answer: HTTPResponse
    do throws(BinanceRefusal) {
      var writer = JSONWriter(capacity: 1_024)
      try write(route, query, to: &writer, market)
      // Statistics are served from elsewhere, and say nothing of weight.
      answer = json(200, writer.bytes, tellsWeight: route != .openInterestHistory)
    } catch {
      answer = self.error(error)
    }
    guard faults.outage == .truncated, answer.status == 200 else { return answer }
    return HTTPResponse(
      status: answer.status, headers: answer.headers,
      body: Array(answer.body.prefix(answer.body.count / 2)))
  }

  private mutating func json(
    _ status: Int, _ body: [UInt8], _ more: [HTTPHeader] = [], tellsWeight: Bool = true
  ) -> HTTPResponse {
    let weight = HTTPHeader("x-mbx-used-weight-1m", "\(usage.weight(at: clock))")
    return HTTPResponse(
      status: status,
      headers: [
        HTTPHeader("content-type", "application/json"),
        HTTPHeader("access-control-allow-origin", "*"),
      ] + (tellsWeight ? [weight] : []) + more, body: body)
  }

  private mutating func error(
    _ refusal: BinanceRefusal, _ more: [HTTPHeader] = []
  ) -> HTTPResponse {
    var writer = JSONWriter()
    writer.object {
      $0.integer("code", refusal.code)
      $0.string("msg", refusal.text)
    }
    return json(refusal.status, writer.bytes, more)
  }

  private mutating func tooMany(retryAfter seconds: Int64) -> HTTPResponse {
    let limit = configuration.limits?.weightPerMinute ?? BinanceLimits().weightPerMinute
    return error(
      BinanceRefusal(
        status: 429, code: -1_003,
        text: "Too many requests; current limit of IP(\(configuration.address)) is \(limit) "
          + "requests per minute. Please use the websocket for live updates to avoid polling "
          + "the API."), [HTTPHeader("retry-after", "\(seconds)")])
  }

  private mutating func banned(until: Instant) -> HTTPResponse {
    let seconds = max((until - clock).nanoseconds / 1_000_000_000, 1)
    let milliseconds = (until + faults.skew).milliseconds
    return error(
      BinanceRefusal(
        status: 418, code: -1_003,
        text: "Way too many requests; IP(\(configuration.address)) banned until "
          + "\(milliseconds). Please use the websocket for live updates to avoid bans."),
      [HTTPHeader("retry-after", "\(seconds)")])
  }

  private static func page(_ status: Int, _ title: String) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: [HTTPHeader("content-type", "text/html")],
      body: Array(
        ("<html>\r\n<head><title>\(status) \(title)</title></head>\r\n<body>\r\n"
          + "<center><h1>\(status) \(title)</h1></center>\r\n</body>\r\n</html>\r\n").utf8))
  }

  private mutating func response(to outage: BinanceOutage) -> HTTPResponse {
    switch outage {
    case .tooManyRequests: tooMany(retryAfter: 30)
    case .banned: banned(until: clock + .minutes(2))
    case .forbidden: Self.page(403, "Forbidden")
    case .restricted:
      error(
        BinanceRefusal(
          status: 451, code: 0,
          text: "Service unavailable from a restricted location according to 'b. Eligibility' "
            + "in https://www.binance.com/en/terms. Please contact customer service if you "
            + "believe you received this message in error."))
    case .internalError:
      error(
        BinanceRefusal(status: 500, code: -1_000, text: "Request occur unknown error."))
    case .backendTimeout:
      error(
        BinanceRefusal(
          status: 408, code: -1_007,
          text: "Timeout waiting for response from backend server. Send status unknown; "
            + "execution status unknown."))
    case .badGateway: Self.page(502, "Bad Gateway")
    case .gatewayTimeout: Self.page(504, "Gateway Time-out")
    case .unknownOutcome:
      error(
        BinanceRefusal(
          status: 503, code: -1_000,
          text: "Unknown error, please check your request or try again later."))
    case .unavailable:
      error(BinanceRefusal(status: 503, code: -1_000, text: "Service Unavailable."))
    case .overloaded:
      error(
        BinanceRefusal(
          status: 503, code: -1_008,
          text: "Request throttled by system-level protection. Reduce-only/close-position "
            + "orders are exempt. Please try again."))
    case .maintenance: Self.page(503, "Service Temporarily Unavailable")
    case .challenged: HTTPResponse(status: 202, body: [])
    case .page: Self.page(200, "Binance")
    case .empty, .truncated: json(200, [])
    }
  }
}
