import Choice
import Market

/// Candles of a random walk without drift: data in which no rule has an edge.
struct Walk: Sendable {
  /// Repeats the walk where it is made alone.
  var seed: UInt64 = 0
  var symbol: Symbol = "BTC"
  var timeframe: Timeframe = .m15
  /// The first open time; a Monday, so that weeks are whole.
  var start = monday
  /// How many candles.
  var count: Int
  /// The first price, in ticks.
  var price: Int64 = 30_000
  /// One tick.
  var tick: Price = "0.1"
  /// Steps within a candle.
  var steps = 15
  /// Volatility of a year, as a fraction of the price; nil for an arithmetic walk of `spread`
  /// ticks.
  var volatility = 0.55
  /// The standard deviation of a candle in ticks where the walk is arithmetic.
  var spread: Double?
  /// Whether calm and wild times take turns.
  var regimes: Regimes?
  /// Whether about one candle in so many runs out and back on three times the volume, takers
  /// pushing outward.
  var sweeps: UInt64?
  /// Whether about one candle in so many begins a surge: takers and price go one way on twice the
  /// volume for four candles.
  var surges: UInt64?
  /// What takers do, where the source tells it.
  var takers: Takers?

  /// Calm times and wild ones.
  struct Regimes: Sendable {
    /// About how many candles a calm time lasts.
    let calm: UInt64
    /// About how many candles a wild time lasts.
    let wild: UInt64
    /// How many times as far a candle moves meanwhile.
    let factor: Double
  }

  /// Where buyers' share of the volume comes from.
  enum Takers: Sendable {
    /// Nowhere: it is noise of the given deviation.
    case independent(Double)
    /// From the candle's move, for the most part.
    case following
  }

  /// All candles of a walk that is made alone.
  func candles() throws -> [Candle] {
    var choices = Chooser.seeded(seed).stream("walk")
    var walker = Walker(self)
    return try (0..<count).map { try walker.candle($0, from: &choices) }
  }
}

/// Takes a ``Walk``, candle by candle, from choices of which zero is always the calm one.
struct Walker: Sendable {
  private let walk: Walk
  private let deviation: Double
  private var level: Double
  private var wildness = 1.0
  /// What is left of a surge: how far each candle is carried, and how many still are.
  private var surge = (push: 0.0, left: 0)

  init(_ walk: Walk) {
    self.walk = walk
    let perYear =
      Double(Interval.days(365).nanoseconds) / Double(walk.timeframe.interval.nanoseconds)
    let steps = Double(walk.steps)
    deviation =
      walk.spread.map { $0 / steps.squareRoot() }
      ?? (walk.volatility * walk.volatility / perYear / steps).squareRoot()
    level = Double(walk.price)
  }

  /// The candle at `index`.
  mutating func candle(_ index: Int, from choices: inout some Choices) throws -> Candle {
    if let regimes = walk.regimes,
      let turn = Ratio(1, over: wildness == 1 ? regimes.calm : regimes.wild), choices.occurs(turn)
    {
      wildness = wildness == 1 ? regimes.factor : 1
    }
    if let surges = walk.surges, let turn = Ratio(1, over: surges), choices.occurs(turn) {
      surge = (push: choices.occurs(Self.half) ? -1 : 1, left: 4)
    }
    let push = surge.left > 0 ? surge.push : 0
    surge.left = max(0, surge.left - 1)
    let open = level.rounded()
    var high = open
    var low = open
    let unit = (walk.spread == nil ? open * deviation : deviation) * Double(walk.steps).squareRoot()
    for _ in 0..<walk.steps {
      let scale = walk.spread == nil ? level * deviation : deviation
      level += choices.normal() * scale * wildness + push * unit / Double(walk.steps)
      high = max(high, level.rounded())
      low = min(low, level.rounded())
    }
    let spike = Int64(choices.draw(below: 1_000))
    var volume = Quantity(whole: (1 + spike * spike / 300) * (push == 0 ? 1 : 2))
    var lean = push / 2
    if let sweeps = walk.sweeps, let turn = Ratio(1, over: sweeps), choices.occurs(turn) {
      let reach = choices.normal() * 3
      high = max(high, high + (reach * unit).rounded())
      low = min(low, low + (reach * unit).rounded())
      volume = Quantity(steps: volume.steps * 3)
      lean = reach < 0 ? -0.6 : 0.6
    }
    let split = split(
      of: volume, move: (level.rounded() - open) / unit, lean: lean, from: &choices)
    return try Candle(
      symbol: walk.symbol, timeframe: walk.timeframe, venue: .hyperliquid,
      openTime: walk.start + walk.timeframe.interval * Int64(index), open: priced(open),
      high: priced(high), low: priced(low), close: priced(level.rounded()), volume: volume,
      takerSplit: split)
  }

  private static let half = Ratio(1, over: 2) ?? .never

  private func split(
    of volume: Quantity, move: Double, lean: Double, from choices: inout some Choices
  ) -> TakerSplit? {
    guard let takers = walk.takers else { return nil }
    let normal = choices.normal()
    let ratio: Double
    switch takers {
    case .independent(let deviation): ratio = lean + normal * deviation
    case .following: ratio = lean + move / 8 + normal / 6
    }
    // The ratio of the split is (buy − sell) / volume.
    let buy = Double(volume.steps) * (1 + min(1, max(-1, ratio))) / 2
    let bought = Quantity(steps: Int64(buy))
    return TakerSplit(buy: bought, sell: volume - bought, coverage: Fraction(whole: 1))
  }

  private func priced(_ ticks: Double) -> Price { Price(steps: Int64(ticks) * walk.tick.steps) }
}

extension Choices {
  /// The sum of four uniform numbers with variance 1: near enough to normal once steps add up.
  ///
  /// Zero drawn is zero; each of the four is as likely to be above zero as below.
  mutating func normal() -> Double {
    let base: UInt64 = 32_767
    var word = draw(below: base * base * base * base)
    var sum: Int64 = 0
    for _ in 0..<4 {
      let digit = Int64(word % base)
      sum += digit.isMultiple(of: 2) ? digit / 2 : -(digit + 1) / 2
      word /= base
    }
    return Double(sum) / 32_767 * 1.732_050_807_568_877
  }
}
