import Market

/// The switches that faults threw.
struct FaultState: Sendable {
  var isHalted = false
  var isCancelOnly = false
  var isPostOnly = false
  var rejections: (count: Int, text: String) = (0, "")
  var isRateLimited = false
  var failingActions = 0
  var failingInfo = 0
  var duplicatesCandles = false
  var closesOutOfOrder = false
  var silence = Silence.none
  var delay = Interval.zero
  /// Account answers as they were, by request type and address; nil while they are fresh.
  var staleAnswers: [StaleKey: [UInt8]]?
  /// False while something happens that no frame tells.
  var announces = true
}

/// An account answer that a fault froze.
struct StaleKey: Hashable, Sendable {
  let type: AccountQuestion
  let account: AccountAddress
}

/// The account answers that can be stale.
enum AccountQuestion: UInt8, Hashable, Sendable, CaseIterable {
  case clearinghouseState = 0
  case openOrders = 1
  case frontendOpenOrders = 2
}
