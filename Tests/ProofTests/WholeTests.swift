import Testing

@testable import Proof

/// The evaluator's integers, held to a machine's where they fit and to laws where they do not.
@Suite struct WholeTests {
  @Test func `within 128 bits they are the machine's`() {
    var numbers = Numbers(seed: 1)
    for _ in 0..<20_000 {
      let (a, b) = (Int128(numbers.number()), Int128(numbers.number()))
      let (one, other) = (Whole.small(a), Whole.small(b))
      #expect(one + other == .small(a + b))
      #expect(one - other == .small(a - b))
      #expect(one * other == .small(a * b))
      #expect((one < other) == (a < b))
      if b > 0 {
        let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
        #expect(one.floorQuotient(by: other) == .small(remainder < 0 ? quotient - 1 : quotient))
      }
    }
  }

  @Test func `beyond 128 bits the laws hold`() throws {
    var numbers = Numbers(seed: 2)
    for _ in 0..<2_000 {
      let (a, b) = (Whole(numbers.number()), Whole(numbers.number()))
      let (c, d) = (Whole(numbers.number()), Whole(numbers.number()))
      let (left, right) = (a * b * c, d * c * b)
      #expect(left + right - right == left, "seed 2: \(a) \(b) \(c) \(d)")
      #expect(left * (right + a) == left * right + left * a, "seed 2: \(a) \(b) \(c) \(d)")
      #expect((left < right) == (left - right).isNegative, "seed 2: \(a) \(b) \(c) \(d)")
      #expect(Whole(decimal: "\(left)") == left)
      let divisor = right.isNegative ? right.negated : right
      if divisor > .small(0) {
        let quotient = try #require(left.floorQuotient(by: divisor))
        let rest = left - quotient * divisor
        #expect(!rest.isNegative && rest < divisor, "seed 2: \(left) by \(divisor)")
      }
    }
  }

  @Test func `edges of 128 bits keep one form`() {
    let least = Whole.small(.min)
    #expect(least.negated.negated == least)
    #expect("\(least.negated)" == "170141183460469231731687303715884105728")
    #expect(least.negated - .small(1) == .small(.max))
    #expect(Whole(decimal: "12x") == nil)
    #expect(Whole(decimal: "") == nil)
    #expect(Whole.small(5).floorQuotient(by: .small(0)) == nil)
  }
}
