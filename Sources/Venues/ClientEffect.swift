public import Market
public import Risk

/// One thing that a venue client asks of its owner, or tells it, in order.
public enum ClientEffect: Hashable, Sendable {
  /// Something for the network.
  case transport(TransportEffect)
  /// Call ``VenueClient/timerFired(_:at:into:)`` at or after `at`; moves an earlier one.
  case setTimer(TimerID, at: Monotonic)
  /// Forget a timer; one that still fires is ignored.
  case cancelTimer(TimerID)
  /// Market data.
  case market(MarketEvent)
  /// Evidence about one of our orders.
  case report(OrderReport)
  /// An execution on our account that belongs to no order of ours: liquidation, another program.
  case foreignFill(ForeignFill)
  /// Funding that the venue paid to our account or took from it; new ones only, oldest first.
  case funding(FundingReceipt)
  /// The account as the venue sees it; never older than one reported before.
  case account(AccountSnapshot)
  /// Every resting order; the list was made at or after `asOf`.
  case openOrders([VenueOrder], asOf: Instant)
  /// What the venue says about the configured perpetuals; orders can be sent from now on.
  case instruments([Instrument])
  /// A change of the market-data connection.
  case feed(FeedStatus)
  /// Bytes that moved nothing.
  case rejected(RejectedInput)
  /// A measured delay.
  case latency(LatencySample)
  /// The venue refuses our rate, or our own budget is spent: nothing leaves before `until`.
  case rateLimited(until: Monotonic, by: RateLimiter)
  /// A request for information ended without a usable answer; it may be asked again.
  case requestFailed(RequestKind, TransportFailure)
  /// What became of a request to arm or clear the dead-man's switch.
  case scheduledCancel(ScheduledCancelOutcome)
  /// What became of an action that is about no order of ours.
  case action(ActionOutcome)
}

/// Funding on our account.
public struct FundingReceipt: Hashable, Sendable {
  /// The perpetual.
  public let symbol: Symbol
  /// The venue's time of the settlement, some milliseconds after the hour.
  public let time: Instant
  /// Received (positive) or paid (negative).
  public let amount: Money

  /// Makes a receipt.
  public init(symbol: Symbol, time: Instant, amount: Money) {
    self.symbol = symbol
    self.time = time
    self.amount = amount
  }
}

/// An execution on our account that carries none of our client ids.
public struct ForeignFill: Hashable, Sendable {
  /// What traded.
  public let symbol: Symbol
  /// Bought or sold.
  public let side: Side
  /// The price.
  public let price: Price
  /// The base coin.
  public let quantity: Quantity
  /// Paid in quote currency.
  public let fee: Money
  /// The venue's order.
  public let venueID: UInt64
  /// The venue's trade.
  public let tradeID: UInt64
  /// The venue's time.
  public let time: Instant
  /// Whether the venue says that it liquidated us.
  public let isLiquidation: Bool
}

/// A change of the market-data connection.
public enum FeedStatus: Hashable, Sendable {
  /// A connection was asked for; `attempt` counts from 1 since the last stable one.
  case connecting(attempt: Int)
  /// The socket is open and every subscription was sent.
  case connected
  /// Every subscription is acknowledged.
  case subscribed
  /// The venue refused a subscription for good.
  case subscriptionRefused(String)
  /// No data came for this long although subscribed: the connection is given up.
  case silent(Interval)
  /// The connection is gone; the next attempt starts after `retryIn`.
  case disconnected(TransportFailure?, retryIn: Interval)
  /// Candles of a series may be missing between the opens `from` and `to`, both included.
  case gap(Symbol, Timeframe, from: Instant, to: Instant)
  /// The venue's history covered a gap with this many closed candles.
  case gapFilled(Symbol, Timeframe, from: Instant, to: Instant, candles: Int)
  /// Subscribed again and no gap is left.
  case recovered
  /// A configured symbol is not listed at the venue.
  case unlisted(Symbol)
  /// Our wall clock is off by this much, judged by the venue's times: positive where it is ahead,
  /// or where all that the venue sends is that late.
  case clockOff(Interval)
}

/// What kind of input a rejection concerns.
public enum InputKind: String, Hashable, Sendable, CaseIterable {
  /// A frame whose channel cannot be told.
  case frame
  /// An input for a connection or request that does not exist.
  case stray
  /// A channel of the socket.
  case candle, trades, l2Book, bbo, activeAssetCtx, allMids, orderUpdates, userFills
  /// The funding of our account.
  case userFundings, control
  /// A reply to an information request.
  case meta, contexts, candleSnapshot, mids, book, account, openOrders, fills, orderStatus
  /// A reply to an action.
  case order, cancel, scheduleCancel, modify, updateLeverage
  /// A reply about the actions that are left.
  case actionBudget
  /// A stream or a reply of Binance.
  case kline, aggTrade, markPrice, openInterest, fundingRate
  /// A reply of Coinbase.
  case spot
  /// A notification or a reply of Deribit.
  case bookSummary, volatilityIndex, ticker, heartbeat
  /// The venue's own time.
  case serverTime
}

