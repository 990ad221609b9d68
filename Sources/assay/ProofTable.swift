import Market
import Proof
import Risk
import Venues

/// A proof run as a table, in words and as JSON.
struct ProofTable {
  let report: ProofReport
  let limits: Limits?

  /// The first theorem that some values break.
  var refuted: (theorem: String, example: Counterexample)? {
    for theorem in report.theorems {
      if case .refuted(let example) = theorem.verdict { return (theorem.id, example) }
    }
    return nil
  }

  func print(on console: Console, hasMutants: Bool) {
    var columns: [Table.Column] = [
      .init(title: "theorem"), .init(title: "verdict"),
      .init(title: "paths", alignment: .right), .init(title: "queries", alignment: .right),
      .init(title: "units", alignment: .right),
    ]
    if hasMutants { columns.append(.init(title: "kills", alignment: .right)) }
    var table = Table(columns)
    for theorem in report.theorems {
      var cells: [Table.Cell] = [
        Table.Cell(theorem.id, .bold), verdict(theorem), Table.Cell(grouped(theorem.paths)),
        Table.Cell(grouped(theorem.obligations)), Table.Cell(grouped(theorem.units ?? 0)),
      ]
      if hasMutants { cells.append(Table.Cell(grouped(theorem.kills.count))) }
      table.add(cells)
    }
    console.print(table.lines(on: console))
    console.print()
    for line in summary(hasMutants) { console.print(line) }
    for theorem in report.theorems {
      switch theorem.verdict {
      case .proved: break
      case .unknown(let why): console.print("\(theorem.id): \(why)")
      case .refuted(let example): explain(theorem, example, on: console)
      }
    }
    for mutant in report.mutants where mutant.fate == .survived {
      console.print(console.paint("survived ", .bad) + mutant.id)
    }
    console.print()
  }

  private func verdict(_ theorem: TheoremReport) -> Table.Cell {
    switch theorem.verdict {
    case .proved: Table.Cell("proved", .good)
    case .refuted: Table.Cell("REFUTED", .bad)
    case .unknown: Table.Cell("unknown", .warning)
    }
  }

  private func summary(_ hasMutants: Bool) -> [String] {
    let proved = report.theorems.count { $0.verdict == .proved }
    let scope = limits == nil ? "all limits of the house" : "the limits of the configuration"
    let paths = report.rules.reduce(0) { $0 + $1.paths }
    let reached = report.rules.reduce(0) { $0 + $1.reachedPaths }
    let unreachable = report.rules.reduce(0) { $0 + $1.unreachablePaths }
    var lines = [
      "\(proved) of \(counted(report.theorems.count, "theorem")) proved for \(scope), by "
        + report.solvers.joined(separator: " and ") + ".",
      "\(grouped(paths)) paths of \(counted(report.families.count, "rule")): \(grouped(reached)) "
        + "reached and replayed with integers, \(grouped(unreachable)) proved unreachable.",
    ]
    if hasMutants {
      let equivalent = report.mutants.count { $0.fate == .equivalent }
      let survived = report.mutants.count { $0.fate == .survived }
      lines.append(
        "\(counted(report.mutants.count, "mutant")): "
          + "\(grouped(report.mutants.count - equivalent - survived)) killed, "
          + "\(grouped(equivalent)) proved equivalent, \(grouped(survived)) survived.")
    }
    return lines
  }

  private func explain(_ theorem: TheoremReport, _ example: Counterexample, on console: Console) {
    console.print(console.paint(theorem.id, .bad) + ": " + theorem.statement)
    console.print("It does not hold. `\(example.rule)` says \(example.verdict) for")
    var table = Table([.init(title: "what"), .init(title: "value", alignment: .right)])
    for value in example.values { table.add([Table.Cell(value.name), Table.Cell(value.value)]) }
    for value in example.results {
      table.add([Table.Cell("gives \(value.name)", .bold), Table.Cell(value.value, .bold)])
    }
    console.print(table.lines(on: console, indent: 2))
    switch example.replay {
    case .agrees: console.print("Amounts in steps of 1e-8; the integers say the same.")
    case .differs(let how): console.print("Amounts in steps of 1e-8; with integers: \(how).")
    }
  }

  var json: String {
    Document.text(command: "prove", hasPassed: report.hasPassed) { figures in
      figures.integer("theorems", report.theorems.count)
      figures.integer("proved", report.theorems.count { $0.verdict == .proved })
      figures.integer("paths", report.rules.reduce(0) { $0 + $1.paths })
      figures.integer("reachedPaths", report.rules.reduce(0) { $0 + $1.reachedPaths })
      figures.integer("mutants", report.mutants.count)
      figures.integer("survivors", report.mutants.count { $0.fate == .survived })
      figures.integer("equivalents", report.mutants.count { $0.fate == .equivalent })
      figures.string("solvers", report.solvers.joined(separator: ", "))
    } items: { items in
      for theorem in report.theorems {
        items.object { item in
          item.string("id", theorem.id)
          item.string("verdict", theorem.verdict == .proved ? "pass" : "fail")
          item.string("statement", theorem.statement)
          item.integer("paths", theorem.paths)
          item.integer("queries", theorem.obligations)
          item.string("units", "\(theorem.units ?? 0)")
          item.string("solvers", theorem.provedBy.joined(separator: ", "))
          item.integer("kills", theorem.kills.count)
          switch theorem.verdict {
          case .proved: break
          case .unknown(let why): item.string("unknown", why)
          case .refuted(let example):
            item.string("rule", example.rule)
            item.string("says", example.verdict)
            item.array("values") { values in
              for value in example.values {
                values.object { one in
                  one.string("name", value.name)
                  one.string("value", value.value)
                }
              }
            }
          }
        }
      }
    }
  }
}
