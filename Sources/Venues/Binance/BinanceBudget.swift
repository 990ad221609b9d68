import Market

/// What a client used of the venue's limits, by the windows in which the venue counts.
///
/// The venue counts weight in whole minutes of its own clock and says in every answer what the
/// address used, other programs on it included: the higher of its figure and ours is believed.
struct BinanceBudget: Hashable, Sendable {
  /// What is counted apart.
  enum Pool: Int, Hashable, Sendable, CaseIterable {
    /// Weight in a minute.
    case weight = 0
    /// Requests for statistics in five minutes.
    case statistics = 1
    /// Requests for funding in five minutes.
    case funding = 2

    var window: Interval { self == .weight ? .minutes(1) : .minutes(5) }
  }

  private struct Count: Hashable {
    var window = Int64.min
    var used: Int64 = 0
  }

  private var counts = Array(repeating: Count(), count: Pool.allCases.count)
  private let limits: [Int64]

  init(weightPerMinute: Int, readingsPerFiveMinutes: Int) {
    let readings = Int64(max(readingsPerFiveMinutes, 1))
    limits = [Int64(max(weightPerMinute, 40)), readings, readings]
  }

  /// What was used in the window that holds `venueTime`.
  func used(_ pool: Pool, at venueTime: Instant) -> Int64 {
    let count = counts[pool.rawValue]
    return count.window == Self.window(pool, venueTime) ? count.used : 0
  }

  /// How long until `amount` more fits; zero where it does now.
  ///
  /// A second is added to the turn of the window, as our estimate of the venue's clock may err.
  func wait(for amount: Int64, in pool: Pool, at venueTime: Instant) -> Interval {
    guard used(pool, at: venueTime) + amount > limits[pool.rawValue] else { return .zero }
    let length = pool.window.nanoseconds
    let elapsed = venueTime.nanoseconds - Self.window(pool, venueTime) * length
    return Interval(nanoseconds: length - elapsed) + .seconds(1)
  }

  mutating func spend(_ amount: Int64, in pool: Pool, at venueTime: Instant) {
    let used = used(pool, at: venueTime)
    counts[pool.rawValue] = Count(window: Self.window(pool, venueTime), used: used + amount)
  }

  /// Takes the venue's own figure of the weight of this minute.
  mutating func believe(_ told: Int64, at venueTime: Instant) {
    guard told > used(.weight, at: venueTime) else { return }
    counts[Pool.weight.rawValue] = Count(
      window: Self.window(.weight, venueTime), used: min(told, 1_000_000))
  }

  private static func window(_ pool: Pool, _ time: Instant) -> Int64 {
    time.nanoseconds.floorDivided(by: pool.window.nanoseconds)
  }
}
