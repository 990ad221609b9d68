import Engine
import Market
import Risk
import Simulation
import Strategies
import Venues

extension ExplanationReport {
  var json: String {
    let hasPassed = explanation.agreesWithTheRun && run.divergence == nil
    return Document.text(command: "trace explain", hasPassed: hasPassed) { figures in
      figures.string("source", run.source)
      figures.string("run", run.title)
      figures.string("digest", "\(run.digest)")
      figures.integer("questions", explanation.gate.reduce(0) { $0 + $1.reading.questions.count })
      figures.integer("orderRecords", explanation.lives.reduce(0) { $0 + $1.events.count })
    } items: { items in
      items.object { item in
        item.string("id", id)
        item.string("verdict", hasPassed ? "pass" : "fail")
        item.string("outcome", explanation.outcome)
        if let found = explanation.decision { write(found, to: &item) }
        item.array("legs", explanation.gate) { legs, leg in
          legs.object { row in
            row.name("symbol", leg.request.instrument.symbol)
            row.string("order", "\(leg.request.clientID)")
            write(leg.reading, to: &row)
          }
        }
        item.array("orders", explanation.lives) { orders, life in write(life, to: &orders) }
      }
    }
  }

  private func write(_ found: Inquiry.Case, to item: inout JSONWriter) {
    let shown = found.decision
    item.integer("run", found.moment.epoch)
    item.integer("event", found.moment.event)
    item.string("time", "\(found.moment.time)")
    item.object("decision") { decision in
      decision.name("strategy", shown.decision.strategy)
      decision.name("symbol", shown.decision.symbol)
      decision.name("setup", shown.decision.setup)
      decision.string("time", "\(shown.decision.time)")
      decision.string("inputs", "\(Digest(rawValue: shown.decision.inputs))")
      if case .noTrade(let reason) = shown.decision.outcome {
        decision.string("reason", reason.rawValue)
        decision.string("meaning", reason.meaning)
      }
      if !shown.decision.note.isEmpty { decision.string("note", shown.decision.note) }
      if let candle = shown.trigger {
        decision.object("trigger") { trigger in
          trigger.string("timeframe", candle.timeframe.name)
          trigger.string("venue", candle.venue.name)
          trigger.string("openTime", "\(candle.openTime)")
          trigger.string("closeTime", "\(candle.closeTime)")
          trigger.decimal("open", candle.open)
          trigger.decimal("high", candle.high)
          trigger.decimal("low", candle.low)
          trigger.decimal("close", candle.close)
          trigger.decimal("volume", candle.volume)
        }
      }
    }
    item.array("inputs", shown.inputs) { rows, input in
      rows.object { row in
        row.string("input", input.name)
        row.name("symbol", input.symbol)
        row.bool("isOptional", input.necessity == .optional)
        row.integer("needed", input.needed)
        row.integer("held", input.held)
        if let unbroken = input.unbroken { row.integer("unbroken", unbroken) }
        if let newest = input.newest {
          row.string("newest", "\(newest)")
          row.integer("ageMilliseconds", (shown.decision.time - newest).milliseconds)
        }
      }
    }
    item.string("health", shown.health)
    if let signal = found.signal { write(signal, found.entry, to: &item) }
  }

  private func write(
    _ row: SignalRecord, _ entry: EntryEvidence?, to item: inout JSONWriter
  ) {
    item.object("signal") { signal in
      signal.string("side", row.signal.side == .buy ? "long" : "short")
      signal.decimal("entry", row.signal.entry)
      signal.decimal("stop", row.signal.stop)
      signal.decimal("target", row.signal.target)
      signal.string("rewardToRisk", fraction(row.signal.rewardToRisk))
      signal.string("netRewardToRisk", fraction(row.signal.netRewardToRisk))
      signal.string("confidence", fraction(row.signal.confidence))
      signal.string("validUntil", "\(row.signal.validUntil)")
      signal.string("timeStop", "\(row.signal.timeStop)")
      if let order = row.order { signal.string("order", "\(order)") }
    }
    guard let entry else { return }
    item.object("arbitration") { arbitration in
      arbitration.string("policy", entry.arbitration == .batch ? "batch" : "independent")
      arbitration.array("exposures", entry.exposures) { rows, exposure in
        rows.object { row in
          row.name("symbol", exposure.symbol)
          row.decimal("quantity", exposure.quantity)
        }
      }
      if let refusal = entry.refusal { arbitration.string("refusal", refusal) }
      arbitration.array("others", explanation.rivals) { rows, rival in
        rows.object { row in
          row.name("strategy", rival.strategy)
          row.name("setup", rival.setup)
          row.string("side", rival.signal.side == .buy ? "long" : "short")
          row.string("confidence", fraction(rival.signal.confidence))
          row.string("outcome", rival.outcome)
        }
      }
    }
  }

  private func write(_ gate: GateReading, to item: inout JSONWriter) {
    item.array("gate", gate.questions) { rows, question in
      rows.object { row in
        if case .ends(let reason)? = question.consequence { row.string("reason", reason) }
        row.bool("answer", question.answer)
        row.string("question", question.sentence)
        row.string("site", "\(question.site)")
        row.array("comparisons", question.comparisons) { sides, comparison in
          sides.object { side in
            side.string("left", comparison.left)
            side.string("leftValue", plain(comparison.leftValue))
            side.string("sign", comparison.sign)
            side.string("right", comparison.right)
            side.string("rightValue", plain(comparison.rightValue))
            side.bool("holds", comparison.holds)
          }
        }
        row.array("limits", question.limits) { keys, key in keys.string(key) }
      }
    }
    guard let size = gate.size else { return }
    item.object("size") { row in
      row.decimal("quantity", size.quantity)
      row.array("boundBy", size.boundBy) { keys, key in keys.string(key) }
      row.decimal("risk", size.risk)
      row.decimal("notional", size.notional)
      row.array("derivation", size.derivation) { lines, line in
        lines.object { text in
          text.string("text", line.text)
          text.string("value", plain(line.value))
          if let chosen = line.chosen { text.string("chosen", chosen) }
        }
      }
    }
  }

  private func write(_ life: Inquiry.Life, to item: inout JSONWriter) {
    item.object { order in
      order.string("id", "\(life.id)")
      order.string("result", life.result)
      order.array("records", life.events) { rows, event in
        rows.object { row in
          row.integer("run", event.moment.epoch)
          row.integer("event", event.moment.event)
          row.string("time", "\(event.moment.time)")
          row.string("what", event.record.sentence(for: life.id))
        }
      }
    }
  }
}

/// A value without marks for thousands, for programs.
private func plain(_ value: String) -> String { value.filter { $0 != "," } }
