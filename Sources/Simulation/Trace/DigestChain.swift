import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// The digest of a run, chained over every event, with one digest a component.
struct DigestChain: Sendable {
  /// The whole run so far.
  private(set) var whole = Digest()
  /// One digest a component.
  private(set) var parts: [Digest] = Component.allCases.map { Digest(seed: UInt64($0.rawValue)) }
  /// Events so far.
  private(set) var count = 0
  /// The chain after each event, where it is kept for comparison.
  private(set) var history: [UInt64] = []
  private let keepsHistory: Bool
  private var event = Digest()

  init(keepsHistory: Bool) { self.keepsHistory = keepsHistory }

  /// Begins the next event.
  mutating func begin(at time: Instant) {
    count += 1
    event = Digest(rawValue: whole.value)
    event.add(time.nanoseconds)
  }

  /// Folds something of a component into the present event.
  mutating func add(_ component: Component, _ word: UInt64) {
    parts[Int(component.rawValue)].add(word)
    event.add(UInt64(component.rawValue))
    event.add(word)
  }

  /// Ends the event and chains it.
  mutating func end() {
    whole = event
    if keepsHistory { history.append(whole.value) }
  }
}
