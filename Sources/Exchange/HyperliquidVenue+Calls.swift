import Market
import Venues

extension HyperliquidVenue {
  /// Answers an HTTP call.
  mutating func answer(_ id: CallID, _ call: VenueCall) {
    let path = call.path
    guard !faults.isRateLimited else { return reply(id, .status(429, "null")) }
    guard path == "/info" || path == "/exchange" else { return reply(id, .status(404, "")) }
    guard call.method == .post else { return reply(id, .status(405, "")) }
    if path == "/exchange", faults.isHalted {
      guard waiting.count < Self.longestWait else {
        return reply(id, .status(503, "Service Unavailable"))
      }
      waiting.append(.call(id, call))
      return
    }
    guard let document = try? parser.parse(call.body), document.root.kind == .object else {
      return reply(id, .unreadable)
    }
    guard usesWeight(path, document.root) else { return reply(id, .status(429, "null")) }
    guard path == "/exchange" else {
      let answer = info(document.root)
      chargeItems(of: answer, to: document.root)
      return reply(id, answer)
    }
    let answer = exchange(document.root)
    if faults.failingActions > 0 {
      faults.failingActions -= 1
      return reply(id, .status(502, "Bad Gateway"))
    }
    if configuration.framesBeforeReplies { flushNews() }
    reply(id, answer)
  }

  /// How many actions wait for a halted chain; those beyond are turned away.
  static var longestWait: Int { 1_000 }

  private mutating func reply(_ id: CallID, _ answer: Answer) {
    outbox.append(.reply(id, answer.response))
  }

  /// Counts a call against the host's minute; false where it is used up.
  private mutating func usesWeight(_ path: String, _ request: JSONValue) -> Bool {
    guard let limits = configuration.rateLimits else { return true }
    return usage.weight.use(Self.weight(path, request), of: limits.weightPerMinute, at: clock)
  }

  /// Counts what an answer weighs by its length, once it is known.
  private mutating func chargeItems(of answer: Answer, to request: JSONValue) {
    guard configuration.rateLimits != nil, case .json(let bytes) = answer,
      let items = request["type"]?.text.flatMap(Self.itemsPerWeight),
      let list = try? parser.parse(bytes).root.elements
    else { return }
    usage.weight.charge(Int64(list.count / items), at: clock)
  }

  /// How many items of an answer weigh one more; nil where its length does not count.
  private static func itemsPerWeight(_ type: JSONText) -> Int? {
    switch type {
    case "candleSnapshot": 60
    case "recentTrades", "historicalOrders", "userFills", "userFillsByTime", "fundingHistory",
      "userFunding", "userNonFundingLedgerUpdates":
      20
    default: nil
    }
  }

  /// The documented weight of a call.
  private static func weight(_ path: String, _ request: JSONValue) -> Int64 {
    guard path == "/info" else {
      let action = request["action"]
      let batch = action?["orders"] ?? action?["cancels"] ?? action?["modifies"]
      return 1 + Int64((batch?.elements?.count ?? 1) / 40)
    }
    guard let type = request["type"]?.text else { return 20 }
    return switch type {
    case "l2Book", "allMids", "clearinghouseState", "orderStatus", "spotClearinghouseState",
      "exchangeStatus":
      2
    case "userRole": 60
    default: 20
    }
  }

  /// Runs what waited while the chain stood still.
  mutating func resume() {
    let inputs = waiting
    waiting = []
    for input in inputs {
      switch input {
      case .call(let id, let call): answer(id, call)
      case .frame(let session, let bytes): receive(bytes, from: session)
      case .opened, .pong, .closed, .advance: break
      }
    }
  }
}

extension Answer {
  /// The answer over HTTP.
  var response: HTTPResponse {
    switch self {
    case .json(let bytes): HTTPResponse(status: 200, body: bytes)
    case .status(let status, let text): HTTPResponse(status: status, body: Array(text.utf8))
    }
  }
}
