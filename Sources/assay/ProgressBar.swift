/// A bar on standard error that appears once the work has taken two seconds, and only on a
/// terminal.
struct ProgressBar: ~Copyable {
  private let console: Console
  private let label: String
  private let begun: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant?

  init(_ label: String, on console: Console) {
    self.label = label
    self.console = console
    begun = .now
  }

  deinit { if drawn != nil { console.overwrite("") } }

  /// Shows that `share` (0 to 1) is done; draws at most ten times a second.
  mutating func update(_ share: Double, _ detail: String) {
    guard console.hasProgress else { return }
    let now = ContinuousClock.now
    guard now - begun > .seconds(2), now - (drawn ?? begun) > .milliseconds(100) else { return }
    drawn = now
    let share = min(1, max(0, share))
    let width = 24
    let filled = Int(share * Double(width))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    var text = "\(label) \(bar) \(Int(share * 100)) % \(detail)"
    if share > 0.02 {
      let left = (now - begun) * ((1 - share) / share)
      text += ", \(left.components.seconds) s left"
    }
    console.overwrite(String(text.prefix(max(20, (console.columns ?? 100) - 1))))
  }
}
