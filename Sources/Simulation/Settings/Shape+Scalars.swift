import Choice
import Market

extension Shape {
  /// What is expected, in words, for an error.
  var expectation: String {
    switch self {
    case .text(let count): "expected text of at most \(count) bytes"
    case .flag: "expected `true` or `false`"
    case .integer(let range):
      "expected a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .decimal(let range, let unit):
      "expected \(unit) from \(Quantity(steps: range.lowerBound)) to "
        + "\(Quantity(steps: range.upperBound)), without a unit or exponent"
    case .duration(let range):
      "expected a length of time with its unit (ms, s, m, h or d) from "
        + "\(range.lowerBound.settingText) to \(range.upperBound.settingText)"
    case .share(let range):
      "expected a share with its unit (% or bp) from \(Self.percent(range.lowerBound)) to "
        + Self.percent(range.upperBound)
    case .ratio: "expected a ratio of whole numbers from 0/1 to 1/1, such as `1/20`"
    case .instant: "expected a time in UTC such as `2026-03-02T00:00:00Z`"
    case .word(let words): "one of " + words.joined(separator: ", ")
    case .seeds: "expected a seed such as `7`, or a range such as `1..100`"
    case .list, .oneOrMore: "expected a list"
    case .table, .variants, .named: "expected a mapping"
    }
  }

  /// The value that `text` spells, or nil where it spells none of this shape.
  func setting(_ text: String) -> Setting? {
    switch self {
    case .text(let count):
      return text.utf8.count <= count ? .text(text) : nil
    case .flag:
      return text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
    case .integer(let range):
      guard let number = Self.integer(text), range.contains(number) else { return nil }
      return .integer(number)
    case .decimal(let range, _):
      guard let amount = try? Quantity(decimal: text), range.contains(amount.steps) else {
        return nil
      }
      return .integer(amount.steps)
    case .duration(let range):
      guard let length = Interval(setting: text), range.contains(length) else { return nil }
      return .duration(length)
    case .share(let range):
      guard let millionths = Self.millionths(text), range.contains(millionths) else { return nil }
      return .integer(millionths)
    case .ratio:
      return Self.ratio(text)
    case .instant:
      return Instant(iso8601: text).map(Setting.instant)
    case .seeds:
      return Self.seeds(text)
    case .word, .list, .oneOrMore, .table, .variants, .named:
      return nil
    }
  }

  private static func integer(_ text: String) -> Int64? {
    let digits = text.first == "-" ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int64(text)
  }

  private static func natural(_ text: some StringProtocol) -> UInt64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return UInt64(text)
  }

  private static func ratio(_ text: String) -> Setting? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let numerator = natural(parts[0]), let denominator = natural(parts[1]),
      Ratio(numerator, over: denominator) != nil
    else { return nil }
    return .ratio(numerator: numerator, denominator: denominator)
  }

  private static func seeds(_ text: String) -> Setting? {
    if let seed = natural(text) { return .seeds(seed...seed) }
    guard let dots = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
    let rest = text[dots...]
    guard rest.hasPrefix(".."), let first = natural(text[..<dots]),
      let last = natural(rest.dropFirst(2)), first <= last
    else { return nil }
    return .seeds(first...last)
  }

  /// Parts per million of `0.5%` or `25bp`; nil where it is no share or finer than a millionth.
  private static func millionths(_ text: String) -> Int64? {
    let (number, scale): (Substring, Int64) =
      text.hasSuffix("%") ? (text.dropLast(), 10_000) : (text.dropLast(2), 100)
    guard text.hasSuffix("%") || text.hasSuffix("bp"),
      let amount = try? Quantity(decimal: String(number)), amount.magnitude.steps < 1 << 40
    else { return nil }
    let product = amount.steps * scale
    return product % Quantity.stepsPerWhole == 0 ? product / Quantity.stepsPerWhole : nil
  }

  private static func percent(_ millionths: Int64) -> String {
    Quantity(steps: millionths * 10_000).description + "%"
  }
}

extension Interval {
  private static let units: [(suffix: String, length: Interval)] = [
    ("ms", .milliseconds(1)), ("d", .days(1)), ("h", .hours(1)), ("m", .minutes(1)),
    ("s", .seconds(1)),
  ]

  /// Reads a whole number and a unit: `250ms`, `90s`, `15m`, `2h`, `1d`; a leading minus looks
  /// back.
  init?(setting text: String) {
    let isNegative = text.hasPrefix("-")
    let body = isNegative ? text.dropFirst() : text[...]
    for unit in Self.units where body.hasSuffix(unit.suffix) {
      let digits = body.dropLast(unit.suffix.count)
      guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let count = Int64(digits)
      else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: unit.length.nanoseconds)
      guard !overflow else { return nil }
      self.init(nanoseconds: isNegative ? -product : product)
      return
    }
    return nil
  }

  /// The shortest text that ``init(setting:)`` reads back; milliseconds where nothing larger fits.
  var settingText: String {
    for (suffix, length) in [
      ("d", Interval.days(1)), ("h", .hours(1)), ("m", .minutes(1)), ("s", .seconds(1)),
    ] where nanoseconds != 0 && nanoseconds % length.nanoseconds == 0 {
      return "\(nanoseconds / length.nanoseconds)\(suffix)"
    }
    return "\(milliseconds)ms"
  }
}
