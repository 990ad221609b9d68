import Engine
import Foundation
import Market
import NIOCore
import Simulation
import Store
import Venues

/// What stands around an engine's runtime on its loop: opening, watching and telling.
final class LiveHost {
  let runtime: EngineRuntime
  private let plan: LivePlan
  private let state: LiveRun.Shared
  private let reporter: Reporter

  /// Opens everything; the engine does nothing until ``begin()``.
  ///
  /// - Throws: ``LiveError`` where something cannot be opened.
  init(
    _ plan: LivePlan, _ clock: any LiveClock, _ state: LiveRun.Shared, on loop: any EventLoop,
    onEnd: @escaping (LiveError?) -> Void
  ) throws(LiveError) {
    self.plan = plan
    self.state = state
    let now = clock.now()
    let reporter = try Reporter(plan)
    self.reporter = reporter
    let files = OperatorFiles(killSwitchPath: plan.settings.killSwitch)
    let (durable, recovered) = try Self.open(plan.settings, files, now)
    let signer = plan.signer.map(RecordingSigner.init)
    let engine: Engine
    do {
      engine = try Engine(
        configuration: plan.engine, recovered: recovered, killSwitchFile: recovered.killSwitch,
        strategies: plan.strategies, signer: signer)
    } catch {
      throw LiveError(
        .configuration, "\(plan.configurationFile): \(error)", remedy: "change the file")
    }
    let recording = try plan.recording.map { path throws(LiveError) in
      let file = try RecordingFile(path: path)
      try file.append(.header(Self.header(plan, recovered)))
      return file
    }
    let begun = now.wall
    weak var watched: EngineRuntime?
    let publish = { (isOver: Bool) in
      guard let runtime = watched else { return }
      state.status = reporter.status(of: runtime, plan, begun: begun, isOver: isOver)
    }
    runtime = EngineRuntime(
      EngineRuntime.Parts(
        engine: engine, durable: durable, files: files, clock: clock, signer: signer,
        recording: recording,
        transports: try VenueTransport.all(plan.settings, on: loop)), on: loop
    ) { event in
      switch event {
      case .step(let now, let outbox): reporter.tell(now, outbox)
      case .ended(let error):
        publish(true)
        reporter.writeHealth(state.status)
        onEnd(error)
      }
    }
    watched = runtime
    self.publish = publish
  }

  private let publish: (Bool) -> Void

  /// Starts the engine and the watching of it.
  func begin() {
    runtime.start()
    publish(false)
    reporter.writeHealth(state.status)
    let bound = NIOLoopBound(self, eventLoop: runtime.loop)
    runtime.loop.scheduleRepeatedTask(
      initialDelay: .milliseconds(200), delay: .seconds(1)
    ) { task in
      guard bound.value.runtime.isRunning else { return task.cancel() }
      bound.value.runtime.pollFiles()
      bound.value.publish(false)
    }
    let every = TimeAmount.nanoseconds(plan.settings.healthInterval.nanoseconds)
    runtime.loop.scheduleRepeatedTask(initialDelay: every, delay: every) { task in
      guard bound.value.runtime.isRunning else { return task.cancel() }
      bound.value.reporter.writeHealth(bound.value.state.status)
    }
  }

  private static func open(
    _ settings: LiveSettings, _ files: OperatorFiles, _ now: Now
  ) throws(LiveError) -> (DurableHost, DurableState) {
    try makeFolder(of: settings.store)
    try makeFolder(of: settings.killSwitch)
    do throws(StoreError) {
      let durable = DurableHost(
        store: try Store(path: settings.store), killSwitch: files.killSwitch)
      return (durable, try durable.recover(at: now.wall))
    } catch {
      throw LiveError(error)
    }
  }

  /// Makes the folder of a file where it is not there yet.
  static func makeFolder(of path: String) throws(LiveError) {
    let folder = URL(filePath: path).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw LiveError(
        .system, "\(folder.path) cannot be made: \(error.localizedDescription)",
        remedy: "name files in a folder that can be written")
    }
  }

  private static func header(_ plan: LivePlan, _ recovered: DurableState) -> RecordedHeader {
    RecordedHeader(
      build: plan.build, file: plan.configurationFile, configuration: plan.configurationText,
      account: plan.engine.account, signer: plan.signer?.address, recovered: recovered)
  }
}