/// Why bytes moved nothing.
public enum RejectionReason: Error, Hashable, Sendable {
  /// Not one JSON document within the limits.
  case json(JSONFault)
  /// A member is missing, of another type or out of range.
  case member(String)
  /// A channel that we do not know.
  case unknownChannel
  /// A symbol or series that we did not ask for.
  case unknownSymbol
  /// Prices, sizes or times contradict one another.
  case inconsistent
  /// Older than what is already known.
  case stale
  /// An HTTP status that is no answer.
  case status(Int)
  /// The venue's own error frame.
  case venueError
  /// No such connection or request, or it is already over.
  case stray
}

/// Bytes that a client refused, with what a person needs to look into it.
public struct RejectedInput: Hashable, Sendable {
  /// Who sent them.
  public let venue: Venue
  /// What they were.
  public let kind: InputKind
  /// Why they moved nothing.
  public let reason: RejectionReason
  /// The first bytes, printable ASCII, at most ``excerptLimit`` characters.
  public let excerpt: String
  /// Counts rejections of this client since it was made, from 1.
  public let ordinal: UInt64

  /// The longest excerpt.
  public static var excerptLimit: Int { 160 }

  /// Notes `bytes`, of which the excerpt shows the first.
  init(venue: Venue, kind: InputKind, reason: RejectionReason, bytes: [UInt8], ordinal: UInt64) {
    self.venue = venue
    self.kind = kind
    self.reason = reason
    self.ordinal = ordinal
    let printable = bytes.prefix(Self.excerptLimit).map { byte in
      (0x20..<0x7f).contains(byte) ? byte : UInt8(ascii: ".")
    }
    excerpt = String(decoding: printable, as: UTF8.self)
  }
}

/// A measured delay.
public enum LatencySample: Hashable, Sendable {
  /// From sending a request to its answer.
  case request(RequestKind, roundTrip: Interval)
  /// From the venue's time of a frame to its arrival by our clock; negative where clocks differ.
  case frame(InputKind, age: Interval)
  /// From a ping to its pong.
  case ping(roundTrip: Interval)
}

/// Who slows us down.
public enum RateLimiter: UInt8, Hashable, Sendable {
  /// Our own ledger of the venue's limit.
  case ownBudget = 0
  /// The venue answered 429.
  case venue = 1
}

/// What a request is about.
public enum RequestKind: Hashable, Sendable {
  /// The list of perpetuals.
  case meta
  /// Reference figures of every perpetual.
  case contexts
  /// History of a series from one open to another.
  case candles(Symbol, Timeframe, from: Instant, to: Instant)
  /// Every mid.
  case mids
  /// A whole book.
  case book(Symbol)
  /// Positions and money.
  case account
  /// Resting orders.
  case openOrders
  /// Executions since a time.
  case fills(since: Instant)
  /// One order.
  case orderStatus(ClientOrderID)
  /// New orders.
  case submit([ClientOrderID])
  /// Cancels.
  case cancel([ClientOrderID])
  /// The dead-man's switch; nil clears it.
  case scheduleCancel(Instant?)
  /// A new order in place of another.
  case modify(ClientOrderID, to: ClientOrderID)
  /// Cancels by the venue's ids.
  case cancelForeign([UInt64])
  /// The leverage of a symbol.
  case leverage(Symbol)
  /// The actions that our address has left.
  case actionBudget
  /// The venue's own time.
  case serverTime
  /// Open interest of a symbol.
  case openInterest(Symbol)
  /// Settled funding of a symbol.
  case funding(Symbol)
  /// The spot price of a symbol.
  case spotPrice(Symbol)
  /// Every option of an underlying.
  case optionChain(Symbol)
  /// The volatility index of an underlying.
  case volatilityIndex(Symbol)
  /// Public trades of a symbol that its stream left out.
  case trades(Symbol)
}

/// What became of a request to arm or clear the dead-man's switch.
public enum ScheduledCancelOutcome: Hashable, Sendable {
  /// The venue cancels everything at this time unless told otherwise.
  case armed(at: Instant)
  /// Nothing is scheduled.
  case cleared
  /// The venue refused; the earlier state stands.
  case refused(String)
  /// No answer: it may or may not be armed.
  case unknown(TransportFailure)
}
