import Engine
import enum Engine.Record
import Foundation
import GRDB
import Market

/// The list of all steps, each chained to the one before it.
///
/// A digest is carried from row to row over sequence, wall time and records, so that a row that
/// rotted, went missing or came from another file is found and named.
enum Journal {
  /// Where the journal ends.
  struct Head: Hashable, Sendable {
    var sequence: Int64 = 0
    var chain = Digest(seed: UInt64(Schema.applicationID))
  }

  /// One row as it was read and found good.
  struct Step {
    let head: Head
    let wall: Instant
    let records: [Record]
  }

  /// The head after a step of `bytes`.
  static func follow(_ head: Head, wall: Int64, bytes: [UInt8]) -> Head {
    var next = Head(sequence: head.sequence + 1, chain: head.chain)
    next.chain.add(next.sequence)
    next.chain.add(wall)
    next.chain.add(bytes: bytes)
    return next
  }

  /// Writes what is new of `records` to their tables and to the journal.
  ///
  /// - Returns: The head, moved unless everything was a repeat.
  static func append(
    _ records: [Record], at wall: Instant, after head: Head, _ db: Database
  ) throws -> Head {
    let news = try records.filter { try RowKeeper.apply($0, step: head.sequence + 1, db) }
    guard !news.isEmpty else { return head }
    let bytes = Record.bytes(of: news)
    // What would not read back must not become durable: no later start could pass it.
    guard (try? Record.list(from: bytes)) == news else {
      throw StoreError(
        .invalidRecord, "Step \(head.sequence + 1) holds a record that does not read back.",
        remedy: "Report it as a fault of the engine, with the step's records: \(news).")
    }
    let next = follow(head, wall: wall.nanoseconds, bytes: bytes)
    try db.cachedStatement(
      sql: "INSERT INTO journal (sequence, wall_ns, records, chain) VALUES (?, ?, ?, ?)"
    ).execute(arguments: [
      next.sequence, wall.nanoseconds, Data(bytes), next.chain.description,
    ])
    try db.cachedStatement(
      sql: """
        INSERT INTO journal_head (id, sequence, chain) VALUES (1, ?, ?)
        ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, chain = excluded.chain
        """
    ).execute(arguments: [next.sequence, next.chain.description])
    return next
  }

  /// The head that the last append left.
  static func head(_ db: Database) throws -> Head {
    guard let row = try Row.fetchOne(db, sql: "SELECT sequence, chain FROM journal_head") else {
      return Head()
    }
    guard let chain = UInt64(row["chain"] as String, radix: 16) else {
      throw damage("The journal's head is not readable.")
    }
    return Head(sequence: row["sequence"], chain: Digest(rawValue: chain))
  }

  /// Reads every step in order and holds it to the chain.
  ///
  /// - Throws: ``StoreError`` with code `damaged` that names the first step that is not what was
  ///   written.
  static func check(_ db: Database, _ body: (Step) throws -> Void = { _ in }) throws {
    var head = Head()
    do {
      let rows = try Row.fetchCursor(
        db, sql: "SELECT sequence, wall_ns, records, chain FROM journal ORDER BY sequence")
      while let row = try rows.next() {
        let step = try read(row, after: head)
        try body(step)
        head = step.head
      }
    } catch let error as DatabaseError {
      throw damage("The journal ends in a damaged page after step \(head.sequence).", error)
    }
    let end = try Self.head(db)
    guard end == head else {
      throw damage(
        "The journal ends at step \(head.sequence) where step \(end.sequence) was the last.")
    }
  }

  private static func read(_ row: Row, after head: Head) throws -> Step {
    let sequence: Int64 = row[0]
    guard sequence == head.sequence + 1 else {
      throw damage("Step \(head.sequence + 1) of the journal is missing: \(sequence) follows.")
    }
    let data: Data = row[2]
    let bytes = Array(data)
    let wall: Int64 = row[1]
    let next = follow(head, wall: wall, bytes: bytes)
    guard next.chain.description == row[3] as String else {
      throw damage("Step \(sequence) of the journal is not what was written: its digest differs.")
    }
    do throws(BinaryFault) {
      return Step(
        head: next, wall: Instant(nanoseconds: wall), records: try Record.list(from: bytes))
    } catch {
      throw damage("Step \(sequence) of the journal holds no records that this build reads.", error)
    }
  }

  private static func damage(_ message: String, _ cause: (any Error)? = nil) -> StoreError {
    StoreError(.damaged, message, remedy: StoreError.restore, cause: cause)
  }
}
