@testable import Engine
import Exchange
import Market
import Risk
import Testing
import Venues

@testable import Simulation

/// Every oracle is silent on what is right and finds the bug that is planted in front of it.
@Suite struct OracleTests {
  @Test func everyOracleHasAnIdOfItsOwnAndAStatement() {
    let ids = OracleCatalog.all.map(\.id)
    #expect(ids == ids.sorted())
    #expect(Set(ids).count == ids.count)
    #expect(OracleCatalog.all.allSatisfy { $0.statement.hasSuffix(".") })
  }

  @Test func anOrderThatLeavesBeforeItsIntentIsDurable() {
    var bench = Bench(IntentOracle.self)
    bench.persist(Plant.order(1))
    bench.depart(Plant.wire(1))
    #expect(bench.found == [])
    bench.depart(Plant.wire(2))
    #expect(bench.found == ["S2"])
  }

  @Test(
    arguments: [
      Plant.wire(1, isBuy: false), Plant.wire(1, quantity: 2), Plant.wire(1, isReduceOnly: true),
    ])
  func anOrderThatLeavesWithOtherContent(order: WireOrder) {
    var bench = Bench(IntentOracle.self)
    bench.persist(Plant.order(1))
    bench.depart(order)
    #expect(bench.found == ["S2"])
  }

  @Test func aKillSwitchThatIsForgotten() {
    var bench = Bench(KillSwitchOracle.self)
    let engaged = KillSwitchRecord(time: Plant.start, isEngaged: true, reason: "drill")
    bench.step(
      Plant.step(
        .command(.kill(reason: "drill")), records: [.killSwitch(engaged)],
        snapshot: Plant.snapshot(killSwitch: engaged)))
    #expect(bench.found == [])
    bench.step(Plant.step(.started, snapshot: Plant.snapshot(killSwitch: nil)))
    #expect(bench.found == ["S3"])
  }

  @Test func anEntryThatPassesTheKillSwitch() {
    let engaged = KillSwitchRecord(time: Plant.start, isEngaged: true, reason: "drill")
    let killed = Plant.snapshot(killSwitch: engaged)
    var intends = Bench(KillSwitchOracle.self)
    intends.step(Plant.step(.command(.kill(reason: "drill")), snapshot: killed))
    intends.step(Plant.step(records: [Plant.order(1)], snapshot: killed))
    #expect(intends.found == ["S3"])
    var sends = Bench(KillSwitchOracle.self)
    sends.step(Plant.step(.command(.kill(reason: "drill")), snapshot: killed))
    sends.depart(Plant.wire(1, isReduceOnly: true))
    #expect(sends.found == [])
    sends.depart(Plant.wire(2))
    #expect(sends.found == ["S3"])
  }

  @Test func aSwitchThatIsLiftedByNobody() {
    var bench = Bench(KillSwitchOracle.self)
    let lifted = KillSwitchRecord(time: Plant.start, isEngaged: false, reason: "")
    bench.step(Plant.step(.started, records: [.killSwitch(lifted)]))
    #expect(bench.found == ["S3"])
  }

  @Test func oneIdForTwoOrders() {
    var bench = Bench(IdentityOracle.self)
    bench.persist(Plant.order(1))
    bench.persist(Plant.order(1, .sent))
    #expect(bench.found == [])
    bench.persist(Plant.order(1, quantity: 2))
    #expect(bench.found == ["S5"])
  }

  @Test func oneWishUnderTwoIds() {
    var bench = Bench(IdentityOracle.self)
    bench.persist(Plant.order(1))
    bench.persist(Plant.order(2, decidedAt: Plant.start + .minutes(1)))
    #expect(bench.found == [])
    bench.persist(Plant.order(3))
    #expect(bench.found == ["S5"])
  }

  @Test func aRetryThatSaysSomethingElse() {
    var bench = Bench(IdentityOracle.self)
    bench.depart(Plant.wire(1))
    bench.depart(Plant.wire(1))
    #expect(bench.found == [])
    bench.depart(Plant.wire(1, quantity: 3))
    #expect(bench.found == ["S5"])
  }

  @Test func anUnknownOrderThatIsReplaced() {
    var bench = Bench(UnknownOutcomeOracle.self)
    bench.persist(Plant.order(1), Plant.order(1, .unknown))
    bench.persist(Plant.order(2, role: .exit, isReduceOnly: true))
    #expect(bench.found == [])
    bench.persist(Plant.order(3))
    #expect(bench.found == ["S6"])
  }

  @Test func anUnknownOrderThatNoLongerCounts() {
    var bench = Bench(UnknownOutcomeOracle.self)
    bench.step(Plant.step(records: [Plant.order(1, .unknown)], snapshot: Plant.snapshot()))
    #expect(bench.found == ["S6"])
  }

