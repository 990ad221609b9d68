import Engine
import Market
import Strategies

/// The digests of a replay's inputs and records, without the detour over bytes for the frequent
/// ones.
extension Digest {
  /// The digest of a candle as an input.
  static func of(_ candle: Candle) -> UInt64 {
    var digest = Digest(seed: 1)
    digest.fold(candle)
    return digest.value
  }

  /// The digest of a reading as an input.
  static func of(_ reading: Reading) -> UInt64 {
    var digest = Digest(seed: 3)
    digest.add(reading)
    return digest.value
  }

  /// The digest of a record, with the component that it goes to: words for candles, readings and
  /// decisions, canonical bytes for the rest.
  static func ofReplayed(_ record: Record) -> (component: Component, word: UInt64) {
    var digest = Digest(seed: 2)
    switch record {
    case .candle(let row):
      digest.fold(row.candle)
      digest.add(row.isBackfilled)
      return (.candles, digest.value)
    case .decision(let decision):
      digest.fold(decision)
      return (.decisions, digest.value)
    case .spot(let sample): digest.add(Reading.spot(sample))
    case .openInterest(let reading): digest.add(Reading.openInterest(reading))
    case .funding(let settled): digest.add(Reading.funding(settled))
    case .volatilityIndex(let reading): digest.add(Reading.volatilityIndex(reading))
    case .optionChain(let chain): digest.add(Reading.optionChain(chain))
    default:
      record.add(to: &digest)
      return (record.component, digest.value)
    }
    return (.candles, digest.value)
  }

  private mutating func fold(_ candle: Candle) {
    add(candle.symbol)
    add(UInt64(candle.timeframe.rawValue) << 8 | UInt64(candle.venue.rawValue))
    add(candle.openTime.nanoseconds)
    add(candle.open)
    add(candle.high)
    add(candle.low)
    add(candle.close)
    add(candle.volume)
    guard let split = candle.takerSplit else { return }
    add(split.buy)
    add(split.sell)
    add(split.coverage)
  }

  private mutating func fold(_ pair: PairLeg) {
    var writer = BinaryWriter()
    writer.write(pair)
    add(bytes: writer.bytes)
  }

  private mutating func fold(_ decision: Decision) {
    add(decision.strategy)
    add(decision.symbol)
    add(decision.setup)
    add(decision.time.nanoseconds)
    add(decision.inputs)
    if !decision.note.isEmpty { add(decision.note) }
    switch decision.outcome {
    case .noTrade(let reason): add(reason.rawValue)
    case .leave: add(UInt64(0))
    case .signal(let signal):
      add(UInt64(signal.side.rawValue))
      add(signal.entry)
      add(signal.stop)
      add(signal.target)
      add(signal.rewardToRisk.count)
      add(signal.netRewardToRisk.count)
      add(signal.confidence.count)
      add(signal.validUntil.nanoseconds)
      add(signal.timeStop.nanoseconds)
      if let pair = signal.pair { fold(pair) }
    }
  }
}
