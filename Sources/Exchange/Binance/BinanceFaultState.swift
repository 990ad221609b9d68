import Market

/// The switches that faults threw.
struct BinanceFaultState: Sendable {
  var silence = SilentStreams.none
  var finals = FinalFrames.punctual
  var missing: [(symbol: Symbol, from: Instant, to: Instant)] = []
  var listingAge = Interval.zero
  var skew = Interval.zero
  var settlementDelay: Int64 = 0
  /// Readings after this are not published; nil where all are.
  var interestWithheldSince: Instant?
  var outage: BinanceOutage?
  var refusesConnections = false
  var isDeaf = false
  var hasUnknownMembers = false
  var hasBareErrors = false
}
