/// The files of `Proofs/`: one text a theorem, and a ledger of what was found.
///
/// They hold no times and no paths, so that the same sources and solvers write the same bytes.
public struct ProofFiles: Hashable, Sendable {
  /// A file's name and its text.
  public struct File: Hashable, Sendable {
    /// The name, without a folder.
    public let name: String
    /// The text.
    public let text: String
  }

  /// The texts by theorem, in the order in which they were proved.
  public private(set) var files: [File] = []

  /// Without files.
  public init() {}

  /// Takes a theorem's text.
  public mutating func add(_ id: String, _ text: String) {
    files.append(File(name: "\(id).smt2", text: text))
  }

  /// Takes the ledger of a run: the statement, what each solver said, what it cost, what it kills.
  public mutating func add(ledgerOf report: ProofReport) {
    var lines = [
      "# What is proved", "",
      "Written by `assay prove --export`; CI writes it again and compares. Each theorem's file",
      "holds the very queries that were asked, and any solver of SMT-LIB 2 can ask them again:",
      "`z3 FILE`, `cvc5 --incremental FILE`. Units are the first solver's own count of its work.",
      "Mutants are wrong copies of the rules, one operation each; a theorem kills those that the",
      "values which were found for the mutant refute.", "",
      "Solvers: " + report.solvers.joined(separator: ", ") + ".", "",
      "| theorem | verdict | paths | queries | units | kills |", "|---|---|--:|--:|--:|--:|",
    ]
    for theorem in report.theorems {
      let verdict =
        theorem.verdict == .proved ? "proved by \(theorem.provedBy.count)" : "NOT PROVED"
      lines.append(
        "| [\(theorem.id)](\(theorem.id).smt2) | \(verdict) | \(theorem.paths) | "
          + "\(theorem.obligations) | \(theorem.units ?? 0) | \(theorem.kills.count) |")
    }
    lines += ["", "## Statements", ""]
    for theorem in report.theorems { lines.append("- **\(theorem.id)**: \(theorem.statement)") }
    lines += ["", "## Rules", "", "| rule | paths | reached | unreachable | operations |"]
    lines.append("|---|--:|--:|--:|--:|")
    for rule in report.families {
      lines.append(
        "| `\(rule.name)` | \(rule.paths) | \(rule.reachedPaths) | \(rule.unreachablePaths) | "
          + "\(rule.operations) |")
    }
    lines += mutantLines(report.mutants) + [""]
    files.append(File(name: "ledger.md", text: lines.joined(separator: "\n")))
  }

  private func mutantLines(_ mutants: [MutantReport]) -> [String] {
    var lines = ["", "## Mutants", "", "| rule | graded | killed | equivalent | survived |"]
    lines.append("|---|--:|--:|--:|--:|")
    var rules: [String] = []
    for mutant in mutants where !rules.contains(mutant.rule) { rules.append(mutant.rule) }
    for rule in rules {
      let graded = mutants.filter { $0.rule == rule }
      let equivalent = graded.count { $0.fate == .equivalent }
      let survived = graded.count { $0.fate == .survived }
      lines.append(
        "| `\(rule)` | \(graded.count) | \(graded.count - equivalent - survived) | \(equivalent) | "
          + "\(survived) |")
    }
    lines += [
      "",
      "Equivalent mutants give what the rule gives, for all values: proved by the first solver.",
      "",
    ]
    for mutant in mutants where mutant.fate == .equivalent { lines.append("- `\(mutant.id)`") }
    return lines
  }
}

extension ProofReport {
  /// The rules, the cases of one text taken together.
  public var families: [RuleReport] {
    var families: [RuleReport] = []
    for rule in rules {
      let name = String(rule.name.prefix { $0 != "(" })
      let isCase = name == "advance" || name == "judgeReduction" || name == "killSwitch"
      if isCase, let index = families.firstIndex(where: { $0.name == name }) {
        families[index].paths += rule.paths
        families[index].reachedPaths += rule.reachedPaths
        families[index].unreachablePaths += rule.unreachablePaths
        families[index].undecidedPaths += rule.undecidedPaths
        families[index].operations = max(families[index].operations, rule.operations)
        families[index].hasDiverged = families[index].hasDiverged || rule.hasDiverged
      } else {
        var family = rule
        if isCase { family.name = name }
        families.append(family)
      }
    }
    return families
  }
}
