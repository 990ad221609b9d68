extension NoTradeReason {
  /// What the reason says, as a sentence: the words that document its case.
  public var meaning: String {
    switch self {
    case .warmUp: "A required series is shorter than its warm-up."
    case .dataMissing: "A required input never arrived."
    case .dataStale: "A required input is too old."
    case .gapInHistory: "A candle inside the look-back window is missing."
    case .alreadyInPosition: "The strategy already holds this symbol."
    case .cooldown: "The same setup and side signalled within the cool-down."
    case .badGeometry: "Stop, entry and target are out of order."
    case .stopTooTight: "The stop is nearer than the minimum."
    case .stopTooWide: "The stop is farther than the maximum."
    case .rewardToRiskBelowMinimum: "Reward to risk is below the minimum."
    case .noSetup: "Nothing that the strategy looks for happened."
    case .mondayIncomplete: "Monday's candles are not complete."
    case .rangeWidth: "The range is too narrow or too wide."
    case .ambiguousDoubleSweep: "One candle swept both sides."
    case .rangeAcceptedOutside: "A four-hour close was accepted outside the range."
    case .alreadyTradedThisWeek: "This side of the range has traded this week."
    case .biasNeutral: "Higher timeframes give no direction."
    case .biasOpposed: "Higher timeframes point the other way."
    case .closeBeyondTarget: "The candle closed past the target."
    case .zoneNotActive: "No zone is in the state that the setup needs."
    case .zoneExpired: "The zone is too old."
    case .zonePierced: "The candle went through the zone."
    case .noRejection: "The candle did not close back out of the zone."
    case .awaitConfirm: "A swing failure waits for its confirming candle."
    case .swingFailureNotConfirmed: "The next candle did not confirm the swing failure."
    case .rangeTooSmall: "The candle's range is too small."
    case .noWick: "No wick is large enough."
    case .ambiguousDoubleWick: "Both wicks are large enough."
    case .volumeNotElevated: "The volume is not elevated."
    case .targetBlocked: "An opposing pool stands before the target."
    }
  }
}
