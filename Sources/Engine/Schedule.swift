import Market
import Risk
import Venues

/// What the engine has to do by itself, and when; one alarm serves all of it.
struct Schedule: Sendable {
  /// Owners of timers.
  static let clientOwner: UInt8 = 1
  static let engineOwner: UInt8 = 2

  /// The owner of the timers of a venue's client.
  static func owner(of venue: Venue) -> UInt8 {
    switch venue {
    case .hyperliquid: clientOwner
    case .binance: 3
    case .coinbase: 4
    case .deribit: 5
    }
  }

  /// The engine's only timer.
  static let alarm = TimerID(owner: engineOwner, number: 0)
  /// How long after an unanswered order, and between answers that settle nothing, to ask again.
  static let queryInterval = Interval.seconds(2)
  /// The most orders that wait to be asked about.
  static let queryLimit = 1_024

  /// When equity and health are recorded next.
  var heartbeat = Monotonic(nanoseconds: 0)
  /// When positions and orders are compared with the venue's next; nil without an exchange.
  var reconciliation: Monotonic?
  /// When the dead-man's switch is armed again; nil where it is off.
  var deadMan: Monotonic?
  /// Until when a hole in a series holds closes back.
  var holeDeadline: Monotonic?
  /// The UTC day of the newest input; found once a day, as every input asks.
  private(set) var today = Instant(nanoseconds: 0)..<Instant(nanoseconds: 0)
  /// What the alarm is set to.
  var armed: Monotonic?
  private(set) var queries: [(id: ClientOrderID, at: Monotonic)] = []

  /// The start of the UTC day of `time`.
  mutating func day(of time: Instant) -> Instant {
    if !today.contains(time) {
      let start = Timeframe.d1.open(containing: time)
      today = start..<start + .days(1)
    }
    return today.lowerBound
  }

  /// Asks about an order at `time`; an earlier appointment is moved.
  mutating func query(_ id: ClientOrderID, at time: Monotonic) {
    queries.removeAll { $0.id == id }
    guard queries.count < Self.queryLimit else { return }
    let index = queries.firstIndex { time < $0.at } ?? queries.count
    queries.insert((id, time), at: index)
  }

  /// Takes out the next order to ask about.
  mutating func takeDueQuery(at time: Monotonic) -> ClientOrderID? {
    guard let first = queries.first, first.at <= time else { return nil }
    return queries.removeFirst().id
  }

  /// Whether an order is to be asked about.
  mutating func forgetQuery(_ id: ClientOrderID) { queries.removeAll { $0.id == id } }
}

extension Engine {
  /// Sets the one timer to the earliest of everything that waits.
  mutating func setAlarm(_ outbox: inout Outbox) {
    guard phase != .stopped else { return }
    var next = schedule.heartbeat
    // What is past and still waits, waits for an input rather than for time.
    func consider(_ time: Monotonic?) {
      if let time, time < next, time > now.monotonic { next = time }
    }
    consider(schedule.reconciliation)
    consider(schedule.deadMan)
    consider(schedule.holeDeadline)
    consider(schedule.queries.first?.at)
    consider(paper?.deadline)
    // No method references here: forming one would copy the engine.
    if let close = aggregator.deadline { consider(monotonic(of: close)) }
    if let stop = earliestTimeStop() { consider(monotonic(of: stop)) }
    consider(protectionDeadline())
    guard schedule.armed != next else { return }
    schedule.armed = next
    outbox.effects.append(.setTimer(Schedule.alarm, at: next))
  }

  /// Takes a timer that is due.
  mutating func fire(_ id: TimerID, _ outbox: inout Outbox) {
    switch id.owner {
    case Schedule.clientOwner:
      withClient(&outbox) { client, now, effects in
        client.timerFired(id, at: now, into: &effects)
      }
    case Schedule.engineOwner where id == Schedule.alarm: schedule.armed = nil
    default:
      let venue = configuration.sources.wired.first { Schedule.owner(of: $0) == id.owner }
      let isKnown = venue.map { venue in
        withSource(venue, &outbox) { $0.timerFired(id, at: $1, into: &$2) }
      }
      if isKnown != true { tally.reject("engine.timer.stray") }
    }
  }

  /// The monotonic time at which the wall clock, going on as now, shows `instant`.
  func monotonic(of instant: Instant) -> Monotonic {
    let ahead = instant.nanoseconds.subtractingReportingOverflow(now.wall.nanoseconds)
    guard !ahead.overflow else { return now.monotonic }
    let (sum, overflow) = now.monotonic.nanoseconds.addingReportingOverflow(ahead.partialValue)
    return Monotonic(nanoseconds: overflow ? Int64.max : sum)
  }
}
