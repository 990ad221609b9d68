import Report
import Venues

/// What the twenty checks came to, for people and programs.
struct CheckReport {
  let checks: [Check]
  let db: String
  let config: String?

  var failed: [Check] { checks.filter { !$0.hasPassed } }
  var hasPassed: Bool { failed.isEmpty }

  func print(on console: Console) {
    console.print(Self.table(checks).lines(on: console))
    for check in failed {
      console.print()
      console.print(console.paint("FAIL", .bad) + "  \(check.id): \(check.figure)")
      console.print("  demanded: \(check.threshold)")
      console.print(check.evidence.map { "  \($0)" })
    }
    console.print()
    let told = "\(counted(checks.count, "check")): "
    console.print(
      hasPassed
        ? console.paint(told + "all hold.", .good)
        : console.paint(told + "\(failed.count) failed.", .bad))
    console.next(advice)
  }

  static func table(_ checks: [Check]) -> Table {
    var table = Table([
      .init(title: "check"), .init(title: "demanded", isFlexible: true), .init(title: "found"),
      .init(title: ""),
    ])
    for check in checks {
      table.add([
        Table.Cell(check.id), Table.Cell(check.threshold), Table.Cell(check.figure),
        check.hasPassed ? Table.Cell("ok", .good) : Table.Cell("FAIL", .bad),
      ])
    }
    return table
  }

  private var advice: String {
    if config == nil { return "`assay check --db \(db) --config FILE` judges what is configured." }
    return hasPassed
      ? "`assay certify --config \(config ?? "FILE") --db \(db) --output DIR` puts it on record."
      : "the validation goes on; `assay list checks` says what each check looks at."
  }

  /// The document of `--json`.
  var json: String {
    Document.text(command: "check", hasPassed: hasPassed) { figures in
      figures.integer("checks", checks.count)
      figures.integer("failed", failed.count)
      figures.string("db", db)
    } items: { items in
      for check in checks {
        items.object { item in
          item.string("id", check.id)
          item.string("verdict", check.verdict.rawValue)
          item.string("title", check.title)
          item.string("subject", check.subject)
          item.string("threshold", check.threshold)
          item.string("figure", check.figure)
          item.array("evidence", check.evidence) { $0.string($1) }
        }
      }
    }
  }

  /// The document of `--junit`: one test case a check.
  var junit: String {
    JUnit.document("assay check", [JUnit.Suite(checks: checks)])
  }
}
