import Engine
import Market
import Risk
import Testing

@testable import Simulation

/// A scenario that is right, as lines to be spoilt one at a time.
enum GoodScenario {
  static let lines = [
    "name: good",  // 1
    "about: nothing",  // 2
    "seed: 7",  // 3
    "start: 2026-03-02T00:00:00Z",  // 4
    "duration: 10m",  // 5
    "execution: exchange",  // 6
    "config:",  // 7
    "  limits: {dayLossBasisPoints: 200}",  // 8
    "script:",  // 9
    "  signals:",  // 10
    "    - {at: 5m, symbol: BTC, side: long, stop: 1%, target: 3%}",  // 11
    "market:",  // 12
    "  BTC: {model: walk, price: 60000}",  // 13
    "faults:",  // 14
    "  - {id: N1, at: 2m, for: 30s}",  // 15
    "expect:",  // 16
    "  count:",  // 17
    "    - {of: fill, atLeast: 1}",  // 18
  ]

  static func text(replacing line: Int? = nil, with text: String = "") -> String {
    var lines = lines
    if let line { lines[line - 1] = text }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// A spoilt line, and what has to be said of it.
struct BadLine: Sendable, CustomTestStringConvertible {
  let number: Int
  let text: String
  let line: Int
  let column: Int
  let problem: String
  let remedy: String

  init(
    _ number: Int, _ text: String, at line: Int, _ column: Int, _ problem: String,
    _ remedy: String
  ) {
    self.number = number
    self.text = text
    self.line = line
    self.column = column
    self.problem = problem
    self.remedy = remedy
  }

  var testDescription: String { text }

  static let all: [BadLine] = [
    BadLine(3, "sead: 7", at: 3, 1, "scenario has no key `sead`", "did you mean `seed`?"),
    BadLine(3, "seed: 7\nseed: 8", at: 3, 1, "`seed` is given twice", "keep one of the two"),
    BadLine(3, "seed: 8..3", at: 3, 7, "`seed` is `8..3`", "expected a seed such as `7`"),
    BadLine(3, "seed: -1", at: 3, 7, "`seed` is `-1`", "expected a seed"),
    BadLine(3, "seed: [1]", at: 3, 7, "`seed` is one value", "expected a seed"),
    BadLine(4, "start: yesterday", at: 4, 8, "`start` is `yesterday`", "expected a time in UTC"),
    BadLine(5, "duration: 10", at: 5, 11, "`duration` is `10`", "length of time with its unit"),
    BadLine(5, "duration: 1e3s", at: 5, 11, "`duration` is `1e3s`", "length of time"),
    BadLine(5, "duration: 400d", at: 5, 11, "`duration` is `400d`", "to 30d"),
    BadLine(5, "duration:", at: 5, 10, "`duration` is ``", "length of time"),
    BadLine(6, "execution: live", at: 6, 12, "`execution` is `live`", "one of paper, exchange"),
    BadLine(6, "execution: papr", at: 6, 12, "`execution` is `papr`", "did you mean `paper`?"),
    BadLine(
      8, "  limits: {dayLossBasisPoints: 2%}", at: 8, 32, "`dayLossBasisPoints` is `2%`",
      "whole number from 1 to 10000"),
    BadLine(
      8, "  limits: {dayLossBasisPoints: 20000}", at: 8, 32, "`dayLossBasisPoints` is `20000`",
      "whole number from 1 to 10000"),
    BadLine(
      8, "  limits: {dayLoss: 2}", at: 8, 12, "limits has no key `dayLoss`", "known keys: "),
    BadLine(
      8, "  limits: {dayLosBasisPoints: 2}", at: 8, 12, "limits has no key `dayLosBasisPoints`",
      "did you mean `dayLossBasisPoints`?"),
    BadLine(
      8, "  strategies: [wick_flo]", at: 8, 16, "`strategies` is `wick_flo`",
      "did you mean `wick_flow`?"),
    BadLine(
      8, "  arbitration: independent", at: 8, 16,
      "`arbitration` is `independent` with `execution: exchange`", "use `batch`"),
    BadLine(
      11, "    - {at: 5m, symbol: BTC, side: long, stop: 1, target: 3%}", at: 11, 47,
      "`stop` is `1`", "expected a share with its unit"),
    BadLine(
      11, "    - {at: 5m, symbol: BTK, side: long, stop: 1%, target: 3%}", at: 11, 24,
      "`market` does not list `BTK`", "did you mean `BTC`?"),
    BadLine(
      11, "    - {at: 5m, symbol: BTC, side: long, target: 3%}", at: 11, 7,
      "signal needs `stop`", "Distance of the stop."),
    BadLine(
      13, "  BTC: {model: walk}", at: 13, 8, "this model needs `price`", "the price at the start"),
    BadLine(
      13, "  BTC: {model: walk, price: 6e4}", at: 13, 29, "`price` is `6e4`", "without a unit"),
    BadLine(
      13, "  BTC: {model: walk, price: 0}", at: 13, 29, "`price` is `0`", "a price from"),
    BadLine(
      15, "  - {id: N77, at: 2m}", at: 15, 10, "`id` is `N77`", "did you mean"),
    BadLine(15, "  - {at: 2m}", at: 15, 5, "an entry of `faults` needs `id`", "one of F2"),
    BadLine(15, "  - {id: N1}", at: 15, 5, "a fault needs a time", "give `at` or `on`"),
    BadLine(
      15, "  - {id: N1, at: 2m, on: fill}", at: 15, 26, "a fault has one trigger", "keep"),
    BadLine(
      15, "  - {id: N1, at: 2m, nth: 2}", at: 15, 27, "`nth` belongs to `on`", "drop it"),
    BadLine(
      15, "  - {id: N1, at: 20m}", at: 15, 18, "the fault begins at 20m, after the storm of 10m",
      "begin it earlier"),
    BadLine(
      15, "  - {id: N1, at: 2m, chance: 3/2}", at: 15, 30, "`chance` is `3/2`", "expected a ratio"),
    BadLine(
      15, "  - {id: N1, at: 2m, chance: 50%}", at: 15, 30, "`chance` is `50%`", "expected a ratio"),
    BadLine(
      15, "  - {id: N1, at: 2m, latency: 2s}", at: 15, 22, "fault N1 has no key `latency`",
      "known keys: "),
    BadLine(15, "  - {id: T6, at: 2m}", at: 15, 5, "fault T6 needs `for`", "stands still"),
    BadLine(
      18, "    - {of: fills, atLeast: 1}", at: 18, 12, "nothing counts `fills`",
      "did you mean `fill`?"),
    BadLine(18, "    - {of: fill}", at: 18, 7, "a count needs bounds", "give `exactly`"),
    BadLine(
      18, "    - {of: fill, atLeast: 2, atMost: 1}", at: 18, 38, "`atMost` is below `atLeast`", ""),
    BadLine(16, "expect: {a: [}", at: 16, 14, "did not find expected node content", "YAML"),
    BadLine(16, "expect: 3\nx: {count:", at: 18, 8, "", "YAML"),
  ]
}

@Suite struct SettingsTests {
  @Test func readsWhatIsRight() throws {
    let scenario = try ScenarioFile.parse(GoodScenario.text(), file: "good.yaml")
    #expect(scenario.seeds == 7...7)
    #expect(scenario.duration == .minutes(10))
    #expect(scenario.engine.limits[.dayLossBasisPoints] == 200)
    #expect(scenario.script?.signals.first?.stop == 10_000)
    #expect(scenario.faults.first?.action == .cut)
    #expect(scenario.faults.first?.duration == .seconds(30))
  }

  @Test(arguments: BadLine.all)
  func namesPlaceProblemAndRemedy(of bad: BadLine) {
    let text = GoodScenario.text(replacing: bad.number, with: bad.text)
    let error = #expect(throws: SettingsError.self) {
      try ScenarioFile.parse(text, file: "bad.yaml")
    }
    guard let error else { return }
    #expect(error.line == bad.line && error.column == bad.column, "\(error)")
    #expect(error.problem.contains(bad.problem), "\(error)")
    #expect(error.remedy.contains(bad.remedy), "\(error)")
    #expect(error.description.hasPrefix("bad.yaml:\(bad.line):\(bad.column): "))
  }

  @Test(arguments: 1...18)
  func aMissingLineIsAnErrorOrAnotherScenario(line: Int) {
    // Whatever is left out, the parser answers; it never traps.
    var lines = GoodScenario.lines
    lines.remove(at: line - 1)
    _ = try? ScenarioFile.parse(lines.joined(separator: "\n"), file: "short.yaml")
  }

  @Test func refusesWhatIsNoText() {
    #expect(throws: SettingsError.self) { try ScenarioFile.parse("", file: "empty.yaml") }
    #expect(throws: SettingsError.self) { try ScenarioFile.parse("- a\n- b\n", file: "list.yaml") }
    let long = String(repeating: "#", count: SettingsReader.longestFile + 1)
    #expect(throws: SettingsError.self) { try ScenarioFile.parse(long, file: "long.yaml") }
    #expect(throws: SettingsError.self) { try ScenarioFile.read(path: "no/such/file.yaml") }
  }

  @Test(
    arguments: [
      ("250ms", 250_000_000), ("90s", 90_000_000_000), ("15m", 900_000_000_000),
      ("2h", 7_200_000_000_000), ("1d", 86_400_000_000_000), ("-37s", -37_000_000_000),
    ] as [(String, Int64)])
  func readsLengthsOfTime(text: String, nanoseconds: Int64) {
    let length = Interval(setting: text)
    #expect(length?.nanoseconds == nanoseconds)
  }

  @Test func suggestsOnlyWhatIsNear() {
    #expect(nearest(to: "latncy", in: ["latency", "jitter"]) == "latency")
    #expect(nearest(to: "zzzzzz", in: ["latency", "jitter"]) == nil)
  }
}

@Suite struct ConfigurationFileTests {
  @Test func readsAConfiguration() throws {
    let configuration = try ConfigurationFile.parse(
      """
      execution: paper
      symbols: [{name: BTC}, {name: ETH, tradable: false}]
      strategies: [wick_flow]
      paper: {openingBalance: 5000, takerFee: 4.5bp, latency: 250ms}
      limits: {riskPerTradeBasisPoints: 50}
      """, file: "paper.yaml")
    #expect(configuration.symbols.map(\.instrument.symbol) == ["BTC", "ETH"])
    #expect(configuration.symbols.map(\.isTradable) == [true, false])
    #expect(configuration.limits[.riskPerTradeBasisPoints] == 50)
    guard case .paper(let paper) = configuration.execution else {
      Issue.record("expected paper execution")
      return
    }
    #expect(paper.openingBalance == Money(whole: 5_000))
    #expect(paper.takerFeeTenthsOfBasisPoint == 45)
  }

  @Test(
    arguments: [
      ("symbols: [{name: BTC}, {name: BTC}]", "`symbols` names BTC twice"),
      ("strategies: [wick_flow, wick_flow]", "`strategies` names wick_flow twice"),
      ("paper: {takerFee: 4.55bp}", "finer than 0.1bp"),
      ("paper: {entrySlippage: 0.5bp}", "finer than 1bp"),
      ("account: BTC", "`account` is `BTC`"),
      (
        "limits: {minimumStopDistanceBasisPoints: 600, maximumStopDistanceBasisPoints: 500}",
        "expected the minimum below the maximum"
      ),
    ])
  func refusesWhatMakesNoSense(line: String, problem: String) {
    let error = #expect(throws: SettingsError.self) {
      try ConfigurationFile.parse(line + "\n", file: "bad.yaml")
    }
    #expect(error?.problem.contains(problem) ?? false, "\(String(describing: error))")
    #expect(error?.line == 1)
  }
}
