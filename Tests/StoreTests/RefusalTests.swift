import Engine
import Glibc
import GRDB
import Market
import Store
import Testing

/// What a store does not open, does not take, and what it says about it.
@Suite("Refusals")
struct RefusalTests {
  private let path: String
  private let folder: Folder

  init() throws {
    folder = try Folder()
    path = folder.file("run.sqlite")
  }

  private func fill(steps: Int = 12) throws {
    let store = try Store(path: path)
    var maker = RecordMaker(seed: 21)
    for _ in 0..<steps { try store.append([maker.record(kind: 5)] + maker.step(), at: maker.now) }
  }

  private func tamper(_ sql: String) throws {
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
  }

  private func refusal(
    of path: String, checking check: StoreCheck = .journal
  ) -> StoreError? {
    do throws(StoreError) {
      _ = try Store(path: path, checking: check)
      return nil
    } catch {
      return error
    }
  }

  @Test("A file of another release is left alone")
  func otherSchema() throws {
    try fill()
    try tamper("INSERT INTO grdb_migrations VALUES ('2-something-new')")
    let before = try folder.read("run.sqlite")
    let error = refusal(of: path)
    #expect(error?.code == .otherSchema)
    #expect(error?.remedy?.hasPrefix("Read it with that release") == true)
    #expect(try folder.read("run.sqlite") == before)
    #expect(throws: StoreError.self) { try StoreInspection(path: path) }
  }

  @Test("A file of another program is left alone")
  func foreign() throws {
    try tamper("CREATE TABLE notes (text TEXT)")
    let before = try folder.read("run.sqlite")
    #expect(refusal(of: path)?.code == .foreign)
    #expect(try folder.read("run.sqlite") == before)
    try folder.write(Array("# a configuration\nrisk: 1\n".utf8), to: "paper.yaml")
    #expect(refusal(of: folder.file("paper.yaml"))?.code == .foreign)
  }

  @Test("A file of a few bytes is left alone: SQLite would take it for an empty one")
  func tiny() throws {
    try folder.write([0x78], to: "secret.key")
    #expect(refusal(of: folder.file("secret.key"))?.code == .foreign)
    #expect(try folder.read("secret.key") == [0x78])
  }

  @Test("A damaged page is refused")
  func damagedPage() throws {
    try fill()
    var bytes = try folder.read("run.sqlite")
    let root = try DatabaseQueue(path: path).read {
      try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'fills'") ?? 0
    }
    let start = (root - 1) * 4_096
    for offset in start..<(start + 16) { bytes[offset] = 0x55 }
    try folder.write(bytes, to: "run.sqlite")
    let error = refusal(of: path, checking: .structure)
    #expect(error?.code == .damaged)
    #expect(error?.remedy != nil)
  }

  @Test(
    "A journal that is not what was written is refused, and the step is named",
    arguments: [
      ("UPDATE journal SET wall_ns = wall_ns + 1 WHERE sequence = 7", "Step 7"),
      ("UPDATE journal SET chain = '0123456789abcdef' WHERE sequence = 3", "Step 3"),
      ("DELETE FROM journal WHERE sequence = 5", "Step 5"),
      ("DELETE FROM journal WHERE sequence = 12", "step 11"),
      ("DELETE FROM journal", "step 0"),
      ("UPDATE journal SET records = substr(records, 2) WHERE sequence = 1", "Step 1"),
      (
        "INSERT INTO journal SELECT 13, wall_ns, records, chain FROM journal WHERE sequence = 12",
        "Step 13"
      ),
    ])
  func journal(sql: String, place: String) throws {
    try fill()
    try tamper(sql)
    let error = refusal(of: path)
    #expect(error?.code == .damaged)
    #expect(error?.message.contains(place) == true, "\(String(describing: error))")
    let verdict = try StoreInspection(path: path).verify()
    #expect(verdict.findings.map(\.place) == ["journal"])
  }

  @Test("Any bit of a journal row is told from another", arguments: 0..<64)
  func journalBit(bit: Int) throws {
    try fill(steps: 4)
    let queue = try DatabaseQueue(path: path)
    try queue.write { db in
      let hex: String =
        try String.fetchOne(
          db, sql: "SELECT hex(records) FROM journal WHERE sequence = 3") ?? ""
      var bytes = stride(from: 0, to: hex.utf8.count, by: 2).map { offset in
        UInt8(hex.dropFirst(offset).prefix(2), radix: 16) ?? 0
      }
      let index = (bit * 7_919) % bytes.count
      bytes[index] ^= 1 << UInt8(bit % 8)
      let text = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
      try db.execute(sql: "UPDATE journal SET records = x'\(text)' WHERE sequence = 3")
    }
    try queue.close()
    #expect(refusal(of: path)?.message.contains("Step 3") == true)
  }

  @Test(
    "A table that disagrees with the journal is found",
    arguments: [
      ("fills", "UPDATE fills SET price_e8 = price_e8 + 1 WHERE row = 4"),
      ("fills", "DELETE FROM fills WHERE row = 6"),
      ("positions", "DELETE FROM positions"),
      ("account", "UPDATE account SET realised_e8 = 0"),
      ("candles", "UPDATE candles SET is_late = 1 - is_late"),
    ])
  func tables(table: String, sql: String) throws {
    try fill(steps: 60)
    try tamper(sql)
    let verdict = try StoreInspection(path: path).verify()
    #expect(verdict.findings.map(\.place).contains(table), "\(verdict.findings)")
    #expect(verdict.chain != nil)
    #expect(refusal(of: path, checking: .everything)?.code == .damaged)
    #expect(refusal(of: path) == nil, "the journal alone is sound")
  }

  @Test("A row that no program wrote is named and not recovered")
  func unreadableRow() throws {
    try fill(steps: 60)
    try tamper("UPDATE positions SET closed_at_ns = NULL, symbol = 'with a blank'")
    let store = try Store(path: path)
    #expect { try store.recover() } throws: { error in
      (error as? StoreError)?.message.hasPrefix("Table positions, column symbol") == true
    }
  }

  @Test("A second writer is refused by name, however it spells the path")
  func secondWriter() throws {
    var store: Store? = try Store(path: path)
    let link = folder.file("link.sqlite")
    #expect(symlink(path, link) == 0)
    for other in [path, link, folder.path + "/./run.sqlite"] {
      let error = refusal(of: other)
      #expect(error?.code == .busy)
      #expect(error?.message.contains("process \(getpid())") == true)
    }
    #expect(store?.stepCount == 0)
    store = nil
    #expect(refusal(of: path) == nil, "the lock goes with its holder; its file may stay")
    #expect(folder.names.contains("run.sqlite.lock"))
  }

  @Test("A folder that is not there, or may not be written, is named with what to do")
  func folders() throws {
    let missing = refusal(of: folder.file("none/run.sqlite"))
    #expect(missing?.code == .notFound)
    #expect(throws: StoreError.self) { try StoreInspection(path: folder.file("none.sqlite")) }
    #expect(chmod(folder.path, 0o555) == 0)
    // Root may write in any folder but the kernel's own.
    let closed = geteuid() == 0 ? "/sys" : folder.path
    let error = refusal(of: closed + "/run.sqlite")
    #expect(error?.code == .readOnly)
    #expect(error?.message.contains(closed) == true)
    #expect(error?.remedy == "Give this user write access to the file and its folder.")
  }
}
