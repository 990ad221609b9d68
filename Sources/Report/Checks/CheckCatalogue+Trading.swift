import Engine
import Market
import Risk
import Simulation
import Store

extension CheckCatalogue {
  static func signals(_ facts: CheckFacts) -> Finding {
    let threshold = "≥ \(CheckPolicy.signals) signals, ≥ 1 executed"
    let rows = facts.store.signals
    guard !rows.isEmpty else { return .notShown(threshold, "no signal is in this database") }
    let all = rows.reduce(0) { $0 + $1.count }
    let executed = rows.filter { $0.outcome == "EXECUTED" }.reduce(0) { $0 + $1.count }
    return Finding(
      threshold, "\(counted(all, "signal")), \(grouped(executed)) executed",
      rows.map { "\($0.strategy): \($0.count) \($0.outcome)" },
      holds: all >= CheckPolicy.signals && executed >= 1)
  }

  static func errors(_ facts: CheckFacts) -> Finding {
    let threshold =
      "≤ \(percent(CheckPolicy.failedOrderBasisPoints)) of orders failed, 0 in doubt at the end"
    let all = facts.store.orders.reduce(0) { $0 + $1.count }
    let failed = facts.store.orders.filter { $0.state == .rejected || $0.state == .neverReached }
      .reduce(0) { $0 + $1.count }
    guard let figure = shareAtMost(Int64(failed), of: Int64(all)) else {
      return .notShown(threshold, "no order is in this database")
    }
    let doubt = facts.store.ordersInDoubt
    return Finding(
      threshold, "\(percent(figure)) failed, \(doubt.count) in doubt",
      doubt.map {
        "\($0.intent.clientID) is \($0.state.name) since \($0.updatedAt)"
      } + facts.store.orders.map { "\($0.role) \($0.state.name): \(grouped($0.count))" },
      holds: figure <= CheckPolicy.failedOrderBasisPoints && doubt.isEmpty)
  }

  static func protection(_ facts: CheckFacts) -> Finding {
    let deadline = facts.protectionDeadline
    let threshold = "0 positions without a stop order \(span(deadline)) after opening"
    guard facts.store.positionCount > 0 else {
      return .notShown(threshold, "no position is in this database")
    }
    let bare = facts.store.unprotected
    return Finding(
      threshold, "\(bare.count) of \(counted(facts.store.positionCount, "position"))",
      ["\(counted(facts.store.positionCount, "position")) against their stop orders"]
        + bare.map { "\($0.id) of \($0.strategy) in \($0.symbol), opened \($0.openedAt)" },
      holds: bare.isEmpty)
  }

  /// The book against the venue, as reconciliation told, and against its own fills.
  static func drift(_ facts: CheckFacts) -> Finding {
    let threshold = "0 drift alerts, 0 positions that are not the sum of their fills"
    guard facts.store.window != nil else {
      return .notShown(threshold, "no run is in this database")
    }
    let opened = facts.store.drifts.filter(\.isOpen)
    let failures = facts.store.health.filter {
      $0.component == "reconciliation" && $0.status == "failed"
    }
    let isPaper = facts.configuration.map { configuration in
      if case .paper = configuration.engine.execution { true } else { false }
    }
    var evidence = [
      "\(counted(facts.store.positionCount, "position")) against their fills",
      "\(counted(failures.count, "reconciliation")) failed",
    ]
    if isPaper == true { evidence.append("on paper: there is no venue's view to compare with") }
    return Finding(
      threshold,
      "\(counted(opened.count, "alert")), \(counted(facts.store.differences.count, "difference"))",
      evidence
        + opened.map {
          "\($0.time) \($0.symbol) \($0.kind.name): local \($0.local), venue \($0.venue)"
        }
        + facts.store.differences.map {
          "\($0.position): booked \($0.booked), fills \($0.filled)"
        }, holds: opened.isEmpty && facts.store.differences.isEmpty)
  }

  /// What trades cost against what sizing paid for: the mean of entries, and that of stops.
  static func slippage(_ facts: CheckFacts) -> Finding {
    guard let limits = facts.configuration?.engine.limits else {
      return .notShown(
        "within the configured slippage", "no configuration was named: give --config")
    }
    let allowed = [
      (role: OrderRole.entry, bound: limits[.entrySlippageBasisPoints]),
      (role: .stop, bound: limits[.stopSlippageBasisPoints]),
    ]
    let threshold =
      "mean of entries ≤ \(allowed[0].bound) bp, of stops ≤ \(allowed[1].bound) bp"
    guard facts.store.fills.contains(where: { $0.role == .entry }) else {
      return .notShown(threshold, "no fill of an entry with its signal is in this database")
    }
    var holds = true
    var figures: [String] = []
    var evidence: [String] = []
    for (role, bound) in allowed {
      let fills = facts.store.fills.filter { $0.role == role }
      guard !fills.isEmpty else {
        evidence.append("no \(role) has filled")
        continue
      }
      let sum = fills.reduce(Int128(0)) { $0 + Int128($1.slippageHundredths) }
      let mean = Int64(clamping: Rounding.up.divide(sum, by: Int128(fills.count)))
      if mean > bound * 100 { holds = false }
      figures.append("\(role) \(hundredths(mean)) bp")
      evidence.append("\(role): \(counted(fills.count, "fill")), mean \(hundredths(mean)) bp")
      if let worst = fills.max(by: { $0.slippageHundredths < $1.slippageHundredths }) {
        evidence.append(
          "worst \(role): \(worst.symbol) \(worst.time), \(worst.decided) became \(worst.price), "
            + "\(hundredths(worst.slippageHundredths)) bp")
      }
    }
    return Finding(threshold, figures.joined(separator: ", "), evidence, holds: holds)
  }
}

extension CheckFacts {
  /// How long a position may be without its stop.
  var protectionDeadline: Interval {
    guard case .exchange(let exchange) = configuration?.engine.execution else {
      return ExchangeConfiguration().protectionDeadline
    }
    return exchange.protectionDeadline
  }
}
