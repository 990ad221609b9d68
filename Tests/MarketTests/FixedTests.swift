import Market
import Testing

@Suite("Fixed")
struct FixedTests {
  @Test(
    "Each rounding resolves each remainder its own way",
    arguments: [
      // numerator, denominator, down, up, toward zero, nearest
      (7, 2, 3, 4, 3, 4), (-7, 2, -4, -3, -3, -4), (5, 2, 2, 3, 2, 3), (-5, 2, -3, -2, -2, -3),
      (1, 3, 0, 1, 0, 0), (-1, 3, -1, 0, 0, 0), (2, 3, 0, 1, 0, 1), (-2, 3, -1, 0, 0, -1),
      (6, 3, 2, 2, 2, 2), (-6, 3, -2, -2, -2, -2), (0, 9, 0, 0, 0, 0),
    ] as [(Int128, Int128, Int128, Int128, Int128, Int128)])
  func rounding(
    row: (
      numerator: Int128, denominator: Int128, down: Int128, up: Int128, zero: Int128, near: Int128
    )
  ) {
    #expect(Rounding.down.divide(row.numerator, by: row.denominator) == row.down)
    #expect(Rounding.up.divide(row.numerator, by: row.denominator) == row.up)
    #expect(Rounding.towardZero.divide(row.numerator, by: row.denominator) == row.zero)
    #expect(Rounding.nearest.divide(row.numerator, by: row.denominator) == row.near)
  }

  @Test("Products are formed in 128 bits and fail only where the result does not fit")
  func scaling() {
    let large = Money(steps: .max)
    #expect(large.checkedScaled(by: 3, over: 3, .down) == large)
    #expect(large.checkedScaled(by: .max, over: .max, .down) == large)
    #expect(large.checkedScaled(by: 2, over: 1, .down) == nil)
    #expect(Money(steps: .min).checkedScaled(by: -1, over: 1, .down) == nil)
    #expect(large.checkedScaled(by: 1, over: 0, .down) == nil)
    #expect(large.checkedScaled(by: 1, over: -1, .down) == nil)
    #expect(Money(steps: 10).checkedScaled(by: 1, over: 3, .up) == Money(steps: 4))
  }

  @Test("A notional is price times size, rounded as the caller says")
  func notional() {
    let price: Price = "98200.5"
    #expect(price.notional(of: "0.001", .down) == ("98.2005" as Money))
    #expect(Price(steps: 1).notional(of: Quantity(steps: 1), .down) == .zero)
    #expect(Price(steps: 1).notional(of: Quantity(steps: 1), .up) == .ulp)
    #expect(price.notional(of: "-0.001", .down) == ("-98.2005" as Money))
    #expect(Price(steps: .max).notional(of: Quantity(steps: .max), .down) == nil)
  }

  @Test("Rounding to a grain gives the neighbouring multiples and refuses a grain of nothing")
  func grains() {
    let price: Price = "1234.56"
    #expect(price.rounded(to: "0.1", .down) == "1234.5")
    #expect(price.rounded(to: "0.1", .up) == "1234.6")
    #expect((-price).rounded(to: "0.1", .down) == "-1234.6")
    #expect((-price).rounded(to: "0.1", .towardZero) == "-1234.5")
    #expect(("0.15" as Price).rounded(to: "0.1", .nearest) == "0.2")
    #expect(price.rounded(to: .zero, .down) == nil)
    #expect(price.rounded(to: -.ulp, .down) == nil)
    #expect(Price(steps: .max).rounded(to: Price(steps: .max - 1), .up) == nil)
  }

  @Test("Checked addition says where the sum does not fit")
  func adding() {
    #expect(Money(steps: .max).checkedAdding(.ulp) == nil)
    #expect(Money(steps: .min).checkedAdding(-.ulp) == nil)
    #expect(Money(steps: .max).checkedAdding(-.ulp) == Money(steps: .max - 1))
  }

  @Test("The amount nearest to a Double, or none")
  func nearest() {
    #expect(Price(nearest: 0.29) == "0.29")
    #expect(Price(nearest: 98_200.5) == "98200.5")
    #expect(Price(nearest: -0.000_000_004) == .zero)
    #expect(Price(nearest: 0.000_000_005) == .ulp)
    for bad in [Double.nan, .infinity, -.infinity, 1e12, -1e12, .greatestFiniteMagnitude] {
      #expect(Price(nearest: bad) == nil)
    }
  }

  @Test("Every amount up to 2^51 steps survives the way through a Double")
  func throughDouble() {
    var words = Words(seed: 11)
    for _ in 0..<2_000 {
      let amount = Price(steps: Int64(words.next() >> (13 + words.below(40))))
      #expect(Price(nearest: amount.double) == amount)
    }
  }
}
