import Market

// Answers to requests for information.
extension HyperliquidClient {
  /// Takes an answer; false where it is none, and was counted.
  mutating func informed(
    _ kind: RequestKind, _ request: SentRequest, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) -> Bool {
    let body = response.body
    let input = kind.input
    guard response.status == 200 else {
      reject(input, .status(response.status), body, into: &effects)
      return false
    }
    let root: JSONValue
    do throws(JSONFault) {
      root = try parser.parse(body).root
    } catch {
      reject(input, .json(error), body, into: &effects)
      return false
    }
    do throws(WireFault) {
      switch kind {
      case .meta: try listed(root, at: now, into: &effects)
      case .contexts: try contexts(root, into: &effects)
      case .mids: try mids(root, into: &effects)
      case .book(let symbol):
        let book = try MarketWire.book(root)
        guard book.symbol == symbol else { throw .unknownSymbol }
        try wholeBook(book, body, into: &effects)
      case .account: try account(AccountWire.account(root), body, into: &effects)
      case .openOrders:
        effects.append(
          .openOrders(try AccountWire.openOrders(root), asOf: request.sentAt.wall))
      case .candles(let symbol, let timeframe, let from, let to):
        ledger.spend((root.elements?.count ?? 0) / 60, at: now.monotonic)
        return history(
          root, of: CandleSeries(symbol: symbol, timeframe: timeframe),
          OpenRange(from: from, to: to), request, body, at: now, into: &effects)
      case .fills(let since):
        return executions(root, since: since, body, at: now, into: &effects)
      case .orderStatus(let id):
        return orderStatus(id, root, body, at: now, into: &effects)
      case .actionBudget:
        actions.learn(
          used: try root.count("nRequestsUsed"), granted: try root.count("nRequestsCap"),
          asOf: request.sentAt.wall)
      // Questions that go to other venues.
      case .serverTime, .openInterest, .funding, .trades, .spotPrice, .optionChain,
        .volatilityIndex, .submit, .cancel, .scheduleCancel, .modify, .cancelForeign, .leverage:
        return false
      }
    } catch {
      reject(input, error.reason, body, into: &effects)
      return false
    }
    return true
  }

  private mutating func listed(
    _ root: JSONValue, at now: Now, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    let listings = try AccountWire.listings(root)
    guard !listings.isEmpty else { throw .member("universe") }
    var found: [Symbol: Int] = [:]
    var instruments: [Instrument] = []
    for listing in listings {
      guard let instrument = listing.instrument else { continue }
      guard found.updateValue(listing.asset, forKey: listing.symbol) == nil else {
        throw .inconsistent
      }
      if index(of: listing.symbol) != nil { instruments.append(instrument) }
    }
    assets = found
    instruments.sort { $0.symbol < $1.symbol }
    effects.append(.instruments(instruments))
    for symbol in configuration.symbols where found[symbol] == nil {
      effects.append(.feed(.unlisted(symbol)))
    }
    recoverIfWhole(into: &effects)
  }

  private mutating func contexts(
    _ root: JSONValue, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    guard let meta = root[0], let rows = root[1]?.elements else { throw .member("array") }
    var asset = 0
    var found: [Int: Symbol] = [:]
    for listing in try AccountWire.listings(meta) where index(of: listing.symbol) != nil {
      found[listing.asset] = listing.symbol
    }
    var contexts: [AssetContext] = []
    for row in rows {
      defer { asset += 1 }
      guard let symbol = found[asset] else { continue }
      contexts.append(try MarketWire.context(of: symbol, row))
    }
    guard contexts.count == found.count else { throw .inconsistent }
    for context in contexts { effects.append(.market(.context(context))) }
  }

  private mutating func wholeBook(
    _ book: BookSnapshot, _ body: [UInt8], into effects: inout [ClientEffect]
  ) throws(WireFault) {
    guard let index = index(of: book.symbol) else { throw .unknownSymbol }
    guard bookTimes[index].admits(book.time) else {
      return reject(.book, .stale, body, into: &effects)
    }
    effects.append(.market(.book(book)))
  }

  private mutating func account(
    _ snapshot: AccountSnapshot, _ body: [UInt8], into effects: inout [ClientEffect]
  ) {
    guard accountTime.admits(snapshot.time) else {
      return reject(.account, .stale, body, into: &effects)
    }
    effects.append(.account(snapshot))
  }
}

extension RequestKind {
  /// What its answer is called in a rejection.
  var input: InputKind {
    switch self {
    case .meta: .meta
    case .contexts: .contexts
    case .candles: .candleSnapshot
    case .mids: .mids
    case .book: .book
    case .account: .account
    case .openOrders: .openOrders
    case .fills: .fills
    case .orderStatus: .orderStatus
    case .submit: .order
    case .cancel: .cancel
    case .scheduleCancel: .scheduleCancel
    case .actionBudget: .actionBudget
    case .modify: .modify
    case .cancelForeign: .cancel
    case .leverage: .updateLeverage
    case .serverTime: .serverTime
    case .openInterest: .openInterest
    case .funding: .fundingRate
    case .spotPrice: .spot
    case .optionChain: .bookSummary
    case .volatilityIndex: .volatilityIndex
    case .trades: .aggTrade
    }
  }
}
