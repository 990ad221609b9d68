import Engine
import Foundation
import Market
import Store

extension OperatorFiles {
  /// What lifting the kill switch came to.
  public enum LiftOutcome: Hashable, Sendable {
    /// There was nothing to lift.
    case wasNotEngaged
    /// A running engine lifted it.
    case liftedByEngine
    /// No engine ran; the store says that it is lifted.
    case liftedAtRest
  }

  /// Engages the kill switch.
  ///
  /// - Throws: ``LiveError`` where the file may not stand.
  public func engage(reason: String) throws(LiveError) {
    try LiveHost.makeFolder(of: killSwitch.path)
    do throws(StoreError) {
      guard try killSwitch.read() == nil else { return }
      try killSwitch.write(
        KillSwitchRecord(time: SystemClock().now().wall, isEngaged: true, reason: reason))
    } catch {
      throw LiveError(error)
    }
  }

  /// Lifts the kill switch: by the engine that holds the store, or in the store where none does.
  ///
  /// - Parameters:
  ///   - path: The path of the store.
  ///   - reason: Why, for the record.
  /// - Returns: Who lifted it.
  /// - Throws: ``LiveError`` where it may still be engaged.
  public func lift(store path: String, reason: String) throws(LiveError) -> LiftOutcome {
    let now = SystemClock().now().wall
    do throws(StoreError) {
      let durable = DurableHost(store: try Store(path: path), killSwitch: killSwitch)
      let state = try durable.recover(at: now)
      guard state.killSwitch?.isEngaged ?? false else { return .wasNotEngaged }
      try durable.append(
        [.killSwitch(KillSwitchRecord(time: now, isEngaged: false, reason: reason))], at: now)
      return .liftedAtRest
    } catch {
      guard error.code == .busy else { throw LiveError(error) }
    }
    return try liftByEngine(reason)
  }

  private func liftByEngine(_ reason: String) throws(LiveError) -> LiftOutcome {
    guard isStanding else { return .wasNotEngaged }
    try requestResume(reason: reason)
    // The engine looks every second.
    for _ in 0..<100 {
      guard isStanding else { return .liftedByEngine }
      usleep(100_000)
    }
    _ = withdrawResume()
    throw LiveError(
      .system, "the engine that holds the store did not lift the switch within ten seconds",
      remedy: "look at its log and at `assay status`")
  }

  private var isStanding: Bool { access(killSwitch.path, F_OK) == 0 }
}
