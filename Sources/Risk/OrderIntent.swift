public import Market

/// What ``StrategyID`` names.
public enum StrategyTag: Sendable {}
/// What ``Setup`` names.
public enum SetupTag: Sendable {}
/// A strategy's stable name: `wick_flow`.
public typealias StrategyID = Name<StrategyTag>
/// A strategy's setup: `pool_sweep`.
public typealias Setup = Name<SetupTag>

/// The 128-bit id that we give an order before anybody else knows of it.
///
/// A function of the run (epoch, strategy, symbol, setup, decision time, leg), so that two runs'
/// journals compare byte for byte and a retry can only repeat the same id.
public struct ClientOrderID: Hashable, Comparable, Sendable {
  /// The upper 64 bits.
  public let high: UInt64
  /// The lower 64 bits.
  public let low: UInt64

  /// Makes an id from its words.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Orders by value, for deterministic iteration only.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.high != rhs.high ? lhs.high < rhs.high : lhs.low < rhs.low
  }
}

extension ClientOrderID: CustomStringConvertible {
  /// `0x` and 32 lower-case hexadecimal digits, as on the wire.
  public var description: String {
    let digits = [high, low].map { word in
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return "0x" + digits.joined()
  }

  /// Reads ``description``, either case; nil where it is anything else.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 34, text.hasPrefix("0x") else { return nil }
    let digits = text.dropFirst(2)
    guard digits.allSatisfy(\.isHexDigit),
      let high = UInt64(digits.prefix(16), radix: 16),
      let low = UInt64(digits.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }
}

/// What an order is for.
public enum OrderRole: UInt8, Hashable, Sendable, CaseIterable {
  /// Opens a position.
  case entry = 0
  /// Rests at the venue and closes the position at its stop.
  case stop = 1
  /// Rests at the venue and closes the position at its target.
  case target = 2
  /// Closes the position now: time stop, operator, reconciliation.
  case exit = 3
}

/// How long an order may wait.
public enum TimeInForce: UInt8, Hashable, Sendable {
  /// Takes what is there now; the rest is cancelled.
  case immediateOrCancel = 0
  /// Rests until it is cancelled.
  case goodTilCancelled = 1
  /// Rests, or is refused where it would match at once.
  case addLiquidityOnly = 2
}

/// At what price, and when, an order may trade.
public enum OrderPricing: Hashable, Sendable {
  /// At `price` or better.
  case limit(price: Price, timeInForce: TimeInForce)
  /// Sleeps until the mark reaches `trigger`, then takes liquidity down to `worst`.
  case trigger(trigger: Price, worst: Price)
}

/// An order as the engine wants it, before or after the gate has spoken.
public struct OrderIntent: Hashable, Sendable {
  /// Our id.
  public let clientID: ClientOrderID
  /// Whose decision led to it.
  public let strategy: StrategyID
  /// What to trade.
  public let symbol: Symbol
  /// What it is for.
  public let role: OrderRole
  /// Buy or sell.
  public let side: Side
  /// Base coin, positive, a multiple of the lot.
  public let quantity: Quantity
  /// Price and patience.
  public let pricing: OrderPricing
  /// Whether the venue may only let it shrink a position.
  public let isReduceOnly: Bool

  /// Describes an order; nothing is checked until the gate sees it.
  public init(
    clientID: ClientOrderID, strategy: StrategyID, symbol: Symbol, role: OrderRole, side: Side,
    quantity: Quantity, pricing: OrderPricing, isReduceOnly: Bool
  ) {
    self.clientID = clientID
    self.strategy = strategy
    self.symbol = symbol
    self.role = role
    self.side = side
    self.quantity = quantity
    self.pricing = pricing
    self.isReduceOnly = isReduceOnly
  }
}

/// An order that the gate let through: the only thing that an executor or a venue client sends.
///
/// Nothing outside this module can make one.
public struct Cleared: Hashable, Sendable {
  /// The order.
  public let intent: OrderIntent

  init(_ intent: OrderIntent) { self.intent = intent }
}
