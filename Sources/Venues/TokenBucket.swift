public import Market

/// A budget of requests that refills evenly, as Coinbase and Deribit keep one.
public struct TokenBucket: Hashable, Sendable {
  private let capacity: Int64
  private let perSecond: Int64
  /// What was there at ``since``, in billionths of a token.
  private var level: Int128
  private var since: Monotonic?

  /// A full bucket of `capacity` tokens that gains `perSecond`, both at least 1.
  public init(capacity: Int64, perSecond: Int64) {
    self.capacity = max(capacity, 1)
    self.perSecond = max(perSecond, 1)
    level = Int128(self.capacity) * Self.whole
  }

  private static let whole: Int128 = 1_000_000_000

  /// The first moment at which `tokens` are there, with `reserve` left untouched; more than the
  /// bucket holds counts as all of it.
  public func room(for tokens: Int64, keeping reserve: Int64 = 0, at now: Monotonic) -> Monotonic {
    let wanted = Int128(min(max(tokens, 0) + max(reserve, 0), capacity)) * Self.whole
    let missing = wanted - level(at: now)
    guard missing > 0 else { return now }
    return now + Interval(nanoseconds: Int64(Rounding.up.divide(missing, by: Int128(perSecond))))
  }

  /// Takes tokens; the bucket may fall below empty.
  public mutating func spend(_ tokens: Int64, at now: Monotonic) {
    level = level(at: now) - Int128(max(tokens, 0)) * Self.whole
    since = max(now, since ?? now)
  }

  /// Takes all of them: the venue said that nothing is left.
  public mutating func empty(at now: Monotonic) {
    level = min(level(at: now), 0)
    since = max(now, since ?? now)
  }

  private func level(at now: Monotonic) -> Int128 {
    guard let since, now > since else { return level }
    let gained = Int128((now - since).nanoseconds) * Int128(perSecond)
    return min(level + gained, Int128(capacity) * Self.whole)
  }
}
