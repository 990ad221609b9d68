import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

extension Scenario {
  /// The account that trades in a scenario that names none.
  static let usualAccount = AccountAddress(number: 0xa55a)

  /// Reads a scenario that has the shape of ``ScenarioTable``.
  init(_ section: Section, file: String) throws(SettingsError) {
    name = section.text("name") ?? ""
    about = section.text("about") ?? ""
    path = file
    if section["seed"] != nil, section["seeds"] != nil {
      throw section.place(of: "seeds").error("`seed` and `seeds` are both given", "keep one")
    }
    seeds = section.seeds("seed") ?? section.seeds("seeds") ?? 1...1
    choices = try Self.choices(section)
    start = section.instant("start") ?? Instant(nanoseconds: 0)
    duration = section.duration("duration") ?? .zero
    settle = section.duration("settle") ?? .minutes(5)
    market = try MarketPlan(section, start: start, file: file)
    let instruments = market.listings.map(\.listing.instrument)
    engine = try EngineConfiguration(
      section.section("config") ?? Section(place: section.place),
      execution: section.text("execution") ?? "paper", instruments: instruments)
    if case .exchange = engine.execution, engine.account == nil {
      engine.account = Self.usualAccount.description
    }
    let symbols = instruments.map(\.symbol)
    script = try section.section("script").map { (script) throws(SettingsError) in
      try Script(script, symbols)
    }
    let hyperliquid = section.section("venues")?.section("hyperliquid")
    venue = VenuePlan(hyperliquid)
    link = LinkPlan(hyperliquid)
    foreign = []
    for entry in section.sections("foreign") {
      foreign.append(try ForeignFeed(entry, symbols, until: duration))
    }
    feeds = FeedPlan(section.section("feeds"))
    faults = []
    for entry in section.sections("faults") {
      faults.append(try FaultPlan(entry, engine.sources, present: feeds.venues))
    }
    frozen = try Self.frozen(section, faults)
    operations = section.sections("operator").map(Operation.init)
    disk = section.text("store") == "sqlite" ? .sqlite : .memory
    expectations = try Expectations(
      section.section("expect") ?? Section(place: section.place), symbols: symbols)
    try checkSources(section)
    try checkTimes(section)
    try checkHealth(section)
  }

  private static func choices(_ section: Section) throws(SettingsError) -> RecordedChoices? {
    guard let text = section.text("choices") else { return nil }
    do {
      return try RecordedChoices(text: text)
    } catch {
      throw section.place(of: "choices").error("`choices`: \(error)", "one stream a line")
    }
  }

  private static func frozen(
    _ section: Section, _ faults: [FaultPlan]
  ) throws(SettingsError) -> [FaultKind] {
    func kinds(_ key: String) throws(SettingsError) -> [FaultKind] {
      var kinds: [FaultKind] = []
      for entry in section.list(key) {
        guard case .text(let id) = entry.value, let kind = FaultKind(rawValue: id) else { continue }
        guard faults.contains(where: { $0.kind == kind }) else {
          throw entry.place.error("`\(key)` names \(id), which `faults` does not declare")
        }
        kinds.append(kind)
      }
      return kinds
    }
    if section["heal"] != nil, section["freeze"] != nil {
      throw section.place(of: "freeze").error("`heal` and `freeze` are both given", "keep one")
    }
    guard section["heal"] != nil else { return try kinds("freeze") }
    let healed = try kinds("heal")
    return faults.map(\.kind).filter { !healed.contains($0) }
  }

  /// Refuses a source that is no venue of the world.
  private func checkSources(_ section: Section) throws(SettingsError) {
    for venue in engine.sources.wired where !feeds.venues.contains(venue) {
      throw (section.section("config")?.place(of: "sources") ?? section.place).error(
        "`sources` names \(venue.name), which is not there", "add `feeds: {\(venue.name): {}}`")
    }
  }

