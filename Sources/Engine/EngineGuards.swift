/// The defences that a negative control can take away, to show that a scenario notices.
///
/// All stand by default; nothing but a test removes one.
public struct EngineGuards: OptionSet, Hashable, Sendable {
  /// The set as bits.
  public let rawValue: UInt8
  /// Makes a set from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A candle that is already closed is not closed again; a fill that is already booked is not
  /// booked again.
  public static let deduplication = Self(rawValue: 1)
  /// All candles of one close time are stored before any strategy decides.
  public static let timestampBarrier = Self(rawValue: 2)
  /// After an outage, missed candles are fetched before newer ones are believed.
  public static let gapFill = Self(rawValue: 4)
  /// The kill switch stays engaged until an operator lifts it, across restarts.
  public static let killSwitchLatch = Self(rawValue: 8)
  /// Stop and target leave with their entry, so that the venue holds them before we know of a fill.
  public static let attachedExits = Self(rawValue: 16)
  /// Every defence.
  public static let all: Self = [
    .deduplication, .timestampBarrier, .gapFill, .killSwitchLatch, .attachedExits,
  ]
}
