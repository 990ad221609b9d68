extension Digest {
  /// Folds a reading in, every field of it.
  public mutating func add(_ reading: Reading) {
    switch reading {
    case .openInterest(let reading):
      begin(reading.symbol, reading.venue, reading.time)
      add(reading.quantity)
    case .funding(let settled):
      begin(settled.symbol, settled.venue, settled.time)
      add(settled.rate.steps)
      add(settled.period.nanoseconds)
    case .spot(let sample):
      begin(sample.symbol, sample.venue, sample.time)
      add(sample.price)
      add(sample.mid ?? .zero)
    case .volatilityIndex(let reading):
      begin(reading.symbol, reading.venue, reading.time)
      add(reading.value)
    case .optionChain(let chain):
      begin(chain.symbol, chain.venue, chain.time)
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

  @inline(__always)
  private mutating func begin(_ symbol: Symbol, _ venue: Venue, _ time: Instant) {
    add(symbol)
    add(UInt64(venue.rawValue))
    add(time.nanoseconds)
  }
}
