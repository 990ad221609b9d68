import Market
import Venues

/// A candle frame of Hyperliquid, through the client that runs live, to a `Candle`.
enum FrameBenchmark: Benchmark {
  static let name = "frame"
  static let target = "<= 1 us"

  private static let frame = Array(
    (#"{"channel":"candle","data":{"t":1699999980000,"T":1700000039999,"s":"BTC","i":"1m","#
      + #""o":"37017.0","c":"37021.0","h":"37024.0","l":"37016.0","v":"3.40218","n":61}}"#).utf8)

  static func measure() throws -> Row {
    var client = HyperliquidClient(
      configuration: HyperliquidClientConfiguration(
        symbols: ["BTC"], series: [CandleSeries(symbol: "BTC", timeframe: .m1)], timerOwner: 1,
        seed: 1),
      signer: SimulatedSigner(address: Address(number: 1)))
    let now = Now(
      wall: Instant(milliseconds: 1_700_000_000_000), monotonic: Monotonic(nanoseconds: 0))
    let connection = ConnectionID(venue: .hyperliquid, number: 1)
    let input = TransportInput.frame(connection, frame)
    var effects: [ClientEffect] = []
    client.start(at: now, into: &effects)
    client.handle(.opened(connection), at: now, into: &effects)
    effects.removeAll()
    client.handle(input, at: now, into: &effects)
    guard effects.contains(where: { if case .market(.candle) = $0 { true } else { false } }) else {
      throw BenchmarkError(description: "the client made no candle of the frame")
    }
    let nanoseconds = Stopwatch.nanoseconds(per: 10_000, rounds: 60) {
      for _ in 0..<10_000 {
        effects.removeAll(keepingCapacity: true)
        client.handle(input, at: now, into: &effects)
      }
    }
    return Row(measured: "\(decimal(nanoseconds / 1_000, 2)) us", isMet: nanoseconds <= 1_000)
  }
}
