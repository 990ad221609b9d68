import Engine
import Market
import Risk
import Simulation
import Strategies
import Venues

/// Why a decision or an order came about, for people; ``json`` is for programs.
struct ExplanationReport {
  let run: RepeatedRun
  let explanation: Explanation

  /// How the thing that is explained is called.
  var id: String {
    if let decision = explanation.decision?.decision.decision {
      return "\(decision.strategy):\(decision.symbol):\(decision.time)"
    }
    return explanation.lives.first.map { "\($0.id)" } ?? ""
  }

  func print(on console: Console) {
    let isTrade = explanation.outcome == "EXECUTED"
    console.print(
      console.paint(id, .bold) + "  "
        + console.paint(explanation.outcome, isTrade ? .good : .warning))
    var place = "\(run.title)"
    if let moment = explanation.decision?.moment ?? explanation.lives.first?.events.first?.moment {
      place += ", run \(moment.epoch), event \(grouped(moment.event)) at \(moment.time)"
    }
    console.print(place)
    if let found = explanation.decision {
      section("Decision", decisionLines(found), on: console)
      section("Inputs", inputLines(found.decision, on: console), on: console)
      if let signal = found.signal {
        section("Signal", signalLines(signal), on: console)
        section("Arbitration", arbitrationLines(found), on: console)
      }
    }
    for leg in explanation.gate {
      let name = title(of: leg)
      section("Gate" + name, gateLines(leg.reading, on: console), on: console)
      if let size = leg.reading.size {
        section("Size" + name, sizeLines(size, on: console), on: console)
      }
    }
    for life in explanation.lives {
      section("Order", lifeLines(life, on: console), on: console)
    }
    console.print()
    console.next(advice)
  }

  /// Of a pair, which leg it is.
  private func title(of leg: Explanation.Leg) -> String {
    explanation.gate.count > 1 ? ", \(leg.request.instrument.symbol) leg" : ""
  }

  private func section(_ title: String, _ lines: [String], on console: Console) {
    guard !lines.isEmpty else { return }
    console.print()
    console.print(console.paint(title, .bold))
    console.print(lines.map { "  " + $0 })
  }

  private var advice: String {
    let command = "`assay trace explain \(run.source)\(run.arguments)"
    if let order = explanation.decision?.signal?.order,
      case .decision = run.inquiry.subject
    {
      return "\(command) --order \(order)` is the same from the order's side."
    }
    return "\(command)` lists what else can be explained."
  }

  // MARK: What the strategy said

  private func decisionLines(_ found: Inquiry.Case) -> [String] {
    let evidence = found.decision
    let decision = evidence.decision
    var lines = ["\(decision.strategy) on \(decision.symbol), setup \(decision.setup)"]
    switch decision.outcome {
    case .signal(let signal):
      lines.append("asked to go \(signal.side == .buy ? "long" : "short")")
    case .noTrade(let reason):
      lines.append("no trade: \(reason.rawValue): \(reason.meaning)")
    case .leave: lines.append("asked to leave what it holds")
    }
    if !decision.note.isEmpty { lines.append("it noted: \(decision.note)") }
    if let candle = evidence.trigger {
      lines.append(
        "trigger: \(candle.timeframe.name) candle \(candle.openTime) to \(candle.closeTime) of "
          + "\(candle.venue.name)")
      lines.append(
        "  open \(candle.open), high \(candle.high), low \(candle.low), close \(candle.close), "
          + "volume \(candle.volume)")
    }
    lines.append(
      "decided \(age(evidence.decidedAt - decision.time)) after the close; "
        + "digest of all inputs so far \(Digest(rawValue: decision.inputs))")
    return lines
  }

  private func age(_ interval: Interval) -> String {
    interval < .zero ? "-" + shown(.zero - interval) : shown(interval)
  }

  private func inputLines(_ decision: DecisionEvidence, on console: Console) -> [String] {
    var table = Table([
      .init(title: "input"), .init(title: "of"), .init(title: "newest"),
      .init(title: "age", alignment: .right), .init(title: "held", alignment: .right),
      .init(title: "unbroken", alignment: .right), .init(title: "needed", alignment: .right),
      .init(title: ""),
    ])
    for input in decision.inputs {
      let isShort = (input.unbroken ?? input.held) < input.needed
      table.add([
        Table.Cell(input.name), Table.Cell("\(input.symbol)"),
        Table.Cell(input.newest.map { "\($0)" } ?? "never"),
        Table.Cell(input.newest.map { age(decision.decision.time - $0) } ?? "-"),
        Table.Cell(grouped(input.held)),
        Table.Cell(input.unbroken.map(grouped) ?? "-", isShort ? .warning : .plain),
        Table.Cell(grouped(input.needed)),
        Table.Cell(input.necessity == .optional ? "optional" : ""),
      ])
    }
    return (decision.inputs.isEmpty ? [] : table.lines(on: console)) + [decision.health]
  }

