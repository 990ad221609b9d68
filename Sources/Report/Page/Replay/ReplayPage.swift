public import Engine
public import Market
import Risk
public import Simulation
import Strategies

/// A replay for people, in one file that asks for nothing else.
public struct ReplayPage {
  let data: ReplayData
  let plan: ReplayPlan
  let figures: ReplayFigures
  let strategies: [StrategyFigures]
  let equity: Money
  let digest: String

  /// The most trades that are drawn on the long chart.
  static let drawnLimit = 1_500
  /// The most bars of the long chart.
  static let barLimit = 1_600
  /// The most trades of one strategy that have a chart of their own.
  static let galleryLimit = 6

  /// Takes what a replay came to.
  ///
  /// - Parameters:
  ///   - data: What the files hold.
  ///   - plan: What the engine was given of it.
  ///   - figures: What came of it.
  ///   - snapshot: What the engine believes at the end.
  ///   - digest: The digest of the run.
  public init(
    data: ReplayData, plan: ReplayPlan, figures: ReplayFigures, snapshot: Snapshot, digest: Digest
  ) {
    self.data = data
    self.plan = plan
    self.figures = figures
    strategies = figures.strategies(in: plan)
    equity = snapshot.equity
    self.digest = digest.description
  }

  /// The page; equal replays have equal pages.
  public var text: String {
    let head = HTML.tag(
      "head", [:], .tag("meta", ["charset": "utf-8"]),
      .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .tag("title", [:], "Assay replay"), .tag("style", [:], PageStyle.sheet, ReplayStyle.sheet))
    let body = HTML.tag(
      "body", [:],
      .tag(
        "main", [:],
        [
          summary, sideBySide, nullRates, feeding, filter, curves, candles, gallery, decisions,
          files,
        ]))
    return "<!doctype html>\n" + HTML.tag("html", ["lang": "en"], head, body).markup + "\n"
  }

  /// The classes of what belongs to a strategy: a colour, and that the filter may hide it.
  func style(of strategy: StrategyID) -> String {
    let place = strategies.firstIndex { $0.strategy == strategy } ?? 0
    return "d\(place % ReplayStyle.count) can"
  }

  private var summary: HTML {
    let opening = figures.account?.opening ?? .zero
    let change = equity - opening
    let share = change.checkedScaled(by: 10_000, over: max(1, opening.steps), .nearest)
    let span =
      plan.history.start.flatMap { start in
        plan.history.end.map { "\(LineChart.day(start)) to \(LineChart.day($0))" }
      } ?? "no candles"
    return .tag(
      "header", ["class": "plain"], .tag("p", ["class": "eyebrow"], "Assay replay"),
      .tag("h1", [:], HTML(span)),
      CertificatePage.paragraph(
        "\(counted(figures.candleCount, "candle")), \(counted(figures.readingCount, "reading")), "
          + "\(counted(figures.decisionCount, "decision")), "
          + "\(counted(figures.signalCount, "signal")), \(counted(figures.trades.count, "trade"))."),
      CertificatePage.paragraph(
        "Equity \(money(opening)) to \(money(equity)) (\(percent(share?.steps ?? 0))), deepest "
          + "fall \(percent(figures.equity.maximumDrawdownBasisPoints)). Digest `\(digest)`."))
  }

  private var filter: HTML {
    .tag(
      "div", ["class": "filter"],
      strategies.enumerated().prefix(ReplayStyle.count).map { index, one in
        .tag(
          "label", ["class": "d\(index)"],
          .tag("input", ["type": "checkbox", "id": "f\(index)", "checked": "checked"]),
          .tag("span", ["class": "key"], HTML(" \(one.strategy)")))
      })
  }

  private var curves: HTML {
    let points = figures.equity.points
    var peak: Int64 = .min
    let falls = points.map { point -> (time: Instant, value: Int64) in
      peak = max(peak, point.equity.steps)
      guard peak > 0 else { return (point.time, 0) }
      let fall = Rounding.nearest.divide(
        Int128(point.equity.steps - peak) * 10_000, by: Int128(peak))
      return (point.time, Int64(clamping: fall))
    }
    let start = plan.history.start
    return CertificatePage.section(
      "curves", "Equity, drawdown and R",
      LineChart.svg(
        "Equity",
        [.init(label: "equity", style: "", points: points.map { ($0.time, $0.equity.steps) })],
        height: 200
      ) { money(Money(steps: $0)) },
      LineChart.svg(
        "Fall from the highest equity before",
        [.init(label: "drawdown", style: "", points: falls)], height: 110
      ) { percent($0) },
      LineChart.svg(
        "Sum of R after costs, each strategy",
        strategies.filter { !$0.trades.curve.isEmpty }.map { one in
          let begin = start.map { [($0, Int64(0))] } ?? []
          return .init(
            label: "\(one.strategy)", style: style(of: one.strategy),
            points: begin + one.trades.curve.map { ($0.time, $0.sum.count) })
        }, height: 240
      ) { "\(hundredths($0 / 100)) R" })
  }
}

/// Money with two decimals.
func money(_ amount: Money) -> String {
  hundredths(Int64(clamping: Rounding.nearest.divide(Int128(amount.steps), by: 1_000_000)))
}

/// A ratio with two decimals, as in `2.11`; a dash where there is none.
func ratio(_ value: TenThousandths?) -> String {
  value.map {
    hundredths(Int64(clamping: Rounding.nearest.divide(Int128($0.count), by: 100)))
  } ?? "-"
}

/// A share with two decimals, as in `33.10 %`; a dash where there is none.
func shareText(_ value: TenThousandths?) -> String { value.map { percent($0.count) } ?? "-" }
