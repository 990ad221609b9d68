/// Why a recording could not be read, where, and what was expected there.
public struct RecordingError: Error, Hashable, Sendable {
  /// What went wrong, for programs.
  public enum Code: Hashable, Sendable {
    /// There is no such file, or it may not be read.
    case missing
    /// The file is no recording.
    case foreign
    /// A later release wrote it.
    case newer
    /// Its bytes are not what was written.
    case damaged
    /// The configuration that it holds is refused.
    case configuration
  }

  /// What went wrong, for programs.
  public let code: Code
  /// The path, as it was given.
  public let path: String
  /// The byte at which the part begins that could not be read; nil where the whole file is meant.
  public let offset: Int64?
  /// What was found.
  public let found: String
  /// What was expected, or what to do.
  public let expected: String

  /// Describes a failure.
  public init(
    _ code: Code, path: String, offset: Int64? = nil, found: String, expected: String
  ) {
    self.code = code
    self.path = path
    self.offset = offset
    self.found = found
    self.expected = expected
  }
}

extension RecordingError: CustomStringConvertible {
  /// `path: byte N: found; expected …`, on one line.
  public var description: String {
    let place = offset.map { "\(path): byte \($0)" } ?? path
    return "\(place): \(found); expected \(expected)"
  }
}
