// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses Assay builds it. `Tests/Fuzz/run` says how.
//
// The folders of `Sources` beside `fuzz` are links to the modules of the same name: every line of
// them is compiled with coverage and the address sanitizer, which no manifest can ask of a
// dependency, and none of Assay's packages is fetched.
let sanitizers = ["-sanitize=fuzzer,address"]

let package = Package(
  name: "Fuzz",
  targets: [
    .target(
      name: "CSimdJSON",
      cxxSettings: [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])],
      linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "Market"),
    .target(name: "Choice"),
    .target(name: "Risk", dependencies: ["Market", "Choice"]),
    .target(name: "Venues", dependencies: ["CSimdJSON", "Market", "Risk"]),
    .target(name: "Exchange", dependencies: ["Market", "Choice", "Risk", "Venues"]),
    .executableTarget(
      name: "fuzz", dependencies: ["Market", "Choice", "Risk", "Venues", "Exchange"],
      linkerSettings: [.unsafeFlags(sanitizers + ["-use-ld=lld"])]),
  ],
  swiftLanguageModes: [.v6], cxxLanguageStandard: .cxx17
)
for target in package.targets where target.name != "CSimdJSON" {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"), .treatAllWarnings(as: .error),
    // The targets look at queues and books that no client sees.
    .unsafeFlags(sanitizers + ["-parse-as-library", "-enable-testing"]),
  ]
}
