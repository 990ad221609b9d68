import Market
import Risk
import Strategies
import Testing
import Venues

@testable import Engine

@Suite("Paper trading") struct PaperTradingTests {
  /// One long at 100,000 with the stop at 99,000 and the target at 102,500.
  func desk(
    limits: Limits = .paperDefault, guards: EngineGuards = .all,
    recovered: DurableState = DurableState(), killFile: KillSwitchRecord? = nil
  ) throws -> Desk {
    let decided = monday + .minutes(15)
    let again = decided + .minutes(15)
    let plan = [
      decided: signal(.buy, "100000", stop: "99000", target: "102500", at: decided),
      again: signal(.buy, "100000", stop: "99000", target: "102500", at: again),
    ]
    return try Desk(
      [Scripted(try bitcoin(), plan: plan)], limits: limits, guards: guards,
      recovered: recovered, killFile: killFile)
  }

  @Test func entersAfterTheLatencyWithSlippageAndFee() throws {
    var desk = try desk()
    desk.close(try candle(0, "100000", "100100", "99900", "100000"))
    #expect(desk.outcomes == ["EXECUTED"])
    #expect(desk.fills.isEmpty, "the fill comes after the latency, not with the decision")
    desk.advance(to: monday + .minutes(15) + .milliseconds(499))
    #expect(desk.fills.isEmpty)
    desk.advance(to: monday + .minutes(15) + .milliseconds(500))
    let fill = try #require(desk.fills.first).fill
    #expect(fill.price == "100050")
    let risk = try #require(
      desk.engine.gate.lossAtStop(filledAt: "100050", stop: "99000", quantity: fill.quantity))
    #expect(risk <= Money(whole: 100), "costs are inside the 1 % of equity")
    let notional = try #require(fill.price.notional(of: fill.quantity, .down))
    #expect(abs(fill.fee.steps - notional.steps * 45 / 100_000) <= 1)
    let live = desk.engine.orders.live
    #expect(
      live.map(\.intent.role) == [.stop, .target] || live.map(\.intent.role) == [.target, .stop])
    #expect(!live.contains { !$0.intent.isReduceOnly })
  }

  @Test func takesTheStopFirstWhereABarTouchesBoth() throws {
    var desk = try desk()
    desk.close(try candle(0, "100000", "100100", "99900", "100000"))
    desk.close(try candle(1, "100000", "100100", "99900", "100000"))
    desk.close(try candle(2, "100000", "103000", "98000", "101000"))
    let position = try #require(desk.closed.first)
    #expect(position.exitReason == .stop)
    #expect(desk.fills.last?.fill.price == "98901", "99,000 less 10 bps")
    #expect(desk.engine.orders.live.isEmpty)
  }

  @Test func theEntryBarCanStopOutButNotReachTheTarget() throws {
    var up = try desk()
    up.close(try candle(0, "100000", "100100", "99900", "100000"))
    up.close(try candle(1, "100000", "103000", "99900", "102900"))
    #expect(up.closed.isEmpty)
    up.close(try candle(2, "102900", "102950", "102000", "102600"))
    #expect(up.closed.first?.exitReason == .target)
    var down = try desk()
    down.close(try candle(0, "100000", "100100", "99900", "100000"))
    down.close(try candle(1, "100000", "100100", "98900", "99500"))
    #expect(down.closed.first?.exitReason == .stop)
  }

  @Test func aBarThatOpensBeyondTheStopFillsAtTheOpen() throws {
    var desk = try desk()
    desk.close(try candle(0, "100000", "100100", "99900", "100000"))
    desk.close(try candle(1, "100000", "100100", "99900", "100000"))
    desk.close(try candle(2, "97000", "97500", "96000", "97000"))
    #expect(desk.fills.last?.fill.price == "96903", "the open of 97,000 less 10 bps")
  }

  @Test func theTimeStopClosesAtTheLastPrice() throws {
    var desk = try desk()
    desk.close(try candle(0, "100000", "100100", "99900", "100000"))
    for index in 1..<98 {
      desk.close(try candle(Int64(index), "100000", "100100", "99900", "100000"))
    }
    #expect(desk.closed.first?.exitReason == .time)
    #expect(desk.closed.first?.quantity == .zero)
    #expect(desk.closed.first?.cost == .zero)
  }

  @Test func killedNothingEnters() throws {
    var desk = try desk()
    desk.send(.command(.kill(reason: "drill")))
    desk.close(try candle(0, "100000", "100100", "99900", "100000"))
    #expect(desk.outcomes == ["KILL_SWITCH"])
    #expect(desk.disk.killSwitch?.isEngaged == true)
    // Another process, from the disk alone.
    var second = try self.desk(recovered: desk.disk)
    second.close(try candle(1, "100000", "100100", "99900", "100000"))
    #expect(second.outcomes == ["KILL_SWITCH"])
    second.send(.command(.resume(reason: "drill over")))
    #expect(second.disk.killSwitch?.isEngaged == false)
    var unlatched = try self.desk(guards: .all.subtracting(.killSwitchLatch), recovered: desk.disk)
    unlatched.close(try candle(1, "100000", "100100", "99900", "100000"))
    #expect(unlatched.outcomes == ["EXECUTED"], "without the latch the switch is forgotten")
  }

  @Test func aKillFileMadeWhileNothingRanEngages() throws {
    let file = KillSwitchRecord(time: monday, isEngaged: true, reason: "by hand")
    var desk = try desk(killFile: file)
    desk.close(try candle(0, "100000", "100100", "99900", "100000"))
    #expect(desk.outcomes == ["KILL_SWITCH"])
  }

  @Test func aRestartKeepsPositionStopsAndLimits() throws {
    var desk = try desk()
    desk.close(try candle(0, "100000", "100100", "99900", "100000"))
    desk.close(try candle(1, "100000", "100100", "99900", "100000"))
    let before = desk.disk.normalised()
    var second = try Desk(
      [Scripted(try bitcoin(), plan: [:])], recovered: before, start: monday + .minutes(31))
    #expect(second.disk.run?.epoch == 2)
    #expect(second.engine.snapshot.positions == desk.engine.snapshot.positions)
    #expect(
      Set(second.engine.orders.live.map(\.intent)) == Set(desk.engine.orders.live.map(\.intent)))
    second.close(try candle(2, "100000", "103000", "98000", "101000"))
    #expect(second.closed.first?.exitReason == .stop)
    #expect(second.engine.orders.live.isEmpty)
  }

  @Test func aSecondCloseOfTheSameCandleChangesNothing() throws {
    var desk = try desk()
    let first = try candle(0, "100000", "100100", "99900", "100000")
    desk.close(first)
    let count = desk.records.count
    desk.close(first)
    #expect(desk.records.count == count)
    #expect(desk.decisions.count == 1)
  }
}
