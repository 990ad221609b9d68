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
  /// A message reaches a venue.
  case venueReceives(Venue, VenueInput)
  /// The host gives up on a request.
  case requestTimeout(RequestID, incarnation: UInt32)
  /// A timer of the engine may be due.
  case timer(TimerID, generation: UInt64, incarnation: UInt32)
  /// A venue asked to be woken.
  case venueWake(Venue, Instant)
  /// An operator speaks.
  case operation(OperatorCommand)
  /// A foreign candle of the series closes now; `index` of the scenario's feeds.
  case foreignClose(Int)
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
