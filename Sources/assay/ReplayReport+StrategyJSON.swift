import Engine
import Market
import Risk
import Simulation
import Strategies
import Venues

extension ReplayReport {
  /// One strategy with every figure of the table.
  static func write(_ one: StrategyFigures, to rows: inout JSONWriter) {
    rows.object { row in
      let trades = one.trades
      row.string("id", one.strategy.description)
      row.integer("decisions", one.decisionCount)
      row.integer("evaluated", one.evaluatedCount)
      row.integer("signals", one.signalCount)
      row.integer("executed", one.executedCount)
      row.integer("trades", trades.count)
      write("won", trades.wins, to: &row)
      write("wonBeforeCosts", trades.grossWins, to: &row)
      write("nullWinRate", trades.nullWinRate, to: &row)
      if let isWithin = trades.isWithinNull { row.bool("isWithinNull", isWithin) }
      write("rewardToRisk", trades.rewardToRisk, to: &row)
      write("expectancyGross", trades.grossExpectancy, to: &row)
      write("expectancyNet", trades.netExpectancy, to: &row)
      write("costs", trades.costExpectancy, to: &row)
      if let share = trades.costShareBasisPoints { row.integer("costShareBasisPoints", share) }
      row.decimal("gross", trades.gross)
      row.decimal("slippage", trades.slippage)
      row.decimal("fees", trades.fees)
      row.decimal("funding", trades.funding)
      row.decimal("net", trades.net)
      write("drawdown", trades.drawdown, to: &row)
      row.integer("drawdownBasisPoints", trades.drawdownBasisPoints)
      row.array("nullRates", one.nullRates) { list, null in
        list.object { entry in
          entry.string("setup", null.null.setup.description)
          entry.string("unit", null.null.unit.name)
          write("rate", null.rate, to: &entry)
          write("null", null.null.rate, to: &entry)
          entry.string("about", null.null.about)
        }
      }
    }
  }

  private static func write(
    _ name: StaticString, _ proportion: Proportion, to row: inout JSONWriter
  ) {
    row.object(name) { one in
      one.integer("count", proportion.count)
      write("share", proportion.share, to: &one)
      write("low", proportion.interval?.lowerBound, to: &one)
      write("high", proportion.interval?.upperBound, to: &one)
    }
  }

  /// A ratio as a decimal of four places; left out where there is none.
  private static func write(
    _ name: StaticString, _ value: TenThousandths?, to row: inout JSONWriter
  ) {
    guard let value, let steps = Int64(exactly: Int128(value.count) * 10_000) else { return }
    row.decimal(name, Fraction(steps: steps))
  }

  /// One trade, whole.
  static func write(_ trade: ReplayTrade, to rows: inout JSONWriter) {
    rows.object { one in
      one.string("id", trade.record.id.description)
      one.string("strategy", trade.record.strategy.description)
      one.name("symbol", trade.signal.symbol)
      one.string("setup", trade.signal.setup.description)
      one.string("side", trade.signal.signal.side == .buy ? "long" : "short")
      one.string("openedAt", trade.record.openedAt.description)
      one.string("closedAt", trade.closedAt.description)
      if let reason = trade.record.exitReason { one.string("exit", "\(reason)") }
      one.decimal("entry", trade.entry)
      one.decimal("stop", trade.signal.signal.stop)
      one.decimal("target", trade.signal.signal.target)
      one.decimal("exitPrice", trade.exit)
      one.decimal("gross", trade.gross)
      one.decimal("slippage", trade.slippage)
      one.decimal("fees", trade.fees)
      one.decimal("funding", trade.funding)
      one.decimal("net", trade.net)
      one.decimal("risk", trade.risk)
      write("grossR", trade.grossMultiple, to: &one)
      write("netR", trade.netMultiple, to: &one)
    }
  }

  /// What was left out, starved, degraded or stands in.
  func write(feeding object: inout JSONWriter) {
    object.array("leftOut", plan.leftOut) { rows, one in
      rows.object { row in
        row.string("strategy", one.strategy.description)
        row.array("missing", one.missing) { list, input in list.string(input.description) }
      }
    }
    object.array("seats", plan.seats) { rows, seat in
      rows.object { row in
        row.string("strategy", seat.strategy.description)
        row.string("subject", seat.subject.description)
        row.array("missing", seat.missing) { list, input in list.string(input.description) }
        row.array("missingOptional", seat.missingOptional) { list, input in
          list.string(input.description)
        }
      }
    }
    object.array("standIns", plan.standIns) { rows, one in
      rows.object { row in
        row.string("kind", one.kind.description)
        row.string("venue", one.venue.name)
        row.string("source", one.source.name)
      }
    }
    object.integer("readingsOutside", plan.outsideCount)
    object.integer("readingsUnread", plan.unreadReadingCount)
  }

  /// One file of readings.
  static func write(_ source: ReadingSource, to rows: inout JSONWriter) {
    rows.object { one in
      one.string("path", source.reference.path)
      one.string("kind", source.reference.subject.kind)
      one.string("source", source.reference.subject.source)
      one.integer("rows", source.rowCount)
      one.integer("used", source.usedCount)
      one.string("derivation", source.derivation)
      one.array("leftOut", source.rejections) { list, rejection in
        list.object { entry in
          entry.string("reason", rejection.reason.text)
          entry.integer("count", rejection.count)
          entry.integer("firstLine", rejection.firstLine)
        }
      }
    }
  }
}
