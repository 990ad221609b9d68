import Foundation
import Testing

/// What the compiled core asks of the outside.
@Suite("Object symbols")
struct ObjectSymbolTests {
  private static func objects(of module: String) -> [URL] {
    let folder = module.hasSuffix("Tests") ? "Tests/\(module)" : "Sources/\(module)"
    let sources = (try? SourceTree.files(below: folder, suffixes: [".swift"])) ?? []
    return ObjectSymbols.objects(of: module, sources: sources)
  }

  private static let hasCore = !objects(of: "Market").isEmpty

  @Test(
    "No core module asks for a clock, randomness, tasks, Foundation or libm",
    .enabled(if: hasCore, "no object files of the core modules beside this test binary"))
  func core() throws {
    let exceptions = Exceptions(try SourceTree.text(of: Exceptions.path))
    var findings: [Finding] = []
    for module in House.core {
      let objects = Self.objects(of: module)
      guard !objects.isEmpty else { continue }
      let symbols = try ObjectSymbols.undefined(in: objects)
      #expect(symbols.contains { $0.hasPrefix("$sS") || $0.hasPrefix("swift_") }, "\(module)")
      for symbol in symbols.sorted() {
        guard let reason = ObjectSymbols.fault(in: symbol) else { continue }
        findings.append(
          Finding(
            path: "Sources/\(module)", line: 1, rule: ObjectSymbols.rule,
            message: "asks for \(reason): \(ObjectSymbols.demangled(symbol))"))
      }
    }
    let left = exceptions.unexcused(findings)
    #expect(left.isEmpty, "\(left.map(\.description).joined(separator: "\n"))")
    let unused = exceptions.unused(findings) { $0 == ObjectSymbols.rule }
    #expect(unused.isEmpty, "no longer needed: \(unused)")
  }

  /// These tests use Foundation themselves: the whole way from object file to finding is shown to
  /// find it.
  @Test(
    "This test's own objects are found to ask for Foundation",
    .enabled(if: !objects(of: "HouseTests").isEmpty, "no object files beside this test binary"))
  func own() throws {
    let symbols = try ObjectSymbols.undefined(in: Self.objects(of: "HouseTests"))
    #expect(symbols.contains { ObjectSymbols.fault(in: $0) == "Foundation" })
  }

  @Test(
    "Symbols that leave the core are found",
    arguments: [
      "swift_task_create", "swift_task_switch", "clock_gettime", "gettimeofday",
      "swift_stdlib_random", "getentropy", "arc4random_buf", "exp", "logf", "pow", "sin", "cosl",
      "localtime_r", "setlocale", "pthread_create", "dispatch_async", "getenv",
      // Foundation.Date.init() and FoundationEssentials.Date.init()
      "$s10Foundation4DateVACycfC", "$s20FoundationEssentials4DateVACycfC",
      "$ss15ContinuousClockV3nowAB7InstantVvg", "$ss27SystemRandomNumberGeneratorVABycfC",
    ])
  func caught(symbol: String) { #expect(ObjectSymbols.fault(in: symbol) != nil) }

  @Test(
    "Symbols that every machine answers alike are not",
    arguments: [
      "sqrt", "round", "floor", "fma", "memcpy", "swift_retain", "swift_allocObject", "malloc",
      "$sSS9hasPrefixySbSSF", "$ss6HasherV8_combineyySuF", "$s6Market3expyS2dF", "gzread", "rint",
    ])
  func passed(symbol: String) { #expect(ObjectSymbols.fault(in: symbol) == nil) }

  @Test(
    "A line of nm is a symbol, a definition or a heading",
    arguments: [
      ("                 U clock_gettime", "clock_gettime"),
      ("                 U exp@GLIBC_2.29", "exp"), ("                 w time", "time"),
      ("0000000000000000 T $s6Market", nil), ("Fixed.swift.o:", nil), ("", nil),
    ] as [(String, String?)])
  func lines(line: String, symbol: String?) {
    #expect(ObjectSymbols.symbol(in: Substring(line)) == symbol)
  }

  @Test("Names are demangled where there is a reader for them")
  func demangling() {
    #expect(ObjectSymbols.demangled("clock_gettime") == "clock_gettime")
    #expect(ObjectSymbols.demangled("$sSS9hasPrefixySbSSF").contains("hasPrefix"))
  }
}
