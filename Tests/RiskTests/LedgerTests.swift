import Market
import Testing

@testable import Risk

@Suite struct LedgerTests {
  /// A ledger written from the definitions, in exact fractions of a step: slow and naive.
  ///
  /// Money is kept in units of 1e-16 (price steps times quantity steps), with no rounding at all.
  private struct Naive {
    var quantity: Int128 = 0
    /// Signed notional of everything that traded.
    var traded: Int128 = 0
    var pieces = 0
    mutating func trade(_ signed: Int128, at price: Int128) {
      quantity += signed
      traded += signed * price
      pieces += 2
    }
    /// Cash and holdings at `mark`, in units of 1e-16.
    func profit(at mark: Int128) -> Int128 { quantity * mark - traded }
  }

  /// Realised plus unrealised profit never exceeds the exact one, and stays within a step a piece.
  @Test func neverInventsProfit() throws {
    var generator = Generator(seed: 32)
    for _ in 0..<300 {
      var position = LedgerPosition<Int64>()
      var line = LedgerLine()
      var naive = Naive()
      var fees: Int64 = 0
      for _ in 0..<40 {
        let fill = randomFill(&generator, around: position.quantity)
        guard case .booked(let booking) = booked(fill, on: position, in: Integers()) else {
          Issue.record("seed 32: \(fill) on \(position)")
          continue
        }
        #expect(booking.violation(after: position) == nil)
        position = booking.position
        fees += fill.fee
        naive.trade(Int128(fill.isBuy ? fill.quantity : -fill.quantity), at: Int128(fill.price))
        line.position = position
        line.traded += Int128(booking.traded)
        if fill.isBuy {
          line.bought += Int128(fill.quantity)
        } else {
          line.sold += Int128(fill.quantity)
        }
        #expect(line.violation == nil, "seed 32: \(line)")
        #expect(Int128(position.quantity) == naive.quantity)
        #expect(position.fees == fees)
        let mark = generator.number(dollars(1)...dollars(100_000))
        let open = try #require(unrealised(position, at: mark, in: Integers()))
        let ours = (Int128(position.realised) + Int128(open)) * 100_000_000
        let exact = naive.profit(at: Int128(mark))
        #expect(ours <= exact, "seed 32: profit from nowhere")
        #expect(exact - ours <= Int128(naive.pieces + 1) * 100_000_000, "seed 32: profit lost")
      }
    }
  }

