import Market

/// The venue's messages as values.
enum DeribitWire {
  /// One row of an option book.
  struct Summary: Hashable {
    let name: DeribitOptionName
    let quote: OptionQuote
    let time: Instant
    /// The venue's index at the time; nil where the row does not say.
    let index: Price?
  }

  /// A volatility index at or above this is a placeholder, as the mark of an option is.
  static let pinnedVolatility = 250.0

  /// The option that a row of a book summary tells of; nil where it is none that counts.
  ///
  /// Skipped are combinations and other pairs (`accepts` says no), expired options, those that
  /// nobody holds, and those whose volatility is missing, zero or pinned.
  static func summary(
    _ row: JSONValue, accepts: (DeribitOptionName) -> Bool
  ) throws(WireFault) -> Summary? {
    guard let text = row["instrument_name"]?.text else { throw .member("instrument_name") }
    guard let name = DeribitOptionName(text), accepts(name) else { return nil }
    let time = try row.deribitTime("creation_timestamp")
    // An option in its last minutes says "expired" where its delivery price should stand.
    if row["estimated_delivery_price"]?.kind == .string || name.expiry <= time { return nil }
    guard let held = row["open_interest"]?.double, held >= 0,
      let interest = Quantity(nearest: held)
    else { throw .member("open_interest") }
    guard interest > .zero else { return nil }
    guard let volatility = row["mark_iv"], !volatility.isNull else { return nil }
    guard let percent = volatility.double, percent >= 0 else { throw .member("mark_iv") }
    guard percent > 0, percent < pinnedVolatility else { return nil }
    guard let implied = fraction(percent: percent), implied > .zero else {
      throw .member("mark_iv")
    }
    let underlying = try row.deribitPrice("underlying_price")
    let quote = OptionQuote(
      expiry: name.expiry, strike: name.strike, isCall: name.isCall, impliedVolatility: implied,
      openInterest: interest, underlying: underlying)
    var index: Price?
    if let price = row["estimated_delivery_price"], !price.isNull {
      index = try row.deribitPrice("estimated_delivery_price")
    }
    return Summary(name: name, quote: quote, time: time, index: index)
  }

  /// A volatility that the venue gives in percent, as a fraction; nil where it does not fit.
  static func fraction(percent: Double) -> Fraction? {
    Int64(nearest: percent * 1e6).map(Fraction.init(steps:))
  }

  /// A reading of a volatility index, from percent.
  static func volatility(_ value: JSONValue, _ name: StaticString) throws(WireFault) -> Fraction {
    guard let percent = value.double, percent > 0, percent < 1_000,
      let volatility = fraction(percent: percent), volatility > .zero
    else { throw .member(name) }
    return volatility
  }

  /// The newest bar of a history of a volatility index, whichever way it is sorted.
  static func newestBar(
    _ result: JSONValue
  ) throws(WireFault) -> (open: Instant, close: Fraction)? {
    guard let rows = result["data"]?.elements else { throw .member("data") }
    var newest: (open: Instant, close: Fraction)?
    for row in rows {
      guard let open = row[0]?.deribitTime, let close = row[4] else { throw .member("data") }
      if let newest, open <= newest.open { continue }
      newest = (open, try volatility(close, "data"))
    }
    return newest
  }

  /// What a ticker of a perpetual tells of its index.
  static func ticker(
    _ data: JSONValue
  ) throws(WireFault) -> (name: JSONText, time: Instant, index: Price) {
    guard let name = data["instrument_name"]?.text else { throw .member("instrument_name") }
    return (name, try data.deribitTime("timestamp"), try data.deribitPrice("index_price"))
  }
}

extension JSONValue {
  /// A whole number, which the venue may also write as `5.0`; nil where it is none.
  var deribitInteger: Int64? {
    if let int64 { return int64 }
    guard let double, let whole = Int64(nearest: double), Double(whole) == double else {
      return nil
    }
    return whole
  }

  /// A time in milliseconds; nil outside 1970 to 2199.
  var deribitTime: Instant? {
    guard let count = deribitInteger, (0..<7_258_118_400_000).contains(count) else { return nil }
    return Instant(milliseconds: count)
  }

  /// A member that is a time in milliseconds.
  func deribitTime(_ key: StaticString) throws(WireFault) -> Instant {
    guard let time = self[key]?.deribitTime else { throw .member(key) }
    return time
  }

  /// A member that is a positive price, as a number.
  func deribitPrice(_ key: StaticString) throws(WireFault) -> Price {
    guard let price = self[key]?.double.flatMap({ Price(nearest: $0) }), price > .zero else {
      throw .member(key)
    }
    return price
  }
}
