import Proof
import Risk

/// A configuration that lets too much through, as a scenario in which the engine does so.
///
/// The prover's account and order break the theorem at once; in the virtual world they must come
/// about. Each scenario trades with the configuration's own limits until the house's bound is
/// broken, and states that bound itself.
struct CounterexampleScenario {
  /// The file's text.
  let text: String

  /// Whether there is a scenario for a theorem.
  static func shows(_ theorem: String) -> Bool { Bound(rawValue: theorem) != nil }

  /// The theorems whose bounds an entry can be held to from outside.
  private enum Bound: String {
    case lossAtStop = "loss-at-stop"
    case rewardToRisk = "reward-to-risk"
    case slots = "three-slots"
    case dayLoss = "no-entry-past-day-loss"
    case drawdown = "no-entry-past-drawdown"

    var demand: String {
      switch self {
      case .lossAtStop: "risk: 1%"
      case .rewardToRisk: "rewardToRisk: 2"
      case .slots: "slots: 3"
      case .dayLoss: "dayLoss: 10%"
      case .drawdown: "drawdown: 5%"
      }
    }
  }

  /// Makes the scenario of a counterexample; nil where the theorem is not about one entry.
  init?(_ theorem: String, _ example: Counterexample, _ limits: Limits) {
    guard let bound = Bound(rawValue: theorem) else { return nil }
    let trades = Trades(bound, example, limits)
    var lines = [
      "# Written by `assay prove --config`; `assay sim` fails on it as long as the limits stand.",
      "name: refused-\(theorem)", "about: >",
      "  The limits below let an entry through that the theorem `\(theorem)` forbids. The prover's",
      "  own account and order:",
    ]
    for value in example.values + example.results {
      lines.append("  \(value.name) \(value.value),")
    }
    lines += [
      "  amounts in steps of 1e-8.", "seed: 1", "start: 2026-03-02T00:00:00Z",
      "duration: \(trades.duration)", "execution: exchange", "config:", "  limits:",
    ]
    for field in Limits.Field.allCases { lines.append("    \(field.name): \(limits[field])") }
    let reference = limits.drawdownReference == .highWater ? "high-water" : "session-start"
    let exposure = limits.symbolExposure == .exclusive ? "exclusive" : "per-strategy"
    lines += [
      "    drawdownReference: \(reference)", "    symbolExposure: \(exposure)", "script:",
      "  signals:",
    ]
    lines += trades.signals + ["market:"] + trades.markets
    lines += [
      "venues:",
      "  hyperliquid: {latency: 40ms, jitter: 20ms, blockInterval: 1s, "
        + "history: {days: 2, fineDays: 1}}",
    ]
    if !trades.operations.isEmpty { lines += ["operator:"] + trades.operations }
    lines += ["expect:", "  entries: {\(bound.demand)}", ""]
    text = lines.joined(separator: "\n")
  }

  /// What is traded until the bound breaks.
  private struct Trades {
    var duration = "30m"
    var signals: [String] = []
    var markets: [String] = []
    var operations: [String] = []

    init(_ bound: Bound, _ example: Counterexample, _ limits: Limits) {
      let slippage = limits[.entrySlippageBasisPoints] * 100
      var stop = Self.stop(example, limits)
      if bound == .rewardToRisk {
        // The wider the stop, the less a tick matters.
        let widest = (limits[.maximumStopDistanceBasisPoints] * 100 - slippage) / 1_000 * 1_000
        stop = max(stop, widest - 2_000)
      }
      // As little reward as the limits allow at the decision's price and at the fill.
      func reward(_ ratio: Int64, _ risk: Int64) -> Int64 { (risk * ratio + 9_999) / 10_000 }
      let atFill = limits[.minimumFillRewardToRiskTenThousandths]
      let least =
        2
        + max(
          reward(limits[.minimumRewardToRiskTenThousandths], stop),
          reward(atFill, stop + slippage) + slippage)
      let target = bound == .rewardToRisk ? least : max(least, stop * 3)
      func signal(_ minutes: Int, _ symbol: String) -> String {
        "    - {at: \(minutes)m, symbol: \(symbol), side: long, stop: \(Self.share(stop)), "
          + "target: \(Self.share(target)), hold: 5d}"
      }
      switch bound {
      case .lossAtStop:
        signals = [signal(10, "BTC")]
        markets = [Self.constant("BTC", 60_000)]
      case .rewardToRisk:
        signals = [signal(10, "BTC")]
        // Whole prices are on the tick at any height: here a tick is about one part in a million.
        markets = [Self.constant("BTC", 900_000)]
      case .slots:
        let count = min(Int(limits[.maximumPositionCount]), 19) + 1
        for index in 0..<count {
          let symbol = Self.symbols[index % Self.symbols.count]
          signals.append(signal(10 + index, symbol))
          markets.append(Self.constant(symbol, 100))
        }
        duration = "\(30 + count)m"
      case .dayLoss, .drawdown:
        fall(stop, resuming: bound == .dayLoss, signal)
      }
    }

    /// A price that falls through every stop, and a long after each.
    private mutating func fall(
      _ stop: Int64, resuming: Bool, _ signal: (Int, String) -> String
    ) {
      let count = 60
      let step = Int64(stop * 3 / 2 + 2_000)
      var price: Int64 = 60_000_000
      markets = ["  BTC:", "    model: path", "    path:", "      - {at: -1h, price: 60000}"]
      for index in 0..<count {
        let minute = 10 + index * 20
        markets.append("      - {at: \(minute + 2)m, price: \(Self.decimal(price))}")
        price -= price * step / 1_000_000
        markets.append("      - {at: \(minute + 12)m, price: \(Self.decimal(price))}")
        signals.append(signal(minute, "BTC"))
        if resuming {
          operations.append("  - {at: \(minute - 1)m, do: resume, reason: the operator goes on}")
        }
      }
      duration = "\(30 + count * 20)m"
    }

    /// The stop's distance of the counterexample, where the limits allow it with room to spare.
    private static func stop(_ example: Counterexample, _ limits: Limits) -> Int64 {
      let least = limits[.minimumStopDistanceBasisPoints] * 100
      let most = limits[.maximumStopDistanceBasisPoints] * 100
      let usual = least + (most - least) / 4 + 1
      guard let entry = example["entry"], let stop = example["stop"], entry > 0 else {
        return usual
      }
      let distance = Int128(entry > stop ? entry - stop : stop - entry) * 1_000_000
      let share = Int64(clamping: distance / Int128(entry))
      return (least + 1_500...max(most - 1_500, least + 1_500)).contains(share) ? share : usual
    }

    private static let symbols = [
      "BTC", "ETH", "SOL", "AVAX", "ARB", "OP", "DOGE", "LINK", "LTC", "BNB", "XRP", "ADA", "DOT",
      "ATOM", "NEAR", "APT", "SUI", "SEI", "TIA", "INJ",
    ]

    private static func constant(_ symbol: String, _ price: Int) -> String {
      "  \(symbol): {model: constant, price: \(price), sizeDecimals: 4, maximumLeverage: 40}"
    }

    /// Parts per million as a percentage.
    private static func share(_ parts: Int64) -> String {
      let rest = String(parts % 10_000 + 10_000).dropFirst()
      return "\(parts / 10_000).\(rest)%"
    }

    /// Thousandths as a decimal.
    private static func decimal(_ thousandths: Int64) -> String {
      "\(thousandths / 1_000).\(String(thousandths % 1_000 + 1_000).dropFirst().prefix(1))"
    }
  }
}
