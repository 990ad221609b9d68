public import Store

/// Why a live run could not start, or had to end.
public struct LiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, for programs.
  public enum Code: Hashable, Sendable {
    /// The configuration does not suit a live run.
    case configuration
    /// The key is missing or unusable.
    case key
    /// Nothing allows this execution.
    case permission
    /// The store cannot be used, or stopped taking records.
    case store
    /// The recording cannot be used, or stopped taking steps.
    case recording
    /// The venue's clock cannot be read.
    case clock
    /// A port is taken.
    case port
    /// The machine refused something else.
    case system
  }

  /// What went wrong, for programs.
  public let code: Code
  /// What went wrong, with the values that explain it.
  public let problem: String
  /// What to do.
  public let remedy: String

  /// Describes a failure.
  public init(_ code: Code, _ problem: String, remedy: String) {
    self.code = code
    self.problem = problem
    self.remedy = remedy
  }

  /// The problem, then the remedy.
  public var description: String { "\(problem); \(remedy)" }
}

extension LiveError {
  /// The failure of a store.
  public init(_ error: StoreError) {
    self.init(
      .store, error.message, remedy: error.remedy ?? "check the file, its folder and the disk")
  }
}
