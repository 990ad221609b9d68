public import Market

/// A market for demonstrations: every minute it turns, so that averages cross all the time.
///
/// The closes of the minutes lie in turn above and below a middle that hardly moves. After a close
/// the price rests for a moment, runs on in the direction that it had, turns, and is on the other
/// side at the next close. A strategy that follows crossings enters at a close, and more often than
/// not the run reaches its target before the turn takes it to its stop. No market is like that: it
/// shows that everything works, and says nothing about any strategy.
public struct Zigzag: Hashable, Sendable {
  /// The middle.
  public var price: Price
  /// The mean distance of the closes from the middle, in parts per million.
  public var swing: Int64
  /// How far the price runs beyond the last close before it turns: half of this to three halves, in
  /// parts per million.
  public var reach: Int64

  /// Describes a market around `price`.
  public init(price: Price, swing: Int64 = 4_000, reach: Int64 = 11_000) {
    self.price = price
    self.swing = max(0, min(swing, 200_000))
    self.reach = max(0, min(reach, 200_000))
  }

  /// The price at a time, before it is rounded to a tick; a function of noise and time alone.
  func value(at time: Instant, _ noise: Noise) -> Double {
    let length = Interval.minutes(1).nanoseconds
    let minute = time.nanoseconds.floorDivided(by: length)
    let share = Double(time.nanoseconds - minute * length) / Double(length)
    let from = close(minute, noise)
    let extent = Double(reach) / 1e6 * (0.5 + Self.unit(noise, minute, salt: 1))
    let turn = from + Self.direction(minute) * extent
    let offset: Double
    if share < 1.0 / 12 {
      offset = from
    } else if share < 5.0 / 12 {
      offset = from + (turn - from) * (share - 1.0 / 12) * 3
    } else {
      offset = turn + (close(minute + 1, noise) - turn) * (share - 5.0 / 12) * 12 / 7
    }
    return price.double * (1 + offset + drift(at: time, noise))
  }

  /// The close before a minute, as a fraction from the middle.
  private func close(_ minute: Int64, _ noise: Noise) -> Double {
    Self.direction(minute) * Double(swing) / 1e6 * (0.8 + 0.4 * Self.unit(noise, minute, salt: 2))
  }

  /// How far the middle is off: a level for each hour, within 0.02 %, and straight lines between.
  private func drift(at time: Instant, _ noise: Noise) -> Double {
    let length = Interval.hours(1).nanoseconds
    let hour = time.nanoseconds.floorDivided(by: length)
    let share = Double(time.nanoseconds - hour * length) / Double(length)
    let from = Self.unit(noise, hour, salt: 3) - 0.5
    let to = Self.unit(noise, hour + 1, salt: 3) - 0.5
    return (from + (to - from) * share) / 2_500
  }

  private static func direction(_ minute: Int64) -> Double { minute.isMultiple(of: 2) ? 1 : -1 }

  /// A number from 0 to 1.
  private static func unit(_ noise: Noise, _ index: Int64, salt: UInt64) -> Double {
    let word = noise.word(UInt64(bitPattern: index) &* 4 &+ salt)
    return Double(word >> 11) / 9_007_199_254_740_992
  }
}
