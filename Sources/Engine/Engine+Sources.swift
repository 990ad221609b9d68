import Market
import Strategies
import Venues

// The venues that only supply data: their wires, and what is believed of them.
extension Engine {
  /// The clients of the venues that the configuration names as sources, besides the execution
  /// venue; each asks for what the strategies read, and for nothing else.
  func makeSourceClients() -> [any VenueClient] {
    guard configuration.isConnected else { return [] }
    let seed = configuration.jitterSeed &+ UInt64(epoch)
    var clients: [any VenueClient] = []
    for venue in configuration.sources.wired {
      let owner = Schedule.owner(of: venue)
      let wanted = WantedInputs(registry.instances, from: venue, by: configuration.sources)
      guard !wanted.isEmpty else { continue }
      switch venue {
      case .binance:
        clients.append(
          BinanceClient(
            configuration: BinanceClientConfiguration(
              series: wanted.series, openInterest: wanted.openInterest, funding: wanted.funding,
              timerOwner: owner, seed: seed)))
      case .coinbase:
        clients.append(
          CoinbaseClient(
            configuration: CoinbaseClientConfiguration(
              symbols: wanted.spot, timerOwner: owner, seed: seed)))
      case .deribit:
        clients.append(
          DeribitClient(
            configuration: DeribitClientConfiguration(
              underlyings: wanted.options, timerOwner: owner, seed: seed)))
      case .hyperliquid: break
      }
    }
    return clients
  }

  /// Runs the client of a source and does what it asks; false where there is none.
  @discardableResult
  mutating func withSource(
    _ venue: Venue, _ outbox: inout Outbox,
    _ body: (inout any VenueClient, Now, inout [ClientEffect]) -> Void
  ) -> Bool {
    guard let index = sourceClients.firstIndex(where: { type(of: $0).venue == venue }) else {
      return false
    }
    var effects: [ClientEffect] = []
    body(&sourceClients[index], now, &effects)
    for effect in effects { take(effect, from: venue, &outbox) }
    return true
  }

  /// Runs every source's client.
  mutating func withSources(
    _ outbox: inout Outbox, _ body: (inout any VenueClient, Now, inout [ClientEffect]) -> Void
  ) {
    for venue in configuration.sources.wired { withSource(venue, &outbox, body) }
  }

  private mutating func take(
    _ effect: ClientEffect, from venue: Venue, _ outbox: inout Outbox
  ) {
    switch effect {
    case .transport(let effect): outbox.effects.append(.transport(effect))
    case .setTimer(let id, let time): outbox.effects.append(.setTimer(id, at: time))
    case .cancelTimer(let id): outbox.effects.append(.cancelTimer(id))
    case .market(let event): takeSourced(event, &outbox)
    case .feed(let status): note(status, from: venue, .warning, &outbox)
    case .rejected(let input): take(input, &outbox)
    case .rateLimited(_, let limiter):
      tally.reject("\(venue.name).rate_limited")
      note(
        "feed.\(venue.name)", "rate_limited",
        limiter == .venue ? "the venue refuses our rate" : "our own budget is spent", &outbox)
    case .requestFailed(_, let failure): tally.reject("\(venue.name).request.\(failure)")
    // Breakers guard the venue that executes: a slow source starves its readers, which their health
    // shows.
    case .latency: break
    case .report, .foreignFill, .funding, .account, .openOrders, .instruments, .scheduledCancel,
      .action:
      tally.reject("\(venue.name).not_a_source")
    }
  }

  /// Takes what a source may say: never a price at which we trade.
  private mutating func takeSourced(_ event: MarketEvent, _ outbox: inout Outbox) {
    switch event {
    case .closedCandle, .funding, .openInterest, .spot, .volatilityIndex, .optionChain:
      take(event, fromWire: false, &outbox)
    case .candle, .trade, .quote, .book, .context, .mid, .mark: break
    }
  }
}

/// What strategies read from one venue, each once, in order.
struct WantedInputs: Hashable, Sendable {
  private(set) var series: [Venues.CandleSeries] = []
  private(set) var openInterest: [Symbol] = []
  private(set) var funding: [Symbol] = []
  private(set) var spot: [Symbol] = []
  private(set) var options: [Symbol] = []

  init(_ instances: [any StrategyInstance], from venue: Venue, by sources: DataSources) {
    for instance in instances {
      for input in instance.inputs where sources.source(of: input.kind) == venue {
        let symbol = input.symbol ?? instance.instrument.symbol
        switch input.kind {
        // The execution venue's own.
        case .candles: break
        case .takerSplit(let timeframe):
          // Three days and a week are made of days.
          let series = Venues.CandleSeries(
            symbol: symbol, timeframe: timeframe.source ?? timeframe)
          if !self.series.contains(series) { self.series.append(series) }
        case .openInterest: Self.add(symbol, to: &openInterest)
        case .funding: Self.add(symbol, to: &funding)
        case .spot: Self.add(symbol, to: &spot)
        case .volatilityIndex, .optionChain: Self.add(symbol, to: &options)
        }
      }
    }
    series.sort()
  }

  /// Whether nobody reads anything of the venue.
  var isEmpty: Bool {
    series.isEmpty && openInterest.isEmpty && funding.isEmpty && spot.isEmpty && options.isEmpty
  }

  private static func add(_ symbol: Symbol, to symbols: inout [Symbol]) {
    guard !symbols.contains(symbol) else { return }
    symbols.append(symbol)
    symbols.sort()
  }
}
