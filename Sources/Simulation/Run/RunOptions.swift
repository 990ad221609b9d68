import Choice
public import Engine
import Exchange
import Market
import Risk
public import Strategies
import Venues

/// Which promises of the host are kept; all are, outside tests that show what each is for.
public struct HostGuards: OptionSet, Hashable, Sendable {
  /// The set as bits.
  public let rawValue: UInt8
  /// Makes a set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Records of a step are durable before its first effect leaves.
  public static let persistBeforeSend = HostGuards(rawValue: 1)
  /// Every guard.
  public static let all: HostGuards = [.persistBeforeSend]
}

/// How a scenario is run.
public struct RunOptions: Sendable {
  /// Whether each fault has to show a receipt: one more run a fault, up to its first difference.
  public var checksReceipts = true
  /// Stops at the first failure instead of collecting up to ``failureLimit``.
  public var stopsAtFirstFailure = true
  /// Kills the process right before the output of this number, counted from 1 over the run.
  ///
  /// The records of a step are one output, each of its effects another. It is back five seconds
  /// later.
  public var crashAtOutput: Int?
  /// Called about every thousandth event.
  public var progress: (@Sendable (RunProgress) -> Void)?
  /// Called with each line of the trace, without its line feed; nil writes none.
  public var trace: (@Sendable (String) -> Void)?
  /// Told the records of each step of the engine once they are durable; nil tells nobody.
  public var records: (@Sendable ([Record]) -> Void)?
  /// Strategies of one's own, beside those that the scenario names.
  public var strategies: [any StrategyInstance] = []
  /// Guards of the engine; less than all only in tests.
  public var guards: EngineGuards = .all
  /// Guards of the host; less than all only in tests.
  public var hostGuards: HostGuards = .all

  /// The most failures that a run collects.
  public static var failureLimit: Int { 20 }

  /// The defaults.
  public init() {}
}

/// Runs scenarios; a run is single-threaded and a function of scenario, seed and options.
public enum ScenarioRunner {
  /// Runs `scenario` with `seed` to its end or its first failure.
  public static func run(
    _ scenario: Scenario, seed: UInt64, options: RunOptions = RunOptions()
  ) -> RunResult {
    var session = RunSession(scenario, seed: seed, options: options)
    return session.result()
  }
}
