/// Changes an input as one who knows its shape would.
///
/// Commands are moved whole, and within them JSON values are replaced, repeated, dropped and
/// swapped. Every third time libFuzzer does as it likes, so that nothing stays out of reach.
struct Mutation {
  private var word: UInt64
  private let most: Int
  private let isScript: Bool

  init(seed: UInt32, most: Int, isScript: Bool) {
    word = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
    self.most = most
    self.isScript = isScript
  }

  /// The changed input, at most as long as was asked for; nil to let libFuzzer change it.
  mutating func apply(to input: [UInt8]) -> [UInt8]? {
    guard below(3) > 0, !input.isEmpty else { return nil }
    var lines = isScript ? input.split(separator: UInt8(ascii: "\n")).map(Array.init) : [input]
    guard !lines.isEmpty else { return nil }
    if isScript, below(3) == 0 {
      move(&lines)
    } else {
      let place = below(lines.count)
      guard let changed = changed(lines[place], donor: lines[below(lines.count)]) else {
        return nil
      }
      lines[place] = changed
    }
    let output = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    return output.isEmpty || output.count > most ? nil : output
  }

  private mutating func move(_ lines: inout [[UInt8]]) {
    let place = below(lines.count)
    switch below(4) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[place], at: below(lines.count + 1))
    case 2: lines.swapAt(place, below(lines.count))
    default: lines.insert(Array(Self.commands[below(Self.commands.count)].utf8), at: place)
    }
  }

  /// A line with one JSON value changed; nil where it has none.
  private mutating func changed(_ line: [UInt8], donor: [UInt8]) -> [UInt8]? {
    let values = Self.values(of: line)
    guard !values.isEmpty else { return nil }
    let range = values[below(values.count)]
    var line = line
    switch below(6) {
    case 0, 1:
      line.replaceSubrange(range, with: Array(Self.awkward[below(Self.awkward.count)].utf8))
    case 2:
      let given = Self.values(of: donor)
      guard !given.isEmpty else { return nil }
      line.replaceSubrange(range, with: Array(donor[given[below(given.count)]]))
    case 3:
      let end = line[range.upperBound...].first == UInt8(ascii: ",") ? 1 : 0
      line.removeSubrange(range.lowerBound..<(range.upperBound + end))
    case 4:
      line.insert(contentsOf: [UInt8(ascii: ",")] + line[range], at: range.upperBound)
    default:
      // A digit more, a digit less, another digit.
      guard let place = range.first(where: { (0x30...0x39).contains(line[$0]) }) else { return nil }
      switch below(3) {
      case 0: line[place] = UInt8(0x30 + below(10))
      case 1: line.insert(UInt8(0x30 + below(10)), at: place)
      default: line.remove(at: place)
      }
    }
    return line
  }

  /// The places of the values of a text: numbers, words, texts, and lists and objects whole.
  static func values(of line: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var open: [Int] = []
    var place = 0
    while place < line.count {
      switch line[place] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): open.append(place)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if let start = open.popLast() { found.append(start..<(place + 1)) }
      case UInt8(ascii: "\""):
        let start = place
        place += 1
        while place < line.count, line[place] != UInt8(ascii: "\"") {
          place += line[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        if place < line.count { found.append(start..<(place + 1)) }
      case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "): break
      default:
        let start = place
        while place < line.count, !",:{}[]\" ".utf8.contains(line[place]) { place += 1 }
        found.append(start..<place)
        place -= 1
      }
      place += 1
    }
    return found
  }

  private mutating func below(_ bound: Int) -> Int {
    word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((word >> 33) % UInt64(max(bound, 1)))
  }

  /// Commands that scripts of any target know.
  private static let commands = [
    "o", "c", "c1", "w1", "w1000", "w20000", "w60000", "w900000", "x0", "x2", "s429 null", "s500 ",
    "s200 <html></html>", "r429 5", "r418 99999999999", "#1", "#2", "@1", "n", "q", "t1",
    "b-7200000",
  ]

  /// What readers of numbers, texts and lists get wrong.
  private static let awkward = [
    "null", "true", "false", "0", "-0", "-1", "1", "9223372036854775807", "-9223372036854775808",
    "18446744073709551615", "18446744073709551616", "1e308", "1e-308", "1e999", "0.1", "-0.0",
    "4294967295", "2147483648", "253402300799999", "7258118400000", "-62135596800000", "1e5",
    #""""#, #""0""#, #""-0.0""#, #""0.00000001""#, #""0.000000001""#, #""92233720368.54775807""#,
    #""92233720368.54775808""#, #""-92233720368.54775808""#, #""1e5""#, #""NaN""#, #"" 1""#,
    #""+1""#, #"".5""#, #""5.""#, #""00""#, #""\u0000""#, #""\ud83d\ude00""#, #""BTC""#, #""ETH""#,
    "[]", "{}", "[[]]", "[null]", #"{"":0}"#,
  ]
}
