import Foundation
import Glibc
import Testing

/// `assay live` and its operator's commands as people meet them: against a served venue, and with
/// everything wrong that can be.
@Suite struct LiveCommandTests {
  private static let key = "0x0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"

  /// A run that trades, is looked at, killed by file, resumed and stopped; the recording replays.
  @Test func aRunIsWatchedKilledResumedAndStopped() throws {
    let scratch = try Scratch()
    let venue = try #require(try ServedVenue(speed: 60, in: scratch.folder))
    let config = try scratch.write(try venue.configuration(), as: "loopback.yaml")
    let run = try RunningProgram(
      ["live", "--config", config, "--record", scratch.path("run.rec")], in: scratch.folder)
    #expect(run.line(containing: "first candle") != nil, "\(run.lines)")
    #expect(run.line(containing: "fill BTC") != nil, "\(run.lines)")

    let second = try Program.run(["live", "--config", config], in: scratch.folder)
    #expect(second.status == 65 && second.talk.contains("Another instance"), "\(second.talk)")

    let kill = try Program.run(
      ["kill", "--config", config, "--reason", "a drill"], in: scratch.folder)
    #expect(kill.status == 0)
    #expect(run.line(containing: "kill switch engaged: a drill") != nil, "\(run.lines)")
    let resume = try Program.run(["resume", "--config", config], in: scratch.folder)
    #expect(resume.status == 0 && resume.output.contains("by the running engine"))
    #expect(run.line(containing: "kill switch lifted") != nil, "\(run.lines)")

    run.signal(SIGTERM)
    #expect(run.end() == 0, "\(run.lines)")
    let status = try Program.run(["status", "--config", config], in: scratch.folder)
    #expect(status.status == 1 && status.output.contains("stopped"), "\(status.output)")
    let replay = try Program.run(["replay", scratch.path("run.rec")], in: scratch.folder)
    #expect(replay.status == 0 && replay.output.contains("1 run, digest"), "\(replay.output)")
  }

  /// The kill switch of a run that rests is lifted in its store.
  @Test func theSwitchOfARestingRunIsLiftedInItsStore() throws {
    let scratch = try Scratch()
    let config = try Self.paper(scratch)
    #expect(try Program.run(["kill", "--config", config], in: scratch.folder).status == 0)
    let resume = try Program.run(["resume", "--config", config], in: scratch.folder)
    #expect(resume.status == 0 && resume.output.contains("the next start may trade"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path("run.db.kill")))
    let again = try Program.run(["resume", "--config", config], in: scratch.folder)
    #expect(again.output.contains("was not engaged"))
  }

  /// A damaged recording is told, with its place, and nothing is green.
  @Test(arguments: [0, 40, 200])
  func aDamagedRecordingIsNeverGreen(place: Int) throws {
    let scratch = try Scratch()
    let venue = try #require(try ServedVenue(speed: 60, in: scratch.folder))
    let config = try scratch.write(try venue.configuration(), as: "loopback.yaml")
    let recording = scratch.path("run.rec")
    let run = try RunningProgram(
      ["live", "--config", config, "--record", recording], in: scratch.folder)
    #expect(run.line(containing: "first candle") != nil)
    run.signal(SIGTERM)
    #expect(run.end() == 0)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: recording)))
    bytes[place] ^= 0x10
    try Data(bytes).write(to: URL(filePath: recording))
    let replay = try Program.run(["replay", recording], in: scratch.folder)
    #expect(replay.status == 65, "\(replay.output)\(replay.talk)")
    // Nor is it written on.
    let next = try Program.run(
      ["live", "--config", config, "--record", recording], in: scratch.folder)
    #expect(next.status == 65 && next.talk.contains(place == 0 ? "ASSAYREC" : "check"))
  }

  /// A cut in the middle of a step is what a kill leaves: told, and the steps before it hold.
  @Test func aTornRecordingIsTold() throws {
    let scratch = try Scratch()
    let venue = try #require(try ServedVenue(speed: 60, in: scratch.folder))
    let config = try scratch.write(try venue.configuration(), as: "loopback.yaml")
    let recording = scratch.path("run.rec")
    let run = try RunningProgram(
      ["live", "--config", config, "--record", recording], in: scratch.folder)
    #expect(run.line(containing: "first candle") != nil)
    run.signal(SIGKILL)
    _ = run.end()
    let bytes = try Data(contentsOf: URL(filePath: recording))
    try bytes.dropLast(5).write(to: URL(filePath: recording))
    let replay = try Program.run(["replay", recording], in: scratch.folder)
    #expect(replay.status == 0 && replay.output.contains("killed"), "\(replay.output)")
    #expect(replay.output.contains("are a step that was being written"))
  }

  // MARK: Starts that are refused

  private static func paper(
    _ scratch: Scratch, port: Int = 9, _ more: String = "", store: String = "run.db"
  ) throws -> String {
    let path = store.hasPrefix("/") ? store : scratch.path(store)
    return try scratch.write(
      """
      strategies: [ema_cross]
      symbols: [{name: BTC}]
      venue:
        http: http://127.0.0.1:\(port)
        webSocket: ws://127.0.0.1:\(port)
        network: testnet
      store: \(path)
      health: {port: 0, file: \(scratch.path("health.json"))}
      \(more)
      """, as: "config-\(UUID().uuidString).yaml")
  }

