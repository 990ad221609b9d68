import Market
import Venues

/// Numbers as Deribit prints them: JSON numbers with a point, small ones with an exponent where
/// that is shorter.
enum DeribitNumber {
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    let magnitude = abs(value)
    if magnitude == 0 { return "0.0" }
    if magnitude >= 1e-3, magnitude < 1e15 { return "\(value)" }
    let (digits, exponent) = parts(magnitude)
    let sign = value < 0 ? "-" : ""
    let rest = digits.dropFirst()
    let scientific =
      sign + String(digits.prefix(1)) + "." + (rest.isEmpty ? "0" : String(rest)) + "e\(exponent)"
    guard exponent < 0 else { return scientific }
    let plain = sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    return scientific.utf8.count < plain.utf8.count ? scientific : plain
  }

  /// The shortest digits of a number, and the power of ten of the first.
  private static func parts(_ magnitude: Double) -> (digits: String, exponent: Int) {
    let text = "\(magnitude)"
    let halves = text.split(separator: "e")
    let mantissa = halves.first.map(String.init) ?? text
    var exponent = halves.count > 1 ? Int(halves[1].drop { $0 == "+" }) ?? 0 : 0
    let whole = mantissa.prefix { $0 != "." }
    var digits = mantissa.filter { $0 != "." }
    exponent += whole.count - 1
    while digits.count > 1, digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return (digits, exponent)
  }

  /// A number rounded to a number of decimals, ties away from zero.
  static func rounded(_ value: Double, _ places: Int) -> Double {
    var scale = 1.0
    for _ in 0..<max(places, 0) { scale *= 10 }
    guard let steps = Int64(nearest: value * scale) else { return value }
    return Double(steps) / scale
  }
}

extension JSONWriter {
  /// Writes a number, or `null`.
  mutating func deribit(_ name: StaticString, _ value: Double?) {
    key(name)
    deribit(value)
  }

  /// Writes a number, or `null`.
  mutating func deribit(_ value: Double?) { raw((value.map(DeribitNumber.text) ?? "null").utf8) }

  /// Writes a number.
  mutating func deribit<Unit>(_ name: StaticString, _ value: Fixed<Unit>) {
    deribit(name, value.double)
  }
}
