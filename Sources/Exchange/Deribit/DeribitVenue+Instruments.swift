import Market
import Venues

/// Something that is listed, by its place.
enum DeribitInstrument: Hashable, Sendable {
  case perpetual(underlying: Int)
  case option(underlying: Int, place: Int)

  var underlying: Int {
    switch self {
    case .perpetual(let underlying), .option(let underlying, _): underlying
    }
  }
}

extension DeribitVenue {
  /// What is listed under a name; nil where nothing is.
  func instrument(named name: String) -> DeribitInstrument? {
    guard !faults.delisted.contains(name) else { return nil }
    if let place = underlyings.firstIndex(where: { $0.market.perpetual == name }) {
      return .perpetual(underlying: place)
    }
    guard let option = DeribitOptionName(name.utf8),
      let underlying = underlyings.firstIndex(where: { $0.market.symbol == option.underlying }),
      let place = underlyings[underlying].options.firstIndex(where: { $0.name == option })
    else { return nil }
    return .option(underlying: underlying, place: place)
  }

  /// What the parameter `instrument_name` names.
  func named(
    _ request: DeribitRequest, _ market: some TrueMarket
  ) throws(DeribitRefusal) -> DeribitInstrument {
    let name = try request.required("instrument_name")
    guard let instrument = instrument(named: name),
      market.mark(of: underlyings[instrument.underlying].market.symbol) != nil
    else {
      let isName = name.contains("-") && name.utf8.count <= 48
      throw isName ? .notFound : .format("instrument_name")
    }
    return instrument
  }

  /// The perpetual that the parameter `instrument_name` names.
  func perpetual(
    _ request: DeribitRequest, _ market: some TrueMarket
  ) throws(DeribitRefusal) -> DeribitUnderlying {
    guard case .perpetual(let place) = try named(request, market) else {
      throw .format("instrument_name")
    }
    return underlyings[place]
  }

  func name(of instrument: DeribitInstrument) -> String {
    switch instrument {
    case .perpetual(let underlying): underlyings[underlying].market.perpetual
    case .option(let underlying, let place): underlyings[underlying].options[place].text
    }
  }

  /// What is listed of a settlement currency, `any` for all, and a kind, nil for all.
  func listed(currency: String, kind: String?) -> [DeribitInstrument] {
    var listed: [DeribitInstrument] = []
    for (place, underlying) in underlyings.enumerated()
    where currency == "any" || underlying.market.currency == currency {
      if kind == nil || kind == "future" { listed.append(.perpetual(underlying: place)) }
      guard kind == nil || kind == "option" else { continue }
      for option in underlying.options.indices {
        listed.append(.option(underlying: place, place: option))
      }
    }
    guard !faults.delisted.isEmpty else { return listed }
    return listed.filter { !faults.delisted.contains(name(of: $0)) }
  }

  private static let kinds = ["future", "option", "spot", "future_combo", "option_combo"]

  /// The parameter `kind`; nil where every kind is asked for.
  func kind(_ request: DeribitRequest) throws(DeribitRefusal) -> String? {
    guard let kind = try request.text("kind"), kind != "any" else { return nil }
    guard Self.kinds.contains(kind) else { throw .format("kind") }
    return kind
  }

  func instruments(
    _ request: DeribitRequest, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    let currency = try request.text("currency") ?? "any"
    let kind = try kind(request)
    // Nothing that has expired is remembered.
    let isExpired = try request.bool("expired") ?? false
    let listed = isExpired ? [] : listed(currency: currency, kind: kind)
    writer.array(listed) { self.instrument($1, into: &$0) }
  }

  func instrument(_ instrument: DeribitInstrument, into writer: inout JSONWriter) {
    let underlying = underlyings[instrument.underlying]
    writer.object { writer in
      switch instrument {
      case .perpetual: perpetual(underlying, into: &writer)
      case .option(_, let place): option(underlying.options[place], underlying, into: &writer)
      }
      let market = underlying.market
      let isOption = if case .option = instrument { true } else { false }
      writer.string("price_index", market.index)
      writer.string("instrument_type", market.isInverse ? "reversed" : "linear")
      writer.string("settlement_currency", market.currency)
      writer.string("base_currency", market.symbol.description)
      writer.string("counter_currency", market.isInverse ? "USD" : "USDC")
      writer.string(
        "quote_currency",
        market.isInverse ? (isOption ? market.symbol.description : "USD") : "USDC")
      writer.string("state", "open")
      writer.bool("is_active", true)
      writer.bool("rfq", false)
    }
  }

  private func perpetual(_ underlying: DeribitUnderlying, into writer: inout JSONWriter) {
    let terms = DeribitTerms(underlying.market)
    writer.string("kind", "future")
    writer.string("instrument_name", underlying.market.perpetual)
    writer.integer("instrument_id", underlying.perpetualID)
    writer.integer("expiration_timestamp", 32_503_708_800_000 as Int64)
    writer.integer("creation_timestamp", 1_534_167_754_000 as Int64)
    writer.string("future_type", underlying.market.isInverse ? "reversed" : "linear")
    writer.string("settlement_period", "perpetual")
    writer.deribit("tick_size", terms.tick)
    writer.array("tick_size_steps") { _ in }
    writer.deribit("contract_size", terms.contract)
    writer.deribit("min_trade_amount", terms.contract)
    writer.integer("max_leverage", 50)
    writer.integer("max_non_default_leverage", 5)
    writer.deribit("maker_commission", 0.0)
    writer.deribit("taker_commission", 0.0005)
    writer.deribit("max_liquidation_commission", 0.0075)
    writer.deribit("block_trade_commission", 0.00025)
    writer.integer("block_trade_min_trade_amount", 200_000)
    writer.deribit("block_trade_tick_size", 0.01)
  }