  @Test func whatIsWrongIsSaidBeforeAnythingStarts() throws {
    let scratch = try Scratch()
    let exchange = "execution: exchange\naccount: \"0xff661fef29af729ecb7db770a05d6394a09c4412\""
    let shut = try scratch.write("x", as: "open.key")
    chmod(shut, 0o644)
    let cases: [(config: String, status: Int32, text: String)] = [
      (scratch.path("none.yaml"), 66, "no such file"),
      (try scratch.write("strategies: [ema_cross]\n", as: "bare.yaml"), 65, "where the venue is"),
      (try Self.paper(scratch, "stor: x"), 65, "did you mean `store`"),
      (try Self.paper(scratch, exchange), 65, "names no key"),
      (
        try Self.paper(scratch, exchange + "\nkey: {environment: ASSAY_NONE}"), 65, "ASSAY_NONE"
      ),
      (
        try Self.paper(scratch, exchange + "\nkey: {environment: ASSAY_BAD}"), 65, "ASSAY_BAD"
      ),
      (try Self.paper(scratch, exchange + "\nkey: {file: \(shut)}"), 65, "open.key"),
      (try Self.paper(scratch, store: "/proc/none/run.db"), 70, "/proc/none"),
      (try Self.paper(scratch, store: shut), 65, "open.key"),
    ]
    for (config, status, text) in cases {
      let outcome = try Program.run(
        ["live", "--config", config], in: scratch.folder, environment: ["ASSAY_BAD": "0x12"])
      #expect(outcome.status == status, "\(config): \(outcome.talk)")
      #expect(outcome.talk.contains(text), "\(config): \(outcome.talk)")
    }
  }

  /// Nothing leaves this machine without a certificate, whatever the key.
  @Test(arguments: ["testnet", "mainnet"])
  func ordersDoNotLeaveWithoutACertificate(name: String) throws {
    let scratch = try Scratch()
    let config = Program.root.appending(path: "config/\(name).yaml").path
    let outcome = try Program.run(
      ["live", "--config", config], in: scratch.folder,
      environment: ["ASSAY_KEY": Self.key, "ASSAY_MAINNET_KEY": Self.key])
    #expect(outcome.status == 1, "\(outcome.talk)")
    #expect(outcome.talk.contains(name == "testnet" ? "no certificate was named" : "--mainnet"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path("data")))
  }

  @Test func aTakenPortIsNamed() throws {
    let scratch = try Scratch()
    let venue = try #require(try ServedVenue(speed: 1, in: scratch.folder))
    let config = try scratch.write(
      try venue.configuration([("port: 0", "port: \(venue.port)")]), as: "taken.yaml")
    let outcome = try Program.run(["live", "--config", config], in: scratch.folder)
    #expect(outcome.status == 1 && outcome.talk.contains("\(venue.port)"), "\(outcome.talk)")
    let exchange = try Program.run(
      ["exchange", "--port", "\(venue.port)"], in: scratch.folder)
    #expect(exchange.status == 64 && exchange.talk.contains("taken"), "\(exchange.talk)")
  }

  /// The key is in no file that a run writes and in nothing that it prints.
  @Test func theKeyReachesNothing() throws {
    let scratch = try Scratch()
    let venue = try #require(try ServedVenue(speed: 60, in: scratch.folder))
    let config = try scratch.write(
      try venue.configuration([
        ("{generated: data/loopback.key}", "{environment: ASSAY_TEST_KEY}")
      ]), as: "loopback.yaml")
    let run = try RunningProgram(
      ["live", "--config", config, "--record", scratch.path("run.rec")], in: scratch.folder,
      environment: ["ASSAY_TEST_KEY": Self.key])
    #expect(run.line(containing: "fill BTC") != nil, "\(run.lines)")
    run.signal(SIGTERM)
    #expect(run.end() == 0)
    let replay = try Program.run(["replay", scratch.path("run.rec")], in: scratch.folder)
    let digits = String(Self.key.dropFirst(2))
    var raw: [UInt8] = []
    for index in stride(from: 0, to: 64, by: 2) {
      let start = digits.index(digits.startIndex, offsetBy: index)
      raw.append(try #require(UInt8(digits[start...].prefix(2), radix: 16)))
    }
    let secrets = [Array(digits.utf8), Array(digits.uppercased().utf8), raw]
    var texts = [("the terminal", Array((run.lines.joined() + replay.output).utf8))]
    let files = FileManager.default.enumerator(at: scratch.folder, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard let data = try? Data(contentsOf: file) else { continue }
      texts.append((file.path, [UInt8](data)))
    }
    #expect(texts.count > 4)
    for (name, bytes) in texts {
      for secret in secrets { #expect(bytes.firstRange(of: secret) == nil, "\(name)") }
    }
  }
}
