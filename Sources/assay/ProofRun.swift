import Proof
import Report
import Risk

/// The proofs that a certificate holds: of every limit that the house allows, and of the configured
/// ones.
struct ProofRun {
  let evidence: ProofEvidence
  /// The text of each theorem's `.smt2` file, by name.
  let scripts: [String: String]

  /// Proves everything; `withMutants` tries the planted mistakes too, `crossChecked` asks cvc5
  /// beside Z3.
  ///
  /// - Throws: The exit code, after what is wrong has been told.
  init(
    limits: Limits, withMutants: Bool, crossChecked: Bool, on console: Console
  ) throws {
    var scripts: [String: String] = [:]
    var bar = ProgressBar("prove", on: console)
    do throws(SolverError) {
      let house = try Prover(isCrossChecked: crossChecked).run(
        withMutants: withMutants, export: { scripts[$0] = $1 },
        progress: { bar.update(Double($0) / Double(max(1, $1)), "\($0)/\($1)") })
      let configured = try Prover(range: .limits(limits), isCrossChecked: crossChecked).run(
        export: { scripts[ProofEvidence.configured($0)] = $1 })
      evidence = ProofEvidence(house: house, configured: configured, scripts: scripts)
    } catch {
      console.error("\(error)", remedy: "`config/setup` installs both solvers.")
      throw ExitStatus.fault
    }
    self.scripts = scripts
  }
}
