public import Market
public import Risk
public import Strategies

/// How often rules fire on prices without any edge (`strategies.md` section 5).
public struct NullRate: Hashable, Sendable {
  /// What a rate counts by.
  public enum Unit: Hashable, Sendable {
    /// Signals of one symbol in a week.
    case symbolWeek
    /// Signals of one symbol in a day.
    case symbolDay
    /// Signals a trigger candle.
    case candle

    /// The word for it.
    public var name: String {
      switch self {
      case .symbolWeek: "symbol and week"
      case .symbolDay: "symbol and day"
      case .candle: "candle"
      }
    }

    /// How many units `count` decisions of `trigger` make, in ten-thousandths.
    func units(_ count: Int, of trigger: Timeframe) -> Int128 {
      let length = Int128(count) * Int128(trigger.interval.nanoseconds) * 10_000
      return switch self {
      case .symbolWeek: length / Int128(Interval.days(7).nanoseconds)
      case .symbolDay: length / Int128(Interval.days(1).nanoseconds)
      case .candle: Int128(count) * 10_000
      }
    }
  }

  /// Whose rules.
  public let strategy: StrategyID
  /// Which of its setups.
  public let setup: Setup
  /// What the rate counts by.
  public let unit: Unit
  /// Signals a unit on a random walk.
  public let rate: TenThousandths
  /// What was measured there, where it differs from what trades here.
  public let about: String

  /// The rows of the table that speak of signals.
  public static let all: [NullRate] = [
    NullRate(
      strategy: TraderMayne.id, setup: TraderMayne.mondayRange, unit: .symbolWeek,
      rate: TenThousandths(14_200), about: "without the bias gate"),
    NullRate(
      strategy: WickFlow.id, setup: WickFlow.poolSweep, unit: .symbolDay,
      rate: TenThousandths(5_500), about: "without the volume filter"),
    NullRate(
      strategy: PairFlow.id, setup: PairFlow.reversion, unit: .candle, rate: TenThousandths(76),
      about: "outside two deviations and cointegrated, crossing or not"),
  ]
}
