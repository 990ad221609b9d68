import Market
import Risk
import Strategies

/// Every strategy on everything it trades, in order of strategy then subject, each on its own.
struct StrategyRegistry: Sendable {
  private(set) var instances: [any StrategyInstance]
  /// What each instance is, beside it: reading it there would open the box each time.
  let seats: [Seat]
  private let readership: Readership
  /// No strategy decides or reviews at a shorter close.
  private let shortestClose: Timeframe
  private var recorded: [Digest]
  private var healths: [DataHealth?]

  /// Who sits where.
  struct Seat: Sendable {
    let id: StrategyID
    /// What its decisions are recorded under.
    let subject: Symbol
    /// What it trades; of a pair, the first leg.
    let symbol: Symbol
    let trigger: Timeframe
    let review: Timeframe
    /// Whether it trades two legs.
    let isPair: Bool

    init(_ instance: any StrategyInstance) {
      id = instance.id
      subject = instance.subject
      symbol = instance.instrument.symbol
      trigger = instance.trigger
      review = instance.review
      isPair = instance.subject != instance.instrument.symbol
    }
  }

  init(_ instances: [any StrategyInstance]) {
    recorded = Array(repeating: Digest(), count: instances.count)
    healths = Array(repeating: nil, count: instances.count)
    self.instances = instances.sorted {
      $0.id != $1.id ? $0.id < $1.id : $0.subject < $1.subject
    }
    seats = self.instances.map(Seat.init)
    readership = Readership(self.instances)
    shortestClose = seats.map { min($0.trigger, $0.review) }.min() ?? .w1
  }

  /// The seat of a decision.
  func seat(of decision: Decision) -> Seat? {
    seats.first { $0.id == decision.strategy && $0.subject == decision.symbol }
  }

  /// Whether anybody reads a reading.
  func reads(_ reading: Reading) -> Bool { !readership.readers(of: reading).isEmpty }

  /// Whether anybody reads the taker split of a series, or of one that is made from it.
  func readsFlow(of symbol: Symbol, _ timeframe: Timeframe) -> Bool {
    instances.contains { instance in
      instance.inputs.contains {
        guard case .takerSplit(let read) = $0.kind else { return false }
        return ($0.symbol ?? instance.instrument.symbol) == symbol
          && (read == timeframe || read.source == timeframe)
      }
    }
  }

  /// Shows every strategy the candles of one close time, which the view already holds.
  mutating func absorb(_ candles: [Candle], in view: MarketView) {
    for candle in candles {
      for reader in readership.readers(of: candle.symbol, candle.timeframe) {
        instances[readership[reader]].absorb(candle, in: view)
      }
    }
  }

  /// Shows a reading to every strategy that reads it.
  mutating func absorb(_ reading: ReceivedReading, in view: MarketView) {
    for reader in readership.readers(of: reading.reading) {
      instances[readership[reader]].absorb(reading, in: view)
    }
  }

  /// Asks every strategy whose trigger closed, and those that hold something at their reviews.
  ///
  /// `candles` are in order of timeframe. `holds` tells whether a strategy holds what it trades, or
  /// has an entry out for it.
  mutating func decide(
    at time: Instant, on candles: [Candle], in view: MarketView, holds: (Seat) -> Bool
  ) -> [Decision] {
    guard let longest = candles.last?.timeframe, longest >= shortestClose else { return [] }
    var decisions: [Decision] = []
    for (index, seat) in seats.enumerated() {
      if let candle = candles.first(where: {
        $0.symbol == seat.symbol && $0.timeframe == seat.trigger
      }) {
        decisions.append(decide(index, at: time, on: candle, in: view, holds: holds))
      } else if seat.review != seat.trigger,
        let candle = candles.first(where: {
          $0.symbol == seat.symbol && $0.timeframe == seat.review
        }), candle.venue == .hyperliquid, holds(seat),
        instances[index].leaves(at: time, trigger: candle, in: view)
      {
        decisions.append(
          Decision(
            strategy: seat.id, symbol: seat.subject, setup: .all, time: time, outcome: .leave,
            inputs: 0))
      }
    }
    return decisions
  }

  private mutating func decide(
    _ index: Int, at time: Instant, on candle: Candle, in view: MarketView, holds: (Seat) -> Bool
  ) -> Decision {
    let seat = seats[index]
    guard candle.venue == .hyperliquid else {
      // A foreign candle keeps the series whole; nothing is traded on another venue's price.
      return refusal(seat, at: time)
    }
    return instances[index].decide(
      at: time, trigger: candle, in: view, hasOpenPosition: holds(seat))
  }

  /// What the strategies whose trigger closed come to when the close is too old to act on.
  func late(at time: Instant, on candles: [Candle]) -> [Decision] {
    seats.compactMap { seat in
      let closed = candles.contains { $0.symbol == seat.symbol && $0.timeframe == seat.trigger }
      return closed ? refusal(seat, at: time) : nil
    }
  }

  private func refusal(_ seat: Seat, at time: Instant) -> Decision {
    Decision(
      strategy: seat.id, symbol: seat.subject, setup: .all, time: time,
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
          strategy: seats[index].id, symbol: seats[index].subject, time: close, bytes: bytes))
    }
    return changed
  }

  /// Takes up a recovered memory; false where no strategy wants it or it cannot be read.
  mutating func restore(_ record: StrategyStateRecord) -> Bool {
    for index in instances.indices
    where seats[index].id == record.strategy && seats[index].subject == record.symbol {
      do {
        try instances[index].restore(stateBytes: record.bytes)
        return true
      } catch { return false }
    }
    return false
  }

  /// How well every strategy is fed.
  func health(at time: Instant, in view: MarketView) -> [StrategyHealth] {
    zip(seats, instances).map { seat, instance in
      StrategyHealth(
        strategy: seat.id, subject: seat.subject, health: instance.health(at: time, in: view))
    }
  }

  /// The healths whose state, or the input that decides it, differs from the last call's.
  mutating func changedHealth(
    at time: Instant, in view: MarketView
  ) -> [StrategyHealth] {
    var changed: [StrategyHealth] = []
    for (index, row) in health(at: time, in: view).enumerated() {
      if let last = healths[index], last.state == row.health.state,
        last.kind == row.health.kind, last.symbol == row.health.symbol
      {
        continue
      }
      healths[index] = row.health
      changed.append(row)
    }
    return changed
  }
}
