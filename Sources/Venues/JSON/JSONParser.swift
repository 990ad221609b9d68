/// Why bytes are no JSON document that we accept.
public enum JSONFault: UInt8, Error, Hashable, Sendable, CaseIterable {
  /// No bytes, or only blanks.
  case empty = 1
  /// More bytes than ``JSONLimits/bytes``.
  case tooLarge = 2
  /// Nested deeper than ``JSONLimits/depth``.
  case tooDeep = 3
  /// Not UTF-8.
  case notUTF8 = 4
  /// A number that no 64-bit integer or double holds, or that is no number.
  case number = 5
  /// Anything else that JSON does not allow.
  case syntax = 6
  /// No memory for the document.
  case memory = 7
  /// An object with two members of one name.
  case duplicateKey = 8
}

/// How much JSON a parser accepts.
public struct JSONLimits: Hashable, Sendable {
  /// The longest document in bytes, at least 64.
  public let bytes: Int
  /// The deepest nesting of arrays and objects, at least 1.
  public let depth: Int

  /// Sets limits; values out of range (64 bytes to 1 GiB, depth 1 to 1024) are clamped.
  public init(bytes: Int = 4 << 20, depth: Int = 32) {
    self.bytes = min(max(bytes, 64), 1 << 30)
    self.depth = min(max(depth, 1), 1_024)
  }
}

/// Reads JSON documents one after another without allocating anew for each.
///
/// A value type: a document keeps what it was read from, and a parser that was copied, or whose
/// last document is still held, reads the next one into memory of its own.
public struct JSONParser: Sendable {
  /// How much it accepts.
  public let limits: JSONLimits
  private var storage: JSONStorage?

  /// Makes a parser; memory is asked for with the first document.
  public init(limits: JSONLimits = JSONLimits()) { self.limits = limits }

  /// Reads one document.
  ///
  /// - Throws: ``JSONFault`` where the bytes are not one JSON document within the limits.
  public mutating func parse(_ bytes: [UInt8]) throws(JSONFault) -> JSONDocument {
    if storage == nil || !isKnownUniquelyReferenced(&storage) {
      storage = JSONStorage(limits)
    }
    guard let storage else { throw .memory }
    let status = storage.parse(bytes)
    guard status == 0 else { throw JSONFault(rawValue: UInt8(clamping: status)) ?? .syntax }
    return JSONDocument(storage)
  }
}

/// A parsed document.
public struct JSONDocument: Sendable {
  private let storage: JSONStorage

  init(_ storage: JSONStorage) { self.storage = storage }

  /// The outermost value.
  public var root: JSONValue { JSONValue(storage, at: 1) }
}
