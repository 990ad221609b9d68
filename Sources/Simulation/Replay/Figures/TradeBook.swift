public import Engine
public import Market
import Risk
public import Strategies
import Venues

/// A trade that ended, whole: one position, or the two legs of a pair.
public struct ReplayTrade: Hashable, Sendable {
  /// The position of the trade; of a pair, the first leg.
  public let record: PositionRecord
  /// The other leg of a pair.
  public let partner: PositionRecord?
  /// What the strategy asked for.
  public let signal: SignalRecord
  /// The average price of the entry.
  public let entry: Price
  /// The average price of the exit.
  public let exit: Price
  /// When its last leg ended.
  public let closedAt: Instant
  /// Profit before fees, slippage and funding: from the decided entry to the price that the exit
  /// was triggered at.
  public let gross: Money
  /// What execution lost against those prices.
  public let slippage: Money
  /// Fees paid.
  public let fees: Money
  /// Funding received (positive) or paid (negative).
  public let funding: Money
  /// What one R is: the distance from the decided entry to the stop, times the size.
  public let risk: Money

  /// Profit after everything.
  public var net: Money { gross - slippage - fees + funding }
  /// What trading cost: slippage and fees, and funding where it was paid.
  public var costs: Money { slippage + fees - funding }
  /// ``gross`` in R; nil where nothing was at risk.
  public var grossMultiple: TenThousandths? { Self.multiple(gross, of: risk) }
  /// ``net`` in R; nil where nothing was at risk.
  public var netMultiple: TenThousandths? { Self.multiple(net, of: risk) }

  static func multiple(_ profit: Money, of risk: Money) -> TenThousandths? {
    guard risk > .zero else { return nil }
    let quotient = Rounding.nearest.divide(
      Int128(profit.steps) * 10_000, by: Int128(risk.steps))
    return Int64(exactly: quotient).map(TenThousandths.init)
  }
}

/// Puts together what belongs to a trade: its signal, its executions and how its legs ended.
struct TradeBook: Hashable, Sendable {
  /// What the executor assumes of exits; nil where executions are real, and slippage of exits is
  /// unknown.
  private let paper: PaperConfiguration?
  private var signals: [SignalRecord] = []
  private var legs: [Leg] = []
  private var ended: [EndedLeg] = []

  /// The most executed signals that wait for their positions to end.
  private static let signalLimit = 4_096

  private struct Execution: Hashable {
    let side: Side
    let price: Price
    let quantity: Quantity
  }

  /// The executions of a position that is open.
  private struct Leg: Hashable {
    let id: ClientOrderID
    var entries: [Execution] = []
    var exits: [Execution] = []
  }

  private struct EndedLeg: Hashable {
    let record: PositionRecord
    let entry: Price
    let exit: Price
    let gross: Money
  }

  init(paper: PaperConfiguration?) { self.paper = paper }

  /// Takes a signal that became an order.
  mutating func add(_ signal: SignalRecord) {
    guard signal.order != nil else { return }
    signals.append(signal)
    if signals.count > Self.signalLimit { signals.removeFirst() }
  }

  /// Forgets the signal of an entry that ended without an execution.
  mutating func add(_ order: OrderRecord) {
    guard order.intent.role == .entry, order.state.isTerminal, order.filled.isZero else { return }
    signals.removeAll { $0.order == order.position && $0.signal.pair == nil }
  }

  /// Takes an execution.
  mutating func add(_ row: FillRecord) {
    let fill = row.fill
    let index =
      legs.firstIndex { $0.id == row.position }
      ?? {
        legs.append(Leg(id: row.position))
        return legs.count - 1
      }()
    let execution = Execution(side: fill.side, price: fill.price, quantity: fill.quantity)
    if fill.clientID == row.position {
      legs[index].entries.append(execution)
    } else {
      legs[index].exits.append(execution)
    }
  }

  /// Takes a position; returns the trade that ended with it.
  mutating func add(_ position: PositionRecord) -> ReplayTrade? {
    guard let closedAt = position.closedAt,
      let index = legs.firstIndex(where: { $0.id == position.id })
    else { return nil }
    let leg = legs.remove(at: index)
    let partner = position.bracket.partner
    guard
      let place = signals.firstIndex(where: {
        $0.order == position.id || ($0.order != nil && $0.order == partner)
      }), let end = end(position, leg, of: signals[place])
    else { return nil }
    // A pair ends with its second leg, or with the first where the second never came.
    if let partner, legs.contains(where: { $0.id == partner }) {
      ended.append(end)
      return nil
    }
    let other = ended.firstIndex { $0.record.id == partner }.map { ended.remove(at: $0) }
    let signal = signals.remove(at: place)
    return trade(signal, end, other, at: closedAt)
  }

  private func trade(
    _ signal: SignalRecord, _ last: EndedLeg, _ other: EndedLeg?, at time: Instant
  ) -> ReplayTrade? {
    let isLastFirst = last.record.id == signal.order
    let first = isLastFirst ? last : other ?? last
    let second = isLastFirst ? other : other.map { _ in last }
    let distance = (signal.signal.entry - signal.signal.stop).magnitude
    let legs = [first, second].compactMap { $0 }
    let gross = legs.reduce(Money.zero) { $0 + $1.gross }
    let realised = legs.reduce(Money.zero) { $0 + $1.record.realised }
    return ReplayTrade(
      record: first.record, partner: second?.record, signal: signal, entry: first.entry,
      exit: first.exit, closedAt: time, gross: gross, slippage: gross - realised,
      fees: legs.reduce(.zero) { $0 + $1.record.fees },
      funding: legs.reduce(.zero) { $0 + $1.record.funding },
      risk: distance.notional(of: first.record.peakQuantity, .nearest) ?? .zero)
  }

  /// How a leg ended, with the profit that its reference prices would have made.
  private func end(
    _ position: PositionRecord, _ leg: Leg, of signal: SignalRecord
  ) -> EndedLeg? {
    guard let entry = Self.average(leg.entries), let exit = Self.average(leg.exits),
      let side = leg.entries.first?.side
    else { return nil }
    let isFirst = position.id == signal.order
    let decided = isFirst ? signal.signal.entry : signal.signal.pair?.entry ?? signal.signal.entry
    var gross = Money.zero
    for execution in leg.exits {
      let reference = reference(of: execution, position.exitReason)
      let move = side == .buy ? reference - decided : decided - reference
      guard let profit = move.notional(of: execution.quantity, .nearest),
        let sum = gross.checkedAdding(profit)
      else { return nil }
      gross = sum
    }
    return EndedLeg(record: position, entry: entry, exit: exit, gross: gross)
  }

  /// The price at which an exit was triggered: the executor's slippage taken back.
  private func reference(of exit: Execution, _ reason: ExitReason?) -> Price {
    guard let paper, reason != .target else { return exit.price }
    let slippage = paper.stopSlippageBasisPoints
    let moved = 10_000 + (exit.side == .buy ? slippage : -slippage)
    return exit.price.checkedScaled(by: 10_000, over: moved, .nearest) ?? exit.price
  }

  /// The average price of executions, to the nearest step; nil without any.
  private static func average(_ executions: [Execution]) -> Price? {
    var weighted = Int128(0)
    var quantity = Int128(0)
    for one in executions {
      weighted += Int128(one.price.steps) * Int128(one.quantity.steps)
      quantity += Int128(one.quantity.steps)
    }
    guard quantity > 0 else { return nil }
    return Int64(exactly: Rounding.nearest.divide(weighted, by: quantity)).map(Price.init(steps:))
  }
}
