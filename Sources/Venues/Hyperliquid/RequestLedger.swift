import Market

/// The request weight spent in the last minute, by whole seconds.
///
/// A second counts until sixty whole seconds after it ended, so the sum never understates what the
/// venue counts over any sixty seconds.
struct RequestLedger: Hashable, Sendable {
  private struct Entry: Hashable {
    let second: Int64
    var weight: Int
  }

  private var spent: [Entry] = []

  /// What is spent in the minute that ends now.
  func used(at now: Monotonic) -> Int {
    let oldest = Self.second(now) - 60
    return spent.reduce(0) { $1.second >= oldest ? $0 + $1.weight : $0 }
  }

  /// Counts a request.
  mutating func spend(_ weight: Int, at now: Monotonic) {
    let second = Self.second(now)
    spent.removeAll { $0.second < second - 60 }
    if let last = spent.last, last.second == second {
      spent[spent.count - 1].weight += weight
    } else {
      spent.append(Entry(second: second, weight: weight))
    }
  }

  /// The first moment at which `weight` more stays within `limit`.
  func room(for weight: Int, within limit: Int, at now: Monotonic) -> Monotonic {
    var used = used(at: now)
    let oldest = Self.second(now) - 60
    guard used + weight > limit else { return now }
    for entry in spent where entry.second >= oldest {
      used -= entry.weight
      if used + weight <= limit {
        return Monotonic(nanoseconds: (entry.second + 61) * 1_000_000_000)
      }
    }
    return now + .seconds(61)
  }

  private static func second(_ now: Monotonic) -> Int64 {
    now.nanoseconds.floorDivided(by: 1_000_000_000)
  }
}
