import Testing

/// Each rule of the house against a planted breach and a planted innocent.
@Suite("The rules of the house")
struct HouseRuleTests {
  private func file(_ path: String, _ text: String) -> SourceFile {
    SourceFile(path: path, text: text)
  }

  @Test(
    "A determinism rule finds what is planted, and nothing in clean code",
    arguments: Determinism.rules)
  func determinism(rule: DeterminismRule) {
    #expect(!rule.caught.isEmpty && !rule.passed.isEmpty)
    for text in rule.caught {
      #expect(!rule.find(SourceCode(text)).isEmpty, "missed: \(text)")
    }
    for text in rule.passed {
      #expect(rule.find(SourceCode(text)).isEmpty, "wrongly found: \(text)")
    }
  }

  @Test(
    "Walking through a hash collection is found",
    arguments: [
      "let d: [Int: Int] = [:]\nfor x in d {}",
      "var d: [Int: [Int: Int]]\nfor (k, v) in self.d where k > 0 {}",
      "var d = [Int: Int]()\nfor k in d.keys {}",
      "var s: Set<Int> = []\nfor x in book.s {}",
      "let s = Set([1, 2])\nlet a = Array(s)",
      "var d: [Int: Int]?\nlet a = d?.map { $0 }",
      "func f(_ d: [Int: Int]) -> [Int] { d.values.sorted() }",
      "let d: Dictionary<Int, Int>\nd.values.reduce(0, +)",
      "let d: [Int: Int]\nlet x = d.first { $0.value > 1 }",
      "let d: [Int: Int]\nlist.append(contentsOf: d.keys)",
      "let s: Set<Int>\nlist.append(contentsOf: s)",
      "let s: Set<Int>\nlet worst = s.max(by: { $0.a < $1.a })",
      "let d: [Int: Int]\nd.values.max { $0 < $1 }",
      "typealias Book = [Int: Int]\nlet d: Book\nd.forEach { _ in }",
      "func f(_ d: inout [Int: Int]) { for x in d {} }",
      "let d: [(Int, Int): Int]\nd.keys.map { $0 }",
      "let d = [1: 2]\nlet text = d.description",
      "for x in Set(list) {}", "let a = Set<Int>(list).map { $0 }", "let a = Array(Set(list))",
      "let d = Dictionary(grouping: list) { $0 }\nfor x in d {}",
      "let s = Set(a).union(b)\nfor x in s {}",
      "for x in Dictionary(grouping: list) { $0.a }.values {}",
      "let d = [1: 2]\nlet text = \"\\(d.keys.map { $0 })\"",
    ])
  func hashOrderIsFound(text: String) {
    #expect(!HashOrder([file("Sources/Engine/A.swift", text)]).findings().isEmpty)
  }

  @Test(
    "Looking up in a hash collection, and walking through anything else, is not",
    arguments: [
      "let d: [Int: Int] = [:]\nlet x = d[3]",
      "let d: [Int: Int]\nfor k in d.keys.sorted() {}",
      "let d: [Int: Int]\nif d.keys.contains(3), d.isEmpty, d.count > 1 {}",
      "let d: [Int: Int]\nlet e = d.mapValues { $0 }.filter { $0.value > 1 }",
      "let s: Set<Int>\nfor x in s.sorted() {}",
      "let s: Set<Int>\nlet t = s.union([1]); s.insert(3); let m = s.max()",
      "let d: [Int: Int]\nlet n = d.values.allSatisfy { $0 > 1 }",
      "let d: [Int: Int]\nlet s = Set(d.keys)",
      "let list: [Int]\nfor x in list {}\nlist.map { $0 }",
      "let pair = [a ? b : c]\nfor x in pair {}",
      "let lists: [[Int: Int]]\nfor list in lists {}",
      "let ordered: OrderedSet<Int>\nfor x in ordered {}",
      "let index: Set<Int>.Index\nindex.map { $0 }",
      "// for x in d {}\nlet d: [Int: Int]",
      "let list = Set(a).sorted()\nfor x in list {}", "for x in Set(a).sorted() {}",
      "let n = Set(list).count", "let a = Array(Set(list)).sorted()",
      "let s = Set(list)\nif s.contains(3) {}",
    ])
  func hashOrderPasses(text: String) {
    #expect(HashOrder([file("Sources/Engine/A.swift", text)]).findings().isEmpty)
  }

  @Test("A hash collection declared in another file of the module is known")
  func hashOrderAcrossFiles() {
    let declared = file("Sources/Engine/A.swift", "struct A { var open: [Int: Int] }")
    let used = file("Sources/Engine/B.swift", "extension A { func f() { for x in open {} } }")
    #expect(HashOrder([declared, used]).findings().map(\.path) == [used.path])
    // A name that something else in the module bears too is left alone outside its own file.
    let other = file("Sources/Engine/C.swift", "let open: [Int]")
    #expect(HashOrder([declared, used, other]).findings().isEmpty)
  }

