import Foundation

/// Prints one row of DESIGN.md section 8 a benchmark: what is asked, what was measured, met or not.
///
/// A plain program, not a harness of iterations: most rows are whole runs, and what is compared
/// with the target is processor time, which neighbours on the machine disturb least. Every row runs
/// in a process of its own, so that its memory is its own too.
///
///     swift run -c release --package-path Tests/Benchmarks benchmarks [ROW…]
@main
enum Benchmarks {
  static let all: [any Benchmark.Type] = [
    GateBenchmark.self, GateRatioBenchmark.self, FrameBenchmark.self, DecodeCandle.self,
    DecodeTrades.self, DecodeBook.self, DecodeMids.self, DecodeFills.self, DecodeKline.self,
    HyperliquidRate.self, BinanceRate.self, DeribitRate.self, WireMemoryBenchmark.self,
    SignBenchmark.self, ReplayBenchmark.self,
    EventCostBenchmark.self, TenStrategiesBenchmark.self, TenCostBenchmark.self,
    TenMemoryBenchmark.self, QuietWorldBenchmark.self, FourVenuesBenchmark.self,
    BusyWorldBenchmark.self,
    MemoryBenchmark.self, ServerBenchmark.self, LiveStartBenchmark.self,
  ]

  static func main() {
    #if DEBUG
      print("a debug build says nothing about speed: build with -c release")
      exit(64)
    #else
      let arguments = CommandLine.arguments.dropFirst()
      if arguments.first == "--row", let name = arguments.dropFirst().first {
        exit(measure(name))
      }
      let unknown = arguments.filter { name in !all.contains { $0.name == name } }
      guard unknown.isEmpty else {
        print("no such row: \(unknown.joined(separator: ", "))")
        print("rows: \(all.map { $0.name }.joined(separator: ", "))")
        exit(64)
      }
      print(Row.heading)
      // The rows come from other processes: what is buffered here must stand before them.
      fflush(nil)
      var isWhole = true
      for benchmark in all where arguments.isEmpty || arguments.contains(benchmark.name) {
        isWhole = run(benchmark.name) && isWhole
      }
      exit(isWhole ? 0 : 70)
    #endif
  }

  /// Measures one row in this process and prints it.
  private static func measure(_ name: String) -> CInt {
    guard let benchmark = all.first(where: { $0.name == name }) else { return 64 }
    do {
      print(try benchmark.measure().text(name: name, target: benchmark.target))
      return 0
    } catch {
      print("\(name): \(error)")
      return 70
    }
  }

  /// Runs one row in a process of its own.
  private static func run(_ name: String) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["--row", name]
    do {
      try process.run()
    } catch {
      print("\(name): \(error)")
      return false
    }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

/// One row of the table.
protocol Benchmark: Sendable {
  /// The name on the command line.
  static var name: String { get }
  /// What DESIGN.md asks for.
  static var target: String { get }
  /// Measures it.
  static func measure() throws -> Row
}

/// What a benchmark came to.
struct Row {
  /// The figure with its unit.
  let measured: String
  /// Whether the target is met.
  let isMet: Bool
  /// What else a reader needs.
  var note = ""

  static let heading = line("row", "target", "measured", "", "")

  func text(name: String, target: String) -> String {
    Self.line(name, target, measured, isMet ? "met" : "NOT MET", note)
  }

  private static func line(
    _ name: String, _ target: String, _ measured: String, _ verdict: String, _ note: String
  ) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    let line =
      padded(name, 16) + padded(target, 24) + padded(measured, 26) + padded(verdict, 9) + note
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
