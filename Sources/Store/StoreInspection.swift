public import Engine
import GRDB
import Market

/// Read-only access to a store, beside its writer or without one.
public struct StoreInspection: Sendable {
  /// The path of the file.
  public let path: String
  private let reader: any DatabaseReader

  init(path: String, reader: any DatabaseReader) {
    self.path = path
    self.reader = reader
  }

  /// Opens the store at `path` without the right to change it; its writer may be running.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``StoreError`` where the file is not there, foreign, newer or damaged.
  public init(path: String) throws(StoreError) {
    let absolute = try FilePath.absolute(path)
    self.path = absolute
    reader = try StoreError.attempt(absolute) {
      let queue = try DatabaseQueue(
        path: absolute, configuration: Store.configuration(isReadOnly: true))
      try queue.read { db in
        try Store.examine(db, absolute)
        guard try db.tableExists("journal") else {
          throw StoreError(
            .foreign, "\(absolute) holds no store.", remedy: "Point at the file of a run.")
        }
      }
      return queue
    }
  }

  /// The state that an engine would restart from.
  ///
  /// - Returns: The normalised fold of every step.
  /// - Throws: ``StoreError`` with code `damaged` where a row cannot be what was written.
  public func recover() throws(StoreError) -> DurableState { try read { try Recovery.state($0) } }

  /// Compares the file with itself: pages and indexes, the journal with its chain, every table with
  /// one written anew from the journal, and recovery with the fold of all records.
  ///
  /// - Returns: What was compared and every difference found.
  /// - Throws: ``StoreError`` where the comparison could not be made.
  public func verify() throws(StoreError) -> StoreVerification {
    try read { try Verification.run($0) }
  }

  /// One consistent view of the file.
  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    try StoreError.attempt(path) { try reader.read(body) }
  }

  /// The rows of `table` that `clause` selects, each read by `body`.
  func list<Value>(
    _ table: Table, _ clause: String, _ arguments: StatementArguments = [],
    _ body: (inout FieldReader) throws(StoreError) -> Value
  ) throws(StoreError) -> [Value] {
    try read { db in
      try Recovery.rows(table, clause, db, arguments).map { row in
        var fields = row
        return try body(&fields)
      }
    }
  }
}
