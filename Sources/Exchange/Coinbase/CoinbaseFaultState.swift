import Market

/// Which switches are thrown.
struct CoinbaseFaultState: Sendable {
  var failure: CoinbaseFailure?
  /// How coins trade, for products that are not listed yet.
  var trading: [(symbol: Symbol, trading: CoinbaseTrading)] = []
  var hasNanoseconds = false
  /// When tickers stopped telling of new trades.
  var tickersStoppedAt: Instant?
  var missesBuckets = false
  var emptiesFigures = false
  var namesAliases = false
  var hasExtras = false
  var isSilent = false
}

extension CoinbaseVenue {
  /// Throws a switch.
  public mutating func apply(_ fault: CoinbaseFault) {
    switch fault {
    case .failing(let failure): faults.failure = failure
    case .trading(let symbol, let trading):
      faults.trading.removeAll { $0.symbol == symbol }
      faults.trading.append((symbol, trading))
      trade(symbol, trading)
    case .nanosecondTimes(let isOn): faults.hasNanoseconds = isOn
    case .staleTickerTime(let isOn):
      faults.tickersStoppedAt = isOn ? faults.tickersStoppedAt ?? clock : nil
    case .missingBuckets(let isOn): faults.missesBuckets = isOn
    case .emptyFigures(let isOn): faults.emptiesFigures = isOn
    case .aliasIDs(let isOn): faults.namesAliases = isOn
    case .unknownExtras(let isOn): faults.hasExtras = isOn
    case .silence(let isOn):
      faults.isSilent = isOn
      // What was withheld does not count as nothing to say.
      for index in sessions.indices { sessions[index].lastSent = clock }
    case .closeSessions:
      for session in sessions { outbox.append(.close(session.id)) }
      sessions = []
    }
  }

  /// Sets how the products of a coin trade; the stablecoin's are those that price it.
  mutating func trade(_ symbol: Symbol, _ trading: CoinbaseTrading) {
    for index in products.indices {
      switch products[index].kind {
      case .coin(symbol): products[index].trading = trading
      case .tetherInDollars, .tetherInStablecoin:
        if symbol == .stablecoin { products[index].trading = trading }
      case .coin: break
      }
    }
  }
}
