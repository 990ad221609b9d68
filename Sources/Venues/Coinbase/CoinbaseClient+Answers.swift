import Market

// Answers, and what they are worth.
extension CoinbaseClient {
  mutating func answered(
    _ request: CoinbaseRequest, _ sentAt: Now, _ response: HTTPResponse, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    let roundTrip = now.monotonic - sentAt.monotonic
    effects.append(.latency(.request(kind(of: request.question), roundTrip: roundTrip)))
    switch response.status {
    case 403, 418, 429: return refused(request, response, at: now, into: &effects)
    case 200: break
    default:
      reject(input(request.question), .status(response.status), response.body, into: &effects)
      // What is wrong with a question is still wrong when it is asked again.
      let isFinal = (400..<500).contains(response.status) && response.status != 408
      return failed(request, .malformed, isFinal: isFinal, at: now, into: &effects)
    }
    throttles = 0
    bans = 0
    do throws(RejectionReason) {
      let root = try document(response.body)
      do throws(WireFault) {
        switch request.question {
        case .listing: try listed(root, at: now, into: &effects)
        case .ticker(let product):
          let sampled = now.wall - Interval(nanoseconds: roundTrip.nanoseconds / 2)
          try quoted(product, root, response.body, at: sampled, now, into: &effects)
        case .history(let series, let range):
          try history(series, range, root, response.body, at: now, into: &effects)
        }
      } catch {
        // An answer that only says `message` is the venue's error, whatever its status.
        throw root["message"] == nil ? error.reason : .venueError
      }
    } catch {
      reject(input(request.question), error, response.body, into: &effects)
      return failed(request, .malformed, at: now, into: &effects)
    }
    pump(at: now, into: &effects)
  }

  private mutating func document(_ body: [UInt8]) throws(RejectionReason) -> JSONValue {
    do { return try parser.parse(body).root } catch { throw .json(error) }
  }

  private func input(_ question: CoinbaseRequest.Question) -> InputKind {
    switch question {
    case .listing: .meta
    case .ticker: .spot
    case .history: .candleSnapshot
    }
  }

  // MARK: Products

  /// Takes the list of products: which of ours trade, and which do not.
  private mutating func listed(
    _ root: JSONValue, at now: Now, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    guard let rows = root.elements, !rows.isEmpty else { throw .member("products") }
    let wasUnknown = products.contains { $0.standing == .unknown }
    var found: [PolledProduct.Standing] = products.map { _ in .unlisted }
    for row in rows {
      guard let id = row["id"]?.text else { continue }
      for index in products.indices where products[index].id.utf8.elementsEqual(id) {
        switch try CoinbaseWire.trading(row) {
        case .open: found[index] = .open
        case .closed(let reason):
          found[index] = .closed
          let notice = Array("\(products[index].id) does not trade: \(reason)".utf8)
          reject(.spot, .venueError, notice, into: &effects)
        }
      }
    }
    var reopened = false
    for index in products.indices {
      let before = products[index].standing
      products[index].standing = found[index]
      if found[index] != .open { products[index].sample = nil }
      if found[index] == .open, before != .open { reopened = true }
      if found[index] == .unlisted, before != .unlisted {
        effects.append(.feed(.unlisted(products[index].symbol)))
      }
    }
    let isWhole = !found.contains(.closed)
    let wait = isWhole ? configuration.listingInterval : configuration.closedListingInterval
    if stage == .running { set(.listing, at: now.monotonic + wait, into: &effects) }
    if wasUnknown || reopened { askPrices(at: now, into: &effects) }
  }

  // MARK: Quotes

  /// Takes a ticker that was made at `sampled`.
  private mutating func quoted(
    _ index: Int, _ root: JSONValue, _ body: [UInt8], at sampled: Instant, _ now: Now,
    into effects: inout [ClientEffect]
  ) throws(WireFault) {
    let ticker = try CoinbaseWire.ticker(root)
    guard let price = ticker.mid(within: configuration.widestSpread) else { throw .inconsistent }
    guard ticker.lastTrade <= now.wall + configuration.clockTolerance else {
      throw .member("time")
    }
    if let newest = products[index].lastTrade, ticker.lastTrade < newest {
      return reject(.spot, .stale, body, into: &effects)
    }
    guard ticker.lastTrade >= now.wall - configuration.staleTradeLimit else {
      return reject(.spot, .stale, body, into: &effects)
    }
    products[index].lastTrade = ticker.lastTrade
    // It was asked for while the product traded, and does not any more.
    guard products[index].standing == .open else { return }
    products[index].sample = (sampled, price)
    switch products[index].role {
    case .price: tell(price, of: products[index].symbol, at: sampled, now, into: &effects)
    case .inDollars, .inStablecoin: crossed(at: now, into: &effects)
    }
  }

  /// Prices the stablecoin once both legs were sampled at about the same time.
  private mutating func crossed(at now: Now, into effects: inout [ClientEffect]) {
    guard let dollars = products.firstIndex(where: { $0.role == .inDollars }),
      let coins = products.firstIndex(where: { $0.role == .inStablecoin }),
      let inDollars = products[dollars].sample, let inStablecoin = products[coins].sample
    else { return }
    let earlier = min(inDollars.time, inStablecoin.time)
    let later = max(inDollars.time, inStablecoin.time)
    guard later <= earlier + configuration.legDistance,
      let price = inDollars.price.checkedScaled(
        by: Price.stepsPerWhole, over: inStablecoin.price.steps, .nearest), price > .zero
    else { return }
    products[dollars].sample = nil
    products[coins].sample = nil
    tell(price, of: .stablecoin, at: later, now, into: &effects)
  }

  private mutating func tell(
    _ price: Price, of symbol: Symbol, at time: Instant, _ now: Now,
    into effects: inout [ClientEffect]
  ) {
    effects.append(
      .market(.spot(SpotPrice(symbol: symbol, venue: Self.venue, time: time, price: price))))
    sample(price, of: symbol, at: time, now, into: &effects)
  }
}
