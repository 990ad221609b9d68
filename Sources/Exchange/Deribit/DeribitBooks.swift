import Choice
import Market
import Venues

/// A listed option and what was drawn for it last.
struct DeribitOption: Hashable, Sendable {
  let name: DeribitOptionName
  /// How the wire spells it.
  let text: String
  let id: Int64
  let listed: Instant
  /// A year's volatility as a fraction, in the venue's four decimals.
  var volatility: Double
  /// In coins.
  var openInterest: Quantity
}

/// One underlying: what is listed, and what its plan says of it.
struct DeribitUnderlying: Sendable {
  let market: DeribitMarket
  private let chooser: Chooser
  private let noise: Noise
  /// By expiry, then strike, puts first.
  private(set) var options: [DeribitOption] = []
  private var drawn: Int64?
  private var nextID: Int64

  /// An option book has at most this many; strikes that a wandering price adds end there.
  private static let mostOptions = 2_000

  init(_ symbol: Symbol, place: Int, chooser: Chooser) {
    market = DeribitMarket(symbol)
    self.chooser = chooser
    var stream = chooser.stream("exchange.deribit.index.\(symbol)")
    noise = Noise(seed: stream.draw(below: .max))
    nextID = Int64(place + 1) * 1_000_000
  }

  /// Whether options are listed on it.
  var hasOptions: Bool { market.isInverse || market.symbol == "SOL" }
  /// The perpetual's id.
  var perpetualID: Int64 { nextID / 1_000_000 * 1_000_000 }

  /// Which quarter of an hour a time is in.
  static func quarter(of time: Instant) -> Int64 {
    time.nanoseconds.floorDivided(by: DeribitPlan.chainInterval.nanoseconds)
  }

  /// Draws the quarter's chain where it is new, lists what it adds, and drops what has expired.
  ///
  /// Every quarter has a stream of its own, so that what it says depends on the price alone, not on
  /// who asked when. A strike once listed stays until its expiry, with what was drawn for it last.
  /// Returns what expired and what was listed.
  mutating func refresh(
    _ plan: DeribitPlan, at time: Instant, around price: Price?
  ) -> (closed: [String], created: [String]) {
    var closed: [String] = []
    if options.contains(where: { $0.name.expiry <= time }) {
      closed = options.filter { $0.name.expiry <= time }.map(\.text)
      options.removeAll { $0.name.expiry <= time }
    }
    var created: [String] = []
    let quarter = Self.quarter(of: time)
    guard hasOptions, drawn != quarter, let price, price > .zero else { return (closed, created) }
    drawn = quarter
    let open = Instant(nanoseconds: quarter * DeribitPlan.chainInterval.nanoseconds)
    var stream = chooser.stream("exchange.deribit.chain.\(market.symbol).\(quarter)")
    let chain = plan.chain(of: market.symbol, at: open, around: price, &stream)
    var places: [DeribitOptionName: Int] = [:]
    for (place, option) in options.enumerated() { places[option.name] = place }
    for quote in chain.quotes {
      let name = DeribitOptionName(
        underlying: market.symbol, isLinear: !market.isInverse, expiry: quote.expiry,
        strike: quote.strike, isCall: quote.isCall)
      let volatility = DeribitNumber.rounded(quote.impliedVolatility.double, 4)
      if let place = places[name] {
        options[place].volatility = volatility
        options[place].openInterest = quote.openInterest
      } else if options.count < Self.mostOptions {
        nextID += 1
        created.append(name.description)
        options.append(
          DeribitOption(
            name: name, text: name.description, id: nextID, listed: open, volatility: volatility,
            openInterest: quote.openInterest))
      }
    }
    options.sort { one, other in
      let (one, other) = (one.name, other.name)
      if one.expiry != other.expiry { return one.expiry < other.expiry }
      if one.strike != other.strike { return one.strike < other.strike }
      return !one.isCall && other.isCall
    }
    return (closed, created)
  }

  /// The volatility index of the minute that holds a time, in percent.
  ///
  /// A function of the minute, so that histories reach back before the venue's start and nobody's
  /// asking moves them.
  func volatilityIndex(_ plan: DeribitPlan, at time: Instant) -> Double {
    let minute = time.nanoseconds.floorDivided(by: Interval.minutes(1).nanoseconds)
    let width = UInt64(max(plan.volatilityNoise, 0)) * 2 + 1
    let stray = Int64(noise.word(UInt64(bitPattern: minute)) % width) - max(plan.volatilityNoise, 0)
    let (sum, overflow) = plan.volatility.addingReportingOverflow(stray)
    return DeribitNumber.rounded(Double(max(1, overflow ? plan.volatility : sum)) / 1e4, 2)
  }

  /// A word for what no plan decides, such as sizes at the best prices.
  func word(_ time: Instant) -> UInt64 {
    noise.word(UInt64(bitPattern: time.milliseconds) | 1 << 63)
  }
}
