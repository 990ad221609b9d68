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
  /// Who tells it: a feed of the scenario falls silent, or the execution venue's wire withholds
  /// what carries it.
  public var venue: Venue
  /// How much later it comes; nil where it does not come.
  public var late: Interval?
}

/// What becomes of something that a feed told.
enum Withholding: Hashable, Sendable {
  /// It never arrives.
  case silent
  /// It arrives this much later.
  case late(Interval)
}

extension InputFault {
  init(_ section: Section, _ sources: DataSources) throws(SettingsError) {
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
      venue == .hyperliquid || sources.feeds.contains(venue)
    else {
      throw section.place(of: "feed").error(
        "nobody tells \(name.rawValue)", "name a source under `sources`, and its venue in `feeds`")
    }
    self.venue = venue
  }

  /// What carries it on the execution venue's wire, and what becomes of that; nil for a feed's.
  ///
  /// Open interest, funding and spot all come with the reference figures there.
  var frames: (FrameFilter, FrameDamage)? {
    guard venue == .hyperliquid else { return nil }
    let channel: String
    switch name {
    case .candles: channel = "candle"
    case .takerSplit: channel = "trades"
    case .openInterest, .funding, .spot: channel = "activeAssetCtx"
    case .volatilityIndex, .options: return nil
    }
    return (
      FrameFilter(
        channels: [channel], symbol: symbol, timeframe: name == .candles ? timeframe : nil),
      late.map { .late($0) } ?? .lost
    )
  }

  /// Whether a question to the execution venue asks for what does not come.
  func covers(_ body: [UInt8]) -> Bool {
    guard name == .candles, venue == .hyperliquid, late == nil else { return false }
    var parser = JSONParser()
    guard let root = try? parser.parse(body).root, root["type"]?.string == "candleSnapshot" else {
      return false
    }
    return root["req"]?["coin"]?.string == symbol.description
      && root["req"]?["interval"]?.string == timeframe?.name
  }
}

extension FaultDesk {
  /// What becomes of something that a feed told; counts the fault that acts.
  mutating func withholding(
    _ name: InputName, of symbol: Symbol, _ timeframe: Timeframe?, from venue: Venue
  ) -> Withholding? {
    for index in cases.indices where cases[index].mayAct {
      guard case .input(let fault) = cases[index].plan.action, fault.venue == venue,
        fault.name == name, fault.symbol == symbol,
        fault.timeframe == nil || fault.timeframe == timeframe,
        cases[index].stream.occurs(cases[index].plan.chance)
      else { continue }
      acted(index)
      return fault.late.map { .late($0) } ?? .silent
    }
    return nil
  }

  /// Whether a question to the execution venue goes unanswered because its input is silent.
  mutating func withholds(_ body: [UInt8]) -> Bool {
    for index in cases.indices where cases[index].mayAct {
      guard case .input(let fault) = cases[index].plan.action, fault.covers(body) else { continue }
      acted(index)
      return true
    }
    return false
  }
}
