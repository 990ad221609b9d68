public import Market

/// What the venue knows of one account: its truth, for oracles.
///
/// Cash is what `totalRawUsd` says: ``deposited`` − ``signedNotional`` − ``fees`` + ``funding`` +
/// ``transferred``, exactly.
public struct ExchangeAccount: Sendable {
  /// Whose.
  public let address: AccountAddress
  /// Money at the start.
  public let deposited: Money
  /// Cash after trades at their full value; negative where a position was bought with it.
  public internal(set) var cash: Money
  /// Value of all fills, bought positive, sold negative.
  public internal(set) var signedNotional = Money.zero
  /// Value of all fills, whichever side.
  public internal(set) var volume = Money.zero
  /// Fees paid, rebates deducted.
  public internal(set) var fees = Money.zero
  /// Funding received, payments deducted.
  public internal(set) var funding = Money.zero
  /// Deposits and withdrawals since the start, and what a backstop took or gave.
  public internal(set) var transferred = Money.zero
  /// How many fills there were.
  public internal(set) var fillCount = 0
  /// Actions counted against the address's budget.
  public internal(set) var actionsUsed: Int64 = 0

  var positions: [ExchangePosition]
  var openOrders = OrderedSet<UInt64>()
  var reduceOnlyOrders: [OrderedSet<UInt64>]
  var fills = Ring<ExchangeFill>(capacity: 10_000)
  var fundings = Ring<ExchangeFunding>(capacity: 10_000)
  var orderHistory = Ring<UInt64>(capacity: 10_000)
  var transfers = Ring<ExchangeTransfer>(capacity: 1_000)
  var reserved = Money.zero
  /// Money in the wallet for spot, which is not part of ``cash``.
  var spot = Money.zero
  var tradedDays = TradedDays()
  var agents: [ExchangeAgent] = []
  var builders: [BuilderFee] = []
  var scheduledCancel: Instant?
  private var firedCancels: (day: Int64, count: Int) = (0, 0)
  var liquidationCooldown: [Instant?]
  var nextSlowAction: Instant?

  init(_ setup: AccountSetup, listings: [PerpetualListing]) {
    address = setup.address
    deposited = setup.deposit
    cash = setup.deposit
    positions = listings.map(ExchangePosition.init)
    reduceOnlyOrders = listings.map { _ in OrderedSet() }
    liquidationCooldown = listings.map { _ in nil }
  }

  /// How often the scheduled cancel came due on the day (UTC) of `now`.
  func scheduledCancels(at now: Instant) -> Int {
    firedCancels.day == CivilDate(now).dayNumber ? firedCancels.count : 0
  }

  mutating func countScheduledCancel(at now: Instant) {
    firedCancels = (CivilDate(now).dayNumber, scheduledCancels(at: now) + 1)
  }

  /// What cash must be, from everything that moved it.
  public var cashByIdentity: Money {
    deposited - signedNotional - fees + funding + transferred
  }
}

/// Money that came or went otherwise than by trading.
public struct ExchangeTransfer: Hashable, Sendable {
  /// From where to where.
  public enum Kind: Hashable, Sendable {
    /// From outside the venue, or to there.
    case external
    /// From the account's wallet for spot, or to it.
    case betweenWallets
    /// Out of the venue, by the owner's own request with this nonce.
    case withdrawal(nonce: UInt64)
    /// From one account of the venue to another.
    case betweenAccounts(from: AccountAddress, to: AccountAddress)
  }
  /// When.
  public let time: Instant
  /// What came; negative went.
  public let amount: Money
  /// From where to where.
  public let kind: Kind
}
