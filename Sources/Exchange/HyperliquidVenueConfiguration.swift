public import Market

/// How the simulated Hyperliquid is set up.
public struct HyperliquidVenueConfiguration: Sendable {
  /// The first instant of the venue's life; history before it is made at once.
  public var start: Instant
  /// What is listed, in the order of the asset ids.
  public var listings: [PerpetualListing]
  /// Who has money at the venue.
  public var accounts: [AccountSetup]
  /// What trading costs.
  public var fees = FeeSchedule()
  /// The time between blocks: prices move, triggers fire and frames leave at blocks.
  public var blockInterval: Interval = .seconds(1)
  /// How often each kind of frame leaves.
  public var cadence = PublicationCadence()
  /// How much history is made for a model.
  public var history = HistoryDepth()
  /// How many prints replay one recorded candle, at least four.
  public var printsPerRecordedCandle = 12
  /// Budgets of calls; nil counts without refusing.
  public var rateLimits: VenueRateLimits?
  /// A session that was sent nothing for this long is closed.
  public var idleClose: Interval = .seconds(60)
  /// Whether the order and fill frames of an action leave before its reply.
  public var framesBeforeReplies = false
  /// The position value above which a first liquidation takes only a fifth.
  public var partialLiquidationAbove = Money(whole: 100_000)
  /// The volume that an account must have traded before it may schedule a cancel (live: 1,000,000).
  public var scheduleCancelVolume = Money.zero

  /// What an address that is nobody's is given when it first signs or is first asked about; nil
  /// leaves it unknown.
  ///
  /// With it, any key can trade, and a wrong signature, which names a random address, is taken for
  /// a new one: leave it nil to test a client's signing.
  public var unknownAccountDeposit: Money?

  /// Sets up a venue with the defaults of every other field.
  public init(start: Instant, listings: [PerpetualListing], accounts: [AccountSetup]) {
    self.start = start
    self.listings = listings
    self.accounts = accounts
  }
}

/// A listed perpetual and the background liquidity around its price.
public struct PerpetualListing: Hashable, Sendable {
  /// The contract.
  public var instrument: Instrument
  /// Half the distance between the background's best bid and ask, in parts per million of the
  /// price.
  public var halfSpread: Int64 = 50
  /// The distance between background levels, in parts per million of the price.
  public var levelSpacing: Int64 = 100
  /// Background levels on each side.
  public var levels = 20
  /// The mean value resting at a background level, in quote currency.
  public var levelNotional = Money(whole: 50_000)
  /// The mean value of a print that no account takes part in.
  public var printNotional = Money(whole: 5_000)
  /// How far the perpetual trades above its oracle, in parts per million.
  public var basis: Int64 = 0
  /// The value whose average execution price makes the funding premium.
  public var impactNotional = Money(whole: 20_000)
  /// Maintenance tiers; empty is one tier at the instrument's maximum leverage.
  public var marginTiers: [MarginTier] = []
  /// Which margin its positions may have; nil is any.
  public var marginMode: MarginMode?
  /// Whether it keeps its place in the list and trades no more.
  public var isDelisted = false
  /// The value of all long positions from which on none may grow; nil is no cap.
  public var openInterestCap: Money?
  /// How far from the oracle an order may be priced, in parts per million; nil is no bound but the
  /// static one. (The live venue's bound is not documented.)
  public var oracleBand: Int64?

  /// Lists `instrument` with default liquidity.
  public init(_ instrument: Instrument) { self.instrument = instrument }
}

/// A bound on the margin of a perpetual's positions, in the venue's words.
public enum MarginMode: String, Hashable, Sendable, CaseIterable {
  /// Isolated positions only.
  case noCross
  /// Isolated positions only, whose margin is not taken out again.
  case strictIsolated
}

/// A step of the margin table: from this position value on, at most this leverage.
public struct MarginTier: Hashable, Sendable {
  /// The smallest position value of the tier.
  public let lowerBound: Money
  /// The largest leverage of the tier, at least 1.
  public let maximumLeverage: Int64
  /// Makes a tier.
  public init(lowerBound: Money, maximumLeverage: Int64) {
    self.lowerBound = lowerBound
    self.maximumLeverage = maximumLeverage
  }
}

