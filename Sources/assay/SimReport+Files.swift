import Market
import Simulation
import Venues

extension SimReport {
  /// The document of `--json`.
  var json: String {
    Document.text(command: "sim", hasPassed: failed.isEmpty) { figures in
      figures.integer("scenarios", Set(outcomes.map(\.item.scenario.name)).count)
      figures.integer("runs", outcomes.count)
      figures.integer("failed", failed.count)
      figures.integer("events", outcomes.reduce(0) { $0 + $1.result.events })
      figures.integer(
        "virtualSeconds",
        outcomes.reduce(Int64(0)) { $0 + $1.result.virtualDuration.milliseconds / 1_000 })
    } items: { items in
      for outcome in outcomes { Self.write(outcome, to: &items) }
    }
  }

  private static func write(_ outcome: SimOutcome, to items: inout JSONWriter) {
    let result = outcome.result
    items.object { item in
      item.string("id", "\(result.scenario)@\(result.seed)")
      item.string("verdict", outcome.hasPassed ? "pass" : "fail")
      item.string("scenario", result.scenario)
      item.string("path", result.path)
      item.string("seed", "\(result.seed)")
      item.string("digest", result.digest.description)
      item.integer("events", result.events)
      item.integer("virtualSeconds", result.virtualDuration.milliseconds / 1_000)
      if let convergence = result.convergence {
        item.integer("convergenceMilliseconds", convergence.milliseconds)
      } else {
        item.null("convergenceMilliseconds")
      }
      item.object("components") { components in
        for part in result.components {
          components.key(part.component.name.utf8)
          components.string(part.digest.description)
        }
      }
      item.array("failures", result.failures) { failures, failure in
        failures.object { one in
          one.string("kind", failure.kind.rawValue)
          one.string("id", failure.id)
          one.string("time", failure.time.description)
          one.integer("event", failure.event)
          one.string("message", failure.message)
        }
      }
      item.array("faults", result.faults) { faults, fault in
        faults.object { one in
          one.string("id", fault.kind.rawValue)
          one.integer("number", fault.number)
          one.integer("count", fault.count)
          one.string("receipt", fault.verdict.rawValue)
          if let event = fault.firstDifference { one.integer("firstDifference", event) }
        }
      }
      counts("oracles", result.oracles, to: &item)
      counts("marks", result.marks, to: &item)
      counts("counters", result.counters, to: &item)
      if let repeated = outcome.repeated {
        item.string("repeatedDigest", repeated.digest.description)
      }
      item.string("replay", result.replayCommand)
    }
  }

  private static func counts(
    _ name: StaticString, _ counts: [NamedCount], to item: inout JSONWriter
  ) {
    item.object(name) { object in
      for one in counts {
        object.key(one.name.utf8)
        object.integer(one.count)
      }
    }
  }

  /// The document of `--junit`: one test case a run, one suite a scenario.
  var junit: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text +=
      "<testsuite name=\"assay sim\" tests=\"\(outcomes.count)\" failures=\"\(failed.count)\">\n"
    for outcome in outcomes {
      let result = outcome.result
      text += "  <testcase classname=\"\(Self.escaped(result.scenario))\""
      text += " name=\"seed \(result.seed)\""
      guard !outcome.hasPassed else {
        text += "/>\n"
        continue
      }
      let first = result.failures.first
      let title = first.map { "\($0.kind.rawValue) \($0.id)" } ?? "determinism"
      text += ">\n    <failure message=\"\(Self.escaped(title))\">"
      let lines =
        result.failures.map { "\($0.time) event \($0.event): \($0.message)" }
        + (outcome.isDivergent ? ["a second run came to another digest"] : [])
        + [result.replayCommand]
      text += Self.escaped(lines.joined(separator: "\n")) + "</failure>\n  </testcase>\n"
    }
    return text + "</testsuite>\n"
  }

  /// Text as XML: markup escaped, control characters that XML forbids replaced.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff:
        escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
