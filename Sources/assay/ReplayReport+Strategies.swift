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
      for group in sourceGroups {
        guard let first = group.first else { continue }
        let name =
          group.count == 1
          ? fileName(first.reference.path)
          : "\(counted(group.count, "file")) of \(first.reference.subject.source)"
        let note = first.derivation.isEmpty ? "" : ": \(first.derivation)"
        table.add([
          Table.Cell(first.reference.subject.kind),
          Table.Cell(grouped(group.reduce(0) { $0 + $1.rowCount })),
          Table.Cell(grouped(group.reduce(0) { $0 + $1.usedCount })),
          Table.Cell(name + note, .faint),
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
      lines.append(
        "  unread: \(counted(plan.unreadReadingCount, "reading")) that no strategy reads")
    }
    for file in data.unread { lines.append("  not read: \(fileName(file.path)): \(file.reason)") }
    return lines + feeding
  }

  /// Files of one subject that follow one another, as one.
  private var sourceGroups: [[ReadingSource]] {
    var groups: [[ReadingSource]] = []
    for source in data.sources {
      if let last = groups.last?.last, last.reference.subject == source.reference.subject {
        groups[groups.count - 1].append(source)
      } else {
        groups.append([source])
      }
    }
    return groups
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
        "  left out: \(seat.strategy) on \(seat.subject), without "
          + seat.missing.map(\.description).joined(separator: ", "))
    }
    for seat in plan.seats where seat.isFed && !seat.missingOptional.isEmpty {
      lines.append(
        "  degraded: \(seat.strategy) on \(seat.subject), without "
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
        "  \(one.null.strategy) \(one.null.setup): \(fine(one.rate)) signals a "
          + "\(one.null.unit.name); a random walk gives \(fine(one.null.rate)) "
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

  /// A ratio with as many decimals as it has; a dash where there is none.
  private func fine(_ value: TenThousandths?) -> String {
    value.flatMap { Int64(exactly: Int128($0.count) * 10_000) }
      .map { "\(Fraction(steps: $0))" } ?? "-"
  }

  /// A ratio with two decimals; a dash where there is none.
  private func decimal(_ value: TenThousandths?) -> String {
    value.map {
      let hundredths = Rounding.nearest.divide(Int128($0.count), by: 100)
      return String(percent(Int64(clamping: hundredths)).dropLast(2))
    } ?? "-"
  }
}
