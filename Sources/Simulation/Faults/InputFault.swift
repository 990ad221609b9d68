import Choice
import Engine
public import Market
import Venues

/// One input of one symbol that stops coming, or comes late.
public struct InputFault: Hashable, Sendable {
  /// Which input.
  public var name: InputName
  /// Of which symbol.
  public var symbol: Symbol
  /// Of which candles; nil for all.
  public var timeframe: Timeframe?
  /// Who tells it: its wire withholds what carries the input.
  public var venue: Venue
  /// How much later it comes; nil where it does not come.
  public var late: Interval?
}

/// What becomes of a question.
enum Withholding: Hashable, Sendable {
  /// It is never answered.
  case silent
  /// It is answered this much later.
  case late(Interval)
}

extension InputFault {
  init(
    _ section: Section, _ sources: DataSources, present: [Venue]
  ) throws(SettingsError) {
    guard let name = section.text("feed").flatMap(InputName.init(rawValue:)) else {
      throw section.place.error("fault F17 needs `feed`", "which input falls silent")
    }
    self.name = name
    symbol = try FaultPlan.symbol(section)
    timeframe = section.text("timeframe").flatMap { Timeframe(name: $0) }
    late = section.duration("late")
    if timeframe != nil, !name.hasTimeframe {
      throw section.place(of: "timeframe").error(
        "`timeframe` belongs to candles and taker splits", "drop it")
    }
    if name == .candles {
      guard let timeframe else {
        throw section.place.error("`feed: candles` needs `timeframe`", "which candles")
      }
      if let source = timeframe.source {
        throw section.place(of: "timeframe").error(
          "\(timeframe.name) candles come from nobody", "they are made of \(source.name) candles")
      }
    }
    guard let venue = sources.source(of: name.kind(timeframe ?? .m1)),
      venue == .hyperliquid || present.contains(venue)
    else {
      throw section.place(of: "feed").error(
        "nobody tells \(name.rawValue)", "name a source under `sources`, and its venue in `feeds`")
    }
    self.venue = venue
  }

  /// What carries it on a venue's wire without having been asked for, and what becomes of that;
  /// nil where it only comes as an answer.
  ///
  /// Open interest, funding and spot all come with the reference figures at Hyperliquid.
  var frames: (FrameFilter, FrameDamage)? {
    let filter: FrameFilter
    switch (venue, name) {
    case (.hyperliquid, .candles):
      filter = FrameFilter(channels: ["candle"], symbol: symbol, timeframe: timeframe)
    case (.hyperliquid, .takerSplit): filter = FrameFilter(channels: ["trades"], symbol: symbol)
    case (.hyperliquid, .openInterest), (.hyperliquid, .funding), (.hyperliquid, .spot):
      filter = FrameFilter(channels: ["activeAssetCtx"], symbol: symbol)
    case (.binance, .takerSplit):
      let interval = timeframe.map { [#""i":"\#($0.name)""#] } ?? []
      filter = FrameFilter(
        words: [#""kline""#, #""\#(symbol)USDT""#] + interval)
    case (.deribit, .volatilityIndex):
      filter = FrameFilter(words: ["deribit_volatility_index.\(DeribitMarket(symbol).index)"])
    default: return nil
    }
    return (filter, late.map { .late($0) } ?? .lost)
  }

  /// Whether a request asks for it.
  func isAsked(by request: HTTPRequest) -> Bool {
    switch (venue, name) {
    case (.hyperliquid, .candles):
      var parser = JSONParser()
      guard let root = try? parser.parse(request.body).root,
        root["type"]?.string == "candleSnapshot"
      else { return false }
      return root["req"]?["coin"]?.string == symbol.description
        && root["req"]?["interval"]?.string == timeframe?.name
    case (.binance, .takerSplit):
      return asks(request, "/klines")
        && (timeframe.map { has(request, "interval=\($0.name)") } ?? true)
    case (.binance, .openInterest): return asks(request, "/openInterest")
    case (.binance, .funding): return asks(request, "/fundingRate")
    case (.coinbase, .spot):
      // A stablecoin's price is the ratio of two: without one of them there is none.
      let product = symbol == .stablecoin ? StablecoinCross().inDollars : "\(symbol)-USD"
      return request.path.hasPrefix("/products/\(product)/")
    default: return false
    }
  }

  /// Whether a frame of the client asks for it.
  func isAsked(by frame: [UInt8]) -> Bool {
    guard venue == .deribit, frame.holds(#""\#(currency)""#) else { return false }
    switch name {
    case .options: return frame.holds("get_book_summary_by_currency")
    case .volatilityIndex: return frame.holds("get_volatility_index_data")
    default: return false
    }
  }

  private func asks(_ request: HTTPRequest, _ path: String) -> Bool {
    request.path.contains(path) && has(request, "symbol=\(symbol)USDT")
  }

  private func has(_ request: HTTPRequest, _ parameter: String) -> Bool {
    guard let mark = request.path.firstIndex(of: "?") else { return false }
    return request.path[mark...].dropFirst().split(separator: "&").contains { $0 == parameter }
  }

  private var currency: String { DeribitMarket(symbol).currency }
}

extension FaultDesk {
  /// What becomes of a question because the input that it asks for is silent or late; counts the
  /// fault that acts.
  mutating func withholding(_ request: HTTPRequest, to venue: Venue) -> Withholding? {
    withholding(at: venue) { $0.isAsked(by: request) }
  }

  /// The same of a question that is a frame.
  mutating func withholding(_ frame: [UInt8], to venue: Venue) -> Withholding? {
    withholding(at: venue) { $0.isAsked(by: frame) }
  }

  private mutating func withholding(
    at venue: Venue, _ isAsked: (InputFault) -> Bool
  ) -> Withholding? {
    for index in cases.indices where cases[index].mayAct && cases[index].plan.venue == venue {
      guard case .input(let fault) = cases[index].plan.action, isAsked(fault),
        cases[index].stream.occurs(cases[index].plan.chance)
      else { continue }
      acted(index)
      return fault.late.map { .late($0) } ?? .silent
    }
    return nil
  }
}
