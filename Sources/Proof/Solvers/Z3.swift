import CZ3

/// libz3 in this process: each script in a context of its own, so that answers and counted work
/// depend on the script alone.
struct Z3: Solver {
  let name: String

  init() {
    var major: UInt32 = 0
    var minor: UInt32 = 0
    var build: UInt32 = 0
    var revision: UInt32 = 0
    Z3_get_version(&major, &minor, &build, &revision)
    name = "z3 \(major).\(minor).\(build)"
  }

  func run(_ text: String) throws(SolverError) -> String {
    guard let configuration = Z3_mk_config() else {
      throw .missing(solver: name, detail: "no configuration")
    }
    defer { Z3_del_config(configuration) }
    guard let context = Z3_mk_context(configuration) else {
      throw .missing(solver: name, detail: "no context")
    }
    defer { Z3_del_context(context) }
    // Errors show in the output; the default would end the process.
    Z3_set_error_handler(context) { _, _ in }
    let script = text + "(get-info :rlimit)\n"
    guard let output = Z3_eval_smtlib2_string(context, script) else {
      throw .unreadable(solver: name, output: "nothing")
    }
    return String(cString: output)
  }
}
