import Engine
import Market
import Report
import Risk
import Simulation
import Strategies

/// What a replay came to, for people.
struct ReplayReport {
  let plan: ReplayPlan
  let data: ReplayData
  let figures: ReplayFigures
  let snapshot: Snapshot
  let digest: Digest
  let components: [ComponentDigest]
  let elapsed: Duration
  let strategies: [StrategyFigures]

  init(
    plan: ReplayPlan, data: ReplayData, figures: ReplayFigures, snapshot: Snapshot, digest: Digest,
    components: [ComponentDigest], elapsed: Duration
  ) {
    self.plan = plan
    self.data = data
    self.figures = figures
    self.snapshot = snapshot
    self.digest = digest
    self.components = components
    self.elapsed = elapsed
    strategies = figures.strategies(in: plan)
  }

  /// The page of `--html`.
  var page: String {
    ReplayPage(data: data, plan: plan, figures: figures, snapshot: snapshot, digest: digest).text
  }

  /// The most gaps that are told one by one; the rest are counted.
  private static let shownGaps = 6

  func print(on console: Console) {
    console.print(series(on: console))
    let readings = readings(on: console)
    if !readings.isEmpty {
      console.print()
      console.print(readings)
    }
    console.print()
    console.print(decisions(on: console))
    if figures.signalCount > 0 {
      console.print()
      console.print(signals(on: console))
    }
    console.print()
    console.print(sideBySide(on: console))
    console.print()
    console.print(money(on: console))
    console.print()
    console.print(run(on: console))
  }

  private func series(on console: Console) -> [String] {
    var table = Table([
      .init(title: "series"), .init(title: "candles", alignment: .right),
      .init(title: "from"), .init(title: "to"), .init(title: "missing", alignment: .right),
      .init(title: "source", isFlexible: true),
    ])
    for one in plan.history.series + plan.unread {
      guard let first = one.candles.first, let last = one.candles.last else { continue }
      let missing = one.gaps.reduce(Int64(0)) { $0 + ($1.isBetweenFiles ? 0 : $1.missingCount) }
      table.add([
        Table.Cell("\(one.symbol) \(one.timeframe.name)"), Table.Cell(grouped(one.candles.count)),
        Table.Cell(minute(first.openTime)), Table.Cell(minute(last.closeTime)),
        Table.Cell(grouped(missing), missing > 0 ? .warning : .plain),
        Table.Cell(source(of: one), .faint),
      ])
    }
    var lines = table.lines(on: console)
    let gaps = plan.history.gaps
    for gap in gaps.prefix(Self.shownGaps) {
      let kind = gap.isBetweenFiles ? "between files" : "gap"
      lines.append(
        "  \(kind): \(gap.symbol) \(gap.timeframe.name) \(minute(gap.from)) to \(minute(gap.to)), "
          + counted(Int(gap.missingCount), "candle"))
    }
    if gaps.count > Self.shownGaps {
      lines.append("  … and \(counted(gaps.count - Self.shownGaps, "gap")) more (--json has all)")
    }
    return lines + notes
  }

  /// What was left out or taken otherwise than it may seem.
  private var notes: [String] {
    var lines: [String] = []
    for source in data.candles.sources {
      for rejection in source.rejections {
        lines.append(
          "  left out: \(counted(rejection.count, "row")) of \(name(source.reference.path)): "
            + rejection.reason.text)
      }
      if source.contradictingCount > 0 {
        lines.append(
          "  contradiction: \(counted(source.contradictingCount, "row")) of "
            + "\(name(source.reference.path)) differ from an earlier file, which stays")
      }
    }
    let foreign = Set(data.candles.sources.map(\.reference.subject.source))
      .subtracting(["hyperliquid", ""]).sorted()
    if !foreign.isEmpty {
      lines.append(
        "  candles of \(foreign.joined(separator: ", ")) stand in for the execution venue's")
    }
    return lines
  }

  private func source(of series: CandleHistory.Series) -> String {
    let names = data.candles.sources
      .filter {
        $0.reference.subject.symbol == series.symbol
          && $0.reference.subject.timeframe == series.timeframe
      }
      .map { $0.reference.subject.source.isEmpty ? "file" : $0.reference.subject.source }
    let isUnread = plan.unread.contains {
      $0.symbol == series.symbol && $0.timeframe == series.timeframe
    }
    var parts = Set(names).sorted()
    if series.isDerived { parts.append("derived") }
    if isUnread { parts.append("no strategy reads it") }
    return parts.joined(separator: ", ")
  }

