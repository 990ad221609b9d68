public import Market

/// How well a strategy is fed (`strategies.md` section 4.3), and the input that decides it.
public struct DataHealth: Hashable, Sendable {
  /// From good to bad.
  public enum State: UInt8, Hashable, Comparable, CaseIterable, Sendable {
    /// Every input comes and reaches back far enough.
    case healthy = 0
    /// An optional input is missing: the strategy runs with less confidence.
    case degraded = 1
    /// Inputs come, but do not reach back far enough yet.
    case warming = 2
    /// A required input was never configured, never came, or is older than three intervals.
    case starved = 3

    /// Orders by severity.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The word that records and expectations use.
    public var name: String {
      switch self {
      case .healthy: "healthy"
      case .degraded: "degraded"
      case .warming: "warming"
      case .starved: "starved"
      }
    }
  }

  /// How well.
  public let state: State
  /// The input that decides it; nil where the strategy is healthy or warms its own windows.
  public let kind: InputKind?
  /// Of which symbol that input is.
  public let symbol: Symbol?
  /// When that input last came; nil where it never did.
  public let lastAt: Instant?

  /// States a health.
  public init(
    state: State, kind: InputKind? = nil, symbol: Symbol? = nil, lastAt: Instant? = nil
  ) {
    self.state = state
    self.kind = kind
    self.symbol = symbol
    self.lastAt = lastAt
  }

  /// How long ago the input that decides it last came, in whole seconds; nil where none decides it
  /// or it never came.
  public func ageSeconds(at time: Instant) -> Int64? {
    guard kind != nil else { return nil }
    return lastAt.map { max(0, (time - $0).milliseconds / 1_000) }
  }

  /// One sentence with the input and its age at `time`.
  public func sentence(at time: Instant) -> String {
    guard let kind, let symbol else {
      return state == .healthy ? "every input comes" : "its own windows fill"
    }
    guard let age = ageSeconds(at: time) else { return "\(kind) of \(symbol) never came" }
    return "\(kind) of \(symbol), last \(age) s ago"
  }
}
