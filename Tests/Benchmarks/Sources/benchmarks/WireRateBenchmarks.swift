import Market
import Venues

/// How many frames a second one client takes on one core, a mix of all that it hears.
protocol RateBenchmark: Benchmark {
  associatedtype Client: VenueClient
  static var client: Client { get }
  static func frame(_ number: Int) -> [UInt8]
}

extension RateBenchmark {
  static var target: String { ">= 10,000 frames/s" }

  static func measure() throws -> Row {
    let frames = (0..<WireFrames.count).map(frame)
    let bytes = frames.reduce(0) { $0 + $1.count }
    let ready = client
    var refused = 0
    let nanoseconds = Stopwatch.nanoseconds(per: frames.count, rounds: 15) {
      var client = ready
      refused = WireClients.take(frames, &client) {
        if case .rejected = $0 { true } else { false }
      }
    }
    guard refused == 0 else {
      throw BenchmarkError(description: "\(refused) of \(frames.count) frames were refused")
    }
    return Row(
      measured: "\(grouped(1e9 / nanoseconds)) frames/s", isMet: nanoseconds <= 100_000,
      note: "\(decimal(nanoseconds / 1_000, 2)) us a frame of \(bytes / frames.count) bytes")
  }
}

/// Trades, quotes, books, candles, contexts, fills and mids of Hyperliquid.
enum HyperliquidRate: RateBenchmark {
  static let name = "rate-hyperliquid"
  static let client = WireClients.hyperliquid()
  static func frame(_ number: Int) -> [UInt8] { WireFrames.mixed(number) }
}

/// Aggregate trades, marks and candles of Binance.
enum BinanceRate: RateBenchmark {
  static let name = "rate-binance"
  static let client = WireClients.binance()
  static func frame(_ number: Int) -> [UInt8] { WireFrames.binance(number) }
}

/// Tickers and volatility indices of Deribit.
enum DeribitRate: RateBenchmark {
  static let name = "rate-deribit"
  static let client = WireClients.deribit()
  static func frame(_ number: Int) -> [UInt8] { WireFrames.deribit(number) }
}

/// Whether the memory of a client stands still over ten million frames.
enum WireMemoryBenchmark: Benchmark {
  static let name = "wire-memory"
  static let target = "flat"

  static func measure() throws -> Row {
    let frames = (0..<2 * WireFrames.count).map(WireFrames.mixed)
    var client = WireClients.hyperliquid()
    func take(millions: Int) {
      for _ in 0..<(millions * 1_000_000 / frames.count) {
        _ = WireClients.take(frames, &client) { _ in false }
      }
    }
    take(millions: 1)
    let early = Stopwatch.residentKilobytes
    take(millions: 9)
    let late = Stopwatch.residentKilobytes
    return Row(
      measured: "\(late - early) kB in 9 million", isMet: late - early <= 256,
      note: "\(early / 1_024) MB resident after one million frames, its frames included")
  }
}
