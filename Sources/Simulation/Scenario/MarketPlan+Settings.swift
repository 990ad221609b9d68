import Exchange
import Market

extension MarketPlan {
  /// Reads the markets of a scenario.
  init(_ section: Section, start: Instant, file: String) throws(SettingsError) {
    self.init()
    let history = section.section("venues")?.section("hyperliquid")?.section("history")
    self.history.days = history?.integer("days") ?? 3
    self.history.fineDays = history?.integer("fineDays") ?? 1
    for (name, value) in section.section("market")?.entries ?? [] {
      guard case .section(let entry) = value.value else { continue }
      guard let symbol = Symbol(name) else {
        throw value.place.error("`\(name)` is no symbol", "expected a name such as `BTC`")
      }
      let instrument = try Instrument(symbol, entry)
      listings.append(
        Listing(
          listing: PerpetualListing(instrument, entry),
          model: try PriceModel(entry, symbol, start: start, file: file)))
    }
    guard !listings.isEmpty else {
      throw section.place(of: "market").error("`market` is empty", "list at least one symbol")
    }
    listings.sort { $0.listing.instrument.symbol < $1.listing.instrument.symbol }
  }
}

extension PerpetualListing {
  init(_ instrument: Instrument, _ section: Section) {
    self.init(instrument)
    halfSpread = section.integer("halfSpread") ?? halfSpread
    levelSpacing = section.integer("levelSpacing") ?? levelSpacing
    levelNotional = section.fixed("levelNotional") ?? levelNotional
    printNotional = section.fixed("printNotional") ?? printNotional
    basis = section.integer("basis") ?? basis
  }
}

extension PriceModel {
  init(
    _ section: Section, _ symbol: Symbol, start: Instant, file: String
  ) throws(SettingsError) {
    switch section.text("model") {
    case "constant": self = .constant(try Self.price(section))
    case "walk":
      var walk = RandomWalk(price: try Self.price(section))
      walk.dailyVolatility = section.integer("dailyVolatility") ?? walk.dailyVolatility
      walk.dailyDrift = section.integer("dailyDrift") ?? walk.dailyDrift
      walk.jumpsPerDay = section.integer("jumpsPerDay") ?? walk.jumpsPerDay
      walk.largestJump = section.integer("largestJump") ?? walk.largestJump
      self = .walk(walk)
    case "path": self = .path(try Self.path(section, start: start))
    default: self = .recorded(try Self.recorded(section, symbol, file: file))
    }
  }

  private static func price(_ section: Section) throws(SettingsError) -> Price {
    guard let price = section.fixed("price", Price.self) else {
      throw section.place.error("this model needs `price`", "the price at the start")
    }
    return price
  }

  private static func path(
    _ section: Section, start: Instant
  ) throws(SettingsError) -> [PathPoint] {
    var points: [PathPoint] = []
    for entry in section.sections("path") {
      let time = start + (entry.duration("at") ?? .zero)
      if let last = points.last, time <= last.time {
        throw entry.place(of: "at").error("a point does not come after the one before", "sort them")
      }
      points.append(PathPoint(time: time, price: entry.fixed("price") ?? .ulp))
    }
    guard !points.isEmpty else {
      throw section.place.error("model `path` needs `path`", "a list of `at` and `price`")
    }
    return points
  }

  private static func recorded(
    _ section: Section, _ symbol: Symbol, file: String
  ) throws(SettingsError) -> [Candle] {
    guard let name = section.text("file") else {
      throw section.place.error("model `recorded` needs `file`", "a candle file")
    }
    let folder = file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[...$0]) } ?? ""
    let place = section.place(of: "file")
    do {
      var reference = try CandleFileReference(argument: name.hasPrefix("/") ? name : folder + name)
      reference = CandleFileReference(
        path: reference.path,
        subject: CandleFileSubject(
          source: reference.subject.source, symbol: symbol, timeframe: reference.subject.timeframe))
      return try CandleFile(reference).candles
    } catch {
      throw place.error("\(error)")
    }
  }
}
