import Market
import Testing

@testable import Risk

@Suite struct LedgerIdentityTests {
  private let marks: (Symbol) -> Price? = { $0 == "BTC" ? Price(whole: 90_000) : Price(whole: 3) }

  @Test func identitiesHoldOverRandomRuns() throws {
    var generator = Generator(seed: 122)
    for _ in 0..<100 {
      var ledger = Ledger(opening: Money(whole: 10_000))
      var earlier = try #require(ledger.snapshot(marks: marks))
      for _ in 0..<60 {
        try randomEvent(&generator, on: &ledger)
        #expect(ledger.violation(marks: marks) == nil, "seed 122")
        let later = try #require(ledger.snapshot(marks: marks))
        #expect(later.violation(since: earlier) == nil, "seed 122")
        earlier = later
      }
      #expect(ledger.lines.map(\.key) == ledger.lines.map(\.key).sorted())
    }
  }

  /// Every identity notices its own planted bug.
  @Test func everyIdentityCanFail() throws {
    var ledger = Ledger(opening: Money(whole: 10_000))
    try ledger.book(
      .buy, of: Quantity(whole: 2), at: Price(whole: 100), fee: Money(whole: 1), owner: "a",
      symbol: "BTC")
    let entry = try #require(ledger.lines.first)
    let good = try #require(ledger.snapshot(marks: marks))
    #expect(good.violation(over: [entry.line]) == nil)

    var line = entry.line
    line.traded += 1
    #expect(line.violation == .cash)
    line = entry.line
    line.bought += 1
    #expect(line.violation == .position)
    line = entry.line
    line.position.cost = -line.position.cost
    line.position.realised = -dollars(400)
    #expect(line.violation == .basis)
    #expect(
      LedgerLine(position: LedgerPosition(cost: 1), traded: 1).violation == .basis)

    var bad = good
    bad.cash += 1
    #expect(bad.violation(over: [entry.line]) == .cash)
    bad = good
    bad.fees += 1
    #expect(bad.violation(over: [entry.line]) == .cash)
    bad = good
    bad.equity += 1
    #expect(bad.violation(over: [entry.line]) == .equity)
    #expect(bad.violation(since: good) == .change)

    let before = LedgerPosition<Int64>()
    let fill = LedgerFill<Int64>(isBuy: true, price: 100, quantity: dollars(1), fee: 0)
    guard case .booked(var booking) = booked(fill, on: before, in: Integers()) else {
      Issue.record("not booked")
      return
    }
    #expect(booking.violation(after: before) == nil)
    booking.traded += 1
    #expect(booking.violation(after: before) == .doubleEntry)
  }

  @Test func linesAreKeptApart() throws {
    var ledger = Ledger(opening: Money(whole: 10_000))
    for (owner, side) in [("b", Side.sell), ("a", .buy), ("c", .buy)] as [(StrategyID, Side)] {
      try ledger.book(
        side, of: Quantity(whole: 1), at: Price(whole: 100), fee: .zero, owner: owner,
        symbol: "BTC")
    }
    #expect(ledger.lines.map(\.key.owner) == ["a", "b", "c"])
    #expect(ledger.netQuantity(of: "BTC") == Quantity(whole: 1))
    #expect(ledger.netQuantity(of: "ETH") == .zero)
    #expect(ledger.position(of: "b", in: "BTC").quantity == dollars(-1))
    #expect(ledger.position(of: "b", in: "ETH") == LedgerPosition())
  }

  @Test func aRefusedEventChangesNothing() throws {
    var ledger = Ledger(opening: Money(whole: 10_000))
    try ledger.book(
      .buy, of: Quantity(whole: 1), at: Price(whole: 100), fee: .zero, owner: "a", symbol: "BTC")
    let before = ledger
    #expect(throws: LedgerFault.malformed) {
      try ledger.book(
        .buy, of: .zero, at: Price(whole: 100), fee: .zero, owner: "a", symbol: "BTC")
    }
    #expect(throws: LedgerFault.malformed) {
      try ledger.book(funding: Money(steps: .min), owner: "a", symbol: "BTC")
    }
    #expect(throws: LedgerFault.outOfRange) { try ledger.book(transfer: Money(steps: .max)) }
    #expect(ledger == before)
    #expect(ledger.snapshot(marks: { _ in nil }) == nil)
  }

  private func randomEvent(_ generator: inout Generator, on ledger: inout Ledger) throws {
    let owner = generator.element(["a", "b"] as [StrategyID])
    let symbol = generator.element(["BTC", "ETH"] as [Symbol])
    switch generator.number(0...9) {
    case 0:
      let amount = Money(steps: generator.number(-dollars(100)...dollars(100)))
      try ledger.book(transfer: amount)
    case 1, 2:
      try ledger.book(
        funding: Money(steps: generator.number(-dollars(1)...dollars(1))), owner: owner,
        symbol: symbol)
    default:
      try ledger.book(
        generator.flag() ? .buy : .sell, of: Quantity(steps: generator.number(1...dollars(3))),
        at: Price(steps: generator.number(1...dollars(100_000))),
        fee: Money(steps: generator.number(-100...dollars(1))), owner: owner, symbol: symbol)
    }
  }
}
