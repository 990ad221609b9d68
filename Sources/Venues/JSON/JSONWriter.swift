public import Market

/// Writes one JSON text, in the order in which it is told.
///
/// Commas and escapes are the writer's business; that objects close and keys precede values is the
/// caller's.
public struct JSONWriter: Sendable {
  /// What has been written.
  public private(set) var bytes: [UInt8]

  /// Starts empty, with room for `capacity` bytes.
  public init(capacity: Int = 256) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// What has been written, as a string.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Forgets what was written and keeps the room.
  public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// Writes an object whose members `body` writes.
  public mutating func object<Failure: Error>(
    _ body: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) {
    separate()
    bytes.append(UInt8(ascii: "{"))
    try body(&self)
    bytes.append(UInt8(ascii: "}"))
  }

  /// Writes an array whose elements `body` writes.
  public mutating func array<Failure: Error>(
    _ body: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) {
    separate()
    bytes.append(UInt8(ascii: "["))
    try body(&self)
    bytes.append(UInt8(ascii: "]"))
  }

  /// Writes an array of one value for each element.
  public mutating func array<Element, Failure: Error>(
    _ elements: some Sequence<Element>,
    _ body: (inout JSONWriter, Element) throws(Failure) -> Void
  ) throws(Failure) {
    separate()
    bytes.append(UInt8(ascii: "["))
    for element in elements { try body(&self, element) }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Writes a member's name; its value comes next.
  ///
  /// A literal is written as it stands: it has nothing to escape.
  public mutating func key(_ name: StaticString) {
    guard name.hasPointerRepresentation else { return key(name.description.utf8) }
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  /// Writes a member's name; its value comes next.
  public mutating func key(_ name: some Sequence<UInt8>) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
  }

  /// Writes a text.
  public mutating func string(_ value: String) { string(value.utf8) }

  /// Writes a text from its UTF-8 bytes.
  public mutating func string(_ value: some Sequence<UInt8>) {
    separate()
    quote(value)
  }

  /// Writes an integer.
  public mutating func integer(_ value: some BinaryInteger) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// Writes `true` or `false`.
  public mutating func bool(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Writes `null`.
  public mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Writes an amount as a quoted decimal with at least `places` digits after the point.
  public mutating func decimal<Unit>(_ value: Fixed<Unit>, places: Int = 0) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    value.appendDecimal(to: &bytes, minimumPlaces: places)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a symbol as a text.
  public mutating func name<Tag>(_ value: Name<Tag>) { string(value.description.utf8) }

  /// Writes bytes that are already one JSON value.
  public mutating func raw(_ value: some Sequence<UInt8>) {
    separate()
    bytes.append(contentsOf: value)
  }

  // A value or key follows another one unless a bracket or colon stands before it.
  private mutating func separate() {
    switch bytes.last {
    case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): break
    default: bytes.append(UInt8(ascii: ","))
    }
  }

  private mutating func quote(_ value: some Sequence<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    for byte in value {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20:
        let digits: [UInt8] = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension JSONWriter {
  /// Writes a member that is an object.
  public mutating func object<Failure: Error>(
    _ name: StaticString, _ body: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) {
    key(name)
    try object(body)
  }

  /// Writes a member that is an array.
  public mutating func array<Failure: Error>(
    _ name: StaticString, _ body: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) {
    key(name)
    try array(body)
  }

  /// Writes a member that is an array of one value for each element.
  public mutating func array<Element, Failure: Error>(
    _ name: StaticString, _ elements: some Sequence<Element>,
    _ body: (inout JSONWriter, Element) throws(Failure) -> Void
  ) throws(Failure) {
    key(name)
    try array(elements, body)
  }

  /// Writes a text member.
  public mutating func string(_ name: StaticString, _ value: String) {
    key(name)
    string(value)
  }

  /// Writes an integer member.
  public mutating func integer(_ name: StaticString, _ value: some BinaryInteger) {
    key(name)
    integer(value)
  }

  /// Writes a truth value member.
  public mutating func bool(_ name: StaticString, _ value: Bool) {
    key(name)
    bool(value)
  }

  /// Writes a `null` member.
  public mutating func null(_ name: StaticString) {
    key(name)
    null()
  }

  /// Writes a quoted decimal member; see ``decimal(_:places:)``.
  public mutating func decimal<Unit>(
    _ name: StaticString, _ value: Fixed<Unit>, places: Int = 0
  ) {
    key(name)
    decimal(value, places: places)
  }

  /// Writes a symbol member.
  public mutating func name<Tag>(_ key: StaticString, _ value: Name<Tag>) {
    self.key(key)
    name(value)
  }
}
