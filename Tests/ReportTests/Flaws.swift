import Engine
import Market
import Risk
import Strategies
import Venues

@testable import Report

extension Flaw {
  static let all = runFlaws + dataFlaws + tradingFlaws + setupFlaws

  private static let runFlaws = [
    Flaw(check: "uptime", name: "eight hours without a heartbeat", figure: "98.89 %") {
      $0.drop {
        guard case .equity(let row) = $0 else { return false }
        let hour = (row.time - Rehearsal.start).nanoseconds / Interval.hours(1).nanoseconds
        return (101...108).contains(hour)
      }
    },
    Flaw(check: "validation-window", name: "a run of 29 days", figure: "29d 23h") {
      $0.steps.removeAll { $0.wall > Rehearsal.start + .days(29) + .hours(23) + .minutes(30) }
    },
    Flaw(check: "clock", name: "a step back of two seconds", figure: "back 2s, ahead 1h") {
      $0.steps[100].wall = $0.steps[99].wall - .seconds(2)
    },
    Flaw(check: "clock", name: "a candle before its close", figure: "back 0ms, ahead 3s") {
      $0.steps[9].wall = $0.steps[9].wall - .seconds(4)
    },
    Flaw(
      check: "configuration", name: "a run with another configuration",
      figure: "1 run of 2 differ"
    ) {
      $0.insert(
        [
          .run(
            RunRecord(
              epoch: 2, startedAt: Rehearsal.start + .seconds(1), configuration: 7))
        ], after: .seconds(1))
    },
  ]

  private static let starving = "0 of 1 silent, 1 not fed"

  private static let dataFlaws = [
    Flaw(check: "gap-free-data", name: "a candle is missing", figure: "1 candle missing") {
      $0.drop {
        guard case .candle(let row) = $0 else { return false }
        return row.candle.openTime == Rehearsal.start + .hours(50)
      }
    },
    Flaw(
      check: "feed-freshness", name: "nine hours of silence",
      figure: "live 98.75 %, 100.00 % in time"
    ) {
      for (status, hours) in [("silent", Int64(100)), ("live", 109)] {
        let time = Interval.hours(hours)
        $0.insert(
          [
            .health(
              HealthRecord(
                time: Rehearsal.start + time, component: "feed.hyperliquid", status: status,
                detail: "test"))
          ], after: time)
      }
    },
    Flaw(
      check: "data-health", name: "forty decisions without data", figure: "5.55 %"
    ) { rehearsal in
      rehearsal.change {
        guard case .decision(let row) = $0, case .noTrade = row.outcome,
          row.time > Rehearsal.start + .hours(200), row.time <= Rehearsal.start + .hours(242)
        else { return $0 }
        return .decision(
          Decision(
            strategy: row.strategy, symbol: row.symbol, setup: row.setup, time: row.time,
            outcome: .noTrade(.dataStale), inputs: 1))
      }
    },
    Flaw(
      check: "strategies-registered", name: "a stranger decides",
      figure: "1 of 1, 1 unexpected"
    ) {
      $0.insert(
        [
          .decision(
            Decision(
              strategy: "stranger", symbol: "BTC", setup: "x", time: Rehearsal.start + .days(30),
              outcome: .noTrade(.noSetup), inputs: 1))
        ], after: .days(30))
    },
    Flaw(
      check: "strategies-healthy", name: "silent for three hours",
      figure: "1 of 1 silent, 0 not fed"
    ) {
      $0.drop {
        guard case .decision(let row) = $0 else { return false }
        return row.time > Rehearsal.start + .hours(718)
      }
    },
    Flaw(check: "strategies-healthy", name: "starves at the end", figure: starving) {
      $0.insert(
        [$0.health(Rehearsal.strategy, "starved", .days(29))], after: .days(29))
    },
    Flaw(check: "strategies-healthy", name: "warms at the end", figure: starving) {
      $0.insert(
        [$0.health(Rehearsal.strategy, "warming", .days(29))], after: .days(29))
    },
    Flaw(check: "strategies-healthy", name: "no health is recorded", figure: starving) {
      $0.drop {
        if case .health(let row) = $0 { row.component == Rehearsal.strategy } else { false }
      }
    },
  ]