  private func option(
    _ option: DeribitOption, _ underlying: DeribitUnderlying, into writer: inout JSONWriter
  ) {
    let terms = DeribitTerms(underlying.market)
    writer.string("kind", "option")
    writer.string("instrument_name", option.text)
    writer.integer("instrument_id", option.id)
    writer.string("option_type", option.name.isCall ? "call" : "put")
    writer.deribit("strike", option.name.strike)
    writer.integer("expiration_timestamp", option.name.expiry.milliseconds)
    writer.integer("creation_timestamp", option.listed.milliseconds)
    writer.string("settlement_period", option.name.expiry.isLastFriday ? "month" : "week")
    writer.deribit("tick_size", terms.optionTick)
    writer.array("tick_size_steps") { steps in
      guard let step = terms.optionStep else { return }
      steps.object {
        $0.deribit("above_price", step.above)
        $0.deribit("tick_size", step.tick)
      }
    }
    writer.deribit("contract_size", terms.optionContract)
    writer.deribit("min_trade_amount", terms.optionMinimum)
    writer.integer("max_leverage", 1)
    writer.deribit("max_liquidation_commission", 0.0075)
    writer.deribit("maker_commission", 0.0003)
    writer.deribit("taker_commission", 0.0003)
    writer.deribit("block_trade_commission", 0.00025)
    writer.integer("block_trade_min_trade_amount", 25)
    writer.deribit("block_trade_tick_size", 0.0001)
  }

  func currencies(into writer: inout JSONWriter) {
    var names: [String] = []
    for currency in underlyings.map(\.market.currency) where !names.contains(currency) {
      names.append(currency)
    }
    writer.array(names) { writer, name in
      let long = ["BTC": "Bitcoin", "ETH": "Ethereum", "USDC": "USD Coin"][name] ?? name
      writer.object {
        $0.string("currency", name)
        $0.string("currency_long", long)
        $0.string("coin_type", name == "USDC" ? "ERC20" : long.uppercased())
        $0.integer("min_confirmations", 1)
        $0.deribit("min_withdrawal_fee", 0.0001)
        $0.deribit("withdrawal_fee", 0.0)
        $0.integer("fee_precision", 4)
        $0.bool("in_cross_collateral_pool", true)
        $0.array("withdrawal_priorities") { _ in }
      }
    }
  }

  func expirations(
    _ request: DeribitRequest, into writer: inout JSONWriter
  ) throws(DeribitRefusal) {
    let currency = try request.required("currency")
    let kind = try kind(request)
    var days: [String] = []
    var lists: (option: Bool, future: Bool) = (false, false)
    for instrument in listed(currency: currency, kind: kind) {
      switch instrument {
      case .perpetual: lists.future = true
      case .option(let underlying, let place):
        lists.option = true
        let day = DeribitOptionName.day(of: underlyings[underlying].options[place].name.expiry)
        if !days.contains(day) { days.append(day) }
      }
    }
    func write(_ writer: inout JSONWriter) {
      if kind != "future" { writer.array("option", lists.option ? days : []) { $0.string($1) } }
      if kind != "option" {
        writer.array("future", lists.future ? ["PERPETUAL"] : []) { $0.string($1) }
      }
    }
    writer.object { writer in
      guard currency != "any" else { return write(&writer) }
      writer.key(currency.lowercased().utf8)
      writer.object { write(&$0) }
    }
  }
}

/// Sizes and steps of what is listed on an underlying.
struct DeribitTerms: Sendable {
  /// The step of the perpetual's price.
  let tick: Double
  /// What one contract of the perpetual is: dollars where inverse, else coins.
  let contract: Double
  /// The step of option prices, in coin where inverse, else in USDC.
  let optionTick: Double
  /// The step above a price.
  let optionStep: (above: Double, tick: Double)?
  let optionContract: Double
  let optionMinimum: Double

  init(_ market: DeribitMarket) {
    switch market.symbol {
    case "BTC": (tick, contract) = (0.5, 10)
    case "ETH": (tick, contract) = (0.05, 1)
    case "SOL": (tick, contract) = (0.01, 0.1)
    default: (tick, contract) = (0.0001, 1)
    }
    optionTick = market.isInverse ? 0.0001 : 0.1
    optionStep = market.isInverse ? (0.005, 0.0005) : nil
    optionContract = market.isInverse ? 1 : 10
    optionMinimum = market.isInverse ? (market.symbol == "BTC" ? 0.1 : 1) : 10
  }

  /// The step of option prices at a price.
  func optionTick(at price: Double) -> Double {
    guard let optionStep, price > optionStep.above else { return optionTick }
    return optionStep.tick
  }
}

extension Instant {
  /// Whether it is on the last Friday of a month, when monthly options expire.
  var isLastFriday: Bool {
    date.weekday == .friday && date.advanced(by: 7).map { $0.month != date.month } ?? false
  }
}
