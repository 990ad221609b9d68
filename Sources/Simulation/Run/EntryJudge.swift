import Engine
import Market
import Risk
import Strategies

/// Holds every entry to bounds that a scenario states itself, whatever the limits of its
/// configuration say.
///
/// The gate keeps the limits it is given, and the oracles hold it to those; that the limits are
/// too loose, only someone else can say.
struct EntryJudge: Sendable {
  private let bounds: EntryBounds
  private let limits: Limits
  private var seen: Set<ClientOrderID> = []
  private var equity = Money.zero

  init(_ bounds: EntryBounds, configuration: EngineConfiguration) {
    self.bounds = bounds
    limits = configuration.limits
  }

  /// What is wrong with the entries of a step.
  mutating func examine(_ step: StepObservation) -> [String] {
    guard bounds != EntryBounds() else { return [] }
    // The gate saw equity as it was at some moment of the step: the better end counts.
    let best = max(equity, step.snapshot.equity)
    equity = step.snapshot.equity
    var messages: [String] = []
    for case .signal(let row) in step.records {
      guard let id = row.order, seen.insert(id).inserted,
        let order = step.records.lazy.compactMap({ $0.order(id) }).first
      else { continue }
      messages += problems(of: order, after: row.signal, equity: best, step.snapshot)
    }
    return messages
  }

  private func problems(
    of order: OrderRecord, after signal: Signal, equity: Money, _ snapshot: Snapshot
  ) -> [String] {
    var messages: [String] = []
    func say(_ what: String) { messages.append("entry \(order.intent.clientID) \(what)") }
    if let share = bounds.risk {
      let loss = lossAtStop(of: order.intent.quantity, after: signal)
      if Int128(loss.steps) * 1_000_000 > Int128(equity.steps) * Int128(share) {
        say("risks \(loss) of an equity of \(equity), above the bound of the scenario")
      }
    }
    if let least = bounds.rewardToRisk {
      let risk = (signal.entry - signal.stop).magnitude.steps
      let reward = (signal.target - signal.entry).magnitude.steps
      if Int128(reward) * 100_000_000 < Int128(risk) * Int128(least) {
        say("promises \(reward) for a risk of \(risk), below the bound of the scenario")
      }
    }
    if let most = bounds.slots {
      let open = Set(snapshot.positions.map(\.id))
      let waiting = snapshot.orders.filter {
        $0.intent.role == .entry && !open.contains($0.position)
      }
      let count = open.count + waiting.count
      if count > most { say("makes \(count) positions, above the \(most) of the scenario") }
    }
    guard let account = snapshot.account else { return messages }
    if let share = bounds.dayLoss, Self.isPast(equity, account.dayStartEquity, share) {
      say("was made at an equity of \(equity), past the day's loss of the scenario")
    }
    if let share = bounds.drawdown, Self.isPast(equity, account.sessionStartEquity, share) {
      say("was made at an equity of \(equity), past the drawdown of the scenario")
    }
    return messages
  }

  /// What the size loses from the decision's price to the stop, with slippage and fees, rounded
  /// down.
  private func lossAtStop(of quantity: Quantity, after signal: Signal) -> Money {
    let (entry, stop) = (Int128(signal.entry.steps), Int128(signal.stop.steps))
    let fee = Int128(limits[.takerFeeTenthsOfBasisPoint])
    let distance = entry < stop ? stop - entry : entry - stop
    let perCoin =
      distance * 100_000 + entry * (Int128(limits[.entrySlippageBasisPoints]) * 10 + fee)
      + stop * (Int128(limits[.stopSlippageBasisPoints]) * 10 + fee)
    let (loss, overflow) = perCoin.multipliedReportingOverflow(by: Int128(quantity.steps))
    return Money(steps: overflow ? .max : Int64(clamping: loss / 10_000_000_000_000))
  }

  /// Whether `equity` is at or below `reference` less a share in parts per million.
  private static func isPast(_ equity: Money, _ reference: Money, _ share: Int64) -> Bool {
    Int128(equity.steps) * 1_000_000 <= Int128(reference.steps) * Int128(1_000_000 - share)
  }
}

extension Record {
  /// The order of this record where it has this id.
  fileprivate func order(_ id: ClientOrderID) -> OrderRecord? {
    if case .order(let row) = self, row.intent.clientID == id { row } else { nil }
  }
}
