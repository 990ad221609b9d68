import ArgumentParser
import Engine
import Foundation
import Live
import Report
import Market
import Simulation

/// `assay live`: runs the engine against real venues, or against `assay exchange`.
struct LiveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live",
    abstract: "Runs the engine live: on paper, or with orders by configuration.",
    discussion: """
      The configuration says where the venue is and whether orders leave. The store, the kill \
      switch and the health file are where it says too; a run that was killed goes on from the \
      store. SIGINT or SIGTERM stops it in order: resting entries are cancelled, protective stops \
      stay; a second one ends it at once.

      While it runs, /health, /status and /metrics answer on the configured port of this machine.

      Exit codes: 0 it stopped in order; 1 it had to end, or nothing allows it to trade; 65 a bad \
      configuration, key, store or recording; 66 no such file; 70 a fault in Assay.
      """)

  @Option(help: ArgumentHelp("The configuration.", valueName: "file"))
  var config = "config/paper.yaml"

  @Option(
    help: ArgumentHelp(
      "Record every input here; `assay replay` runs it again, offline.", valueName: "file"))
  var record: String?

  @Option(
    help: ArgumentHelp(
      "What allows orders to leave this machine; `assay certify` makes it.", valueName: "folder"))
  var certificate: String?

  @Flag(help: "Allow real money; the certificate is needed all the same.")
  var mainnet = false

  @Flag(help: "Print warnings and alerts only.")
  var quiet = false

  func run() async throws {
    let console = Console()
    let plan = try plan(on: console)
    let run: LiveRun
    let health: HealthServer?
    do throws(LiveError) {
      health = try await HealthServer.start(port: plan.settings.healthPort)
      do throws(LiveError) {
        run = try await LiveRun.start(plan)
      } catch {
        await health?.stop()
        throw error
      }
      health?.watch(run)
    } catch {
      console.error(error.problem, remedy: error.remedy.isEmpty ? nil : error.remedy)
      throw error.exitStatus
    }
    banner(plan, health, on: console)
    let stopping = Thread {
      guard (try? StopSignal.wait()) != nil else { return }
      console.note("stopping: resting entries are cancelled, stops stay; again to end at once")
      run.send(.stop)
    }
    stopping.start()
    do throws(LiveError) {
      let status = try await run.wait()
      await health?.stop()
      close(status, on: console)
    } catch {
      await health?.stop()
      console.error(error.problem, remedy: error.remedy.isEmpty ? nil : error.remedy)
      console.note("       The store keeps what was traded; stops rest at the venue.")
      throw ExitStatus.failed
    }
  }

  private func plan(on console: Console) throws -> LivePlan {
    guard ScenarioPaths.isReadable(config) else {
      console.error("\(config): no such file", remedy: "expected a configuration in YAML")
      throw ExitStatus.missingInput
    }
    do {
      let text = try ConfigurationFile.text(path: config)
      var plan = try LivePlan(
        configurationText: text, file: config, build: BuildIdentity.build)
      plan.clearance = try clearance(text, on: console)
      try plan.loadKey()
      plan.recording = record
      let quiet = quiet
      plan.note = { note in
        guard !quiet || note.severity != .notice else { return }
        console.print("\(clock(note.time)) \(console.paint(note.text, note.severity.style))")
      }
      return plan
    } catch let error as CertificateRefusal {
      console.error(error.problem, remedy: error.remedy)
      throw ExitStatus.failed
    } catch let error as SettingsError {
      console.error(error)
      throw ExitStatus.badInput
    } catch let error as LiveError {
      console.error(error.problem, remedy: error.remedy.isEmpty ? nil : error.remedy)
      throw error.exitStatus
    }
  }

  /// What allows orders to leave this machine, before any key is read; nil where none leave.
  private func clearance(_ text: String, on console: Console) throws -> ExecutionClearance? {
    let start = CertificateGuard.Start(
      configuration: try ConfigurationFile.parseWhole(text, file: config), file: config,
      text: text, build: try BuildIdentity.digest(on: console), allowsMainnet: mainnet)
    switch try CertificateGuard.check(start, certificate: certificate, now: Machine.wallTime) {
    case .notNeeded: return nil
    case .certified(let digest): return ExecutionClearance(certificate: digest)
    }
  }

  private func banner(_ plan: LivePlan, _ health: HealthServer?, on console: Console) {
    let orders =
      switch plan.engine.execution {
      case .paper: "paper: no order leaves"
      case .exchange(let exchange):
        exchange.isDryRun ? "exchange, dry run: no order leaves" : "exchange: orders leave"
      }
    console.print("\(console.paint("assay live", .bold)) \(plan.configurationFile)")
    console.print("  execution  \(orders)")
    console.print("  venue      \(plan.settings.venue.http) (\(plan.settings.network.rawValue))")
    if let account = plan.engine.account { console.print("  account    \(account)") }
    console.print(
      "  strategies \(plan.engine.strategies.map(\.description).joined(separator: ", "))")
    console.print("  store      \(plan.settings.store)")
    console.print("  kill       \(plan.settings.killSwitch) (`assay kill --config \(config)`)")
    if let health { console.print("  health     http://127.0.0.1:\(health.port)/health") }
    if let record { console.print("  recording  \(record)") }
    console.print()
  }

  private func close(_ status: LiveStatus?, on console: Console) {
    guard let status else { return }
    console.print()
    console.print(
      "stopped after \(counted(status.steps, "step")): equity \(status.snapshot.equity), "
        + "\(counted(status.snapshot.positions.count, "open position")), digest \(status.digest)")
    if let record {
      console.next("`assay replay \(record)` runs it again, to the same digest.")
    } else {
      console.next("the same command goes on from \(config)'s store.")
    }
  }
}

extension LiveNote.Severity {
  fileprivate var style: Console.Style {
    switch self {
    case .notice: .plain
    case .warning: .warning
    case .critical: .bad
    }
  }
}

extension LiveError {
  /// How a command ends that this stopped before it began.
  var exitStatus: ExitCode {
    switch code {
    case .configuration, .key, .store, .recording: ExitStatus.badInput
    case .permission, .clock, .port: ExitStatus.failed
    case .system: ExitStatus.fault
    }
  }
}
