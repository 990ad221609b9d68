public import Engine
public import enum Engine.Record
import Glibc
import GRDB
public import Market

/// How much of a file is examined before it is trusted.
public enum StoreCheck: Sendable {
  /// SQLite's own structures.
  case structure
  /// Also every step of the journal against its chain.
  case journal
  /// Also every table against the journal; takes as long as writing it all again.
  case everything
}

/// The durable memory of an engine: one SQLite file with one writer.
///
/// Every appended step is one transaction over the journal and the tables, on the disk when
/// ``append(_:at:)`` returns. Not `Sendable`: one thread drives it, and ``inspection`` serves
/// others.
public final class Store {
  /// The absolute path of the file; `:memory:` for one that ends with the process.
  public let path: String
  let writer: any DatabaseWriter
  private let lock: WriterLock?
  private var head: Journal.Head
  private var isHalted = false

  /// Opens the store at `path`, making it where there is none.
  ///
  /// - Parameters:
  ///   - path: A file in a folder that exists, or `:memory:`.
  ///   - check: What is examined first; a store that fails is not opened.
  /// - Throws: ``StoreError`` where another instance holds the store, the file is foreign, newer or
  ///   damaged, or the folder cannot be written.
  public init(path: String, checking check: StoreCheck = .journal) throws(StoreError) {
    if path == ":memory:" {
      self.path = path
      lock = nil
      writer = try StoreError.attempt(path) { try DatabaseQueue() }
    } else {
      let absolute = try FilePath.absolute(path)
      self.path = absolute
      lock = try WriterLock(path: absolute)
      try Self.examine(absolute)
      writer = try StoreError.attempt(absolute) {
        try DatabasePool(path: absolute, configuration: Self.configuration(isReadOnly: false))
      }
    }
    let opened = writer
    head = try StoreError.attempt(path) {
      // GRDB's pool chooses NORMAL, which may lose acknowledged steps with the power.
      try opened.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      try Schema.migrator.migrate(opened)
      return try opened.read { db in
        if check != .structure { try Journal.check(db) }
        return try Journal.head(db)
      }
    }
    guard check == .everything else { return }
    guard let finding = try verify().findings.first else { return }
    throw StoreError(.damaged, finding.description, remedy: StoreError.restore)
  }

  deinit {
    // Readers first: SQLite folds the log into the file when the last connection may write. The
    // lock is given back after that.
    (writer as? DatabasePool)?.invalidateReadOnlyConnections()
    try? writer.close()
  }

  /// Read-only access from any thread while the store is written.
  public var inspection: StoreInspection { StoreInspection(path: path, reader: writer) }

  /// The number of steps stored.
  public var stepCount: Int64 { head.sequence }

  /// Makes `records` durable as one step: all of them are on the disk on return, or none.
  ///
  /// An exact repeat of a run, candle, decision, fill or funding payment is left out of tables and
  /// journal. An empty list, or one of repeats alone, writes nothing.
  ///
  /// - Parameters:
  ///   - records: The records of one step, in order.
  ///   - wall: The wall time of the step.
  /// - Throws: ``StoreError``; after one that leaves the disk's state in doubt (`failed`,
  /// `damaged`)
  ///   the store takes no more until it is opened again.
  public func append(_ records: [Record], at wall: Instant) throws(StoreError) {
    guard !isHalted else {
      throw StoreError(
        .halted, "An earlier write to \(path) ended without a verdict.",
        remedy: "Stop, check the disk, and open the store again.")
    }
    guard !records.isEmpty else { return }
    do throws(StoreError) {
      head = try StoreError.attempt(path) {
        try writer.write { try Journal.append(records, at: wall, after: head, $0) }
      }
    } catch {
      isHalted = error.leavesDoubt
      throw error
    }
  }

  /// The state that an engine restarts from, read from the tables.
  ///
  /// - Returns: The normalised fold of every step that was appended.
  /// - Throws: ``StoreError`` with code `damaged` where a row cannot be what was written.
  public func recover() throws(StoreError) -> DurableState { try inspection.recover() }

  /// Compares the file with itself; see ``StoreInspection/verify()``.
  public func verify() throws(StoreError) -> StoreVerification { try inspection.verify() }
}

extension Store {
  static func configuration(isReadOnly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = isReadOnly
    configuration.busyMode = .timeout(5)
    configuration.foreignKeysEnabled = true
    configuration.label = "assay.store"
    return configuration
  }

  /// Refuses a file that is not ours to write, before anything in it changes.
  static func examine(_ path: String) throws(StoreError) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_size > 0 else { return }
    guard faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0 else {
      throw FileFault.current.storeError(path)
    }
    guard try beginsAsSQLite(path) else {
      throw StoreError(
        .foreign, "\(path) is no SQLite file.", remedy: "Point at another file.")
    }
    try StoreError.attempt(path) {
      try DatabaseQueue(path: path, configuration: configuration(isReadOnly: true))
        .read { try examine($0, path) }
    }
  }

  /// Whether the file begins as SQLite's do; SQLite itself takes a file of few bytes for an empty
  /// one, and would write over it.
  private static func beginsAsSQLite(_ path: String) throws(StoreError) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault.current.storeError(path) }
    defer { close(descriptor) }
    let mark = Array("SQLite format 3\0".utf8)
    var bytes = [UInt8](repeating: 0, count: mark.count)
    return read(descriptor, &bytes, bytes.count) == mark.count && bytes == mark
  }

  static func examine(_ db: Database, _ path: String) throws {
    let application = try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    // A crash while the file was made may leave the migrator's own table and nothing else.
    let tables =
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'") ?? 0
    guard application == Schema.applicationID || (application == 0 && tables == 0) else {
      throw StoreError(
        .foreign, "\(path) is a SQLite file of another program.", remedy: "Point at another file.")
    }
    guard try !Schema.migrator.hasBeenSuperseded(db) else {
      throw StoreError(
        .otherSchema, "\(path) was written by another release.",
        remedy: "Read it with that release, and point this one at another file.")
    }
    let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
    guard verdict == "ok" else {
      throw StoreError(.damaged, "\(path) is damaged: \(verdict).", remedy: StoreError.restore)
    }
  }
}
