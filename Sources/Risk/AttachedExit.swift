/// An exit that leaves together with the entry whose position it will protect, as the gate sees it.
@frozen
public struct AttachedExit<Number: DomainNumber> {
  /// The exit, against the position that the entry opens when it trades in full.
  public var exit: Reduction<Number>
  /// The mark price that wakes it.
  public var trigger: Number
  /// The worst price that the entry may trade at.
  public var entryPrice: Number

  /// Describes an exit; amounts in steps of 1e-8.
  @inlinable @inline(__always)
  public init(exit: Reduction<Number>, trigger: Number, entryPrice: Number) {
    self.exit = exit
    self.trigger = trigger
    self.entryPrice = entryPrice
  }
}

extension AttachedExit: Sendable where Number: Sendable, Number.Truth: Sendable {}

/// Why the gate does not let an exit leave with its entry.
public enum AttachmentRefusal: Hashable, Sendable, Error {
  /// It would not even pass as a reduction of the position that the entry opens.
  case reduction(ReductionRefusal)
  /// It is neither a stop nor a target: it would not wait for anything.
  case notProtective
  /// It does not cover exactly what the entry may open.
  case otherSize
  /// Its trigger lies on the wrong side of the entry: it would wake at once.
  case wrongSide

  /// The stable text of logs, tables and traces.
  public var code: String {
    switch self {
    case .reduction(let refusal): refusal.code
    case .notProtective: "NOT_PROTECTIVE"
    case .otherSize: "OTHER_SIZE"
    case .wrongSide: "WRONG_SIDE"
    }
  }
}

/// Whether an exit may leave with its entry; nil lets it pass.
///
/// What holds for a reduction of the position that is not there yet holds here too; beyond that the
/// exit covers the whole of it and waits on its own side of the entry's price.
@inlinable
public func judgeAttachment<D: Domain>(
  _ attachment: AttachedExit<D.Number>, in d: D
) -> AttachmentRefusal? {
  let exit = attachment.exit
  if let refusal = judgeReduction(exit, in: d) { return .reduction(refusal) }
  let rises: D.Number.Truth
  switch exit.role {
  case .stop: rises = exit.isBuy
  case .target: rises = exit.isBuy.negated
  case .entry, .exit: return .notProtective
  }
  if d.holds((exit.quantity == exit.position.magnitudeTerm).negated) { return .otherSize }
  let isSane = isWithin(attachment.trigger, 1, Bounds.largestPrice)
    .and(isWithin(attachment.entryPrice, 1, Bounds.largestPrice))
  if d.holds(isSane.negated) { return .reduction(.malformed) }
  let isBeyond = rises.and(attachment.entryPrice < attachment.trigger)
    .or(rises.negated.and(attachment.trigger < attachment.entryPrice))
  if d.holds(isBeyond.negated) { return .wrongSide }
  return nil
}
