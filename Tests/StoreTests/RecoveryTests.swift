import Engine
import Glibc
import Market
import Risk
import Store
import Strategies
import Testing

@Suite("Recovery")
struct RecoveryTests {
  @Test(
    "The tables recover the fold of all records, across reopening",
    arguments: 1...8 as ClosedRange<UInt64>)
  func recoversTheFold(seed: UInt64) throws {
    let folder = try Folder()
    var maker = RecordMaker(seed: seed)
    var fold = DurableState()
    var appended: [[Record]] = []
    for _ in 0..<6 {
      let store = try Store(path: folder.file("run.sqlite"))
      #expect(try store.recover() == fold.normalised())
      for _ in 0..<50 {
        let records = maker.step()
        try store.append(records, at: maker.now)
        records.forEach { fold.apply($0) }
        if !records.isEmpty { appended.append(records) }
      }
      #expect(try store.recover() == fold.normalised())
    }
    let inspection = try StoreInspection(path: folder.file("run.sqlite"))
    var journal: [[Record]] = []
    try inspection.forEachStep { sequence, _, records in
      #expect(sequence == Int64(journal.count) + 1)
      journal.append(records)
    }
    #expect(journal == appended)
    let verdict = try inspection.verify()
    #expect(verdict.findings == [])
    #expect(verdict.steps == Int64(appended.count))
    #expect(verdict.records == appended.joined().count)
    let kinds = Set(appended.joined().map { Record.bytes(of: [$0])[0] })
    #expect(kinds.count == RecordMaker.kindCount, "the maker made every kind of record")
  }

  @Test("Long lists are recovered as far as the fold keeps them")
  func recoversBoundedTails() throws {
    let store = try Store(path: ":memory:")
    var maker = RecordMaker(seed: 99)
    var fold = DurableState()
    for kind in [1, 5] {
      for _ in 0..<3 {
        let records = (0..<2_400).map { _ in maker.record(kind: kind) }
        records.forEach { fold.apply($0) }
        try store.append(records, at: maker.now)
      }
    }
    let state = try store.recover()
    #expect(state.fills.count == DurableState.fillLimit)
    #expect(state == fold.normalised())
  }

  @Test("Two stores of the same steps have the same journal")
  func journalIsAFunctionOfItsSteps() throws {
    func chain(_ change: Int?) throws -> Digest? {
      let store = try Store(path: ":memory:")
      var maker = RecordMaker(seed: 4)
      for index in 0..<20 {
        let records = maker.step()
        let wall = index == change ? maker.now + .milliseconds(1) : maker.now
        try store.append(records + [maker.record(kind: 8)], at: wall)
      }
      return try store.verify().chain
    }
    let first = try chain(nil)
    #expect(first != nil)
    #expect(try chain(nil) == first)
    #expect(try chain(11) != first)
  }

  @Test("An empty step writes nothing")
  func emptyStep() throws {
    let store = try Store(path: ":memory:")
    try store.append([], at: Instant(nanoseconds: 1))
    #expect(store.stepCount == 0)
    #expect(try store.recover() == DurableState())
  }

  @Test("An inspection reads beside the writer, one consistent view at a time")
  func inspectsBesideTheWriter() throws {
    let folder = try Folder()
    let store = try Store(path: folder.file("run.sqlite"))
    var maker = RecordMaker(seed: 5)
    try store.append([maker.record(kind: 0), maker.record(kind: 5)], at: maker.now)
    let other = try StoreInspection(path: folder.file("run.sqlite"))
    #expect(try other.runs().count == 1)
    try store.append([maker.record(kind: 5)], at: maker.now)
    #expect(try other.fills().count == 2)
    #expect(try store.inspection.fills().count == 2)
  }
}
