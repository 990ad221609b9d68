import Market
import Risk

/// What may stop the engine from trading, and until when.
struct Safety: Sendable {
  /// How long after an exit order the next one may leave.
  static let retryInterval = Interval.seconds(2)

  private let limits: Limits
  /// The kill switch as it stands; nil before it was ever engaged.
  var killSwitch: KillSwitchRecord?
  /// Each breaker's memory, by kind.
  var breakers = Array(repeating: BreakerState<Int64>(), count: BreakerKind.allCases.count)
  /// Until when each breaker paused as last recorded, by kind.
  var recordedPauses = Array(repeating: Int64(0), count: BreakerKind.allCases.count)
  /// Entries of the last minute.
  var orderRate = OrderRate()
  /// Symbols whose listing contradicts the configuration.
  var mismatched: [Symbol] = []
  /// Whether every position is being closed on an operator's word.
  var isFlattening = false
  /// Failed reconciliations in a row.
  var reconciliationFailures = 0
  private var retries: [(id: ClientOrderID, at: Monotonic)] = []

  init(limits: Limits) { self.limits = limits }

  /// Whether the kill switch is engaged.
  var isKilled: Bool { killSwitch?.isEngaged ?? false }

  /// Until when each breaker pauses entries.
  var pauses: BreakerPauses<Int64> {
    BreakerPauses(
      latency: self[.latency].pausedUntil, orderFailures: self[.orderFailures].pausedUntil,
      staleFeed: self[.staleFeed].pausedUntil, rateLimit: self[.rateLimit].pausedUntil)
  }

  /// One breaker's memory.
  subscript(kind: BreakerKind) -> BreakerState<Int64> {
    get { breakers[Int(kind.rawValue)] }
    set { breakers[Int(kind.rawValue)] = newValue }
  }

  /// Failures are no longer in a row.
  mutating func orderSucceeded() {
    self[.orderFailures] = Risk.orderSucceeded(on: self[.orderFailures])
  }

  /// The value of a limit.
  func limit(_ field: Limits.Field) -> Int64 { limits[field] }

  /// How long a tripped breaker pauses.
  var pause: Int64 { Interval.milliseconds(limits[.breakerPauseMilliseconds]).nanoseconds }

  /// Whether an exit of a position may leave now.
  func mayRetry(_ id: ClientOrderID, at now: Monotonic) -> Bool {
    retries.first { $0.id == id }.map { $0.at <= now } ?? true
  }

  /// Lets no further exit of a position leave before `time`.
  mutating func deferRetry(_ id: ClientOrderID, until time: Monotonic) {
    retries.removeAll { $0.id == id }
    retries.append((id, time))
    if retries.count > OrderTable.limit { retries.removeFirst() }
  }

  /// When the next deferred exit may leave.
  func earliestRetry(after now: Monotonic) -> Monotonic? {
    retries.map(\.at).filter { $0 > now }.min()
  }

  /// Forgets deferrals that are over.
  mutating func prune(at now: Monotonic) {
    if !retries.isEmpty { retries.removeAll { $0.at <= now } }
  }
}
