import Engine
public import Market
import Risk
import Strategies
import Venues

/// One line about a run, for a terminal or a log.
public struct LiveNote: Hashable, Sendable {
  /// The engine's wall time.
  public let time: Instant
  /// How urgent it is; a person has to act on `critical`.
  public let severity: Severity
  /// What happened, in a sentence.
  public let text: String

  /// How urgent a line is.
  public enum Severity: UInt8, Hashable, Sendable {
    /// For the record.
    case notice = 0
    /// Something is limited.
    case warning = 1
    /// A person has to act.
    case critical = 2
  }
}

/// Makes lines and counts of what an engine does.
struct Narrator {
  private(set) var counts: [LiveStatus.Count] = []
  private var hasCandle = false
  /// What was last said of each order that is not terminal.
  private var said: [ClientOrderID: OrderState] = [:]

  /// What there is to say of one step.
  mutating func notes(_ now: Now, _ outbox: Outbox) -> [LiveNote] {
    var notes: [LiveNote] = []
    func say(_ text: String, _ severity: LiveNote.Severity = .notice) {
      notes.append(LiveNote(time: now.wall, severity: severity, text: text))
    }
    for record in outbox.records {
      if let text = sentence(record) { say(text) }
    }
    for case .alert(let alert) in outbox.effects {
      count("alert.\(alert.code)")
      let symbol = alert.symbol.map { " \($0)" } ?? ""
      say(
        "alert \(alert.code)\(symbol): \(alert.message)",
        LiveNote.Severity(rawValue: alert.severity.rawValue) ?? .critical)
    }
    return notes
  }

  private mutating func sentence(_ record: Record) -> String? {
    switch record {
    case .run(let run): return "run \(run.epoch) begins"
    case .candle(let row):
      count(row.isBackfilled ? "candle.history" : "candle.live")
      guard !hasCandle else { return nil }
      hasCandle = true
      let candle = row.candle
      return "first candle: \(candle.symbol) \(candle.timeframe.name) closes at \(candle.close)"
    case .decision(let decision):
      count("decision")
      guard case .signal(let signal) = decision.outcome else { return nil }
      return "signal \(decision.strategy) \(decision.symbol) \(signal.side) at "
        + "\(signal.entry), stop \(signal.stop), target \(signal.target)"
    case .signal(let row):
      count("signal")
      return row.order == nil ? "  not traded: \(row.outcome)" : nil
    case .order(let row):
      let intent = row.intent
      guard said[intent.clientID] != row.state else { return nil }
      said[intent.clientID] = row.state.isTerminal ? nil : row.state
      count("order.\(row.state.name)")
      return "order \(intent.role) \(intent.symbol) \(intent.side) \(intent.quantity): "
        + "\(row.state.name)"
    case .fill(let row):
      count("fill")
      let fill = row.fill
      return "fill \(fill.symbol) \(fill.side) \(fill.quantity) at \(fill.price)"
    case .position(let row):
      guard row.closedAt != nil else { return nil }
      count("position.closed")
      let net = Money(steps: row.realised.steps - row.fees.steps + row.funding.steps)
      let reason = row.exitReason.map { "\($0)" } ?? "?"
      return "position \(row.symbol) closed by \(reason): \(net) net"
    case .killSwitch(let row):
      count(row.isEngaged ? "kill.engaged" : "kill.lifted")
      return row.isEngaged
        ? "kill switch engaged: \(row.reason)" : "kill switch lifted: \(row.reason)"
    case .breaker(let row):
      count("breaker.\(row.kind.name)")
      return "breaker \(row.kind.name) pauses entries until \(row.until): \(row.detail)"
    case .drift(let row):
      count(row.isOpen ? "drift.opened" : "drift.closed")
      return "drift \(row.symbol) \(row.kind.name) \(row.isOpen ? "opened" : "closed"): "
        + "\(row.local) here, \(row.venue) at the venue"
    case .health(let row): return "\(row.component) is \(row.status): \(row.detail)"
    case .account, .equity, .strategyState, .fundingPayment, .funding, .spot, .openInterest,
      .volatilityIndex, .optionChain:
      return nil
    }
  }

  private mutating func count(_ name: String) {
    let index = counts.firstIndex { $0.name >= name } ?? counts.count
    if index < counts.count, counts[index].name == name {
      counts[index].count += 1
    } else {
      counts.insert(LiveStatus.Count(name: name, count: 1), at: index)
    }
  }
}
