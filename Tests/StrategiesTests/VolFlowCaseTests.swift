import Market
import Risk
import Testing

@testable import Strategies

/// The worked cases of `strategies.md` section 3.10, through the code that trades.
@Suite struct VolFlowCaseTests {
  struct Measured: Sendable, CustomTestStringConvertible {
    let id: String
    let returns: [Double]
    let variance: Double
    let bipower: Double
    let jump: Double
    let share: Double
    var testDescription: String { id }
  }

  static let measured = [
    Measured(
      id: "VO-1",
      returns: [
        0.001, -0.0005, 0.0008, 0.0012, -0.0003, 0.0006, -0.0009, 0.0004, 0.0007, -0.0002, 0.001,
        0.0005,
      ],
      variance: 6.53e-6, bipower: 7.574_094e-6, jump: 0, share: 0.220_521),
    Measured(
      id: "VO-1b", returns: Array(repeating: 0.0002, count: 11) + [0.006], variance: 3.644e-5,
      bipower: 2.741_754e-6, jump: 0.924_760, share: 0.987_925),
  ]

  @Test(arguments: measured) func variances(_ given: Measured) throws {
    var sizes = SizeWindow(capacity: 13)
    // An older return that the twelve leave out.
    sizes.push(0.05)
    for value in given.returns { sizes.push(abs(value)) }
    let variance = try #require(sizes.realizedVariance(of: 12))
    let bipower = try #require(sizes.bipowerVariance(of: 12))
    #expect(abs(variance - given.variance) < 1e-15)
    #expect(abs(bipower - given.bipower) < 5e-13)
    #expect(abs(max(0, 1 - bipower / variance) - given.jump) < 5e-7)
    #expect(abs(try #require(sizes.largestShare(of: 12)) - given.share) < 5e-7)
    // A window that reaches one return too far.
    #expect(abs(try #require(sizes.largestShare(of: 13)) - given.share) > 1e-3)
    #expect(sizes.realizedVariance(of: 14) == nil)
    #expect(sizes.bipowerVariance(of: 14) == nil)
    #expect(sizes.largestShare(of: 14) == nil)
  }

  @Test func nothingMovedHasNoShare() {
    var sizes = SizeWindow(capacity: 2)
    sizes.push(0)
    sizes.push(0)
    #expect(sizes.largestShare(of: 2) == 0)
    #expect(sizes.bipowerVariance(of: 2) == 0)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    var candle: [Int64] = bigHour
    var ranks: [Double] = quiet
    var expansion: Double? = 2.8
    var share = 0.30
    var trueRange: Int64 = 160
    let expected: Expected
    var testDescription: String { id }
  }

  static let bigHour: [Int64] = [64_000, 64_520, 63_980, 64_480]
  static let quiet = [0.40, 0.22, 0.20, 0.15, 0.12, 0.10, 0.08, 0.08, 0.12, 0.15, 0.18, 0.20]

  static func long(confidence: Int64) -> Expected {
    .trade(.buy, stop: 64_240, target: 65_080, rr: 25_000, confidence: confidence)
  }

  static let cases = [
    Case(id: "VO-2", expected: long(confidence: 7_410)),
    Case(
      id: "VO-3",
      ranks: [0.40, 0.30, 0.22, 0.20, 0.15, 0.30, 0.20, 0.20, 0.22, 0.24, 0.40, 0.30],
      expected: .refused(.notCompressed)),
    Case(id: "VO-4", share: 0.75, expected: .refused(.singleJump)),
    Case(id: "VO-5", expansion: 1.6, expected: .refused(.noExpansion)),
    Case(
      id: "VO-6", candle: [63_800, 63_820, 63_560, 63_600], expansion: 2.0, share: 0.60,
      trueRange: 120,
      expected: .trade(.sell, stop: 63_780, target: 63_150, rr: 25_000, confidence: 5_860)),
    // Beyond the table: each check at its edge.
    Case(
      id: "five quiet hours and five more", ranks: [0.3] + five + [0.3] + five,
      expected: .refused(.notCompressed)),
    Case(
      id: "six quiet hours at the end", ranks: Array(repeating: 0.3, count: 6) + [0.25] + five,
      expected: long(confidence: 6_050)),
    Case(
      id: "six quiet hours at the beginning", ranks: five + [0.25] + sixLoud,
      expected: long(confidence: 6_050)),
    Case(
      id: "a sixth hour just above", ranks: five + [0.25 + 1.0 / 672] + sixLoud,
      expected: .refused(.notCompressed)),
    Case(
      id: "a close on the channel", candle: [64_000, 64_520, 63_980, 64_400],
      expected: .refused(.noSetup)),
    Case(
      id: "a close on the channel's other side", candle: [64_000, 64_520, 63_680, 63_700],
      expected: .refused(.noSetup)),
    Case(id: "an expansion of exactly two", expansion: 2, expected: long(confidence: 6_610)),
    Case(
      id: "within the tolerance", expansion: 2 - 1e-10, share: 0.60 + 1e-10,
      expected: long(confidence: 5_860)),
    Case(id: "just below two", expansion: 2 - 1e-8, expected: .refused(.noExpansion)),
    Case(id: "just above the share", share: 0.60 + 1e-8, expected: .refused(.singleJump)),
    Case(id: "a day without any movement", expansion: nil, expected: .refused(.flatSeries)),
    Case(id: "a stop too near", trueRange: 107, expected: .refused(.stopTooTight)),
    Case(id: "a stop too far", trueRange: 2_150, expected: .refused(.stopTooWide)),
  ]

  static let five = Array(repeating: 0.25, count: 5)
  static let sixLoud = Array(repeating: 0.3, count: 6)

  @Test(arguments: cases) func workedCase(_ given: Case) throws {
    let trigger = try candle(
      .h1, at: tuesday, given.candle[0], given.candle[1], given.candle[2], given.candle[3])
    let reading = VolFlow.Reading(
      ranks: given.ranks, expansion: given.expansion, largestShare: given.share,
      high: Price(whole: 64_400), low: Price(whole: 63_700),
      trueRange: Mean(sum: Int128(Price(whole: given.trueRange * 14).steps), count: 14))
    let outcome = VolFlow().judge(try context(trigger), reading)
    check(outcome, given.expected)
    guard given.id == "VO-2" else { return }
    #expect(try signal(outcome).timeStop == trigger.closeTime + .hours(24))
  }

  @Test("bytes that are no sizes are refused", arguments: [-1.0, -0.0, .infinity, .nan])
  func impossibleSizesAreRefused(_ value: Double) throws {
    func reread(_ change: (inout VolFlow.State) -> Void) throws -> VolFlow.State {
      var state = VolFlow.State()
      change(&state)
      var writer = BinaryWriter()
      writer.write(state)
      var reader = BinaryReader(writer.bytes)
      return try VolFlow.State(from: &reader)
    }
    #expect(try reread { $0.returns.push(0.5) }.returns[0] == 0.5)
    #expect(throws: BinaryFault.self) { try reread { $0.returns.push(value) } }
    #expect(throws: BinaryFault.self) { try reread { $0.hours.variances.push(value) } }
    #expect(throws: BinaryFault.self) { try reread { $0.hours.ranks.push(value) } }
    #expect(throws: BinaryFault.self) { try reread { $0.hours.days.push(value.sizeBits) } }
    #expect(throws: BinaryFault.self) { try reread { $0.hours.highs.push(1) } }
    #expect(throws: BinaryFault.self) {
      try reread {
        $0.hours.highs.push(1)
        $0.hours.lows.push(2)
      }
    }
  }
}
