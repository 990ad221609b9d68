import Foundation

/// The house: its modules, top row first, and what each may import.
///
/// A new module is a new row. A row may import rows above it, unless barred, and the outside
/// modules that it names; an outside module has one owner, apart from the system's own and
/// libcrypto.
enum House {
  struct Row: Sendable {
    let name: String
    /// Modules from outside the package that it may import.
    var outside: [String] = []
    /// Rows above it that it still knows nothing of.
    var barred: [String] = []
    /// Whether the determinism rules hold in it.
    var isCore = true
  }

  static let rows = [
    Row(name: "Market"),
    Row(name: "Choice", barred: ["Market"]),
    Row(name: "Risk"),
    Row(name: "Strategies"),
    Row(name: "Venues", outside: ["CSimdJSON"]),
    Row(name: "Engine"),
    Row(name: "Store", outside: ["GRDB"] + system, isCore: false),
    Row(name: "Exchange", barred: ["Engine"]),
    Row(name: "Simulation", outside: ["Yams", "CZlib"]),
    Row(name: "Proof", outside: ["CZ3"] + system, isCore: false),
    Row(
      name: "Live",
      outside: [
        "CCrypto", "CCurl", "CSecp256k1", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL",
        "NIOWebSocket",
        "Hummingbird", "Logging", "Metrics",
      ] + system,
      isCore: false),
    Row(name: "Report", outside: ["CCrypto"] + system, isCore: false),
    Row(name: "assay", outside: ["ArgumentParser"] + system, isCore: false),
  ]

  /// Modules of the toolchain and the C library, for rows that are not core.
  static let system = ["Foundation", "FoundationEssentials", "Glibc", "Synchronization"]

  /// Folders of `Sources` that hold C, not Swift.
  static let foreign = ["CSimdJSON", "CZlib", "CZ3", "CCurl", "CSecp256k1", "CCrypto"]

  /// Everything at the top level beside dot-files.
  static let topLevel: Set<String> = [
    "Package.swift", "Sources", "Tests", "Scenarios", "Fixtures", "Proofs", "config", "README.md",
    // Written by the package manager and by live runs, ignored by git.
    "Package.resolved", "data",
  ]

  static var core: [String] { rows.filter(\.isCore).map(\.name) }

  /// The modules of this package that the row at `index` of `rows` may import.
  static func reachable(from index: Int, in rows: [Row] = rows) -> Set<String> {
    Set(rows[..<index].map(\.name)).subtracting(rows[index].barred)
  }
}

/// A breach of a rule of the house.
struct Finding: Hashable, CustomStringConvertible {
  let path: String
  let line: Int
  let rule: String
  let message: String

  var description: String { "\(path):\(line): [\(rule)] \(message)" }
}
