import Choice
import Foundation
import Market
import Risk
import Strategies
import Testing

@testable import Simulation

/// The reading with words: its outcome is the integers', and what it says is so.
@Suite struct WordsTests {
  private static func cases(_ seed: UInt64, _ count: Int) -> [WordCase] {
    var choices = Chooser.seeded(seed).stream("words")
    return (0..<count).map { _ in WordCase(&choices) }
  }

  private static func reading(_ input: WordCase) -> GateReading {
    GateReading(
      input.trade, account: input.account, symbol: input.symbol, limits: input.limits)
  }

  @Test(arguments: UInt64(1)...8)
  func `words and integers come to the same outcome`(seed: UInt64) {
    var outcomes: Set<String> = []
    for input in Self.cases(seed, 250) {
      let reading = Self.reading(input)
      #expect(reading.verdict == input.verdict, "seed \(seed): \(input)")
      #expect((reading.size != nil) == (reading.decisive == nil))
      switch input.verdict {
      case .rejected(let reason):
        outcomes.insert(reason.code)
        #expect(reading.decisive?.consequence == .ends(reason.code), "seed \(seed): \(input)")
      case .approved(let quantity):
        outcomes.insert("APPROVED")
        let right = stakes(
          of: quantity, in: input.trade, policy: Policy(input.limits), reading: Integers())
        #expect(reading.size?.quantity.steps == quantity)
        #expect(reading.size?.risk.steps == right?.risk)
        #expect(reading.size?.notional.steps == right?.notional)
      }
    }
    #expect(outcomes.count > 12, "the cases reach few outcomes: \(outcomes.sorted())")
  }

  /// Where a value is beyond the bounds, both readings say so, and neither traps.
  @Test func `absurd values come to the same outcome`() {
    let edges: [Int64] = [.min, .min + 1, -1, 0, 1, Bounds.largestMoney + 1, .max - 1, .max]
    let paths: [WritableKeyPath<WordCase, Int64>] = [
      \.trade.entry, \.trade.fillEstimate, \.trade.worstPrice, \.trade.stop, \.trade.target,
      \.trade.validUntil, \.trade.slots, \.trade.lot, \.trade.minimumNotional,
      \.trade.venueLeverage, \.account.now, \.account.equity, \.account.dayStartEquity,
      \.account.sessionStartEquity, \.account.highWaterEquity, \.account.ordersInWindow,
      \.account.slotsInUse, \.account.heat, \.account.grossNotional, \.account.pauses.latency,
      \.symbol.dataAge, \.symbol.dataAgeBound, \.symbol.longExposure, \.symbol.risk,
    ]
    for path in paths {
      for edge in edges {
        var input = WordCase()
        input[keyPath: path] = edge
        #expect(Self.reading(input).verdict == input.verdict, "\(path) \(edge)")
      }
    }
  }

  @Test(arguments: UInt64(11)...14)
  func `each comparison is true to the values that it shows`(seed: UInt64) throws {
    for input in Self.cases(seed, 100) {
      for question in Self.reading(input).questions {
        #expect(!question.isMixed, "\(question.sentence)")
        for one in question.comparisons {
          let left = try #require(Shown(one.leftValue), "\(one)")
          let right = try #require(Shown(one.rightValue), "\(one)")
          let holds =
            switch one.sign {
            case "<": left < right
            case "≤": left <= right
            case ">": right < left
            case "≥": right <= left
            case "=": left == right
            default: left != right
            }
          #expect(holds == one.holds, "seed \(seed): \(one.sentence)")
        }
      }
    }
  }

  /// The arithmetic of a sentence, worked out again from its text, gives the value that it shows.
  @Test(arguments: UInt64(21)...24)
  func `each line's arithmetic gives its value`(seed: UInt64) throws {
    var count = 0
    func check(_ text: String, _ value: String) throws {
      guard let shown = Arithmetic.value(value) else { return }
      let found = try #require(Arithmetic.value(text), "\(text)")
      // A quotient is cut to the step of what it measures.
      let slack = max(abs(shown) * 1e-6, 2e-8)
      #expect(abs(found - shown) <= slack, "seed \(seed): \(text) = \(value), not \(found)")
      count += 1
    }
    for input in Self.cases(seed, 60) {
      let reading = Self.reading(input)
      for comparison in reading.questions.flatMap(\.comparisons)
      where !comparison.leftValue.hasSuffix("Z") && !comparison.rightValue.hasSuffix("Z") {
        try check(comparison.left, comparison.leftValue)
        try check(comparison.right, comparison.rightValue)
      }
      for line in (reading.size?.derivation ?? []) + (reading.size?.riskDerivation ?? []) {
        try check(line.text, line.value)
      }
    }
    #expect(count > 1_000)
  }

