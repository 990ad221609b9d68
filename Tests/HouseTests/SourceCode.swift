/// Swift source as words and marks, without comments and the insides of strings.
///
/// Code interpolated into a string is kept. A string becomes one token whose text is `"`.
struct SourceCode {
  struct Token: Hashable {
    let text: String
    let line: Int
    let isWord: Bool
  }

  private(set) var tokens: [Token] = []
  private let bytes: [UInt8]
  private var offset = 0
  private var line = 1

  init(_ text: String) {
    bytes = Array(text.utf8)
    scanCode(untilParenthesis: false)
  }

  /// The text of the token at `index`, or nothing outside.
  subscript(index: Int) -> String { tokens.indices.contains(index) ? tokens[index].text : "" }

  /// Whether the texts from `index` on are `texts`.
  func matches(_ texts: [String], at index: Int) -> Bool {
    for (step, text) in texts.enumerated() where self[index + step] != text { return false }
    return true
  }

  /// The index of the mark that closes the one at `index`, or nil.
  func closing(_ index: Int) -> Int? {
    var depth = 0
    for place in index..<tokens.count {
      switch tokens[place].text {
      case "(", "[", "{": depth += 1
      case ")", "]", "}":
        depth -= 1
        if depth == 0 { return place }
      default: break
      }
    }
    return nil
  }

  private func byte(_ ahead: Int = 0) -> UInt8 {
    offset + ahead < bytes.count ? bytes[offset + ahead] : 0
  }

  private mutating func append(_ start: Int, isWord: Bool) {
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    tokens.append(Token(text: text, line: line, isWord: isWord))
  }

  private mutating func scanCode(untilParenthesis isNested: Bool) {
    var depth = 0
    while offset < bytes.count {
      let start = offset
      switch byte() {
      case UInt8(ascii: "\n"):
        line += 1
        offset += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): offset += 1
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"): skipLine()
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): skipBlock()
      case UInt8(ascii: "\""): scanString(hashes: 0)
      case UInt8(ascii: "#") where hashesBeforeQuote() > 0: scanString(hashes: hashesBeforeQuote())
      case let first where Self.isWordByte(first):
        let isNumber = first >= 0x30 && first <= 0x39
        while Self.isWordByte(byte())
          || isNumber && byte() == UInt8(ascii: ".") && (0x30...0x39).contains(byte(1))
        { offset += 1 }
        append(start, isWord: !isNumber)
      case let mark:
        if mark == UInt8(ascii: "(") { depth += 1 }
        if mark == UInt8(ascii: ")") {
          depth -= 1
          if isNested, depth < 0 { return }
        }
        offset += 1
        append(start, isWord: false)
      }
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x24, 0x80...: true
    default: false
    }
  }

  private mutating func skipLine() {
    while offset < bytes.count, byte() != UInt8(ascii: "\n") { offset += 1 }
  }

  private mutating func skipBlock() {
    var depth = 0
    repeat {
      if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
        depth += 1
        offset += 1
      } else if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
        depth -= 1
        offset += 1
      } else if byte() == UInt8(ascii: "\n") {
        line += 1
      }
      offset += 1
    } while depth > 0 && offset < bytes.count
  }

  /// How many `#` stand here before a quote; zero where no quote follows.
  private func hashesBeforeQuote() -> Int {
    var count = 0
    while byte(count) == UInt8(ascii: "#") { count += 1 }
    return byte(count) == UInt8(ascii: "\"") ? count : 0
  }

  private func hasHashes(_ count: Int, at ahead: Int) -> Bool {
    (0..<count).allSatisfy { byte(ahead + $0) == UInt8(ascii: "#") }
  }

  private mutating func scanString(hashes: Int) {
    let quote = UInt8(ascii: "\"")
    tokens.append(Token(text: "\"", line: line, isWord: false))
    offset += hashes
    let isMultiline = byte(1) == quote && byte(2) == quote
    offset += isMultiline ? 3 : 1
    while offset < bytes.count {
      switch byte() {
      case UInt8(ascii: "\n"):
        line += 1
        offset += 1
        if !isMultiline { return }
      case UInt8(ascii: "\\") where hasHashes(hashes, at: 1):
        offset += 1 + hashes
        guard byte() == UInt8(ascii: "(") else {
          if byte() != UInt8(ascii: "\n") { offset += 1 }
          continue
        }
        offset += 1
        tokens.append(Token(text: "(", line: line, isWord: false))
        scanCode(untilParenthesis: true)
        tokens.append(Token(text: ")", line: line, isWord: false))
        offset += 1
      case quote where !isMultiline && hasHashes(hashes, at: 1):
        offset += 1 + hashes
        return
      case quote
      where isMultiline && byte(1) == quote && byte(2) == quote
        && hasHashes(hashes, at: 3):
        offset += 3 + hashes
        return
      default: offset += 1
      }
    }
  }
}
