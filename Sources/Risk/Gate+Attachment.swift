import Market

/// An entry and the exits that leave with it in one action.
///
/// Only the gate makes one: each exit is reduce-only, closes exactly what the entry may open, and
/// waits on its own side of the entry's price. An entry alone is a family too.
public struct ClearedFamily: Hashable, Sendable {
  /// The entry.
  public let entry: Cleared
  /// A stop, and a target where there is one; empty where the entry leaves alone.
  public let exits: [Cleared]
}

extension ClearedEntry {
  /// The entry as a family of its own.
  public var alone: ClearedFamily { ClearedFamily(entry: order, exits: []) }
}

extension Gate {
  /// Judges the exits that are to leave with an entry.
  ///
  /// - Parameters:
  ///   - exits: The stop, and the target where there is one, all of the entry's quantity.
  ///   - entry: The entry as it was cleared.
  /// - Returns: All of them as one, or the first reason against one of the exits.
  public func attach(
    _ exits: [OrderIntent], to entry: ClearedEntry
  ) -> Result<ClearedFamily, AttachmentRefusal> {
    let parent = entry.order.intent
    let opened = parent.side == .buy ? parent.quantity : -parent.quantity
    for intent in exits {
      guard intent.symbol == parent.symbol, case .trigger(let trigger, let worst) = intent.pricing
      else { return .failure(.notProtective) }
      let attachment = AttachedExit<Int64>(
        exit: Reduction(
          role: intent.role, isBuy: intent.side == .buy, isReduceOnly: intent.isReduceOnly,
          quantity: intent.quantity.steps, price: worst.steps, position: opened.steps,
          outstanding: exits.outstanding(besides: intent)),
        trigger: trigger.steps, entryPrice: parent.pricing.worstPrice.steps)
      if let refusal = judgeAttachment(attachment, in: Integers()) { return .failure(refusal) }
    }
    return .success(ClearedFamily(entry: entry.order, exits: exits.map(Cleared.init)))
  }
}

extension [OrderIntent] {
  /// Base coin of the other orders of the same role.
  fileprivate func outstanding(besides intent: OrderIntent) -> Int64 {
    var sum = Int128(0)
    for other in self where other.role == intent.role && other.clientID != intent.clientID {
      sum += Int128(other.quantity.steps)
    }
    return Int64(clamping: sum)
  }
}
