import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// How long messages take, one direction: base, even jitter, and now and then a slow one.
struct Link: Sendable {
  private let plan: LinkPlan
  private var stream: ChoiceStream
  /// What a latency spike adds.
  var extra = Interval.zero

  init(_ plan: LinkPlan, stream: ChoiceStream) {
    self.plan = plan
    self.stream = stream
  }

  /// The time that the next message takes.
  mutating func delay() -> Interval {
    var delay = plan.latency.nanoseconds + extra.nanoseconds
    if plan.jitter > .zero {
      delay += Int64(stream.draw(below: UInt64(plan.jitter.nanoseconds) + 1))
    }
    if stream.occurs(plan.tail) { delay += plan.tailLatency.nanoseconds }
    return Interval(nanoseconds: delay)
  }
}

/// The way between the host and one venue.
struct Way: Sendable {
  var toVenue: Link
  var toHost: Link

  /// Makes both directions of the way to `venue`, each with chance of its own.
  init(to venue: Venue, _ plan: LinkPlan, _ chooser: Chooser) {
    let name = venue == .hyperliquid ? "link" : "link.\(venue.name)"
    toVenue = Link(plan, stream: chooser.stream("\(name).to-venue"))
    toHost = Link(plan, stream: chooser.stream("\(name).to-host"))
  }
}

/// One WebSocket between the host and the venue: frames of one direction never overtake another.
struct Pipe: Sendable {
  /// When the last message toward the venue arrives.
  private var newestToVenue = Instant(nanoseconds: .min)
  /// When the last message toward the host arrives.
  private var newestToHost = Instant(nanoseconds: .min)

  init() {}

  /// The arrival of a message that leaves for the venue now, after those before it.
  mutating func arrivalAtVenue(_ time: Instant, _ delay: Interval) -> Instant {
    newestToVenue = max(newestToVenue, time + delay)
    return newestToVenue
  }

  /// The arrival of a message that leaves for the host now, after those before it.
  mutating func arrivalAtHost(_ time: Instant, _ delay: Interval) -> Instant {
    newestToHost = max(newestToHost, time + delay)
    return newestToHost
  }
}
