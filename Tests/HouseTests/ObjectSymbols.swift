import Foundation

/// What the object files of the core modules ask of the outside: calls that leave no word in the
/// source still leave a symbol.
enum ObjectSymbols {
  static let rule = "symbol"

  /// Why a symbol may not be asked for, or nil where it may.
  static func fault(in symbol: String) -> String? {
    if let reason = exact[symbol] { return reason }
    return prefixes.first { symbol.hasPrefix($0.prefix) }?.reason
  }

  private static let prefixes: [(prefix: String, reason: String)] = [
    ("swift_task_", "concurrency"), ("swift_asyncLet_", "concurrency"),
    ("swift_continuation_", "concurrency"), ("swift_taskGroup_", "concurrency"),
    ("dispatch_", "concurrency"), ("pthread_create", "concurrency"),
    ("$sScT", "concurrency"), ("$sScA", "concurrency"), ("$sScG", "concurrency"),
    ("$ss15ContinuousClock", "a clock"), ("$ss15SuspendingClock", "a clock"),
    ("$ss27SystemRandomNumberGenerator", "randomness"),
    ("$s10Foundation", "Foundation"), ("$s20FoundationEssentials", "Foundation"),
    ("$s8Dispatch", "concurrency"),
  ]

  private static let exact: [String: String] = {
    var table: [String: String] = [:]
    let clocks = [
      "clock_gettime", "gettimeofday", "time", "clock", "times", "nanosleep", "usleep", "sleep",
      "localtime", "localtime_r", "mktime", "strftime", "tzset",
    ]
    for name in clocks { table[name] = "a clock" }
    let randomness = [
      "swift_stdlib_random", "getentropy", "getrandom", "arc4random", "arc4random_buf",
      "arc4random_uniform", "rand", "random", "srand", "drand48",
    ]
    for name in randomness { table[name] = "randomness" }
    for name in ["setlocale", "newlocale", "getenv", "secure_getenv", "gethostname", "getpid"] {
      table[name] = "the environment"
    }
    // `sqrt`, `floor`, `ceil`, `trunc`, `round`, `rint`, `fmod` and `fma` are exact everywhere.
    let functions = [
      "exp", "exp2", "exp10", "expm1", "log", "log2", "log10", "log1p", "pow", "sin", "cos", "tan",
      "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf",
      "erfc", "tgamma", "lgamma", "cbrt", "hypot", "sincos",
    ]
    for name in functions {
      for suffix in ["", "f", "l"] { table[name + suffix] = "the C library's mathematics" }
    }
    return table
  }()

  /// The folder of the build that this test binary belongs to.
  static let buildFolder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  /// The object files of `module`, those of a folder of `Sources`, that have a source today.
  static func objects(of module: String, sources: [SourceFile]) -> [URL] {
    let folder = buildFolder.appendingPathComponent("\(module).build")
    let names = Set(sources.map { URL(fileURLWithPath: $0.path).lastPathComponent + ".o" })
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (found?.allObjects as? [URL] ?? [])
      .filter { names.contains($0.lastPathComponent) || $0.lastPathComponent == "\(module).o" }
      .sorted { $0.path < $1.path }
  }

  /// The undefined symbols of `objects`.
  static func undefined(in objects: [URL]) throws -> Set<String> {
    let listing = try run(["nm", "--undefined-only", "--no-sort"] + objects.map(\.path))
    return Set(listing.split(separator: "\n").compactMap { symbol(in: $0) })
  }

  /// The symbol of a line of `nm`, without a version; nil for a file's heading.
  static func symbol(in line: Substring) -> String? {
    let parts = line.split(separator: " ")
    guard parts.count == 2, ["U", "w", "v"].contains(parts[0]) else { return nil }
    return parts[1].split(separator: "@").first.map(String.init)
  }

  static func demangled(_ symbol: String) -> String {
    guard symbol.hasPrefix("$s") else { return symbol }
    let text = try? run(["swift", "demangle", "--compact", symbol])
    return text?.split(separator: "\n").first.map(String.init) ?? symbol
  }

  /// Runs a tool found by PATH and returns what it printed.
  private static func run(_ command: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
