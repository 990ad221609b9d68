import Engine
import Market
import Risk
import Simulation
import Store
import Strategies

extension CheckCatalogue {
  static func gaps(_ facts: CheckFacts) -> Finding {
    let threshold = "0 candles missing"
    guard !facts.store.candles.isEmpty else {
      return .notShown(threshold, "no candle is in this database")
    }
    let missing = facts.store.holes.reduce(Int64(0)) { $0 + $1.count }
    let stored = facts.store.candles.reduce(0) { $0 + $1.count }
    let foreign = facts.store.candles.reduce(0) { $0 + $1.foreign }
    return Finding(
      threshold, "\(counted(missing, "candle")) missing",
      [
        "\(counted(stored, "candle")) in \(facts.store.candles.count) series, "
          + "\(grouped(foreign)) of them from another venue"
      ]
        + facts.store.holes.map {
          "\($0.symbol) \($0.timeframe.name): \($0.count) missing from \($0.from)"
        }, holds: missing == 0)
  }

  /// How long the feed was live, and how soon after their close live candles were stored.
  static func freshness(_ facts: CheckFacts) -> Finding {
    let bound = CheckPolicy.freshBasisPoints
    let threshold =
      "live ≥ \(percent(bound)), ≥ \(percent(bound)) of live candles within "
      + "\(span(CheckPolicy.candleDelay)) of their close"
    let events = facts.store.health.filter { $0.component == "feed.hyperliquid" }
    guard let window = facts.store.window, !events.isEmpty else {
      return .notShown(threshold, "no health of a feed is in this database")
    }
    var live = Interval.zero
    var since: Instant?
    var losses: [String] = []
    func lose(at time: Instant) {
      if let start = since { live = live + (time - max(start, window.start)) }
      since = nil
    }
    let starts = facts.store.runs.map { (time: $0.startedAt, event: HealthRecord?.none) }
    // A run that ended without a word was not live when the next began.
    let all = (starts + events.map { (time: $0.time, event: Optional($0)) })
      .sorted { ($0.time, $0.event == nil ? 0 : 1) < ($1.time, $1.event == nil ? 0 : 1) }
    for (time, event) in all {
      switch event?.status {
      case "live": since = since ?? time
      case nil: lose(at: time)
      case "silent", "disconnected", "connecting", "refused":
        if since != nil, let event { losses.append("\(time) \(event.status): \(event.detail)") }
        lose(at: time)
      default: break
      }
    }
    lose(at: window.end)
    let figure = share(max(0, live.nanoseconds), of: window.length.nanoseconds) ?? 0
    let ages = facts.store.ages
    let timely = share(Int64(ages.count - ages.late), of: Int64(ages.count)) ?? 0
    return Finding(
      threshold, "live \(percent(figure)), \(percent(timely)) in time",
      [
        "\(counted(ages.count, "live candle")), \(ages.late) late, the longest wait "
          + span(ages.longest)
      ] + losses, holds: figure >= bound && timely >= bound)
  }

  static func dataHealth(_ facts: CheckFacts) -> Finding {
    let threshold =
      "≤ \(percent(CheckPolicy.starvedBasisPoints)) of the decisions of any strategy on any symbol"
    guard !facts.store.decisions.isEmpty else {
      return .notShown(threshold, "no decision is in this database")
    }
    let shares = facts.store.decisions.map {
      (row: $0, share: shareAtMost(Int64($0.starved), of: Int64($0.count)) ?? 10_000)
    }
    let worst = shares.map(\.share).max() ?? 10_000
    return Finding(
      threshold, percent(worst),
      shares.map {
        "\($0.row.strategy) on \($0.row.symbol): \($0.row.starved) of "
          + "\(grouped($0.row.count)) lacked data"
      }, holds: worst <= CheckPolicy.starvedBasisPoints)
  }

  /// Every configured strategy decides on every tradable symbol, and nobody else does.
  static func registered(_ facts: CheckFacts) -> Finding {
    let threshold = "every configured strategy on every tradable symbol, and no other"
    guard let configuration = facts.configuration?.engine else {
      return .notShown(threshold, "no configuration was named: give --config")
    }
    let expected = instances(configuration)
    guard !expected.isEmpty else {
      return .notShown(threshold, "the configuration names no strategy or no tradable symbol")
    }
    let found = facts.store.decisions.map { Seat(strategy: $0.strategy, subject: $0.symbol) }
    let seats = expected.map { Seat(strategy: $0.id, subject: $0.subject) }
    let missing = seats.filter { !found.contains($0) }
    let strangers = found.filter { !seats.contains($0) }
    return Finding(
      threshold,
      "\(expected.count - missing.count) of \(expected.count), \(strangers.count) unexpected",
      missing.map { "\($0.strategy) on \($0.subject): no decision" }
        + strangers.map { "\($0.strategy) on \($0.subject): decides, and is not configured" }
        + facts.store.decisions.map {
          "\($0.strategy) on \($0.symbol): \(counted($0.count, "decision"))"
        }, holds: missing.isEmpty && strangers.isEmpty)
  }

  /// Nobody has fallen silent or starves: the newest decision is at most two triggers old, and the
  /// newest recorded health of every configured strategy is one in which it runs.
  static func healthy(_ facts: CheckFacts) -> Finding {
    let threshold = "newest decision at most two triggers old, newest health healthy or degraded"
    guard let configuration = facts.configuration?.engine else {
      return .notShown(threshold, "no configuration was named: give --config")
    }
    guard let window = facts.store.window else {
      return .notShown(threshold, "no run is in this database")
    }
    let expected = instances(configuration)
    guard !expected.isEmpty else {
      return .notShown(threshold, "the configuration names no strategy or no tradable symbol")
    }
    var silent = 0
    var unfed = 0
    var evidence: [String] = []
    for instance in expected {
      let name = "\(instance.id) on \(instance.subject)"
      let health = facts.store.health.last {
        $0.component == "strategy.\(instance.id).\(instance.subject)"
      }
      if !isFed(health) {
        unfed += 1
        evidence.append(
          "\(name): " + (health.map { "\($0.status), \($0.detail)" } ?? "no health is recorded"))
      }
      guard
        let row = facts.store.decisions.first(where: {
          $0.strategy == instance.id && $0.symbol == instance.subject
        })
      else {
        silent += 1
        evidence.append("\(name): no decision")
        continue
      }
      let age = window.end - row.newest
      let isSilent = age > instance.trigger.interval * 2
      if isSilent { silent += 1 }
      evidence.append(
        "\(name): \(span(age)) old, trigger \(instance.trigger.name)"
          + (isSilent ? ": silent" : ""))
    }
    return Finding(
      threshold, "\(silent) of \(expected.count) silent, \(unfed) not fed", evidence,
      holds: silent == 0 && unfed == 0)
  }

  /// Whether a strategy of this recorded health runs.
  private static func isFed(_ health: HealthRecord?) -> Bool {
    let running: [DataHealth.State] = [.healthy, .degraded]
    return running.contains { $0.name == health?.status }
  }

  private struct Seat: Hashable {
    let strategy: StrategyID
    let subject: Symbol
  }

  /// What the configuration makes: a strategy on each symbol, or on each pair.
  private static func instances(
    _ configuration: EngineConfiguration
  ) -> [any StrategyInstance] {
    let instruments = configuration.symbols.map(\.instrument)
    return configuration.strategies.flatMap { strategy in
      configuration.symbols.filter(\.isTradable).flatMap {
        StrategyCatalog.make(strategy, for: $0.instrument, among: instruments)
      }
    }
  }
}
