import Market
public import Risk
public import Simulation

/// What one scenario at one seed came to, twice.
public struct ScenarioEvidence: Hashable, Sendable {
  /// The scenario.
  public var name: String
  /// Its file, as it was read.
  public var path: String
  /// The SHA-256 of the file.
  public var file: String
  /// The seed, in decimal.
  public var seed: String
  /// The digest of the run.
  public var digest: String
  /// The digest of the second run.
  public var repeated: String
  /// The digest of each component, by name.
  public var components: [String: String]
  /// How many events happened.
  public var events: Int64
  /// How much virtual time passed.
  public var virtualMilliseconds: Int64
  /// How long the world took to converge after the storm; nil where it did not.
  public var convergenceMilliseconds: Int64?
  /// How often oracles looked, by oracle.
  public var oracles: [String: Int64]
  /// The faults and their receipts, in order.
  public var faults: [Fault]
  /// Marks that were hit.
  public var marks: [String]
  /// Breakers that tripped, by name of kind.
  public var breakers: [String]
  /// What was not met.
  public var failures: [String]

  /// A fault and what it did.
  public struct Fault: Hashable, Sendable {
    /// Which fault.
    public var id: String
    /// How often it acted.
    public var count: Int64
    /// `changed`, `inert` or `unchecked`.
    public var receipt: String
  }

  /// What `result` shows, beside the digest of a second run.
  ///
  /// - Parameters:
  ///   - result: The first run.
  ///   - repeated: The second run; nil where there was none, which shows no determinism.
  ///   - text: The text of the scenario's file.
  public init(_ result: RunResult, repeated: RunResult?, text: String) {
    name = result.scenario
    path = result.path
    file = SHA256.hex(of: text.utf8)
    seed = String(result.seed)
    digest = result.digest.description
    self.repeated = repeated?.digest.description ?? "not shown"
    components = Dictionary(
      uniqueKeysWithValues: result.components.map { ($0.component.name, $0.digest.description) })
    events = Int64(result.events)
    virtualMilliseconds = result.virtualDuration.milliseconds
    convergenceMilliseconds = result.convergence?.milliseconds
    oracles = Dictionary(
      result.oracles.map { ($0.name, Int64($0.count)) }, uniquingKeysWith: +)
    faults = result.faults.map {
      Fault(id: $0.kind.rawValue, count: Int64($0.count), receipt: $0.verdict.rawValue)
    }
    marks = result.marks.map(\.name)
    breakers = BreakerKind.allCases.map(\.name).filter { kind in
      result.counters.contains { $0.name == "breaker.\(kind)" && $0.count > 0 }
    }
    failures = result.failures.map {
      "\($0.kind.rawValue) \($0.id) at \($0.time), event \($0.event): \($0.message)"
    }
  }

  /// Scenario and seed: `calm-day@1`.
  public var id: String { "\(name)@\(seed)" }
  var hasPassed: Bool { failures.isEmpty }
  var isDeterministic: Bool { digest == repeated }
  var evaluations: Int64 { oracles.values.reduce(0, +) }
  var hasReceipts: Bool { faults.allSatisfy { $0.receipt == "changed" } }

  /// Where each kind of breaker tripped: what ``CheckFacts`` takes as drills.
  public static func drills(_ suite: [ScenarioEvidence]) -> [BreakerKind: [String]] {
    var drills: [BreakerKind: [String]] = [:]
    for kind in BreakerKind.allCases {
      let runs = suite.filter { $0.breakers.contains(kind.name) }.map(\.id)
      if !runs.isEmpty { drills[kind] = runs }
    }
    return drills
  }
}
