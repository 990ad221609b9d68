import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// Every oracle, as `assay list oracles` names them.
public enum OracleCatalog {
  static let types: [any Oracle.Type] = [
    IntentOracle.self, KillSwitchOracle.self, IdentityOracle.self, UnknownOutcomeOracle.self,
    OrderLifeOracle.self, LossLimitOracle.self, TimeOracle.self, LoadOracle.self,
    ReasonOracle.self, ProtectionOracle.self, CandleOracle.self, LedgerOracle.self,
  ]

  /// Every oracle and ledger identity, in order of id.
  public static var all: [OracleEntry] {
    (types.flatMap { $0.entries } + [ConvergenceOracle.entry]).sorted { $0.id < $1.id }
  }
}

/// All oracles of a run, and what they found.
struct OracleBench: Sendable {
  private var oracles: [any Oracle]
  private var findings = Findings()
  private(set) var hasReachedDayLoss = false

  init(_ scenario: Scenario) {
    self.init(OracleSetting(configuration: scenario.engine))
  }

  init(_ setting: OracleSetting) {
    oracles = OracleCatalog.types.map { $0.init(setting) }
  }

  private mutating func each(_ body: (inout any Oracle, inout Findings) -> Void) {
    for index in oracles.indices { body(&oracles[index], &findings) }
  }

  mutating func engineStarted(at time: Instant) {
    each { $0.engineStarted(at: time, &$1) }
  }

  mutating func engineDied(at time: Instant) { each { $0.engineDied(at: time, &$1) } }

  mutating func persisted(_ records: [Record]) {
    guard !records.isEmpty else { return }
    each { $0.persisted(records, &$1) }
  }

  mutating func examine(_ step: StepObservation) {
    each { $0.examine(step, &$1) }
    let limits = oracles.compactMap { $0 as? LossLimitOracle }.first
    hasReachedDayLoss = limits?.hasJustTripped ?? false
  }

  mutating func timerSet(_ id: TimerID, _ deadline: Monotonic) {
    each { $0.timerSet(id, deadline, &$1) }
  }

  mutating func departing(_ effect: TransportEffect, at time: Instant) {
    let bytes: [UInt8]
    switch effect {
    case .request(_, let request) where request.path == "/exchange": bytes = request.body
    case .send(_, let frame) where frame.starts(with: #"{"method":"post""#.utf8): bytes = frame
    case .request, .send, .connect, .close: return
    }
    guard case .order(let orders) = WireAction(bytes) else { return }
    each { $0.departing(orders, at: time, &$1) }
  }

  mutating func venueMoved(_ truth: VenueTruth?, at time: Instant, isReachable: Bool) {
    guard let truth else { return }
    let venue = VenueObservation(time: time, truth: truth, isReachable: isReachable)
    each { $0.venueMoved(venue, &$1) }
  }

  /// What was found since the last time.
  mutating func takeFindings() -> [Findings.Finding] { findings.take() }

  /// How often each oracle looked.
  var evaluations: [NamedCount] {
    OracleCatalog.all.map { NamedCount(name: $0.id, count: findings.evaluations(of: $0.id)) }
  }
}
