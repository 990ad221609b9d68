public import Engine
public import Market
public import Risk
public import Strategies

/// A step of a run, as people find it again.
public struct Moment: Hashable, Sendable {
  /// The run's epoch on its store.
  public let epoch: UInt32
  /// The event of the run, counted from 1, as traces count.
  public let event: Int
  /// The engine's wall time.
  public let time: Instant
}

/// Collects what explains one decision or order while a run is repeated.
///
/// Only steps whose records became durable are taken: what a crash undid never happened.
public struct Inquiry: Sendable {
  /// What is asked about.
  public enum Subject: Hashable, Sendable {
    /// Nothing yet: what can be asked about is collected.
    case everything
    /// A decision of a strategy on a symbol; without a time its newest signal, or else its newest
    /// decision.
    case decision(StrategyID, Symbol, at: Instant?)
    /// An order of ours.
    case order(ClientOrderID)
  }

  /// A decision and what led to it.
  public struct Case: Sendable {
    /// When it became durable.
    public let moment: Moment
    /// The decision with its inputs.
    public let decision: DecisionEvidence
    /// What became of it, where it is a signal.
    public let signal: SignalRecord?
    /// What arbitration and gate were shown, where it is a signal.
    public let entry: EntryEvidence?
  }

  /// A record about an order or its position.
  public struct Event: Hashable, Sendable {
    /// When it became durable.
    public let moment: Moment
    /// The record.
    public let record: Record
  }

  /// Everything recorded about a position, from its entry order on.
  public struct Life: Sendable {
    /// The client id of its entry.
    public let id: ClientOrderID
    /// The records, in their order.
    public fileprivate(set) var events: [Event]

    /// The position as it stands last; nil where nothing filled.
    public var position: PositionRecord? {
      events.lazy.reversed().compactMap {
        if case .position(let row) = $0.record { row } else { nil }
      }.first
    }

    /// Every order of it as it stands last, in the order of their first records.
    public var orders: [OrderRecord] {
      events.reduce(into: []) { rows, event in
        guard case .order(let row) = event.record else { return }
        if let index = rows.firstIndex(where: { $0.intent.clientID == row.intent.clientID }) {
          rows[index] = row
        } else {
          rows.append(row)
        }
      }
    }

    /// The entry of a pair's other leg; nil for a trade in one symbol.
    var partner: ClientOrderID? {
      events.lazy.compactMap {
        if case .order(let row) = $0.record { row.bracket.partner } else { nil }
      }.first
    }

    /// Whether nothing more is to come: no order is out, and nothing is held or on its way.
    var isOver: Bool {
      let orders = orders
      guard orders.allSatisfy(\.state.isTerminal) else { return false }
      if let position { return position.closedAt != nil }
      return orders.allSatisfy { $0.state != .filled && $0.filled == .zero }
    }
  }

  /// A decision in a list.
  public struct Entry: Hashable, Sendable {
    /// The decision.
    public let decision: Decision
    /// `EXECUTED`, or the reason against it.
    public let outcome: String
    /// The entry order, where one was made.
    public let order: ClientOrderID?
  }

  /// How often a strategy gave a reason on a symbol.
  public struct Count: Hashable, Sendable {
    /// Who.
    public let strategy: StrategyID
    /// About what.
    public let symbol: Symbol
    /// The reason, or `SIGNAL`.
    public let outcome: String
    /// How often.
    public fileprivate(set) var count: Int
    /// When last.
    public fileprivate(set) var newest: Instant
  }

  /// The most decisions without a signal that are listed: the newest.
  static let listLimit = 20_000

  /// What is asked about.
  public let subject: Subject
  /// Every signal, in the order of the run.
  public private(set) var signals: [Case] = []
  /// Every position, in the order of its entry.
  public private(set) var lives: [Life] = []
  /// How often each reason was given, in order of strategy, symbol and reason.
  public private(set) var counts: [Count] = []
  /// The newest decisions of the asked strategy and symbol, in the order of the run; of all of them
  /// where no decision is asked about.
  public private(set) var decisions: ArraySlice<Entry> = []
  private var match: Case?
  /// Where in ``lives`` the position is that is asked about.
  private var place: Int?
  private var epoch: UInt32 = 0
  /// Whether the rest of the run can add nothing to the answer.
  private(set) var isAnswered = false

  /// Asks about `subject`.
  public init(_ subject: Subject) { self.subject = subject }

  // MARK: Taking in

  /// Takes in one durable step.
  ///
  /// - Parameters:
  ///   - records: The records of the step.
  ///   - evidence: What its decisions rested on.
  ///   - event: The number of the step in the run.
  ///   - time: The engine's wall time.
  mutating func take(_ records: [Record], _ evidence: Evidence, event: Int, time: Instant) {
    for case .run(let run) in records { epoch = run.epoch }
    let moment = Moment(epoch: epoch, event: event, time: time)
    for record in records {
      switch record {
      case .decision(let decision): take(decision, records, evidence, moment)
      case .order(let row): add(record, to: row.position, moment)
      case .fill(let row): add(record, to: row.position, moment)
      case .position(let row): add(record, to: row.id, moment)
      case .fundingPayment(let row): add(record, to: row.position, moment)
      default: break
      }
    }
    isAnswered = judgeAnswer()
  }

