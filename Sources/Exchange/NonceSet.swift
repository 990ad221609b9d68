import Market

/// The hundred highest nonces that one signer used ("Nonces and API wallets", read 2026-08).
struct NonceSet: Sendable {
  private var used: [UInt64] = []

  /// Takes a nonce in; the venue's text where it may not be used.
  mutating func admit(_ nonce: UInt64, at now: Instant) -> String? {
    let milliseconds = now.milliseconds
    let lowest = UInt64(max(0, milliseconds - Interval.days(2).milliseconds))
    let highest = UInt64(max(0, milliseconds + Interval.days(1).milliseconds))
    guard nonce > lowest else { return "Invalid nonce: nonce too low \(nonce) < \(lowest)" }
    guard nonce < highest else { return "Invalid nonce: nonce too high \(nonce) > \(highest)" }
    var place = used.count
    while place > 0, used[place - 1] >= nonce { place -= 1 }
    if place < used.count, used[place] == nonce { return "Invalid nonce: duplicate nonce \(nonce)" }
    if used.count == 100 {
      guard place > 0 else { return "Invalid nonce: nonce too low \(nonce) < \(used[0])" }
      used.insert(nonce, at: place)
      used.removeFirst()
    } else {
      used.insert(nonce, at: place)
    }
    return nil
  }
}
