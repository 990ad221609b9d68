import Choice
import Market

/// One aggregate trade.
struct AggregateTrade: Hashable, Sendable {
  /// Rises by one.
  let id: UInt64
  let time: Instant
  let price: Price
  let quantity: Quantity
  let takerSide: Side
}

/// What the tape shows of one candle.
struct FlowPage: Hashable, Sendable {
  let open: Instant
  var buy = Quantity.zero
  var sell = Quantity.zero
  /// Steps of 1e-8; a month of a large market does not fit a ``Market/Money``.
  var buyQuote: Int128 = 0
  var sellQuote: Int128 = 0
  var trades: Int64 = 0
  var firstID: UInt64
  var lastID: UInt64

  mutating func add(_ trade: AggregateTrade) {
    let quote =
      Int128(trade.price.steps) * Int128(trade.quantity.steps) / Int128(Price.stepsPerWhole)
    if trade.takerSide == .buy {
      buy = buy.checkedAdding(trade.quantity) ?? buy
      buyQuote += quote
    } else {
      sell = sell.checkedAdding(trade.quantity) ?? sell
      sellQuote += quote
    }
    trades += 1
    lastID = trade.id
  }
}

/// Who was the taker in a market's volume: each minute leans one way.
///
/// Every true trade becomes a trade that buyers took and one that sellers took, in the shares that
/// the minute's lean says, so that what the tape shows adds up to what the candles say.
struct TakerFlow: Sendable {
  /// The base lengths, whose pages are kept.
  static let timeframes: [Timeframe] = [.m1, .m5, .m15, .h1, .h4, .d1]
  /// How many pages of a length are kept: one for each candle that the true market keeps.
  static let pageLimit = CandleSeries.limit
  /// How many trades are kept.
  static let tradeLimit = 10_000

  private let plan: BinancePlan
  private let listing: BinanceListing
  private var stream: ChoiceStream
  private var leanMinute: Instant
  private var lean: Int64 = 0
  private var pages: [Ring<FlowPage>]
  private(set) var trades = Ring<AggregateTrade>(capacity: TakerFlow.tradeLimit)
  /// How many true trades were taken in.
  private var heard: UInt64 = 0
  private(set) var nextID: UInt64

  init(
    _ plan: BinancePlan, of listing: BinanceListing, from start: Instant, firstID: UInt64,
    _ chooser: Chooser
  ) {
    self.listing = listing
    self.plan = plan
    stream = chooser.stream("exchange.binance.lean.\(listing.symbol)")
    leanMinute = Timeframe.m1.open(containing: start) - .minutes(1)
    pages = Self.timeframes.map { _ in Ring(capacity: Self.pageLimit) }
    nextID = firstID
  }

  /// Takes in what traded since the last time; returns how many aggregate trades there are of it.
  mutating func listen(to market: some TrueMarket) -> Int {
    let symbol = listing.symbol
    let count = market.tradeCount(of: symbol)
    guard count > heard else { return 0 }
    let before = nextID
    for trade in market.trades(of: symbol, after: heard) { take(trade) }
    heard = count
    return Int(clamping: nextID - before)
  }

  private mutating func take(_ trade: Trade) {
    turn(to: Timeframe.m1.open(containing: trade.time))
    let buy =
      trade.quantity.checkedScaled(by: 1_000_000 + lean, over: 2_000_000, .nearest)?
      .rounded(to: listing.lot, .down) ?? .zero
    let parts: [(Side, Quantity)] = [(.buy, buy), (.sell, trade.quantity - buy)]
    for (side, quantity) in trade.takerSide == .buy ? parts : parts.reversed()
    where quantity > .zero {
      record(
        AggregateTrade(
          id: nextID, time: trade.time, price: trade.price, quantity: quantity, takerSide: side))
    }
  }

  /// Draws the lean of every minute up to `minute`, traded in or not.
  private mutating func turn(to minute: Instant) {
    if (minute - leanMinute).nanoseconds / 60_000_000_000 > Self.longestPause {
      leanMinute = minute - .minutes(1)
    }
    while leanMinute < minute {
      leanMinute = leanMinute + .minutes(1)
      let strayed = plan.imbalance + stream.stray(plan.imbalanceNoise)
      lean = min(max(strayed, -1_000_000), 1_000_000)
    }
  }

  /// A longer pause, in minutes, is one: nothing is drawn for it.
  private static var longestPause: Int64 { 100_000 }

  private mutating func record(_ trade: AggregateTrade) {
    nextID += 1
    trades.append(trade)
    for (index, timeframe) in Self.timeframes.enumerated() {
      let open = timeframe.open(containing: trade.time)
      if pages[index].last?.open != open {
        guard pages[index].last.map({ $0.open < open }) ?? true else { continue }
        pages[index].append(FlowPage(open: open, firstID: trade.id, lastID: trade.id))
      }
      pages[index][pages[index].count - 1].add(trade)
    }
  }

  /// What the tape shows of a candle; nil where it shows nothing.
  func page(_ timeframe: Timeframe, opening open: Instant) -> FlowPage? {
    guard let index = Self.timeframes.firstIndex(of: timeframe) else { return nil }
    let place = pages[index].partition { $0.open >= open }
    guard place < pages[index].count, pages[index][place].open == open else { return nil }
    return pages[index][place]
  }

  /// The newest trades, oldest first.
  func newest(_ count: Int) -> [AggregateTrade] {
    let first = trades.count - min(max(count, 0), trades.count)
    return (first..<trades.count).map { trades[$0] }
  }
}
