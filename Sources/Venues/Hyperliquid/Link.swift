import Market

/// Where the one connection stands.
enum Link: Sendable {
  /// Never started.
  case idle
  /// Waiting for the next attempt.
  case waiting
  /// Asked for, not open.
  case opening(ConnectionID)
  /// Open.
  case open(OpenLink)
  /// Ended by the owner.
  case stopped

  /// The connection that was asked for, open or not.
  var connection: ConnectionID? {
    switch self {
    case .opening(let id): id
    case .open(let open): open.id
    case .idle, .waiting, .stopped: nil
    }
  }

  /// The connection that is open.
  var openConnection: ConnectionID? {
    guard case .open(let open) = self else { return nil }
    return open.id
  }

  /// Whether the owner ended it.
  var isStopped: Bool {
    guard case .stopped = self else { return false }
    return true
  }

  /// Changes the open link in place; nothing happens where none is open.
  mutating func update(_ change: (inout OpenLink) -> Void) {
    guard case .open(var open) = self else { return }
    change(&open)
    self = .open(open)
  }
}

/// An open connection.
struct OpenLink: Sendable {
  let id: ConnectionID
  let openedAt: Monotonic
  /// When the ping that waits for its pong was sent.
  var pingedAt: Monotonic?
  /// Subscriptions that the venue has not acknowledged.
  var pending: [Subscription]
  /// Whether ``FeedStatus/recovered`` was said.
  var hasRecovered = false
}

/// What the venue's clock reads, judged by the newest time that it put on a frame.
struct VenueClock: Sendable {
  private var newest: (time: Instant, at: Monotonic)?

  /// Takes the time of a frame that just came.
  mutating func note(_ time: Instant, at now: Monotonic) {
    if let estimate = reading(at: now), time <= estimate { return }
    newest = (time, now)
  }

  /// Forgets; the next time is believed whatever it says.
  mutating func reset() { newest = nil }

  /// The venue's time now, at least; nil before its first frame.
  func reading(at now: Monotonic) -> Instant? {
    newest.flatMap { newest in
      let elapsed = now - newest.at
      let (sum, overflow) = newest.time.nanoseconds.addingReportingOverflow(elapsed.nanoseconds)
      return overflow ? nil : Instant(nanoseconds: sum)
    }
  }

  /// The earlier of the venue's clock and ours: what has certainly passed.
  func passed(at now: Now) -> Instant {
    guard let reading = reading(at: now.monotonic) else { return now.wall }
    return min(reading, now.wall)
  }
}
