import Foundation
import GRDB
import Glibc
import Testing

/// `kill -9` at twenty moments of a trading run, and a restart after each: nothing is lost, nothing
/// doubled, and the recording of all the runs replays to the same digests.
@Suite struct KillAndRestartTests {
  /// At which line of its output a run is killed: during recovery, around an entry, while a stop is
  /// being placed, around an exit.
  private static let moments = [
    "run ", "order entry", ": working", "fill ", "is connected", "order stop", "first candle",
    "position ", "signal ", "order target", "gap_filled", ": filled", "cancelling", "fill ",
    "run ", "order entry", "order stop", "position ", "signal ", "fill ",
  ]

  @Test func twentyKillsLoseAndDoubleNothing() throws {
    let scratch = try Scratch()
    let venue = try #require(try ServedVenue(speed: 120, in: scratch.folder))
    // Runs that die before their stops rest lose more than a day may.
    let limits = "limits: {dayLossBasisPoints: 9000, sessionDrawdownBasisPoints: 9000, "
    let config = try scratch.write(
      try venue.configuration([("limits: {", limits)]), as: "loopback.yaml")
    let arguments = ["live", "--config", config, "--record", scratch.path("run.rec")]
    for (index, moment) in Self.moments.enumerated() {
      let run = try RunningProgram(arguments, in: scratch.folder)
      // Where the moment does not come, a run is killed at another one.
      let deadline = ContinuousClock.now + .seconds(12)
      while ContinuousClock.now < deadline, let line = run.line(within: 12),
        !line.dropFirst(20).contains(moment)
      {}
      #expect(run.isRunning, "run \(index + 1) ended by itself: \(run.lines)")
      run.signal(SIGKILL)
      #expect(run.end() == -SIGKILL)
    }
    let last = try RunningProgram(arguments, in: scratch.folder)
    #expect(last.line(containing: "is live: subscribed") != nil, "\(last.lines)")
    #expect(last.line(containing: "signal ", within: 30) != nil, "\(last.lines)")
    last.signal(SIGTERM)
    #expect(last.end() == 0, "\(last.lines)")
    #expect(!last.lines.contains { $0.contains("drift") }, "\(last.lines)")

    let account = try #require(
      last.lines.first { $0.contains("  account ") }?.split(separator: " ").last.map(String.init))
    try Self.compare(scratch, venue, account)
    let replay = try Program.run(["replay", scratch.path("run.rec")], in: scratch.folder)
    #expect(replay.status == 0, "\(replay.output)\(replay.talk)")
    #expect(replay.output.contains("21 runs"))
    venue.program.signal(SIGTERM)
    #expect(venue.program.end() == 0)
  }

  /// What the store holds against what the venue says.
  private static func compare(
    _ scratch: Scratch, _ venue: ServedVenue, _ account: String
  ) throws {
    let database = try DatabaseQueue(path: scratch.path("data/loopback.db"))
    func column(_ sql: String) throws -> [String] {
      try database.read { try String.fetchAll($0, sql: sql) }
    }
    let fills = try #require(
      try venue.info("{\"type\":\"userFills\",\"user\":\"\(account)\"}") as? [[String: Any]])
    #expect(fills.count >= 6, "there is too little trading to lose: \(fills.count) fills")
    let atVenue = fills.map { "\($0["tid"] ?? "")" }.sorted()
    #expect(Set(atVenue).count == atVenue.count)
    #expect(try column("SELECT trade_id FROM fills").sorted() == atVenue)

    let orders = try #require(
      try venue.info("{\"type\":\"historicalOrders\",\"user\":\"\(account)\"}")
        as? [[String: Any]])
    let clientIDs = orders.compactMap { ($0["order"] as? [String: Any])?["cloid"] as? String }
    #expect(Set(clientIDs).count == clientIDs.count, "an order was sent twice")
    let known = Set(try column("SELECT client_id FROM orders"))
    #expect(clientIDs.allSatisfy(known.contains), "the venue has an order that the store has not")

    let state = try #require(
      try venue.info("{\"type\":\"clearinghouseState\",\"user\":\"\(account)\"}")
        as? [String: Any])
    let positions = state["assetPositions"] as? [[String: Any]] ?? []
    let sizes = positions.compactMap { ($0["position"] as? [String: Any])?["szi"] as? String }
    let held = try column(
      "SELECT printf('%.5f', sum(quantity_e8) / 1e8) FROM positions WHERE closed_at_ns IS NULL")
    let atVenueHeld = sizes.reduce(0.0) { $0 + (Double($1) ?? 0) }
    #expect(abs((Double(held.first ?? "") ?? 0) - atVenueHeld) < 0.000_005)
  }
}
