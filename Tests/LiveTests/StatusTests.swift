import Foundation
import Market
import Risk
import Simulation
import Strategies
import Testing
import Venues

@testable import Engine
@testable import Live

/// What a live run tells of how its strategies are fed.
@Suite struct StatusTests {
  private static let now = Instant(milliseconds: 1_736_121_600_000)

  private static func status(_ rows: [StrategyHealth]) -> LiveStatus {
    let snapshot = Snapshot(
      epoch: 1, wall: now, monotonic: Monotonic(nanoseconds: 0), account: nil,
      equity: Money(whole: 1), positions: [], orders: [], killSwitch: nil, trippedBreakers: [],
      drifts: [], isFeedLive: true, rejections: [], newestCandles: [], decisionCount: 0,
      signalCount: 0, loads: [], marks: [])
    return LiveStatus(
      build: "test", execution: "paper", venue: "nowhere", snapshot: snapshot,
      strategyHealth: rows, steps: 1, digest: Digest(), begun: now, counts: [])
  }

  private static let rows = [
    StrategyHealth(
      strategy: "ema_cross", subject: "BTC", health: DataHealth(state: .healthy)),
    StrategyHealth(
      strategy: "pair_flow", subject: "BTC/ETH",
      health: DataHealth(
        state: .degraded, kind: .candles(.m15), symbol: "ETH", lastAt: now - .seconds(3_000))),
  ]

  private static let starved = StrategyHealth(
    strategy: "skew_flow", subject: "BTC",
    health: DataHealth(state: .starved, kind: .spot, symbol: "BTC", lastAt: now - .seconds(95)))

  @Test(arguments: ["/health", "/status"])
  func `each strategy is told with its input and age`(path: String) throws {
    let status = Self.status(Self.rows + [Self.starved])
    let answer = HealthServer.answer(
      ServerRequest(method: "GET", path: path), status)
    var parser = JSONParser()
    let root = try parser.parse(answer.body).root
    let rows = try #require(root["strategies"]?.elements)
    #expect(rows.map { $0["strategy"]?.string } == ["ema_cross", "pair_flow", "skew_flow"])
    #expect(rows.map { $0["subject"]?.string } == ["BTC", "BTC/ETH", "BTC"])
    #expect(rows.map { $0["state"]?.string } == ["healthy", "degraded", "starved"])
    #expect(rows.map { $0["input"]?.string } == [nil, "15m candles", "spot samples"])
    #expect(rows.map { $0["of"]?.string } == [nil, "ETH", "BTC"])
    #expect(rows.map { $0["age"]?.int } == [nil, 3_000, 95])
  }

  @Test func `a starved strategy is a reason, a degraded one is none`() {
    #expect(Self.status(Self.rows).verdict == .ok)
    let status = Self.status(Self.rows + [Self.starved])
    #expect(status.verdict == .degraded)
    #expect(status.reasons == ["skew_flow on BTC is starved: spot samples of BTC, last 95 s ago"])
    let answer = HealthServer.answer(
      ServerRequest(method: "GET", path: "/health"), status)
    #expect(answer.status == 503)
  }

  @Test func `metrics tell the state and the age`() {
    let lines = Self.status(Self.rows + [Self.starved]).metricsText.split(separator: "\n")
    #expect(lines.contains("assay_strategy_health{strategy=\"ema_cross\",subject=\"BTC\"} 0"))
    #expect(lines.contains("assay_strategy_health{strategy=\"pair_flow\",subject=\"BTC/ETH\"} 1"))
    #expect(lines.contains("assay_strategy_health{strategy=\"skew_flow\",subject=\"BTC\"} 3"))
    #expect(
      lines.contains(
        "assay_strategy_input_age_seconds{strategy=\"skew_flow\",subject=\"BTC\","
          + "input=\"spot samples\",of=\"BTC\"} 95"))
    #expect(!lines.contains { $0.contains("age_seconds{strategy=\"ema_cross\"") })
  }

  @Test func `status reads what health says`() async throws {
    let folder = try LiveFolder()
    let path = folder.path("health.json")
    let text = Self.status(Self.rows + [Self.starved]).healthJSON
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let answer = try StatusAnswer.read(path)
    #expect(!answer.isWell)
    #expect(answer.strategies.map(\.strategy) == ["ema_cross", "pair_flow", "skew_flow"])
    #expect(answer.strategies.map(\.isWell) == [true, true, false])
    #expect(answer.strategies.last?.detail == "spot samples of BTC, last 95 s ago")
  }
}
