import Foundation
import Testing

/// `assay replay` as a user meets it.
@Suite struct ReplayCommandTests {
  static let candles = [
    "Fixtures/candles/synthetic_BTC_1d_2024-01-01_2024-08-07.csv.gz",
    "Fixtures/candles/synthetic_BTC_4h_2024-06-29_2024-08-07.csv.gz",
    "Fixtures/candles/synthetic_BTC_15m_2024-08-08_2024-09-16.csv.gz",
  ]
  static let header = "open_time_ms,open,high,low,close,volume\n"

  static func json(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func `a replay tells decisions, money and a digest, and what to do next`() throws {
    let outcome = try Program.run(["replay"] + Self.candles)
    #expect(outcome.status == 0, "\(outcome.talk)")
    for word in ["BTC 15m", "3,840", "wick_flow", "SIGNAL", "equity", "drawdown", "digest"] {
      #expect(outcome.output.contains(word), "\(word)")
    }
    let last = try #require(outcome.output.split(separator: "\n").last)
    #expect(last.hasPrefix("Next: "))
    #expect(!outcome.output.contains("\u{1b}"), "no colour where there is no terminal")
    #expect(outcome.talk.isEmpty, "no progress where there is no terminal")
  }

  @Test func `the JSON has the shape of every command, and the same digest twice`() throws {
    let scratch = try Scratch()
    var digests: [String] = []
    for hashing in ["0", "1"] {
      let path = scratch.path("\(hashing).json")
      let outcome = try Program.run(
        ["replay", "--json", path, "--resume-daily"] + Self.candles,
        environment: ["SWIFT_DETERMINISTIC_HASHING": hashing, "TZ": "Asia/Tokyo"])
      #expect(outcome.status == 0)
      let document = try Self.json(path)
      #expect(
        Set(document.keys) == ["command", "version", "build", "verdict", "figures", "items"])
      #expect(document["command"] as? String == "replay")
      #expect(document["verdict"] as? String == "pass")
      let figures = try #require(document["figures"] as? [String: Any])
      // 3,840 rows, and 480 and 260 candles of four hours and a day, told or derived.
      #expect(figures["candles"] as? Int == 3_840 + 480 + 260)
      digests.append(try #require(figures["digest"] as? String))
      let items = try #require(document["items"] as? [[String: Any]])
      #expect(items.map { $0["id"] as? String } == ["BTC 15m", "BTC 4h", "BTC 1d"])
      #expect(items.allSatisfy { $0["verdict"] as? String == "pass" })
    }
    #expect(Set(digests).count == 1)
    #expect(digests.first?.count == 16)
  }

  @Test func `without names, every strategy runs that the files feed, and the rest is told`() throws
  {
    let scratch = try Scratch()
    let path = scratch.path("run.json")
    let outcome = try Program.run(["replay", "--json", path, "--resume-daily"] + Self.candles)
    #expect(outcome.status == 0, "\(outcome.talk)")
    #expect(outcome.output.contains("left out: oi_flow, as no file has open interest of BTC"))
    #expect(outcome.output.contains("R gross"))
    let figures = try #require(try Self.json(path)["figures"] as? [String: Any])
    let strategies = try #require(figures["strategies"] as? [[String: Any]])
    #expect(strategies.contains { $0["id"] as? String == "wick_flow" })
    let leftOut = try #require(figures["leftOut"] as? [[String: Any]])
    #expect(strategies.count + leftOut.count == 10)
    let trades = try #require(figures["trades"] as? [[String: Any]])
    for one in strategies {
      let own = trades.filter { $0["strategy"] as? String == one["id"] as? String }
      #expect(one["trades"] as? Int == own.count)
      guard let won = one["won"] as? [String: Any], !own.isEmpty else { continue }
      #expect(Set(won.keys) == ["count", "share", "low", "high"])
      #expect(one["expectancyNet"] is String)
    }
  }

  @Test func `the page stands alone`() throws {
    let scratch = try Scratch()
    let path = scratch.path("run.html")
    let outcome = try Program.run(["replay", "--html", path] + Self.candles)
    #expect(outcome.status == 0, "\(outcome.talk)")
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page.hasPrefix("<!doctype html>"))
    for word in ["Strategies, side by side", "Trades on the candles of BTC", "wick_flow"] {
      #expect(page.contains(word), "\(word)")
    }
    for word in ["http", "<script", "src="] { #expect(!page.contains(word), "\(word)") }
  }

  @Test func `a folder stands for its files, and readings go with the candles`() throws {
    let scratch = try Scratch()
    let time = 1_737_936_000_000
    let rows = (0..<96).map { "\(time + $0 * 900_000),100,101,99,100,1\n" }.joined()
    let candles = try scratch.write(Self.header + rows, as: "hyperliquid_BTC_15m_a_b.csv")
    _ = try scratch.write(
      "time_ms,funding_rate\n\(time + 60_000),0.0001\n\(time - 60_000),0.0001\n",
      as: "hyperliquid_BTC_funding.csv")
    _ = try scratch.write("words\n", as: "notes.txt")
    let folder = String(candles.dropLast("/hyperliquid_BTC_15m_a_b.csv".count))
    let outcome = try Program.run(["replay", folder])
    #expect(outcome.status == 0, "\(outcome.talk)")
    for words in [
      "hyperliquid_BTC_funding.csv", "the first on line 3: it is earlier than the row before it",
      "not read: notes.txt: the name does not say what it holds",
    ] {
      #expect(outcome.output.contains(words), "\(words)")
    }
  }

  @Test func `a database keeps the run and is not written over`() throws {
    let scratch = try Scratch()
    let db = scratch.path("run.sqlite")
    let first = try Program.run(["replay", "--db", db] + Self.candles)
    #expect(first.status == 0, "\(first.talk)")
    #expect(try Data(contentsOf: URL(filePath: db)).starts(with: "SQLite format 3".utf8))
    let second = try Program.run(["replay", "--db", db] + Self.candles)
    #expect(second.status == 65)
    #expect(second.talk.contains("holds a run already"))
  }

  @Test func `gaps and rows that are no candle are reported`() throws {
    let scratch = try Scratch()
    let time = 1_737_936_000_000
    var text = Self.header
    for index in 0..<300 where index != 100 {
      text += "\(time + index * 60_000),100,101,99,\(index == 7 ? 200 : 100),1\n"
    }
    let path = try scratch.write(text, as: "binance_usdm_BTCUSDT_1m_a_b.csv")
    let outcome = try Program.run(["replay", "--strategies", "ema_cross", path])
    #expect(outcome.status == 0, "\(outcome.talk)")
    #expect(outcome.output.contains("gap: BTC 1m 2025-01-27 00:07 to 2025-01-27 00:08, 1 candle"))
    #expect(outcome.output.contains("gap: BTC 1m 2025-01-27 01:40 to 2025-01-27 01:41, 1 candle"))
    #expect(outcome.output.contains("left out: 1 row"))
    #expect(outcome.output.contains("candles of binance_usdm stand in"))
  }

  static let refused: [(arguments: [String], file: String?, status: Int32, words: [String])] = [
    ([], nil, 64, ["file"]),
    (["nowhere_BTC_1m_a_b.csv"], nil, 66, ["nowhere_BTC_1m_a_b.csv", "cannot be opened"]),
    (["@"], header + "1737936000000,1,1,1,oops,1\n", 65, [":2:", "a close of 'oops'", "decimal"]),
    (["@"], "nonsense\n", 65, [":1:", "header 'nonsense'", "open_time_ms"]),
    (["@"], header, 65, ["no row", "at least one row"]),
    (["README.md"], nil, 65, ["does not say what it holds", "BTC:15m=README.md"]),
    (["--strategies", "wick_flaw"] + candles, nil, 64, ["wick_flaw", "wick_flow"]),
    (["--config", "nowhere.yaml"] + candles, nil, 66, ["nowhere.yaml", "no such file"]),
    (["--db", "/nowhere/run.sqlite"] + candles, nil, 65, ["/nowhere"]),
    (["--json", "/nowhere/run.json"] + candles, nil, 70, ["/nowhere/run.json"]),
    (["--instrument", "DOGE"] + candles, nil, 64, ["DOGE", "size decimals"]),
    (["--strategies", "wick_flow", candles[0]], nil, 65, ["wick_flow reads 15m", "BTC"]),
    (["--strategies", "oi_flow"] + candles, nil, 65, ["oi_flow reads open interest of BTC"]),
    ([candles[0]], nil, 65, ["feed none of the strategies"]),
    (["--html", "/nowhere/run.html"] + candles, nil, 70, ["/nowhere/run.html"]),
  ]

  @Test(arguments: refused.indices)
  func `bad input ends with its status and says where, what and what was expected`(
    index: Int
  ) throws {
    let one = Self.refused[index]
    let scratch = try Scratch()
    let path = try scratch.write(one.file ?? "", as: "x_BTC_15m_a_b.csv")
    let outcome = try Program.run(["replay"] + one.arguments.map { $0 == "@" ? path : $0 })
    #expect(outcome.status == one.status, "\(outcome.talk)")
    for word in one.words { #expect(outcome.talk.contains(word), "\(word) in: \(outcome.talk)") }
    if one.file != nil { #expect(outcome.talk.contains(path)) }
    #expect(outcome.output.isEmpty, "errors go to standard error")
  }
}
