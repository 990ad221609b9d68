import Market

/// An input as a text of commands, one a line: a first byte that says which, and what it concerns.
///
/// Bytes that no command begins with are passed over, so any input is a script; and a script can be
/// read, written by hand and cut where a line ends.
struct Script: Sequence {
  struct Command {
    let verb: UInt8
    let rest: ArraySlice<UInt8>

    /// The decimal number that ``rest`` begins with, clamped to `range`; the lower bound without.
    func number(in range: ClosedRange<Int64>) -> Int64 {
      var value: Int64 = 0
      var digits = rest.first == UInt8(ascii: "-") ? rest.dropFirst() : rest
      while let digit = digits.popFirst(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
        value = Swift.min(value * 10 + Int64(digit - UInt8(ascii: "0")), 1_000_000_000_000)
      }
      if rest.first == UInt8(ascii: "-") { value = -value }
      return Swift.min(Swift.max(value, range.lowerBound), range.upperBound)
    }

    /// What follows the first blank.
    var tail: [UInt8] {
      guard let blank = rest.firstIndex(of: UInt8(ascii: " ")) else { return [] }
      return Array(rest[(blank + 1)...])
    }
  }

  /// Scripts do no more than this, so that an input stays quick.
  static let longest = 256

  let bytes: [UInt8]

  func makeIterator() -> some IteratorProtocol<Command> {
    bytes.split(separator: UInt8(ascii: "\n"), maxSplits: Self.longest)
      .prefix(Self.longest)
      .lazy.compactMap { line in
        line.first.map { Command(verb: $0, rest: line.dropFirst()) }
      }
      .makeIterator()
  }
}
