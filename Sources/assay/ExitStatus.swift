import ArgumentParser

/// How every command ends; scripts and CI read these numbers.
enum ExitStatus {
  /// A property, check or expectation failed.
  static let failed = ExitCode(1)
  /// The command line makes no sense.
  static let usage = ExitCode(64)
  /// An input file is not what it should be.
  static let badInput = ExitCode(65)
  /// There is no such input.
  static let missingInput = ExitCode(66)
  /// Assay itself is at fault.
  static let fault = ExitCode(70)
}
