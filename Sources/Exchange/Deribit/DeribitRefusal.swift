/// An error of the venue's list (Deribit, "RPC error codes", read 2026-03).
struct DeribitRefusal: Error, Hashable, Sendable {
  let code: Int
  let message: String
  var reason: String?
  var parameter: String?

  private init(_ code: Int, _ message: String) {
    self.code = code
    self.message = message
  }

  /// A parameter that is missing or has no meaning.
  static func parameter(_ name: String, _ reason: String) -> DeribitRefusal {
    var refusal = DeribitRefusal(-32_602, "Invalid params")
    refusal.reason = reason
    refusal.parameter = name
    return refusal
  }

  /// A parameter of another form than the method takes.
  static func format(_ name: String) -> DeribitRefusal { parameter(name, "wrong format") }

  static let parse = DeribitRefusal(-32_700, "Parse error")
  static let request = DeribitRefusal(-32_600, "Invalid Request")
  static let tooLarge = DeribitRefusal(-32_600, "request entity too large")
  static let internalError = DeribitRefusal(11_094, "internal_server_error")
  static let method = DeribitRefusal(-32_601, "Method not found")
  static let unauthorized = DeribitRefusal(13_009, "unauthorized")
  static let notFound = DeribitRefusal(13_020, "not_found")
  static let throttled = DeribitRefusal(10_028, "too_many_requests")
  static let needsSocket = DeribitRefusal(10_030, "must_be_websocket_request")
  static let settling = DeribitRefusal(10_041, "settlement_in_progress")

  /// The error of a code; nil for a code that is not in the list.
  init?(code: Int) {
    guard let entry = Self.names.first(where: { $0.code == code }) else { return nil }
    self.init(code, entry.message)
  }

  private static let names: [(code: Int, message: String)] = [
    (10_000, "authorization_required"), (10_020, "invalid_or_unsupported_instrument"),
    (10_028, "too_many_requests"), (10_030, "must_be_websocket_request"), (10_040, "retry"),
    (10_041, "settlement_in_progress"), (10_047, "matching_engine_queue_full"),
    (10_066, "too_many_concurrent_requests"), (11_029, "invalid_arguments"),
    (11_043, "bad_argument"), (11_049, "bad_arguments"), (11_050, "bad_request"),
    (11_051, "system_maintenance"), (11_052, "subscribe_error_unsubscribed"),
    (11_094, "internal_server_error"), (13_009, "unauthorized"), (13_017, "subscription failed"),
    (13_020, "not_found"), (13_021, "forbidden"), (13_025, "method_switched_off_by_admin"),
    (13_028, "temporarily_unavailable"), (13_888, "timed_out"), (-32_000, "Missing params"),
    (-32_600, "Invalid Request"), (-32_601, "Method not found"), (-32_602, "Invalid params"),
    (-32_700, "Parse error"),
  ]
}
