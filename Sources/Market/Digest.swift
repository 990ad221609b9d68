/// A 64-bit digest of a sequence of words, the same in every process, build and machine.
///
/// Detects divergence between runs; it is no defence against someone who wants a collision
/// (evidence files carry SHA-256 for that).
@frozen
public struct Digest: Hashable, Sendable {
  /// The state so far.
  public var value: UInt64

  /// Starts a digest; `seed` keeps unlike things apart.
  @inlinable
  public init(seed: UInt64 = 0) { self.init(rawValue: seed ^ 0x9e37_79b9_7f4a_7c15) }

  /// Continues a digest from its ``value``.
  @inlinable
  public init(rawValue: UInt64) { value = rawValue }

  /// Folds one word in.
  @inlinable @inline(__always)
  public mutating func add(_ word: UInt64) {
    let product = (value ^ word ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(
      by: (value &>> 32 | value &<< 32) &+ (word &* 0xe703_7ed1_a0b4_28db) | 1)
    value = product.high ^ product.low &+ word
  }

  /// Folds one signed word in.
  @inlinable @inline(__always)
  public mutating func add(_ word: Int64) { add(UInt64(bitPattern: word)) }

  /// Folds a truth value in.
  @inlinable
  public mutating func add(_ flag: Bool) { add(UInt64(flag ? 1 : 0)) }

  /// Folds an amount in.
  @inlinable @inline(__always)
  public mutating func add<Unit>(_ amount: Fixed<Unit>) { add(amount.steps) }

  /// Folds a name in.
  @inlinable @inline(__always)
  public mutating func add<Tag>(_ name: Name<Tag>) {
    add(name.words.0)
    add(name.words.1)
  }

  /// Folds bytes in, eight at a time, their count last.
  @inlinable
  public mutating func add(bytes: some Collection<UInt8>) {
    var word: UInt64 = 0
    var filled = 0
    var count = 0
    for byte in bytes {
      word |= UInt64(byte) &<< UInt64(8 &* filled)
      filled &+= 1
      count &+= 1
      if filled == 8 {
        add(word)
        word = 0
        filled = 0
      }
    }
    if filled > 0 { add(word) }
    add(UInt64(count))
  }

  /// Folds a text in as UTF-8.
  @inlinable
  public mutating func add(_ text: String) { add(bytes: text.utf8) }
}

extension Digest: CustomStringConvertible {
  /// Sixteen hexadecimal digits.
  public var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// A value that can fold itself into a ``Digest``.
public protocol Digestible {
  /// Folds every part that makes the value what it is, in a fixed order.
  func add(to digest: inout Digest)
}
