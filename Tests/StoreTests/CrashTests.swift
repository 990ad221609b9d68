import Engine
import Glibc
import Market
import Store
import Testing

/// Crashes as the disk sees them: the file and its log as they stood, cut or changed anywhere.
@Suite("Crashes")
struct CrashTests {
  private struct Image {
    let database: [UInt8]
    let log: [UInt8]
    /// The recovered state after no step, one step, and so on.
    let states: [DurableState]
  }

  private func image(seed: UInt64, steps: Int) throws -> Image {
    let folder = try Folder()
    let store = try Store(path: folder.file("run.sqlite"))
    var maker = RecordMaker(seed: seed)
    var fold = DurableState()
    var states = [fold]
    for _ in 0..<steps {
      let records = maker.step() + [maker.record(kind: 4), maker.record(kind: 6)]
      try store.append(records, at: maker.now)
      records.forEach { fold.apply($0) }
      states.append(fold.normalised())
    }
    return Image(
      database: try folder.read("run.sqlite"), log: try folder.read("run.sqlite-wal"),
      states: states)
  }

  /// How many steps a store made of the image has after a restart.
  private func survivors(
    of image: Image, log: [UInt8], _ comment: Comment
  ) throws -> Int {
    let folder = try Folder()
    try folder.write(image.database, to: "run.sqlite")
    try folder.write(log, to: "run.sqlite-wal")
    let store = try Store(path: folder.file("run.sqlite"), checking: .everything)
    let count = Int(store.stepCount)
    #expect(try store.recover() == image.states[count], comment)
    return count
  }

  @Test("A log cut at any byte leaves whole steps, never a part")
  func cutLog() throws {
    let image = try image(seed: 1, steps: 12)
    var counts: [Int] = []
    for length in stride(from: 0, through: image.log.count, by: 7_993) {
      counts.append(
        try survivors(of: image, log: Array(image.log.prefix(length)), "cut at \(length)"))
    }
    counts.append(try survivors(of: image, log: image.log, "whole"))
    #expect(counts == counts.sorted())
    #expect(counts.first == 0)
    #expect(counts.last == 12)
    #expect(Set(counts).count > 6, "the cuts fell between many different steps")
  }

  @Test("A byte changed in the log ends it there")
  func changedLog() throws {
    let image = try image(seed: 3, steps: 8)
    var counts: [Int] = []
    for offset in stride(from: 40, to: image.log.count, by: 9_973) {
      var log = image.log
      log[offset] ^= 0x10
      counts.append(try survivors(of: image, log: log, "changed at \(offset)"))
    }
    #expect(Set(counts).count > 3)
    #expect(counts.allSatisfy { $0 <= 8 })
  }

  @Test("A byte changed in the file is refused, or changes nothing")
  func changedFile() throws {
    let folder = try Folder()
    var maker = RecordMaker(seed: 6)
    var fold = DurableState()
    do {
      let store = try Store(path: folder.file("run.sqlite"))
      for _ in 0..<40 {
        let records = maker.step()
        try store.append(records, at: maker.now)
        records.forEach { fold.apply($0) }
      }
    }
    #expect(folder.names == ["run.sqlite", "run.sqlite.lock"], "closing folds the log in")
    let file = try folder.read("run.sqlite")
    var refusals = 0
    // The head of each page and the newest of its cells.
    let offsets = stride(from: 0, to: file.count, by: 4_096).flatMap { [$0 + 6, $0 + 4_085] }
    for offset in offsets {
      var bytes = file
      bytes[offset] ^= 0x41
      let other = try Folder()
      try other.write(bytes, to: "run.sqlite")
      do throws(StoreError) {
        let store = try Store(path: other.file("run.sqlite"), checking: .everything)
        #expect(try store.recover() == fold.normalised(), "changed at \(offset)")
      } catch {
        refusals += 1
      }
    }
    #expect(refusals > 30, "many of the changed bytes were used")
  }

  @Test("A recovery that is cut short changes nothing for the next")
  func repeatedRecovery() throws {
    let image = try image(seed: 7, steps: 5)
    let folder = try Folder()
    try folder.write(image.database, to: "run.sqlite")
    try folder.write(image.log, to: "run.sqlite-wal")
    for _ in 0..<3 {
      let again = try Folder()
      let store = try Store(path: folder.file("run.sqlite"))
      #expect(try store.recover() == image.states[5])
      // What a crash during this start leaves is the next start's beginning.
      try again.write(try folder.read("run.sqlite"), to: "run.sqlite")
      try again.write(try folder.read("run.sqlite-wal"), to: "run.sqlite-wal")
      #expect(
        try Store(path: again.file("run.sqlite"), checking: .everything).recover()
          == image.states[5])
    }
  }
}
