extension Digest {
  /// Folds a reading in, every field of it.
  public mutating func add(_ reading: Reading) {
    add(reading.symbol)
    add(UInt64(reading.venue.rawValue))
    add(reading.time.nanoseconds)
    switch reading {
    case .openInterest(let reading): add(reading.quantity)
    case .funding(let settled):
      add(settled.rate.steps)
      add(settled.period.nanoseconds)
    case .spot(let sample):
      add(sample.price)
      add(sample.mid ?? .zero)
    case .volatilityIndex(let reading): add(reading.value)
    case .optionChain(let chain):
      for quote in chain.quotes {
        add(quote.expiry.nanoseconds)
        add(quote.strike)
        add(quote.isCall)
        add(quote.impliedVolatility)
        add(quote.openInterest)
        add(quote.underlying)
      }
    }
  }
}
