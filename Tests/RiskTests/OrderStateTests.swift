import Market
import Testing

@testable import Risk

@Suite struct OrderStateTests {
  typealias Event = OrderEvent<Int64>

  /// What one event makes of one state, for an order of 10 of which nothing has traded.
  enum Answer: Equatable {
    case to(OrderState)
    case ignored
    case late
    case illegal(OrderFault)
  }

  static let events: [(name: String, event: Event)] = [
    ("sent", .sent), ("abandoned", .abandoned), ("cancelRequested", .cancelRequested),
    ("restarted", .restarted), ("outcomeUnknown", .outcomeUnknown),
    ("acknowledged", .acknowledged), ("traded 4", .traded(quantity: 4)),
    ("traded 10", .traded(quantity: 10)), ("reported 4", .reported(total: 4)),
    ("cancelled 0", .cancelled(total: 0)), ("cancelled 4", .cancelled(total: 4)),
    ("cancelRefused", .cancelRefused), ("rejected", .rejected), ("notFound", .notFound),
  ]

  /// The whole table, written by hand: a row a state, a column an event, in the order of `events`.
  static let table: [(state: OrderState, acknowledged: Bool, answers: [Answer])] = [
    (
      .intended, false,
      [
        .to(.sent), .to(.neverReached), .to(.cancelling), .to(.unknown), .to(.unknown),
        .to(.working), .to(.working), .to(.filled), .to(.working), .to(.cancelled),
        .to(.cancelling), .ignored, .to(.rejected), .ignored,
      ]
    ),
    (
      .sent, false,
      [
        .illegal(.sentTwice), .illegal(.alreadySent), .to(.cancelling), .to(.unknown),
        .to(.unknown), .to(.working), .to(.working), .to(.filled), .to(.working), .to(.cancelled),
        .to(.cancelling), .ignored, .to(.rejected), .to(.neverReached),
      ]
    ),
    (
      .unknown, false,
      [
        .illegal(.sentTwice), .illegal(.alreadySent), .ignored, .ignored, .ignored, .to(.working),
        .to(.working), .to(.filled), .to(.working), .to(.cancelled), .to(.cancelling), .ignored,
        .to(.rejected), .to(.neverReached),
      ]
    ),
    (
      .unknown, true,
      [
        .illegal(.sentTwice), .illegal(.alreadySent), .ignored, .ignored, .ignored, .to(.working),
        .to(.working), .to(.filled), .to(.working), .to(.cancelled), .to(.cancelling), .ignored,
        .to(.rejected), .ignored,
      ]
    ),
    (
      .working, true,
      [
        .illegal(.sentTwice), .illegal(.alreadySent), .to(.cancelling), .to(.unknown), .ignored,
        .ignored, .to(.working), .to(.filled), .ignored, .to(.cancelled), .to(.cancelling),
        .ignored, .to(.rejected), .to(.unknown),
      ]
    ),
    (
      .cancelling, true,
      [
        .illegal(.sentTwice), .illegal(.alreadySent), .ignored, .to(.unknown), .to(.unknown),
        .ignored, .to(.cancelling), .to(.filled), .ignored, .to(.cancelled), .ignored,
        .to(.unknown), .to(.rejected), .to(.unknown),
      ]
    ),
    (
      .cancelling, false,
      [
        .illegal(.sentTwice), .illegal(.alreadySent), .ignored, .to(.unknown), .to(.unknown),
        .to(.cancelling), .to(.cancelling), .to(.filled), .to(.cancelling), .to(.cancelled),
        .to(.cancelling), .to(.unknown), .to(.rejected), .to(.neverReached),
      ]
    ),
  ]

