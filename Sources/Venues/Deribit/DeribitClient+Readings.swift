import Market

// The two timetables, and what their replies become.
extension DeribitClient {
  /// Which multiple of an interval holds a time.
  private func slot(of time: Instant, _ interval: Interval) -> Int64 {
    time.nanoseconds.floorDivided(by: max(interval.nanoseconds, 1))
  }

  /// How long it is to the next multiple of an interval.
  private func wait(for interval: Interval, at now: Now) -> Interval {
    let length = max(interval.nanoseconds, 1)
    let past = now.wall.nanoseconds - now.wall.nanoseconds.floorDivided(by: length) * length
    return Interval(nanoseconds: length - past)
  }

  mutating func scheduleChains(at now: Now, into effects: inout [ClientEffect]) {
    guard !currencies.isEmpty else { return }
    let wait = wait(for: configuration.chainInterval, at: now)
    set(.chain, at: now.monotonic + wait, into: &effects)
  }

  mutating func chainsDue(at now: Now, into effects: inout [ClientEffect]) {
    for currency in currencies { enqueue(.chain(currency: currency), at: now, into: &effects) }
    scheduleChains(at: now, into: &effects)
  }

  /// Whether a chain of this multiple of the interval is missing.
  func lacksChain(_ currency: String, at now: Now) -> Bool {
    let slot = slot(of: now.wall, configuration.chainInterval)
    return underlyings(in: currency).contains { chains[$0.index].slot != slot }
  }

  /// Makes chains of an option book.
  ///
  /// A row that is damaged is left out and counted once a book; where more than a tenth are, the
  /// book is refused whole, as what it would say of the dealers' gamma has no worth.
  mutating func tookChain(
    of currency: String, _ result: JSONValue, _ bytes: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) throws(WireFault) {
    guard let rows = result.elements else { throw .member("result") }
    let members = underlyings(in: currency)
    var quotes: [[OptionQuote]] = members.map { _ in [] }
    var oldest: [Instant?] = members.map { _ in nil }
    var isListed = members.map { _ in false }
    var seen: Set<DeribitOptionName> = []
    var (count, damaged) = (0, 0)
    var damage: WireFault?
    for row in rows {
      count += 1
      do throws(WireFault) {
        let summary = try DeribitWire.summary(row) { name in
          guard let member = members.firstIndex(where: { accepts(name, $0.market) }) else {
            return false
          }
          isListed[member] = true
          return true
        }
        guard let summary else { continue }
        guard seen.insert(summary.name).inserted else { throw WireFault.inconsistent }
        try check(summary, at: now)
        guard let member = members.firstIndex(where: { accepts(summary.name, $0.market) })
        else { continue }
        quotes[member].append(summary.quote)
        oldest[member] = min(oldest[member] ?? summary.time, summary.time)
      } catch {
        damaged += 1
        damage = damage ?? error
      }
    }
    guard damaged * 10 <= count else { throw damage ?? .inconsistent }
    if let damage { reject(.bookSummary, damage.reason, bytes, into: &effects) }
    let slot = slot(of: now.wall, configuration.chainInterval)
    for (place, member) in members.enumerated() {
      guard let time = oldest[place] else {
        // Without options there is nothing to ask for again; with none that counts there is no
        // chain to be had now.
        effects.append(
          isListed[place]
            ? .requestFailed(.optionChain(member.market.symbol), .malformed)
            : .feed(.unlisted(member.market.symbol)))
        continue
      }
      guard chains[member.index].time.admits(time) else {
        reject(.bookSummary, .stale, bytes, into: &effects)
        continue
      }
      chains[member.index].slot = slot
      effects.append(
        .market(
          .optionChain(
            OptionChain(
              symbol: member.market.symbol, venue: .deribit, time: time, quotes: quotes[place]))))
    }
  }

  private func accepts(_ name: DeribitOptionName, _ market: DeribitMarket) -> Bool {
    name.underlying == market.symbol && name.isLinear == !market.isInverse
  }

  /// Refuses a row whose time or underlying price cannot be.
  private func check(_ summary: DeribitWire.Summary, at now: Now) throws(WireFault) {
    try checkClock(summary.time, at: now)
    var known: [Price] = []
    if let index = summary.index { known.append(index) }
    if let place = configuration.tickers.firstIndex(of: summary.name.underlying),
      let ticker = tickers[place], summary.time - ticker.time <= configuration.clockTolerance
    {
      known.append(ticker.index)
    }
    let underlying = summary.quote.underlying.double
    for price in known.map(\.double)
    where underlying > price * configuration.plausibleRatio
      || price > underlying * configuration.plausibleRatio
    {
      throw .inconsistent
    }
  }

  mutating func scheduleVolatility(at now: Now, into effects: inout [ClientEffect]) {
    guard configuration.underlyings.contains(where: { DeribitMarket($0).hasVolatilityIndex })
    else { return }
    let late = configuration.volatilityPatience
    let shifted = Now(wall: now.wall - late, monotonic: now.monotonic)
    let wait = wait(for: configuration.volatilityInterval, at: shifted)
    set(.volatility, at: now.monotonic + wait, into: &effects)
  }

  /// Asks for what the channel did not tell of this multiple of the interval.
  mutating func volatilityDue(at now: Now, into effects: inout [ClientEffect]) {
    for (index, symbol) in configuration.underlyings.enumerated()
    where lacksVolatility(index, at: now) {
      enqueue(.volatility(symbol), at: now, into: &effects)
    }
    scheduleVolatility(at: now, into: &effects)
  }

  /// Whether the reading of this multiple of the interval is missing.
  func lacksVolatility(_ index: Int, at now: Now) -> Bool {
    DeribitMarket(configuration.underlyings[index]).hasVolatilityIndex
      && (indices[index].slot ?? .min) < slot(of: now.wall, configuration.volatilityInterval)
  }

  mutating func tookVolatility(
    of symbol: Symbol, _ result: JSONValue, at now: Now, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    guard let index = configuration.underlyings.firstIndex(of: symbol),
      let bar = try DeribitWire.newestBar(result)
    else { throw .member("data") }
    // A bar that is over says what was so at its end; the running one says what is so now.
    let end = bar.open + .seconds(60)
    let time = max(bar.open, min(end, now.wall))
    try checkClock(time, at: now)
    tell(index, bar.close, of: time, into: &effects)
  }

  /// Tells one reading a multiple of the interval: the first that the venue dates in it.
  ///
  /// The venue says a new value about every second; what is read from it, a level and its course
  /// over hours, gains nothing by more, and the first one is known soonest. Keeping to the venue's
  /// own times, two clients that connected at different moments tell the same readings.
  mutating func tell(
    _ index: Int, _ value: Fraction, of time: Instant, into effects: inout [ClientEffect]
  ) {
    let slot = slot(of: time, configuration.volatilityInterval)
    if let known = indices[index].slot, slot <= known { return }
    indices[index].slot = slot
    effects.append(
      .market(
        .volatilityIndex(
          VolatilityIndex(
            symbol: configuration.underlyings[index], venue: .deribit, time: time, value: value))))
  }
}