  @Test(
    arguments: [
      [Plant.order(1, .filled, filled: 1), Plant.order(1, .working, filled: 1)],
      [Plant.order(1, .rejected), Plant.order(1, .sent)],
      [Plant.order(1, .working), Plant.order(1, .neverReached)],
      [Plant.order(1, .working, filled: 1, quantity: 2), Plant.order(1, .working, quantity: 2)],
      [Plant.order(1, .working, filled: 2)], [Plant.order(1, .filled, filled: 0)],
      [Plant.order(1, .working, filled: -1)],
    ])
  func anOrderThatMovesAsNoOrderCan(records: [Record]) {
    var bench = Bench(OrderLifeOracle.self)
    for record in records { bench.persist(record) }
    #expect(bench.found == ["S7"])
  }

  @Test func anOrderThatMovesAsOrdersDo() {
    var bench = Bench(OrderLifeOracle.self)
    for state in [OrderState.intended, .sent, .unknown, .working, .cancelling] {
      bench.persist(Plant.order(1, state))
    }
    bench.persist(Plant.order(1, .filled, filled: 1))
    #expect(bench.found == [])
  }

  @Test func anEntryAfterTheDayIsLost() {
    var bench = Bench(LossLimitOracle.self)
    let account = Plant.account()
    bench.step(Plant.step(records: [Plant.order(1)], snapshot: Plant.snapshot(account: account)))
    #expect(bench.found == [])
    bench.step(Plant.step(snapshot: Plant.snapshot(equity: 970, account: account)))
    bench.step(
      Plant.step(
        records: [Plant.order(2)], snapshot: Plant.snapshot(equity: 999, account: account)))
    #expect(bench.found == ["S13"], "an equity that recovers does not give the day back")
  }

  @Test func aDrawdownThatPausesNothing() {
    var bench = Bench(LossLimitOracle.self)
    bench.step(
      Plant.step(
        snapshot: Plant.snapshot(equity: 950, account: Plant.account(dayStartEquity: 950))))
    #expect(bench.found == ["S13"])
  }

  @Test func timeThatGoesBackAndATimerThatIsEarly() {
    var back = Bench(TimeOracle.self)
    back.step(Plant.step(snapshot: Plant.snapshot(monotonic: 10), monotonic: 10))
    back.step(Plant.step(snapshot: Plant.snapshot(monotonic: 9), monotonic: 9))
    #expect(back.found == ["S18"])
    var early = Bench(TimeOracle.self)
    let id = TimerID(owner: 1, number: 1)
    early.timer(id, at: 100)
    early.step(Plant.step(.timer(id), snapshot: Plant.snapshot(monotonic: 100), monotonic: 100))
    #expect(early.found == [])
    early.timer(id, at: 200)
    early.step(Plant.step(.timer(id), snapshot: Plant.snapshot(monotonic: 199), monotonic: 199))
    #expect(early.found == ["S18"])
  }

  @Test func aQueueOverItsCap() {
    var bench = Bench(LoadOracle.self)
    let full = Snapshot.Load(name: "queue", count: 10, limit: 10)
    bench.step(Plant.step(snapshot: Plant.snapshot(loads: [full])))
    #expect(bench.found == [])
    let over = Snapshot.Load(name: "queue", count: 11, limit: 10)
    bench.step(Plant.step(snapshot: Plant.snapshot(loads: [over])))
    #expect(bench.found == ["S19"])
  }

  @Test func anOutboxOverItsCap() {
    var bench = Bench(LoadOracle.self)
    let effects = Array(
      repeating: Effect.cancelTimer(TimerID(owner: 1, number: 1)), count: LoadOracle.effectLimit + 1
    )
    bench.step(Plant.step(effects: effects))
    #expect(bench.found == ["S19"])
  }

  @Test func aSignalThatIsDropped() {
    var bench = Bench(ReasonOracle.self)
    bench.persist(Plant.decision(1))
    #expect(bench.found == [])
    bench.persist(Plant.decision(2, signals: true))
    #expect(bench.found == ["S21"])
  }

  @Test func candlesThatCloseTwiceOrLeaveAHole() throws {
    var twice = Bench(CandleOracle.self)
    twice.persist(try Plant.candle(0), try Plant.candle(1))
    #expect(twice.found == [])
    twice.persist(try Plant.candle(1))
    #expect(twice.found == ["M1"])
    var hole = Bench(CandleOracle.self)
    hole.persist(try Plant.candle(0), try Plant.candle(2))
    #expect(hole.found == ["M3"])
  }

  @Test func aDecisionBeforeAllCandlesOfItsTime() throws {
    var bench = Bench(CandleOracle.self)
    bench.persist(try Plant.candle(14), try Plant.candle(0, timeframe: .m15), Plant.decision(15))
    #expect(bench.found == [])
    bench.persist(try Plant.candle(10, timeframe: .m5))
    #expect(bench.found == ["M2"])
  }

  @Test func everyFaultSaysWhatItIs() {
    #expect(FaultKind.allCases.allSatisfy { $0.summary.hasSuffix(".") })
    #expect(Mark.allCases.allSatisfy { $0.summary.hasSuffix(".") })
  }
}
