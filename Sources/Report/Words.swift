import Market

/// `1` and `thing` as `1 thing`, `1200` as `1,200 things`.
func counted(_ count: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}

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

/// `part` of `whole` in basis points, rounded against whoever wants it to be high; nil where the
/// whole is nothing.
func share(_ part: Int64, of whole: Int64) -> Int64? {
  guard whole > 0 else { return nil }
  return Int64(clamping: Rounding.down.divide(Int128(part) * 10_000, by: Int128(whole)))
}

/// `part` of `whole` in basis points, rounded against whoever wants it to be low.
func shareAtMost(_ part: Int64, of whole: Int64) -> Int64? {
  guard whole > 0 else { return nil }
  return Int64(clamping: Rounding.up.divide(Int128(part) * 10_000, by: Int128(whole)))
}

/// Hundredths as a decimal: basis points as a percentage, `9900` as `99.00`.
func hundredths(_ count: Int64) -> String {
  let rest = count.magnitude % 100
  return "\(count < 0 ? "-" : "")\(grouped(count.magnitude / 100)).\(rest < 10 ? "0" : "")\(rest)"
}

/// Basis points as `99.00 %`.
func percent(_ basisPoints: Int64) -> String { hundredths(basisPoints) + " %" }

/// A length of time in its two largest units, as in `2d 4h`, `1m 30s`, `120ms`.
func span(_ interval: Interval) -> String {
  if interval < .zero { return "-" + span(.zero - interval) }
  guard interval.milliseconds >= 1_000 else { return "\(interval.milliseconds)ms" }
  var seconds = interval.milliseconds / 1_000
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
