import Market

/// What a certificate has to show.
public struct Demand: Hashable, Sendable {
  /// Whether it is met.
  public enum State: String, Hashable, Sendable {
    /// Shown, and so.
    case holds
    /// Shown, and not so.
    case fails
    /// Nobody looked.
    case notShown = "not shown"
  }

  /// The stable name.
  public let id: String
  /// What is demanded, in words.
  public let statement: String
  /// Whether it is met.
  public let state: State
  /// The figure behind it.
  public let figure: String
  /// What takes it away again.
  public let revokedBy: String
}

/// What a certificate may allow.
public enum Gate: String, Hashable, Sendable, CaseIterable {
  /// Simulated fills, and orders to this machine.
  case paper
  /// Orders that leave this machine.
  case exchange
}

extension Certificate {
  /// What was demanded, and what came of it.
  public var demands: [Demand] {
    let failed = suite.filter { !$0.hasPassed }.count
    let divergent = suite.filter { !$0.isDeterministic }.count
    let faults = suite.flatMap(\.faults)
    let inert = faults.filter { $0.receipt != "changed" }.count
    return [
      Demand(
        id: "scenarios", statement: "Every scenario holds, with every oracle after every event",
        state: suite.isEmpty ? .notShown : failed == 0 ? .holds : .fails,
        figure: "\(suite.count - failed) of \(counted(suite.count, "run"))",
        revokedBy: "any change of a scenario, of the build or of recorded data"),
      Demand(
        id: "determinism", statement: "Every run comes to the same digest twice",
        state: suite.isEmpty ? .notShown : divergent == 0 ? .holds : .fails,
        figure: "\(suite.count - divergent) of \(counted(suite.count, "run"))",
        revokedBy: "a run whose digest differs, anywhere"),
      Demand(
        id: "receipts", statement: "Every fault changes its run",
        state: faults.isEmpty ? .notShown : inert == 0 ? .holds : .fails,
        figure: "\(faults.count - inert) of \(counted(faults.count, "fault"))",
        revokedBy: "a fault that changes nothing"),
      theoremDemand, mutantDemand, checkDemand,
    ]
  }

  private var theoremDemand: Demand {
    let theorems = proof?.theorems ?? []
    let open = theorems.filter { !$0.isProved(by: proof?.solvers ?? []) }.count
    let isDecided = proof?.rules.allSatisfy(\.isDecided) ?? false
    return Demand(
      id: "theorems", statement: "Every theorem is proved of the rules that trade",
      state: theorems.isEmpty ? .notShown : open == 0 && isDecided ? .holds : .fails,
      figure: theorems.isEmpty
        ? "-"
        : "\(theorems.count - open) of \(counted(theorems.count, "theorem"))"
          + (isDecided ? "" : ", a path left open"),
      revokedBy: "any change of a rule, of a limit or of a solver")
  }

  private var mutantDemand: Demand {
    let mutants = proof?.mutants ?? []
    let alive = mutants.filter { !$0.isSettled }.count
    let equivalent = mutants.filter { $0.fate == "equivalent" }.count
    return Demand(
      id: "mutants", statement: "Every planted mistake is noticed by a theorem",
      state: mutants.isEmpty ? .notShown : alive == 0 ? .holds : .fails,
      figure: mutants.isEmpty
        ? "-"
        : "\(mutants.count - alive - equivalent) of \(counted(mutants.count, "mutant")) killed, "
          + "\(equivalent) change nothing",
      revokedBy: "a mutant that lives")
  }

  private var checkDemand: Demand {
    let passed = checks?.checks.filter(\.hasPassed).count ?? 0
    return Demand(
      id: "checks", statement: "All twenty pre-live checks hold of a database",
      state: checks.map { $0.hasPassed ? .holds : .fails } ?? .notShown,
      figure: checks == nil ? "-" : "\(passed) of \(CheckCatalogue.all.count) checks",
      revokedBy: "a run with another configuration, or a check that fails")
  }

  /// Whether nothing that was shown fails, and scenarios and determinism were shown.
  public var hasPassed: Bool {
    let demands = demands
    return demands.allSatisfy { $0.state != .fails }
      && demands.allSatisfy {
        $0.state == .holds || !["scenarios", "determinism"].contains($0.id)
      }
  }

  /// What it allows while it is fresh: exchange execution takes every demand, in full.
  public var allows: [Gate] {
    guard hasPassed else { return [] }
    let isWhole = !isQuick && demands.allSatisfy { $0.state == .holds }
    return isWhole ? [.paper, .exchange] : [.paper]
  }
}
