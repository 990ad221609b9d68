import Choice
import Market
import Risk
import Strategies

/// The properties of `strategies.md` section 7, for any strategy.
///
/// Each returns what violates it first, or nil where it holds, so that a test can also assert that
/// a planted mistake is caught.
struct PropertySuite {
  /// Makes the strategy; planted ones peek into `feed`, real ones have no use for it.
  typealias Factory = (_ feed: Feed) throws -> any StrategyInstance

  let make: Factory
  let feed: Feed

  /// What was expected and what came, at one place.
  struct Violation: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  func decisions() throws -> [Decision] { Driver.run(feed, try make(feed)) }

  /// Signals in the feed; a property that saw none has shown little.
  func signalCount() throws -> Int { try decisions().count { $0.signal != nil } }

  /// 1: a decision is the same where the data end with it, for every decision.
  ///
  /// What precedes the end is taken from the memory that the whole run had by then, so that each
  /// end costs one candle.
  func truncation() throws -> Violation? {
    var driver = Driver(try make(feed))
    for group in feed.groups {
      guard let trigger = group.first(where: { $0.timeframe == driver.instance.trigger }) else {
        driver.feed(group)
        continue
      }
      let time = trigger.closeTime
      var ended = driver
      ended.instance = try make(feed.until(time))
      try ended.instance.restore(stateBytes: driver.instance.stateBytes)
      ended.feed(group)
      driver.feed(group)
      guard ended.decisions.last == driver.decisions.last else {
        return Violation(
          description: "data end at \(time): \(String(describing: ended.decisions.last))")
      }
    }
    return nil
  }

  /// 2: garbage after a time does not change what was decided until then.
  func futureShuffle(cuts: Int) throws -> Violation? {
    let whole = try decisions()
    for cut in cutTimes(cuts, in: whole) {
      let garbled = feed.mapped { $0.closeTime <= cut ? $0 : $0.garbled() }
      let got = Driver.run(garbled, try make(garbled)).prefix { $0.time <= cut }
      let expected = whole.prefix { $0.time <= cut }
      if let difference = Self.difference(Array(expected), Array(got), "garbage after \(cut)") {
        return difference
      }
    }
    return nil
  }

  /// 3: the market turned upside down turns every decision.
  func mirror(around sum: Price) throws -> Violation? {
    let mirrored = feed.mapped { $0.mirrored(around: sum) }
    let expected = try decisions().map { $0.mirrored(around: sum).unitFree }
    let got = Driver.run(mirrored, try make(mirrored)).map(\.unitFree)
    return Self.difference(expected, got, "mirror")
  }

  /// 4: ten times the price and seven times the volume change the levels tenfold, nothing else.
  func scale() throws -> Violation? {
    let scaled = feed.mapped { $0.scaled(price: 10, volume: 7) }
    let expected = try decisions().map { $0.scaled(price: 10).unitFree }
    let got = Driver.run(scaled, try make(scaled)).map(\.unitFree)
    return Self.difference(expected, got, "scale")
  }

  /// 5: a restart after any candle changes nothing, and the bytes describe the memory wholly.
  func restart() throws -> Violation? {
    let expected = try decisions()
    var driver = Driver(try make(feed))
    for group in feed.groups {
      driver.feed(group)
      let bytes = driver.instance.stateBytes
      var fresh = try make(feed)
      try fresh.restore(stateBytes: bytes)
      if fresh.stateBytes != bytes {
        return Violation(
          description:
            "bytes differ after a restart at \(String(describing: group.first?.closeTime))")
      }
      driver.instance = fresh
    }
    return Self.difference(expected, driver.decisions, "restart")
  }

