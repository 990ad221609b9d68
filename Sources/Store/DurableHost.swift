public import Engine
public import enum Engine.Record
public import Market

/// A store and the kill switch's file, kept so that a crash between the two stops trading.
///
/// Engaging writes the file first and the store second; lifting writes the store first and takes
/// the file away second. So whatever falls between the two, the file stands, and a file that stands
/// engages the next start. The switch is lifted by a durable record alone: a file that somebody
/// deleted comes back while the store says engaged.
public final class DurableHost {
  /// The store.
  public let store: Store
  /// The kill switch's file.
  public let killSwitch: KillSwitchFile

  /// Pairs a store with a file.
  public init(store: Store, killSwitch: KillSwitchFile) {
    self.store = store
    self.killSwitch = killSwitch
  }

  /// Makes `records` durable as one step, and the file agree with the last kill-switch record.
  ///
  /// - Parameters:
  ///   - records: The records of one step, in order.
  ///   - wall: The wall time of the step.
  /// - Throws: ``StoreError``; where the file could not be taken away after a lift, the records are
  ///   durable and the next start is engaged again.
  public func append(_ records: [Record], at wall: Instant) throws(StoreError) {
    var change: KillSwitchRecord?
    for case .killSwitch(let row) in records { change = row }
    if let change, change.isEngaged { try killSwitch.write(change) }
    try store.append(records, at: wall)
    if let change, !change.isEngaged { try killSwitch.remove() }
  }

  /// The state that an engine restarts from, after file and store have been made to agree.
  ///
  /// - Parameter wall: The wall time of the start, for a record that has to be added.
  /// - Returns: The recovered state; its kill switch is engaged where the file or the store says
  /// so.
  /// - Throws: ``StoreError`` where either cannot be read or written.
  public func recover(at wall: Instant) throws(StoreError) -> DurableState {
    let state = try store.recover()
    let isEngaged = state.killSwitch?.isEngaged ?? false
    switch try killSwitch.read() {
    case nil:
      if let record = state.killSwitch, isEngaged { try killSwitch.write(record) }
      return state
    case let file?:
      if isEngaged { return state }
      try store.append([.killSwitch(file)], at: wall)
      return try store.recover()
    }
  }
}
