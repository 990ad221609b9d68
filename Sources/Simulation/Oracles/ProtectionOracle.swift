import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// S23: a position does not stand without its stop.
struct ProtectionOracle: Oracle {
  static let entries = [
    OracleEntry(
      id: "S23",
      statement: "No position stands longer than its deadline without a stop at the venue or on "
        + "its way.")
  ]

  /// What the venue and the network may take beyond the engine's own deadline.
  static let slack = Interval.seconds(30)

  private let deadline: Interval?
  /// Since when each symbol has stood naked, while something could be done about it.
  private var naked: [(symbol: Symbol, since: Instant)] = []
  private var held: [PositionRecord] = []
  private var drifting: [Symbol] = []
  private var isUp = false

  init(_ setting: OracleSetting) {
    if case .exchange(let exchange) = setting.configuration.execution {
      deadline = exchange.protectionDeadline + Self.slack
    } else {
      deadline = nil
    }
  }

  mutating func engineStarted(at time: Instant, _ findings: inout Findings) {
    isUp = true
    naked.removeAll()
  }

  mutating func engineDied(at time: Instant, _ findings: inout Findings) { isUp = false }

  mutating func examine(_ step: StepObservation, _ findings: inout Findings) {
    held = step.snapshot.positions
    drifting = step.snapshot.drifts.map(\.symbol)
  }

  mutating func venueMoved(_ venue: VenueObservation, _ findings: inout Findings) {
    guard let deadline else { return }
    findings.look("S23")
    guard isUp, venue.isReachable else {
      naked.removeAll()
      return
    }
    var still: [(symbol: Symbol, since: Instant)] = []
    for position in venue.truth.positions where isNaked(position, venue.truth) {
      let symbol = position.symbol
      let since = naked.first { $0.symbol == symbol }?.since ?? venue.time
      still.append((symbol, since))
      findings.check(
        "S23", venue.time - since <= deadline,
        "\(symbol) has stood at \(position.quantity) since \(since) without a stop at the venue")
    }
    naked = still
  }

  /// Whether the engine knows the position, and nothing at the venue would close it.
  private func isNaked(_ position: ExchangePosition, _ truth: VenueTruth) -> Bool {
    guard held.contains(where: { $0.symbol == position.symbol }),
      !drifting.contains(position.symbol)
    else { return false }
    let closing: Side = position.quantity > .zero ? .sell : .buy
    let covered = truth.orders.reduce(Quantity.zero) { sum, order in
      let protects =
        order.symbol == position.symbol && order.side == closing && order.isReduceOnly
        && order.trigger.map { !$0.takesProfit } ?? false
      return protects ? sum + order.remaining : sum
    }
    return covered < position.quantity.magnitude
  }
}
