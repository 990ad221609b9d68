/// What a ``Name`` names: symbols, strategies and setups do not mix.
public enum SymbolTag: Sendable {}

/// A perpetual's name at the execution venue: `BTC`, `ETH`.
public typealias Symbol = Name<SymbolTag>

/// A short stable name, 1 to 16 printable ASCII characters.
///
/// Held in two words, so that it copies, compares and hashes without touching the heap.
@frozen
public struct Name<Tag>: Hashable, Comparable, Sendable {
  @usableFromInline let high: UInt64
  @usableFromInline let low: UInt64

  /// Reads a name; nil where it is empty, longer than 16 bytes or not printable ASCII.
  @inlinable
  public init?(_ name: some Collection<UInt8>) {
    var high: UInt64 = 0
    var low: UInt64 = 0
    var count = 0
    for byte in name {
      guard byte > 0x20, byte < 0x7f, count < 16 else { return nil }
      if count < 8 {
        high |= UInt64(byte) << UInt64(56 - 8 * count)
      } else {
        low |= UInt64(byte) << UInt64(56 - 8 * (count - 8))
      }
      count += 1
    }
    guard count > 0 else { return nil }
    self.high = high
    self.low = low
  }

  /// Reads a name from a string; see ``init(_:)-(Collection<UInt8>)``.
  @inlinable
  public init?(_ name: String) { self.init(name.utf8) }

  /// The same name of another kind of thing.
  @inlinable
  public init<Other>(renaming other: Name<Other>) {
    high = other.high
    low = other.low
  }

  /// Orders by name, byte by byte.
  @inlinable
  public static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.high != rhs.high ? lhs.high < rhs.high : lhs.low < rhs.low
  }

  /// The two words of the name, for digests.
  @inlinable public var words: (UInt64, UInt64) { (high, low) }
}

extension Name: CustomStringConvertible, ExpressibleByStringLiteral {
  /// The name.
  public var description: String {
    var bytes: [UInt8] = []
    for word in [high, low] {
      for shift in stride(from: 56, through: 0, by: -8) {
        let byte = UInt8(truncatingIfNeeded: word >> UInt64(shift))
        if byte != 0 { bytes.append(byte) }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A literal such as `"BTC"`; traps where it is no name, so for constants only.
  public init(stringLiteral value: StaticString) {
    guard let name = Self(value.description) else {
      preconditionFailure("\(value) is not a name of 1 to 16 printable ASCII characters")
    }
    self = name
  }
}

/// Where data comes from or orders go.
public enum Venue: UInt8, Hashable, Comparable, CaseIterable, Sendable {
  /// Hyperliquid perpetuals: the execution venue, whose candles are canonical.
  case hyperliquid = 0
  /// Binance USD-M futures: market data only.
  case binance = 1
  /// Coinbase spot: market data only.
  case coinbase = 2
  /// Deribit options: market data only.
  case deribit = 3

  /// Orders by raw value.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
  /// The stable lower-case name.
  public var name: String {
    switch self {
    case .hyperliquid: "hyperliquid"
    case .binance: "binance"
    case .coinbase: "coinbase"
    case .deribit: "deribit"
    }
  }
}

/// The direction of an order, a trade or a position.
public enum Side: UInt8, Hashable, Sendable {
  /// Buys, or is long.
  case buy = 0
  /// Sells, or is short.
  case sell = 1

  /// The other side.
  @inlinable public var opposite: Side { self == .buy ? .sell : .buy }
  /// +1 for a buy, −1 for a sell.
  @inlinable public var sign: Int64 { self == .buy ? 1 : -1 }
}
