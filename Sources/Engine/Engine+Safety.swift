import Market
import Risk
import Venues

extension Engine {
  /// Takes an operator's word.
  mutating func obey(_ command: OperatorCommand, _ outbox: inout Outbox) {
    switch command {
    case .kill(let reason): engage(reason, &outbox)
    case .resume(let reason): resume(reason, &outbox)
    case .flatten(let reason):
      safety.isFlattening = true
      alert("operator.flatten", .warning, nil, "closing every position: \(reason)", &outbox)
    case .stop:
      guard phase == .running else { return }
      phase = .stopping
      cancelEntries(&outbox)
    }
  }

  /// Engages the kill switch: a latch, so that engaging it again changes nothing.
  mutating func engage(_ reason: String, _ outbox: inout Outbox) {
    guard !safety.isKilled else { return }
    let record = KillSwitchRecord(
      time: now.wall, isEngaged: killSwitch(false, after: .engaged), reason: reason)
    safety.killSwitch = record
    outbox.records.append(.killSwitch(record))
    alert("kill.engaged", .critical, nil, "kill switch engaged: \(reason)", &outbox)
    cancelEntries(&outbox)
  }

  /// An operator lifts the kill switch and the drawdown pause; a new session begins.
  private mutating func resume(_ reason: String, _ outbox: inout Outbox) {
    if safety.isKilled {
      let record = KillSwitchRecord(
        time: now.wall, isEngaged: killSwitch(true, after: .lifted), reason: reason)
      safety.killSwitch = record
      outbox.records.append(.killSwitch(record))
    }
    safety.isFlattening = false
    safety.reconciliationFailures = 0
    if portfolio.account != nil, let references = portfolio.references {
      portfolio.account?.isPausedByDrawdown = false
      portfolio.set(sessionStarted(references, at: portfolio.equity.steps))
      recordAccount(&outbox)
    }
    alert("operator.resumed", .notice, nil, "entries allowed again: \(reason)", &outbox)
  }

  private mutating func cancelEntries(_ outbox: inout Outbox) {
    for row in orders.live where row.intent.role == .entry { cancel(row, &outbox) }
  }

  /// Begins a new UTC day: the day's loss is measured from here.
  mutating func rollDay(_ outbox: inout Outbox) {
    let day = schedule.day(of: now.wall)
    guard let account = portfolio.account, account.dayStart < day,
      let references = portfolio.references
    else { return }
    portfolio.set(dayRolled(references, at: portfolio.equity.steps))
    portfolio.account?.dayStart = day
    portfolio.account?.isStoppedForDay = false
    recordAccount(&outbox)
  }

  /// Holds equity against the limits, in the same step in which it changed.
  mutating func enforceLimits(_ outbox: inout Outbox) {
    guard let account = portfolio.account, let references = portfolio.references else { return }
    let equity = portfolio.equity
    let policy = gate.policy
    if equity > account.highWaterEquity { portfolio.set(marked(references, at: equity.steps)) }
    if !account.isPausedByDrawdown,
      isAtSessionDrawdown(equity.steps, references, policy)
    {
      portfolio.account?.isPausedByDrawdown = true
      recordAccount(&outbox)
      alert(
        "limits.session_drawdown", .critical, nil,
        "equity \(equity) is at or past the session drawdown from \(account.sessionStartEquity): "
          + "entries are paused until an operator resumes", &outbox)
    }
    if !account.isStoppedForDay, isAtDayLoss(equity.steps, references, policy) {
      portfolio.account?.isStoppedForDay = true
      recordAccount(&outbox)
      alert(
        "limits.day_loss", .critical, nil,
        "equity \(equity) is at or past the loss limit of the day that began at "
          + "\(account.dayStartEquity): no entries until the next UTC day", &outbox)
    }
    let cause = escalation(
      equity: equity.steps, reference: account.sessionStartEquity.steps,
      collapse: safety.limit(.balanceCollapseBasisPoints),
      failures: Int64(safety.reconciliationFailures),
      threshold: safety.limit(.reconciliationFailureCount), in: Integers())
    if let cause { engage("escalated: \(cause.name)", &outbox) }
    watchFeed(&outbox)
    safety.prune(at: now.monotonic)
  }

