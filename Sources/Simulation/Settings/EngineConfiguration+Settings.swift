import Engine
import Market
import Risk
import Strategies

extension EngineConfiguration {
  /// Reads a configuration that has the shape of ``ConfigurationTable``; `instruments` are watched
  /// where `symbols` does not say what is.
  init(
    _ section: Section, execution: String, instruments: [Instrument]
  ) throws(SettingsError) {
    let isExchange = execution == "exchange"
    self.init(
      symbols: try Self.symbols(section, instruments),
      strategies: try Self.strategies(section),
      execution: isExchange
        ? .exchange(ExchangeConfiguration(section.section("exchange")))
        : .paper(try PaperConfiguration(section.section("paper"))),
      arbitration: section.text("arbitration").map { $0 == "batch" ? .batch : .independent }
        ?? (isExchange ? .batch : .independent),
      limits: try Self.limits(section, isExchange))
    if isExchange, arbitration == .independent {
      throw section.place(of: "arbitration").error(
        "`arbitration` is `independent` with `execution: exchange`",
        "opposing orders would net at the venue; use `batch`")
    }
    sources = DataSources(section.section("sources"))
    acceptsForeignCandles = section.flag("foreignCandles") ?? acceptsForeignCandles
    closeGrace = section.duration("closeGrace") ?? closeGrace
    staleAfter = section.duration("staleAfter") ?? staleAfter
    heartbeat = section.duration("heartbeat") ?? heartbeat
    account = try Self.account(section) ?? account
  }

  private static func symbols(
    _ section: Section, _ instruments: [Instrument]
  ) throws(SettingsError) -> [SymbolConfiguration] {
    guard section["symbols"] != nil else {
      return instruments.map { SymbolConfiguration(instrument: $0) }
        .sorted { $0.instrument.symbol < $1.instrument.symbol }
    }
    var symbols: [SymbolConfiguration] = []
    for entry in section.sections("symbols") {
      let instrument = try Instrument(entry)
      guard !symbols.contains(where: { $0.instrument.symbol == instrument.symbol }) else {
        throw entry.place(of: "name").error(
          "`symbols` names \(instrument.symbol) twice", "keep one of the two")
      }
      symbols.append(
        SymbolConfiguration(instrument: instrument, isTradable: entry.flag("tradable") ?? true))
    }
    return symbols.sorted { $0.instrument.symbol < $1.instrument.symbol }
  }

  private static func strategies(_ section: Section) throws(SettingsError) -> [StrategyID] {
    var strategies: [StrategyID] = []
    for entry in section.list("strategies") {
      guard case .text(let name) = entry.value, let id = StrategyID(name) else { continue }
      guard !strategies.contains(id) else {
        throw entry.place.error("`strategies` names \(name) twice", "keep one of the two")
      }
      strategies.append(id)
    }
    return strategies
  }

  private static func limits(
    _ section: Section, _ isExchange: Bool
  ) throws(SettingsError) -> Limits {
    let base = isExchange ? Limits.exchangeDefault : Limits.paperDefault
    guard let limits = section.section("limits") else { return base }
    let changes = Limits.Field.allCases.compactMap { field in
      limits.integer(field.name).map { (field: field, value: $0) }
    }
    do {
      return try Limits(
        basedOn: base, setting: changes,
        drawdownReference: limits.text("drawdownReference")
          .map { $0 == "high-water" ? .highWater : .sessionStart },
        symbolExposure: limits.text("symbolExposure")
          .map { $0 == "exclusive" ? .exclusive : .perStrategy })
    } catch {
      throw limits.place.error("\(error)")
    }
  }

  private static func account(_ section: Section) throws(SettingsError) -> String? {
    guard let text = section.text("account") else { return nil }
    let digits = text.utf8.dropFirst(2)
    let isHex = digits.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
    }
    guard text.hasPrefix("0x"), digits.count == 40, isHex else {
      throw section.place(of: "account").error(
        "`account` is `\(text)`", "expected `0x` and 40 lower-case hexadecimal digits")
    }
    return text
  }
}

