import GRDB

/// A store operation that did not happen, why, and what to do next.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// For programs; stable.
  public let code: Code
  /// One sentence with the values that explain it.
  public let message: String
  /// The next step, in the imperative; nil where retrying is all there is.
  public let remedy: String?
  /// What the layer below reported.
  public let cause: (any Error)?

  init(_ code: Code, _ message: String, remedy: String? = nil, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.cause = cause
  }

  /// Code, message, remedy and cause in one line.
  public var description: String {
    ([code.description + ":", message] + [remedy, cause.map { "(\($0))" }].compactMap(\.self))
      .joined(separator: " ")
  }

  /// What kind of failure it was; codes may be added.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The stable dotted name.
    public let description: String
    private init(_ description: String) { self.description = description }

    /// Another instance holds the store, or another program its write lock.
    public static let busy = Self("store.busy")
    /// The file was written by another release of this program.
    public static let otherSchema = Self("store.other-schema")
    /// The file is no store of this program.
    public static let foreign = Self("store.foreign")
    /// The file is not what was written: pages, journal or rows are damaged.
    public static let damaged = Self("store.damaged")
    /// The file, or the folder that holds it, cannot be written.
    public static let readOnly = Self("store.read-only")
    /// The file or its folder is not there.
    public static let notFound = Self("store.not-found")
    /// The disk is full; nothing of the step was kept.
    public static let full = Self("store.full")
    /// A record says something else than the stored one of the same identity.
    public static let contradiction = Self("store.contradiction")
    /// A record breaks a rule of its table; nothing of the step was kept.
    public static let invalidRecord = Self("store.invalid-record")
    /// A write ended without a verdict, so the store takes no more until it is opened again.
    public static let halted = Self("store.halted")
    /// Anything else; `cause` tells.
    public static let failed = Self("store.failed")
  }
}

extension StoreError {
  /// Whether it is unknown what of the last write is on the disk.
  var leavesDoubt: Bool { code == .failed || code == .damaged }

  /// The one place where an error of the layers below becomes ours.
  static func attempt<Result>(
    _ path: String, _ body: () throws -> Result
  ) throws(StoreError) -> Result {
    do {
      return try body()
    } catch let error as StoreError {
      throw error
    } catch let error as DatabaseError {
      throw StoreError(error, path: path)
    } catch {
      throw StoreError(.failed, "An operation on \(path) failed.", cause: error)
    }
  }

  private init(_ error: DatabaseError, path: String) {
    switch error.resultCode.primaryResultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .busy, "Another program holds the write lock of \(path).",
        remedy: "Close the other program (sqlite3, a backup), then run this again.", cause: error)
    case .SQLITE_CORRUPT:
      self.init(
        .damaged, "\(path) is damaged.", remedy: StoreError.restore, cause: error)
    case .SQLITE_NOTADB:
      self.init(
        .foreign, "\(path) is not a SQLite file.", remedy: "Point at another file.", cause: error)
    case .SQLITE_READONLY:
      self.init(
        .readOnly, "\(path) cannot be written.",
        remedy: "Give this user write access to the file and its folder.", cause: error)
    case .SQLITE_CANTOPEN:
      self.init(
        .notFound, "\(path) cannot be opened.",
        remedy: "Check that the folder exists and that this user may use it.", cause: error)
    case .SQLITE_CONSTRAINT:
      self.init(
        .invalidRecord, "A record does not fit the tables of \(path).",
        remedy: "Report it as a fault of the engine, with this message.", cause: error)
    case .SQLITE_FULL:
      self.init(
        .full, "The disk that holds \(path) is full.", remedy: "Free space on it.", cause: error)
    default:
      self.init(
        .failed, "A statement on \(path) failed.",
        remedy: "Stop, check the disk, then open the store again.", cause: error)
    }
  }

  /// What to do with a damaged file.
  static var restore: String {
    "Keep the file for inspection, restore a backup or start with a new file, and compare with the "
      + "venue before trading."
  }
}
