import Engine
import GRDB
public import Market

/// What a comparison of a store with itself came to.
public struct StoreVerification: Hashable, Sendable {
  /// Steps of the journal that hold.
  public var steps: Int64 = 0
  /// Records in them.
  public var records = 0
  /// The digest of the whole journal; nil where it is damaged.
  public var chain: Digest?
  /// Every difference; empty where the store is sound.
  public var findings: [Finding] = []

  /// Whether nothing was found.
  public var isSound: Bool { findings.isEmpty }

  /// A difference between what the store holds and what it should hold.
  public struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// `pages`, `journal`, `recovery`, or the name of a table.
    public let place: String
    /// One sentence with the values that explain it.
    public let message: String

    /// The place, then the message.
    public var description: String { "\(place): \(message)" }
  }
}

enum Verification {
  static func run(_ db: Database) throws -> StoreVerification {
    var result = StoreVerification()
    for line in try String.fetchAll(db, sql: "PRAGMA integrity_check") where line != "ok" {
      result.findings.append(.init(place: "pages", message: line))
    }
    // A private file that SQLite makes, spills to disk and deletes.
    let rebuilt = try DatabaseQueue(path: "")
    try Schema.migrator.migrate(rebuilt)
    var fold = DurableState()
    do {
      try rebuilt.write { copy in
        try Journal.check(db) { step in
          for record in step.records {
            _ = try RowKeeper.apply(record, step: step.head.sequence, copy)
            fold.apply(record)
          }
          result.steps = step.head.sequence
          result.records += step.records.count
          result.chain = step.head.chain
        }
      }
    } catch let error as StoreError {
      result.chain = nil
      result.findings.append(.init(place: "journal", message: error.message))
      return result
    }
    try rebuilt.read { copy in
      for table in Table.all {
        if let message = try difference(table, db, copy) {
          result.findings.append(.init(place: table.name, message: message))
        }
      }
    }
    do {
      guard try Recovery.state(db) != fold.normalised() else { return result }
      result.findings.append(
        .init(place: "recovery", message: "The tables recover another state than the journal."))
    } catch let error as StoreError {
      result.findings.append(.init(place: "recovery", message: error.message))
    }
    return result
  }

  /// The first row in which two tables differ, in the order of their keys.
  private static func difference(
    _ table: Table, _ db: Database, _ copy: Database
  ) throws -> String? {
    let order = try db.primaryKey(table.name).columns.joined(separator: ", ")
    let sql = "SELECT * FROM \(table.name) ORDER BY \(order)"
    let stored = try Row.fetchCursor(db, sql: sql)
    let expected = try Row.fetchCursor(copy, sql: sql)
    while true {
      let (row, other) = (try stored.next(), try expected.next())
      if row == nil, other == nil { return nil }
      guard row == other else {
        return "The row \(row.map(\.description) ?? "(none)") should be "
          + "\(other.map(\.description) ?? "(none)")."
      }
    }
  }
}
