import Engine
import Glibc
import Market
import Store
import Testing

@Suite("Kill switch")
struct KillSwitchTests {
  private let folder: Folder
  private let file: KillSwitchFile
  private let time = Instant(nanoseconds: 1_750_000_000_000_000_000)

  init() throws {
    folder = try Folder()
    file = KillSwitchFile(path: folder.file("KILL"))
  }

  private func record(_ isEngaged: Bool, _ reason: String = "balance collapse") -> KillSwitchRecord
  {
    KillSwitchRecord(time: time, isEngaged: isEngaged, reason: reason)
  }

  private func host() throws -> DurableHost {
    DurableHost(store: try Store(path: folder.file("run.sqlite")), killSwitch: file)
  }

  @Test("The file says what was written, and nothing once it is gone")
  func roundTrip() throws {
    #expect(try file.read() == nil)
    for reason in ["balance collapse", "", "two\nlines", "späte Antwort"] {
      try file.write(record(true, reason))
      #expect(try file.read() == record(true, reason))
    }
    #expect(folder.names == ["KILL"], "no draft stays behind")
    try file.remove()
    try file.remove()
    #expect(try file.read() == nil)
  }

  @Test("Any file engages", arguments: ["", "stop!", "12", "x\ny", "\u{fffd}\n"])
  func anyFile(text: String) throws {
    try folder.write(Array(text.utf8), to: "KILL")
    #expect(try file.read()?.isEngaged == true)
    try folder.write([0xff, 0xfe, 0x00], to: "KILL")
    #expect(try file.read()?.isEngaged == true)
  }

  @Test("The file follows the last record of a step, and outlives the process")
  func follows() throws {
    do {
      let host = try host()
      try host.append([.killSwitch(record(true))], at: time)
      #expect(try file.read() == record(true))
    }
    let host = try host()
    #expect(try host.recover(at: time).killSwitch == record(true))
    try host.append([.killSwitch(record(true, "again")), .killSwitch(record(false))], at: time)
    #expect(try file.read() == nil)
    #expect(try host.recover(at: time).killSwitch == record(false))
  }

  @Test("A crash between file and store engages the next start, and is then durable")
  func crashBetween() throws {
    // Engaging: the file was written, the store was not.
    try file.write(record(true, "first"))
    do {
      let host = try host()
      #expect(try host.recover(at: time).killSwitch == record(true, "first"))
      #expect(try host.store.recover().killSwitch == record(true, "first"))
      #expect(host.store.stepCount == 1)
      #expect(try host.recover(at: time).killSwitch == record(true, "first"))
      #expect(host.store.stepCount == 1, "agreeing twice adds nothing")
      // Lifting: the store was written, the file was not taken away.
      try host.store.append([.killSwitch(record(false))], at: time)
    }
    #expect(try host().recover(at: time).killSwitch == record(true, "first"))
  }

  @Test("Deleting the file by hand does not lift the switch")
  func deletedByHand() throws {
    let host = try host()
    try host.append([.killSwitch(record(true))], at: time)
    try file.remove()
    #expect(try host.recover(at: time).killSwitch == record(true))
    #expect(try file.read() == record(true))
  }

  @Test("Engaging stands even where the store refuses the step; lifting does not happen there")
  func storeRefuses() throws {
    let host = try host()
    let run = { Record.run(RunRecord(epoch: 1, startedAt: self.time, configuration: $0)) }
    try host.append([run(1)], at: time)
    #expect(throws: StoreError.self) {
      try host.append([run(2), .killSwitch(record(true))], at: time)
    }
    #expect(try file.read() == record(true))
    #expect(throws: StoreError.self) {
      try host.append([run(2), .killSwitch(record(false))], at: time)
    }
    #expect(try file.read() == record(true))
  }

  @Test("A switch that cannot be written stops the step before the store")
  func unwritable() throws {
    let host = DurableHost(
      store: try Store(path: ":memory:"),
      killSwitch: KillSwitchFile(path: folder.file("none/KILL")))
    #expect(throws: StoreError.self) {
      try host.append([.killSwitch(record(true))], at: time)
    }
    #expect(host.store.stepCount == 0)
  }
}
