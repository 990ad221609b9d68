import Choice
import Market
import Testing

@testable import Strategies

/// The statistics of `strategies.md` section 2.2 against their definitions.
@Suite struct StatisticsTests {
  static let seed: UInt64 = 22

  /// Some values, many of them equal.
  private static func values(_ count: Int) -> [Int64] {
    var stream = Chooser.seeded(seed).stream("values")
    return (0..<count).map { _ in Int64(stream.draw(below: 41)) - 20 }
  }

  @Test("a score is that of the sample deviation of the values before") func score() throws {
    let length = 12
    let values = Self.values(200)
    var moments = RollingMoments(capacity: length)
    for (index, value) in values.enumerated() {
      let before = values[max(0, index - length)..<index].map(Double.init)
      if before.count < length {
        #expect(moments.score(value) == nil)
      } else {
        let mean = before.reduce(0, +) / Double(length)
        let variance = before.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(length - 1)
        let score = try #require(moments.score(value))
        #expect(abs(score - (Double(value) - mean) / variance.squareRoot()) < 1e-12)
      }
      moments.push(value)
    }
  }

  @Test("values that do not vary have no score") func flat() {
    var moments = RollingMoments(capacity: 4)
    for _ in 0..<9 { moments.push(7) }
    #expect(moments.score(8) == nil)
    moments.push(.max)
    #expect(moments.score(8) != nil)
  }

  @Test("a rank counts what is below and half of what is equal") func rank() {
    let length = 15
    let values = Self.values(200)
    var ranked = RankedWindow(capacity: length)
    for (index, value) in values.enumerated() {
      let before = values[max(0, index - length)..<index]
      if before.count < length {
        #expect(ranked.rank(of: value) == nil)
        #expect(ranked.median == nil)
      } else {
        let below = before.count { $0 < value }
        let equal = before.count { $0 == value }
        #expect(ranked.rank(of: value) == (Double(below) + 0.5 * Double(equal)) / Double(length))
        #expect(ranked.median == Double(before.sorted()[length / 2]))
      }
      ranked.push(value)
    }
    var even = RankedWindow(capacity: 2)
    even.push(3)
    even.push(4)
    #expect(even.median == 3.5)
    #expect(even.rank(of: .max) == 1)
  }

  @Test("both read back as they were written") func restore() throws {
    var moments = RollingMoments(capacity: 9)
    var ranked = RankedWindow(capacity: 9)
    for value in Self.values(31) {
      moments.push(value)
      ranked.push(value)
    }
    var writer = BinaryWriter()
    moments.write(to: &writer)
    ranked.write(to: &writer)
    var reader = BinaryReader(writer.bytes)
    #expect(try RollingMoments(capacity: 9, from: &reader) == moments)
    #expect(try RankedWindow(capacity: 9, from: &reader) == ranked)
    try reader.finish()
  }

  @Test("a delta ratio is exact to its last step") func deltaRatio() {
    func ratio(_ buy: Quantity, _ sell: Quantity) -> Fraction {
      TakerSplit(buy: buy, sell: sell, coverage: "1").deltaRatio
    }
    #expect(ratio("3", "1") == "0.5")
    #expect(ratio("1", "2") == "-0.33333333")
    #expect(ratio("0", "0") == "0")
    #expect(ratio(Quantity(steps: .max), Quantity(steps: .max)) == "0")
    #expect(ratio(Quantity(steps: .max), "0") == "1")
  }
}
