import Engine
import Market
import Risk
import Simulation
import Store

extension CheckCatalogue {
  /// No limit is looser than the source system's.
  static func risk(_ facts: CheckFacts) -> Finding {
    let threshold = "no limit looser than the source system's"
    guard let limits = facts.configuration?.engine.limits else {
      return .notShown(threshold, "no configuration was named: give --config")
    }
    var loose: [String] = []
    var judged = 0
    for field in Limits.Field.allCases {
      guard let direction = field.saferDirection else { continue }
      judged += 1
      let (value, bound) = (limits[field], Limits.paperDefault[field])
      switch direction {
      case .less where value > bound: loose.append("\(field.name) is \(value), at most \(bound)")
      case .more where value < bound: loose.append("\(field.name) is \(value), at least \(bound)")
      default: break
      }
    }
    let shown: [Limits.Field] = [
      .riskPerTradeBasisPoints, .minimumRewardToRiskTenThousandths, .maximumPositionCount,
      .dayLossBasisPoints, .sessionDrawdownBasisPoints,
    ]
    return Finding(
      threshold, "\(loose.count) of \(judged) looser",
      loose.isEmpty ? shown.map { "\($0.name) \(limits[$0])" } : loose, holds: loose.isEmpty)
  }

  static func killSwitch(_ facts: CheckFacts) -> Finding {
    let threshold = "engaged ≥ 1, lifted ≥ 1, not engaged at the end"
    let events = facts.store.killSwitch
    guard let last = events.last else {
      return .notShown(threshold, "the kill switch was never engaged in this database")
    }
    let engaged = events.filter(\.isEngaged).count
    return Finding(
      threshold,
      "engaged \(engaged), lifted \(events.count - engaged), "
        + (last.isEngaged ? "engaged now" : "lifted now"),
      events.suffix(6).map {
        "\($0.time) \($0.isEngaged ? "engaged" : "lifted"): \($0.reason)"
      }, holds: engaged > 0 && engaged < events.count && !last.isEngaged)
  }

  /// Every kind of breaker has tripped: in this database, or in the scenario suite.
  static func breakers(_ facts: CheckFacts) -> Finding {
    let threshold = "each of the \(BreakerKind.allCases.count) kinds has tripped"
    var exercised = 0
    var evidence: [String] = []
    for kind in BreakerKind.allCases {
      let own = facts.store.breakers.filter { $0.kind == kind && $0.until > $0.time }
      if let first = own.first {
        exercised += 1
        evidence.append(
          "\(kind.name): \(counted(own.count, "time")) in this database, first \(first.time), "
            + first.detail)
      } else if let scenario = facts.drills[kind]?.first {
        exercised += 1
        evidence.append("\(kind.name): in the scenario suite, \(scenario)")
      } else {
        evidence.append("\(kind.name): in no run of this database and in no scenario")
      }
    }
    return Finding(
      threshold, "\(exercised) of \(BreakerKind.allCases.count)", evidence,
      holds: exercised == BreakerKind.allCases.count)
  }

  static func alerting(_ facts: CheckFacts) -> Finding {
    let threshold = "alerts reach a person beside the terminal"
    guard let configuration = facts.configuration else {
      return .notShown(threshold, "no configuration was named: give --config")
    }
    guard let file = configuration.live?.alertFile else {
      return Finding(
        threshold, "not configured",
        [
          configuration.live == nil
            ? "the configuration has no `venue`, so no live run reads it"
            : "the configuration has no `alerts`: add `alerts: {file: data/alerts.log}`"
        ], holds: false)
    }
    return Finding(
      threshold, "configured",
      [
        "alerts are appended to \(file)",
        "\(counted(facts.store.health.count, "change")) of health in this database",
      ], holds: true)
  }

  /// Paper that charges what sizing pays for, or exchange with everything that it needs.
  static func execution(_ facts: CheckFacts) -> Finding {
    guard let configuration = facts.configuration?.engine else {
      return .notShown("paper or exchange", "no configuration was named: give --config")
    }
    let limits = configuration.limits
    var wrong: [String] = []
    switch configuration.execution {
    case .paper(let paper):
      for (name, charged, paid) in [
        ("entry slippage", paper.entrySlippageBasisPoints, limits[.entrySlippageBasisPoints]),
        ("stop slippage", paper.stopSlippageBasisPoints, limits[.stopSlippageBasisPoints]),
        (
          "taker fee in tenths", paper.takerFeeTenthsOfBasisPoint,
          limits[.takerFeeTenthsOfBasisPoint]
        ),
      ] where charged < paid {
        wrong.append("\(name): paper charges \(charged) bp, sizing pays for \(paid) bp")
      }
      return Finding(
        "paper that charges at least what sizing pays for",
        wrong.isEmpty ? "paper" : "paper, too cheap", wrong.isEmpty ? ["no order leaves"] : wrong,
        holds: wrong.isEmpty)
    case .exchange(let exchange):
      if configuration.arbitration != .batch { wrong.append("arbitration is not `batch`") }
      if limits.symbolExposure != .exclusive { wrong.append("symbolExposure is not `exclusive`") }
      if limits.drawdownReference != .highWater {
        wrong.append("drawdownReference is not `high-water`")
      }
      if exchange.scheduledCancel == nil { wrong.append("no `scheduledCancel` stands behind it") }
      if exchange.isDryRun { wrong.append("`dryRun` is on: nothing would be sent") }
      return Finding(
        "exchange with batch arbitration, exclusive exposure, the high-water mark and a dead-man's "
          + "cancel",
        wrong.isEmpty ? "exchange" : "exchange, \(counted(wrong.count, "demand")) unmet",
        wrong.isEmpty ? ["orders go to Hyperliquid"] : wrong, holds: wrong.isEmpty)
    }
  }
}

extension Limits.Field {
  enum Direction { case less, more }

  /// Which way is the safer one; nil where neither is.
  var saferDirection: Direction? {
    switch self {
    case .riskPerTradeBasisPoints, .maximumPositionCount, .dayLossBasisPoints,
      .sessionDrawdownBasisPoints, .maximumLeverageTimes, .portfolioHeatBasisPoints,
      .symbolRiskBasisPoints, .latencyBreakerMilliseconds, .orderFailureBreakerCount,
      .staleFeedBreakerMilliseconds, .rateLimitBreakerCount, .balanceCollapseBasisPoints,
      .reconciliationFailureCount, .maximumOrdersPerMinute:
      .less
    case .minimumRewardToRiskTenThousandths, .minimumFillRewardToRiskTenThousandths,
      .minimumStopDistanceBasisPoints, .entrySlippageBasisPoints, .stopSlippageBasisPoints,
      .takerFeeTenthsOfBasisPoint, .rateLimitWindowMilliseconds, .breakerPauseMilliseconds:
      .more
    case .maximumStopDistanceBasisPoints: nil
    }
  }
}
