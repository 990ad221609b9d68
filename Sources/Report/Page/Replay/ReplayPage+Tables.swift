import Market
import Risk
import Simulation
import Strategies

extension ReplayPage {
  /// The table that the command prints, too.
  var sideBySide: HTML {
    let rows = strategies.map { one -> [HTML] in
      let trades = one.trades
      return [
        .code("\(one.strategy)"), HTML(grouped(one.decisionCount)), HTML(grouped(one.signalCount)),
        HTML(grouped(trades.count)), HTML(shareText(trades.wins.share)),
        HTML(Self.withInterval(trades.grossWins)), HTML(shareText(trades.nullWinRate)),
        HTML(ratio(trades.rewardToRisk)), HTML(ratio(trades.grossExpectancy)),
        HTML(ratio(trades.netExpectancy)), HTML(ratio(trades.costExpectancy)),
        HTML(trades.costShareBasisPoints.map { percent($0) } ?? "-"),
        HTML(trades.count == 0 ? "-" : ratio(trades.drawdown)),
        HTML(trades.count == 0 ? "-" : percent(trades.drawdownBasisPoints)),
        Self.verdict(trades),
      ]
    }
    return CertificatePage.section(
      "strategies", "Strategies, side by side",
      CertificatePage.paragraph(
        "One R is the distance from the decided entry to the stop, times the size. Gross is before "
          + "fees, slippage and funding. Intervals are Wilson's, at 95 %. A random walk reaches a "
          + "target of reward to risk rr before its stop at a rate of 1/(1+rr): that is the null "
          + "that wins before costs are held against."),
      .table(
        [
          "strategy", "decisions", "signals", "trades", "won", "won before costs", "null", "rr",
          "R gross", "R net", "R costs", "costs of profit", "fall in R", "fall", "",
        ], numbers: Set(1...13), rows),
      CertificatePage.paragraph(
        "The last two are the deepest falls from a peak: of the sum of R, and of the account had "
          + "this strategy traded alone on it. A badge says whether the null lies in the interval."
      ))
  }

  private static func withInterval(_ proportion: Proportion) -> String {
    guard let share = proportion.share, let interval = proportion.interval else { return "-" }
    return "\(percent(share.count)) (\(hundredths(interval.lowerBound.count)) to "
      + "\(hundredths(interval.upperBound.count)))"
  }

  private static func verdict(_ trades: TradeStatistics) -> HTML {
    guard let isWithin = trades.isWithinNull, let null = trades.nullWinRate,
      let share = trades.grossWins.share
    else { return .badge("no trades", .open) }
    if isWithin { return .badge("like the null", .open) }
    return share > null ? .badge("above the null", .good) : .badge("below the null", .bad)
  }

  /// Signal rates against those on a random walk.
  var nullRates: HTML {
    let rows = strategies.flatMap(\.nullRates).map { one -> [HTML] in
      [
        .code("\(one.null.strategy)"), HTML("\(one.null.setup)"), HTML(fine(one.rate)),
        HTML(fine(one.null.rate)), HTML("a \(one.null.unit.name), \(one.null.about)"),
      ]
    }
    guard !rows.isEmpty else { return .empty }
    return CertificatePage.section(
      "null", "Signal rates against a random walk",
      .table(["strategy", "setup", "here", "random walk", "counted"], numbers: [2, 3], rows))
  }

  /// A ratio with as many decimals as it has; a dash where there is none.
  private func fine(_ value: TenThousandths?) -> String {
    value.flatMap { Int64(exactly: Int128($0.count) * 10_000) }
      .map { "\(Fraction(steps: $0))" } ?? "-"
  }

  /// What was left out, starved or degraded, and what stands in for what.
  var feeding: HTML {
    var items: [String] = plan.leftOut.map { one in
      "\(one.strategy) is left out: no file has "
        + one.missing.map(\.description).joined(separator: " or ") + "."
    }
    for seat in plan.seats where !seat.isFed {
      items.append(
        "\(seat.strategy) is left out on \(seat.subject): no "
          + seat.missing.map(\.description).joined(separator: ", no ") + ".")
    }
    for seat in plan.seats where seat.isFed && !seat.missingOptional.isEmpty {
      items.append(
        "\(seat.strategy) is degraded on \(seat.subject): no "
          + seat.missingOptional.map(\.description).joined(separator: ", no ") + ".")
    }
    for standIn in plan.standIns {
      items.append(
        "\(standIn.kind) of \(standIn.venue.name) stands in for that of \(standIn.source.name).")
    }
    guard !items.isEmpty else { return .empty }
    return CertificatePage.section(
      "feeding", "What was missing", .tag("ul", [:], items.map { .tag("li", [:], HTML($0)) }))
  }

  /// Every decision by reason.
  var decisions: HTML {
    let charts = strategies.map { one -> HTML in
      .tag(
        "details", [:],
        .tag("summary", [:], HTML("\(one.strategy): \(counted(one.decisionCount, "decision"))")),
        BarChart.svg(
          "Decisions by reason",
          one.decisions.map {
            BarChart.Bar(label: $0.word, value: Int64($0.count), shown: grouped($0.count))
          }),
        .table(
          ["signal", "count"], numbers: [1],
          one.signals.map { [HTML($0.outcome), HTML(grouped($0.count))] }))
    }
    return CertificatePage.section("decisions", "Decisions by reason", .tag("div", [:], charts))
  }

  /// What was read.
  var files: HTML {
    func name(_ path: String) -> HTML {
      HTML(path.split(separator: "/").last.map(String.init) ?? path)
    }
    var rows = data.candles.sources.map { source -> [HTML] in
      let left = source.rejections.reduce(0) { $0 + $1.count }
      return [
        name(source.reference.path), HTML("\(source.reference.subject.timeframe.name) candles"),
        HTML(grouped(source.rowCount)), HTML(grouped(left)),
        HTML(grouped(source.rowCount - left - source.overlappingCount)), HTML(""),
      ]
    }
    rows += data.sources.map { source in
      let left = source.rejections.reduce(0) { $0 + $1.count }
      return [
        name(source.reference.path), HTML(source.reference.subject.kind),
        HTML(grouped(source.rowCount)), HTML(grouped(left)), HTML(grouped(source.usedCount)),
        HTML(source.derivation),
      ]
    }
    rows += data.unread.map { [name($0.path), "not read", "", "", "", HTML($0.reason)] }
    return CertificatePage.section(
      "files", "Files",
      .tag(
        "details", [:], .tag("summary", [:], HTML(counted(rows.count, "file"))),
        .table(["file", "kind", "rows", "left out", "used", ""], numbers: [2, 3, 4], rows)))
  }
}