  /// Every reason of the gate is asked for, in the order of the contract, and named by what the
  /// rule itself does where the answer is yes.
  @Test func `an approved trade was asked for every reason in order`() {
    let reasons = Self.reading(WordCase()).questions.compactMap { question -> String? in
      if case .ends(let reason)? = question.consequence { reason } else { nil }
    }
    #expect(reasons == RejectReason.allCases.map(\.code))
  }

  @Test func `the deciding question names its limit and both values`() throws {
    var input = WordCase()
    input.trade.stop = coins(98_100)
    input.trade.target = coins(98_700)
    let decisive = try #require(Self.reading(input).decisive)
    #expect(decisive.limits == ["minimumStopDistanceBasisPoints"])
    #expect(
      decisive.sentence
        == "fill estimate 98,200 − stop 98,100 = 100 < "
        + "fill estimate 98,200 × minimumStopDistanceBasisPoints 0.5 % = 491")
    input = WordCase()
    input.account.equity = coins(9_500)
    let drawdown = try #require(Self.reading(input).decisive)
    #expect(drawdown.limits == ["sessionDrawdownBasisPoints"])
    #expect(drawdown.sentence.contains("equity 9,500 ≤ "))
    #expect(drawdown.sentence.hasSuffix("= 9,500 (yes)"))
  }

  /// What is said to bind the size does: less of it is a smaller size, and more of anything else
  /// leaves it as it is.
  @Test func `the limits that are said to bind the size do`() throws {
    let sizing: [Limits.Field] = [
      .riskPerTradeBasisPoints, .portfolioHeatBasisPoints, .symbolRiskBasisPoints,
      .maximumLeverageTimes,
    ]
    var seen: Set<String> = []
    for input in Self.cases(31, 900) {
      // Of a few lots, none may be the difference.
      guard let size = Self.reading(input).size, size.quantity.steps / input.trade.lot > 50 else {
        continue
      }
      for field in sizing {
        let value = input.limits[field]
        var other = input
        if size.boundBy.contains(field.name) {
          seen.insert(field.name)
          other.limits = try input.limits.setting(field, to: max(1, value - max(1, value / 4)))
          let after = Self.reading(other).size?.quantity ?? .zero
          #expect(after < size.quantity, "\(field) of \(input)")
        } else {
          other.limits = try input.limits.setting(
            field, to: min(field.bounds.upperBound, value * 2))
          #expect(Self.reading(other).size?.quantity == size.quantity, "\(field) of \(input)")
        }
      }
    }
    #expect(seen == Set(sizing.map(\.name)), "not every limit bound a size: \(seen.sorted())")
  }

  /// Words read every rule of the domain, not the gate alone.
  @Test func `drift and reductions read with words come to the same outcome`() {
    var choices = Chooser.seeded(41).stream("words")
    for _ in 0..<500 {
      let values = (0..<4).map { _ in choices.number(-3, 3) }
      func word(_ index: Int) -> WordNumber { .input("value", values[index], .quantity) }
      let words = Words()
      #expect(
        classifyDrift(
          local: word(0), venue: word(1), buysInFlight: word(2), sellsInFlight: word(3), in: words)
          == classifyDrift(
            local: values[0], venue: values[1], buysInFlight: values[2],
            sellsInFlight: values[3], in: Integers()))
      #expect(!words.questions.isEmpty)
      let isBuy = choices.flag()
      let told = judgeReduction(
        Reduction<WordNumber>(
          role: .stop, isBuy: .input(isBuy, "buys", otherwise: "sells"), isReduceOnly: true,
          quantity: word(0), price: .input("price", 1, .price), position: word(1),
          outstanding: word(2)), in: Words())
      let right = judgeReduction(
        Reduction<Int64>(
          role: .stop, isBuy: isBuy, isReduceOnly: true, quantity: values[0], price: 1,
          position: values[1], outstanding: values[2]), in: Integers())
      #expect(told == right)
    }
  }

  /// A rule that compared a price with a count would be noticed.
  @Test func `mixed units are noticed`() {
    let price = WordNumber.input("price", 5, .price)
    let count = WordNumber.input("count", 5, .count)
    func isMixed(_ truth: WordTruth) -> Bool {
      let words = Words()
      _ = words.holds(truth)
      return words.questions.contains(where: \.isMixed)
    }
    let mixed: [WordTruth] = [price < count, price + count < price, price.times(price) < price]
    #expect(mixed.map(isMixed) == [true, true, true])
    let plain: WordTruth = price.times(count) < price.times(count)
    #expect(!isMixed(plain))
    #expect(!isMixed(price < 7))
  }

  @Test func `values are shown exactly, in their unit`() {
    #expect(Measure.money.text(123_456_789_012_345) == "1,234,567.89012345")
    #expect(Measure.money.text(-1) == "-0.00000001")
    #expect(Measure.basisPoints.text(25) == "0.25 %")
    #expect(Measure.tenthsOfBasisPoint.text(45) == "0.045 %")
    #expect(Measure.ratio.text(20_000) == "2")
    #expect(Measure.times.text(5) == "5×")
    #expect(Measure.duration.text(1_500_000_000) == "1.5 s")
    #expect(Measure.instant.text(1_772_409_600_000_000_000) == "2026-03-02T00:00:00Z")
    #expect(Measure.instant.text(0) == "never")
    for field in Limits.Field.allCases {
      let isCount = field.name.hasSuffix("Count") || field.name.hasSuffix("PerMinute")
      #expect((field.measure == .count) == isCount, "\(field.name) has no unit")
    }
  }

  /// The sentence of a reason is the first sentence of its documentation.
  @Test func `meanings are the documented ones`() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
    let strategies = try Self.documentation(
      of: "NoTradeReason", in: sources.appending(path: "Strategies/Decision.swift"))
    for reason in NoTradeReason.allCases {
      #expect(strategies["\(reason)"] == reason.meaning, "\(reason)")
    }
    let risk = try Self.documentation(
      of: "RejectReason", in: sources.appending(path: "Risk/RejectReason.swift"))
    for reason in RejectReason.allCases {
      #expect(risk["\(reason)"] == reason.meaning, "\(reason)")
    }
  }

  /// The first sentence above each case of an enumeration, by the case's name.
  private static func documentation(of name: String, in file: URL) throws -> [String: String] {
    let text = try String(contentsOf: file, encoding: .utf8)
    let body = try #require(text.range(of: "enum \(name)")).upperBound
    var found: [String: String] = [:]
    var comment: [String] = []
    for line in text[body...].split(separator: "\n").map({ $0.drop { $0 == " " } }) {
      if line.hasPrefix("///") {
        comment.append(String(line.dropFirst(4)))
      } else if line.hasPrefix("case "), let word = line.split(separator: " ").dropFirst().first {
        let whole = comment.joined(separator: " ")
          .replacing("``Bounds``", with: "the bounds of the rules")
        let first = whole.components(separatedBy: ". ").first ?? whole
        if found["\(word)"] == nil { found["\(word)"] = first.hasSuffix(".") ? first : first + "." }
        comment = []
      } else {
        comment = []
      }
    }
    return found
  }
}

