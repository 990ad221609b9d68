/// How the engine's position differs from the venue's.
public enum DriftKind: UInt8, Hashable, Sendable, CaseIterable {
  /// We believe in a position that the venue does not have.
  case phantom = 0
  /// The venue has a position that we do not believe in.
  case orphan = 1
  /// Both have one, on opposite sides.
  case sideMismatch = 2
  /// Both have one on the same side, of different sizes.
  case sizeMismatch = 3

  /// The stable lower-case name: `phantom`, `side_mismatch`.
  public var name: String {
    switch self {
    case .phantom: "phantom"
    case .orphan: "orphan"
    case .sideMismatch: "side_mismatch"
    case .sizeMismatch: "size_mismatch"
    }
  }
}

/// What comparing one symbol came to.
public enum DriftVerdict: Hashable, Sendable {
  /// The views agree, or orders that are out explain the difference.
  case none
  /// The views differ.
  case drift(DriftKind)
  /// A value is beyond ``Bounds``.
  case malformed
}

/// Compares the engine's and the venue's signed quantity of one symbol.
///
/// A difference that the orders out may explain (their executions can reach the one view before the
/// other) is no drift: buys not yet resolved may lift the venue's view, sells may lower it.
///
/// - Parameters:
///   - local: What the engine believes, signed.
///   - venue: What the venue says, signed.
///   - buysInFlight: Base coin that buy orders out may have traded unseen.
///   - sellsInFlight: Base coin that sell orders out may have traded unseen.
///   - d: The reading.
/// - Returns: The kind of drift; the kind does not depend on what is in flight.
@inlinable
public func classifyDrift<D: Domain>(
  local: D.Number, venue: D.Number, buysInFlight: D.Number, sellsInFlight: D.Number, in d: D
) -> DriftVerdict {
  let isSane = isWithin(local, -Bounds.largestQuantity, Bounds.largestQuantity)
    .and(isWithin(venue, -Bounds.largestQuantity, Bounds.largestQuantity))
    .and(isWithin(buysInFlight, 0, Bounds.largestQuantity))
    .and(isWithin(sellsInFlight, 0, Bounds.largestQuantity))
  if d.holds(isSane.negated) { return .malformed }
  let difference = venue - local
  if d.holds((0 - sellsInFlight <= difference).and(difference <= buysInFlight)) { return .none }
  if d.holds(venue == 0) { return .drift(.phantom) }
  if d.holds(local == 0) { return .drift(.orphan) }
  if d.holds((local < 0).and(0 < venue).or((venue < 0).and(0 < local))) {
    return .drift(.sideMismatch)
  }
  return .drift(.sizeMismatch)
}