  /// Trips the stale-feed breaker when the live stream has been silent too long.
  private mutating func watchFeed(_ outbox: inout Outbox) {
    guard isWired, feed.wasLive, let newest = feed.newestData else { return }
    let threshold = Interval.milliseconds(safety.limit(.staleFeedBreakerMilliseconds))
    let age = now.monotonic - newest
    guard age >= threshold, safety[.staleFeed].pausedUntil <= now.wall.nanoseconds else { return }
    trip(
      .staleFeed,
      measured(
        age.nanoseconds, on: safety[.staleFeed], threshold: threshold.nanoseconds,
        pause: safety.pause, now: now.wall.nanoseconds, in: Integers()),
      "no market data for \(age.milliseconds) ms", &outbox)
  }

  /// Takes a measured delay.
  mutating func take(_ sample: LatencySample, _ outbox: inout Outbox) {
    let delay: Interval
    switch sample {
    case .request(_, let roundTrip), .ping(let roundTrip): delay = roundTrip
    case .frame(_, let age): delay = max(age, .zero)
    }
    let threshold = Interval.milliseconds(safety.limit(.latencyBreakerMilliseconds))
    trip(
      .latency,
      measured(
        delay.nanoseconds, on: safety[.latency], threshold: threshold.nanoseconds,
        pause: safety.pause, now: now.wall.nanoseconds, in: Integers()),
      "\(delay.milliseconds) ms", &outbox)
  }

  /// Counts a failed order.
  mutating func countFailure(_ detail: String, _ outbox: inout Outbox) {
    trip(
      .orderFailures,
      orderFailed(
        on: safety[.orderFailures], threshold: safety.limit(.orderFailureBreakerCount),
        pause: safety.pause, now: now.wall.nanoseconds, in: Integers()), detail, &outbox)
  }

  /// Counts an answer that limits our rate.
  mutating func takeRateLimit(_ limiter: RateLimiter, _ outbox: inout Outbox) {
    tally.reject("hyperliquid.rate_limit.\(limiter)")
    let window = Interval.milliseconds(safety.limit(.rateLimitWindowMilliseconds))
    trip(
      .rateLimit,
      rateLimited(
        on: safety[.rateLimit], threshold: safety.limit(.rateLimitBreakerCount),
        window: window.nanoseconds, pause: safety.pause, now: now.wall.nanoseconds, in: Integers()),
      "\(limiter)", &outbox)
  }

  /// How much longer a pause has to be before it is recorded again.
  static let pauseResolution = Interval.seconds(10)

  private mutating func trip(
    _ kind: BreakerKind, _ step: BreakerStep<Int64>, _ detail: String, _ outbox: inout Outbox
  ) {
    let before = safety[kind]
    safety[kind] = step.state(after: before)
    guard case .tripped(let after) = step else { return }
    // A storm of bad samples extends the pause with each: one record for every ten seconds of it.
    let isNew = before.pausedUntil <= now.wall.nanoseconds
    let recorded = safety.recordedPauses[Int(kind.rawValue)]
    guard isNew || after.pausedUntil - recorded >= Self.pauseResolution.nanoseconds else { return }
    safety.recordedPauses[Int(kind.rawValue)] = after.pausedUntil
    let record = BreakerRecord(
      time: now.wall, kind: kind, until: Instant(nanoseconds: after.pausedUntil), detail: detail)
    outbox.records.append(.breaker(record))
    guard isNew else { return }
    alert(
      "breaker.\(kind.name)", .warning, nil,
      "\(kind.name) breaker tripped (\(detail)): no entries until \(record.until)", &outbox)
  }
}
