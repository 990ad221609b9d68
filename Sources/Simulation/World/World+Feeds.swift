import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// What other venues tell the engine past the wire.
extension World {
  /// Whose taker splits the strategies of a scenario read, where a feed has to tell them.
  static func readsFlow(_ scenario: Scenario) -> [(symbol: Symbol, timeframe: Timeframe)] {
    guard scenario.engine.sources.takerFlow == .binance else { return [] }
    var reads: [(symbol: Symbol, timeframe: Timeframe)] = []
    for instance in scenario.strategies {
      for input in instance.inputs {
        guard case .takerSplit(let timeframe) = input.kind else { continue }
        let series = (input.symbol ?? instance.instrument.symbol, timeframe.source ?? timeframe)
        if !reads.contains(where: { $0 == series }) { reads.append(series) }
      }
    }
    return reads
  }

  /// Has every feed tell at its own times.
  mutating func scheduleFeeds() {
    for (index, feed) in feeds.enumerated() {
      schedule.add(.feedPolls(index, isNews: true), at: feed.next(after: scenario.start))
    }
  }

  /// A process that starts asks every feed what is so now.
  mutating func askFeeds() {
    for (index, feed) in feeds.enumerated() where !feed.tellsCandles {
      schedule.add(.feedPolls(index, isNews: false), at: time)
    }
  }

  /// A feed tells, or is asked.
  mutating func pollFeed(_ index: Int, isNews: Bool) {
    let arrival = feeds[index].arrival(from: time)
    if feeds[index].tellsCandles {
      schedule.add(.feedCloses(index, minute: time - .minutes(1)), at: arrival)
    } else if let event = feeds[index].reading(at: time, isNews: isNews, venue) {
      schedule.add(.feedTells(index, event), at: arrival)
    }
    if isNews {
      schedule.add(.feedPolls(index, isNews: true), at: feeds[index].next(after: time))
    }
  }

  /// Candles that ended with a minute reach the host: by now the venue knows how they ended.
  mutating func closeFeed(_ index: Int, _ minute: Instant) {
    for candle in feeds[index].candles(endingWith: minute, at: venue) {
      tellFeed(index, .closedCandle(candle))
    }
  }

  /// What a feed told reaches the host, unless a fault withholds it.
  mutating func tellFeed(_ index: Int, _ event: MarketEvent) {
    let feed = feeds[index]
    var timeframe: Timeframe?
    if case .closedCandle(let candle) = event { timeframe = candle.timeframe }
    switch faults.withholding(feed.name, of: feed.symbol, timeframe, from: feed.venue) {
    case .silent: return
    case .late(let more): schedule.add(.told(event), at: time + more)
    case nil: self.feed(.market(event))
    }
  }
}

extension Scenario {
  /// Every strategy that runs, each on what it trades.
  var strategies: [any StrategyInstance] {
    let instruments = engine.symbols.map(\.instrument)
    let named = engine.strategies.flatMap { id in
      engine.symbols.filter(\.isTradable).flatMap {
        StrategyCatalog.make(id, for: $0.instrument, among: instruments)
      }
    }
    return named + scriptedStrategies
  }
}
