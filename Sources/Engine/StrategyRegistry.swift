import Market
import Risk
import Strategies

/// Every strategy on every symbol, in order of strategy then symbol, each on its own.
struct StrategyRegistry: Sendable {
  private(set) var instances: [any StrategyInstance]
  /// What each instance is, beside it: reading it there would open the box each time.
  private let seats: [Seat]
  private var recorded: [Digest]

  private struct Seat {
    let id: StrategyID
    let symbol: Symbol
    let trigger: Timeframe
  }

  init(_ instances: [any StrategyInstance]) {
    recorded = Array(repeating: Digest(), count: instances.count)
    self.instances = instances.sorted {
      $0.id != $1.id ? $0.id < $1.id : $0.instrument.symbol < $1.instrument.symbol
    }
    seats = self.instances.map {
      Seat(id: $0.id, symbol: $0.instrument.symbol, trigger: $0.trigger)
    }
  }

  /// Shows every strategy the candles of one close time, which the view already holds.
  mutating func absorb(_ candles: [Candle], in view: MarketView) {
    for index in instances.indices {
      for candle in candles where candle.symbol == seats[index].symbol {
        instances[index].absorb(candle, in: view)
      }
    }
  }

  /// Asks every strategy whose trigger closed.
  ///
  /// `holds` tells whether a strategy holds a symbol, or has an entry out for it.
  mutating func decide(
    at time: Instant, on candles: [Candle], in view: MarketView,
    holds: (StrategyID, Symbol) -> Bool
  ) -> [Decision] {
    var decisions: [Decision] = []
    for (index, seat) in seats.enumerated() {
      guard
        let candle = candles.first(where: {
          $0.symbol == seat.symbol && $0.timeframe == seat.trigger
        })
      else { continue }
      guard candle.venue == .hyperliquid else {
        // A foreign candle keeps the series whole; nothing is traded on another venue's price.
        decisions.append(refusal(seat.id, seat.symbol, at: time))
        continue
      }
      decisions.append(
        instances[index].decide(
          at: time, trigger: candle, in: view, hasOpenPosition: holds(seat.id, seat.symbol)))
    }
    return decisions
  }

  /// What the strategies whose trigger closed come to when the close is too old to act on.
  func late(at time: Instant, on candles: [Candle]) -> [Decision] {
    seats.compactMap { seat in
      let closed = candles.contains { $0.symbol == seat.symbol && $0.timeframe == seat.trigger }
      return closed ? refusal(seat.id, seat.symbol, at: time) : nil
    }
  }

  private func refusal(_ strategy: StrategyID, _ symbol: Symbol, at time: Instant) -> Decision {
    Decision(
      strategy: strategy, symbol: symbol, setup: .all, time: time,
      outcome: .noTrade(.dataStale), inputs: 0)
  }

  /// The memories that differ from those recorded last.
  mutating func changedStates(at close: Instant) -> [StrategyStateRecord] {
    var changed: [StrategyStateRecord] = []
    for index in instances.indices {
      let bytes = instances[index].stateBytes
      var digest = Digest()
      digest.add(bytes: bytes)
      guard digest != recorded[index] else { continue }
      recorded[index] = digest
      changed.append(
        StrategyStateRecord(
          strategy: instances[index].id, symbol: instances[index].instrument.symbol, time: close,
          bytes: bytes))
    }
    return changed
  }

  /// Takes up a recovered memory; false where no strategy wants it or it cannot be read.
  mutating func restore(_ record: StrategyStateRecord) -> Bool {
    for index in instances.indices
    where instances[index].id == record.strategy
      && instances[index].instrument.symbol == record.symbol
    {
      do {
        try instances[index].restore(stateBytes: record.bytes)
        return true
      } catch { return false }
    }
    return false
  }
}
