import Choice
import Engine
import Exchange
import Market

extension FaultPlan {
  /// Reads a fault that has the shape of ``FaultTable``; `sources` say whose inputs fall silent,
  /// and the venues of the world besides Hyperliquid are `present`.
  init(
    _ section: Section, _ sources: DataSources, present: [Venue]
  ) throws(SettingsError) {
    guard let id = section.text("id"), let kind = FaultKind(rawValue: id) else {
      throw section.place.error("a fault needs `id`", "one of the ids of `assay list faults`")
    }
    self.kind = kind
    trigger = try Self.trigger(section)
    duration = section.duration("for")
    count = section.integer("count").map { Int($0) }
    if case .ratio(let numerator, let denominator) = section["chance"]?.value {
      chance = Ratio(numerator, over: denominator) ?? .always
    } else {
      chance = .always
    }
    let named = section.text("venue").flatMap { name in
      Venue.allCases.first { $0.name == name }
    }
    if let named, named != .hyperliquid, !present.contains(named) {
      throw section.place(of: "venue").error(
        "\(named.name) is not there", "add `feeds: {\(named.name): {}}`")
    }
    if kind == .silentInput {
      let fault = try InputFault(section, sources, present: present)
      if let named, named != fault.venue {
        throw section.place(of: "venue").error(
          "\(fault.name.rawValue) comes from \(fault.venue.name)", "drop `venue`")
      }
      venue = fault.venue
      action = .input(fault)
    } else {
      venue = named ?? .hyperliquid
      action =
        venue == .hyperliquid
        ? try Self.action(kind, section) : try Self.action(kind, section, at: venue)
    }
    if kind == .pause, duration == nil {
      throw section.place.error("fault T6 needs `for`", "how long the process stands still")
    }
  }

  private static func trigger(_ section: Section) throws(SettingsError) -> FaultTrigger {
    switch (section.duration("at"), section.text("on")) {
    case (let at?, nil):
      for key in ["nth", "after"] where section[key] != nil {
        throw section.place(of: key).error("`\(key)` belongs to `on`", "drop it, or use `on`")
      }
      return .at(at)
    case (nil, let word?):
      guard let mark = Mark(rawValue: word) else {
        throw section.place(of: "on").error("`\(word)` is no mark")
      }
      return .mark(
        mark, nth: Int(section.integer("nth") ?? 1), delay: section.duration("after") ?? .zero)
    case (nil, nil):
      throw section.place.error("a fault needs a time", "give `at` or `on`")
    case (_?, _?):
      throw section.place(of: "on").error("a fault has one trigger", "keep `at` or `on`")
    }
  }

  private static func action(
    _ kind: FaultKind, _ section: Section
  ) throws(SettingsError) -> FaultAction {
    switch kind {
    case .duplicateMessage, .duplicateReports, .damagedFrames, .reorderedMessages:
      return try frameAction(kind, section)
    case .disconnect: return .cut
    case .halfOpen: return .vanish
    case .reportsLost: return .deaf
    case .ordersBlocked: return .requests(.action, .lost)
    case .lostAcknowledgement:
      let filter = section.text("request").flatMap(RequestFilter.init(rawValue:)) ?? .order
      return .requests(filter, .answerLost)
    case .latencySpike: return .latency(section.duration("latency") ?? .zero)
    case .reconnectStorm: return .storm(every: section.duration("every") ?? .seconds(1))
    case .swizzle: return .swizzle(period: section.duration("period") ?? .seconds(1))
    case .wallStep: return .wallStep(section.duration("step") ?? .zero)
    case .drift: return .drift(section.integer("by") ?? 0)
    case .pause: return .pause
    case .crash:
      let point =
        section.text("point").flatMap(CrashPoint.init(rawValue:)) ?? .betweenPersistAndSend
      return .crash(point, down: section.duration("down") ?? .zero)
    case .repeatedKill:
      return .kill(
        times: Int(section.integer("times") ?? 1), every: section.duration("every") ?? .seconds(1))
    default: return .venue(try venueAction(kind, section))
    }
  }

  /// What a kind does at a venue that supplies data.
  private static func action(
    _ kind: FaultKind, _ section: Section, at venue: Venue
  ) throws(SettingsError) -> FaultAction {
    switch kind {
    case .disconnect, .halfOpen, .latencySpike, .reconnectStorm, .swizzle:
      return try action(kind, section)
    case .damagedFrames, .duplicateMessage:
      for key in ["channel", "symbol", "timeframe"] where section[key] != nil {
        throw section.place(of: key).error("`\(key)` belongs to hyperliquid", "drop it")
      }
      return try frameAction(kind, section)
    case .lostAcknowledgement: return .requests(.any, .answerLost)
    default:
      guard let change = SourceSwitch(kind, at: venue, section) else {
        throw section.place(of: "venue").error(
          "fault \(kind.rawValue) does not happen at \(venue.name)", "name another venue")
      }
      return .venue(.source(change.on, end: change.off))
    }
  }

  // MARK: Frames

