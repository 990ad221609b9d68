import Choice
import Market

/// One product of Coinbase: what its price follows, and the chance that it has to itself.
struct SpotProduct: Sendable {
  /// What is priced.
  enum Kind: Hashable, Sendable {
    /// A coin in dollars: follows the mark of its perpetual.
    case coin(Symbol)
    /// Tether in dollars: a dollar.
    case tetherInDollars
    /// Tether in USDC: a dollar over what a USDC is worth.
    case tetherInStablecoin
  }

  let kind: Kind
  let base: String
  let quote: String
  /// The step of prices.
  let increment: Price
  var trading = CoinbaseTrading.online
  /// What stood when trading stopped; nil while it trades.
  private var stopped: Stopped?

  private struct Stopped: Sendable {
    let price: Price
    let trades: [SpotTrade]
  }

  private var stream: ChoiceStream
  let noise: Noise
  /// Counts steps of ``CoinbasePlan/interval`` since the epoch.
  private(set) var step: Int64
  private let firstStep: Int64
  private var shock: Int64 = 0
  private var premium: Int64 = 0
  /// The premiums of the newest steps, the present one last.
  private var premiums = Ring<Int64>(capacity: 128)
  private var ownTrades = Ring<SpotTrade>(capacity: 64)

  var id: String { "\(base)-\(quote)" }

  /// Opens a product at `start`; nil where the market does not know the coin.
  init?(
    _ kind: Kind, at start: Instant, _ plan: CoinbasePlan, _ chooser: Chooser,
    _ market: some TrueMarket
  ) {
    self.kind = kind
    switch kind {
    case .coin(let symbol): (base, quote) = (symbol.description, "USD")
    case .tetherInDollars: (base, quote) = ("USDT", "USD")
    case .tetherInStablecoin: (base, quote) = ("USDT", "USDC")
    }
    stream = chooser.stream("exchange.coinbase.\(base)-\(quote).premium")
    var seeds = chooser.stream("exchange.coinbase.\(base)-\(quote).trades")
    noise = Noise(seed: seeds.draw(below: .max))
    firstStep = start.nanoseconds.floorDivided(by: CoinbasePlan.interval.nanoseconds)
    step = firstStep
    guard let price = Self.truth(kind, plan, market) else { return nil }
    increment = Self.increment(near: price)
    draw(plan)
    print(plan, market)
  }

  /// A hundredth of a dollar, or less where that would be more than 1/100,000 of the price.
  private static func increment(near price: Price) -> Price {
    var increment = Price(steps: 1_000_000)
    while increment.steps > 1, increment.steps > price.steps / 100_000 {
      increment = Price(steps: increment.steps / 10)
    }
    return increment
  }

  private static func truth(
    _ kind: Kind, _ plan: CoinbasePlan, _ market: some TrueMarket
  ) -> Price? {
    switch kind {
    case .coin(let symbol): market.mark(of: symbol)
    case .tetherInDollars: Price(whole: 1)
    case .tetherInStablecoin:
      Price(whole: 1).checkedScaled(
        by: 1_000_000, over: 1_000_000 + plan.stablecoinOffset, .nearest)
    }
  }

  // MARK: Time

  /// When the premium is next drawn.
  var nextStep: Instant {
    Instant(nanoseconds: (step + 1) * CoinbasePlan.interval.nanoseconds)
  }

  /// Lets steps pass up to `now`: a premium each, and a trade at the newest, so that a quiet market
  /// does not look dead.
  mutating func advance(to now: Instant, _ plan: CoinbasePlan, _ market: some TrueMarket) {
    guard now >= nextStep else { return }
    while now >= nextStep {
      step += 1
      draw(plan)
    }
    print(plan, market)
  }

  /// Stops quotes where they are while the product does not trade.
  mutating func hold(_ plan: CoinbasePlan, _ market: some TrueMarket) {
    guard trading != .online else { return stopped = nil }
    guard stopped == nil, let price = price(plan, market) else { return }
    stopped = Stopped(price: price, trades: trades(plan, market))
  }

  /// The product's own trade of a step, at its beginning.
  private mutating func print(_ plan: CoinbasePlan, _ market: some TrueMarket) {
    guard trading == .online, let quote = quote(plan, market) else { return }
    let time = Instant(nanoseconds: step * CoinbasePlan.interval.nanoseconds)
    var before = truthCount(market)
    if let last = truthTrades(1, market).last, last.time >= time {
      for trade in truthTrades(50, market) where trade.time >= time { before -= 1 }
    }
    let word = noise.word(UInt64(bitPattern: step))
    ownTrades.append(
      SpotTrade(
        id: Self.firstTradeID + before + steps(at: time), time: shown(time),
        takerSide: word & 1 == 0 ? .buy : .sell, price: word & 1 == 0 ? quote.ask : quote.bid,
        quantity: size(word, near: quote.bid)))
  }

