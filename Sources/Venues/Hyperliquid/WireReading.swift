import Market
import Risk

/// Why a JSON value is not the message that its channel promises.
enum WireFault: Error, Hashable {
  /// A member is missing, of another type or out of range.
  case member(StaticString)
  /// A symbol or series that nobody asked for.
  case unknownSymbol
  /// Well formed, and contradicting itself.
  case inconsistent

  static func == (lhs: Self, rhs: Self) -> Bool { lhs.reason == rhs.reason }
  func hash(into hasher: inout Hasher) { hasher.combine(reason) }

  var reason: RejectionReason {
    switch self {
    case .member(let name): .member(name.description)
    case .unknownSymbol: .unknownSymbol
    case .inconsistent: .inconsistent
    }
  }
}

extension JSONValue {
  func required(_ key: StaticString) throws(WireFault) -> JSONValue {
    guard let value = self[key] else { throw .member(key) }
    return value
  }

  func list(_ key: StaticString) throws(WireFault) -> JSONElements {
    guard let elements = self[key]?.elements else { throw .member(key) }
    return elements
  }

  func positivePrice(_ key: StaticString) throws(WireFault) -> Price {
    guard let index = find(key), let price = storage.fixed(at: index, Price.self), price > .zero
    else { throw .member(key) }
    return price
  }

  func positiveQuantity(_ key: StaticString) throws(WireFault) -> Quantity {
    let quantity = try self.quantity(key)
    guard quantity > .zero else { throw .member(key) }
    return quantity
  }

  /// A quantity that is zero or positive.
  func quantity(_ key: StaticString) throws(WireFault) -> Quantity {
    guard let index = find(key), let quantity = storage.fixed(at: index, Quantity.self),
      quantity >= .zero
    else {
      throw .member(key)
    }
    return quantity
  }

  func money(_ key: StaticString) throws(WireFault) -> Money {
    guard let money = self[key]?.fixed(Money.self) else { throw .member(key) }
    return money
  }

  func symbol(_ key: StaticString) throws(WireFault) -> Symbol {
    guard let symbol = find(key).flatMap(storage.text(at:)).flatMap({ Symbol($0) }) else {
      throw .member(key)
    }
    return symbol
  }

  func time(_ key: StaticString) throws(WireFault) -> Instant {
    guard let time = find(key).flatMap(storage.milliseconds(at:)) else { throw .member(key) }
    return time
  }

  /// A whole number that is not negative.
  func count(_ key: StaticString) throws(WireFault) -> Int64 {
    guard let count = self[key]?.int64, count >= 0 else { throw .member(key) }
    return count
  }

  func identifier(_ key: StaticString) throws(WireFault) -> UInt64 {
    guard let id = self[key]?.uint64 else { throw .member(key) }
    return id
  }

  func side(_ key: StaticString) throws(WireFault) -> Side {
    guard let text = find(key).flatMap(storage.text(at:)), text.count == 1 else {
      throw .member(key)
    }
    switch text[0] {
    case UInt8(ascii: "B"): return .buy
    case UInt8(ascii: "A"): return .sell
    default: throw .member(key)
    }
  }

  /// The client id of an order; nil where the member is missing or null.
  func clientID(_ key: StaticString) throws(WireFault) -> ClientOrderID? {
    guard let value = self[key], !value.isNull else { return nil }
    guard let id = value.string.flatMap({ ClientOrderID($0) }) else { throw .member(key) }
    return id
  }

  /// The amount nearest to what a string spells, for figures that the venue prints with the noise
  /// of its own floating point (open interest, averages, volumes); nil where it is no decimal.
  func nearest<Unit>(_ unit: Fixed<Unit>.Type = Fixed<Unit>.self) -> Fixed<Unit>? {
    storage.nearest(at: index, unit)
  }
}

extension JSONStorage {
  /// See ``JSONValue/nearest(_:)``.
  func nearest<Unit>(at index: Int, _ unit: Fixed<Unit>.Type = Fixed<Unit>.self) -> Fixed<Unit>? {
    fixed(at: index, unit)
      ?? text(at: index).flatMap { decimalSteps($0, places: 8) }.map(Fixed.init(steps:))
  }
}

/// A plain decimal in steps of 10^-`places`, rounded to the nearest, ties away from zero.
func decimalSteps(_ text: some Collection<UInt8>, places: Int) -> Int64? {
  var magnitude: Int64 = 0
  var isNegative = false
  var digits = 0
  var fraction = -1
  var roundsUp = false
  for (offset, byte) in text.enumerated() {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      digits += 1
      let digit = Int64(byte - UInt8(ascii: "0"))
      if fraction >= 0 { fraction += 1 }
      if fraction > places {
        if fraction == places + 1 { roundsUp = digit >= 5 }
        continue
      }
      let (tenfold, over) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(digit)
      guard !over, !carry else { return nil }
      magnitude = sum
    case UInt8(ascii: ".") where fraction < 0 && digits > 0: fraction = 0
    case UInt8(ascii: "-") where offset == 0: isNegative = true
    default: return nil
    }
  }
  guard digits > 0 else { return nil }
  for _ in min(max(fraction, 0), places)..<places {
    let (tenfold, over) = magnitude.multipliedReportingOverflow(by: 10)
    guard !over else { return nil }
    magnitude = tenfold
  }
  let (rounded, over) = magnitude.addingReportingOverflow(roundsUp ? 1 : 0)
  guard !over else { return nil }
  return isNegative ? -rounded : rounded
}