/// An account at the venue's start.
public struct AccountSetup: Hashable, Sendable {
  /// The master address.
  public var address: AccountAddress
  /// Cash at the start.
  public var deposit: Money
  /// Addresses whose signatures act for the account, besides its own.
  public var agents: [AccountAddress]
  /// Makes an account.
  public init(address: AccountAddress, deposit: Money, agents: [AccountAddress] = []) {
    self.address = address
    self.deposit = deposit
    self.agents = agents
  }
}

/// Fees as fractions of notional, in parts per million ("Fees", read 2026-08).
public struct FeeSchedule: Hashable, Sendable {
  /// Paid by the taker.
  public var taker: Int64 = 450
  /// Paid by the maker; negative is a rebate.
  public var maker: Int64 = 150
  /// What an account pays instead that traded much, by ascending volume.
  public var tiers = [
    FeeTier(volumeAbove: Money(whole: 5_000_000), taker: 400, maker: 120),
    FeeTier(volumeAbove: Money(whole: 25_000_000), taker: 350, maker: 80),
    FeeTier(volumeAbove: Money(whole: 100_000_000), taker: 300, maker: 40),
    FeeTier(volumeAbove: Money(whole: 500_000_000), taker: 280, maker: 0),
    FeeTier(volumeAbove: Money(whole: 2_000_000_000), taker: 260, maker: 0),
    FeeTier(volumeAbove: Money(whole: 7_000_000_000), taker: 240, maker: 0),
  ]
  /// The base tier, 0.045 % and 0.015 %, and the documented ones above it.
  public init() {}

  /// The rates of an account with this volume over fourteen days.
  public func rates(ofVolume volume: Money) -> (taker: Int64, maker: Int64) {
    let tier = tiers.last { $0.volumeAbove < volume }
    return tier.map { ($0.taker, $0.maker) } ?? (taker, maker)
  }

  /// Every rate that somebody may pay.
  public var everyRate: [Int64] { [taker, maker] + tiers.flatMap { [$0.taker, $0.maker] } }
}

/// A step of the fee table.
public struct FeeTier: Hashable, Sendable {
  /// The volume over fourteen days that must be exceeded.
  public let volumeAbove: Money
  /// Paid by the taker.
  public let taker: Int64
  /// Paid by the maker.
  public let maker: Int64
  /// Makes a tier.
  public init(volumeAbove: Money, taker: Int64, maker: Int64) {
    self.volumeAbove = volumeAbove
    self.taker = taker
    self.maker = maker
  }
}

/// How often the venue publishes; each is rounded up to whole blocks.
///
/// The defaults suit a calm run: three symbols and five timeframes make about one frame a second.
public struct PublicationCadence: Hashable, Sendable {
  /// Between frames of a candle that grows; its last state leaves at its close in any case.
  public var candles: Interval = .seconds(15)
  /// Between frames of trades; none is lost, they are gathered.
  public var trades: Interval = .seconds(1)
  /// Between books.
  public var books: Interval = .seconds(5)
  /// Between best bids and offers; one leaves only where it changed.
  public var quotes: Interval = .seconds(1)
  /// Between frames of all mids.
  public var mids: Interval = .seconds(5)
  /// Between asset contexts.
  public var contexts: Interval = .seconds(5)
  /// The calm cadence.
  public init() {}
}

/// How far back the history of a model goes.
public struct HistoryDepth: Hashable, Sendable {
  /// Days with candles of fifteen minutes and longer, in prints five minutes apart.
  public var days: Int64 = 260
  /// The last of these days with candles of one and five minutes too, in prints 20 s apart.
  public var fineDays: Int64 = 2
  /// How much a constant price or a path moved before it began, in parts per million a day.
  public var dailyVolatility: Int64 = 30_000
  /// The default depth.
  public init() {}
}

/// Budgets of one host, as the venue documents them ("Rate limits", read 2026-08).
///
/// A venue is not told which host an input comes from, so all of them share one budget.
public struct VenueRateLimits: Hashable, Sendable {
  /// Weight that one host may use in a minute.
  public var weightPerMinute: Int64 = 1_200
  /// Actions that an address may send before it has traded anything.
  public var initialActions: Int64 = 10_000
  /// WebSockets that may be open at once.
  public var connections = 10
  /// WebSockets that may be opened in a minute.
  public var newConnectionsPerMinute: Int64 = 30
  /// Frames that clients may send in a minute.
  public var messagesPerMinute: Int64 = 2_000
  /// Posted requests that may wait for their answer.
  public var postsInFlight = 100
  /// The documented limits.
  public init() {}
}