  @Test func bookedByHand() throws {
    // Long 2 at 100, then sell 1 at 130: 30 realised, 100 of basis left; then sell 3 at 90.
    var position = LedgerPosition<Int64>()
    position = try book(
      .init(isBuy: true, price: dollars(100), quantity: dollars(2), fee: 5), position)
    #expect(position == LedgerPosition(quantity: dollars(2), cost: dollars(200), fees: 5))
    position = try book(
      .init(isBuy: false, price: dollars(130), quantity: dollars(1), fee: 5), position)
    #expect(
      position
        == LedgerPosition(
          quantity: dollars(1), cost: dollars(100), realised: dollars(30), fees: 10))
    position = try book(
      .init(isBuy: false, price: dollars(90), quantity: dollars(3), fee: -4), position)
    #expect(
      position
        == LedgerPosition(
          quantity: dollars(-2), cost: dollars(-180), realised: dollars(20), fees: 6))
    #expect(unrealised(position, at: dollars(80), in: Integers()) == dollars(20))
    position = try book(
      .init(isBuy: true, price: dollars(80), quantity: dollars(2), fee: 0), position)
    #expect(position == LedgerPosition(quantity: 0, cost: 0, realised: dollars(40), fees: 6))
  }

  @Test func roundsAgainstUs() throws {
    // A third of a step: a purchase costs it whole, a sale brings nothing.
    let tiny = LedgerFill<Int64>(isBuy: true, price: 33_333_333, quantity: 1, fee: 0)
    let bought = try book(tiny, LedgerPosition())
    #expect(bought.cost == 1)
    var sale = tiny
    sale.isBuy = false
    let sold = try book(sale, bought)
    #expect(sold == LedgerPosition(realised: -1))
    #expect(try book(sale, LedgerPosition()).cost == 0)
  }

  /// A third of a basis of 10 releases 4 of a long and 3 of a short: less profit now, either way.
  @Test func aPartReleasesItsBasisRoundedUp() throws {
    let long = try book(
      .init(isBuy: false, price: dollars(5), quantity: 1, fee: 0),
      LedgerPosition(quantity: 3, cost: 10))
    #expect(long == LedgerPosition(quantity: 2, cost: 6, realised: 1))
    let short = try book(
      .init(isBuy: true, price: dollars(3), quantity: 1, fee: 0),
      LedgerPosition(quantity: -3, cost: -10))
    #expect(short == LedgerPosition(quantity: -2, cost: -7, realised: 0))
  }

  /// A flip is its close and its opening.
  @Test func aFlipIsCloseAndOpen() throws {
    var generator = Generator(seed: 33)
    for _ in 0..<5_000 {
      let start = try book(randomFill(&generator, around: 0), LedgerPosition())
      let held = abs(start.quantity)
      let isBuy = start.quantity < 0
      let price = generator.number(1...dollars(50_000))
      let over = generator.number(1...dollars(10))
      let flip = try book(
        .init(isBuy: isBuy, price: price, quantity: held + over, fee: 0), start)
      let close = try book(.init(isBuy: isBuy, price: price, quantity: held, fee: 0), start)
      #expect(close.quantity == 0 && close.cost == 0)
      let open = try book(.init(isBuy: isBuy, price: price, quantity: over, fee: 0), close)
      #expect(flip == open, "seed 33")
    }
  }

  /// A11: in pieces a fill is never better than whole, and worse by less than a step a piece.
  @Test func piecesAreNeverBetter() throws {
    var generator = Generator(seed: 35)
    for _ in 0..<2_000 {
      let start = try book(randomFill(&generator, around: 0), LedgerPosition())
      let fill = randomFill(&generator, around: start.quantity)
      let whole = try book(fill, start)
      var split = start
      var left = fill.quantity
      var pieces: Int64 = 0
      while left > 0 {
        let piece = pieces == 9 ? left : min(left, generator.number(1...fill.quantity))
        split = try book(
          .init(isBuy: fill.isBuy, price: fill.price, quantity: piece, fee: 0), split)
        left -= piece
        pieces += 1
      }
      let lost = (whole.realised - whole.cost) - (split.realised - split.cost)
      #expect(lost >= 0 && lost <= 2 * pieces, "seed 35: \(lost) steps over \(pieces) pieces")
      #expect(split.quantity == whole.quantity)
    }
  }

  @Test func refusesNonsense() {
    let cases: [(LedgerFill<Int64>, LedgerFault)] = [
      (.init(isBuy: true, price: 0, quantity: 1, fee: 0), .malformed),
      (.init(isBuy: true, price: 1, quantity: 0, fee: 0), .malformed),
      (.init(isBuy: true, price: 1, quantity: -1, fee: 0), .malformed),
      (.init(isBuy: true, price: .max, quantity: 1, fee: 0), .malformed),
      (.init(isBuy: true, price: 1, quantity: 1, fee: .min), .malformed),
      (
        .init(isBuy: true, price: Bounds.largestPrice, quantity: Bounds.largestQuantity, fee: 0),
        .outOfRange
      ),
    ]
    for (fill, fault) in cases {
      #expect(booked(fill, on: LedgerPosition(), in: Integers()) == .refused(fault), "\(fill)")
    }
    let full = LedgerPosition<Int64>(quantity: Bounds.largestQuantity, cost: 1)
    let one = LedgerFill<Int64>(isBuy: true, price: 1, quantity: 1, fee: 0)
    #expect(booked(one, on: full, in: Integers()) == .refused(.outOfRange))
  }

  @Test func feesAndFundingRoundAgainstUs() {
    // 4.5 basis points of 10,506.418 are 4.7278881.
    let fee = takerFee(price: dollars(98_200), quantity: 10_699_000, rate: 45, in: Integers())
    #expect(fee == 472_788_810)
    #expect(takerFee(price: 1, quantity: 1, rate: 45, in: Integers()) == 1)
    #expect(takerFee(price: 0, quantity: 1, rate: 45, in: Integers()) == nil)
    // A long of 1 at 100 pays 0.0125 % to a short of 1.
    let rate: Int64 = 1_250_000
    let long = fundingPayment(
      quantity: dollars(1), price: dollars(100), rate: rate, in: Integers())
    #expect(long == -1_250_000)
    #expect(
      fundingPayment(quantity: dollars(-1), price: dollars(100), rate: rate, in: Integers())
        == 1_250_000)
    #expect(fundingPayment(quantity: 1, price: 1, rate: 1, in: Integers()) == -1)
    #expect(fundingPayment(quantity: -1, price: 1, rate: 1, in: Integers()) == 0)
    #expect(fundingPayment(quantity: 1, price: 1, rate: .min, in: Integers()) == nil)
  }

  private func book(
    _ fill: LedgerFill<Int64>, _ position: LedgerPosition<Int64>
  ) throws -> LedgerPosition<Int64> {
    switch booked(fill, on: position, in: Integers()) {
    case .booked(let booking): return booking.position
    case .refused(let fault): throw fault
    }
  }

  private func randomFill(
    _ generator: inout Generator, around quantity: Int64
  ) -> LedgerFill<Int64> {
    let size =
      generator.number(0...3) == 0 && quantity != 0
      ? abs(quantity) : generator.number(1...generator.element([10, 10_000, dollars(5)]))
    return LedgerFill(
      isBuy: generator.flag(),
      price: generator.number(1...generator.element([100, dollars(1), dollars(90_000)])),
      quantity: size, fee: generator.number(-5...100))
  }
}
