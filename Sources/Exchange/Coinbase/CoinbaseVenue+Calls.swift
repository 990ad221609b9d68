import Market
import Venues

// Calls: the budget, the faults, and which interface answers.
extension CoinbaseVenue {
  mutating func answer(_ id: CallID, _ call: VenueCall, _ market: some TrueMarket) {
    outbox.append(.reply(id, response(to: call, market)))
  }

  private mutating func response(
    to call: VenueCall, _ market: some TrueMarket
  ) -> HTTPResponse {
    let isAdvanced = call.path.hasPrefix("/api/v3/")
    guard isWithinBudget(call.path) else { return .tooMany(isAdvanced) }
    switch faults.failure {
    case nil: return route(call, market)
    case .rateLimited: return .tooMany(isAdvanced)
    case .internalError: return .message(500, "Internal server error")
    case .unavailable: return .message(503, "Service Unavailable")
    case .maintenancePage: return .page(503, "Scheduled maintenance")
    case .pageWithStatus200: return .page(200, "Coinbase")
    case .emptyAnswer: return HTTPResponse(status: 200, body: [])
    case .truncatedAnswer:
      let answer = route(call, market)
      return HTTPResponse(
        status: answer.status, headers: answer.headers,
        body: Array(answer.body.prefix(answer.body.count / 2)))
    case .forbidden: return .page(403, "Access denied")
    }
  }

  /// Takes a call off the budget of its host; false where that is spent and budgets are enforced.
  private mutating func isWithinBudget(_ path: String) -> Bool {
    let budget: WritableKeyPath<CallBudgets, TokenBucket> =
      path.hasPrefix("/api/v3/") ? \.advanced : path.hasPrefix("/v2/") ? \.retail : \.exchange
    let isThere = budgets[keyPath: budget].room(for: 1, at: elapsed) <= elapsed
    if isThere { budgets[keyPath: budget].spend(1, at: elapsed) }
    return isThere || configuration.rateLimits == nil
  }

  private func route(_ call: VenueCall, _ market: some TrueMarket) -> HTTPResponse {
    let parts = call.path.split(separator: "/").map(String.init)
    let query = CallQuery(call.query)
    if parts.first == "v2" { return retail(Array(parts.dropFirst()), query, market) }
    guard parts.starts(with: ["api", "v3", "brokerage"]) else {
      // Whatever changes something, or is somebody's, needs a key that nobody has here.
      let isPrivate = Self.privateRoots.contains(parts.first ?? "") || call.method != .get
      return isPrivate ? .message(401, "Unauthorized.") : exchange(parts, query, market)
    }
    return advanced(Array(parts.dropFirst(3)), query, market)
  }

  /// The first parts of the Exchange API's signed paths.
  private static let privateRoots = [
    "accounts", "orders", "fills", "profiles", "transfers", "deposits", "withdrawals",
    "payment-methods", "coinbase-accounts", "fees", "users", "reports", "conversions", "loans",
  ]

  /// A number that goes on with time, as the sequence of the Exchange API does; `place` tells
  /// messages of one millisecond apart.
  func sequence(_ place: Int64) -> Int64 {
    10_000_000_000 + elapsed.nanoseconds / 1_000_000 * 16 + place
  }

  /// The product of an id.
  func product(_ id: String) -> SpotProduct? { products.first { $0.id == id } }
}

/// What one address may still ask of each of Coinbase's hosts, which count for themselves.
struct CallBudgets: Sendable {
  var exchange: TokenBucket
  var advanced: TokenBucket
  var retail: TokenBucket

  init(_ limits: CoinbaseRateLimits) {
    exchange = TokenBucket(capacity: limits.burst, perSecond: limits.perSecond)
    advanced = exchange
    retail = exchange
  }
}

extension HTTPResponse {
  /// An answer in JSON.
  static func json(_ status: Int = 200, _ body: (inout JSONWriter) -> Void) -> HTTPResponse {
    var writer = JSONWriter()
    body(&writer)
    return HTTPResponse(
      status: status, headers: [HTTPHeader("content-type", "application/json; charset=utf-8")],
      body: writer.bytes)
  }

  /// The Exchange API's form of an error.
  static func message(_ status: Int, _ text: String) -> HTTPResponse {
    json(status) { $0.object { $0.string("message", text) } }
  }

  /// A page for people.
  static func page(_ status: Int, _ title: String) -> HTTPResponse {
    let text =
      "<!DOCTYPE html><html><head><title>\(title)</title></head><body><h1>\(title)</h1></body>"
      + "</html>\n"
    return HTTPResponse(
      status: status, headers: [HTTPHeader("content-type", "text/html")], body: Array(text.utf8))
  }

  /// A budget is spent.
  static func tooMany(_ isAdvanced: Bool) -> HTTPResponse {
    guard isAdvanced else { return message(429, "Public rate limit exceeded") }
    return json(429) { writer in
      writer.object { writer in
        writer.array("errors", CollectionOfOne("rate_limit_exceeded")) { writer, id in
          writer.object {
            $0.string("id", id)
            $0.string("message", "Too many requests")
          }
        }
      }
    }
  }
}