extension Instrument {
  /// Reads a symbol; what is not said is what the venue said of it in 2026, or what suits most.
  init(_ section: Section) throws(SettingsError) {
    guard let name = section.text("name"), let symbol = Symbol(name) else {
      throw section.place(of: "name").error(
        "`name` is no symbol", "expected 1 to 16 letters, digits or signs, such as `BTC`")
    }
    try self.init(symbol, section)
  }

  init(_ symbol: Symbol, _ section: Section) throws(SettingsError) {
    let (decimals, leverage) = Self.usual(symbol)
    guard
      let instrument = Instrument(
        symbol: symbol, sizeDecimals: section.integer("sizeDecimals").map { Int($0) } ?? decimals,
        maximumLeverage: section.integer("maximumLeverage") ?? leverage,
        minimumNotional: section.fixed("minimumNotional") ?? Money(whole: 10))
    else { throw section.place.error("\(symbol) is no instrument") }
    self = instrument
  }

  private static func usual(_ symbol: Symbol) -> (decimals: Int, leverage: Int64) {
    switch symbol.description {
    case "BTC": (5, 40)
    case "ETH": (4, 25)
    case "SOL": (2, 20)
    default: (2, 10)
    }
  }
}

extension DataSources {
  /// Reads who supplies what; what is not said stays with the execution venue.
  init(_ section: Section?) {
    self.init()
    guard let section else { return }
    func source(_ key: String, _ usual: Venue?) -> Venue? {
      guard let word = section.text(key) else { return usual }
      return Venue.allCases.first { $0.name == word }
    }
    takerFlow = source("takerFlow", takerFlow)
    openInterest = source("openInterest", openInterest)
    funding = source("funding", funding)
    spot = source("spot", spot)
    options = source("options", options)
  }
}

extension PaperConfiguration {
  init(_ section: Section?) throws(SettingsError) {
    self.init()
    guard let section else { return }
    openingBalance = section.fixed("openingBalance") ?? openingBalance
    entrySlippageBasisPoints =
      try section.basisPoints("entrySlippage") ?? entrySlippageBasisPoints
    stopSlippageBasisPoints = try section.basisPoints("stopSlippage") ?? stopSlippageBasisPoints
    if let fee = section.integer("takerFee") {
      guard fee % 10 == 0 else {
        throw section.place(of: "takerFee").error(
          "`takerFee` is finer than 0.1bp", "expected a multiple of 0.1bp")
      }
      takerFeeTenthsOfBasisPoint = fee / 10
    }
    latency = section.duration("latency") ?? latency
  }
}

extension ExchangeConfiguration {
  init(_ section: Section?) {
    self.init()
    guard let section else { return }
    entryReachBasisPoints = section.integer("entryReach").map { $0 / 100 } ?? entryReachBasisPoints
    stopReachBasisPoints = section.integer("stopReach").map { $0 / 100 } ?? stopReachBasisPoints
    answerTimeout = section.duration("answerTimeout") ?? answerTimeout
    visibilityBound = section.duration("visibilityBound") ?? visibilityBound
    reconciliationInterval = section.duration("reconciliationInterval") ?? reconciliationInterval
    protectionDeadline = section.duration("protectionDeadline") ?? protectionDeadline
    scheduledCancel = section.duration("scheduledCancel")
    isDryRun = section.flag("dryRun") ?? isDryRun
  }
}

extension Section {
  /// A share in whole basis points.
  func basisPoints(_ key: String) throws(SettingsError) -> Int64? {
    guard let millionths = integer(key) else { return nil }
    guard millionths % 100 == 0 else {
      throw place(of: key).error("`\(key)` is finer than 1bp", "expected whole basis points")
    }
    return millionths / 100
  }
}
