import ArgumentParser
import Proof
import Report
import Simulation
import Strategies
import Venues

/// `assay list`: what there is.
struct ListCommand: ParsableCommand {
  /// What can be listed.
  enum Subject: String, CaseIterable, ExpressibleByArgument {
    case strategies, faults, oracles, marks, theorems, checks, scenarios
  }

  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists strategies, faults, oracles, marks, theorems, checks or scenarios.")

  @Argument(help: "What to list: \(Subject.allCases.map(\.rawValue).joined(separator: ", ")).")
  var subject: Subject

  @Argument(help: "For scenarios: files, or folders of them; Scenarios without.")
  var paths: [String] = []

  @Option(help: ArgumentHelp("Write the list as JSON; - is standard output.", valueName: "file"))
  var json: String?

  /// One line of a list.
  struct Entry {
    let id: String
    let about: String
    var path: String?
  }

  func validate() throws {
    guard paths.isEmpty || subject == .scenarios else {
      throw ValidationError("Paths belong to `assay list scenarios` only.")
    }
  }

  func run() throws {
    let console = Console()
    let entries = try entries(on: console)
    if let json {
      let text = Document.text(command: "list", hasPassed: true) { figures in
        figures.string("subject", subject.rawValue)
        figures.integer("count", entries.count)
      } items: { items in
        for entry in entries {
          items.object { item in
            item.string("id", entry.id)
            item.string("verdict", "pass")
            item.string("about", entry.about)
            if let path = entry.path { item.string("path", path) }
          }
        }
      }
      do { try OutputFile.write(text, to: json) } catch {
        console.error(error.message)
        throw ExitStatus.fault
      }
    }
    guard json != "-" else { return }
    var table = Table([.init(title: subject.rawValue), .init(title: "about", isFlexible: true)])
    for entry in entries { table.add([Table.Cell(entry.id, .bold), Table.Cell(entry.about)]) }
    console.print(table.lines(on: console))
    console.print()
    console.next(advice)
  }

  private func entries(on console: Console) throws -> [Entry] {
    switch subject {
    case .strategies:
      StrategyCatalog.all.map { Entry(id: "\($0.id)", about: $0.about) }
    case .faults:
      FaultKind.allCases.map { Entry(id: $0.rawValue, about: $0.summary) }
    case .oracles:
      OracleCatalog.all.map { Entry(id: $0.id, about: $0.statement) }
    case .marks:
      Mark.allCases.map { Entry(id: $0.rawValue, about: $0.summary) }
    case .theorems:
      Prover.theorems.map { Entry(id: $0.id, about: $0.statement) }
    case .checks:
      CheckCatalogue.all.map { Entry(id: $0.id, about: "\($0.title): \($0.subject)") }
    case .scenarios:
      try ScenarioPaths.load(paths, on: console).map {
        Entry(id: $0.name, about: Self.firstSentence($0.about), path: $0.path)
      }
    }
  }

  /// What a scenario says of itself first, on one line.
  private static func firstSentence(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard let end = line.firstRange(of: ". ") else { return line }
    return String(line[..<end.lowerBound]) + "."
  }

  private var advice: String {
    switch subject {
    case .strategies: "`assay replay DATA… --strategies NAME` runs one over candles."
    case .faults: "a scenario names a fault by its id under `faults`."
    case .oracles: "every oracle looks after every event of `assay sim`, unasked."
    case .marks: "a scenario demands marks under `expect`, and faults wait for them."
    case .theorems: "`assay prove THEOREM` proves one; without a name, all of them."
    case .checks: "`assay check --db FILE --config FILE` holds a database to all of them."
    case .scenarios: "`assay sim PATH` runs one; without a path, all of them."
    }
  }
}
