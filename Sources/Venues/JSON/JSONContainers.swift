/// The elements of an array, in order.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
  private let storage: JSONStorage
  private let end: Int
  private var index: Int

  init(_ storage: JSONStorage, at start: Int) {
    self.storage = storage
    self.index = start + 1
    self.end = storage.next(after: start) - 1
  }

  /// The next element.
  public mutating func next() -> JSONValue? {
    guard index < end else { return nil }
    defer { index = storage.next(after: index) }
    return JSONValue(storage, at: index)
  }

  /// Whether no element is left.
  public var isEmpty: Bool { index >= end }

  /// How many elements are left; walks them.
  public var count: Int { reduce(0) { count, _ in count + 1 } }
}

/// The members of an object, in order; no two have one name.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
  private let storage: JSONStorage
  private let end: Int
  private var index: Int

  init(_ storage: JSONStorage, at start: Int) {
    self.storage = storage
    self.index = start + 1
    self.end = storage.next(after: start) - 1
  }

  /// The next member.
  public mutating func next() -> (key: JSONText, value: JSONValue)? {
    guard index < end else { return nil }
    let key = JSONText(storage, storage.word(index))
    let value = JSONValue(storage, at: index + 1)
    index = storage.next(after: index + 1)
    return (key, value)
  }

  /// Whether no member is left.
  public var isEmpty: Bool { index >= end }

  /// How many members are left; walks them.
  public var count: Int { reduce(0) { count, _ in count + 1 } }
}

extension JSONValue {
  /// The member called `key`; nil where it is missing or this is no object.
  public subscript(key: StaticString) -> JSONValue? {
    find(key).map { JSONValue(storage, at: $0) }
  }

  /// Where on the tape the member called `key` stands, for readers that keep no value of it.
  @inline(__always)
  func find(_ key: StaticString) -> Int? {
    guard tag == UInt8(ascii: "{") else { return nil }
    let end = Int(word & 0xffff_ffff) - 1
    var cursor = index + 1
    while cursor < end {
      if storage.text(storage.word(cursor)).equals(key) { return cursor + 1 }
      cursor = storage.next(after: cursor + 1)
    }
    return nil
  }

  /// Calls `body` with the bytes of each key and the place of its value on the tape.
  @inline(__always)
  func eachMember(_ body: (UnsafeBufferPointer<UInt8>, Int) -> Void) {
    guard tag == UInt8(ascii: "{") else { return }
    let end = Int(word & 0xffff_ffff) - 1
    var cursor = index + 1
    while cursor < end {
      body(storage.text(storage.word(cursor)), cursor + 1)
      cursor = storage.next(after: cursor + 1)
    }
  }

  /// The member whose key has these bytes; nil where it is missing or this is no object.
  public func member(named key: some Collection<UInt8>) -> JSONValue? {
    guard let members else { return nil }
    for member in members where member.key.elementsEqual(key) { return member.value }
    return nil
  }

  /// The element at a position; nil beyond the end, or where this is no array.
  public subscript(position: Int) -> JSONValue? {
    guard let elements, position >= 0 else { return nil }
    var rest = position
    for element in elements {
      if rest == 0 { return element }
      rest -= 1
    }
    return nil
  }
}
