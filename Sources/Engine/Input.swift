public import Market
public import Venues

/// Everything that can happen to an engine; nothing else moves it.
public enum Input: Hashable, Sendable {
  /// The host is ready: the first input of every run, after the engine was made or recovered.
  case started
  /// The network spoke.
  case transport(TransportInput)
  /// A timer that the engine set is due.
  case timer(TimerID)
  /// A market event that came past the wire: data files in a replay, a foreign feed in a scenario.
  case market(MarketEvent)
  /// A person spoke.
  case command(OperatorCommand)
}

/// What an operator may ask of a running engine.
public enum OperatorCommand: Hashable, Sendable {
  /// Engage the kill switch: no new entries, resting entries cancelled, exits allowed.
  case kill(reason: String)
  /// Lift the kill switch; only a person does.
  case resume(reason: String)
  /// Close every position now (allowed while killed).
  case flatten(reason: String)
  /// Stop gracefully: cancel resting entries, keep protective stops, then report
  /// ``Effect/stopped``.
  case stop
}

/// What one step asks of the host.
///
/// The host makes all of ``records`` durable, as one transaction, before the first of ``effects``
/// leaves (law 6). A crash may fall between any two effects.
public struct Outbox: Sendable {
  /// To be made durable first, in order, all or none.
  public var records: [Record] = []
  /// To be carried out afterwards, in order.
  public var effects: [Effect] = []

  /// Starts empty.
  public init() {}

  /// Empties both lists and keeps their storage.
  public mutating func removeAll() {
    if !records.isEmpty { records.removeAll(keepingCapacity: true) }
    if !effects.isEmpty { effects.removeAll(keepingCapacity: true) }
  }
}

/// One thing that a host does for the engine.
public enum Effect: Hashable, Sendable {
  /// Something for the network.
  case transport(TransportEffect)
  /// Wake the engine with ``Input/timer(_:)`` at or after `at`; an earlier timer of the id is
  /// moved.
  case setTimer(TimerID, at: Monotonic)
  /// Forget a timer; one that is already due may still arrive.
  case cancelTimer(TimerID)
  /// Tell a person.
  case alert(Alert)
  /// The graceful stop is complete: no input is expected any more.
  case stopped
}

/// How urgent an alert is.
public enum Severity: UInt8, Hashable, Comparable, Sendable {
  /// For the record.
  case notice = 0
  /// Something is limited until it recovers.
  case warning = 1
  /// A person has to act.
  case critical = 2
  /// Orders by urgency.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A message to a person.
public struct Alert: Hashable, Sendable {
  /// A stable dotted code: `breaker.latency`, `drift.phantom`, `kill.engaged`.
  public let code: String
  /// How urgent.
  public let severity: Severity
  /// The symbol concerned.
  public let symbol: Symbol?
  /// One sentence with the values that explain it.
  public let message: String

  /// Makes an alert.
  public init(code: String, severity: Severity, symbol: Symbol? = nil, message: String) {
    self.code = code
    self.severity = severity
    self.symbol = symbol
    self.message = message
  }
}