  @Test(
    "Imports against the arrows are found",
    arguments: [
      ("Market", "import Foundation"), ("Choice", "import Market"), ("Risk", "import Strategies"),
      ("Strategies", "public import Engine"), ("Venues", "import GRDB"), ("Engine", "import Store"),
      ("Exchange", "import Engine"), ("Simulation", "import struct Foundation.Data"),
      ("Store", "import Yams"), ("Unheard", "import Market"), ("Engine", "import Glibc"),
      ("Simulation", "@testable import Live"), ("Market", "import Market"),
    ])
  func importsAreFound(module: String, text: String) {
    #expect(Imports.findings(in: file("Sources/\(module)/A.swift", text)).count == 1)
  }

  @Test(
    "Imports along the arrows pass",
    arguments: [
      ("Risk", "public import Market\nimport Choice"), ("Engine", "import Venues"),
      ("Store", "import Foundation\nimport GRDB"), ("Simulation", "import Yams\nimport CZlib"),
      ("Market", "// import Foundation\nlet text = \"import Foundation\""),
      ("assay", "import ArgumentParser\nimport Simulation"), ("Exchange", "import Venues"),
    ])
  func importsPass(module: String, text: String) {
    #expect(Imports.findings(in: file("Sources/\(module)/A.swift", text)).isEmpty)
  }

  @Test("Sizes are counted as a reader would")
  func tidy() {
    func rules(_ path: String, _ text: String) -> [String] {
      Tidy.findings(in: file(path, text)).map(\.rule)
    }
    let line = String(repeating: "a", count: 100)
    #expect(rules("Sources/A/A.swift", line).isEmpty)
    #expect(rules("Sources/A/A.swift", line + "a") == ["columns"])
    #expect(rules("Sources/A/A.swift", String(repeating: "é", count: 100)).isEmpty)
    let many = String(repeating: "\n", count: 400)
    #expect(rules("Sources/A/A.swift", many).isEmpty)
    #expect(rules("Sources/A/A.swift", many + "\n") == ["lines"])
    #expect(rules("Tests/A/A.swift", many + many.dropLast(200)).isEmpty)
    #expect(rules("Tests/A/A.swift", many + many.dropLast(199)) == ["lines"])
    for head in ["func f() {", "init(a: Int) {", "var x: Int {", "subscript(i: Int) -> Int {"] {
      let body = String(repeating: "  a()\n", count: 68)
      #expect(rules("Sources/A/A.swift", head + "\n" + body + "}").isEmpty, "\(head)")
      #expect(rules("Sources/A/A.swift", head + "\n" + body + "\n}") == ["function"], "\(head)")
    }
  }

  @Test("Functions are found where they are, and requirements have no body")
  func functions() {
    let text = """
      protocol P { func f() -> Int; init(a: Int); var x: Int { get } }
      struct S {
        let text = "func g() {"
        var stored = { 1 }
        func `default`(a: () -> Void = {}) -> [Int: Int] where Int: Equatable {
          .init(a)
        }
        init?(b: Int) { self.init(a: b) }
        static func == (a: S, b: S) -> Bool { true }
      }
      """
    let functions = Tidy.functions(of: SourceCode(text))
    #expect(functions.map(\.lines).max() == 3)
    #expect(functions.count == 4, "\(functions)")
  }

  @Test("Comments, strings and interpolations are told apart")
  func lexing() {
    let text = ##"""
      a /* b /* c */ d */ e // f
      "g \(h + "i \(j)") k" l
      #"m \(n) \#(o)"# p
      """
      q " \(r)
      """ s 1.5 t...u v.w
      """##
    let code = SourceCode(text)
    let words = code.tokens.filter(\.isWord).map(\.text)
    #expect(words == ["a", "e", "h", "j", "l", "o", "p", "r", "s", "t", "u", "v", "w"])
    #expect(code.tokens.first { $0.text == "s" }?.line == 6)
    for damaged in ["\"", "\"\"\"", "/*", "\"\\(", "#\"", "(((", "\\", ""] {
      _ = SourceCode(damaged)
    }
  }

  @Test("The manifest is read as it is written")
  func manifest() {
    let manifest = Manifest(
      """
      .target(name: "A", dependencies: ["B", .product(name: "C", package: "D.swift"), "E"]),
      .testTarget(name: "F"), .systemLibrary(name: "G", providers: [.apt(["h"])]),
      """)
    #expect(manifest.targets.map(\.name) == ["A", "G", "F"])
    #expect(Set(manifest.targets[0].dependencies) == ["B", "E", "C"])
    #expect(manifest.targets[1].dependencies.isEmpty)
  }

  @Test("An exception excuses its own finding, and is missed when it excuses none")
  func exceptions() {
    let list = Exceptions("# remark\n\nA.swift | lines | one table\nB.swift|columns|a hash\n")
    let finding = Finding(path: "A.swift", line: 1, rule: "lines", message: "")
    let other = Finding(path: "A.swift", line: 1, rule: "columns", message: "")
    #expect(list.problems.isEmpty)
    #expect(list.unexcused([finding, other]) == [other])
    #expect(list.unused([finding, other]) { _ in true }.map(\.path) == ["B.swift"])
    #expect(list.unused([finding]) { $0 == "lines" }.isEmpty)
    #expect(Exceptions("A.swift | lines |").problems.count == 1)
    #expect(Exceptions("A.swift | lines").problems.count == 1)
    #expect(Exceptions("A | lines | x\nA | lines | y").problems.count == 1)
  }
}
