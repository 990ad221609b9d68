import Engine
import Foundation
import Market
import Simulation
import Venues

/// Tells people and supervisors about a run: lines, the alert file and the health file.
final class Reporter {
  private var narrator = Narrator()
  private let note: @Sendable (LiveNote) -> Void
  private let alerts: FileHandle?
  private let healthFile: String

  /// Opens the alert file.
  ///
  /// - Throws: ``LiveError`` where a file that the plan names cannot be written.
  init(_ plan: LivePlan) throws(LiveError) {
    note = plan.note
    healthFile = plan.settings.healthFile
    try LiveHost.makeFolder(of: healthFile)
    guard let path = plan.settings.alertFile else {
      alerts = nil
      return
    }
    try LiveHost.makeFolder(of: path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw LiveError(
        .system, "\(path) cannot be written: \(String(cString: strerror(errno)))",
        remedy: "name a file for alerts that can be written")
    }
    alerts = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Tells what a step did.
  func tell(_ now: Now, _ outbox: Outbox) {
    for line in narrator.notes(now, outbox) { note(line) }
    guard let alerts else { return }
    for case .alert(let alert) in outbox.effects {
      try? alerts.write(contentsOf: Data(Self.line(alert, at: now.wall).utf8))
    }
  }

  private static func line(_ alert: Alert, at time: Instant) -> String {
    var writer = JSONWriter()
    writer.object { object in
      object.string("time", "\(time)")
      object.string("code", alert.code)
      object.string("severity", "\(alert.severity)")
      if let symbol = alert.symbol { object.name("symbol", symbol) }
      object.string("message", alert.message)
    }
    return writer.text + "\n"
  }

  /// How the run is now.
  func status(
    of runtime: EngineRuntime, _ plan: LivePlan, begun: Instant, isOver: Bool
  ) -> LiveStatus {
    let execution: String
    switch plan.engine.execution {
    case .paper: execution = "paper"
    case .exchange(let exchange): execution = exchange.isDryRun ? "exchange, dry run" : "exchange"
    }
    return LiveStatus(
      build: plan.build, execution: execution, venue: plan.settings.venue.http.description,
      snapshot: runtime.engine.snapshot, strategyHealth: runtime.engine.strategyHealth,
      steps: runtime.chain.count, digest: runtime.chain.digest, begun: begun,
      counts: narrator.counts, isOver: isOver)
  }

  /// Writes the health file, whole or not at all.
  func writeHealth(_ status: LiveStatus?) {
    guard let status else { return }
    do {
      try Data(status.healthJSON.utf8).write(to: URL(filePath: healthFile), options: .atomic)
    } catch {
      note(
        LiveNote(
          time: status.snapshot.wall, severity: .warning,
          text: "\(healthFile) cannot be written: \(error.localizedDescription)"))
    }
  }
}
