import Market
import Venues

/// What a session asked to hear.
enum Subscription: Hashable, Sendable {
  case allMids
  case book(asset: Int, BookView)
  case trades(asset: Int)
  case candle(asset: Int, series: Int)
  case derivedCandle(asset: Int, CandleInterval)
  case quote(asset: Int)
  case context(asset: Int)
  case account(AccountChannel, AccountAddress)
  /// What an account may still trade of an asset.
  case limits(asset: Int, AccountAddress)

  /// The account that it is about, if it is about one.
  var address: AccountAddress? {
    switch self {
    case .account(_, let address), .limits(_, let address): address
    default: nil
    }
  }
}

/// How a book is asked for.
struct BookView: Hashable, Sendable {
  var significantFigures: Int?
  var mantissa: Int?
  var isFast = false
}

/// The channels of one account.
enum AccountChannel: UInt8, Hashable, Sendable, CaseIterable {
  case orderUpdates = 0
  case userEvents = 1
  case userFills = 2
  case userFundings = 3
  case clearinghouseState = 4
  case openOrders = 5
  case spotState = 6
  case ledgerUpdates = 7
  /// Acknowledged, and never heard of: this venue has nothing to say there.
  case notification = 8
  /// ``userFills``, those of one crossing order at one time put together.
  case mergedFills = 9
  /// Snapshots of nothing, as orders over time are not simulated.
  case sliceFills = 10
  case sliceHistory = 11

  /// The channel that a subscription of this type asks for; nil where it is none of an account.
  init?(_ type: JSONText, _ request: JSONValue) {
    guard let channel = Self.allCases.first(where: { $0.name.utf8.elementsEqual(type) }) else {
      return nil
    }
    let merges = channel == .userFills && request["aggregateByTime"]?.bool == true
    self = merges ? .mergedFills : channel
  }

  var name: String {
    switch self {
    case .orderUpdates: "orderUpdates"
    case .userEvents: "userEvents"
    case .userFills, .mergedFills: "userFills"
    case .userFundings: "userFundings"
    case .clearinghouseState: "clearinghouseState"
    case .openOrders: "openOrders"
    case .spotState: "spotState"
    case .ledgerUpdates: "userNonFundingLedgerUpdates"
    case .notification: "notification"
    case .sliceFills: "userTwapSliceFills"
    case .sliceHistory: "userTwapHistory"
    }
  }
}

/// An open WebSocket.
struct Session: Sendable {
  let id: SessionID
  var lastSent: Instant
  var subscriptions: [Subscription] = []

  /// How many accounts sessions listen to.
  static func trackedAccounts(of sessions: [Session]) -> Int {
    var accounts: Set<AccountAddress> = []
    for session in sessions {
      for subscription in session.subscriptions {
        if let address = subscription.address { accounts.insert(address) }
      }
    }
    return accounts.count
  }
}

/// Who hears the market data of one perpetual.
struct Audience: Sendable {
  var trades: [SessionID] = []
  var quotes: [SessionID] = []
  var contexts: [SessionID] = []
  var books: [(session: SessionID, view: BookView)] = []
  /// By the place of the timeframe in ``CandleSeries/timeframes``.
  var candles: [[SessionID]] = CandleSeries.timeframes.map { _ in [] }
  var derived: [CandleInterval: DerivedAudience] = [:]
  var lastQuote: (bid: BookLevel?, ask: BookLevel?)?

  /// Everyone, once, in order.
  var everyone: [SessionID] {
    let all = Set(trades + quotes + contexts + books.map(\.session) + candles.joined())
    return all.sorted()
  }
}

/// A frame that a fault holds back.
struct DelayedFrame: Sendable {
  let due: Instant
  let session: SessionID
  let bytes: [UInt8]
}

/// What kind of frame it is, for silences and delays.
enum FrameKind: Hashable, Sendable {
  case marketData
  case userData
  case control
}

/// When each kind of frame is next due.
struct PublicationClock: Sendable {
  private var due: [Instant]
  private let intervals: [Interval]

  enum Kind: Int {
    case candles = 0
    case trades = 1
    case books = 2
    case quotes = 3
    case mids = 4
    case contexts = 5
  }

  init(_ cadence: PublicationCadence, from start: Instant) {
    intervals = [
      cadence.candles, cadence.trades, cadence.books, cadence.quotes, cadence.mids,
      cadence.contexts,
    ]
    due = intervals.map { _ in start }
  }

  /// Whether a kind is due at a block; if so, it next is an interval later.
  mutating func takeDue(_ kind: Kind, at block: Instant) -> Bool {
    guard block >= due[kind.rawValue] else { return false }
    due[kind.rawValue] = block + intervals[kind.rawValue]
    return true
  }
}
