import Market

extension SkewFlow {
  /// How far a bar's premium lies from those before it.
  struct Measure: Hashable, Sendable {
    /// In standard deviations from their mean.
    let score: Double
    /// From their median, in steps of ``Fraction``.
    let deviation: Double
  }

  /// A premium that is far from usual, on the way to its turn.
  struct Stretch: Hashable, Sendable {
    /// The side that trades against it.
    let side: Side
    /// The extreme price since it began, along `side`.
    private(set) var extreme: Int64
    /// The largest score since it began, outward.
    private(set) var peak: Double
    /// How many bars ago it began.
    private(set) var age: Int64 = 0

    /// Begins with `candle` where its premium is stretched by its own standards and in basis
    /// points.
    init?(_ candle: Candle, _ measure: Measure, _ configuration: Configuration) {
      guard measure.isFar(configuration) else { return nil }
      let side: Side = measure.score > 0 ? .sell : .buy
      guard
        side.outward(measure.deviation) >= Double(configuration.premiumFloor.steps)
      else { return nil }
      self.side = side
      extreme = FacingCandle(candle, facing: side).low
      peak = side.outward(measure.score)
    }

    /// Grows older by `candle`, whose premium may be missing.
    mutating func absorb(_ candle: Candle, _ measure: Measure?) {
      age += 1
      extreme = min(extreme, FacingCandle(candle, facing: side).low)
      if let measure { peak = max(peak, side.outward(measure.score)) }
    }

    /// Whether the premium has fallen from its peak and `candle` turned with it.
    func turns(
      _ candle: Candle, after previous: Price, _ measure: Measure, _ configuration: Configuration
    ) -> Bool {
      let facing = FacingCandle(candle, facing: side)
      return peak - side.outward(measure.score) >= configuration.rollover - SkewFlow.tolerance
        && facing.close > facing.open && facing.close > side.along(previous)
    }
  }

  /// A stretch that has turned.
  struct Turn: Hashable, Sendable {
    /// What has turned.
    let stretch: Stretch
    /// The score at the turn, outward.
    let score: Double
  }

  /// What the last bar came to.
  enum Finding: Hashable, Sendable {
    case turned(Turn)
    case refused(NoTradeReason)
  }

  /// Scores compare in favour of the rule (`strategies.md` section 2.2).
  static let tolerance = 1e-9
}

extension SkewFlow.Measure {
  /// Whether the score alone is that of a stretched premium.
  func isFar(_ configuration: SkewFlow.Configuration) -> Bool {
    abs(score) >= configuration.stretchScore - SkewFlow.tolerance
  }
}

extension Side {
  /// `value` of a premium, positive where this side trades against it.
  fileprivate func outward(_ value: Double) -> Double { self == .sell ? value : -value }
}

extension SkewFlow.State {
  /// Moves the stretch on by a candle, and says what it came to; `measure` is nil where its premium
  /// is missing.
  ///
  /// A premium that is stretched the other way begins a new stretch. An expired stretch begins anew
  /// with the next bar at the earliest.
  mutating func follow(
    _ candle: Candle, _ measure: SkewFlow.Measure?, _ configuration: SkewFlow.Configuration
  ) -> SkewFlow.Finding {
    let previous = last
    last = SkewFlow.Bar(openTime: candle.openTime, close: candle.close)
    // Neither bars nor closes can be counted across a gap.
    if previous?.openTime != candle.openTime - candle.timeframe.interval { stretch = nil }
    stretch?.absorb(candle, measure)
    if let stretch, stretch.age > configuration.stretchBars {
      self.stretch = nil
      return .refused(.stretchExpired)
    }
    guard let measure else { return .refused(.dataMissing) }
    if let begun = SkewFlow.Stretch(candle, measure, configuration), begun.side != stretch?.side {
      stretch = begun
      return .refused(.awaitRollover)
    }
    guard let stretch, let previous else {
      return .refused(measure.isFar(configuration) ? .premiumBelowFloor : .noSetup)
    }
    guard stretch.turns(candle, after: previous.close, measure, configuration) else {
      return .refused(.awaitRollover)
    }
    guard stretch.side.outward(funding?.fraction ?? 0) >= 0 else {
      self.stretch = nil
      return .refused(.fundingDisagrees)
    }
    return .turned(SkewFlow.Turn(stretch: stretch, score: stretch.side.outward(measure.score)))
  }
}

extension SkewFlow.Stretch: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(side.rawValue)
    writer.write(extreme)
    writer.write(peak)
    writer.write(age)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    side = try reader.readSide()
    let start = reader.position
    extreme = try reader.readInt64()
    peak = try reader.readDouble()
    age = try reader.readInt64()
    guard extreme > .min, extreme != 0, extreme.signum() == side.sign, peak.isFinite,
      (0..<Int64(Int32.max)).contains(age)
    else { throw .invalid(offset: start) }
  }
}

extension SkewFlow.Measure: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(score)
    writer.write(deviation)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    score = try reader.readDouble()
    deviation = try reader.readDouble()
    guard score.isFinite, deviation.isFinite else { throw .invalid(offset: start) }
  }
}

extension SkewFlow.Finding: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    switch self {
    case .turned(let turn):
      writer.write(UInt8(0))
      writer.write(turn.stretch)
      writer.write(turn.score)
    case .refused(let reason):
      writer.write(UInt8(1))
      writer.write(reason.rawValue)
    }
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    switch try reader.readByte() {
    case 0:
      let stretch = try reader.read(SkewFlow.Stretch.self)
      let score = try reader.readDouble()
      guard score.isFinite else { throw .invalid(offset: start) }
      self = .turned(SkewFlow.Turn(stretch: stretch, score: score))
    case 1:
      guard let reason = NoTradeReason(rawValue: try reader.readString()) else {
        throw .invalid(offset: start + 1)
      }
      self = .refused(reason)
    default: throw .invalid(offset: start)
    }
  }
}
