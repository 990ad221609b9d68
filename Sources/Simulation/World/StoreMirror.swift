import Engine
import Glibc
import Market
import Store

/// A real store in a folder of its own behind the virtual disk; each recovery opens it anew.
final class StoreMirror {
  private let folder: String
  private var store: Store?

  private var path: String { folder + "/run.sqlite" }

  /// Makes a folder for the run.
  init() throws(DiskFault) {
    var template = Array("/tmp/assay-sim-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw .store("no temporary folder can be made") }
    folder = String(cString: made)
    do {
      store = try Store(path: folder + "/run.sqlite")
    } catch {
      throw .store("\(error)")
    }
  }

  /// Appends records as one transaction, at a wall time.
  func append(_ records: [Record], _ wall: Instant) throws(DiskFault) {
    do {
      try store?.append(records, at: wall)
    } catch {
      throw .store("\(error)")
    }
  }

  /// Opens the file as a new process would, and loads what it finds.
  func load() throws(DiskFault) -> DurableState {
    store = nil
    do {
      let opened = try Store(path: path)
      store = opened
      return try opened.recover()
    } catch {
      throw .store("\(error)")
    }
  }

  /// Closes the store and removes its folder.
  func discard() {
    store = nil
    for name in ["run.sqlite", "run.sqlite-wal", "run.sqlite-shm", "run.sqlite.lock"] {
      unlink(folder + "/" + name)
    }
    rmdir(folder)
  }
}
