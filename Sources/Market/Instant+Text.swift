extension Instant: CustomStringConvertible {
  /// ISO 8601 in UTC, as in `2025-01-27T13:02:00Z`, with a fraction of as many digits as it needs.
  public var description: String {
    let date = CivilDate(self)
    let day = Interval.days(1).nanoseconds
    let past = nanoseconds % day
    let ofDay = past < 0 ? past + day : past
    let (seconds, fraction) = ofDay.quotientAndRemainder(dividingBy: 1_000_000_000)
    var text =
      "\(date)T\(Int(seconds / 3_600).padded(to: 2)):\(Int(seconds / 60 % 60).padded(to: 2))"
      + ":\(Int(seconds % 60).padded(to: 2))"
    if fraction > 0 {
      var digits = Int(fraction).padded(to: 9)
      while digits.last == "0" { digits.removeLast() }
      text += "." + digits
    }
    return text + "Z"
  }

  /// Reads ISO 8601 in UTC exactly as ``description`` writes it.
  ///
  /// Capital `T` and `Z`, two digits each, no leap second, one to nine digits of a fraction
  /// (zeros at its end are accepted); nil for anything else, and outside the years 1678 to 2261.
  public init?(iso8601 text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes.last == UInt8(ascii: "Z"),
      let date = CivilDate(iso8601: bytes[0..<10]),
      let hour = Self.number(bytes[11..<13]), hour < 24, bytes[13] == UInt8(ascii: ":"),
      let minute = Self.number(bytes[14..<16]), minute < 60, bytes[16] == UInt8(ascii: ":"),
      let second = Self.number(bytes[17..<19]), second < 60
    else { return nil }
    var fraction = 0
    if bytes.count > 20 {
      let digits = bytes[20..<(bytes.count - 1)]
      guard bytes[19] == UInt8(ascii: "."), (1...9).contains(digits.count),
        let number = Self.number(digits)
      else { return nil }
      fraction = number
      for _ in digits.count..<9 { fraction *= 10 }
    }
    let seconds = Int64(hour * 3_600 + minute * 60 + second)
    self = date.start + .seconds(seconds) + Interval(nanoseconds: Int64(fraction))
  }

  /// The number that at most nine decimal digits, and nothing else, make.
  static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var number = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return number
  }
}

extension CivilDate {
  /// Reads a date exactly as ``description`` writes it, as in `2025-01-27`; nil for anything else.
  public init?(iso8601 text: String) { self.init(iso8601: Array(text.utf8)[...]) }

  init?(iso8601 bytes: ArraySlice<UInt8>) {
    let first = bytes.startIndex
    guard bytes.count == 10, bytes[first + 4] == UInt8(ascii: "-"),
      bytes[first + 7] == UInt8(ascii: "-"),
      let year = Instant.number(bytes[first..<(first + 4)]),
      let month = Instant.number(bytes[(first + 5)..<(first + 7)]),
      let day = Instant.number(bytes[(first + 8)..<(first + 10)])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }
}
