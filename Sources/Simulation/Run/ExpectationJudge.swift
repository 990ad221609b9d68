import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// Holds a run against what its scenario demands.
struct ExpectationJudge {
  /// One expectation at work.
  private struct Watch {
    let expectation: Expectation
    /// What a counting condition counted when its time began.
    var baseline: Int?
    var isMet = false
    var hasFailed = false
  }

  private let scenario: Scenario
  private var never: [Watch]
  private var always: [Watch]
  private var eventually: [Watch]

  init(_ scenario: Scenario) {
    self.scenario = scenario
    let expectations = scenario.expectations
    never = expectations.never.map { Watch(expectation: $0) }
    always = expectations.always.map { Watch(expectation: $0) }
    eventually = expectations.eventually.map { Watch(expectation: $0) }
  }

  /// Whether everything that must happen eventually has happened.
  var isSettled: Bool { eventually.allSatisfy { $0.isMet || $0.hasFailed } }

  /// Looks at the world after an event.
  ///
  /// Only parts of the world are handed on: to hand on the whole would copy it at every event.
  mutating func look(_ world: inout World) {
    guard !(never.isEmpty && always.isEmpty && eventually.isEmpty) else { return }
    let time = world.time
    let snapshot = world.host.isUp ? world.host.snapshot : nil
    for index in never.indices where !never[index].hasFailed && isDue(never[index], time) {
      count(&never[index], world.tally)
      guard !isPast(never[index], time), holds(never[index], &world, snapshot) else { continue }
      never[index].hasFailed = true
      world.fail(.expectation, "never", "\(never[index].expectation.condition.text) came about")
    }
    for index in always.indices where !always[index].hasFailed && isDue(always[index], time) {
      count(&always[index], world.tally)
      guard !isPast(always[index], time), !holds(always[index], &world, snapshot) else { continue }
      always[index].hasFailed = true
      world.fail(
        .expectation, "always", "\(always[index].expectation.condition.text) did not hold")
    }
    for index in eventually.indices
    where !eventually[index].isMet && !eventually[index].hasFailed
      && isDue(eventually[index], time)
    {
      count(&eventually[index], world.tally)
      if holds(eventually[index], &world, snapshot) {
        eventually[index].isMet = true
      } else if isPast(eventually[index], time) {
        eventually[index].hasFailed = true
        world.fail(
          .expectation, "eventually", missed(eventually[index]) + found(eventually[index], world)
        )
      }
    }
  }

  private func missed(_ watch: Watch) -> String {
    let within = watch.expectation.within.map { " within \($0.settingText)" } ?? ""
    return "\(watch.expectation.condition.text) did not come about\(within)"
      + " of \(watch.expectation.from.settingText)"
  }

  /// What a strategy's health was instead.
  private func found(_ watch: Watch, _ world: borrowing World) -> String {
    guard case .health(let expected) = watch.expectation.condition else { return "" }
    let time = world.time
    let wall = world.host.snapshot?.wall ?? time
    let rows = world.strategyHealth.filter {
      $0.strategy == expected.strategy && (expected.subject ?? $0.subject) == $0.subject
    }
    return rows.map {
      "; on \($0.subject) it is \($0.health.state.name): "
        + $0.health.sentence(at: wall)
    }.joined()
  }

  private func isDue(_ watch: Watch, _ time: Instant) -> Bool {
    time >= scenario.start + watch.expectation.from
  }

  private func isPast(_ watch: Watch, _ time: Instant) -> Bool {
    guard let within = watch.expectation.within else { return false }
    return time > scenario.start + watch.expectation.from + within
  }

  private func holds(_ watch: Watch, _ world: inout World, _ snapshot: Snapshot?) -> Bool {
    world.holds(watch.expectation.condition, baseline: watch.baseline ?? 0, snapshot)
  }

  /// Remembers what was counted before the watch began.
  private func count(_ watch: inout Watch, _ tally: Tally) {
    guard watch.baseline == nil else { return }
    watch.baseline =
      watch.expectation.from == .zero ? 0 : tally.counted(watch.expectation.condition)
  }

