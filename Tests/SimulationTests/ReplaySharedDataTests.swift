import Engine
import Foundation
import Market
import Strategies
import Testing

@testable import Simulation

/// Real data beside the repository, where it is there.
///
/// Every file is read, and what is known of them holds.
@Suite struct ReplaySharedDataTests {
  /// The data folder; nil, with a notice, where it is absent.
  static func folder() -> String? {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    let beside = parts.dropLast(4).joined(separator: "/") + "/shared"
    let root = ProcessInfo.processInfo.environment["ASSAY_SHARED"] ?? beside
    guard FileManager.default.fileExists(atPath: root + "/data/candles") else {
      print("notice: skipped, data is not in \(root)")
      return nil
    }
    return root + "/data"
  }

  @Test func `every file of readings is read whole, and its figures are what they should be`()
    throws
  {
    guard let folder = Self.folder() else { return }
    let data = try ReplayData(arguments: [
      folder + "/funding", folder + "/oi", folder + "/options", folder + "/trades",
      folder + "/candles/binance_usdm_BTCUSDT_15m_2023-12-01_2025-05-31.csv.gz",
      folder + "/candles/binance_spot_BTCUSDT_1m_2024-07-26_2024-08-25.csv.gz",
    ])
    #expect(
      data.sources.allSatisfy { $0.rejections.isEmpty || $0.rejections[0].reason == .noPrice })
    #expect(data.unread.map(\.reason).contains("sizes of coin-margined contracts"))
    var chains: [OptionChain] = []
    var funding: [Funding] = []
    var openInterest: [OpenInterest] = []
    var samples: [SpotPrice] = []
    for one in data.readings {
      switch one.reading {
      case .optionChain(let chain): chains.append(chain)
      case .funding(let settled): funding.append(settled)
      case .openInterest(let reading): openInterest.append(reading)
      case .spot(let sample): samples.append(sample)
      case .volatilityIndex: break
      }
    }
    // 32 snapshots of BTC and ETH, and one of 2020 with BTC alone.
    #expect(chains.count == 65)
    #expect(chains.allSatisfy { $0.quotes.count > 100 && $0.venue == .deribit })
    for quote in chains.flatMap(\.quotes) {
      #expect(quote.impliedVolatility > "0.05" && quote.impliedVolatility < "10")
    }
    // Hyperliquid's funding is eight-hourly until June 2023, hourly since.
    let turn = try #require(Instant(iso8601: "2023-06-10T00:00:00Z"))
    let own = funding.filter { $0.venue == .hyperliquid && $0.symbol == "BTC" }
    #expect(own.prefix(70).allSatisfy { $0.period == .hours(8) })
    #expect(own.filter { $0.time > turn }.allSatisfy { $0.period == .hours(1) })
    // Dollars over a price near 95,000 in January 2025.
    let coins = openInterest.filter { $0.symbol == "BTC" }.map(\.quantity)
    #expect(coins.count > 400 && coins.allSatisfy { $0 > "50000" && $0 < "130000" })
    // The premium of a perpetual over spot is small at every instant.
    #expect(samples.count == 30 * 96)
    for sample in samples {
      let mid = try #require(sample.mid)
      #expect(abs(mid.double / sample.price.double - 1) < 0.004, "\(sample.time)")
    }
  }

  @Test func `a quarter of real candles and funding runs the strategies that they feed`() throws {
    guard let folder = Self.folder() else { return }
    let names = ["BTC_15m", "BTC_1h", "BTC_5m"].map { name in
      "\(folder)/candles/hyperliquid_\(name)_"
        + (name == "BTC_15m"
          ? "2025-02-07" : name == "BTC_1h" ? "2024-09-04" : "2025-03-14") + "_2025-05-31.csv.gz"
    }
    let data = try ReplayData(
      arguments: names + [folder + "/funding/hyperliquid_BTC_funding.csv.gz"])
    let plan = try ReplayPlan(
      data,
      configuration: ReplayPlan.paperConfiguration(strategies: ReplayPlan.usualStrategies),
      leavesOut: true)
    #expect(
      plan.strategies == ["quant_flow", "session_flow", "trader_mayne", "vol_flow", "wick_flow"])
    var replay = try Replay(plan, resumesDaily: true)
    while replay.advance(by: .max) {}
    let figures = replay.figures
    #expect(figures.readingCount == plan.readings.count && figures.readingCount > 5_000)
    #expect(figures.account?.funding != .zero)
    for one in figures.strategies(in: plan) {
      #expect(one.decisionCount > 0, "\(one.strategy)")
      #expect(one.trades.count <= one.executedCount)
    }
    // What the trades made is what the account shows, but for what is still open.
    let closed = figures.trades.reduce(Money.zero) { $0 + $1.net }
    let open = replay.snapshot.positions.reduce(Money.zero) {
      $0 + $1.realised - $1.fees + $1.funding
    }
    let account = try #require(figures.account)
    #expect(account.cash - account.opening == closed + open)
  }
}
