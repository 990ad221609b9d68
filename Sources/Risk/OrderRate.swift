public import Market

/// The entries of the last minute, of which the gate allows only so many.
///
/// Remembers no more than the limit lets through, so its memory is bounded by the limit.
public struct OrderRate: Hashable, Sendable {
  /// How far back an entry counts; at exactly this age it counts no more.
  public static var window: Interval { .minutes(1) }

  private var times: [Monotonic] = []

  /// A rate of nothing.
  public init() {}

  /// Entries that count at `now`.
  public func count(at now: Monotonic) -> Int {
    times.reduce(into: 0) { count, time in if now - time < Self.window { count += 1 } }
  }

  /// An entry was cleared at `now`.
  public mutating func record(at now: Monotonic) {
    times.removeAll { now - $0 >= Self.window }
    times.append(now)
  }
}
