import ArgumentParser
import Simulation

/// `assay trace`: looks into a run.
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Looks at the trace of a run, compares two, or explains a decision.",
    subcommands: [TraceShow.self, TraceDiff.self, TraceExplain.self])
}

extension TraceReader {
  /// Opens a trace, or tells why not and ends the command.
  static func open(_ path: String, on console: Console) throws -> TraceReader {
    do {
      if let reader = try TraceReader(path) { return reader }
    } catch {
      throw told(error, on: console)
    }
    console.error(
      "\(path): no such file", remedy: "`assay sim SCENARIO --seed N --trace \(path)` writes one.")
    throw ExitStatus.missingInput
  }

  /// The next event, or tells what is wrong with the file and ends the command.
  mutating func next(on console: Console) throws -> TraceEvent? {
    do { return try next() } catch { throw Self.told(error, on: console) }
  }

  private static func told(_ error: TraceError, on console: Console) -> ExitCode {
    console.error(
      "\(error.path):\(error.line): \(error.found)", remedy: "expected \(error.expected)")
    return ExitStatus.badInput
  }
}

/// `assay trace show`: the events of one run.
struct TraceShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows the events of a run.")

  @Argument(help: "A trace that `assay sim --trace` wrote.")
  var file: String

  @Option(help: "Show this event and those around it.")
  var around: Int?

  @Option(help: "How many events before and after.")
  var context = 3

  @Option(help: "Show the facts of one component only: \(Self.componentNames).")
  var component: String?

  @Flag(help: "Show whole lines, however long.")
  var wide = false

  private static var componentNames: String {
    Component.allCases.map(\.name).joined(separator: ", ")
  }

  func validate() throws {
    if let component, !Component.allCases.contains(where: { $0.name == component }) {
      throw ValidationError("--component must be one of \(Self.componentNames).")
    }
    guard (0...1_000_000).contains(context) else {
      throw ValidationError("--context must be from 0 to 1000000, got \(context).")
    }
  }

  func run() throws {
    let console = Console()
    var reader = try TraceReader.open(file, on: console)
    console.print(console.paint(reader.title, .bold))
    let range = around.map { max(1, $0 - context)...($0 + context) }
    var last = 0
    while let event = try reader.next(on: console) {
      last = event.number
      if let range, event.number > range.upperBound { break }
      guard range?.contains(event.number) ?? true else { continue }
      show(event, on: console)
    }
    if let around, around > last || around < 1 {
      console.error("\(file): no event \(around)", remedy: "it has events 1 to \(last)")
      throw ExitStatus.missingInput
    }
    console.next("`assay trace diff \(file) OTHER` finds the first difference of two runs.")
  }

  private func show(_ event: TraceEvent, on console: Console) {
    let details = event.details.filter { line in
      guard let component else { return true }
      return line.hasPrefix(component + " ") || line.hasPrefix("fault ")
    }
    if component != nil, details.isEmpty { return }
    let style: Console.Style = event.number == around ? .bad : .bold
    console.print(
      console.paint("\(event.number)", style) + "  \(event.time)  \(event.party)  "
        + console.paint(event.digest, .faint))
    for line in details { console.print("  " + cut(line, on: console)) }
  }

  private func cut(_ line: String, on console: Console) -> String {
    guard !wide, let columns = console.columns, line.count > columns - 2 else { return line }
    return line.prefix(columns - 3) + "…"
  }
}

/// `assay trace diff`: where two runs part.
struct TraceDiff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Names the first event, component and field in which two runs differ.",
    discussion: "Ends with 0 where the traces are the same, and with 1 where they differ.")

  @Argument(help: "A trace.")
  var first: String

  @Argument(help: "Another trace.")
  var second: String

  func run() throws {
    let console = Console()
    var one = try TraceReader.open(first, on: console)
    var other = try TraceReader.open(second, on: console)
    if one.title != other.title {
      console.print("runs         \(one.title) | \(other.title)")
    }
    var count = 0
    while true {
      let left = try one.next(on: console)
      let right = try other.next(on: console)
      guard let left, let right else {
        if let rest = left ?? right {
          console.print("\(left == nil ? second : first) goes on with event \(rest.number)")
          throw ExitStatus.failed
        }
        console.print(console.paint("the same in all \(counted(count, "event"))", .good))
        return
      }
      if let difference = TraceDifference(left, right) {
        console.print(difference.lines(on: console))
        console.next("`assay trace show \(first) --around \(left.number)`")
        throw ExitStatus.failed
      }
      count += 1
    }
  }
}
