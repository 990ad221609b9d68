// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Assay",
  products: [
    .executable(name: "assay", targets: ["assay"]),
    .library(name: "Market", targets: ["Market"]),
    .library(name: "Choice", targets: ["Choice"]),
    .library(name: "Risk", targets: ["Risk"]),
    .library(name: "Strategies", targets: ["Strategies"]),
    .library(name: "Venues", targets: ["Venues"]),
    .library(name: "Engine", targets: ["Engine"]),
    .library(name: "Store", targets: ["Store"]),
    .library(name: "Exchange", targets: ["Exchange"]),
    .library(name: "Simulation", targets: ["Simulation"]),
    .library(name: "Proof", targets: ["Proof"]),
    .library(name: "Live", targets: ["Live"]),
    .library(name: "Report", targets: ["Report"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The rows of the house, top first: a target may name only targets above it. `Tests/House`
    // holds the imports to the same table.
    .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CSecp256k1", pkgConfig: "libsecp256k1", providers: [.apt(["libsecp256k1-dev"])]),
    .systemLibrary(name: "CZ3", pkgConfig: "z3", providers: [.apt(["libz3-dev"])]),
    .target(name: "Market"),
    .target(name: "Choice"),
    .target(name: "Risk", dependencies: ["Market", "Choice"]),
    .target(name: "Strategies", dependencies: ["Market", "Risk"]),
    .target(name: "Venues", dependencies: ["CSimdJSON", "Market", "Risk"]),
    .target(name: "Engine", dependencies: ["Market", "Risk", "Strategies", "Venues"]),
    .target(
      name: "Store",
      dependencies: [
        "Market", "Risk", "Strategies", "Venues", "Engine",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(name: "Exchange", dependencies: ["Market", "Choice", "Risk", "Venues"]),
    .target(
      name: "Simulation",
      dependencies: [
        "CZlib", "Market", "Choice", "Risk", "Strategies", "Venues", "Engine", "Store", "Exchange",
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(name: "Proof", dependencies: ["CZ3", "Market", "Choice", "Risk"]),
    .target(
      name: "Live",
      dependencies: [
        "CCrypto", "CCurl", "CSecp256k1", "Market", "Choice", "Risk", "Strategies", "Venues",
        "Engine",
        "Store", "Exchange", "Simulation",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .target(
      name: "Report",
      dependencies: [
        "CCrypto", "Market", "Risk", "Strategies", "Venues", "Engine", "Store", "Simulation",
        "Proof",
      ]),
    .executableTarget(
      name: "assay",
      dependencies: [
        "Market", "Choice", "Risk", "Strategies", "Venues", "Engine", "Store", "Exchange",
        "Simulation", "Proof", "Live", "Report",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "MarketTests", dependencies: ["Market"]),
    .testTarget(name: "ChoiceTests", dependencies: ["Choice"]),
    .testTarget(name: "RiskTests", dependencies: ["Market", "Choice", "Risk"]),
    .testTarget(
      name: "StrategiesTests", dependencies: ["Market", "Choice", "Risk", "Strategies"]),
    .testTarget(
      name: "VenuesTests",
      dependencies: ["Market", "Choice", "Risk", "Venues", "Exchange", "CZlib"]),
    .testTarget(
      name: "EngineTests", dependencies: ["Market", "Risk", "Strategies", "Venues", "Engine"]),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Market", "Choice", "Risk", "Strategies", "Venues", "Engine", "Store",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "ExchangeTests", dependencies: ["Market", "Choice", "Risk", "Venues", "Exchange"]),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "Market", "Choice", "Risk", "Strategies", "Venues", "Engine", "Store", "Exchange",
        "Simulation",
      ]),
    .testTarget(name: "ProofTests", dependencies: ["Market", "Choice", "Risk", "Proof"]),
    .testTarget(
      name: "LiveTests",
      dependencies: [
        "Market", "Choice", "Risk", "Strategies", "Venues", "Engine", "Store", "Exchange",
        "Simulation", "Live",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "Market", "Risk", "Strategies", "Venues", "Engine", "Store", "Simulation", "Report",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(name: "HouseTests", exclude: ["exceptions.txt"]),
    .testTarget(name: "AssayTests", dependencies: [.product(name: "GRDB", package: "GRDB.swift")]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

// One place decides how every Swift target is compiled.
for target in package.targets where [.regular, .executable, .test].contains(target.type) {
  guard target.name != "CSimdJSON" else { continue }
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .treatAllWarnings(as: .error),
    ]
}
