import ArgumentParser
import Engine
import Market
import Risk
import Simulation
import Store
import Strategies

/// `assay replay`: runs the engine over candle files.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Runs the engine over data files, or a recorded live run again.",
    discussion: """
      A file of candles is gzip'ed or plain CSV with the columns \
      open_time_ms,open,high,low,close,volume and, \
      where it has one, a taker volume. Its name says what it holds, as in \
      binance_usdm_BTCUSDT_15m_2024_2025.csv.gz; BTC:15m=FILE says it for any other name. Several \
      files of one series are joined, longer candles are made from shorter ones, gaps are \
      reported and respected.

      Funding (venue_SYMBOL_funding.csv.gz), open interest (…_oi_…), public trades \
      (…_trades_…) and option chains (…_options_…) are told by their names or headers; BTC=FILE \
      says whose they are. Each reading counts as received five seconds after its time. Spot candles beside those of a \
      perpetual become samples of both prices at the same instant. A folder stands for every data \
      file in it.

      Without --strategies and --config, every strategy runs that the files feed; the report says \
      which were left out, and why.

      Candles count as the execution venue's own, whatever venue they come from, and readings as \
      the configured source's. SOL is read but not traded, unless --instrument or --config says so.

      A recording of `assay live --record` is replayed as it was, key and network left out, and \
      every step's digest is compared with the recorded one.
      """)

  @Argument(
    help: ArgumentHelp("Data files and folders of them, or one recording.", valueName: "file"))
  var data: [String]

  @Option(
    help: ArgumentHelp("Settings of the engine; the paper defaults without.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Strategies to run, with commas; without, the configuration's, or all that are fed.",
      valueName: "names"))
  var strategies: String?

  @Option(
    help: ArgumentHelp(
      "A perpetual that Assay does not know, as symbol:size decimals:leverage. May be repeated.",
      valueName: "DOGE:0:10"))
  var instrument: [String] = []

  @Flag(help: "Let an operator lift a drawdown pause at each UTC midnight: a day is a session.")
  var resumeDaily = false

  @Option(help: ArgumentHelp("Keep every record in this new SQLite database.", valueName: "file"))
  var db: String?

  @Option(help: ArgumentHelp("Write the results as JSON; - is standard output.", valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp(
      "Write a page with curves, tables and the trades on the candles; it needs no network.",
      valueName: "file"))
  var html: String?
}

extension ReplayCommand {
  func run() throws {
    let console = Console()
    if let recording = data.first(where: RecordingReader.isRecording) {
      return try replayRecording(recording, on: console)
    }
    let files = try read(on: console)
    let plan = try plan(files, on: console)
    let report: ReplayReport
    do {
      report = try replay(plan, files, on: console)
      if let json { try OutputFile.write(report.json, to: json) }
      if let html { try OutputFile.write(report.page, to: html) }
    } catch let error as EngineError {
      console.error(error.description)
      throw ExitStatus.badInput
    } catch let error as StoreError {
      console.error(error.message, remedy: error.remedy)
      throw ExitStatus.badInput
    } catch let error as OutputError {
      console.error(error.message)
      throw ExitStatus.fault
    }
    guard json != "-", html != "-" else { return }
    report.print(on: console)
    console.next(advice(for: report))
  }

  private func advice(for report: ReplayReport) -> String {
    if report.figures.account?.isPausedByDrawdown == true, !resumeDaily {
      return "the session drawdown ended trading early; `--resume-daily` makes each day a session."
    }
    guard json == nil || html == nil else {
      return "the digest is the same wherever this build replays the same candles."
    }
    guard html == nil else {
      return "`--json FILE` keeps every figure, gap and position; `--strategies` runs others."
    }
    return "`--html FILE` draws curves and trades; `--json FILE` keeps every figure and position."
  }

  private func read(on console: Console) throws -> ReplayData {
    do {
      return try ReplayData(arguments: data)
    } catch {
      let place = error.line.map { "\(error.path):\($0)" } ?? error.path
      console.error("\(place): \(error.found)", remedy: "expected \(error.expected)")
      throw error.code == .missing ? ExitStatus.missingInput : ExitStatus.badInput
    }
  }

  private func settings(on console: Console) throws -> EngineConfiguration {
    var named: [StrategyID]?
    if let strategies {
      named = try strategies.split(separator: ",", omittingEmptySubsequences: false).map { name in
        guard let id = StrategyID(String(name)),
          StrategyCatalog.isKnown(id)
        else {
          console.error(
            "no strategy is called '\(name)'",
            remedy: "known: " + StrategyCatalog.all.map { "\($0.id)" }.joined(separator: ", "))
          throw ExitStatus.usage
        }
        return id
      }
    }
    guard let config else {
      return ReplayPlan.paperConfiguration(strategies: named ?? ReplayPlan.usualStrategies)
    }
    guard ScenarioPaths.isReadable(config) else {
      console.error("\(config): no such file", remedy: "expected a configuration in YAML")
      throw ExitStatus.missingInput
    }
    do {
      var configuration = try ConfigurationFile.read(path: config)
      if let named { configuration.strategies = named }
      return configuration
    } catch {
      console.error(error)
      throw ExitStatus.badInput
    }
  }

  private func plan(_ files: ReplayData, on console: Console) throws -> ReplayPlan {
    var instruments: [Instrument] = []
    for text in instrument {
      guard let one = ReplayInstruments.instrument(parsing: text) else {
        throw ValidationError(
          "--instrument '\(text)' is not symbol:size decimals (0 to 8):leverage (1 to 1000).")
      }
      instruments.append(one)
    }
    do {
      return try ReplayPlan(
        files, configuration: settings(on: console), instruments: instruments,
        leavesOut: strategies == nil && config == nil)
    } catch let error as ReplayError {
      console.error(error.description)
      throw ExitStatus.badInput
    }
  }
}

extension ReplayCommand {
  /// How many candles are replayed between two looks at the progress bar.
  private static let stride = 4_096
  /// How many records make one transaction: nothing is sent in a replay, so that steps may share
  /// one.
  private static let batchSize = 4_096

  private func replay(
    _ plan: ReplayPlan, _ files: ReplayData, on console: Console
  ) throws -> ReplayReport {
    let store = try db.map { try Store(path: $0) }
    if let store, store.stepCount > 0 {
      console.error(
        "\(store.path) holds a run already", remedy: "Name a file that does not exist yet.")
      throw ExitStatus.badInput
    }
    let begun = ContinuousClock.now
    var replay = try Replay(plan, resumesDaily: resumeDaily)
    var bar = ProgressBar("replay", on: console)
    var pending: [Record] = []
    var isUnfinished = true
    while isUnfinished {
      if let store {
        isUnfinished = try replay.advance(by: Self.stride) { records, wall throws(StoreError) in
          pending += records
          guard pending.count >= Self.batchSize else { return }
          try store.append(pending, at: wall)
          pending.removeAll(keepingCapacity: true)
        }
      } else {
        isUnfinished = replay.advance(by: Self.stride)
      }
      let done = replay.figures.candleCount
      bar.update(
        Double(done) / Double(max(1, replay.candleCount)),
        "\(grouped(done))/\(counted(replay.candleCount, "candle"))")
    }
    if let store, !pending.isEmpty { try store.append(pending, at: replay.snapshot.wall) }
    return ReplayReport(
      plan: plan, data: files, figures: replay.figures, snapshot: replay.snapshot,
      digest: replay.digest, components: replay.components,
      elapsed: ContinuousClock.now - begun)
  }
}
