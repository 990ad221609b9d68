import Market
import Venues

/// What a path asks for.
enum BinanceRoute: Hashable, Sendable {
  case ping, time, exchangeInfo, klines, markKlines, indexKlines, premiumKlines, openInterest
  case openInterestHistory, premiumIndex, fundingRate, fundingInfo, aggregateTrades, ticker
  case priceV1, priceV2, depth, systemStatus

  /// What a call costs, and where it is counted.
  enum Cost: Hashable {
    case weight(Int64)
    case statistics
    case funding
  }

  init?(_ path: String) {
    switch path {
    case "/fapi/v1/ping": self = .ping
    case "/fapi/v1/time": self = .time
    case "/fapi/v1/exchangeInfo": self = .exchangeInfo
    case "/fapi/v1/klines": self = .klines
    case "/fapi/v1/markPriceKlines": self = .markKlines
    case "/fapi/v1/indexPriceKlines": self = .indexKlines
    case "/fapi/v1/premiumIndexKlines": self = .premiumKlines
    case "/fapi/v1/openInterest": self = .openInterest
    case "/futures/data/openInterestHist": self = .openInterestHistory
    case "/fapi/v1/premiumIndex": self = .premiumIndex
    case "/fapi/v1/fundingRate": self = .fundingRate
    case "/fapi/v1/fundingInfo": self = .fundingInfo
    case "/fapi/v1/aggTrades": self = .aggregateTrades
    case "/fapi/v1/ticker/24hr": self = .ticker
    case "/fapi/v1/ticker/price": self = .priceV1
    case "/fapi/v2/ticker/price": self = .priceV2
    case "/fapi/v1/depth": self = .depth
    case "/sapi/v1/system/status": self = .systemStatus
    default: return nil
    }
  }

  /// The documented cost.
  func cost(_ query: BinanceQuery) -> Cost {
    let hasSymbol = query["symbol"] != nil
    return switch self {
    case .ping, .time, .exchangeInfo, .openInterest, .systemStatus: .weight(1)
    case .premiumIndex: .weight(hasSymbol ? 1 : 10)
    case .ticker: .weight(hasSymbol ? 1 : 40)
    case .priceV1, .priceV2: .weight(hasSymbol ? 1 : 2)
    case .aggregateTrades: .weight(20)
    case .openInterestHistory: .statistics
    case .fundingRate, .fundingInfo: .funding
    case .klines, .markKlines, .indexKlines, .premiumKlines:
      switch query["limit"].flatMap(Int64.init) ?? 500 {
      case ..<100: .weight(1)
      case ..<500: .weight(2)
      case ...1_000: .weight(5)
      default: .weight(10)
      }
    case .depth:
      switch query["limit"].flatMap(Int64.init) ?? 500 {
      case ...50: .weight(2)
      case ...100: .weight(5)
      case ...500: .weight(10)
      default: .weight(20)
      }
    }
  }
}

/// Why a call is refused, as the venue says it.
struct BinanceRefusal: Error, Hashable {
  let status: Int
  let code: Int
  let text: String

  static func missing(_ name: String) -> BinanceRefusal {
    BinanceRefusal(
      status: 400, code: -1_102,
      text: "Mandatory parameter '\(name)' was not sent, was empty/null, or malformed.")
  }
  static func illegal(_ name: String) -> BinanceRefusal {
    BinanceRefusal(
      status: 400, code: -1_100,
      text: "Illegal characters found in parameter '\(name)'; legal range is '^[0-9]{1,20}$'.")
  }
  static func invalid(_ name: String) -> BinanceRefusal {
    BinanceRefusal(
      status: 400, code: -1_130, text: "Data sent for parameter '\(name)' is not valid.")
  }
  static let symbol = BinanceRefusal(status: 400, code: -1_121, text: "Invalid symbol.")
  static let interval = BinanceRefusal(status: 400, code: -1_120, text: "Invalid interval.")
  static let combination = BinanceRefusal(
    status: 400, code: -1_128, text: "Combination of optional parameters invalid.")
  static let window = BinanceRefusal(
    status: 400, code: -1_127, text: "More than 1 hours between startTime and endTime.")
}

/// The parameters of a call.
struct BinanceQuery: Hashable, Sendable {
  private var values: [String: String] = [:]

  /// Reads `a=1&b=2`; of a name that comes twice, the first counts.
  init(_ text: String) {
    for pair in text.split(separator: "&").prefix(32) {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = Self.decoded(halves[0])
      guard values[name] == nil else { continue }
      values[name] = halves.count > 1 ? Self.decoded(halves[1]) : ""
    }
  }

  /// A parameter; nil where it is missing or empty.
  subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// A parameter that is digits; nil where it is missing.
  func number(_ name: String) throws(BinanceRefusal) -> Int64? {
    guard let text = self[name] else { return nil }
    guard text.utf8.count <= 20, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw .illegal(name)
    }
    guard let value = Int64(text) else { throw .invalid(name) }
    return value
  }

  /// A time in milliseconds, 1970 to 2199; nil where it is missing.
  func time(_ name: String) throws(BinanceRefusal) -> Instant? {
    guard let value = try number(name) else { return nil }
    guard value < 7_258_118_400_000 else { throw .invalid(name) }
    return Instant(milliseconds: value)
  }

  /// How many rows are asked for.
  func limit(_ usual: Int, most: Int64) throws(BinanceRefusal) -> Int {
    guard let value = try number("limit") else { return usual }
    guard (1...most).contains(value) else { throw .invalid("limit") }
    return Int(value)
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
