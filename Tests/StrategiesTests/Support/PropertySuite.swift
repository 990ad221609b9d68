import Choice
import Market
import Risk
import Strategies

/// The properties of `strategies.md` section 7, for any strategy.
///
/// Each returns what violates it first, or nil where it holds, so that a test can also assert that
/// a planted mistake is caught, and so that failing data can be shrunk.
struct PropertySuite {
  /// Makes the strategy; planted ones peek into `feed`, real ones have no use for it.
  typealias Factory = (_ feed: Feed) throws -> any StrategyInstance

  let make: Factory
  let feed: Feed
  /// Whether positions are held, so that the strategy is also asked whether to leave them.
  var holds = false

  /// What was expected and what came, at one place.
  struct Violation: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  func decisions() throws -> [Decision] { Driver.run(feed, try make(feed), holding: holds) }

  /// Signals in the feed; a property that saw none has shown little.
  func signalCount() throws -> Int { try decisions().count { $0.signal != nil } }

  /// 1: a decision is the same where the data end with it, for every decision.
  ///
  /// What precedes the end is taken from the memory that the whole run had by then, so that each
  /// end costs one candle.
  func truncation() throws -> Violation? {
    var driver = Driver(try make(feed), holding: holds)
    for moment in feed.moments {
      guard moment.candles.contains(where: driver.asks) else {
        driver.feed(moment)
        continue
      }
      var ended = driver
      ended.instance = try make(feed.until(moment.time))
      try ended.instance.restore(stateBytes: driver.instance.stateBytes)
      ended.feed(moment)
      driver.feed(moment)
      guard ended.decisions.last == driver.decisions.last else {
        return Violation(
          description: "data end at \(moment.time): \(String(describing: ended.decisions.last))")
      }
    }
    return nil
  }

  /// 2: garbage after a time does not change what was decided until then.
  ///
  /// Each cut is reached anew from a day before it, with the memory that the whole run had there.
  func futureShuffle(cuts: Int) throws -> Violation? {
    let whole = try decisions()
    let times = cutTimes(cuts, in: whole)
    for (cut, before) in try drivers(at: times.map { ($0, $0 - .days(1)) }) {
      let garbled = feed.mapped {
        $0.closeTime <= cut ? $0 : $0.garbled()
      } readings: {
        $0.received <= cut ? $0 : $0.garbled()
      }
      var driver = before
      driver.instance = try make(garbled)
      try driver.instance.restore(stateBytes: before.instance.stateBytes)
      for moment in garbled.moments where moment.time > cut - .days(1) && moment.time <= cut {
        driver.feed(moment)
      }
      let expected = whole.filter { $0.time <= cut }
      if let difference = Self.difference(expected, driver.decisions, "garbage after \(cut)") {
        return difference
      }
    }
    return nil
  }

  /// 3: the market turned upside down turns every decision.
  func mirror(around sum: Price, within tolerance: Tolerance = Tolerance()) throws -> Violation? {
    let mirrored = feed.mapped {
      $0.mirrored(around: sum)
    } readings: {
      $0.mirrored(around: sum)
    }
    let expected = try decisions().map { $0.mirrored(around: sum).unitFree }
    let got = Driver.run(mirrored, try make(mirrored), holding: holds).map(\.unitFree)
    return Self.difference(expected, got, "mirror") { $0.agrees(with: $1, within: tolerance) }
  }

  /// 4: ten times the price and seven times the volume change the levels tenfold, nothing else.
  func scale() throws -> Violation? {
    let scaled = feed.mapped {
      $0.scaled(price: 10, volume: 7)
    } readings: {
      $0.scaled(price: 10, volume: 7)
    }
    let expected = try decisions().map { $0.scaled(price: 10).unitFree }
    let got = Driver.run(scaled, try make(scaled), holding: holds).map(\.unitFree)
    return Self.difference(expected, got, "scale")
  }

