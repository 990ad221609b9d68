import Foundation
import Market
import Venues

/// A kind of frame, through the client that runs live, to values.
///
/// Beside it, in the same run: Foundation's decoder to a struct of texts and integers, no number of
/// it converted, and the frame read by hand from simdjson's document, with the same numbers and no
/// client around them.
protocol DecodeBenchmark: Benchmark {
  associatedtype Client: VenueClient
  associatedtype Message: Decodable
  static var client: Client { get }
  static func frame(_ number: Int) -> [UInt8]
  /// The values that one frame becomes.
  static func isValue(_ effect: ClientEffect) -> Bool
  static var valuesPerFrame: Int { get }
  /// The same by hand; how many numbers were exact.
  static func read(_ root: JSONValue) -> Int
}

extension DecodeBenchmark {
  static var target: String { ">= 8 x JSONDecoder" }

  static func measure() throws -> Row {
    let frames = (0..<WireFrames.count).map(frame)
    let ready = client
    var values = 0
    let ours = Stopwatch.nanoseconds(per: frames.count, rounds: 15) {
      var client = ready
      values = WireClients.take(frames, &client, isValue)
    }
    guard values == frames.count * valuesPerFrame else {
      throw BenchmarkError(description: "\(frames.count) frames became \(values) values")
    }
    var parser = JSONParser()
    var numbers = 0
    let byHand = Stopwatch.nanoseconds(per: frames.count, rounds: 15) {
      for frame in frames {
        if let root = try? parser.parse(frame).root { numbers += read(root) }
      }
    }
    guard numbers > 0 else { throw BenchmarkError(description: "nothing was read by hand") }
    let decoder = JSONDecoder()
    let sample = frames.prefix(500).map { Data($0) }
    _ = try decoder.decode(Message.self, from: sample[0])
    let foundation = Stopwatch.nanoseconds(per: sample.count, rounds: 10) {
      for frame in sample { _ = try? decoder.decode(Message.self, from: frame) }
    }
    return Row(
      measured: "\(decimal(ours / 1_000, 2)) us, \(decimal(foundation / ours)) x",
      isMet: foundation >= 8 * ours,
      note: "JSONDecoder \(decimal(foundation / 1_000, 2)) us, simdjson by hand "
        + "\(decimal(byHand / 1_000, 2)) us")
  }
}

/// What every message of Hyperliquid is wrapped in.
struct Wrapped<Body: Decodable>: Decodable {
  let channel: String
  let data: Body
}

/// A forming candle of Hyperliquid.
enum DecodeCandle: DecodeBenchmark {
  static let name = "decode-candle"
  static let client = WireClients.hyperliquid()
  static let valuesPerFrame = 1
  static func frame(_ number: Int) -> [UInt8] { WireFrames.candle(number) }
  static func isValue(_ effect: ClientEffect) -> Bool {
    if case .market(.candle) = effect { true } else { false }
  }
  struct Body: Decodable {
    let t: Int64, T: Int64, s: String, i: String
    let o: String, c: String, h: String, l: String, v: String, n: Int
  }
  typealias Message = Wrapped<Body>
  static func read(_ root: JSONValue) -> Int {
    guard let data = root["data"], data["t"]?.int64 != nil, data["T"]?.int64 != nil else {
      return 0
    }
    let prices = [data["o"], data["c"], data["h"], data["l"]].compactMap { $0?.fixed(Price.self) }
    return prices.count + (data["v"]?.fixed(Quantity.self) == nil ? 0 : 1)
  }
}

/// Two public trades of Hyperliquid.
enum DecodeTrades: DecodeBenchmark {
  static let name = "decode-trades"
  static let client = WireClients.hyperliquid()
  static let valuesPerFrame = 2
  static func frame(_ number: Int) -> [UInt8] { WireFrames.trades(number) }
  static func isValue(_ effect: ClientEffect) -> Bool {
    if case .market(.trade) = effect { true } else { false }
  }
  struct Body: Decodable {
    let coin: String, side: String, px: String, sz: String, hash: String
    let time: Int64, tid: UInt64, users: [String]
  }
  typealias Message = Wrapped<[Body]>
  static func read(_ root: JSONValue) -> Int {
    var count = 0
    guard let trades = root["data"]?.elements else { return 0 }
    for trade in trades
    where trade["px"]?.fixed(Price.self) != nil && trade["sz"]?.fixed(Quantity.self) != nil
      && trade["time"]?.int64 != nil && trade["tid"]?.uint64 != nil && trade["side"]?.text != nil
    { count += 2 }
    return count
  }
}

