public import Market

/// What a scenario demands beside the oracles.
public struct Expectations: Hashable, Sendable {
  /// Conditions that must hold at no event.
  public var never: [Expectation] = []
  /// Conditions that must hold at every event.
  public var always: [Expectation] = []
  /// Conditions that must hold at some event within a time.
  public var eventually: [Expectation] = []
  /// Counters within bounds at the end.
  public var counts: [CountExpectation] = []
  /// How symbols are held at the end.
  public var positions: [PositionExpectation] = []
  /// Marks that must be hit.
  public var marks: [Mark] = []
  /// Bounds on every entry, whatever the configuration allows.
  public var entries = EntryBounds()
  /// No expectation.
  public init() {}
}

/// Bounds on every entry, whatever the configuration allows; nil where there is none.
public struct EntryBounds: Hashable, Sendable {
  /// The most of equity that an entry may lose at its stop, costs included, in parts per million.
  public var risk: Int64?
  /// The least reward to risk at the decision's price, in steps of 1e-8.
  public var rewardToRisk: Int64?
  /// The most positions, and entries that may still open one.
  public var slots: Int?
  /// The loss of the day's first equity from which on no entry may be made, in parts per million.
  public var dayLoss: Int64?
  /// The loss of the session's first equity from which on none may be made, in parts per million.
  public var drawdown: Int64?
  /// No bound.
  public init() {}
}

/// A condition, and when it is looked at.
public struct Expectation: Hashable, Sendable {
  /// What is looked at.
  public var condition: Condition
  /// From when on, counted from the start of the world.
  public var from: Interval
  /// How long after `from`; nil to the end of the run.
  public var within: Interval?
}

/// Something that is true of a run at an event.
public enum Condition: Hashable, Sendable {
  /// An alert of this code has been raised (since the expectation's `from`).
  case alert(String)
  /// The engine's position in the symbol is this.
  case position(PositionKind, Symbol)
  /// The venue's position in the symbol is this.
  case venuePosition(PositionKind, Symbol)
  /// The kill switch is engaged (or not).
  case killSwitch(Bool)
  /// The named breaker pauses entries; nil is any.
  case breaker(String?)
  /// The feed is live (or not).
  case feed(Bool)
  /// A drift of this kind is open; nil is any.
  case drift(String?)
  /// An order's outcome is unknown.
  case unknownOrder
  /// A counter has grown to at least this since the expectation's `from`.
  case counted(String, atLeast: Int)
  /// The newest closed candle of the series closes at or after this time since the start.
  case candle(Symbol, Timeframe, closedBy: Interval)
  /// Entries are paused by the session's drawdown.
  case drawdownPause
  /// A strategy is fed so.
  case health(HealthExpectation)
}

/// How a symbol is held.
public enum PositionKind: String, Hashable, Sendable, CaseIterable {
  /// Nothing is held.
  case flat
  /// More than nothing.
  case long
  /// Less than nothing.
  case short
}

/// Bounds for a counter at the end of a run.
public struct CountExpectation: Hashable, Sendable {
  /// The counter's name; a trailing `*` adds up all that begin so.
  public var name: String
  /// The bounds.
  public var range: ClosedRange<Int>
}

/// How the engine holds a symbol at the end of a run.
public struct PositionExpectation: Hashable, Sendable {
  /// Which symbol.
  public var symbol: Symbol
  /// How it is held.
  public var kind: PositionKind
}
