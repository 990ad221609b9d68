public import Market

extension QuantFlow {
  /// Which options dealers are taken to hold; doubtful in crypto, so both are kept.
  public enum DealerConvention: UInt8, Hashable, Sendable, CaseIterable {
    /// Long calls and short puts: calls count positive, puts negative.
    case longCalls = 0
    /// Short calls and long puts: the opposite.
    case shortCalls = 1
  }

  /// What is kept of an option chain.
  public struct OptionsReading: Hashable, Sendable {
    /// When the chain was received.
    public let received: Instant
    /// Gamma of all calls: dollars of delta for a move of 1 %.
    public let calls: Double
    /// Gamma of all puts, as a positive number.
    public let puts: Double
    /// Implied volatility a year at the forward in thirty days; nil where no expiries and strikes
    /// enclose it.
    public let impliedVolatility: Double?

    /// Dealers' gamma exposure (GEX) as `convention` signs it.
    public func exposure(_ convention: DealerConvention) -> Double {
      convention == .longCalls ? calls - puts : puts - calls
    }
  }
}

extension QuantFlow.OptionsReading {
  /// Sums the gamma of every option that expires within `farthestExpiry` of the receipt.
  init(_ chain: OptionChain, received: Instant, farthestExpiry: Interval) {
    var calls = 0.0
    var puts = 0.0
    // A call and a put of one strike have one gamma where they have one volatility.
    var last: (quote: OptionQuote, gamma: Double)?
    for quote in chain.quotes
    where quote.expiry > received && quote.expiry - received <= farthestExpiry {
      let spot = quote.underlying.double
      let known = last.flatMap { $0.quote.isPriced(as: quote) ? $0.gamma : nil }
      guard
        let gamma = known
          ?? BlackScholes.gamma(
            spot: spot, strike: quote.strike.double, volatility: quote.impliedVolatility.double,
            years: BlackScholes.years(quote.expiry - received))
      else { continue }
      last = (quote, gamma)
      let dollars = gamma * quote.openInterest.double * spot * spot * 0.01
      if quote.isCall { calls += dollars } else { puts += dollars }
    }
    self.init(
      received: received, calls: calls, puts: puts,
      impliedVolatility: BlackScholes.volatility(of: chain, at: received, in: .days(30)))
  }
}

extension OptionQuote {
  /// Whether everything that gamma depends on is the same.
  fileprivate func isPriced(as other: OptionQuote) -> Bool {
    strike == other.strike && expiry == other.expiry && underlying == other.underlying
      && impliedVolatility == other.impliedVolatility
  }
}

/// What the venue's chain does not say.
enum BlackScholes {
  /// A span in years of 365 days.
  static func years(_ span: Interval) -> Double {
    Double(span.nanoseconds) / Double(Interval.days(365).nanoseconds)
  }

  /// How fast an option's delta moves with the price; nil where a value is not positive.
  static func gamma(spot: Double, strike: Double, volatility: Double, years: Double) -> Double? {
    guard spot > 0, strike > 0, volatility > 0, years > 0 else { return nil }
    let deviation = volatility * years.squareRoot()
    let distance = (ln(spot / strike) + deviation * deviation / 2) / deviation
    let inverseRootOfTwoPi = 0.398_942_280_401_432_7
    return exp(-distance * distance / 2) * inverseRootOfTwoPi / (spot * deviation)
  }

  /// Implied volatility at the forward after `span`, interpolated in total variance between the
  /// strikes around the forward and the expiries around `span`; nil where none enclose it.
  static func volatility(of chain: OptionChain, at time: Instant, in span: Interval) -> Double? {
    var earlier: Point?
    var rest = chain.quotes[...]
    while let expiry = rest.first?.expiry {
      let end = rest.firstIndex { $0.expiry != expiry } ?? rest.endIndex
      let smile = rest[..<end]
      rest = rest[end...]
      guard expiry > time, let variance = varianceAtForward(smile) else { continue }
      let point = Point(at: years(expiry - time), value: variance * years(expiry - time))
      guard expiry - time >= span else {
        earlier = point
        continue
      }
      let horizon = years(span)
      if point.at == horizon { return variance.squareRoot() }
      guard let earlier else { return nil }
      return (earlier.toward(point, at: horizon) / horizon).squareRoot()
    }
    return nil
  }

  /// A value somewhere on an axis.
  private struct Point {
    let at: Double
    let value: Double

    /// On the straight line to `other`, which lies farther on.
    func toward(_ other: Point, at place: Double) -> Double {
      value + (other.value - value) * (place - at) / (other.at - at)
    }
  }

  /// Variance a year at the forward of one expiry, whose quotes are in order of strike; all of them
  /// share the time, so that variance and total variance interpolate alike.
  private static func varianceAtForward(_ smile: ArraySlice<OptionQuote>) -> Double? {
    guard let forward = smile.first?.underlying.double else { return nil }
    var below: Point?
    var rest = smile
    while let strike = rest.first?.strike {
      let end = rest.firstIndex { $0.strike != strike } ?? rest.endIndex
      var sum = 0.0
      var count = 0
      for quote in rest[..<end] where quote.impliedVolatility > .zero {
        sum += quote.impliedVolatility.double
        count += 1
      }
      rest = rest[end...]
      guard count > 0 else { continue }
      let volatility = sum / Double(count)
      let point = Point(at: strike.double, value: volatility * volatility)
      guard point.at >= forward else {
        below = point
        continue
      }
      if point.at == forward { return point.value }
      return below.map { $0.toward(point, at: forward) }
    }
    return nil
  }
}

extension QuantFlow.OptionsReading: BinaryCodable {
  /// Writes what is kept of a chain.
  public func write(to writer: inout BinaryWriter) {
    writer.write(received)
    writer.write(calls)
    writer.write(puts)
    writer.write(impliedVolatility != nil)
    if let impliedVolatility { writer.write(impliedVolatility) }
  }

  /// Reads what is kept of a chain.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a reading.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    received = try reader.readTime()
    let start = reader.position
    calls = try reader.readDouble()
    puts = try reader.readDouble()
    impliedVolatility = try reader.readBool() ? try reader.readDouble() : nil
    for value in [calls, puts, impliedVolatility ?? 0] where !(value >= 0 && value.isFinite) {
      throw .invalid(offset: start)
    }
  }
}
