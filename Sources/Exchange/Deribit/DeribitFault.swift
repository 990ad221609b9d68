public import Market

/// Something that goes wrong at Deribit; a switch stays until it is thrown back.
public enum DeribitFault: Hashable, Sendable {
  /// A channel is acknowledged and tells nothing.
  case silent(channel: String, Bool)
  /// Subscribing to a channel leaves it out of the accepted ones; who hears it already goes on.
  case dropped(channel: String, Bool)
  /// Bids, asks, mids and last prices are `null`.
  case nullQuotes(Bool)
  /// Tickers of options lack their greeks.
  case missingGreeks(Bool)
  /// Options lack `mark_iv`.
  case missingVolatility(Bool)
  /// Options of the next expiry say `"expired"` where their delivery price should stand.
  case expiredText(Bool)
  /// An instrument is gone, as if it had expired between two requests.
  case delisted(instrument: String, Bool)
  /// The daily settlement: requests answer 10041 `settlement_in_progress`, and `platform_state`
  /// says that every index is locked.
  case settlement(Bool)
  /// Requests answer this error of the venue's list; nil ends it, an unknown code changes nothing.
  case refusing(code: Int?)
  /// Every request answers 10028, and the socket that it came over is closed.
  case throttled(Bool)
  /// HTTP calls answer an HTML page with this status; nil ends it.
  case page(status: Int?)
  /// Replies end in the middle.
  case truncated(Bool)
  /// Requests are taken and never answered.
  case mute(Bool)
  /// Heartbeats and test requests leave this much later; zero ends it.
  case lateHeartbeats(Interval)
  /// Every WebSocket is closed by the venue.
  case closeSessions
}

/// The switches that faults threw.
struct DeribitFaultState: Sendable {
  var silent: [String] = []
  var dropped: [String] = []
  var delisted: [String] = []
  var nullsQuotes = false
  var lacksGreeks = false
  var lacksVolatility = false
  var saysExpired = false
  var refusal: DeribitRefusal?
  var isSettling = false
  var isThrottling = false
  var page: Int?
  var truncates = false
  var isMute = false
  var heartbeatDelay = Interval.zero

  /// Adds a name to a list or takes it out; a list holds at most a thousand.
  static func set(_ name: String, _ isOn: Bool, in names: inout [String]) {
    names.removeAll { $0 == name }
    if isOn, names.count < 1_000 { names.append(name) }
  }
}

extension DeribitVenue {
  /// Throws a fault; frames that it causes leave with the next input, for which ``nextWake`` asks
  /// at once.
  public mutating func apply(_ fault: DeribitFault) {
    switch fault {
    case .silent(let channel, let isOn): DeribitFaultState.set(channel, isOn, in: &faults.silent)
    case .dropped(let channel, let isOn):
      DeribitFaultState.set(channel, isOn, in: &faults.dropped)
    case .nullQuotes(let isOn): faults.nullsQuotes = isOn
    case .missingGreeks(let isOn): faults.lacksGreeks = isOn
    case .missingVolatility(let isOn): faults.lacksVolatility = isOn
    case .expiredText(let isOn): faults.saysExpired = isOn
    case .delisted(let name, let isOn):
      DeribitFaultState.set(name, isOn, in: &faults.delisted)
    case .settlement(let isOn):
      guard faults.isSettling != isOn else { return }
      faults.isSettling = isOn
      for underlying in underlyings { announceLock(of: underlying.market, isOn) }
    case .refusing(let code):
      guard let code else { return faults.refusal = nil }
      faults.refusal = DeribitRefusal(code: code) ?? faults.refusal
    case .throttled(let isOn): faults.isThrottling = isOn
    case .page(let status): faults.page = status.map { min(max($0, 100), 599) }
    case .truncated(let isOn): faults.truncates = isOn
    case .mute(let isOn): faults.isMute = isOn
    case .lateHeartbeats(let delay):
      faults.heartbeatDelay = max(.zero, min(delay, .days(1)))
    case .closeSessions:
      for session in sessions { outbox.append(.close(session.id)) }
      sessions = []
    }
  }
}