  @Test func everyStateAnswersEveryEvent() {
    for row in Self.table {
      #expect(row.answers.count == Self.events.count)
      for ((name, event), answer) in zip(Self.events, row.answers) {
        let order = OrderStanding<Int64>(
          state: row.state, wasAcknowledged: row.acknowledged, quantity: 10, filled: 0)
        #expect(
          Self.answer(advance(order, on: event, in: Integers())) == answer,
          "\(row.state) (acknowledged: \(row.acknowledged)) on \(name)")
      }
    }
    let covered = Set(Self.table.map(\.state)).union(OrderState.allCases.filter(\.isTerminal))
    #expect(covered == Set(OrderState.allCases))
  }

  /// Terminal states absorb everything; an execution after the end is booked all the same (V8).
  @Test(arguments: OrderState.allCases.filter(\.isTerminal))
  func terminalStatesAbsorb(_ state: OrderState) {
    let order = OrderStanding<Int64>(
      state: state, wasAcknowledged: true, quantity: 10, filled: state == .filled ? 10 : 0)
    for (name, event) in Self.events {
      let answer = Self.answer(advance(order, on: event, in: Integers()))
      switch event {
      case .sent, .abandoned, .cancelRequested:
        #expect(answer == .illegal(.terminal), "\(state) on \(name)")
      case .traded:
        #expect(
          answer == (state == .filled ? .illegal(.overfilled) : .late), "\(state) on \(name)")
      default: #expect(answer == .ignored, "\(state) on \(name)")
      }
    }
    #expect(!state.countsTowardLimits)
  }

  @Test func aFillAfterACancelIsBooked() {
    let order = OrderStanding<Int64>(
      state: .cancelled, wasAcknowledged: true, quantity: 10, filled: 3)
    var booked = order
    booked.filled = 10
    #expect(advance(order, on: .traded(quantity: 7), in: Integers()) == .lateFill(booked))
    #expect(advance(order, on: .traded(quantity: 8), in: Integers()) == .illegal(.overfilled))
  }

  @Test func onlyStatesThatMayStillTradeCount() {
    let counting: [OrderState] = [.intended, .sent, .unknown, .working, .cancelling]
    #expect(OrderState.allCases.filter(\.countsTowardLimits) == counting)
  }

  /// The executions that the venue reports with a cancel keep the order counted until booked.
  @Test func aCancelWaitsForItsExecutions() {
    var order = OrderStanding<Int64>(
      state: .working, wasAcknowledged: true, quantity: 10, filled: 1)
    order = moved(order, .cancelled(total: 4))
    #expect(order.state == .cancelling && order.state.countsTowardLimits)
    order = moved(order, .traded(quantity: 3))
    #expect(order.state == .cancelling)
    order = moved(order, .cancelled(total: 4))
    #expect(order.state == .cancelled && order.filled == 4)
  }

  @Test func contradictionsMoveNothing() {
    let order = OrderStanding<Int64>(
      state: .working, wasAcknowledged: true, quantity: 10, filled: 5)
    let cases: [(Event, OrderFault)] = [
      (.rejected, .contradiction), (.cancelled(total: 4), .contradiction),
      (.cancelled(total: 11), .overfilled), (.reported(total: 11), .overfilled),
      (.traded(quantity: 6), .overfilled), (.traded(quantity: 0), .malformed),
      (.traded(quantity: -1), .malformed), (.traded(quantity: .max), .malformed),
      (.reported(total: -1), .malformed), (.cancelled(total: .min), .malformed),
    ]
    for (event, fault) in cases {
      #expect(advance(order, on: event, in: Integers()) == .illegal(fault), "\(event)")
    }
    let broken = OrderStanding<Int64>(
      state: .working, wasAcknowledged: true, quantity: 10, filled: 11)
    #expect(advance(broken, on: .acknowledged, in: Integers()) == .illegal(.malformed))
  }

  /// Any storm of events, in any order: executions only add up and never exceed the quantity,
  /// terminal stays terminal, and no time-out alone ends an order.
  @Test func stormsKeepTheInvariants() {
    var generator = Generator(seed: 28)
    for _ in 0..<5_000 {
      var order = OrderStanding<Int64>(
        state: .intended, wasAcknowledged: false, quantity: 10, filled: 0)
      var hasEvidence = false
      for _ in 0..<20 {
        let event: Event =
          switch generator.number(0...12) {
          case 0: .sent
          case 1: .abandoned
          case 2: .cancelRequested
          case 3: .restarted
          case 4, 5: .outcomeUnknown
          case 6: .acknowledged
          case 7: .traded(quantity: generator.number(-1...11))
          case 8: .reported(total: generator.number(-1...11))
          case 9: .cancelled(total: generator.number(-1...11))
          case 10: .cancelRefused
          case 11: .rejected
          default: .notFound
          }
        let step = advance(order, on: event, in: Integers())
        switch event {
        case .abandoned, .traded, .cancelled, .rejected, .notFound: hasEvidence = true
        default: break
        }
        switch step {
        case .moved(let next):
          #expect(!order.state.isTerminal)
          #expect(next.filled >= order.filled && next.filled <= next.quantity)
          #expect(!order.wasAcknowledged || next.wasAcknowledged)
          #expect((next.state == .filled) == (next.filled == next.quantity))
          order = next
        case .lateFill(let next):
          #expect(order.state.isTerminal && next.state == order.state)
          #expect(next.filled > order.filled && next.filled <= next.quantity)
          order = next
        case .ignored, .illegal: break
        }
        #expect(hasEvidence || !order.state.isTerminal, "seed 28")
      }
    }
  }

  private func moved(_ order: OrderStanding<Int64>, _ event: Event) -> OrderStanding<Int64> {
    guard case .moved(let next) = advance(order, on: event, in: Integers()) else {
      Issue.record("\(event) does not move \(order)")
      return order
    }
    return next
  }

  private static func answer(_ step: OrderStep<Int64>) -> Answer {
    switch step {
    case .moved(let next): .to(next.state)
    case .ignored: .ignored
    case .lateFill: .late
    case .illegal(let fault): .illegal(fault)
    }
  }
}
