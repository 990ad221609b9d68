public import Market

extension PairFlow {
  /// The closes of both legs, the line through them and the one that is held.
  public struct State: Hashable, Sendable {
    var first: Leg
    var other: Leg
    /// What the closes amount to, while both legs have closed the same bars; a function of them.
    private(set) var spread: PairSpread?
    /// The line of the newest signal.
    var held: Held?

    init(length: Int) {
      first = Leg(count: length + 2)
      other = Leg(count: length + 2)
    }
  }

  /// A price at a time.
  struct Mark: Hashable, Sendable {
    let price: Price
    let time: Instant
  }

  /// What one leg has shown.
  struct Leg: Hashable, Sendable {
    /// The four-hour closes in steps, without a gap.
    private(set) var closes: Window
    /// When the newest of them closed.
    private(set) var through: Instant?
    /// The newest close of any series.
    private(set) var mark: Mark?

    init(count: Int) { closes = Window(capacity: count) }

    mutating func absorb(_ candle: Candle) {
      if mark.map({ $0.time <= candle.closeTime }) ?? true {
        mark = Mark(price: candle.close, time: candle.closeTime)
      }
      guard candle.timeframe == .h4 else { return }
      if let through, through != candle.openTime { closes.removeAll() }
      closes.push(candle.close.steps)
      through = candle.closeTime
    }

    /// The price at `time`; nil where the leg has not closed a candle then.
    func price(at time: Instant) -> Price? { mark.flatMap { $0.time == time ? $0.price : nil } }

    var logarithms: [Double] { (0..<closes.count).map { ln(Double(closes[$0])) } }
  }

  /// What a position was opened on.
  struct Held: Hashable, Sendable {
    let line: PairLine
    /// The first leg's.
    let side: Side
  }
}

extension PairFlow.State {
  func fits(length: Int) -> Bool { first.closes.capacity == length + 2 }

  mutating func absorb(_ candle: Candle, isOther: Bool) {
    if isOther { other.absorb(candle) } else { first.absorb(candle) }
    if candle.timeframe == .h4 { fit() }
  }

  /// What both legs amount to at `time`; nil unless both closed a bar then, and all before it.
  func spread(at time: Instant) -> PairSpread? { first.through == time ? spread : nil }

  /// z at `time` on the line held; nil where either leg has no price of that time.
  func heldScore(at time: Instant) -> Double? {
    guard let held, let one = first.price(at: time), let two = other.price(at: time) else {
      return nil
    }
    return held.line.score(ln(Double(one.steps)), ln(Double(two.steps)))
  }

  private mutating func fit() {
    guard first.through == other.through, first.closes.isFull, other.closes.isFull else {
      spread = nil
      return
    }
    spread = PairSpread(first: first.logarithms, other: other.logarithms)
  }
}

extension PairFlow.State: BinaryCodable {
  /// Writes closes and the line held.
  public func write(to writer: inout BinaryWriter) {
    writer.write(first.closes.capacity)
    first.write(to: &writer)
    other.write(to: &writer)
    writer.write(held)
  }

  /// Reads closes and the line held; what the closes amount to follows from them.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a state.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    let count = try reader.readInt()
    guard (1...100_000).contains(count) else { throw .invalid(offset: start) }
    first = try PairFlow.Leg(count: count, from: &reader)
    other = try PairFlow.Leg(count: count, from: &reader)
    held = try reader.readOptional()
    fit()
  }
}

extension PairFlow.Leg {
  func write(to writer: inout BinaryWriter) {
    closes.write(to: &writer)
    writer.write(through)
    writer.write(mark?.price)
    writer.write(mark?.time)
  }

  init(count: Int, from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    closes = try Window(capacity: count, from: &reader)
    guard closes.minimum ?? 1 > 0 else { throw .invalid(offset: start) }
    through = try reader.readOptionalTime()
    let offset = reader.position
    switch (try reader.readOptionalPrice(), try reader.readOptionalTime()) {
    case (let price?, let time?): mark = PairFlow.Mark(price: price, time: time)
    case (nil, nil): mark = nil
    default: throw .invalid(offset: offset)
    }
  }
}

extension PairFlow.Held: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(line.alpha)
    writer.write(line.beta)
    writer.write(line.deviation)
    writer.write(side.rawValue)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    line = PairLine(
      alpha: try reader.readDouble(), beta: try reader.readDouble(),
      deviation: try reader.readDouble())
    guard line.alpha.isFinite, line.beta.isFinite, line.deviation.isFinite, line.deviation > 0
    else { throw .invalid(offset: start) }
    side = try reader.readSide()
  }
}