  private func checkTimes(_ section: Section) throws(SettingsError) {
    for (fault, entry) in zip(faults, section.sections("faults")) {
      if case .at(let at) = fault.trigger, at >= duration {
        throw entry.place(of: "at").error(
          "the fault begins at \(at.settingText), after the storm of \(duration.settingText)",
          "begin it earlier or make `duration` longer")
      }
    }
    for (operation, entry) in zip(operations, section.sections("operator"))
    where operation.at > duration + settle {
      throw entry.place(of: "at").error("the operator acts after the end of the run")
    }
    for signal in script?.signals ?? [] where signal.at > duration {
      throw section.place(of: "script").error(
        "a signal at \(signal.at.settingText) comes after the end of the storm")
    }
    guard engine.strategies.isEmpty, script == nil else { return }
    throw section.place.error("nothing trades", "give `strategies` under `config`, or a `script`")
  }
}

extension Operation {
  init(_ section: Section) {
    at = section.duration("at") ?? .zero
    let reason = section.text("reason") ?? "the scenario says so"
    switch section.text("do") {
    case "resume": command = .resume(reason: reason)
    case "flatten": command = .flatten(reason: reason)
    case "stop": command = .stop
    default: command = .kill(reason: reason)
    }
  }
}

extension Script {
  init(_ section: Section, _ symbols: [Symbol]) throws(SettingsError) {
    trigger = section.text("trigger").flatMap { Timeframe(name: $0) } ?? .m1
    watched = section.list("watch").compactMap {
      if case .text(let name) = $0.value { Timeframe(name: name) } else { nil }
    }
    signals = []
    for entry in section.sections("signals") {
      let at = entry.duration("at") ?? .zero
      let other = try entry.text("against").map { (name) throws(SettingsError) in
        guard let other = symbols.first(where: { $0.description == name }) else {
          throw entry.place(of: "against").error(
            "`against` is `\(name)`",
            "`market` lists " + symbols.map(\.description).joined(separator: ", "))
        }
        return other
      }
      signals.append(
        ScriptedSignal(
          at: at, symbol: try Expectation.symbol(entry, symbols),
          side: entry.text("side") == "short" ? .sell : .buy, stop: entry.integer("stop") ?? 0,
          target: entry.integer("target") ?? 0, hold: entry.duration("hold") ?? .days(1),
          other: other, hedge: entry.fixed("hedge") ?? "1"))
    }
  }
}

extension ForeignFeed {
  init(_ section: Section, _ symbols: [Symbol], until end: Interval) throws(SettingsError) {
    venue = section.text("venue") == "coinbase" ? .coinbase : .binance
    symbol = try Expectation.symbol(section, symbols)
    timeframe = section.text("timeframe").flatMap { Timeframe(name: $0) } ?? .m1
    delay = section.duration("delay") ?? .zero
    offset = section.integer("offset") ?? 0
    from = section.duration("from") ?? .zero
    until = section.duration("until") ?? end
  }
}

extension LinkPlan {
  init(_ section: Section?) {
    self.init()
    guard let section else { return }
    latency = section.duration("latency") ?? latency
    jitter = section.duration("jitter") ?? jitter
    if case .ratio(let numerator, let denominator) = section["tail"]?.value {
      tail = Ratio(numerator, over: denominator) ?? tail
    }
    tailLatency = section.duration("tailLatency") ?? tailLatency
    connectTimeout = section.duration("connectTimeout") ?? connectTimeout
  }
}

extension VenuePlan {
  init(_ section: Section?) {
    self.init()
    guard let section else { return }
    deposit = section.fixed("deposit") ?? deposit
    blockInterval = section.duration("blockInterval") ?? blockInterval
    framesBeforeReplies = section.flag("framesBeforeReplies") ?? framesBeforeReplies
    if let limits = section.section("rateLimits") {
      var budget = VenueRateLimits()
      budget.weightPerMinute = limits.integer("weightPerMinute") ?? budget.weightPerMinute
      budget.initialActions = limits.integer("initialActions") ?? budget.initialActions
      rateLimits = budget
    }
    guard let often = section.section("cadence") else { return }
    cadence.candles = often.duration("candles") ?? cadence.candles
    cadence.trades = often.duration("trades") ?? cadence.trades
    cadence.books = often.duration("books") ?? cadence.books
    cadence.quotes = often.duration("quotes") ?? cadence.quotes
    cadence.mids = often.duration("mids") ?? cadence.mids
    cadence.contexts = often.duration("contexts") ?? cadence.contexts
  }
}