  /// 5: a restart after any candle changes nothing, and the bytes describe the memory wholly.
  ///
  /// Before `settled`, while windows only fill, every seventh moment is enough.
  func restart(settled: Instant? = nil) throws -> Violation? {
    let expected = try decisions()
    var driver = Driver(try make(feed), holding: holds)
    for (index, moment) in feed.moments.enumerated() {
      driver.feed(moment)
      guard moment.time >= settled ?? moment.time || index.isMultiple(of: 7) else { continue }
      let bytes = driver.instance.stateBytes
      var fresh = try make(feed)
      try fresh.restore(stateBytes: bytes)
      if fresh.stateBytes != bytes {
        return Violation(description: "bytes differ after a restart at \(moment.time)")
      }
      driver.instance = fresh
    }
    return Self.difference(expected, driver.decisions, "restart")
  }

  /// 6: every candle twice is every candle once.
  func idempotence(settled: Instant? = nil) throws -> Violation? {
    var once = Driver(try make(feed), holding: holds)
    var twice = once
    for (index, moment) in feed.moments.enumerated() {
      once.feed(moment)
      twice.feed(moment)
      let before = twice.decisions.count
      twice.feed(moment.candles)
      if moment.candles.contains(where: twice.asks),
        let last = twice.decisions.last, last != twice.decisions[before - 1]
      {
        return Violation(description: "a second answer at \(last.time): \(last.outcome)")
      }
      guard moment.time >= settled ?? moment.time || index.isMultiple(of: 7) else { continue }
      if once.instance.stateBytes != twice.instance.stateBytes {
        return Violation(description: "memory moved twice at \(moment.time)")
      }
    }
    return nil
  }

  /// 7: candles of one close time may come in any order.
  func order(seed: UInt64) throws -> Violation? {
    var choices = Chooser.seeded(seed).stream("arrival")
    var sorted = Driver(try make(feed), holding: holds)
    var driver = sorted
    for moment in feed.moments {
      var shuffled = moment
      choices.shuffle(&shuffled.candles)
      sorted.feed(moment)
      driver.feed(shuffled)
      guard moment.candles.count > 1 else { continue }
      if sorted.instance.stateBytes != driver.instance.stateBytes {
        return Violation(description: "memories differ at \(moment.time)")
      }
    }
    return Self.difference(sorted.decisions, driver.decisions, "order")
  }

  /// 8: a candle missing inside a look-back window is `GAP_IN_HISTORY` until it has left it.
  ///
  /// `windows` says how far the specification looks back, whatever the strategy declares.
  func gap(in windows: [LookBack], positions: Int) throws -> Violation? {
    let whole = try decisions()
    for window in windows {
      // The missing candle is the newest of its series at the time, and the window is whole.
      let times = cutTimes(positions, in: Array(whole[(whole.count / 2)...])).map {
        let opening = window.timeframe.open(containing: $0 - .milliseconds(1))
        return (opening, opening)
      }
      for (opening, before) in try drivers(at: times) {
        let closing = opening + window.timeframe.interval
        let end = closing + window.timeframe.interval * Int64(window.length)
        var driver = before
        let known = driver.decisions.count
        for moment in feed.moments where moment.time > opening && moment.time < end {
          var holed = moment
          holed.candles.removeAll {
            $0.timeframe == window.timeframe && $0.openTime == opening
              && $0.symbol == window.symbol
          }
          driver.feed(holed)
        }
        for decision in driver.decisions.dropFirst(known) where decision.time >= closing {
          guard let reason = decision.reason, window.reasons.contains(reason) else {
            return Violation(
              description:
                "\(window.symbol) \(window.timeframe.name) of \(opening) is missing, yet "
                + "\(decision.outcome) at \(decision.time)")
          }
        }
      }
    }
    return nil
  }

