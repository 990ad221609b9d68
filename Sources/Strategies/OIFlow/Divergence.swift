import Market

extension OIFlow {
  /// A new low (for a short: high) on less open interest than its reference, which waits for its
  /// trigger.
  struct Divergence: Hashable, Sendable {
    /// The open interest at the reference.
    let reference: Quantity
    /// The open interest at the extreme.
    private(set) var interest: Quantity
    /// The extreme, along the side.
    private(set) var extreme: Int64
    /// The favourable extreme of the bar that made it: a close beyond it triggers.
    private(set) var trigger: Int64
    /// The favourable extreme between the reference and the extreme: the target.
    private(set) var target: Int64
    /// The favourable extreme since the extreme bar, itself included.
    private var since: Int64
    /// How many bars ago it was armed.
    private(set) var age: Int64 = 0

    /// What a bar does to a divergence.
    enum Step { case waits, triggered, lost, expired }

    init(reference: Quantity, interest: Quantity, target: Int64, _ bar: FacingCandle) {
      self.reference = reference
      self.interest = interest
      self.target = target
      extreme = bar.low
      trigger = bar.high
      since = bar.high
    }

    /// How much less open interest there is than at the reference.
    var gap: Double { interest.shareDown(from: reference) }

    /// Follows a bar; `interest` is nil where nobody knows it.
    mutating func absorb(
      _ bar: FacingCandle, interest: Quantity?, _ configuration: Configuration
    ) -> Step {
      age += 1
      guard age <= configuration.armedBars else { return .expired }
      if bar.low < extreme {
        guard let interest, interest.isDown(from: reference, by: configuration.divergence) else {
          return .lost
        }
        target = max(target, since)
        self.interest = interest
        extreme = bar.low
        trigger = bar.high
        since = bar.high
        return .waits
      }
      since = max(since, bar.high)
      return bar.close > trigger ? .triggered : .waits
    }
  }

  /// The divergence of one side, and what the last bar came to.
  struct Watch: Hashable, Sendable {
    /// What the last bar came to.
    enum Finding: Hashable, Sendable {
      case triggered(Divergence)
      case refused(NoTradeReason)
    }

    /// The side that would trade.
    let side: Side
    private(set) var armed: Divergence?
    private(set) var finding = Finding.refused(.noSetup)

    init(side: Side) { self.side = side }

    mutating func disarm() {
      armed = nil
      finding = .refused(.noSetup)
    }

    /// Follows the last of `bars`.
    ///
    /// A divergence triggers once, whatever comes of it. The bar at which it triggers, is lost or
    /// expires arms no other.
    mutating func absorb(_ bars: [Bar], _ trueRange: Mean, _ configuration: Configuration) {
      guard let bar = bars.last else { return }
      guard var armed else {
        finding = arm(bars, bar, trueRange, configuration)
        return
      }
      let step = armed.absorb(bar.facing(side), interest: bar.interest, configuration)
      self.armed = step == .waits ? armed : nil
      switch step {
      case .waits: finding = .refused(.armed)
      case .triggered: finding = .triggered(armed)
      case .lost: finding = .refused(.divergenceLost)
      case .expired: finding = .refused(.armExpired)
      }
    }

    /// Arms where `bar`, the last of `bars`, is an extreme that open interest does not confirm.
    private mutating func arm(
      _ bars: [Bar], _ bar: Bar, _ trueRange: Mean, _ configuration: Configuration
    ) -> Finding {
      guard bars.count > configuration.lookBack else { return .refused(.warmUp) }
      let facing = bar.facing(side)
      let before = bars.dropLast().suffix(configuration.lookBack)
      guard before.allSatisfy({ facing.low < $0.facing(side).low }) else {
        return .refused(.noSetup)
      }
      let candidates = before.dropLast(max(0, configuration.referenceGap - 1))
      guard let place = candidates.indices.min(by: { lowest(candidates, $0, $1) }) else {
        return .refused(.noSetup)
      }
      let reference = before[place]
      let between = before.suffix(from: place + 1).map { $0.facing(side).high }.max()
      guard let between,
        trueRange.isReached(
          by: Int128(between) - Int128(reference.facing(side).low),
          times: configuration.retracement)
      else { return .refused(.noSetup) }
      guard let held = reference.interest, let interest = bar.interest else {
        return .refused(.openInterestStale)
      }
      guard interest.isDown(from: held, by: configuration.divergence) else {
        return .refused(.openInterestConfirms)
      }
      armed = Divergence(reference: held, interest: interest, target: between, facing)
      return .refused(.armed)
    }

    /// Whether the bar at `one` is lower than the one at `other`; the earliest of equals is found.
    private func lowest(_ bars: ArraySlice<Bar>, _ one: Int, _ other: Int) -> Bool {
      bars[one].facing(side).low < bars[other].facing(side).low
    }
  }
}

extension OIFlow.Divergence: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(reference)
    writer.write(interest)
    writer.write(extreme)
    writer.write(trigger)
    writer.write(target)
    writer.write(since)
    writer.write(age)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    reference = try reader.readInterest()
    interest = try reader.readInterest()
    let start = reader.position
    extreme = try reader.readInt64()
    trigger = try reader.readInt64()
    target = try reader.readInt64()
    since = try reader.readInt64()
    age = try reader.readInt64()
    let levels = [extreme, trigger, target, since]
    guard extreme != 0,
      levels.allSatisfy({ $0 > .min && $0.signum() == extreme.signum() }),
      (0..<Int64(Int32.max)).contains(age)
    else { throw .invalid(offset: start) }
  }
}

extension OIFlow.Watch {
  func write(to writer: inout BinaryWriter) {
    writer.write(armed)
    switch finding {
    case .triggered(let divergence):
      writer.write(UInt8(0))
      writer.write(divergence)
    case .refused(let reason):
      writer.write(UInt8(1))
      writer.write(reason.rawValue)
    }
  }

  init(side: Side, from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(side: side)
    if try reader.readBool() { armed = try Self.readDivergence(of: side, &reader) }
    let start = reader.position
    switch try reader.readByte() {
    case 0: finding = .triggered(try Self.readDivergence(of: side, &reader))
    case 1:
      guard let reason = NoTradeReason(rawValue: try reader.readString()) else {
        throw .invalid(offset: start + 1)
      }
      finding = .refused(reason)
    default: throw .invalid(offset: start)
    }
  }

  private static func readDivergence(
    of side: Side, _ reader: inout BinaryReader
  ) throws(BinaryFault) -> OIFlow.Divergence {
    let start = reader.position
    let divergence: OIFlow.Divergence = try reader.read()
    guard divergence.extreme.signum() == side.sign else { throw .invalid(offset: start) }
    return divergence
  }
}
