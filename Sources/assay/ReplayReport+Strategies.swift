import Market
import Risk
import Simulation
import Strategies

extension ReplayReport {
  /// Files of readings, and what the strategies lack.
  func readings(on console: Console) -> [String] {
    var lines: [String] = []
    if !data.sources.isEmpty {
      var table = Table([
        .init(title: "readings"), .init(title: "rows", alignment: .right),
        .init(title: "used", alignment: .right), .init(title: "source", isFlexible: true),
      ])
      for source in data.sources {
        let note = source.derivation.isEmpty ? "" : ": \(source.derivation)"
        table.add([
          Table.Cell(source.reference.subject.kind), Table.Cell(grouped(source.rowCount)),
          Table.Cell(grouped(source.usedCount)),
          Table.Cell(fileName(source.reference.path) + note, .faint),
        ])
      }
      lines += table.lines(on: console)
    }
    for source in data.sources {
      for rejection in source.rejections {
        lines.append(
          "  left out: \(counted(rejection.count, "row")) of \(fileName(source.reference.path)), "
            + "the first on line \(rejection.firstLine): \(rejection.reason.text)")
      }
    }
    if plan.outsideCount > 0 {
      lines.append(
        "  outside: \(counted(plan.outsideCount, "reading")) from before the first candle or after "
          + "the last")
    }
    if plan.unreadReadingCount > 0 {
      lines.append("  unread: \(counted(plan.unreadReadingCount, "reading")) that no strategy reads")
    }
    for file in data.unread { lines.append("  not read: \(fileName(file.path)): \(file.reason)") }
    return lines + feeding
  }

  private var feeding: [String] {
    var lines: [String] = []
    for one in plan.leftOut {
      lines.append(
        "  left out: \(one.strategy), as no file has "
          + one.missing.map(\.description).joined(separator: " or "))
    }
    for seat in plan.seats where !seat.isFed {
      lines.append(
        "  starved: \(seat.strategy) on \(seat.subject) without "
          + seat.missing.map(\.description).joined(separator: ", "))
    }
    for seat in plan.seats where seat.isFed && !seat.missingOptional.isEmpty {
      lines.append(
        "  degraded: \(seat.strategy) on \(seat.subject) without "
          + seat.missingOptional.map(\.description).joined(separator: ", "))
    }
    for standIn in plan.standIns {
      lines.append(
        "  \(standIn.kind) of \(standIn.venue.name) stands in for that of \(standIn.source.name)")
    }
    return lines
  }

  private func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The strategies beside one another, and against prices without an edge.
  func sideBySide(on console: Console) -> [String] {
    var table = Table([
      .init(title: "strategy"), .init(title: "signals", alignment: .right),
      .init(title: "trades", alignment: .right), .init(title: "won", alignment: .right),
      .init(title: "before costs", alignment: .right), .init(title: "95 %"),
      .init(title: "null", alignment: .right), .init(title: "R gross", alignment: .right),
      .init(title: "R net", alignment: .right), .init(title: "R costs", alignment: .right),
      .init(title: "of profit", alignment: .right), .init(title: "fall R", alignment: .right),
      .init(title: "fall", alignment: .right),
    ])
    for one in strategies {
      let trades = one.trades
      let interval = trades.grossWins.interval.map {
        "\(whole($0.lowerBound)) to \(whole($0.upperBound))"
      }
      let style: Console.Style = trades.isWithinNull == false ? .bold : .plain
      table.add([
        Table.Cell("\(one.strategy)"), Table.Cell(grouped(one.signalCount)),
        Table.Cell(grouped(trades.count)), Table.Cell(whole(trades.wins.share)),
        Table.Cell(whole(trades.grossWins.share), style), Table.Cell(interval ?? "-"),
        Table.Cell(whole(trades.nullWinRate)), Table.Cell(decimal(trades.grossExpectancy)),
        Table.Cell(decimal(trades.netExpectancy)), Table.Cell(decimal(trades.costExpectancy)),
        Table.Cell(trades.costShareBasisPoints.map { percent($0) } ?? "-"),
        Table.Cell(trades.count == 0 ? "-" : decimal(trades.drawdown)),
        Table.Cell(trades.count == 0 ? "-" : percent(trades.drawdownBasisPoints)),
      ])
    }
    var lines = table.lines(on: console)
    for one in strategies.flatMap(\.nullRates) {
      lines.append(
        "  \(one.null.strategy) \(one.null.setup): \(decimal(one.rate)) signals a "
          + "\(one.null.unit.name); a random walk gives \(decimal(one.null.rate)) "
          + "\(one.null.about)")
    }
    return lines
  }

  /// A share as a percentage with one decimal; a dash where there is none.
  private func whole(_ share: TenThousandths?) -> String {
    share.map {
      let tenths = Rounding.nearest.divide(Int128($0.count), by: 10)
      return "\(tenths / 10).\(tenths % 10) %"
    } ?? "-"
  }

  /// A ratio with two decimals; a dash where there is none.
  private func decimal(_ value: TenThousandths?) -> String {
    value.map {
      let hundredths = Rounding.nearest.divide(Int128($0.count), by: 100)
      return String(percent(Int64(clamping: hundredths)).dropLast(2))
    } ?? "-"
  }
}
