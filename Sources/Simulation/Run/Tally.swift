import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// Counts what happens in a run, by name, and the marks that it hits.
struct Tally: Sendable {
  /// Where each name is in ``counts``.
  private var slots: [String: Int] = [:]
  private var counts: [NamedCount] = []
  private(set) var markCounts = [Int](repeating: 0, count: Mark.allCases.count)
  /// Marks hit in the present event, in order.
  private(set) var newMarks: [Mark] = []
  /// Orders whose outcome was unknown when last heard of.
  private var unknown: Set<ClientOrderID> = []
  private var known: Set<ClientOrderID> = []
  private var openPositions: Set<ClientOrderID> = []
  private var rejections = 0
  private var connections = 0

  /// Forgets the marks of the event before.
  mutating func beginEvent() { newMarks.removeAll(keepingCapacity: true) }

  /// Counts one more of `name`.
  mutating func count(_ name: String) { set(name, to: exactly(name) + 1) }

  private func exactly(_ name: String) -> Int { slots[name].map { counts[$0].count } ?? 0 }

  private mutating func set(_ name: String, to count: Int) {
    if let slot = slots[name] {
      counts[slot].count = count
    } else {
      slots[name] = counts.count
      counts.append(NamedCount(name: name, count: count))
    }
  }

  /// How many of `name` there were; a trailing `*` adds up all that begin so.
  func total(_ name: String) -> Int {
    guard name.hasSuffix("*") else { return exactly(name) }
    let prefix = name.dropLast()
    return counts.reduce(0) { $0 + ($1.name.hasPrefix(prefix) ? $1.count : 0) }
  }

  /// Every count, by name.
  var sorted: [NamedCount] { counts.sorted { $0.name < $1.name } }

  /// Every mark that was hit, by name.
  var sortedMarks: [NamedCount] {
    zip(Mark.allCases, markCounts).filter { $0.1 > 0 }
      .map { NamedCount(name: $0.0.rawValue, count: $0.1) }
      .sorted { $0.name < $1.name }
  }

  /// Hits a mark.
  mutating func hit(_ mark: Mark) {
    newMarks.append(mark)
    for (index, candidate) in Mark.allCases.enumerated() where candidate == mark {
      markCounts[index] += 1
    }
  }

  // MARK: What the engine records

  /// Takes in the records of one step.
  mutating func take(_ records: [Record]) {
    for record in records { take(record) }
  }

  private mutating func take(_ record: Record) {
    switch record {
    case .candle(let row): take(row)
    case .decision(let decision):
      hit(.decision)
      count("decision")
      switch decision.outcome {
      case .signal:
        hit(.signal)
        count("decision.SIGNAL")
      case .noTrade(let reason): count("decision.\(reason.rawValue)")
      case .leave: count("decision.LEAVE")
      }
    case .signal(let row):
      count("signal")
      count("signal.\(row.outcome)")
      if row.order == nil { hit(.signalRejected) }
    case .order(let row): take(row)
    case .fill:
      hit(.fill)
      count("fill")
    case .position(let row): take(row)
    case .breaker(let row):
      hit(row.until > row.time ? .breakerTripped : .breakerEnded)
      count("breaker.\(row.kind.name)" + (row.until > row.time ? "" : ".ended"))
    case .drift(let row):
      hit(row.isOpen ? .driftOpened : .driftClosed)
      count("drift.\(row.kind.name)" + (row.isOpen ? "" : ".closed"))
    case .killSwitch(let row): hit(row.isEngaged ? .killEngaged : .killLifted)
    case .fundingPayment:
      hit(.fundingPaid)
      count("funding")
    case .health(let row): take(row)
    case .run, .account, .equity, .strategyState, .funding, .spot, .openInterest,
      .volatilityIndex, .optionChain:
      break
    }
  }

  private mutating func take(_ row: CandleRecord) {
    hit(.candleClosed)
    count("candle")
    count("candle.\(row.candle.symbol).\(row.candle.timeframe.name)")
    if row.isBackfilled {
      hit(.candleBackfilled)
      count("candle.backfilled")
    }
    if row.candle.venue != .hyperliquid {
      hit(.candleForeign)
      count("candle.foreign")
    }
  }

  private mutating func take(_ row: HealthRecord) {
    let prefix = "strategy."
    guard row.component.hasPrefix(prefix) else { return }
    count("health.\(row.component.dropFirst(prefix.count)).\(row.status)")
    switch row.status {
    case "starved": hit(.strategyStarved)
    case "degraded": hit(.strategyDegraded)
    case "healthy": hit(.strategyHealthy)
    default: break
    }
  }

  private mutating func take(_ row: OrderRecord) {
    let id = row.intent.clientID
    if known.insert(id).inserted {
      count("order.\(row.intent.role)")
      if row.intent.role == .entry { hit(.entryIntended) }
      if row.intent.role == .stop { hit(.stopIntended) }
    }
    count("order.\(row.intent.role).\(row.state.name)")
    switch row.state {
    case .unknown:
      if unknown.insert(id).inserted {
        hit(.orderUnknown)
        count("order.unknown")
      }
    case .working:
      hit(.orderWorking)
      if row.intent.role == .stop { hit(.stopResting) }
    case .rejected: hit(.orderRejected)
    case .intended, .sent, .cancelling, .filled, .cancelled, .neverReached: break
    }
    if row.state != .unknown, unknown.remove(id) != nil {
      hit(.unknownResolved)
      count("order.resolved")
    }
  }

  private mutating func take(_ row: PositionRecord) {
    if row.closedAt != nil {
      openPositions.remove(row.id)
      hit(.positionClosed)
      count("position.closed")
      if let reason = row.exitReason { count("exit.\(reason)") }
    } else if openPositions.insert(row.id).inserted {
      hit(.positionOpened)
      count("position.opened")
    }
  }

  // MARK: What else happens

  /// Takes in an alert.
  mutating func take(_ alert: Alert) { count("alert.\(alert.code)") }

  /// Takes in what the engine has rejected so far in its present life.
  mutating func takeRejections(_ kinds: [Snapshot.Rejection]) {
    var total = 0
    for kind in kinds { total += kind.count }
    guard total != rejections else { return }
    if total > rejections { hit(.inputRejected) }
    rejections = total
    for kind in kinds { set("reject.\(kind.kind)", to: kind.count) }
  }

  /// A connection was made.
  mutating func connected() {
    connections += 1
    hit(connections == 1 ? .connected : .reconnected)
    count("connect")
  }
}