  private static let tradingFlaws = [
    Flaw(check: "signal-volume", name: "nothing was executed", figure: "30 signals, 0 executed") {
      $0.change {
        guard case .signal(let row) = $0 else { return $0 }
        return .signal(
          SignalRecord(
            strategy: row.strategy, symbol: row.symbol, setup: row.setup, time: row.time,
            signal: row.signal, outcome: "COOLDOWN", order: row.order))
      }
    },
    Flaw(check: "error-rates", name: "a refused order", figure: "14.29 % failed, 0 in doubt") {
      $0.addEntry(state: .rejected)
    },
    Flaw(check: "error-rates", name: "an order in doubt", figure: "0.00 % failed, 1 in doubt") {
      $0.addEntry(state: .unknown)
    },
    Flaw(check: "protection", name: "a position without its stop", figure: "1 of 3 positions") {
      $0.change {
        guard case .order(let row) = $0, row.intent.clientID == Rehearsal.stopID(1) else {
          return $0
        }
        return .order(
          OrderRecord(
            intent: row.intent, position: row.position, setup: row.setup,
            decidedAt: row.decidedAt, bracket: row.bracket, state: row.state,
            wasAcknowledged: true, createdAt: row.createdAt + .seconds(11),
            updatedAt: row.updatedAt))
      }
    },
    Flaw(check: "drift-free", name: "a drift alert", figure: "1 alert, 0 differences") {
      let time = Interval.days(3)
      $0.insert(
        [
          .drift(
            DriftRecord(
              time: Rehearsal.start + time, symbol: "BTC", kind: .phantom, local: "1",
              venue: .zero, isOpen: true))
        ], after: time)
    },
    Flaw(check: "drift-free", name: "a position unlike its fills", figure: "0 alerts, 1 difference")
    {
      $0.change {
        guard case .position(var row) = $0, row.id == Rehearsal.entryID(2), row.closedAt != nil
        else { return $0 }
        row.quantity = "0.001"
        return .position(row)
      }
    },
    Flaw(
      check: "slippage", name: "entries that cost six basis points",
      figure: "entry 6.00 bp, stop 10.00 bp"
    ) { $0.fill(.buy, at: "100060") },
    Flaw(
      check: "slippage", name: "stops that cost eleven basis points",
      figure: "entry 5.00 bp, stop 11.02 bp"
    ) { $0.fill(.sell, at: "98891") },
  ]

  private static let setupFlaws = [
    Flaw(
      check: "risk-parameters", name: "four positions", figure: "1 of 22 looser",
      text: Rehearsal.text + "limits: {maximumPositionCount: 4}\n"),
    Flaw(
      check: "kill-switch", name: "engaged and never lifted",
      figure: "engaged 1, lifted 0, engaged now"
    ) { $0.drop { if case .killSwitch(let row) = $0 { !row.isEngaged } else { false } } },
    Flaw(check: "kill-switch", name: "never engaged", figure: "not shown") {
      $0.drop { if case .killSwitch = $0 { true } else { false } }
    },
    Flaw(check: "breakers", name: "a kind that never tripped", figure: "3 of 4") {
      $0.drop { if case .breaker(let row) = $0 { row.kind == .latency } else { false } }
    },
    Flaw(
      check: "alerting", name: "no alerts", figure: "not configured",
      text: Rehearsal.text.replacing("alerts: {file: data/alerts}\n", with: "")),
    Flaw(
      check: "execution-mode", name: "no dead-man's cancel", figure: "exchange, 1 demand unmet",
      text: Rehearsal.text.replacing("exchange: {scheduledCancel: 60s}\n", with: "")),
    Flaw(
      check: "execution-mode", name: "a dry run", figure: "exchange, 1 demand unmet",
      text: Rehearsal.text.replacing(
        "cheduledCancel: 60s", with: "cheduledCancel: 60s, dryRun: true")
    ),
  ]
}

extension Rehearsal {
  /// One more entry order, in a state that it stays in.
  fileprivate mutating func addEntry(state: OrderState) {
    let time = Self.start + .days(9) + .minutes(3)
    insert(
      [
        .order(
          OrderRecord(
            intent: OrderIntent(
              clientID: ClientOrderID(high: 3, low: 1), strategy: "ema_cross", symbol: "BTC",
              role: .entry, side: .buy, quantity: "0.01",
              pricing: .limit(price: "100050", timeInForce: .immediateOrCancel),
              isReduceOnly: false),
            position: ClientOrderID(high: 3, low: 1), setup: "cross", decidedAt: time,
            bracket: Bracket(stop: "99000", target: "103000", timeStop: time + .days(1)),
            state: state, createdAt: time, updatedAt: time))
      ], after: .days(9) + .minutes(3))
  }

  /// Moves the fills of one side to another price.
  fileprivate mutating func fill(_ side: Side, at price: Price) {
    change {
      guard case .fill(let row) = $0, row.fill.side == side else { return $0 }
      let fill = row.fill
      return .fill(
        FillRecord(
          fill: .init(
            clientID: fill.clientID, symbol: fill.symbol, side: fill.side, price: price,
            quantity: fill.quantity, fee: fill.fee, tradeID: fill.tradeID, time: fill.time),
          strategy: row.strategy, position: row.position, realised: row.realised))
    }
  }
}
