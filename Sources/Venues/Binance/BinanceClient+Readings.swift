import Market

// Open interest, settled funding and the venue's clock.
extension BinanceClient {
  /// Takes `/fapi/v1/time`; the clock in the list of symbols is hours old at times.
  mutating func clock(
    _ root: JSONValue, _ sent: BinanceSent, _ body: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) -> Bool {
    guard let time = root["serverTime"]?.milliseconds else {
      reject(.serverTime, .member("serverTime"), body, into: &effects)
      return false
    }
    let half = (now.monotonic - sent.sentAt.monotonic).nanoseconds / 2
    let offset = time - (now.wall - Interval(nanoseconds: half))
    guard offset.nanoseconds.magnitude <= Interval.days(366).nanoseconds.magnitude else {
      reject(.serverTime, .inconsistent, body, into: &effects)
      return false
    }
    clockOffset = offset
    awaitFinals(at: now, into: &effects)
    return true
  }

  // MARK: Open interest

  /// Asks for what is new, and sets the timer for the next five minutes.
  mutating func askForInterest(at now: Now, into effects: inout [ClientEffect]) {
    guard !interest.isEmpty, !isStopped, !isBarred else { return }
    for progress in interest where !unlisted.contains(progress.symbol) {
      ask(.openInterest(progress.symbol, since: progress.since), at: now, into: &effects)
    }
    let time = passed(at: now) - configuration.openInterestDelay
    let next = Timeframe.m5.open(containing: time) + .minutes(5) + configuration.openInterestDelay
    timers.set(Timer.openInterest.rawValue, at: moment(of: next, at: now), into: &effects)
  }

  mutating func openInterest(
    _ root: JSONValue, of symbol: Symbol, _ body: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) -> Bool {
    guard let rows = root.elements else {
      reject(.openInterest, .member("array"), body, into: &effects)
      return false
    }
    guard let index = interest.firstIndex(where: { $0.symbol == symbol }) else { return true }
    for row in rows {
      do throws(WireFault) {
        let reading = try BinanceWire.openInterest(row, of: symbol)
        guard reading.time <= latest(at: now) else { throw .inconsistent }
        if interest[index].admits(reading.time) {
          effects.append(.market(.openInterest(reading)))
        }
      } catch {
        reject(.openInterest, error.reason, body, into: &effects)
      }
    }
    // The newest point appears some time after its stamp.
    let due = Timeframe.m5.open(containing: passed(at: now) - configuration.openInterestDelay)
    if let last = interest[index].last, last >= due { return true }
    ask(
      .openInterest(symbol, since: interest[index].since), after: configuration.readingRetry,
      at: now, into: &effects)
    return true
  }

  // MARK: Funding

  /// Asks for every symbol whose next settlement is due, and sets the timer for the next one.
  mutating func askForFunding(at now: Now, into effects: inout [ClientEffect]) {
    let time = passed(at: now)
    for progress in settlements where !unlisted.contains(progress.symbol) {
      guard let next = progress.next else {
        ask(.funding(progress.symbol, since: nil), at: now, into: &effects)
        continue
      }
      guard next + configuration.fundingDelay <= time else { continue }
      ask(.funding(progress.symbol, since: Self.after(progress)), at: now, into: &effects)
    }
    awaitSettlement(at: now, into: &effects)
  }

  // A settlement is stamped up to some milliseconds after its hour: half an hour parts it from
  // the next one for certain.
  private static func after(_ progress: ReadingProgress) -> Instant? {
    progress.last.map { $0 + .minutes(30) }
  }

  private mutating func awaitSettlement(at now: Now, into effects: inout [ClientEffect]) {
    guard !isStopped, !isBarred else { return }
    let due = settlements.filter { progress in
      !unlisted.contains(progress.symbol)
        && !isAsking(.funding(progress.symbol, since: nil))
    }.compactMap(\.next).min()
    guard let due else { return timers.clear(Timer.funding.rawValue, into: &effects) }
    timers.set(
      Timer.funding.rawValue, at: moment(of: due + configuration.fundingDelay, at: now),
      into: &effects)
  }

  mutating func funding(
    _ root: JSONValue, of symbol: Symbol, _ body: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) -> Bool {
    guard let rows = root.elements else {
      reject(.fundingRate, .member("array"), body, into: &effects)
      return false
    }
    guard let index = settlements.firstIndex(where: { $0.symbol == symbol }) else { return true }
    var earlier = settlements[index].last
    for row in rows {
      do throws(WireFault) {
        let (hour, rate) = try BinanceWire.settlement(row, of: symbol)
        guard hour <= latest(at: now) else { throw .inconsistent }
        if let earlier { notePeriod(index, hour - earlier) }
        earlier = hour
        guard settlements[index].admits(hour) else { continue }
        settlements[index].misses = 0
        effects.append(
          .market(
            .funding(
              Funding(
                symbol: symbol, venue: .binance, time: hour, rate: rate,
                period: settlements[index].period))))
      } catch {
        reject(.fundingRate, error.reason, body, into: &effects)
      }
    }
    if let next = settlements[index].next,
      next + configuration.fundingDelay > passed(at: now)
    {
      awaitSettlement(at: now, into: &effects)
      return true
    }
    // Late, or left out: asked for again, soon at first.
    settlements[index].misses = min(settlements[index].misses + 1, 16)
    let patience = BackOff(first: configuration.readingRetry, longest: .minutes(5))
    ask(
      .funding(symbol, since: Self.after(settlements[index])),
      after: patience.wait(after: settlements[index].misses, seed: configuration.seed), at: now,
      into: &effects)
    awaitSettlement(at: now, into: &effects)
    return true
  }

  /// Takes the time between two settlements as the period, where it can be one.
  private mutating func notePeriod(_ index: Int, _ spacing: Interval) {
    if Self.periods.contains(spacing) { settlements[index].period = spacing }
  }

  /// The periods in use at the venue.
  private static var periods: [Interval] { [1, 2, 4, 8].map(Interval.hours) }

  /// Takes the list of symbols whose period is not the usual one.
  mutating func fundingPeriods(
    _ root: JSONValue, _ body: [UInt8], into effects: inout [ClientEffect]
  ) -> Bool {
    guard let rows = root.elements else {
      reject(.fundingRate, .member("array"), body, into: &effects)
      return false
    }
    for row in rows {
      guard let symbol = row["symbol"]?.text.flatMap({ Symbol.ofBinancePair($0) }),
        let index = settlements.firstIndex(where: { $0.symbol == symbol }),
        let hours = row["fundingIntervalHours"]?.int64, (1...24).contains(hours)
      else { continue }
      notePeriod(index, .hours(hours))
    }
    return true
  }
}
