/// Why a data file could not be read, where, and what was expected there.
public struct DataFileError: Error, Hashable, Sendable {
  /// What went wrong, for programs.
  public enum Code: Hashable, Sendable {
    /// There is no such file, or it may not be read.
    case missing
    /// Neither the name nor the header says what the file holds.
    case name
    /// The compressed stream is cut short or damaged.
    case damaged
    /// The first line does not name the columns.
    case header
    /// A row is not what its columns promise.
    case row
    /// There is no row at all.
    case empty
  }

  /// What went wrong, for programs.
  public let code: Code
  /// The path, as it was given.
  public let path: String
  /// The line, from 1; nil where the whole file is meant.
  public let line: Int?
  /// What was found.
  public let found: String
  /// What was expected.
  public let expected: String

  /// Describes a failure.
  public init(_ code: Code, path: String, line: Int? = nil, found: String, expected: String) {
    self.code = code
    self.path = path
    self.line = line
    self.found = found
    self.expected = expected
  }
}

extension DataFileError: CustomStringConvertible {
  /// `path:line: found; expected …`, on one line.
  public var description: String {
    let place = line.map { "\(path):\($0)" } ?? path
    return "\(place): \(found); expected \(expected)"
  }
}
