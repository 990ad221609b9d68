import Foundation
import Testing

/// The source tree held to the rules of the house, and each rule to a planted breach.
@Suite("The house")
struct HouseTests {
  private static let exceptions: Exceptions = {
    Exceptions((try? SourceTree.text(of: Exceptions.path)) ?? "no list")
  }()

  /// Every finding of the rules that read source, before exceptions.
  private static let findings: Result<[Finding], any Error> = Result {
    let sources = try SourceTree.files(below: "Sources", suffixes: [".swift", ".cpp", ".h"])
    let tests = try SourceTree.files(below: "Tests", suffixes: [".swift"])
    let swift = sources.filter { $0.path.hasSuffix(".swift") }
    let core = swift.filter { House.core.contains($0.module ?? "") }
    let modules = House.core.map { name in core.filter { $0.module == name } }
    return swift.flatMap { Imports.findings(in: $0) }
      + (sources + tests).flatMap { Tidy.findings(in: $0) }
      + core.flatMap { Determinism.findings(in: $0) }
      + modules.flatMap { HashOrder($0).findings() }
  }

  private func expectNone(_ rules: Set<String>) throws {
    let all = try Self.findings.get().filter { rules.contains($0.rule) }
    let left = Self.exceptions.unexcused(all)
    #expect(
      left.isEmpty, "\(left.count) findings:\n\(left.map(\.description).joined(separator: "\n"))")
  }

  @Test("Every import is allowed by the table of modules")
  func imports() throws { try expectNone(["import"]) }

  @Test("Files, functions and lines keep their size")
  func tidy() throws { try expectNone(["lines", "function", "columns"]) }

  @Test("No source of the core modules breaks a determinism rule", arguments: Determinism.rules)
  func determinism(rule: DeterminismRule) throws { try expectNone([rule.id]) }

  @Test("No order of a hash collection can be seen in the core modules")
  func hashOrder() throws { try expectNone([HashOrder.rule]) }

  @Test("The list of exceptions is sound, and each is still needed")
  func exceptionsAreUsed() throws {
    #expect(Self.exceptions.problems.isEmpty, "\(Self.exceptions.problems)")
    let unused = Self.exceptions.unused(try Self.findings.get()) { $0 != ObjectSymbols.rule }
    #expect(unused.isEmpty, "no longer needed: \(unused)")
  }

  @Test("There is something to read: the tree was found")
  func treeIsFound() throws {
    let sources = try SourceTree.files(below: "Sources", suffixes: [".swift"])
    #expect(sources.contains { $0.path == "Sources/Market/Fixed.swift" })
    #expect(sources.count > 20)
    #expect(sources.map(\.path) == sources.map(\.path).sorted())
  }

  @Test("Every folder of Sources is a row of the table or a C module")
  func modules() {
    let known = Set(House.rows.map(\.name) + House.foreign)
    let unknown = SourceTree.names(in: "Sources").filter { !known.contains($0) }
    #expect(unknown.isEmpty, "\(unknown)")
    #expect(Set(House.rows.map(\.name)).count == House.rows.count)
  }

  @Test("The manifest's dependencies agree with the table, and cover the imports")
  func manifest() throws {
    let manifest = Manifest(try SourceTree.text(of: "Package.swift"))
    #expect(manifest.targets.count > 10)
    let sources = try SourceTree.files(below: "Sources", suffixes: [".swift"])
    for target in manifest.targets where target.kind != "testTarget" {
      if House.foreign.contains(target.name) {
        #expect(target.dependencies.isEmpty)
        continue
      }
      let index = try #require(
        House.rows.firstIndex { $0.name == target.name }, "`\(target.name)` is no row")
      let packages: Set = ["GRDB", "Yams", "ArgumentParser"]
      let allowed = House.reachable(from: index).union(House.rows[index].outside).union(packages)
        .subtracting(packages.subtracting(House.rows[index].outside))
      let declared = Set(target.dependencies)
      #expect(declared.isSubset(of: allowed), "\(target.name): \(declared.subtracting(allowed))")
      let imported = sources.filter { $0.module == target.name }
        .flatMap { Imports.modules(of: SourceCode($0.text)).map(\.name) }
      let missing = Set(imported).subtracting(House.system).subtracting(declared)
      #expect(missing.isEmpty, "\(target.name) imports \(missing) without declaring it")
    }
  }

  @Test("The top level holds what the design names, and a README")
  func topLevel() {
    let names = SourceTree.names(in: "")
    let surplus = names.filter { !House.topLevel.contains($0) }
    #expect(surplus.isEmpty, "\(surplus)")
    for needed in ["Package.swift", "Sources", "Tests", "config", "README.md"] {
      #expect(names.contains(needed), "\(needed) is missing")
    }
  }
}
