public import Market
public import Risk

/// Follows the crossing of two exponential averages; the benchmark's and the examples' strategy.
///
/// It is the smallest whole strategy: two numbers of memory, a fixed stop, a target at twice the
/// risk. It claims no edge.
public struct EmaCross: Strategy {
  /// What can be tuned.
  public struct Configuration: Hashable, Sendable {
    /// The candles that it follows.
    public var timeframe: Timeframe = .m1
    /// The length of the fast average.
    public var fastLength = 12
    /// The length of the slow average.
    public var slowLength = 26
    /// Candles before the averages have forgotten where they began.
    public var warmUp = 130
    /// The stop's distance as a fraction of the entry.
    public var stop: Fraction = "0.005"
    /// The target's distance as a multiple of the stop's.
    public var rewardToRisk: Fraction = "2"
    /// How many candles a position may last.
    public var timeStop: Int64 = 240
    /// The common geometry.
    public var gate = GeometryGate()

    /// Makes the default configuration.
    public init() {}
  }

  /// The averages after the last candle.
  public struct State: Hashable, Sendable {
    var fast = 0.0
    var slow = 0.0
    var hasBegun = false
    /// The side of the fast average, once the two have differed.
    var leading: Side?
    /// The side to which the last candle made the averages cross.
    var crossed: Side?
  }

  /// The stable name.
  public static let id: StrategyID = "ema_cross"
  /// The only setup.
  public static let cross: Setup = "cross"

  /// What can be tuned.
  public let configuration: Configuration
  private let fastWeight: Double
  private let slowWeight: Double

  /// Makes the strategy.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
    fastWeight = 2 / Double(configuration.fastLength + 1)
    slowWeight = 2 / Double(configuration.slowLength + 1)
  }

  /// The stable name.
  public var id: StrategyID { Self.id }
  /// The one series that it follows.
  public var inputs: [InputRequirement] {
    [InputRequirement(.candles(configuration.timeframe), warmUp: configuration.warmUp)]
  }
  /// Every candle.
  public var trigger: Timeframe { configuration.timeframe }

  /// No averages yet.
  public func initialState(for instrument: Instrument) -> State { State() }

  /// Moves both averages toward the close.
  public func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    let close = Double(candle.close.steps)
    state.crossed = nil
    guard state.hasBegun else {
      state.hasBegun = true
      state.fast = close
      state.slow = close
      return
    }
    state.fast += (close - state.fast) * fastWeight
    state.slow += (close - state.slow) * slowWeight
    guard state.fast != state.slow else { return }
    let leading: Side = state.fast > state.slow ? .buy : .sell
    if let before = state.leading, before != leading { state.crossed = leading }
    state.leading = leading
  }

  /// Trades the crossing that the trigger made.
  public func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    guard let side = state.crossed else {
      return Conclusion(setup: Self.cross, outcome: .noTrade(.noSetup))
    }
    let gate = configuration.gate
    let entry = context.trigger.close
    let along = Int128(side.along(entry))
    let away = Rounding.up.divide(
      Int128(entry.steps) * Int128(configuration.stop.steps), by: Int128(Fraction.stepsPerWhole))
    guard let stop = gate.stop(side, along: along - away, of: context.instrument) else {
      return Conclusion(setup: Self.cross, outcome: .noTrade(.badGeometry))
    }
    let risk = along - Int128(side.along(stop))
    let reward = Rounding.up.divide(
      risk * Int128(configuration.rewardToRisk.steps), by: Int128(Fraction.stepsPerWhole))
    guard let target = gate.target(side, along: along + reward, of: context.instrument) else {
      return Conclusion(setup: Self.cross, outcome: .noTrade(.badGeometry))
    }
    let outcome = gate.outcome(
      Levels(side: side, entry: entry, stop: stop, target: target), confidence: 0.5,
      at: context.time, timeStop: context.time + trigger.interval * configuration.timeStop)
    return Conclusion(setup: Self.cross, outcome: outcome)
  }
}

extension EmaCross.State: BinaryCodable {
  /// Writes the averages.
  public func write(to writer: inout BinaryWriter) {
    writer.write(fast)
    writer.write(slow)
    writer.write(hasBegun)
    writer.write(leading)
    writer.write(crossed)
  }

  /// Reads averages.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not averages.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    fast = try reader.readDouble()
    slow = try reader.readDouble()
    hasBegun = try reader.readBool()
    leading = try reader.readOptionalSide()
    crossed = try reader.readOptionalSide()
  }
}
