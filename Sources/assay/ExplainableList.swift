import Engine
import Market
import Simulation
import Strategies
import Venues

/// What of a run can be explained: its signals and orders first, then its decisions by reason.
struct ExplainableList {
  let run: RepeatedRun

  /// Signals, newest last, at most this many on a terminal.
  private static let longest = 40

  func print(on console: Console) {
    let inquiry = run.inquiry
    console.print(console.paint(run.title, .bold) + ", digest \(run.digest)")
    console.print()
    var signals = Table([
      .init(title: "decision"), .init(title: "setup"), .init(title: "side"),
      .init(title: "outcome"), .init(title: "order"),
    ])
    for row in inquiry.signals.suffix(Self.longest) {
      guard let signal = row.signal else { continue }
      signals.add([
        Table.Cell("\(signal.strategy):\(signal.symbol):\(signal.time)"),
        Table.Cell("\(signal.setup)"), Table.Cell(signal.signal.side == .buy ? "long" : "short"),
        Table.Cell(signal.outcome, signal.order == nil ? .plain : .good),
        Table.Cell(signal.order.map { "\($0)" } ?? "-"),
      ])
    }
    if inquiry.signals.isEmpty {
      console.print("no signal")
    } else {
      console.print(signals.lines(on: console))
    }
    if inquiry.signals.count > Self.longest {
      console.print("and \(grouped(inquiry.signals.count - Self.longest)) before; --json has all")
    }
    console.print()
    var counts = Table([
      .init(title: "strategy"), .init(title: "symbol"), .init(title: "outcome"),
      .init(title: "decisions", alignment: .right), .init(title: "newest"),
    ])
    for row in inquiry.counts {
      counts.add([
        Table.Cell("\(row.strategy)"), Table.Cell("\(row.symbol)"), Table.Cell(row.outcome),
        Table.Cell(grouped(row.count)), Table.Cell("\(row.newest)"),
      ])
    }
    console.print(counts.lines(on: console))
    if let example {
      console.next("`assay trace explain \(run.source)\(run.arguments) --decision \(example)`")
    }
  }

  /// The newest signal, or else the newest decision, as `--decision` takes it.
  private var example: String? {
    if let signal = run.inquiry.signals.last?.signal {
      return "\(signal.strategy):\(signal.symbol):\(signal.time)"
    }
    return run.inquiry.decisions.last?.name
  }

  var json: String {
    let inquiry = run.inquiry
    return Document.text(command: "trace explain", hasPassed: run.divergence == nil) { figures in
      figures.string("source", run.source)
      figures.string("run", run.title)
      figures.string("digest", "\(run.digest)")
      figures.integer("decisions", inquiry.counts.reduce(0) { $0 + $1.count })
      figures.integer("signals", inquiry.signals.count)
      figures.integer("positions", inquiry.lives.count)
      figures.array("outcomes", inquiry.counts) { rows, row in
        rows.object { item in
          item.name("strategy", row.strategy)
          item.name("symbol", row.symbol)
          item.string("outcome", row.outcome)
          item.integer("decisions", row.count)
          item.string("newest", "\(row.newest)")
        }
      }
    } items: { items in
      for signal in inquiry.signals.compactMap(\.signal) {
        items.object { item in
          item.string("id", "\(signal.strategy):\(signal.symbol):\(signal.time)")
          item.string("verdict", "pass")
          item.string("outcome", signal.outcome)
          item.name("setup", signal.setup)
          item.string("side", signal.signal.side == .buy ? "long" : "short")
          if let order = signal.order { item.string("order", "\(order)") }
        }
      }
    }
  }
}
