import Glibc

/// Hands one target to libFuzzer.
///
///     fuzz --target=NAME [--planted] [libFuzzer's arguments]
///     fuzz --target=NAME --record=SECONDS >FILE
///
/// The second form writes what the target would hear of a true counterpart, as a seed.
/// `Tests/Fuzz/run` calls it with limits and corpora.
@main
enum Fuzz {
  static let targets: [any FuzzTarget.Type] = [
    JSONTarget.self, HyperliquidClientTarget.self, HyperliquidVenueTarget.self,
    SigningTarget.self, BinanceClientTarget.self, BinanceVenueTarget.self,
    CoinbaseClientTarget.self, CoinbaseVenueTarget.self, DeribitClientTarget.self,
    DeribitVenueTarget.self,
  ]

  nonisolated(unsafe) private(set) static var target: any FuzzTarget.Type = JSONTarget.self
  /// Whether the target runs with its planted bug, which it must find.
  nonisolated(unsafe) private(set) static var isPlanted = false

  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    isPlanted = arguments.contains("--planted")
    let name = arguments.last { $0.hasPrefix("--target=") }?.dropFirst("--target=".count)
    guard let chosen = targets.first(where: { $0.name == name ?? "" }) else {
      print("--target=NAME names one of: \(targets.map { $0.name }.joined(separator: ", "))")
      exit(64)
    }
    target = chosen
    if let seconds = arguments.last(where: { $0.hasPrefix("--record=") }).flatMap({
      Int($0.dropFirst("--record=".count))
    }) {
      chosen.record(seconds: seconds)
      exit(0)
    }
    // libFuzzer passes over arguments with two dashes.
    var count = CommandLine.argc
    var pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(runDriver(&count, &pointer) { data, count in Fuzz.runOnce(data, count) })
  }

  /// Runs the target on one input.
  private static func runOnce(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.run(Array(UnsafeBufferPointer(start: data, count: count)), isPlanted: isPlanted)
    return 0
  }
}

/// How libFuzzer changes inputs of this program; see ``Mutation``.
@_cdecl("LLVMFuzzerCustomMutator")
func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int, _ seed: UInt32) -> Int {
  let input = Array(UnsafeBufferPointer(start: data, count: count))
  var mutation = Mutation(seed: seed, most: most, isScript: Fuzz.target.isScript)
  guard let output = mutation.apply(to: input) else { return mutatePlainly(data, count, most) }
  data.update(from: output, count: output.count)
  return output.count
}

/// libFuzzer's own changes, those by dictionary among them.
@_silgen_name("LLVMFuzzerMutate")
private func mutatePlainly(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int) -> Int

/// libFuzzer's way in for programs with a `main` of their own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
