// swift-tools-version: 6.2
import PackageDescription

// Somebody else's package: a strategy of its own, through Assay's simulator, oracles and report.
//   swift run --package-path Tests/Example example Fixtures/candles/*.csv.gz
let package = Package(
  name: "Example",
  dependencies: [.package(name: "Assay", path: "../..")],
  targets: [
    .executableTarget(
      name: "example",
      dependencies: ["Market", "Risk", "Strategies", "Engine", "Simulation", "Report"].map {
        .product(name: $0, package: "Assay")
      })
  ],
  swiftLanguageModes: [.v6]
)