  private func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private func decisions(on console: Console) -> [String] {
    var table = Table([
      .init(title: "strategy"), .init(title: "decision"), .init(title: "count", alignment: .right),
      .init(title: "share", alignment: .right),
    ])
    for strategy in strategies {
      for (index, row) in strategy.decisions.enumerated() {
        table.add([
          Table.Cell(index == 0 ? "\(strategy.strategy)" : ""),
          Table.Cell(row.word, row.isSignal ? .good : .plain),
          Table.Cell(grouped(row.count)),
          Table.Cell(
            percent(Int64(row.count * 10_000 / max(1, strategy.decisionCount))), .faint),
        ])
      }
    }
    return table.lines(on: console)
  }

  private func signals(on console: Console) -> [String] {
    var table = Table([
      .init(title: "strategy"), .init(title: "signal"), .init(title: "count", alignment: .right),
    ])
    var last: StrategyID?
    for row in figures.signals {
      table.add([
        Table.Cell(row.strategy == last ? "" : "\(row.strategy)"), Table.Cell(row.outcome),
        Table.Cell(grouped(row.count)),
      ])
      last = row.strategy
    }
    return table.lines(on: console)
  }

  private func money(on console: Console) -> [String] {
    var lines: [String] = []
    func add(_ name: String, _ text: String) {
      let padding = String(repeating: " ", count: max(1, 11 - name.count))
      lines.append(console.paint(name, .faint) + padding + text)
    }
    let closed = figures.closed
    let multiples = closed.compactMap(\.multiple)
    var positions = "\(counted(closed.count, "closed", plural: "closed"))"
    if !closed.isEmpty { positions += ", \(grouped(figures.winCount)) with a profit" }
    if !multiples.isEmpty {
      let sum = multiples.reduce(Int64(0)) { $0 + $1.count }
      let best = multiples.max() ?? TenThousandths(0)
      let worst = multiples.min() ?? TenThousandths(0)
      positions +=
        "; R \(hundredths(sum / Int64(multiples.count))) on average, "
        + "\(hundredths(worst.count)) to \(hundredths(best.count))"
    }
    if !snapshot.positions.isEmpty { positions += "; \(snapshot.positions.count) open" }
    add("positions", positions)
    if let account = figures.account {
      let change = snapshot.equity - account.opening
      let share = change.checkedScaled(by: 10_000, over: max(1, account.opening.steps), .nearest)
      add(
        "equity",
        "\(shown(account.opening)) to \(shown(snapshot.equity)) "
          + console.paint(
            "(\(change < .zero ? "" : "+")\(percent(share?.steps ?? 0)))",
            change < .zero ? .warning : .good))
      add(
        "costs",
        "fees \(shown(account.fees)), funding \(signed(account.funding)), "
          + "\(counted(figures.fillCount, "fill"))")
    }
    add(
      "drawdown",
      "\(percent(figures.equity.maximumDrawdownBasisPoints)) at most"
        + (figures.equity.maximumDrawdownTime.map { ", on \($0.description.prefix(10))" } ?? ""))
    if let line = sparkline(width: min(60, (console.columns ?? 80) - 12)) { add("", line) }
    for alert in figures.alerts { add("alert", "\(alert.name) ×\(grouped(alert.count))") }
    return lines
  }

  /// Equity as a line of blocks; nil where there is nothing to draw.
  private func sparkline(width: Int) -> String? {
    let points = figures.equity.points.map(\.equity.steps)
    guard points.count > 1, let low = points.min(), let high = points.max(), low < high else {
      return nil
    }
    let blocks = Array("▁▂▃▄▅▆▇█")
    let columns = min(width, points.count)
    return String(
      (0..<columns).map { column in
        let value = points[column * (points.count - 1) / max(1, columns - 1)]
        let level = Int128(value - low) * Int128(blocks.count - 1) / Int128(high - low)
        return blocks[Int(level)]
      })
  }

  /// Ten-thousandths as a number with two decimals.
  private func hundredths(_ tenThousandths: Int64) -> String {
    String(percent(tenThousandths / 100).dropLast(2))
  }

  private func run(on console: Console) -> [String] {
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    let rate = seconds > 0 ? Int(Double(figures.candleCount) / seconds) : 0
    return [
      console.paint("digest", .faint) + "     \(digest)",
      console.paint("speed", .faint) + "      \(counted(figures.candleCount, "candle")) in "
        + "\(Int(seconds * 1_000)) ms, \(short(rate)) candles/s",
    ]
  }
}
