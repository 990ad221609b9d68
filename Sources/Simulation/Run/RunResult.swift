import Choice
import Engine
import Exchange
public import Market
import Risk
import Strategies
import Venues

/// What a run failed.
public struct Failure: Hashable, Sendable {
  /// Which kind of demand was not met.
  public enum Kind: String, Hashable, Sendable {
    /// A safety oracle or ledger identity.
    case oracle
    /// An expectation of the scenario.
    case expectation
    /// The world did not converge after it was healed.
    case convergence
    /// A declared fault changed nothing.
    case receipt
    /// The engine refused to start or to recover.
    case engine
  }
  /// Which kind of demand.
  public let kind: Kind
  /// The oracle, expectation or fault.
  public let id: String
  /// When, in the world's time.
  public let time: Instant
  /// At which event, counted from 1; the same number that a trace shows.
  public let event: Int
  /// One sentence with the values that explain it.
  public let message: String
}

/// What a declared fault did.
public struct FaultReceipt: Hashable, Sendable {
  /// Whether the fault changed the run.
  public enum Verdict: String, Hashable, Sendable {
    /// Without it the run is another.
    case changed
    /// Without it the run is the same: the scenario does not test what it says.
    case inert
    /// Nobody compared.
    case unchecked
  }
  /// Which fault.
  public let kind: FaultKind
  /// Its place in the scenario's list, from 1.
  public let number: Int
  /// How often it acted.
  public let count: Int
  /// The first event at which the run without it is another; nil where there is none.
  public var firstDifference: Int?
  /// Whether the fault changed the run.
  public var verdict: Verdict
}

/// A name and how often it came up.
public struct NamedCount: Hashable, Sendable {
  /// What was counted.
  public let name: String
  /// How often.
  public var count: Int
}

/// What a run of a scenario came to.
public struct RunResult: Sendable {
  /// The scenario.
  public var scenario: String
  /// Its file, as given.
  public var path: String
  /// The seed.
  public var seed: UInt64
  /// What was not met, in the order of the run; empty where all held.
  public var failures: [Failure]
  /// The digest of the whole run.
  public var digest: Digest
  /// One digest a component, in their order.
  public var components: [ComponentDigest]
  /// How many events happened.
  public var events: Int
  /// How much virtual time passed.
  public var virtualDuration: Interval
  /// How long the world took to converge after the storm; nil where it did not.
  public var convergence: Interval?
  /// What each declared fault did.
  public var faults: [FaultReceipt]
  /// Every mark that was hit, by name.
  public var marks: [NamedCount]
  /// Everything that was counted, by name.
  public var counters: [NamedCount]
  /// The output of the engine's host, counted from 1, at which each mark was first hit.
  public var outputs: [NamedCount]
  /// How often each oracle looked.
  public var oracles: [NamedCount]

  /// Whether everything held.
  public var hasPassed: Bool { failures.isEmpty }
  /// The command that runs this again.
  public var replayCommand: String {
    "assay sim \(path.isEmpty ? scenario : path) --seed \(seed)"
  }
}

/// The digest of one component of a run.
public struct ComponentDigest: Hashable, Sendable {
  /// Which component.
  public let component: Component
  /// Its digest.
  public let digest: Digest
}

/// How far a run is.
public struct RunProgress: Hashable, Sendable {
  /// Virtual time passed.
  public let elapsed: Interval
  /// Virtual time planned.
  public let planned: Interval
  /// Events so far.
  public let events: Int
}
