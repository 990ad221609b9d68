import ArgumentParser

/// The command line: parse, call, print.
@main
struct Assay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay",
    abstract: "Proves a perpetual-futures trading engine before it trades.",
    discussion: """
      One engine runs in a virtual world of seeded clocks, networks and venues, and over \
      recorded candles. The same build, configuration, scenario and seed give the same digest \
      everywhere. The rules that trade are proved from the very text that runs.

      Exit codes: 0 all holds; 1 a property, check or expectation failed; 64 usage; 65 bad \
      input file; 66 no such input; 70 a fault in Assay itself.
      """,
    version: BuildIdentity.version,
    groupedSubcommands: [
      CommandGroup(name: "Run", subcommands: [SimCommand.self, ReplayCommand.self]),
      CommandGroup(
        name: "Trade",
        subcommands: [
          ExchangeCommand.self, LiveCommand.self, StatusCommand.self, KillCommand.self,
          ResumeCommand.self,
        ]),
      CommandGroup(
        name: "Show",
        subcommands: [
          ProveCommand.self, CheckCommand.self, CertifyCommand.self, VerifyCommand.self,
        ]),
      CommandGroup(name: "Look", subcommands: [ListCommand.self, TraceCommand.self]),
    ])
}
