import ArgumentParser
import Live

/// `assay status`: asks a running engine how it is.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Says how a live run is.",
    discussion: "Exit codes: 0 all is well; 1 it is degraded, stopped, or does not answer.")

  @Option(help: ArgumentHelp("The configuration of the engine.", valueName: "file"))
  var config = "config/paper.yaml"

  @Option(help: ArgumentHelp("Write the whole status as JSON; - is standard output."))
  var json: String?

  func run() async throws {
    let console = Console()
    let settings = try OperatorSettings.read(config, on: console)
    let answer: StatusAnswer
    do throws(LiveError) {
      answer = try await StatusAnswer.ask(settings)
    } catch {
      console.error(error.problem, remedy: error.remedy)
      throw ExitStatus.failed
    }
    if let json {
      do { try OutputFile.write(answer.text, to: json) } catch {
        console.error(error.message)
        throw ExitStatus.fault
      }
    }
    if json != "-" {
      let style: Console.Style = answer.isWell ? .good : .bad
      console.print("\(console.paint(answer.verdict, style)) at \(answer.time)")
      for reason in answer.reasons { console.print("  \(reason)") }
      console.print(
        "  equity \(answer.equity), \(counted(answer.openPositions, "open position")), "
          + "\(counted(answer.workingOrders, "working order")), \(counted(answer.steps, "step"))")
      for row in answer.strategies {
        let state = console.paint(row.state, row.isWell ? .good : .bad)
        console.print("  \(row.strategy) on \(row.subject): \(state), \(row.detail)")
      }
      console.next(answer.isWell ? "`--json -` tells all." : "`assay kill` halts entries.")
    }
    guard answer.isWell else { throw ExitStatus.failed }
  }
}