/// A book of Hyperliquid, twenty levels a side.
enum DecodeBook: DecodeBenchmark {
  static let name = "decode-book"
  static let client = WireClients.hyperliquid()
  static let valuesPerFrame = 1
  static func frame(_ number: Int) -> [UInt8] { WireFrames.book(number) }
  static func isValue(_ effect: ClientEffect) -> Bool {
    if case .market(.book) = effect { true } else { false }
  }
  struct Level: Decodable {
    let px: String, sz: String, n: Int
  }
  struct Body: Decodable {
    let coin: String, time: Int64, levels: [[Level]]
  }
  typealias Message = Wrapped<Body>
  static func read(_ root: JSONValue) -> Int {
    var count = 0
    guard let sides = root["data"]?["levels"]?.elements else { return 0 }
    for side in sides {
      guard let levels = side.elements else { continue }
      for level in levels
      where level["px"]?.fixed(Price.self) != nil && level["sz"]?.fixed(Quantity.self) != nil {
        count += 2
      }
    }
    return count
  }
}

/// The mids of two hundred coins of Hyperliquid, of which two are followed.
enum DecodeMids: DecodeBenchmark {
  static let name = "decode-mids"
  static let client = WireClients.hyperliquid()
  static let valuesPerFrame = 2
  static func frame(_ number: Int) -> [UInt8] { WireFrames.mids(number) }
  static func isValue(_ effect: ClientEffect) -> Bool {
    if case .market(.mid) = effect { true } else { false }
  }
  struct Body: Decodable {
    let mids: [String: String]
  }
  typealias Message = Wrapped<Body>
  static func read(_ root: JSONValue) -> Int {
    guard let mids = root["data"]?["mids"] else { return 0 }
    return [mids["BTC"], mids["ETH"]].compactMap { $0?.fixed(Price.self) }.count
  }
}

/// An execution of ours at Hyperliquid.
enum DecodeFills: DecodeBenchmark {
  static let name = "decode-fills"
  static let client = WireClients.hyperliquid()
  static let valuesPerFrame = 1
  static func frame(_ number: Int) -> [UInt8] { WireFrames.fills(number) }
  static func isValue(_ effect: ClientEffect) -> Bool {
    if case .report(.fill) = effect { true } else { false }
  }
  struct Fill: Decodable {
    let coin: String, px: String, sz: String, side: String, time: Int64, startPosition: String
    let dir: String, closedPnl: String, hash: String, oid: UInt64, crossed: Bool, fee: String
    let tid: UInt64, cloid: String?, feeToken: String
  }
  struct Body: Decodable {
    let user: String, fills: [Fill]
  }
  typealias Message = Wrapped<Body>
  static func read(_ root: JSONValue) -> Int {
    guard let fill = root["data"]?["fills"]?[0], fill["px"]?.fixed(Price.self) != nil,
      fill["sz"]?.fixed(Quantity.self) != nil, fill["fee"]?.fixed(Money.self) != nil,
      fill["oid"]?.uint64 != nil, fill["tid"]?.uint64 != nil, fill["cloid"]?.text != nil
    else { return 0 }
    return 3
  }
}

/// A closed candle of Binance, with what takers bought.
enum DecodeKline: DecodeBenchmark {
  static let name = "decode-kline"
  static let client = WireClients.binance()
  static let valuesPerFrame = 1
  static func frame(_ number: Int) -> [UInt8] { WireFrames.kline(number) }
  static func isValue(_ effect: ClientEffect) -> Bool {
    if case .market(.closedCandle) = effect { true } else { false }
  }
  struct Body: Decodable {
    let t: Int64, T: Int64, s: String, i: String, f: Int64, L: Int64
    let o: String, c: String, h: String, l: String, v: String, n: Int, x: Bool
    let q: String, V: String, Q: String
  }
  struct Message: Decodable {
    let e: String, E: Int64, s: String, k: Body
  }
  static func read(_ root: JSONValue) -> Int {
    guard let data = root["k"], data["t"]?.int64 != nil, data["x"]?.bool == true else { return 0 }
    let prices = [data["o"], data["c"], data["h"], data["l"]].compactMap { $0?.fixed(Price.self) }
    return prices.count
      + [data["v"], data["V"]].compactMap { $0?.fixed(Quantity.self) }.count
  }
}
