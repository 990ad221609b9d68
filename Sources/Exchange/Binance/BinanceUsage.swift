import Market

/// What the one address behind every call used of the limits.
struct BinanceUsage: Sendable {
  private struct Window: Sendable {
    var start = Int64.min
    var used: Int64 = 0

    /// Adds to the window of `length` that holds `now`; what is in it then.
    mutating func add(_ amount: Int64, _ length: Interval, at now: Instant) -> Int64 {
      let start = now.nanoseconds.floorDivided(by: length.nanoseconds)
      if start != self.start { (self.start, used) = (start, 0) }
      used = min(used + amount, 1_000_000_000)
      return used
    }
  }

  private var weight = Window()
  private var statistics = Window()
  private var funding = Window()
  private var connections = Window()
  private var refusals = Window()
  private var bans = 0
  private(set) var bannedUntil: Instant?

  /// The weight of this minute.
  mutating func weight(at now: Instant) -> Int64 { weight.add(0, .minutes(1), at: now) }

  /// What the limits say to a call.
  enum Verdict: Hashable {
    case allowed
    case refused(retryAfter: Int64)
    case banned(until: Instant)
  }

  /// Counts a call.
  mutating func use(
    _ cost: BinanceRoute.Cost, within limits: BinanceLimits?, at now: Instant
  ) -> Verdict {
    if let bannedUntil, now < bannedUntil { return .banned(until: bannedUntil) }
    let (used, limit, length): (Int64, Int64?, Interval) =
      switch cost {
      case .weight(let amount):
        (weight.add(amount, .minutes(1), at: now), limits?.weightPerMinute, .minutes(1))
      case .statistics:
        (
          statistics.add(1, .minutes(5), at: now), limits?.statisticsPerFiveMinutes, .minutes(5)
        )
      case .funding:
        (funding.add(1, .minutes(5), at: now), limits?.fundingPerFiveMinutes, .minutes(5))
      }
    guard let limits, let limit, used > limit else { return .allowed }
    if refusals.add(1, .minutes(1), at: now) > Int64(limits.refusalsBeforeBan) {
      // Two minutes at first, twice as long each time, three days at most.
      let minutes = min(Int64(2) << min(bans, 12), 4_320)
      bans += 1
      let until = now + .minutes(minutes)
      bannedUntil = until
      return .banned(until: until)
    }
    let elapsed =
      now.nanoseconds - now.nanoseconds.floorDivided(by: length.nanoseconds)
      * length.nanoseconds
    return .refused(retryAfter: (length.nanoseconds - elapsed) / 1_000_000_000 + 1)
  }

  /// Counts a connection; whether it is within the limit.
  mutating func connects(within limits: BinanceLimits?, at now: Instant) -> Bool {
    if let bannedUntil, now < bannedUntil { return false }
    let used = connections.add(1, .minutes(5), at: now)
    return limits.map { used <= $0.connectionsPerFiveMinutes } ?? true
  }
}
