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
        .tag("strong", [:], HTML(check.title)) + .tag("br") + HTML(check.subject),
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
      [
        .code(theorem.id), HTML(theorem.statement),
        HTML(theorem.answers.map { "\($0.solver): \($0.verdict)" }.joined(separator: ", ")),
        HTML(grouped(theorem.paths)),
        HTML(theorem.answers.first?.resource.map { grouped($0) } ?? "-"),
        HTML(grouped(theorem.kills)),
        theorem.isProved
          ? .badge("proved", .good)
          : .badge(theorem.isReachable ? "open" : "vacuous", .bad),
      ]
    }
    let alive = proof.mutants.filter { $0.killer == nil }
    let mutants =
      proof.mutants.isEmpty
      ? HTML.badge("not shown", .open)
      : paragraph(
        "\(proof.mutants.count - alive.count) of \(counted(proof.mutants.count, "mutant")) killed.")
    let list = HTML.table(
      ["mutant", "change", "killed by"],
      proof.mutants.map {
        [.code($0.id), HTML($0.change), $0.killer.map { .code($0) } ?? .badge("lives", .bad)]
      })
    return section(
      "proofs", "Proofs",
      .table(
        ["theorem", "statement", "answers", "paths", "resource", "kills", ""], numbers: [3, 4, 5],
        rows), .tag("h3", [:], "Mutants"), mutants,
      proof.mutants.isEmpty
        ? .empty
        : .tag("details", [:], .tag("summary", [:], HTML("every mutant")), list))
  }
}
