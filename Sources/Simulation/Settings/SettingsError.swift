/// What is wrong with a scenario or configuration file, where, and what was expected.
public struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as given.
  public let file: String
  /// The line, from 1; 0 where the whole file is meant.
  public let line: Int
  /// The column in characters, from 1; 0 where the whole file is meant.
  public let column: Int
  /// What is wrong.
  public let problem: String
  /// What was expected, or the nearest thing that would have been understood.
  public let remedy: String

  /// Describes an error.
  public init(file: String, line: Int, column: Int, problem: String, remedy: String) {
    self.file = file
    self.line = line
    self.column = column
    self.problem = problem
    self.remedy = remedy
  }

  /// `file:line:column: problem; remedy`, as compilers write it.
  public var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    return remedy.isEmpty ? "\(place): \(problem)" : "\(place): \(problem); \(remedy)"
  }
}

/// A place in a file.
struct Place: Hashable, Sendable {
  var file: String
  var line: Int
  var column: Int

  func error(_ problem: String, _ remedy: String = "") -> SettingsError {
    SettingsError(file: file, line: line, column: column, problem: problem, remedy: remedy)
  }
}

/// The candidate that a typing error most likely meant.
func nearest(to word: String, in candidates: [String]) -> String? {
  var best: (distance: Int, candidate: String)?
  for candidate in candidates {
    let distance = editDistance(Array(word.utf8), Array(candidate.utf8))
    if distance < best?.distance ?? .max { best = (distance, candidate) }
  }
  guard let best, best.distance <= max(2, word.utf8.count / 2) else { return nil }
  return best.candidate
}

/// How many bytes must be put in, taken out or replaced to make one list of the other.
private func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
  guard first.count <= 64, second.count <= 64 else { return .max }
  var row = Array(0...second.count)
  for (index, byte) in first.enumerated() {
    var diagonal = row[0]
    row[0] = index + 1
    for column in second.indices {
      let substituted = diagonal + (byte == second[column] ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(substituted, row[column] + 1, row[column + 1] + 1)
    }
  }
  return row[second.count]
}
