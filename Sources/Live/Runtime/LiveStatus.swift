public import Engine
public import Market
import Risk
import Strategies
import Venues

/// How a live run is, for people and supervisors; never read back by the engine.
public struct LiveStatus: Hashable, Sendable {
  /// What a supervisor should do.
  public enum Verdict: String, Hashable, Sendable {
    /// Nothing.
    case ok
    /// Look: entries are halted or something does not hold.
    case degraded
    /// The run is over.
    case stopped
  }

  /// The build that runs.
  public var build: String
  /// `paper` or `exchange`.
  public var execution: String
  /// Where requests go.
  public var venue: String
  /// What the engine believes.
  public var snapshot: Snapshot
  /// How well each strategy is fed.
  public var strategyHealth: [StrategyHealth]
  /// Steps so far.
  public var steps: Int
  /// The run's digest so far.
  public var digest: Digest
  /// When the run began.
  public var begun: Instant
  /// Orders sent, executions, alerts and so on, by name, in order of name.
  public var counts: [Count]
  /// Whether the run is over.
  public var isOver = false

  /// How often something happened.
  public struct Count: Hashable, Sendable {
    /// What.
    public let name: String
    /// How often.
    public var count: Int
    /// Makes a count.
    public init(name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// What is not as it should be, a phrase each; empty where all is well.
  public var reasons: [String] {
    var reasons: [String] = []
    if !snapshot.isFeedLive { reasons.append("the venue's stream is not live") }
    if let record = snapshot.killSwitch, record.isEngaged {
      reasons.append("the kill switch is engaged: \(record.reason)")
    }
    for breaker in snapshot.trippedBreakers {
      reasons.append("the breaker \(breaker.kind.name) pauses entries until \(breaker.until)")
    }
    for drift in snapshot.drifts {
      reasons.append("\(drift.symbol) differs from the venue's position (\(drift.kind.name))")
    }
    if let account = snapshot.account {
      if account.isPausedByDrawdown { reasons.append("entries are paused by the drawdown") }
      if account.isStoppedForDay { reasons.append("entries are stopped for the day") }
    }
    for row in strategyHealth where row.health.state == .starved {
      reasons.append(
        "\(row.strategy) on \(row.subject) is starved: " + row.health.sentence(at: snapshot.wall))
    }
    return reasons
  }

  /// What a supervisor should do.
  public var verdict: Verdict { isOver ? .stopped : reasons.isEmpty ? .ok : .degraded }
}

extension LiveStatus {
  /// The short answer of `/health` and of the health file.
  public var healthJSON: String {
    var writer = JSONWriter(capacity: 1_024)
    writer.object { writeHealth(&$0) }
    return writer.text + "\n"
  }

  /// The whole answer of `/status`.
  public var statusJSON: String {
    var writer = JSONWriter(capacity: 8_192)
    writer.object { status in
      writeHealth(&status)
      status.string("execution", execution)
      status.string("venue", venue)
      status.integer("decisions", snapshot.decisionCount)
      status.integer("signals", snapshot.signalCount)
      status.array("positions", snapshot.positions) { writer, position in
        writer.object { object in
          object.string("id", "\(position.id)")
          object.name("strategy", position.strategy)
          object.name("symbol", position.symbol)
          object.decimal("quantity", position.quantity)
          object.decimal("stop", position.bracket.stop)
          object.decimal("target", position.bracket.target)
          object.string("openedAt", "\(position.openedAt)")
        }
      }
      status.array("orders", snapshot.orders) { writer, order in
        writer.object { object in
          object.string("id", "\(order.intent.clientID)")
          object.name("symbol", order.intent.symbol)
          object.string("role", "\(order.intent.role)")
          object.string("state", order.state.name)
          object.decimal("quantity", order.intent.quantity)
          object.decimal("filled", order.filled)
        }
      }
      status.array("candles", snapshot.newestCandles) { writer, candle in
        writer.object { object in
          object.name("symbol", candle.symbol)
          object.string("timeframe", candle.timeframe.name)
          object.string("closedAt", "\(candle.closeTime)")
          object.decimal("close", candle.close)
        }
      }
      status.array("rejections", snapshot.rejections) { writer, rejection in
        writer.object { object in
          object.string("kind", rejection.kind)
          object.integer("count", rejection.count)
        }
      }
      status.array("counts", counts) { writer, count in
        writer.object { object in
          object.string("name", count.name)
          object.integer("count", count.count)
        }
      }
    }
    return writer.text + "\n"
  }

