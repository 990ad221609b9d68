import Market
import Testing
import Venues

@Suite("JSON") struct JSONTests {
  private func parse(_ text: String, _ limits: JSONLimits = JSONLimits()) throws -> JSONValue {
    var parser = JSONParser(limits: limits)
    return try parser.parse(Array(text.utf8)).root
  }

  @Test("values of every kind are read in place")
  func kinds() throws {
    let root = try parse(
      #"{"o":{"x":1},"a":[1,-2,18446744073709551615,2.5],"s":"aé\"b","t":true,"f":false,"n":null}"#)
    #expect(root.kind == .object)
    #expect(root.members.map { $0.map { String($0.key) } } == ["o", "a", "s", "t", "f", "n"])
    #expect(root["o"]?["x"]?.int64 == 1)
    #expect(root["a"]?.elements?.count == 4)
    #expect(root["a"]?[1]?.int64 == -2)
    #expect(root["a"]?[1]?.uint64 == nil)
    #expect(root["a"]?[2]?.uint64 == .max)
    #expect(root["a"]?[2]?.int64 == nil)
    #expect(root["a"]?[3]?.double == 2.5)
    #expect(root["a"]?[3]?.int64 == nil)
    #expect(root["a"]?[4] == nil)
    #expect(root["a"]?[-1] == nil)
    #expect(root["s"]?.string == "aé\"b")
    #expect(root["s"]?.text.map { $0 == "aé\"b" } == true)
    #expect(root["t"]?.bool == true)
    #expect(root["f"]?.bool == false)
    #expect(root["n"]?.isNull == true)
    #expect(root["missing"] == nil)
    #expect(root["a"]?["x"] == nil)
    #expect(root["s"]?.elements == nil)
    #expect(root["t"]?.int64 == nil)
    #expect(root.member(named: "t".utf8)?.bool == true)
  }

  @Test("nested containers are stepped over, empty ones end at once")
  func steps() throws {
    let root = try parse(#"{"a":[[],[[1]],{}],"b":{"c":[],"d":{"e":7}},"z":9}"#)
    #expect(root["z"]?.int == 9)
    #expect(root["b"]?["d"]?["e"]?.int == 7)
    #expect(root["a"]?[0]?.elements?.isEmpty == true)
    #expect(root["a"]?[2]?.members?.isEmpty == true)
    #expect(root["a"]?.elements?.map(\.kind) == [.array, .array, .object])
  }

  @Test(
    "what is no document is named",
    arguments: [
      ("", JSONFault.empty), ("   ", .empty), ("{", .syntax), (#"{"a":1"#, .syntax),
      (#"{"a" 1}"#, .syntax), ("[1,]", .syntax), ("tru", .syntax), ("1 2", .syntax),
      ("<html>", .syntax), (#""a"#, .syntax), ("[1e999]", .number), ("[-]", .number),
      ("[123456789012345678901234567890]", .number), ("[01]", .number),
      ("[[[[[[[[[1]]]]]]]]]", .tooDeep), (String(repeating: "1", count: 65), .tooLarge),
    ])
  func faults(text: String, fault: JSONFault) {
    #expect(throws: fault) { try parse(text, JSONLimits(bytes: 64, depth: 8)) }
  }

  @Test("bytes that are not UTF-8 are refused")
  func utf8() {
    var parser = JSONParser()
    #expect(throws: JSONFault.notUTF8) { try parser.parse([0x22, 0xff, 0xfe, 0x22]) }
  }

  @Test("a document outlives its parser's next one, and copies do not share")
  func ownership() throws {
    var parser = JSONParser()
    let first = try parser.parse(Array(#"{"a":"first"}"#.utf8))
    var copy = parser
    let second = try parser.parse(Array(#"{"a":"second"}"#.utf8))
    let third = try copy.parse(Array(#"{"a":"third"}"#.utf8))
    #expect(first.root["a"]?.string == "first")
    #expect(second.root["a"]?.string == "second")
    #expect(third.root["a"]?.string == "third")
    #expect(throws: JSONFault.syntax) { try parser.parse(Array("{".utf8)) }
    #expect(second.root["a"]?.string == "second")
  }

  @Test("a parser grows with its documents up to the limit")
  func growth() throws {
    var parser = JSONParser(limits: JSONLimits(bytes: 1 << 20))
    for count in [1, 100, 5_000, 100_000, 3, 400_000] {
      let text = "[" + Array(repeating: "7", count: count).joined(separator: ",") + "]"
      #expect(try parser.parse(Array(text.utf8)).root.elements?.count == count)
    }
  }

  @Test("decimals are exact or nothing")
  func decimals() throws {
    let root = try parse(#"{"a":"98200.50","b":"0.000000001","c":"x","d":1.5,"e":"","f":"-0.0"}"#)
    #expect(root["a"]?.fixed(Price.self) == "98200.5")
    for key in ["b", "c", "d", "e"] {
      #expect(root.member(named: key.utf8)?.fixed(Price.self) == nil, "\(key)")
    }
    #expect(root["f"]?.fixed(Money.self) == .zero)
  }

  @Test("times are milliseconds within the calendar")
  func times() throws {
    let root = try parse("[1700000000000,-1,9223372036855,99999999999999999]")
    #expect(root[0]?.milliseconds == Instant(milliseconds: 1_700_000_000_000))
    for index in 1...3 { #expect(root[index]?.milliseconds == nil) }
  }

  @Test(
    "an object with two members of one name is no document",
    arguments: [
      #"{"a":1,"b":2,"a":3}"#, #"{"":0,"":0}"#, #"{"a":1,"\u0061":2}"#,
      #"[0,{"x":[{"k":1,"k":1}]}]"#, #"{"a":{"b":[1.5,{}]},"c":-1,"a":null}"#,
    ])
  func duplicates(text: String) {
    #expect(throws: JSONFault.duplicateKey) { try parse(text) }
  }

  @Test("members of one name in different objects are nothing special")
  func sameNameElsewhere() throws {
    let root = try parse(#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}],"A":0,"aa":0,"a ":0}"#)
    #expect(root["a"]?["a"]?["a"]?.int == 1)
  }

  @Test("a wide object is held to it, wherever the second comes", arguments: [31, 32, 33, 5_000])
  func wideDuplicates(count: Int) throws {
    let keys = (0..<count).map { "k\($0)" }
    func text(_ keys: [String]) -> String {
      "{" + keys.map { #""\#($0)":7"# }.joined(separator: ",") + "}"
    }
    #expect(try parse(text(keys)).members?.count == count)
    for place in [0, 1, count / 2, count] {
      #expect(throws: JSONFault.duplicateKey) {
        try parse(text(Array(keys[..<place]) + [keys[count / 3]] + keys[place...]))
      }
    }
  }

  @Test("the writer separates, escapes and keeps the order")
  func writer() throws {
    var writer = JSONWriter()
    writer.object {
      $0.string("type", "a\"\\\n\u{1}é")
      $0.array("list", [1, 2, 3]) { $0.integer($1) }
      $0.object("inner") { $0.null("nothing") }
      $0.array("empty") { _ in }
      $0.array("pairs") { list in
        list.array { $0.bool(true) }
        list.array { $0.decimal("12.50" as Price) }
      }
      $0.decimal("padded", "7" as Price, places: 1)
      $0.name("coin", "BTC" as Symbol)
    }
    #expect(
      writer.text
        == #"{"type":"a\"\\\u000a\u0001é","list":[1,2,3],"inner":{"nothing":null},"empty":[],"#
        + #""pairs":[[true],["12.5"]],"padded":"7.0","coin":"BTC"}"#)
    #expect(try parse(writer.text)["type"]?.string == "a\"\\\n\u{1}é")
  }
}
