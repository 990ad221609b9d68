public import Market

/// One value of a parsed document; keeps the document alive.
public struct JSONValue: Sendable {
  /// What a value can be.
  public enum Kind: Hashable, Sendable {
    /// `{}`
    case object
    /// `[]`
    case array
    /// Text.
    case string
    /// A number without point or exponent that fits 64 bits.
    case integer
    /// Any other number.
    case double
    /// `true` or `false`.
    case bool
    /// `null`
    case null
  }

  let storage: JSONStorage
  let index: Int

  @inline(__always)
  init(_ storage: JSONStorage, at index: Int) {
    self.storage = storage
    self.index = index
  }

  @inline(__always)
  var word: UInt64 { storage.word(index) }

  @inline(__always)
  var tag: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }

  /// What it is.
  public var kind: Kind {
    switch tag {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "l"), UInt8(ascii: "u"): .integer
    case UInt8(ascii: "d"): .double
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    default: .null
    }
  }

  /// Whether it is `null`.
  public var isNull: Bool { tag == UInt8(ascii: "n") }

  /// The truth value; nil where it is none.
  public var bool: Bool? {
    switch tag {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  /// The integer; nil where it is none or beyond the type.
  public var int64: Int64? {
    switch tag {
    case UInt8(ascii: "l"): Int64(bitPattern: storage.word(index + 1))
    case UInt8(ascii: "u"): Int64(exactly: storage.word(index + 1))
    default: nil
    }
  }

  /// The integer; nil where it is none or negative.
  public var uint64: UInt64? {
    switch tag {
    case UInt8(ascii: "l"): UInt64(exactly: Int64(bitPattern: storage.word(index + 1)))
    case UInt8(ascii: "u"): storage.word(index + 1)
    default: nil
    }
  }

  /// The integer; nil where it is none.
  public var int: Int? { int64.flatMap(Int.init(exactly:)) }

  /// The number, rounded where it is a large integer; nil where it is none.
  public var double: Double? {
    let payload = storage.word(index + 1)
    return switch tag {
    case UInt8(ascii: "d"): Double(bitPattern: payload)
    case UInt8(ascii: "l"): Double(Int64(bitPattern: payload))
    case UInt8(ascii: "u"): Double(payload)
    default: nil
    }
  }

  /// The bytes of a string; nil where it is none.
  public var text: JSONText? {
    guard tag == UInt8(ascii: "\"") else { return nil }
    return JSONText(storage, word)
  }

  /// The string; nil where it is none.
  public var string: String? { text.map(String.init) }

  /// The elements of an array; nil where it is none.
  public var elements: JSONElements? {
    guard tag == UInt8(ascii: "[") else { return nil }
    return JSONElements(storage, at: index)
  }

  /// The members of an object in their order; nil where it is none.
  public var members: JSONMembers? {
    guard tag == UInt8(ascii: "{") else { return nil }
    return JSONMembers(storage, at: index)
  }

  /// The exact amount that a string spells; nil where it is no string or no such amount.
  public func fixed<Unit>(_ unit: Fixed<Unit>.Type = Fixed<Unit>.self) -> Fixed<Unit>? {
    storage.fixed(at: index)
  }

  /// The time that an integer says in milliseconds since the epoch; nil outside 1970 to 2199.
  ///
  /// The bound leaves room for intervals to be added to a time from outside.
  public var milliseconds: Instant? { storage.milliseconds(at: index) }
}

/// The UTF-8 bytes of a string in a document; keeps the document alive.
public struct JSONText: RandomAccessCollection, Sendable {
  private let storage: JSONStorage
  private let word: UInt64

  @inline(__always)
  init(_ storage: JSONStorage, _ word: UInt64) {
    self.storage = storage
    self.word = word
  }

  /// Zero.
  public var startIndex: Int { 0 }
  /// How many bytes there are.
  public var endIndex: Int { storage.text(word).count }
  /// The byte at a position within the bounds.
  public subscript(position: Int) -> UInt8 { storage.text(word)[position] }

  /// Calls `body` with the bytes in place.
  @inline(__always)
  public func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    body(storage.text(word))
  }

  /// Whether the text is `literal`.
  @inline(__always)
  public static func == (text: Self, literal: StaticString) -> Bool {
    text.withUTF8 { $0.equals(literal) }
  }

  /// Whether the text is `literal`, for `switch`.
  public static func ~= (literal: StaticString, text: Self) -> Bool { text == literal }
}

extension String {
  /// Makes a string from a text of a document.
  public init(_ text: JSONText) {
    self = text.withUTF8 { String(decoding: $0, as: UTF8.self) }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether the bytes are those of `literal`.
  @inline(__always)
  func equals(_ literal: StaticString) -> Bool {
    guard literal.hasPointerRepresentation, count == literal.utf8CodeUnitCount else {
      return false
    }
    for index in 0..<count where self[index] != literal.utf8Start[index] { return false }
    return true
  }
}