  private func signalLines(_ row: SignalRecord) -> [String] {
    let signal = row.signal
    func away(_ price: Price) -> String {
      let gap = (price - signal.entry).magnitude
      let share = Rounding.nearest.divide(
        Int128(gap.steps) * 10_000, by: max(1, Int128(signal.entry.steps)))
      return percent(Int64(clamping: share))
    }
    let second = signal.pair.map { pair in
      "with \(pair.side == .buy ? "long" : "short") \(pair.symbol) at \(pair.entry), stop "
        + "\(pair.stop), target \(pair.target), \(pair.hedge) of it for one of the first"
    }
    return [
      "\(signal.side == .buy ? "long" : "short") at \(signal.entry), stop \(signal.stop) "
        + "(\(away(signal.stop)) away), target \(signal.target) (\(away(signal.target)) away)",
      "reward to risk \(fraction(signal.rewardToRisk)), after slippage and fees "
        + "\(fraction(signal.netRewardToRisk)); confidence \(fraction(signal.confidence))",
      "valid until \(signal.validUntil), time stop \(signal.timeStop)",
    ] + [second].compactMap { $0 }
  }

  private func arbitrationLines(_ found: Inquiry.Case) -> [String] {
    guard let entry = found.entry else { return [] }
    var lines: [String] = []
    switch entry.arbitration {
    case .independent: lines.append("independent: every signal goes to the gate as it comes")
    case .batch: lines.append("batch: the signals of one time on a symbol are weighed together")
    }
    for (symbol, quantity) in entry.exposures {
      lines.append(
        quantity == .zero
          ? "nothing was held or on its way on \(symbol)"
          : "\(quantity) \(symbol) were held or on their way")
    }
    for rival in explanation.rivals {
      lines.append(
        "beside it \(rival.strategy) \(rival.setup) \(rival.signal.side == .buy ? "long" : "short")"
          + " with confidence \(fraction(rival.signal.confidence)): \(rival.outcome)")
    }
    if let refusal = entry.refusal {
      lines.append("refused: \(refusal)\(Explanation.meaning(ofArbitration: refusal))")
    } else {
      lines.append("went on to the gate")
    }
    return lines
  }

  // MARK: What the gate said

  private func gateLines(_ gate: GateReading, on console: Console) -> [String] {
    let names = gate.questions.map { question in
      switch question.consequence {
      case .ends(let reason)?: reason
      case .goesOn?, nil: "(size)"
      }
    }
    let width = names.map(\.count).max() ?? 0
    var lines: [String] = []
    for (question, name) in zip(gate.questions, names) {
      let isDecisive = question == gate.decisive
      let head =
        console.paint(question.answer ? "yes" : "no ", isDecisive ? .bad : .plain) + "  "
        + console.paint(name, isDecisive ? .bad : .plain)
        + String(repeating: " ", count: width - name.count) + "  "
      lines += wrapped(
        question.sentence, after: head, indent: width + 7, on: console)
    }
    guard let decisive = gate.decisive, case .rejected(let reason) = gate.verdict else {
      return lines + ["let through: no question that ends in a reason was answered with yes"]
    }
    lines.append("rejected: \(reason.code): \(reason.meaning)")
    if !decisive.limits.isEmpty {
      lines.append("by the limit \(decisive.limits.joined(separator: ", "))")
    }
    lines.append("asked at \(decisive.site)")
    return lines
  }

  private func sizeLines(_ size: GateReading.Sizing, on console: Console) -> [String] {
    func lines(_ derivation: [Derivation]) -> [String] {
      derivation.flatMap { line in
        let chosen = line.chosen.map { ", which is \($0)" } ?? ""
        return wrapped("\(line.text) = \(line.value)\(chosen)", after: "", indent: 2, on: console)
      }
    }
    return lines(size.derivation) + [
      "so \(size.quantity), bound by \(size.boundBy.joined(separator: ", "))",
      "at stake: \(size.risk) at the stop with slippage and fees, \(size.notional) in all",
    ]
  }

  /// `text` after `head`, broken at spaces where the terminal is narrow.
  private func wrapped(
    _ text: String, after head: String, indent: Int, on console: Console
  ) -> [String] {
    guard let columns = console.columns else { return [head + text] }
    let room = max(20, columns - indent - 2)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > room {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    let margin = String(repeating: " ", count: indent)
    return lines.enumerated().map { ($0 == 0 ? head : margin) + $1 }
  }

  // MARK: What became of the order

  private func lifeLines(_ life: Inquiry.Life, on console: Console) -> [String] {
    var table = Table([
      .init(title: "time"), .init(title: "event", alignment: .right),
      .init(title: "what", isFlexible: true),
    ])
    for event in life.events {
      table.add([
        Table.Cell("\(event.moment.time)"), Table.Cell(grouped(event.moment.event)),
        Table.Cell(event.record.sentence(for: life.id)),
      ])
    }
    return ["\(life.id)"] + table.lines(on: console) + [life.result]
  }
}

/// A fraction in steps of 1e-4, as `2.5714`.
func fraction(_ value: TenThousandths) -> String {
  Price(steps: value.count.multipliedReportingOverflow(by: 10_000).partialValue).description
}
