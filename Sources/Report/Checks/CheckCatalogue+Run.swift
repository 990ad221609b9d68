import Engine
import Market
import Simulation
import Store

extension CheckCatalogue {
  /// Time without a heartbeat, beyond one that may be late, is downtime.
  static func uptime(_ facts: CheckFacts) -> Finding {
    let heartbeat = facts.configuration?.engine.heartbeat ?? .seconds(60)
    let allowed = heartbeat * 2
    let threshold =
      "≥ \(percent(CheckPolicy.uptimeBasisPoints)), a heartbeat every \(span(heartbeat))"
    guard let window = facts.store.window, !facts.store.equity.isEmpty else {
      return .notShown(threshold, "no run with a heartbeat is in this database")
    }
    var down = Interval.zero
    var outages: [(from: Instant, length: Interval)] = []
    var previous = window.start
    for time in facts.store.equity.map(\.time) + [window.end] {
      if time - previous > allowed {
        down = down + (time - previous - heartbeat)
        outages.append((previous, time - previous))
      }
      previous = max(previous, time)
    }
    let up = max(0, window.length.nanoseconds - down.nanoseconds)
    let figure = share(up, of: window.length.nanoseconds) ?? 0
    let longest = outages.sorted { ($0.length, $1.from) > ($1.length, $0.from) }
    return Finding(
      threshold, percent(figure),
      ["\(counted(facts.store.equity.count, "heartbeat")) in \(span(window.length))"]
        + longest.map { "no heartbeat for \(span($0.length)) from \($0.from)" },
      holds: figure >= CheckPolicy.uptimeBasisPoints)
  }

  static func window(_ facts: CheckFacts) -> Finding {
    let threshold = "≥ \(span(CheckPolicy.window))"
    guard let window = facts.store.window else {
      return .notShown(threshold, "no run is in this database")
    }
    return Finding(
      threshold, span(window.length),
      [
        "\(counted(facts.store.runs.count, "run")), the first from \(window.start)",
        "the last step at \(window.end)",
      ], holds: window.length >= CheckPolicy.window)
  }

  /// The machine's clock against itself and against the closes that the venue tells.
  static func clock(_ facts: CheckFacts) -> Finding {
    let threshold =
      "steps back ≤ \(span(CheckPolicy.clockStepBack)), live closes ahead ≤ "
      + span(CheckPolicy.clockAhead)
    guard let journal = facts.store.span, facts.store.ages.count > 0 else {
      return .notShown(threshold, "no live candle is in this database")
    }
    let ages = facts.store.ages
    var evidence = [
      "\(counted(journal.steps, "step")): \(journal.stepsBack) back in time",
      "\(counted(ages.count, "live candle")): \(ages.early) stored before their close",
    ]
    if journal.stepsBack > 0 {
      evidence.append(
        "step \(journal.longestStepBackAt) lies \(span(journal.longestStepBack)) before the one "
          + "ahead of it")
    }
    return Finding(
      threshold, "back \(span(journal.longestStepBack)), ahead \(span(ages.earliest))", evidence,
      holds: journal.longestStepBack <= CheckPolicy.clockStepBack
        && ages.earliest <= CheckPolicy.clockAhead)
  }

  static func integrity(_ facts: CheckFacts) -> Finding {
    let threshold = "0 differences"
    let result = facts.store.verification
    guard result.steps > 0 || !result.isSound else {
      return .notShown(threshold, "the journal of this database is empty")
    }
    let chain = result.chain.map { ", chain \($0)" } ?? ""
    return Finding(
      threshold, counted(result.findings.count, "difference"),
      ["\(counted(result.steps, "step")), \(counted(result.records, "record"))\(chain)"]
        + result.findings.map(\.description),
      holds: result.isSound && result.steps > 0)
  }

  /// Every run of the window ran what is to be certified.
  static func configuration(_ facts: CheckFacts) -> Finding {
    let threshold = "every run with the configuration to be certified"
    guard let configuration = facts.configuration?.engine else {
      return .notShown(threshold, "no configuration was named: give --config")
    }
    guard !facts.store.runs.isEmpty else {
      return .notShown(threshold, "no run is in this database")
    }
    let accepted = configuration.rehearsals
    let others = facts.store.runs.filter { run in
      !accepted.contains { $0.digest.value == run.configuration }
    }
    return Finding(
      threshold, "\(counted(others.count, "run")) of \(facts.store.runs.count) differ",
      accepted.map { "accepted: \($0.digest), \($0.name)" }
        + others.map {
          "run \($0.epoch) of \($0.startedAt) had \(Digest(rawValue: $0.configuration))"
        }, holds: others.isEmpty)
  }
}

extension EngineConfiguration {
  /// The configurations whose runs speak for this one: itself, and itself on paper.
  ///
  /// A rehearsal on paper differs in nothing but how orders reach a market, and in the account,
  /// which paper has none of.
  var rehearsals: [(name: String, digest: Digest)] {
    var found = [(name: "as configured", digest: digest)]
    if case .exchange = execution {
      var paper = self
      paper.execution = .paper(PaperConfiguration())
      found.append((name: "on paper with the default costs", digest: paper.digest))
      paper.account = nil
      found.append((name: "on paper without the account", digest: paper.digest))
    }
    return found
  }
}
