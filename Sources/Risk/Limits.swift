/// What the session drawdown is measured from.
public enum DrawdownReference: UInt8, Hashable, Sendable, CaseIterable {
  /// Equity when the session began, as in the source system: gains widen the room.
  case sessionStart = 0
  /// The highest equity ever seen, across restarts, and never less than the session's start.
  case highWater = 1
}

/// What an exposure on a symbol forbids.
public enum SymbolExposure: UInt8, Hashable, Sendable, CaseIterable {
  /// A strategy's own exposure only, as in the source system: strategies stack and oppose.
  case perStrategy = 0
  /// Any exposure of any strategy: one position a symbol.
  case exclusive = 1
}

/// Every limit that the rules read, each within the bounds of ``Limits/Field``.
///
/// Change a value on ``paperDefault`` or ``exchangeDefault`` with ``setting(_:to:)``, which
/// validates; there is no way to hold a value out of bounds.
public struct Limits: Hashable, Sendable {
  /// Values by ``Field``, in the order of its cases.
  let values: [Int64]
  /// What the session drawdown is measured from.
  public let drawdownReference: DrawdownReference
  /// What an exposure on a symbol forbids.
  public let symbolExposure: SymbolExposure

  /// The value of one limit, in the unit that its name ends with.
  public subscript(field: Field) -> Int64 { values[Int(field.rawValue)] }

  /// Makes limits from a base and the values that differ from it.
  ///
  /// - Throws: ``LimitsError`` for the first value out of bounds, or for minimum and maximum stop
  ///   distances that leave nothing between them.
  public init(
    basedOn base: Limits, setting changes: [(field: Field, value: Int64)] = [],
    drawdownReference: DrawdownReference? = nil, symbolExposure: SymbolExposure? = nil
  ) throws(LimitsError) {
    var values = base.values
    for change in changes {
      guard change.field.bounds.contains(change.value) else {
        throw .outOfBounds(change.field, value: change.value)
      }
      values[Int(change.field.rawValue)] = change.value
    }
    self.init(
      values: values, drawdownReference: drawdownReference ?? base.drawdownReference,
      symbolExposure: symbolExposure ?? base.symbolExposure)
    guard self[.minimumStopDistanceBasisPoints] < self[.maximumStopDistanceBasisPoints] else {
      throw .stopDistancesCross(
        minimum: self[.minimumStopDistanceBasisPoints],
        maximum: self[.maximumStopDistanceBasisPoints])
    }
  }

  /// These limits with one value changed.
  ///
  /// - Throws: ``LimitsError`` as ``init(basedOn:setting:drawdownReference:symbolExposure:)``.
  public func setting(_ field: Field, to value: Int64) throws(LimitsError) -> Limits {
    try Limits(basedOn: self, setting: [(field, value)])
  }

  init(
    values: [Int64], drawdownReference: DrawdownReference, symbolExposure: SymbolExposure
  ) {
    self.values = values
    self.drawdownReference = drawdownReference
    self.symbolExposure = symbolExposure
  }

  /// The source system's choices: its weaknesses stay reproducible on paper.
  public static let paperDefault = Limits(
    values: Field.allCases.map(\.paperValue), drawdownReference: .sessionStart,
    symbolExposure: .perStrategy)

  /// The safer choices, where money can be lost.
  public static let exchangeDefault = Limits(
    values: Field.allCases.map(\.exchangeValue), drawdownReference: .highWater,
    symbolExposure: .exclusive)
}

/// Why ``Limits`` cannot be made.
public enum LimitsError: Error, Hashable, Sendable {
  /// A value outside its field's bounds.
  case outOfBounds(Limits.Field, value: Int64)
  /// The minimum stop distance is not below the maximum.
  case stopDistancesCross(minimum: Int64, maximum: Int64)
}

extension LimitsError: CustomStringConvertible {
  /// What was wrong, with the value, the bounds and the reason for them.
  public var description: String {
    switch self {
    case .outOfBounds(let field, let value):
      "\(field.name) is \(value); expected \(field.bounds.lowerBound) to "
        + "\(field.bounds.upperBound)"
    case .stopDistancesCross(let minimum, let maximum):
      "minimumStopDistanceBasisPoints is \(minimum) and maximumStopDistanceBasisPoints is "
        + "\(maximum); expected the minimum below the maximum"
    }
  }
}