  private func writeHealth(_ object: inout JSONWriter) {
    object.string("verdict", verdict.rawValue)
    object.array("reasons", reasons) { $0.string($1) }
    object.string("time", "\(snapshot.wall)")
    object.string("begun", "\(begun)")
    object.integer("epoch", snapshot.epoch)
    object.string("build", build)
    object.integer("steps", steps)
    object.string("digest", "\(digest)")
    object.decimal("equity", snapshot.equity)
    object.integer("openPositions", snapshot.positions.count)
    object.integer("workingOrders", snapshot.orders.count)
    object.bool("feedLive", snapshot.isFeedLive)
    object.bool("killSwitch", snapshot.killSwitch?.isEngaged ?? false)
    object.array("strategies", strategyHealth) { writer, row in
      writer.object { object in
        object.name("strategy", row.strategy)
        object.name("subject", row.subject)
        object.string("state", row.health.state.name)
        if let kind = row.health.kind { object.string("input", "\(kind)") }
        if let symbol = row.health.symbol { object.name("of", symbol) }
        if let age = row.health.ageSeconds(at: snapshot.wall) { object.integer("age", age) }
        object.string("detail", row.health.sentence(at: snapshot.wall))
      }
    }
  }

  /// The answer of `/metrics`, in Prometheus' text format 0.0.4.
  public var metricsText: String {
    var lines: [String] = []
    func add(_ name: String, _ kind: String, _ help: String, _ value: String) {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(kind)", "\(name) \(value)"]
    }
    add("assay_up", "gauge", "Whether the run is under way.", isOver ? "0" : "1")
    add("assay_steps_total", "counter", "Steps of the engine.", "\(steps)")
    add("assay_equity_usd", "gauge", "Cash and unrealised profit.", "\(snapshot.equity)")
    add("assay_open_positions", "gauge", "Positions held.", "\(snapshot.positions.count)")
    add("assay_working_orders", "gauge", "Orders not terminal.", "\(snapshot.orders.count)")
    add("assay_feed_live", "gauge", "Whether the stream is live.", snapshot.isFeedLive ? "1" : "0")
    let isEngaged = snapshot.killSwitch?.isEngaged ?? false
    add("assay_kill_switch", "gauge", "Whether it is engaged.", isEngaged ? "1" : "0")
    add("assay_open_drifts", "gauge", "Open drift alerts.", "\(snapshot.drifts.count)")
    add("assay_decisions_total", "counter", "Decisions.", "\(snapshot.decisionCount)")
    add("assay_signals_total", "counter", "Signals.", "\(snapshot.signalCount)")
    lines += strategyLines
    lines += ["# HELP assay_events_total What happened.", "# TYPE assay_events_total counter"]
    lines += counts.map { "assay_events_total{event=\"\($0.name)\"} \($0.count)" }
    lines += ["# HELP assay_rejected_total Input refused.", "# TYPE assay_rejected_total counter"]
    lines += snapshot.rejections.map { "assay_rejected_total{kind=\"\($0.kind)\"} \($0.count)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// How well each strategy is fed, and how old the input is that decides it, where one does.
  private var strategyLines: [String] {
    let name = "assay_strategy_health"
    var lines = [
      "# HELP \(name) 0 healthy, 1 degraded, 2 warming, 3 starved.", "# TYPE \(name) gauge",
    ]
    for row in strategyHealth {
      lines.append(
        "\(name){strategy=\"\(row.strategy)\",subject=\"\(row.subject)\"} "
          + "\(row.health.state.rawValue)")
    }
    let age = "assay_strategy_input_age_seconds"
    lines += [
      "# HELP \(age) Age of the input that decides a strategy's health.", "# TYPE \(age) gauge",
    ]
    for row in strategyHealth {
      guard let kind = row.health.kind, let symbol = row.health.symbol,
        let seconds = row.health.ageSeconds(at: snapshot.wall)
      else { continue }
      lines.append(
        "\(age){strategy=\"\(row.strategy)\",subject=\"\(row.subject)\",input=\"\(kind)\","
          + "of=\"\(symbol)\"} \(seconds)")
    }
    return lines
  }
}
