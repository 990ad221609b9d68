import Foundation
import Glibc
import Testing

/// `assay trace explain` as a user meets it: over a scenario of the repository with a trade that
/// is made and one that the day's loss forbids, and over a recorded live run.
@Suite struct TraceExplainTests {
  private static let scenario = "Scenarios/limits/daily-loss.yaml"

  private static func explain(
    _ source: String = scenario, _ arguments: [String] = [], in folder: URL = Program.root
  ) throws -> (outcome: Program.Outcome, document: [String: Any]) {
    let scratch = try Scratch()
    let path = scratch.path("answer.json")
    let outcome = try Program.run(
      ["trace", "explain", source] + arguments + ["--json", path], in: folder)
    let document =
      FileManager.default.fileExists(atPath: path) ? try ReplayCommandTests.json(path) : [:]
    return (outcome, document)
  }

  private static func item(_ document: [String: Any]) throws -> [String: Any] {
    let items = try #require(document["items"] as? [[String: Any]])
    return try #require(items.first)
  }

  private static func leg(_ item: [String: Any]) throws -> [String: Any] {
    let legs = try #require(item["legs"] as? [[String: Any]])
    #expect(legs.count == 1)
    return try #require(legs.first)
  }

  /// Asking changes nothing: the run that is explained is the run that `sim` runs.
  @Test func `the list shows the signals of the very run`() throws {
    let scratch = try Scratch()
    let (outcome, document) = try Self.explain()
    #expect(outcome.status == 0, "\(outcome.talk)")
    for word in ["EXECUTED", "DAY_LOSS", "NO_SETUP", "scripted:BTC:2026-03-02T22:20:00Z"] {
      #expect(outcome.output.contains(word), "\(word) in: \(outcome.output)")
    }
    let report = scratch.path("sim.json")
    _ = try Program.run(["sim", Self.scenario, "--seed", "1", "--json", report])
    let run = try Self.item(try ReplayCommandTests.json(report))
    let figures = try #require(document["figures"] as? [String: Any])
    #expect(figures["digest"] as? String == run["digest"] as? String)
    #expect(figures["signals"] as? Int == 4)
  }

