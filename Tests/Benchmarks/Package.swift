// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses Assay builds it:
//   swift run -c release --package-path Tests/Benchmarks benchmarks
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "Assay", path: "../..")],
  targets: [
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        "Market", "Risk", "Strategies", "Venues", "Engine", "Exchange", "Simulation", "Live",
      ].map { .product(name: $0, package: "Assay") })
  ],
  swiftLanguageModes: [.v6]
)