  /// 6: everything twice is everything once.
  func idempotence() throws -> Violation? {
    var once = Driver(try make(feed))
    var twice = Driver(try make(feed))
    for group in feed.groups {
      once.feed(group)
      twice.feed(group)
      let before = twice.decisions.count
      twice.feed(group)
      if let last = twice.decisions.last,
        group.contains(where: { $0.timeframe == twice.instance.trigger }),
        last != twice.decisions[before - 1]
      {
        return Violation(description: "a second answer at \(last.time): \(last.outcome)")
      }
      if once.instance.stateBytes != twice.instance.stateBytes {
        return Violation(
          description: "memory moved twice at \(String(describing: group.first?.closeTime))")
      }
    }
    return nil
  }

  /// 7: candles of one close time may come in any order.
  func order(seed: UInt64) throws -> Violation? {
    var stream = Chooser.seeded(seed).stream("arrival")
    var sorted = Driver(try make(feed))
    var driver = sorted
    for group in feed.groups {
      var shuffled = group
      for index in shuffled.indices.dropFirst() {
        shuffled.swapAt(index, Int(stream.draw(below: UInt64(index + 1))))
      }
      sorted.feed(group)
      driver.feed(shuffled)
      if sorted.instance.stateBytes != driver.instance.stateBytes {
        return Violation(
          description: "memories differ at \(String(describing: group.first?.closeTime))")
      }
    }
    return Self.difference(sorted.decisions, driver.decisions, "order")
  }

  /// 8: a candle missing inside a look-back window is `GAP_IN_HISTORY` until it has left it.
  ///
  /// `windows` says how far the specification looks back, whatever the strategy declares.
  func gap(in windows: [(Timeframe, Int)], positions: Int) throws -> Violation? {
    let whole = try decisions()
    for (timeframe, length) in windows {
      for missing in cutTimes(positions, in: Array(whole[(whole.count / 2)...])) {
        let opening = timeframe.open(containing: missing - .milliseconds(1))
        let holed = feed.mapped {
          $0.timeframe == timeframe && $0.openTime == opening ? nil : $0
        }
        let window = timeframe.interval * Int64(length)
        let closing = opening + timeframe.interval
        for decision in Driver.run(holed, try make(holed))
        where decision.time >= closing && decision.time < closing + window {
          guard decision.reason == .gapInHistory else {
            return Violation(
              description:
                "\(timeframe.name) of \(opening) is missing, yet \(decision.outcome) "
                + "at \(decision.time)"
            )
          }
        }
      }
    }
    return nil
  }

  /// 9: every signal pays at least twice its risk, on tick, with its levels in order.
  func rewardToRisk() throws -> Violation? {
    let instrument = try make(feed).instrument
    for decision in try decisions() {
      guard let signal = decision.signal else { continue }
      let risk = (signal.entry.steps - signal.stop.steps) * signal.side.sign
      let reward = (signal.target.steps - signal.entry.steps) * signal.side.sign
      guard risk > 0, reward >= 2 * risk, signal.rewardToRisk.count >= 20_000,
        instrument.onTick(signal.stop, .down) == signal.stop,
        instrument.onTick(signal.target, .down) == signal.target,
        (0...10_000).contains(signal.confidence.count)
      else { return Violation(description: "\(signal) at \(decision.time)") }
    }
    return nil
  }

  private func cutTimes(_ count: Int, in decisions: [Decision]) -> [Instant] {
    // Around signals, where a mistake shows, and evenly spread.
    let signals = decisions.filter { $0.signal != nil }.map(\.time)
    let near = stride(from: 0, to: signals.count, by: max(1, signals.count / count))
      .map { signals[$0] }
    let even = stride(from: 0, to: decisions.count, by: max(1, decisions.count / count))
      .map { decisions[$0].time }
    return near + even
  }

  static func difference<Element: Equatable>(
    _ expected: [Element], _ got: [Element], _ what: String
  ) -> Violation? {
    guard expected.count == got.count else {
      return Violation(description: "\(what): \(expected.count) decisions, then \(got.count)")
    }
    for (old, new) in zip(expected, got) where old != new {
      return Violation(description: "\(what): \(old)\nthen: \(new)")
    }
    return nil
  }
}