  private mutating func take(
    _ decision: Decision, _ records: [Record], _ evidence: Evidence, _ moment: Moment
  ) {
    let signal = records.lazy.compactMap { record -> SignalRecord? in
      guard case .signal(let row) = record, row.strategy == decision.strategy,
        row.symbol == decision.symbol, row.time == decision.time
      else { return nil }
      return row
    }.first
    let outcome: String
    switch decision.outcome {
    case .signal: outcome = signal?.outcome ?? "SIGNAL"
    case .noTrade(let reason): outcome = reason.rawValue
    case .leave: outcome = "LEAVE"
    }
    count(decision, outcome)
    if concerns(decision) {
      decisions.append(Entry(decision: decision, outcome: outcome, order: signal?.order))
      if decisions.count > Self.listLimit { decisions.removeFirst() }
    }
    guard signal != nil || isWanted(decision),
      let shown = evidence.decisions.first(where: { $0.decision == decision })
    else { return }
    let found = Case(
      moment: moment, decision: shown, signal: signal,
      entry: evidence.entries.first { $0.decision == decision })
    if signal != nil { signals.append(found) }
    if isWanted(decision), replaces(found) { match = found }
  }

  private mutating func count(_ decision: Decision, _ outcome: String) {
    let key = (decision.strategy, decision.symbol, outcome)
    var low = 0
    var high = counts.count
    while low < high {
      let middle = (low + high) / 2
      let row = counts[middle]
      if (row.strategy, row.symbol, row.outcome) < key { low = middle + 1 } else { high = middle }
    }
    if low < counts.count, (counts[low].strategy, counts[low].symbol, counts[low].outcome) == key {
      counts[low].count += 1
      counts[low].newest = decision.time
    } else {
      counts.insert(
        Count(
          strategy: decision.strategy, symbol: decision.symbol, outcome: outcome, count: 1,
          newest: decision.time), at: low)
    }
  }

  private mutating func add(_ record: Record, to id: ClientOrderID, _ moment: Moment) {
    let event = Event(moment: moment, record: record)
    // Positions are few at a time, and the newest are at the end.
    if let index = lives.lastIndex(where: { $0.id == id }) {
      lives[index].events.append(event)
    } else {
      lives.append(Life(id: id, events: [event]))
    }
    guard case .order(let asked) = subject, case .order(let row) = record,
      row.intent.clientID == asked
    else { return }
    place = lives.lastIndex { $0.id == id }
  }

  private func concerns(_ decision: Decision) -> Bool {
    guard case .decision(let strategy, let symbol, _) = subject else { return true }
    return decision.strategy == strategy && decision.symbol == symbol
  }

  private func isWanted(_ decision: Decision) -> Bool {
    guard case .decision(let strategy, let symbol, let time) = subject else { return false }
    return decision.strategy == strategy && decision.symbol == symbol
      && (time == nil || time == decision.time)
  }

  /// Of a decision that was made twice, the first stands; without a time the newest signal does.
  private func replaces(_ found: Case) -> Bool {
    guard case .decision(_, _, let time) = subject, let match else { return true }
    return time == nil && (found.signal != nil || match.signal == nil)
  }

  // MARK: Answering

  /// The decision that is asked about, or that led to the order that is.
  public var found: Case? {
    switch subject {
    case .everything: return nil
    case .decision: return match
    case .order:
      let ids = lives(asked).map(\.id)
      return signals.first { row in row.signal?.order.map(ids.contains) ?? false }
    }
  }

  /// The positions whose order is asked about, or to which the decision led: of a pair, both.
  public var answer: [Life] { lives(asked) }

  private var asked: Life? {
    if let place { return lives[place] }
    guard let order = match?.signal?.order else { return nil }
    return lives.first { $0.id == order }
  }

  /// A position and, of a pair, the other leg's; the first leg first.
  private func lives(_ one: Life?) -> [Life] {
    guard let one else { return [] }
    guard let partner = one.partner else { return [one] }
    return lives.filter { $0.id == one.id || $0.id == partner }
  }

  /// The other signals on the symbol at the same time, which arbitration weighed together.
  public var rivals: [SignalRecord] {
    guard let found, let row = found.signal else { return [] }
    let symbols = found.entry?.exposures.map(\.symbol) ?? [row.symbol]
    return signals.filter { other in
      guard other.signal?.time == row.time, other.signal != row else { return false }
      return other.entry?.exposures.contains { symbols.contains($0.symbol) } ?? false
    }.compactMap(\.signal)
  }

  private func judgeAnswer() -> Bool {
    switch subject {
    case .everything, .decision(_, _, at: nil): return false
    case .decision:
      guard let match else { return false }
      return match.signal?.order == nil || answer.allSatisfy(\.isOver)
    case .order: return !answer.isEmpty && answer.allSatisfy(\.isOver)
    }
  }

  /// At most `count` decisions of the asked strategy and symbol, nearest in time to the one asked
  /// about; of equals the earlier.
  public func nearest(_ count: Int) -> [Entry] {
    guard case .decision(_, _, let time?) = subject else { return Array(decisions.suffix(count)) }
    func distance(_ entry: Entry) -> Int64 {
      let (gap, overflow) = entry.decision.time.nanoseconds.subtractingReportingOverflow(
        time.nanoseconds)
      return overflow || gap == .min ? .max : abs(gap)
    }
    let close = decisions.sorted {
      let (one, other) = (distance($0), distance($1))
      return one != other ? one < other : $0.decision.time < $1.decision.time
    }
    return close.prefix(count).sorted { $0.decision.time < $1.decision.time }
  }
}