  @Test func `an executed order is explained from the candle to its result`() throws {
    let (_, list) = try Self.explain()
    let items = try #require(list["items"] as? [[String: Any]])
    let executed = try #require(items.first { $0["outcome"] as? String == "EXECUTED" })
    let order = try #require(executed["order"] as? String)
    let (outcome, document) = try Self.explain(Self.scenario, ["--order", order])
    #expect(outcome.status == 0, "\(outcome.talk)")
    for word in [
      "scripted:BTC:2026-03-02T22:20:00Z  EXECUTED", "Inputs", "1m candles", "Arbitration",
      "riskPerTradeBasisPoints 1 %", "rounded down to a multiple of lot 0.00001",
      "bound by riskPerTradeBasisPoints", "entry buy", "position closed by its stop",
      "in the end realised -",
    ] {
      #expect(outcome.output.contains(word), "\(word) in: \(outcome.output)")
    }
    #expect(
      Set(document.keys) == ["command", "version", "build", "verdict", "figures", "items"])
    #expect(document["verdict"] as? String == "pass")
    let item = try Self.item(document)
    let leg = try Self.leg(item)
    let gate = try #require(leg["gate"] as? [[String: Any]])
    #expect(gate.allSatisfy { $0["answer"] as? Bool == false })
    #expect(gate.first?["reason"] as? String == "MALFORMED")
    #expect(gate.last?["reason"] as? String == "MINIMUM_NOTIONAL")
    // The order that left is as large as the words say.
    let size = try #require(leg["size"] as? [String: Any])
    let quantity = try #require(size["quantity"] as? String)
    let records = try #require(
      (item["orders"] as? [[String: Any]])?.first?["records"] as? [[String: Any]])
    let first = try #require(records.first?["what"] as? String)
    #expect(first.hasPrefix("entry buy \(quantity) at "))

    // Its stop belongs to the same trade, and leads to the same answer.
    let stop = try #require(
      records.lazy.compactMap { $0["what"] as? String }.first { $0.hasPrefix("stop sell") })
    let id = try #require(stop.split(whereSeparator: { "()".contains($0) }).last.map(String.init))
    let (_, again) = try Self.explain(Self.scenario, ["--order", id])
    let gateAgain = try #require(
      try Self.leg(try Self.item(again))["gate"] as? [[String: Any]])
    #expect(gateAgain.count == gate.count)
  }

  @Test func `a rejected signal names the limit and both sides`() throws {
    let (outcome, document) = try Self.explain(
      Self.scenario, ["--seed", "1", "--decision", "scripted:BTC:2026-03-02T23:10:00Z"])
    #expect(outcome.status == 0, "\(outcome.talk)")
    for word in [
      "DAY_LOSS", "by the limit", "dayLossBasisPoints", "Risk/Judge.swift:",
      "rejected: DAY_LOSS: Equity is at or past the loss limit of the UTC day.",
      "the day's loss limit was reached before (yes)",
    ] {
      #expect(outcome.output.contains(word), "\(word) in: \(outcome.output)")
    }
    let item = try Self.item(document)
    #expect(item["outcome"] as? String == "DAY_LOSS")
    #expect((item["orders"] as? [Any])?.isEmpty == true)
    let leg = try Self.leg(item)
    #expect(leg["size"] == nil)
    let gate = try #require(leg["gate"] as? [[String: Any]])
    #expect(gate.map { $0["answer"] as? Bool == true } == gate.indices.map { $0 == gate.count - 1 })
    let decisive = try #require(gate.last)
    #expect(decisive["reason"] as? String == "DAY_LOSS")
    let comparison = try #require((decisive["comparisons"] as? [[String: Any]])?.first)
    #expect((comparison["left"] as? String)?.hasPrefix("equity ") == true)
    #expect((comparison["right"] as? String)?.hasSuffix("dayLossBasisPoints 0.7 %)") == true)
  }

  @Test func `a decision without a trade tells its reason and inputs`() throws {
    let (outcome, document) = try Self.explain(
      Self.scenario, ["--decision", "scripted:BTC:2026-03-02T22:05:00Z"])
    #expect(outcome.status == 0, "\(outcome.talk)")
    #expect(
      outcome.output.contains(
        "no trade: NO_SETUP: Nothing that the strategy looks for happened."))
    #expect(!outcome.output.contains("Gate"))
    let item = try Self.item(document)
    let inputs = try #require(item["inputs"] as? [[String: Any]])
    #expect(inputs.first?["input"] as? String == "1m candles")
    #expect(inputs.first?["ageMilliseconds"] as? Int == 0)
    #expect(inputs.first?["needed"] as? Int == 2)
    let decision = try #require(item["decision"] as? [String: Any])
    let trigger = try #require(decision["trigger"] as? [String: Any])
    #expect(trigger["closeTime"] as? String == "2026-03-02T22:05:00Z")
  }

  /// Without a time, the newest signal comes before any newer decision.
  @Test func `a decision without a time is the newest signal`() throws {
    let (_, document) = try Self.explain(Self.scenario, ["--decision", "scripted:BTC"])
    #expect(
      try Self.item(document)["id"] as? String == "scripted:BTC:2026-03-03T00:30:00Z")
  }

  @Test func `what is not there ends with the nearest that is`() throws {
    let near = try Program.run(
      ["trace", "explain", Self.scenario, "--decision", "scripted:BTC:2026-03-02T22:05:10Z"])
    #expect(near.status == 66)
    #expect(near.talk.contains("scripted:BTC:2026-03-02T22:05:00Z"), "\(near.talk)")
    let other = try Program.run(
      ["trace", "explain", Self.scenario, "--decision", "wick_flow:BTC"])
    #expect(other.status == 66)
    #expect(other.talk.contains("decisions are of scripted:BTC"), "\(other.talk)")
    let order = try Program.run(
      ["trace", "explain", Self.scenario, "--order", "0x" + String(repeating: "0", count: 32)])
    #expect(order.status == 66)
    #expect(order.talk.contains("its newest entries are 0x"), "\(order.talk)")
    for arguments in [
      ["--decision", "scripted"], ["--decision", "scripted:BTC:noon"], ["--order", "12"],
      ["--decision", "a:B", "--order", "0x" + String(repeating: "0", count: 32)],
    ] {
      #expect(try Program.run(["trace", "explain", Self.scenario] + arguments).status == 64)
    }
    #expect(try Program.run(["trace", "explain", "nowhere.yaml"]).status == 66)
  }

  /// A recorded live run is explained as a scenario is.
  @Test func `a recorded live run is explained`() throws {
    let scratch = try Scratch()
    let venue = try #require(try ServedVenue(speed: 60, in: scratch.folder))
    let config = try scratch.write(try venue.configuration(), as: "loopback.yaml")
    let recording = scratch.path("run.rec")
    let run = try RunningProgram(
      ["live", "--config", config, "--record", recording], in: scratch.folder)
    #expect(run.line(containing: "fill BTC") != nil, "\(run.lines)")
    run.signal(SIGTERM)
    #expect(run.end() == 0, "\(run.lines)")
    let (outcome, list) = try Self.explain(recording, in: scratch.folder)
    #expect(outcome.status == 0, "\(outcome.talk)")
    let items = try #require(list["items"] as? [[String: Any]])
    let executed = try #require(items.first { $0["order"] != nil })
    let order = try #require(executed["order"] as? String)
    let (answer, document) = try Self.explain(recording, ["--order", order], in: scratch.folder)
    #expect(answer.status == 0, "\(answer.talk)")
    #expect(answer.output.contains("bound by "), "\(answer.output)")
    #expect(try Self.item(document)["verdict"] as? String == "pass")
    let seeded = try Program.run(
      ["trace", "explain", recording, "--seed", "1"], in: scratch.folder)
    #expect(seeded.status == 64)
  }
}