  /// What is wrong at the end of the run.
  func verdict(_ world: borrowing World) -> [String] {
    var messages: [String] = []
    let tally = world.tally
    let snapshot = world.host.engine?.snapshot
    for position in scenario.expectations.positions {
      let condition = Condition.position(position.kind, position.symbol)
      if !world.holds(condition, baseline: 0, snapshot) {
        messages.append("the end found no \(position.kind.rawValue) position in \(position.symbol)")
      }
    }
    for watch in eventually where !watch.isMet && !watch.hasFailed {
      messages.append(missed(watch) + found(watch, world))
    }
    for count in scenario.expectations.counts {
      let total = tally.total(count.name)
      guard !count.range.contains(total) else { continue }
      messages.append(
        "`\(count.name)` was counted \(total) times, expected \(count.range.settingText)")
    }
    for mark in scenario.expectations.marks
    where !tally.sortedMarks.contains(where: { $0.name == mark.rawValue }) {
      messages.append("the mark `\(mark.rawValue)` was never hit")
    }
    return messages
  }
}

extension ClosedRange<Int> {
  /// `exactly 2`, `at least 1`, `1 to 3`.
  var settingText: String {
    if lowerBound == upperBound { return "exactly \(lowerBound)" }
    if upperBound == .max { return "at least \(lowerBound)" }
    return lowerBound == 0 ? "at most \(upperBound)" : "\(lowerBound) to \(upperBound)"
  }
}

extension Tally {
  /// What a counting condition counts; zero for the others.
  func counted(_ condition: Condition) -> Int {
    switch condition {
    case .alert(let code): total("alert.\(code)")
    case .counted(let name, _): total(name)
    default: 0
    }
  }
}

extension World {
  /// Whether a condition holds now; `baseline` is what a counting one had counted at its beginning.
  func holds(_ condition: Condition, baseline: Int, _ snapshot: Snapshot?) -> Bool {
    switch condition {
    case .alert: tally.counted(condition) > baseline
    case .counted(_, let least): tally.counted(condition) - baseline >= least
    case .position(let kind, let symbol):
      kind.holds(
        snapshot?.positions.reduce(.zero) { $1.symbol == symbol ? $0 + $1.quantity : $0 } ?? .zero)
    case .venuePosition(let kind, let symbol):
      kind.holds(venue.positions(of: account).first { $0.symbol == symbol }?.quantity ?? .zero)
    case .killSwitch(let engaged): (snapshot?.killSwitch?.isEngaged ?? false) == engaged
    case .breaker(let name):
      snapshot?.trippedBreakers.contains { name == nil || $0.kind.name == name } ?? false
    case .feed(let live): (snapshot?.isFeedLive ?? false) == live
    case .drift(let name):
      snapshot?.drifts.contains { name == nil || $0.kind.name == name } ?? false
    case .unknownOrder: snapshot?.orders.contains { $0.state == .unknown } ?? false
    case .candle(let symbol, let timeframe, let closedBy):
      snapshot?.newestCandles.contains {
        $0.symbol == symbol && $0.timeframe == timeframe
          && $0.closeTime >= scenario.start + closedBy
      } ?? false
    case .drawdownPause: snapshot?.account?.isPausedByDrawdown ?? false
    case .health(let expected):
      strategyHealth.contains {
        $0.strategy == expected.strategy && expected.holds($0.subject, $0.health)
      }
    }
  }

  /// How well each strategy is fed; nobody is while the process is down.
  var strategyHealth: [StrategyHealth] {
    host.isUp ? host.engine?.strategyHealth ?? [] : []
  }
}

extension PositionKind {
  func holds(_ quantity: Quantity) -> Bool {
    switch self {
    case .flat: quantity == .zero
    case .long: quantity > .zero
    case .short: quantity < .zero
    }
  }
}

extension Condition {
  /// The condition in words.
  var text: String {
    switch self {
    case .alert(let code): "the alert `\(code)`"
    case .position(let kind, let symbol): "a \(kind.rawValue) position in \(symbol)"
    case .venuePosition(let kind, let symbol):
      "a \(kind.rawValue) position in \(symbol) at the venue"
    case .killSwitch(let engaged): engaged ? "an engaged kill switch" : "a lifted kill switch"
    case .breaker(let name): "a tripped \(name ?? "")\(name == nil ? "" : " ")breaker"
    case .feed(let live): live ? "a live feed" : "a dead feed"
    case .drift(let name): "an open \(name ?? "")\(name == nil ? "" : " ")drift"
    case .unknownOrder: "an order of unknown outcome"
    case .counted(let name, let least): "`\(name)` counted \(least) times"
    case .candle(let symbol, let timeframe, let closedBy):
      "the \(symbol) \(timeframe.name) candle that closes at \(closedBy.settingText)"
    case .drawdownPause: "a pause by drawdown"
    case .health(let expected): expected.text
    }
  }
}
