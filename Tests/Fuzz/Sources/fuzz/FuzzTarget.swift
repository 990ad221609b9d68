import Glibc

/// Something that takes any bytes and must keep its promises.
protocol FuzzTarget: Sendable {
  /// The name on the command line, and the folder of its corpus.
  static var name: String { get }
  /// Whether its inputs are commands, one a line: see ``Script``.
  static var isScript: Bool { get }
  /// Takes the bytes; ``finding(_:)`` says which promise was broken.
  ///
  /// Where `isPlanted`, a flawed double stands in the place of what is tested: a target that then
  /// finds nothing proves nothing either.
  static func run(_ input: [UInt8], isPlanted: Bool)
  /// Prints a script of what it hears of a true counterpart in some seconds, where it has one.
  static func record(seconds: Int)
}

extension FuzzTarget {
  static func record(seconds: Int) {}
}

/// Says what is wrong and ends the process; libFuzzer keeps the input.
func finding(_ message: @autoclosure () -> String) -> Never {
  let line = Array("finding: \(message())\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
  abort()
}

/// Demands what was promised.
@inline(__always)
func expect(_ isKept: Bool, _ message: @autoclosure () -> String) {
  if !isKept { finding(message()) }
}
