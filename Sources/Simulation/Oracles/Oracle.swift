import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// One thing that must hold after every event, whatever goes wrong.
public struct OracleEntry: Hashable, Sendable {
  /// The id of the field's catalogue (S safety, A accounting, M market data).
  public let id: String
  /// What must hold, in one line.
  public let statement: String
}

/// Looks at a run from outside and says what is wrong; knows the rules, not the engine's code.
protocol Oracle: Sendable {
  /// The ids that it reports under.
  static var entries: [OracleEntry] { get }

  init(_ setting: OracleSetting)

  /// A process began a life.
  mutating func engineStarted(at time: Instant, _ findings: inout Findings)
  /// A process died.
  mutating func engineDied(at time: Instant, _ findings: inout Findings)
  /// Records became durable.
  mutating func persisted(_ records: [Record], _ findings: inout Findings)
  /// A step was taken and its records are durable.
  mutating func examine(_ step: StepObservation, _ findings: inout Findings)
  /// The engine asked for a timer.
  mutating func timerSet(_ id: TimerID, _ deadline: Monotonic, _ findings: inout Findings)
  /// Orders are about to leave the host.
  mutating func departing(_ orders: [WireOrder], at time: Instant, _ findings: inout Findings)
  /// The venue took a step.
  mutating func venueMoved(_ venue: VenueObservation, _ findings: inout Findings)
}

extension Oracle {
  mutating func engineStarted(at time: Instant, _ findings: inout Findings) {}
  mutating func engineDied(at time: Instant, _ findings: inout Findings) {}
  mutating func persisted(_ records: [Record], _ findings: inout Findings) {}
  mutating func examine(_ step: StepObservation, _ findings: inout Findings) {}
  mutating func timerSet(_ id: TimerID, _ deadline: Monotonic, _ findings: inout Findings) {}
  mutating func departing(
    _ orders: [WireOrder], at time: Instant, _ findings: inout Findings
  ) {}
  mutating func venueMoved(_ venue: VenueObservation, _ findings: inout Findings) {}
}

/// What an oracle knows of the run before it begins.
struct OracleSetting: Sendable {
  let configuration: EngineConfiguration
  /// Whether orders go to the venue.
  var isExchange: Bool {
    if case .exchange = configuration.execution { true } else { false }
  }
}

/// One step of the engine as seen from outside.
struct StepObservation: Sendable {
  let time: Instant
  let now: Now
  let input: Input
  let records: [Record]
  let effects: [Effect]
  let snapshot: Snapshot
}

/// What is true at the venue of the engine's account.
struct VenueTruth: Sendable {
  var positions: [ExchangePosition]
  var orders: [ExchangeOrder]

  func quantity(of symbol: Symbol) -> Quantity {
    positions.first { $0.symbol == symbol }?.quantity ?? .zero
  }
}

/// The venue after one of its steps.
struct VenueObservation: Sendable {
  let time: Instant
  let truth: VenueTruth
  /// Whether orders and their answers come through.
  let isReachable: Bool
}

/// What oracles found in one event, and how often each looked.
struct Findings: Sendable {
  struct Finding: Hashable, Sendable {
    let oracle: String
    let message: String
  }

  private(set) var list: [Finding] = []
  private var evaluations: [String: Int] = [:]

  /// Reports a violation.
  mutating func report(_ oracle: String, _ message: String) {
    list.append(Finding(oracle: oracle, message: message))
  }

  /// Counts one look, and reports where `holds` is false.
  mutating func check(_ oracle: String, _ holds: Bool, _ message: @autoclosure () -> String) {
    evaluations[oracle, default: 0] += 1
    if !holds { report(oracle, message()) }
  }

  /// Counts one look that found nothing to compare.
  mutating func look(_ oracle: String) { evaluations[oracle, default: 0] += 1 }

  mutating func take() -> [Finding] {
    defer { list.removeAll() }
    return list
  }

  func evaluations(of oracle: String) -> Int { evaluations[oracle] ?? 0 }
}
