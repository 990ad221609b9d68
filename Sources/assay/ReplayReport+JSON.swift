import Engine
import Market
import Risk
import Simulation
import Strategies
import Venues

extension ReplayReport {
  /// The document of `--json`: one item a series, everything else among the figures.
  var json: String {
    Document.text(command: "replay", hasPassed: true) { figures in
      write(to: &figures)
    } items: { items in
      for series in plan.history.series { Self.write(series, to: &items) }
    }
  }

  private func write(to object: inout JSONWriter) {
    object.integer("candles", figures.candleCount)
    object.string("digest", digest.description)
    object.object("components") { components in
      for part in self.components {
        components.key(part.component.name.utf8)
        components.string(part.digest.description)
      }
    }
    if let start = plan.history.start { object.string("from", start.description) }
    if let end = plan.history.end { object.string("to", end.description) }
    object.integer("events", figures.eventCount)
    object.integer("records", figures.recordCount)
    object.array("decisions", figures.decisions) { rows, row in
      rows.object { one in
        one.string("strategy", row.strategy.description)
        one.string("reason", row.word)
        one.integer("count", row.count)
      }
    }
    object.array("signals", figures.signals) { rows, row in
      rows.object { one in
        one.string("strategy", row.strategy.description)
        one.string("outcome", row.outcome)
        one.integer("count", row.count)
      }
    }
    object.integer("readings", figures.readingCount)
    object.array("strategies", strategies) { rows, one in Self.write(one, to: &rows) }
    write(feeding: &object)
    object.integer("fills", figures.fillCount)
    object.array("positions", figures.closed) { rows, row in Self.write(row, to: &rows) }
    object.integer("openPositions", snapshot.positions.count)
    if let account = figures.account {
      object.decimal("openingEquity", account.opening)
      object.decimal("fees", account.fees)
      object.decimal("funding", account.funding)
    }
    object.decimal("equity", snapshot.equity)
    object.decimal("maximumDrawdown", figures.equity.maximumDrawdown)
    object.integer("maximumDrawdownBasisPoints", figures.equity.maximumDrawdownBasisPoints)
    object.array("equityCurve", figures.equity.points) { rows, point in
      rows.object { one in
        one.string("time", point.time.description)
        one.decimal("equity", point.equity)
      }
    }
    object.array("alerts", figures.alerts) { rows, alert in
      rows.object { one in
        one.string("code", alert.name)
        one.integer("count", alert.count)
      }
    }
    object.array("trades", figures.trades) { rows, trade in Self.write(trade, to: &rows) }
    object.array("files", data.candles.sources) { rows, source in Self.write(source, to: &rows) }
    object.array("readingFiles", data.sources) { rows, source in Self.write(source, to: &rows) }
    object.array("unreadFiles", data.unread) { rows, file in
      rows.object { one in
        one.string("path", file.path)
        one.string("reason", file.reason)
      }
    }
  }

  private static func write(_ position: ReplayFigures.ClosedPosition, to rows: inout JSONWriter) {
    rows.object { one in
      one.string("id", position.record.id.description)
      one.string("strategy", position.record.strategy.description)
      one.name("symbol", position.record.symbol)
      one.string("setup", position.record.setup.description)
      one.string("openedAt", position.record.openedAt.description)
      if let closedAt = position.record.closedAt {
        one.string("closedAt", closedAt.description)
      }
      if let reason = position.record.exitReason { one.string("exit", "\(reason)") }
      one.decimal("net", position.net)
      one.decimal("fees", position.record.fees)
      one.decimal("funding", position.record.funding)
      one.decimal("risk", position.record.initialRisk)
      if let multiple = position.multiple {
        one.key("r")
        one.decimal(Quantity(steps: multiple.count * 10_000))
      }
    }
  }

  private static func write(_ series: CandleHistory.Series, to items: inout JSONWriter) {
    items.object { item in
      item.string("id", "\(series.symbol) \(series.timeframe.name)")
      item.string("verdict", "pass")
      item.integer("candles", series.candles.count)
      item.bool("derived", series.isDerived)
      item.array("gaps", series.gaps) { gaps, gap in
        gaps.object { one in
          one.string("from", gap.from.description)
          one.string("to", gap.to.description)
          one.integer("missing", gap.missingCount)
          one.bool("betweenFiles", gap.isBetweenFiles)
        }
      }
    }
  }

  private static func write(_ source: CandleHistory.Source, to rows: inout JSONWriter) {
    rows.object { one in
      one.string("path", source.reference.path)
      one.string("source", source.reference.subject.source)
      one.integer("rows", source.rowCount)
      one.integer("overlapping", source.overlappingCount)
      one.integer("contradicting", source.contradictingCount)
      one.array("leftOut", source.rejections) { list, rejection in
        list.object { entry in
          entry.string("reason", rejection.reason.text)
          entry.integer("count", rejection.count)
        }
      }
    }
  }
}