  /// 9: every signal pays at least twice its risk, on tick, with its levels in order.
  ///
  /// Of a pair it is the spread that pays, so that a leg's own distances need only be in order; the
  /// legs trade opposite ways.
  func rewardToRisk() throws -> Violation? {
    let instance = try make(feed)
    for decision in try decisions() {
      guard let signal = decision.signal else { continue }
      let first = Leg(
        side: signal.side, entry: signal.entry, stop: signal.stop, target: signal.target)
      var isSound =
        first.isSound(on: instance.instrument) && signal.rewardToRisk.count >= 20_000
        && (0...10_000).contains(signal.confidence.count)
      if let pair = signal.pair {
        let other = Leg(
          side: pair.side, entry: pair.entry, stop: pair.stop, target: pair.target)
        isSound =
          isSound && pair.side == signal.side.opposite
          && instance.otherLeg.map(other.isSound) ?? false
      } else {
        isSound = isSound && first.reward >= 2 * first.risk
      }
      guard isSound else { return Violation(description: "\(signal) at \(decision.time)") }
    }
    return nil
  }

  /// One leg of a trade.
  private struct Leg {
    let side: Side
    let entry: Price
    let stop: Price
    let target: Price

    var risk: Int64 { (entry.steps - stop.steps) * side.sign }
    var reward: Int64 { (target.steps - entry.steps) * side.sign }

    func isSound(on instrument: Instrument) -> Bool {
      risk > 0 && reward > 0 && instrument.onTick(stop, .down) == stop
        && instrument.onTick(target, .down) == target
    }
  }

  /// Data health (`strategies.md` section 4.3): an input that no longer comes stops the trading.
  ///
  /// From `delay` after its last reading on, every decision is one of `reasons`, or is made with
  /// the little confidence of one who knows less.
  func starving(_ starvation: Starvation, cuts: Int) throws -> Violation? {
    let whole = try decisions()
    let signals = whole.filter { $0.signal != nil }.map { $0.time - starvation.delay }
    for (cut, before) in try drivers(at: Self.spread(cuts, over: signals).map { ($0, $0) }) {
      var driver = before
      let known = driver.decisions.count
      let end = cut + starvation.delay + .days(2)
      for moment in feed.moments where moment.time > cut && moment.time <= end {
        var starved = moment
        starvation.take(from: &starved)
        driver.feed(starved)
      }
      for decision in driver.decisions.dropFirst(known)
      where decision.time >= cut + starvation.delay {
        guard starvation.allows(decision) else {
          return Violation(
            description:
              "no \(starvation.kind) after \(cut), yet \(decision.outcome) at \(decision.time)")
        }
      }
    }
    return nil
  }

  /// The whole run as it stood after the last moment not later than each second time.
  private func drivers(at times: [(Instant, Instant)]) throws -> [(Instant, Driver)] {
    var driver = Driver(try make(feed), holding: holds)
    var result: [(Instant, Driver)] = []
    var waiting = times.sorted { $0.1 < $1.1 }[...]
    for moment in feed.moments {
      while let next = waiting.first, next.1 < moment.time {
        result.append((next.0, driver))
        waiting.removeFirst()
      }
      guard !waiting.isEmpty else { break }
      driver.feed(moment)
    }
    return result + waiting.map { ($0.0, driver) }
  }

  private func cutTimes(_ count: Int, in decisions: [Decision]) -> [Instant] {
    // Around signals, where a mistake shows, and evenly spread.
    Self.spread(count, over: decisions.filter { $0.signal != nil }.map(\.time))
      + Self.spread(count, over: decisions.map(\.time))
  }

  /// About `count` of `times`, evenly spread.
  private static func spread(_ count: Int, over times: [Instant]) -> [Instant] {
    stride(from: 0, to: times.count, by: max(1, times.count / max(1, count))).map { times[$0] }
  }

  static func difference<Element: Equatable>(
    _ expected: [Element], _ got: [Element], _ what: String,
    agree: (Element, Element) -> Bool = { $0 == $1 }
  ) -> Violation? {
    guard expected.count == got.count else {
      return Violation(description: "\(what): \(expected.count) decisions, then \(got.count)")
    }
    for (old, new) in zip(expected, got) where !agree(old, new) {
      return Violation(description: "\(what): \(old)\nthen: \(new)")
    }
    return nil
  }
}