  private mutating func draw(_ plan: CoinbasePlan) {
    defer { premiums.append(premium) }
    guard case .coin = kind else { return }
    shock -= shock / 16
    let stepsADay = UInt64(Interval.days(1).nanoseconds / CoinbasePlan.interval.nanoseconds)
    let often = Ratio(UInt64(max(plan.shocksPerDay, 0)), over: stepsADay) ?? .always
    if stream.occurs(often) { shock = stream.stray(plan.shock) }
    premium = plan.premium + shock + stream.stray(plan.premiumNoise)
  }

  // MARK: Prices

  /// The price between bid and ask.
  func price(_ plan: CoinbasePlan, _ market: some TrueMarket) -> Price? {
    if let stopped { return stopped.price }
    guard let truth = Self.truth(kind, plan, market) else { return nil }
    return below(truth, by: premium)
  }

  /// The best bid and ask, one increment apart.
  func quote(_ plan: CoinbasePlan, _ market: some TrueMarket) -> (bid: Price, ask: Price)? {
    guard let price = price(plan, market), let down = price.rounded(to: increment, .down) else {
      return nil
    }
    let bid = max(down, increment)
    return bid.checkedAdding(increment).map { (bid, $0) }
  }

  /// What spot is where the perpetual trades at `price`.
  func below(_ price: Price, by premium: Int64) -> Price? {
    guard case .coin = kind else { return price }
    return price.checkedScaled(by: 1_000_000, over: 1_000_000 + premium, .nearest)
  }

  // MARK: Trades

  static let firstTradeID: UInt64 = 1_000_000_000

  /// The newest trades, oldest first: the market's own as they would be at spot, and one a step.
  func trades(_ plan: CoinbasePlan, _ market: some TrueMarket) -> [SpotTrade] {
    if let stopped { return stopped.trades }
    let truth = spotTrades(50, plan, market)
    return (ownTrades.elements + truth).sorted { $0.id < $1.id }
  }

  /// The newest trade.
  func lastTrade(_ plan: CoinbasePlan, _ market: some TrueMarket) -> SpotTrade? {
    if let stopped { return stopped.trades.last }
    guard let own = ownTrades.last else { return spotTrades(1, plan, market).last }
    guard let truth = spotTrades(1, plan, market).last else { return own }
    return own.id > truth.id ? own : truth
  }

  /// The market's newest trades, `count` at most, as they would be at spot.
  private func spotTrades(
    _ count: UInt64, _ plan: CoinbasePlan, _ market: some TrueMarket
  ) -> [SpotTrade] {
    let truth = truthTrades(count, market)
    var number = truthCount(market) - UInt64(truth.count)
    var trades: [SpotTrade] = []
    for trade in truth {
      number += 1
      guard
        let price = below(trade.price, by: premium(at: trade.time, plan))?
          .rounded(to: increment, .nearest), price > .zero
      else { continue }
      trades.append(
        SpotTrade(
          id: Self.firstTradeID + number + steps(at: trade.time), time: shown(trade.time),
          takerSide: trade.takerSide, price: price, quantity: trade.quantity))
    }
    return trades
  }

  /// How many trades of its own the product has printed up to `time`.
  private func steps(at time: Instant) -> UInt64 {
    let passed = time.nanoseconds.floorDivided(by: CoinbasePlan.interval.nanoseconds)
    return UInt64(max(0, passed - firstStep + 1))
  }

  /// The premium of the step that holds `time`; the mean where it is forgotten.
  private func premium(at time: Instant, _ plan: CoinbasePlan) -> Int64 {
    let passed = time.nanoseconds.floorDivided(by: CoinbasePlan.interval.nanoseconds)
    let index = Int64(premiums.count) - 1 - (step - passed)
    return (0..<Int64(premiums.count)).contains(index) ? premiums[Int(index)] : plan.premium
  }

  private func truthTrades(_ count: UInt64, _ market: some TrueMarket) -> [Trade] {
    guard case .coin(let symbol) = kind else { return [] }
    let total = market.tradeCount(of: symbol)
    return market.trades(of: symbol, after: total > count ? total - count : 0)
  }

  private func truthCount(_ market: some TrueMarket) -> UInt64 {
    guard case .coin(let symbol) = kind else { return 0 }
    return market.tradeCount(of: symbol)
  }

  /// The market's times are those of its blocks; Coinbase's have nanoseconds.
  private func shown(_ time: Instant) -> Instant {
    let word = noise.word(UInt64(bitPattern: time.nanoseconds))
    return time + Interval(nanoseconds: Int64(word % 1_000_000))
  }

  /// A size worth 100 to 1,100 dollars.
  func size(_ word: UInt64, near price: Price) -> Quantity {
    let dollars = Quantity(whole: Int64(100 + (word >> 8) % 1_000))
    return dollars.checkedScaled(by: Price.stepsPerWhole, over: price.steps, .up) ?? .ulp
  }
}

/// One trade at Coinbase.
struct SpotTrade: Hashable, Sendable {
  let id: UInt64
  let time: Instant
  let takerSide: Side
  let price: Price
  let quantity: Quantity
}
