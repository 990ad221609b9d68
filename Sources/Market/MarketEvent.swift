/// One public trade.
public struct Trade: Hashable, Sendable {
  /// What traded.
  public let symbol: Symbol
  /// The venue's time of the match.
  public let time: Instant
  /// The taker's side.
  public let takerSide: Side
  /// The price, positive.
  public let price: Price
  /// The base coin traded, positive.
  public let quantity: Quantity
  /// The venue's id; unique with time and symbol.
  public let id: UInt64

  /// Makes a trade.
  public init(
    symbol: Symbol, time: Instant, takerSide: Side, price: Price, quantity: Quantity, id: UInt64
  ) {
    self.symbol = symbol
    self.time = time
    self.takerSide = takerSide
    self.price = price
    self.quantity = quantity
    self.id = id
  }
}

/// One price and the size resting there.
public struct BookLevel: Hashable, Sendable {
  /// The price, positive.
  public let price: Price
  /// The size at the price, positive.
  public let quantity: Quantity
  /// How many orders make up the size.
  public let orderCount: Int32

  /// Makes a level.
  public init(price: Price, quantity: Quantity, orderCount: Int32) {
    self.price = price
    self.quantity = quantity
    self.orderCount = orderCount
  }
}

/// The resting orders of one symbol, best level first on each side; a full replacement.
public struct BookSnapshot: Hashable, Sendable {
  /// Whose book.
  public let symbol: Symbol
  /// The venue's time.
  public let time: Instant
  /// Bids, highest first, at most twenty.
  public let bids: [BookLevel]
  /// Asks, lowest first, at most twenty.
  public let asks: [BookLevel]

  /// Makes a snapshot.
  public init(symbol: Symbol, time: Instant, bids: [BookLevel], asks: [BookLevel]) {
    self.symbol = symbol
    self.time = time
    self.bids = bids
    self.asks = asks
  }
}

/// The best bid and offer of one symbol; a side is nil while it is empty.
public struct Quote: Hashable, Sendable {
  /// Whose quote.
  public let symbol: Symbol
  /// The venue's time.
  public let time: Instant
  /// The best bid.
  public let bid: BookLevel?
  /// The best ask.
  public let ask: BookLevel?

  /// Makes a quote.
  public init(symbol: Symbol, time: Instant, bid: BookLevel?, ask: BookLevel?) {
    self.symbol = symbol
    self.time = time
    self.bid = bid
    self.ask = ask
  }

  /// The middle, rounded down; nil unless both sides stand and do not cross.
  public var mid: Price? {
    guard let bid, let ask, bid.price < ask.price else { return nil }
    return Price(steps: bid.price.steps + (ask.price.steps - bid.price.steps) / 2)
  }
}

/// The venue's reference figures of one perpetual.
public struct AssetContext: Hashable, Sendable {
  /// Whose figures.
  public let symbol: Symbol
  /// The mark price: margin, liquidation and triggers use it.
  public let mark: Price
  /// The oracle price: funding uses it.
  public let oracle: Price
  /// The mid, where the book has both sides.
  public let mid: Price?
  /// The current hourly funding rate, as a fraction in steps of 1e-10.
  public let hourlyFundingRate: FundingRate
  /// Open interest of one side, in base coin.
  public let openInterest: Quantity

  /// Makes a context.
  public init(
    symbol: Symbol, mark: Price, oracle: Price, mid: Price?, hourlyFundingRate: FundingRate,
    openInterest: Quantity
  ) {
    self.symbol = symbol
    self.mark = mark
    self.oracle = oracle
    self.mid = mid
    self.hourlyFundingRate = hourlyFundingRate
    self.openInterest = openInterest
  }
}

/// What a perpetual is worth at a venue that settles funding by its own mark.
public struct MarkPrice: Hashable, Sendable {
  /// Whose mark.
  public let symbol: Symbol
  /// Who reported it.
  public let venue: Venue
  /// The venue's time.
  public let time: Instant
  /// The mark price.
  public let mark: Price
  /// The price of the underlying that the venue derives its mark from.
  public let index: Price
  /// The running estimate of the rate that settles next.
  public let fundingEstimate: FundingRate
  /// When that rate settles.
  public let nextFunding: Instant

  /// Makes a mark.
  public init(
    symbol: Symbol, venue: Venue, time: Instant, mark: Price, index: Price,
    fundingEstimate: FundingRate, nextFunding: Instant
  ) {
    self.symbol = symbol
    self.venue = venue
    self.time = time
    self.mark = mark
    self.index = index
    self.fundingEstimate = fundingEstimate
    self.nextFunding = nextFunding
  }
}

/// A funding rate as a fraction of notional, in steps of 1e-10; positive means longs pay.
public struct FundingRate: Hashable, Comparable, Sendable {
  /// The fraction in steps of 1e-10.
  public var steps: Int64
  /// Makes a rate from steps of 1e-10.
  public init(steps: Int64) { self.steps = steps }
  /// Orders by rate.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.steps < rhs.steps }
}

/// What a venue adapter makes of a frame, in the vocabulary of every venue.
public enum MarketEvent: Hashable, Sendable {
  /// A candle that may still grow; closed only when a later one or the clock says so.
  case candle(Candle)
  /// A candle from the venue's history, closed for good.
  case closedCandle(Candle)
  /// A public trade.
  case trade(Trade)
  /// The best bid and offer.
  case quote(Quote)
  /// A whole book.
  case book(BookSnapshot)
  /// Reference figures.
  case context(AssetContext)
  /// The mid of one symbol.
  case mid(Symbol, Price)
  /// A funding settlement.
  case funding(Funding)
  /// Open interest.
  case openInterest(OpenInterest)
  /// A spot price.
  case spot(SpotPrice)
  /// A volatility index.
  case volatilityIndex(VolatilityIndex)
  /// Every option of one underlying.
  case optionChain(OptionChain)
  /// The mark price at another venue.
  case mark(MarkPrice)
}
