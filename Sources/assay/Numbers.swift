import Market

/// `1234567` as `1,234,567`.
func grouped(_ count: some BinaryInteger) -> String {
  let digits = String(count.magnitude)
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return (count < 0 ? "-" : "") + text
}

/// `1` and `thing` as `1 thing`, `1200` as `1,200 things`.
func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// `1234567` as `1.23M`, at most six characters.
func short(_ count: Int) -> String {
  switch count {
  case ..<10_000: grouped(count)
  case ..<1_000_000: "\(tenths(count, over: 1_000))k"
  case ..<1_000_000_000: "\(tenths(count, over: 1_000_000))M"
  default: "\(tenths(count, over: 1_000_000_000))G"
  }
}

private func tenths(_ count: Int, over unit: Int) -> String {
  let tenths = count / (unit / 10)
  return "\(tenths / 10).\(tenths % 10)"
}

/// Money with two decimals and thousands marked, as in `-1,234.50`.
func shown(_ money: Money) -> String {
  let cents = Rounding.nearest.divide(Int128(money.steps), by: 1_000_000)
  let magnitude = Int64(cents.magnitude)
  let fraction = magnitude % 100
  return "\(cents < 0 ? "-" : "")\(grouped(magnitude / 100)).\(fraction < 10 ? "0" : "")\(fraction)"
}

/// Money with its sign always, as in `+12.00`.
func signed(_ money: Money) -> String { (money >= .zero ? "+" : "") + shown(money) }

/// Basis points as a percentage with two decimals, as in `3.07 %`.
func percent(_ basisPoints: Int64) -> String {
  let magnitude = basisPoints.magnitude
  let fraction = magnitude % 100
  let sign = basisPoints < 0 ? "-" : ""
  return "\(sign)\(magnitude / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
}

/// A length of time in its two largest units, as in `2d 4h`, `90s` as `1m 30s`, `120ms`.
func shown(_ interval: Interval) -> String {
  let milliseconds = interval.milliseconds
  guard milliseconds >= 1_000 else { return "\(milliseconds)ms" }
  var seconds = milliseconds / 1_000
  var parts: [String] = []
  for (unit, length) in [("d", Int64(86_400)), ("h", 3_600), ("m", 60), ("s", 1)] {
    let count = seconds / length
    seconds %= length
    if count > 0 {
      parts.append("\(count)\(unit)")
    } else if !parts.isEmpty {
      break
    }
    if parts.count == 2 { break }
  }
  return parts.joined(separator: " ")
}

/// `2025-01-27 03:15` in UTC.
func minute(_ instant: Instant) -> String {
  let text = instant.description
  return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
}

/// `2026-03-02 00:15:02`: an instant to the second, for lines of a log.
func clock(_ instant: Instant) -> String {
  let text = instant.description
  return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
}
