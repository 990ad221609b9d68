import Engine
import Market
import Risk
import Simulation
import Strategies
import Testing

@testable import Report

/// The page of a replay: what it holds, that it needs nothing else, and where things are drawn.
@Suite struct ReplayPageTests {
  static let folder =
    #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/Fixtures/candles/"

  static func page() throws -> (page: ReplayPage, figures: ReplayFigures) {
    let names = [
      "1d_2024-01-01_2024-08-07", "4h_2024-06-29_2024-08-07", "15m_2024-08-08_2024-09-16",
    ]
    let data = try ReplayData(
      arguments: names.map { folder + "synthetic_BTC_\($0).csv.gz" })
    let plan = try ReplayPlan(
      data, configuration: ReplayPlan.paperConfiguration(strategies: ReplayPlan.usualStrategies),
      leavesOut: true)
    var replay = try Replay(plan, resumesDaily: true)
    while replay.advance(by: .max) {}
    let page = ReplayPage(
      data: data, plan: plan, figures: replay.figures, snapshot: replay.snapshot,
      digest: replay.digest)
    return (page, replay.figures)
  }

  @Test func `it shows every figure, and what was left out`() throws {
    let (page, figures) = try Self.page()
    let text = page.text
    #expect(figures.trades.count > 10)
    for one in page.strategies {
      #expect(text.contains("<code>\(one.strategy)</code>"))
      #expect(text.contains(ratio(one.trades.netExpectancy)))
      #expect(text.contains(shareText(one.trades.nullWinRate)))
      for row in one.decisions { #expect(text.contains(row.word)) }
    }
    #expect(text.contains("oi_flow is left out: no file has open interest of BTC."))
    #expect(text.contains(page.digest))
    #expect(text.contains("pool_sweep"))
    #expect(text.utf8.count < 1_000_000)
  }

  @Test func `it asks for nothing and runs nothing`() throws {
    let text = try Self.page().page.text
    for word in ["http", "<script", "src=", "url(", "@import", "<link", "onclick"] {
      #expect(!text.contains(word), "\(word)")
    }
  }

  @Test func `every element that opens closes`() throws {
    let text = try Self.page().page.text
    var open: [Substring] = []
    for part in text.split(separator: "<").dropFirst() {
      guard let name = part.prefix(while: { $0 != ">" && $0 != " " }) as Substring? else {
        continue
      }
      if name.hasPrefix("!") || ["meta", "br", "input"].contains(name) { continue }
      if name.hasPrefix("/") {
        #expect(open.popLast() == name.dropFirst())
      } else {
        open.append(name)
      }
    }
    #expect(open.isEmpty)
  }

  @Test func `each trade is drawn with its levels, and the filter knows its strategy`() throws {
    let (page, figures) = try Self.page()
    let text = page.candles.markup
    #expect(text.count(of: "class=\"trade ") == figures.trades.count)
    for mark in ["stop", "target", "entry", "exit"] {
      #expect(text.count(of: "class=\"\(mark)\"") == figures.trades.count)
    }
    for (index, one) in page.strategies.enumerated() {
      let own = figures.trades.filter { $0.record.strategy == one.strategy }
      #expect(text.count(of: "class=\"trade d\(index) can\"") == own.count)
      #expect(page.text.contains("id=\"f\(index)\""))
      #expect(
        ReplayStyle.sheet.markup.contains("body:has(#f\(index):not(:checked)) .d\(index).can"))
    }
  }

  static func candle(
    _ index: Int64, _ open: Price, _ high: Price, _ low: Price, _ close: Price
  ) throws -> Candle {
    try Candle(
      symbol: "BTC", timeframe: .m15, venue: .hyperliquid,
      openTime: Instant(milliseconds: 1_737_936_000_000) + .minutes(15) * index, open: open,
      high: high, low: low, close: close, volume: "1")
  }

  @Test func `candles stand where their prices are`() throws {
    let candles = [
      try Self.candle(0, "100", "110", "90", "105"), try Self.candle(1, "105", "106", "95", "96"),
    ]
    let markup = CandleChart(candles, atMost: 10).svg("x", [], height: 200, step: 60).markup
    // Twenty points over 200 units from y 8: 110 on top, 90 at the bottom.
    #expect(markup.contains("<path class=\"wick up\" d=\"M73 8V208\">"))
    #expect(markup.contains("<path class=\"body up\" stroke-width=\"4.2\" d=\"M73 108V58\">"))
    #expect(markup.contains("<path class=\"wick down\" d=\"M79 48V158\">"))
    #expect(markup.contains("<path class=\"body down\" stroke-width=\"4.2\" d=\"M79 58V148\">"))
  }

  @Test func `many candles become few bars, and a hole takes no room`() throws {
    var candles: [Candle] = []
    for index: Int64 in [0, 1, 2, 3, 4, 5, 6, 7, 96, 97, 98, 99] {
      let high: Price = index == 5 ? "120" : "101"
      let close: Price = index == 7 ? "99.5" : "100.5"
      candles.append(try Self.candle(index, "100", high, "99", close))
    }
    let chart = CandleChart(candles, atMost: 3)
    #expect(chart.interval == .hours(1))
    #expect(chart.bars.map(\.high) == ["101", "120", "101"])
    #expect(chart.bars.map(\.last) == ["100.5", "99.5", "100.5"])
    let open = candles[8].openTime
    #expect(chart.x(open, 100) == 700 + 200)
    #expect(chart.x(open + .minutes(30), 100) == 700 + 250)
    #expect(chart.x(open - .hours(3), 100) == 700 + 200, "in the hole: at the edge of the next")
    #expect(chart.x(candles[0].openTime - .hours(3), 100) == 700)
  }

  @Test func `a line goes through its points`() {
    let start = Instant(milliseconds: 1_737_936_000_000)
    let line = LineChart.Line(
      label: "l", style: "d1",
      points: [(start, -10), (start + .hours(1), 30), (start + .hours(2), 0)]
    )
    let markup = LineChart.svg("t", [line], height: 100) { "\($0)" }.markup
    let middle = (84 + LineChart.width - 6) * 5
    #expect(
      markup.contains(
        "d=\"M84 110L\(LineChart.tenths(middle)) 10L\(LineChart.width - 6) 85\""))
    #expect(markup.contains(">-10<") && markup.contains(">30<") && markup.contains(">0<"))
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { split(separator: part).count - 1 }
}
