import Market

/// Keeps a view that is replaced whole from going back in time.
///
/// One time far ahead, from a damaged frame or a venue that went wrong, must not lock later views
/// out for good: after ``patience`` refusals in a row the next view is taken as it is.
struct NewestTime: Hashable, Sendable {
  private var time: Instant?
  private var refusals = 0

  /// How many views in a row may be refused.
  static var patience: Int { 8 }

  /// Whether a view of this time may replace the last one; remembers it if so.
  mutating func admits(_ candidate: Instant) -> Bool {
    if let time, candidate < time, refusals < Self.patience {
      refusals += 1
      return false
    }
    time = candidate
    refusals = 0
    return true
  }
}
