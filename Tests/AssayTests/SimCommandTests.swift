import Foundation
import Testing

/// `assay sim`, `list` and `trace` as a user meets them.
@Suite struct SimCommandTests {
  /// A scenario of an hour, whose expectation holds or does not.
  static func scenario(minimumDecisions: Int) -> String {
    """
    name: short-hour
    about: An hour without faults.
    start: 2026-03-02T00:00:00Z
    duration: 1h
    execution: exchange
    config:
      strategies: [wick_flow]
    market:
      BTC: {model: walk, price: 60000, dailyVolatility: 1.5%}
    expect:
      count:
        - {of: decision.*, atLeast: \(minimumDecisions)}

    """
  }

  static func json(_ path: String) throws -> [String: Any] { try ReplayCommandTests.json(path) }

  @Test func `a scenario that holds ends with 0 and is the same in every process`() throws {
    let scratch = try Scratch()
    let path = try scratch.write(Self.scenario(minimumDecisions: 1), as: "short.yaml")
    var digests: [String] = []
    for jobs in ["1", "2"] {
      let report = scratch.path("\(jobs).json")
      let outcome = try Program.run(
        ["sim", path, "--seeds", "1..3", "--jobs", jobs, "--json", report],
        environment: ["SWIFT_DETERMINISTIC_HASHING": jobs == "1" ? "1" : "0"])
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.talk)")
      #expect(outcome.output.contains("short-hour"))
      #expect(outcome.output.contains("ok"))
      let document = try Self.json(report)
      #expect(
        Set(document.keys) == ["command", "version", "build", "verdict", "figures", "items"])
      let items = try #require(document["items"] as? [[String: Any]])
      #expect(
        items.map { $0["id"] as? String } == ["short-hour@1", "short-hour@2", "short-hour@3"])
      digests += items.compactMap { $0["digest"] as? String }
    }
    #expect(digests.count == 6)
    #expect(Array(digests.prefix(3)) == Array(digests.suffix(3)))
    #expect(Set(digests).count == 3, "another seed is another run")
  }

  @Test func `a failure names scenario, expectation, time, event and the command`() throws {
    let scratch = try Scratch()
    let path = try scratch.write(Self.scenario(minimumDecisions: 1_000_000), as: "short.yaml")
    let report = scratch.path("junit.xml")
    let outcome = try Program.run(["sim", path, "--seed", "7", "--junit", report])
    #expect(outcome.status == 1)
    for word in [
      "FAIL", "short-hour, seed 7", "expectation", "2026-03-02T01:", "event", "decision",
      "assay sim \(path) --seed 7",
    ] {
      #expect(outcome.output.contains(word), "\(word) in: \(outcome.output)")
    }
    let junit = try String(contentsOfFile: report, encoding: .utf8)
    #expect(junit.contains("tests=\"1\" failures=\"1\""))
    #expect(junit.hasSuffix("</testsuite>\n"))
  }

  @Test func `shards part a campaign without overlap or loss`() throws {
    let scratch = try Scratch()
    let path = try scratch.write(Self.scenario(minimumDecisions: 1), as: "short.yaml")
    var ids: [String] = []
    for shard in ["1/2", "2/2"] {
      let report = scratch.path("shard.json")
      let outcome = try Program.run(
        ["sim", path, "--seeds", "1..3", "--shard", shard, "--json", report])
      #expect(outcome.status == 0)
      let items = try #require(try Self.json(report)["items"] as? [[String: Any]])
      ids += items.compactMap { $0["id"] as? String }
    }
    #expect(ids.sorted() == ["short-hour@1", "short-hour@2", "short-hour@3"])
  }

  @Test func `a determinism check runs twice`() throws {
    let scratch = try Scratch()
    let path = try scratch.write(Self.scenario(minimumDecisions: 1), as: "short.yaml")
    let outcome = try Program.run(["sim", path, "--check-determinism"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("twice with the same digests"))
  }

  @Test func `traces are shown and compared`() throws {
    let scratch = try Scratch()
    let path = try scratch.write(Self.scenario(minimumDecisions: 1), as: "short.yaml")
    let traces = ["1", "1", "2"].enumerated().map { ($1, scratch.path("\($0).trace")) }
    for (seed, trace) in traces {
      let outcome = try Program.run(["sim", path, "--seed", seed, "--trace", trace])
      #expect(outcome.status == 0, "\(outcome.talk)")
    }
    let show = try Program.run(["trace", "show", traces[0].1, "--around", "5", "--context", "1"])
    #expect(show.status == 0, "\(show.talk)")
    #expect(show.output.hasPrefix("short-hour seed 1"))
    let numbers = show.output.split(separator: "\n").compactMap { line in
      line.contains("Z  ") ? line.split(separator: " ").first.flatMap { Int($0) } : nil
    }
    #expect(numbers == [4, 5, 6])
    let same = try Program.run(["trace", "diff", traces[0].1, traces[1].1])
    #expect(same.status == 0)
    #expect(same.output.contains("the same in all"))
    let other = try Program.run(["trace", "diff", traces[0].1, traces[2].1])
    #expect(other.status == 1)
    for word in ["event", "time", "component", "first", "second"] {
      #expect(other.output.contains(word), "\(word) in: \(other.output)")
    }
    let beyond = try Program.run(["trace", "show", traces[0].1, "--around", "99999999"])
    #expect(beyond.status == 66)
    let none = try Program.run(["trace", "show", path])
    #expect(none.status == 65)
    #expect(none.talk.contains("assay-trace 1"))
    #expect(try Program.run(["trace", "show", "nowhere.trace"]).status == 66)
  }

  static let refused: [(arguments: [String], text: String?, status: Int32, words: [String])] = [
    (["nowhere"], nil, 66, ["nowhere", "no such file or folder"]),
    (["--seed", "1", "--seeds", "1..2"], nil, 64, ["exclude"]),
    (["--seeds", "5..1"], nil, 64, ["5..1"]),
    (["--shard", "3/2"], nil, 64, ["3/2"]),
    (["--sede", "1"], nil, 64, ["--sede"]),
    (["@"], "name: x\nabuot: y\n", 65, [":2:1:", "abuot", "did you mean `about`?"]),
    (["@"], "", 65, ["empty"]),
    (["@"], "name: [1, 2\n", 65, [":"]),
    (["@", "--trace", "/nowhere/x"], scenario(minimumDecisions: 1), 70, ["/nowhere/x"]),
    (["@", "--trace", "x", "--seeds", "1..2"], scenario(minimumDecisions: 1), 64, ["one run"]),
  ]

  @Test(arguments: refused.indices)
  func `bad input ends with its status and says where, what and what was expected`(
    index: Int
  ) throws {
    let one = Self.refused[index]
    let scratch = try Scratch()
    let path = try scratch.write(one.text ?? "", as: "scenario.yaml")
    let outcome = try Program.run(["sim"] + one.arguments.map { $0 == "@" ? path : $0 })
    #expect(outcome.status == one.status, "\(outcome.talk)")
    for word in one.words { #expect(outcome.talk.contains(word), "\(word) in: \(outcome.talk)") }
    #expect(outcome.output.isEmpty, "errors go to standard error")
  }

  @Test func `without a path or the folder, it says where to stand`() throws {
    let scratch = try Scratch()
    let outcome = try Program.run(["sim"], in: scratch.folder)
    #expect(outcome.status == 66)
    #expect(outcome.talk.contains("Run assay where the folder Scenarios is"))
  }

  @Test(arguments: ["strategies", "faults", "oracles", "marks", "scenarios"])
  func `every list has lines, and the same ids as JSON`(subject: String) throws {
    let scratch = try Scratch()
    let path = scratch.path("list.json")
    let outcome = try Program.run(["list", subject, "--json", path])
    #expect(outcome.status == 0, "\(outcome.talk)")
    let document = try Self.json(path)
    let items = try #require(document["items"] as? [[String: Any]])
    let ids = items.compactMap { $0["id"] as? String }
    #expect(ids.count >= 3)
    #expect(Set(ids).count == ids.count)
    for id in ids { #expect(outcome.output.contains(id)) }
  }

  @Test func `an unknown list is a usage error`() throws {
    #expect(try Program.run(["list", "everything"]).status == 64)
    #expect(try Program.run(["list", "faults", "Scenarios"]).status == 64)
  }
}