  private static func frameAction(
    _ kind: FaultKind, _ section: Section
  ) throws(SettingsError) -> FaultAction {
    var filter = FrameFilter(channels: [], symbol: nil, timeframe: nil)
    for entry in section.list("channel") {
      if case .text(let channel) = entry.value { filter.channels.append(channel) }
    }
    if section["symbol"] != nil { filter.symbol = try symbol(section) }
    filter.timeframe = section.text("timeframe").flatMap { Timeframe(name: $0) }
    switch kind {
    case .duplicateMessage:
      return .frames(filter, .twice(section.duration("late") ?? .milliseconds(1)))
    case .duplicateReports:
      filter.channels = FaultAction.accountChannels
      return .frames(filter, .twice(.milliseconds(1)))
    case .reorderedMessages where section.text("what") == "closes":
      return .venue(.fault(.outOfOrderCloses(true), end: .outOfOrderCloses(false)))
    case .reorderedMessages:
      guard let late = section.duration("late") else {
        throw section.place.error("reordered frames need `late`", "how much later a frame is")
      }
      return .frames(filter, .late(late))
    default: return .frames(filter, damage(section.text("how") ?? ""))
    }
  }

  private static func damage(_ word: String) -> FrameDamage {
    switch word {
    case "truncated": .truncated
    case "oversize": .oversize
    case "not-text": .notText
    case "lost": .lost
    default: .corrupt
    }
  }

  // MARK: The venue

  static func symbol(_ section: Section) throws(SettingsError) -> Symbol {
    guard let name = section.text("symbol"), let symbol = Symbol(name) else {
      throw section.place(of: "symbol").error(
        "`symbol` is no symbol", "expected a name such as `BTC`")
    }
    return symbol
  }

  private static func venueAction(
    _ kind: FaultKind, _ section: Section
  ) throws(SettingsError) -> VenueAction {
    switch kind {
    case .revisedCandle:
      let timeframe = section.text("timeframe").flatMap { Timeframe(name: $0) } ?? .m1
      return .fault(
        .reviseCandle(
          try symbol(section), timeframe, partsPerMillion: section.integer("by") ?? 0), end: nil)
    case .silentStall:
      return .fault(.silence(silence(section.text("what") ?? "")), end: .silence(.none))
    case .slowFeed:
      return .fault(
        .delayedPublication(section.duration("late") ?? .zero), end: .delayedPublication(.zero))
    case .absurdNumbers:
      return .fault(.bogusFrame(bogus(section.text("what") ?? "")), end: nil)
    case .wrongSymbol: return .fault(.bogusFrame(.wrongSymbol), end: nil)
    case .unknownMessage: return .fault(.bogusFrame(.unknownChannel), end: nil)
    case .cancelOnly: return .fault(.cancelOnly(true), end: .cancelOnly(false))
    case .venueHalt: return .fault(.halted(true), end: .halted(false))
    case .rateLimited: return .fault(.rateLimited(true), end: .rateLimited(false))
    case .errorAfterAccepting:
      return .fault(.failAfterAccepting(count: Int(section.integer("count") ?? 1)), end: nil)
    case .rejectedOrders:
      let text = section.text("text") ?? "Insufficient margin to place order."
      return .fault(.rejectNext(count: Int(section.integer("count") ?? 1), text: text), end: nil)
    case .liquidation: return .liquidate(try symbol(section))
    case .markJump:
      return .fault(
        .markJump(
          try symbol(section), partsPerMillion: section.integer("by") ?? 0,
          for: section.duration("for") ?? .minutes(1)), end: nil)
    case .extraFunding:
      let rate = FundingRate(steps: (section.integer("rate") ?? 0) * 10_000)
      return .fault(.extraFunding(try symbol(section), rate), end: nil)
    case .silentPosition, .manualTrade:
      return .manual(
        try manualTrade(section), try symbol(section), announced: kind == .manualTrade)
    case .transfer: return .transfer(section.fixed("amount") ?? .zero)
    case .staleAccount: return .fault(.staleAccount(true), end: .staleAccount(false))
    case .banned, .fouledAnswers:
      throw section.place.error(
        "fault \(kind.rawValue) needs `venue`", "binance, coinbase or deribit")
    default:
      throw section.place.error("fault \(kind.rawValue) has no action at the venue")
    }
  }

  private static func manualTrade(_ section: Section) throws(SettingsError) -> ManualTrade {
    switch section.text("trade") {
    case "close": return .close
    case "halve": return .halve
    case "reverse": return .reverse
    default:
      guard let quantity = section.fixed("quantity", Quantity.self), quantity != .zero else {
        throw section.place.error("`trade: open` needs `quantity`", "base coin; negative sells")
      }
      return .trade(quantity)
    }
  }

  private static func silence(_ word: String) -> Silence {
    switch word {
    case "user-data": .userData
    case "data": .data
    case "everything": .everything
    default: .marketData
    }
  }

  private static func bogus(_ word: String) -> BogusFrame {
    switch word {
    case "negative-volume": .negativeVolume
    case "inverted-range": .invertedRange
    case "over-precise": .overPrecise
    default: .zeroPrice
    }
  }
}
