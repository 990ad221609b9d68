import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// Something that becomes due in the world.
enum WorldEvent: Sendable {
  /// A message reaches the engine's host.
  case hostReceives(TransportInput, incarnation: UInt32)
  /// A message reaches the venue.
  case venueReceives(VenueInput)
  /// The host gives up on a request.
  case requestTimeout(RequestID, incarnation: UInt32)
  /// A timer of the engine may be due.
  case timer(TimerID, generation: UInt64, incarnation: UInt32)
  /// The venue asked to be woken.
  case venueWake(Instant)
  /// An operator speaks.
  case operation(OperatorCommand)
  /// A foreign candle of the series closes now; `index` of the scenario's feeds.
  case foreignClose(Int)
  /// A feed tells of its own accord (`isNews`), or is asked; `index` of the world's feeds.
  case feedPolls(Int, isNews: Bool)
  /// A feed's candles that ended with a minute are on their way.
  case feedCloses(Int, minute: Instant)
  /// What a feed told arrives.
  case feedTells(Int, MarketEvent)
  /// What another venue told reaches the host.
  case told(MarketEvent)
  /// A fault begins.
  case faultBegins(Int)
  /// A fault ends.
  case faultEnds(Int)
  /// A fault acts once more: storm cuts, swizzle turns, repeated commands.
  case faultActs(Int, step: Int)
  /// The host is started again.
  case restart
  /// A paused process goes on.
  case unpause
}
