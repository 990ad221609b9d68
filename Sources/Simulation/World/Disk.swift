import Choice
import Engine
import Exchange
import Market
import Risk
import Store
import Strategies
import Venues

/// What survives the death of the process: the fold of the durable records, and the kill-switch
/// file.
///
/// With a store behind it, every record goes there too, and each recovery compares what the store
/// loads with the fold.
struct Disk {
  private(set) var state = DurableState()
  private(set) var killSwitchFile: KillSwitchRecord?
  private(set) var recordCount = 0
  private let store: StoreMirror?

  init(mirror: StoreMirror?) { store = mirror }

  /// Compares a last time what the store loads with the fold, and throws the store away.
  func finish() throws(DiskFault) {
    guard let store else { return }
    defer { store.discard() }
    _ = try recover()
  }

  /// Makes records durable as one transaction.
  mutating func persist(_ records: [Record], at wall: Instant) throws(DiskFault) {
    guard !records.isEmpty else { return }
    for record in records {
      state.apply(record)
      if case .killSwitch(let row) = record { killSwitchFile = row.isEngaged ? row : nil }
    }
    recordCount += records.count
    if let store { try store.append(records, wall) }
  }

  /// What a process that starts now finds.
  func recover() throws(DiskFault) -> DurableState {
    guard let store else { return state }
    let loaded = try store.load()
    guard loaded.normalised() == state.normalised() else { throw .differs }
    return loaded
  }
}

/// Why a disk does not give what it should.
enum DiskFault: Error, Hashable {
  /// The store failed.
  case store(String)
  /// The store's state is not the fold of the records.
  case differs
}
