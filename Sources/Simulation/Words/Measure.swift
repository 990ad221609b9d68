import Market

/// What a number of a rule measures: powers of quote currency and coin, in steps of a power of ten.
///
/// Products and quotients follow from their factors. A literal measures nothing by itself: in a
/// sum or a comparison it takes the measure of what it meets, and in a product it converts units.
struct Measure: Hashable, Sendable {
  /// How a number is shown.
  enum Form: Hashable, Sendable {
    /// As a decimal.
    case decimal
    /// A share, as a percentage.
    case percent
    /// A whole number of times.
    case times
    /// Nanoseconds since 1970, as a date and time in UTC.
    case instant
    /// Nanoseconds, in seconds.
    case duration
  }

  /// The power of quote currency.
  var quote = 0
  /// The power of base coin.
  var coin = 0
  /// The step as a power of ten; nil where only what the number meets can tell.
  var scale: Int?
  /// How the number is shown.
  var form = Form.decimal

  static let money = Measure(quote: 1, scale: -8)
  static let price = Measure(quote: 1, coin: -1, scale: -8)
  static let quantity = Measure(coin: 1, scale: -8)
  static let count = Measure(scale: 0)
  static let times = Measure(scale: 0, form: .times)
  static let ratio = Measure(scale: -4)
  static let basisPoints = Measure(scale: -4, form: .percent)
  static let tenthsOfBasisPoint = Measure(scale: -5, form: .percent)
  static let instant = Measure(scale: -9, form: .instant)
  static let duration = Measure(scale: -9, form: .duration)

  /// The same with its step: that of its dimension where nothing told.
  var settled: Measure {
    var measure = self
    measure.scale = scale ?? (quote == 0 && coin == 0 ? 0 : -8)
    return measure
  }

  private func hasDimension(of other: Measure) -> Bool {
    quote == other.quote && coin == other.coin
  }

  /// The measure of a sum or the common one of a comparison, and whether there is none.
  static func common(_ one: Measure?, _ other: Measure?) -> (measure: Measure?, isMixed: Bool) {
    guard let one, let other else { return (one ?? other, false) }
    guard one.hasDimension(of: other),
      one.scale == nil || other.scale == nil || one.scale == other.scale
    else { return (one, true) }
    var measure = one
    measure.scale = one.scale ?? other.scale
    // A form says more than a plain number.
    if one.form == .decimal { measure.form = other.form }
    return (measure, false)
  }

  /// The measure of a product; a literal factor leaves the step open.
  static func product(_ one: Measure?, _ other: Measure?) -> Measure? {
    guard let one, let other else { return (one ?? other)?.opened }
    return Measure(
      quote: one.quote + other.quote, coin: one.coin + other.coin,
      scale: one.scale.flatMap { scale in other.scale.map { scale + $0 } })
  }

  /// The measure of a quotient; a literal divisor leaves the step open.
  ///
  /// Where a literal has opened the dividend, it was to bring the quotient to the step that its
  /// dimension is kept in.
  static func quotient(_ one: Measure?, by other: Measure?) -> Measure? {
    guard let other else { return one?.opened }
    let one = one ?? Measure()
    let quotient = Measure(
      quote: one.quote - other.quote, coin: one.coin - other.coin,
      scale: one.scale.flatMap { scale in other.scale.map { scale - $0 } })
    return other.scale == nil ? quotient : quotient.settled
  }

  /// The measure of the least or greatest of two; of unlike ones, that of bare steps.
  static func extreme(_ one: Measure?, _ other: Measure?) -> Measure? {
    let (measure, isMixed) = common(one, other)
    return isMixed ? .count : measure
  }

  private var opened: Measure { Measure(quote: quote, coin: coin) }

  /// `value` as people write it.
  func text(_ value: Int128) -> String {
    let scale = settled.scale ?? 0
    switch form {
    case .decimal: return Self.decimal(value, scale)
    case .percent: return Self.decimal(value, scale + 2) + " %"
    case .times: return Self.decimal(value, scale) + "×"
    case .duration: return Self.decimal(value, scale) + " s"
    case .instant:
      guard let nanoseconds = Int64(exactly: value) else { return Self.decimal(value, scale) }
      // Zero stands for what never came about.
      return nanoseconds == 0 ? "never" : "\(Instant(nanoseconds: nanoseconds))"
    }
  }

  /// `value` times ten to the `scale`, exactly, thousands marked, without zeros at its end.
  static func decimal(_ value: Int128, _ scale: Int) -> String {
    var digits = String(value.magnitude)
    if scale > 0, value != 0 { digits += String(repeating: "0", count: scale) }
    let places = max(0, -scale)
    if digits.count <= places {
      digits = String(repeating: "0", count: places + 1 - digits.count) + digits
    }
    var fraction = digits.suffix(places)
    while fraction.last == "0" { fraction.removeLast() }
    let whole = Array(digits.dropLast(places))
    var text = value < 0 ? "-" : ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return fraction.isEmpty ? text : "\(text).\(fraction)"
  }
}