/// A value as a sentence shows it, to be compared exactly.
private struct Shown: Comparable {
  private let isNegative: Bool
  private let whole: String
  private let fraction: String

  /// A decimal with its unit, or a time; nil for anything else.
  init?(_ text: String) {
    var text = text == "never" ? "0" : text
    if let instant = Instant(iso8601: text) {
      text = Measure(scale: -9).text(Int128(instant.nanoseconds))
    }
    for unit in [" %", " s", "×"] where text.hasSuffix(unit) { text.removeLast(unit.count) }
    text = text.filter { $0 != "," }
    isNegative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ $0.allSatisfy(\.isNumber) }) else {
      return nil
    }
    whole = String(parts[0].drop { $0 == "0" })
    fraction = parts.count == 2 ? String(parts[1]) : ""
  }

  static func < (lhs: Self, rhs: Self) -> Bool {
    if lhs.isNegative != rhs.isNegative { return lhs.isNegative }
    let width = max(lhs.fraction.count, rhs.fraction.count)
    func padded(_ value: Self) -> String {
      value.whole + value.fraction + String(repeating: "0", count: width - value.fraction.count)
    }
    let (one, other) = (padded(lhs), padded(rhs))
    let isBelow = one.count != other.count ? one.count < other.count : one < other
    return lhs.isNegative ? one != other && !isBelow : isBelow
  }
}
