/// Why a text is not a ``Fixed`` amount.
public enum FixedFault: Error, Hashable, Sendable {
  /// No characters, or a sign or point without digits.
  case empty
  /// A character that has no place at the offset (in bytes from the start).
  case unexpected(offset: Int)
  /// More than eight digits after the point that are not zero.
  case tooPrecise
  /// Beyond about 92 billion.
  case overflow
}

extension Fixed {
  /// Reads a plain decimal (`-12.5`, no exponent, no blanks) exactly.
  ///
  /// Zeros past the eighth place are accepted, other digits there are not: nothing is rounded. The
  /// range is symmetric, so that whatever was read can change its sign.
  ///
  /// - Throws: ``FixedFault`` naming what is wrong and where.
  @inlinable
  public init(decimal text: some Collection<UInt8>) throws(FixedFault) {
    var magnitude: UInt64 = 0
    var negative = false
    var digits = 0
    var places = -1
    var offset = 0
    for byte in text {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        let digit = UInt64(byte &- UInt8(ascii: "0"))
        if places >= 0 {
          if places == 8 {
            guard digit == 0 else { throw .tooPrecise }
            break
          }
          places += 1
        }
        let (tenfold, over) = magnitude.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tenfold.addingReportingOverflow(digit)
        guard !over, !carry else { throw .overflow }
        magnitude = sum
      case UInt8(ascii: "."):
        guard places < 0, digits > 0 else { throw .unexpected(offset: offset) }
        places = 0
      case UInt8(ascii: "-"):
        guard offset == 0 else { throw .unexpected(offset: offset) }
        negative = true
      default:
        throw .unexpected(offset: offset)
      }
      offset += 1
    }
    guard digits > 0, places != 0 else { throw .empty }
    var missing = 8 - Swift.max(places, 0)
    while missing > 0 {
      let (tenfold, over) = magnitude.multipliedReportingOverflow(by: 10)
      guard !over else { throw .overflow }
      magnitude = tenfold
      missing -= 1
    }
    guard magnitude <= UInt64(Int64.max) else { throw .overflow }
    self.init(steps: negative ? -Int64(magnitude) : Int64(magnitude))
  }

  /// Reads a plain decimal from a string; see ``init(decimal:)-(Collection<UInt8>)``.
  @inlinable
  public init(decimal text: String) throws(FixedFault) { try self.init(decimal: text.utf8) }
}

extension Fixed: CustomStringConvertible {
  /// The shortest decimal that reads back as this amount: no exponent, no trailing zeros.
  public var description: String { decimal(minimumPlaces: 0) }

  /// The decimal with at least `minimumPlaces` (0 to 8) digits after the point.
  public func decimal(minimumPlaces: Int) -> String {
    var bytes: [UInt8] = []
    appendDecimal(to: &bytes, minimumPlaces: minimumPlaces)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the decimal as ASCII; see ``decimal(minimumPlaces:)``.
  public func appendDecimal(to bytes: inout [UInt8], minimumPlaces: Int = 0) {
    if steps < 0 { bytes.append(UInt8(ascii: "-")) }
    let (whole, fraction) = steps.magnitude.quotientAndRemainder(dividingBy: 100_000_000)
    bytes.append(contentsOf: String(whole).utf8)
    var places = 8
    var rest = fraction
    while places > minimumPlaces, rest % 10 == 0 {
      rest /= 10
      places -= 1
    }
    guard places > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    var scale: UInt64 = 1
    for _ in 1..<places { scale *= 10 }
    while scale > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(rest / scale % 10))
      scale /= 10
    }
  }
}

extension Fixed: ExpressibleByStringLiteral {
  /// A literal such as `"98200.5"`; traps where the literal is no decimal, so for constants only.
  public init(stringLiteral value: StaticString) {
    do { self = try Self(decimal: value.description) } catch {
      preconditionFailure("\(value) is not a decimal: \(error)")
    }
  }
}
