import Market

extension CertificatePage {
  static func checks(_ certificate: Certificate) -> HTML {
    guard let checks = certificate.checks else {
      return section(
        "checks", "Pre-live checks", .badge("not shown", .open),
        paragraph("No database was named: `assay certify --db FILE` looks at one."))
    }
    let rows = checks.checks.map { check -> [HTML] in
      [
        .tag("strong", [:], HTML(check.title)) + .tag("br") + .prose(check.subject),
        HTML(check.threshold), HTML(check.figure),
        .badge(check.verdict.rawValue, check.hasPassed ? .good : .bad),
        .tag(
          "details", [:], .tag("summary", [:], HTML(counted(check.evidence.count, "line"))),
          .tag("pre", [:], HTML(check.evidence.joined(separator: "\n")))),
      ]
    }
    return section(
      "checks", "Pre-live checks",
      .table(["check", "demanded", "found", "", "evidence"], rows))
  }

  static func scenarios(_ certificate: Certificate) -> HTML {
    let suite = certificate.suite
    guard !suite.isEmpty else { return section("scenarios", "Scenarios", .badge("none", .bad)) }
    let rows = suite.map { run -> [HTML] in
      let changed = run.faults.filter { $0.receipt == "changed" }.count
      return [
        HTML(run.name), HTML(run.seed), HTML(span(.milliseconds(run.virtualMilliseconds))),
        HTML(grouped(run.events)), HTML(grouped(run.evaluations)),
        HTML(run.faults.isEmpty ? "-" : "\(changed)/\(run.faults.count)"),
        HTML(run.convergenceMilliseconds.map { span(.milliseconds($0)) } ?? "-"),
        .code(run.digest),
        run.hasPassed
          ? (run.isDeterministic ? .badge("twice", .good) : .badge("diverges", .bad))
          : .badge("fails", .bad),
      ]
    }
    let failures = suite.filter { !$0.hasPassed }.map { run in
      HTML.tag("pre", [:], HTML(([run.id] + run.failures).joined(separator: "\n")))
    }
    let virtual = suite.reduce(Int64(0)) { $0 + $1.virtualMilliseconds }
    let events = suite.reduce(Int64(0)) { $0 + $1.events }
    return section(
      "scenarios", "Scenarios",
      paragraph(
        "\(counted(suite.count, "run")), \(counted(events, "event")) over "
          + "\(span(.milliseconds(virtual))) of virtual time, each run twice."),
      .table(
        [
          "scenario", "seed", "virtual", "events", "oracle looks", "receipts", "converged",
          "digest", "",
        ], numbers: [1, 2, 3, 4, 5, 6], rows), .tag("div", [:], failures),
      BarChart.svg(
        "Events a run",
        suite.map {
          BarChart.Bar(
            label: $0.id, value: $0.events, shown: grouped($0.events),
            isBad: !$0.hasPassed || !$0.isDeterministic)
        }))
  }

  static func oracles(_ certificate: Certificate) -> HTML {
    var looks: [String: Int64] = [:]
    var marks: [String: Int64] = [:]
    var faults: [String: (count: Int64, changed: Int64, acted: Int64)] = [:]
    for run in certificate.suite {
      looks.merge(run.oracles, uniquingKeysWith: +)
      for mark in run.marks { marks[mark, default: 0] += 1 }
      for fault in run.faults {
        let old = faults[fault.id] ?? (0, 0, 0)
        faults[fault.id] = (
          old.count + 1, old.changed + (fault.receipt == "changed" ? 1 : 0),
          old.acted + fault.count
        )
      }
    }
    guard !looks.isEmpty else { return .empty }
    return section(
      "oracles", "Oracles, faults and marks",
      BarChart.svg(
        "How often each oracle looked",
        looks.keys.sorted().map {
          BarChart.Bar(label: $0, value: looks[$0] ?? 0, shown: grouped(looks[$0] ?? 0))
        }),
      .table(
        ["fault", "declared", "acted", "changed its run"], numbers: [1, 2, 3],
        faults.keys.sorted().map { id in
          let row = faults[id] ?? (0, 0, 0)
          return [
            .code(id), HTML(grouped(row.count)), HTML(grouped(row.acted)),
            HTML(grouped(row.changed)),
          ]
        }),
      .table(
        ["mark", "runs that hit it"], numbers: [1],
        marks.keys.sorted().map { [.code($0), HTML(grouped(marks[$0] ?? 0))] }))
  }

  static func proofs(_ certificate: Certificate) -> HTML {
    guard let proof = certificate.proof, !proof.theorems.isEmpty else {
      return section("proofs", "Proofs", .badge("not shown", .open))
    }
    let rows = proof.theorems.map { theorem -> [HTML] in
      let isProved = theorem.isProved(by: proof.solvers)
      return [
        .code(theorem.id),
        HTML(theorem.statement)
          + (theorem.detail.isEmpty ? .empty : .tag("pre", [:], HTML(theorem.detail)))
          + (theorem.witness.isEmpty
            ? .empty
            : .tag(
              "details", [:], .tag("summary", [:], "a case that it speaks of"),
              .tag("pre", [:], HTML(theorem.witness.joined(separator: "\n"))))),
        HTML(grouped(theorem.paths)), HTML(grouped(theorem.obligations)),
        HTML(theorem.units.map { grouped($0) } ?? "-"), HTML(grouped(theorem.kills)),
        .badge(theorem.verdict, isProved ? .good : .bad),
      ]
    }
    let rules = proof.rules.map { rule -> [HTML] in
      [
        .code(rule.name), HTML(grouped(rule.paths)), HTML(grouped(rule.reached)),
        HTML(grouped(rule.unreachable)),
        .badge(rule.isDecided ? "all" : "open", rule.isDecided ? .good : .bad),
      ]
    }
    return section(
      "proofs", "Proofs",
      paragraph(
        "Each theorem is about the functions that trade, read with the terms of a solver, path by "
          + "path. Asked: \(proof.solvers.joined(separator: ", "))."),
      .table(
        ["theorem", "statement", "paths", "queries", "units", "kills", ""], numbers: [2, 3, 4, 5],
        rows),
      .tag(
        "details", [:], .tag("summary", [:], HTML("paths of \(counted(rules.count, "rule"))")),
        .table(
          ["rule", "paths", "taken by values", "proved unreachable", ""], numbers: [1, 2, 3],
          rules)), mutants(proof))
  }

  private static func mutants(_ proof: ProofEvidence) -> HTML {
    guard !proof.mutants.isEmpty else {
      return .tag("h3", [:], "Mutants") + .badge("not shown", .open)
    }
    let fates = ["killed", "equivalent", "survived"].map { fate in
      "\(grouped(proof.mutants.filter { $0.fate == fate }.count)) \(fate)"
    }
    let list = HTML.table(
      ["mutant", "", "noticed by"],
      proof.mutants.map {
        [
          .code($0.id), .badge($0.fate, $0.isSettled ? .good : .bad),
          HTML($0.killers.joined(separator: ", ")),
        ]
      })
    return .tag("h3", [:], "Mutants")
      + paragraph(
        "\(counted(proof.mutants.count, "planted mistake")): \(fates.joined(separator: ", ")).")
      + .tag("details", [:], .tag("summary", [:], "every mutant"), list)
  }
}
