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
