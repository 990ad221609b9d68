import Market
import Venues

extension FeedStatus {
  /// What a health record calls it, and what it says; nil for what is an alert alone.
  fileprivate var words: (status: String, detail: String)? {
    switch self {
    case .connecting(let attempt): ("connecting", "attempt \(attempt)")
    case .connected: ("connected", "the socket is open")
    case .subscribed: ("subscribed", "every subscription is acknowledged")
    case .subscriptionRefused(let text): ("refused", text)
    case .silent(let length): ("silent", "no data for \(length.milliseconds) ms")
    case .disconnected(let failure, let wait):
      (
        "disconnected",
        "\(failure.map { "\($0)" } ?? "closed by the venue"); next in \(wait.milliseconds) ms"
      )
    case .gap(let symbol, let timeframe, let from, let to):
      ("gap", "\(symbol) \(timeframe.name) from \(from) to \(to)")
    case .gapFilled(let symbol, let timeframe, let from, let to, let count):
      ("gap_filled", "\(symbol) \(timeframe.name) from \(from) to \(to): \(count) candles")
    case .recovered: ("live", "subscribed, and no gap is left")
    case .clockOff(let difference):
      ("clock", "our clock less the venue's: \(difference.milliseconds) ms")
    case .unlisted: nil
    }
  }
}

extension Engine {
  /// Records a change of a venue's connection, and tells a person of what the venue refuses.
  mutating func note(
    _ status: FeedStatus, from venue: Venue, _ severity: Severity, _ outbox: inout Outbox
  ) {
    if let (word, detail) = status.words { note("feed.\(venue.name)", word, detail, &outbox) }
    let name = venue == .hyperliquid ? "the venue" : venue.name
    switch status {
    case .subscriptionRefused(let text):
      alert("feed.refused", severity, nil, "\(name) refused a subscription: \(text)", &outbox)
    case .unlisted(let symbol):
      alert("feed.unlisted", severity, symbol, "\(name) does not list \(symbol)", &outbox)
    default: break
    }
  }
}
