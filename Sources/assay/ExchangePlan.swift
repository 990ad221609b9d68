import ArgumentParser
import Exchange
import Live
import Market
import Simulation
import Venues

/// What a command line of `assay exchange` asks for.
struct ExchangePlan {
  /// What is served.
  private(set) var setup: ExchangeSetup
  /// Where the prices come from, in one phrase.
  let market: String
  /// What each account starts with.
  let deposit: Money
  /// The scenario's parts that are left out.
  let unapplied: [String]
  /// The one network whose signatures count; nil where both do.
  let network: SigningNetwork?
  /// Where the certificate is written; nil without TLS.
  let certificateFile: String?

  /// - Throws: The exit code, after what is wrong has been told.
  init(_ command: ExchangeCommand, on console: Console) throws {
    let deposit = try Self.deposit(command, on: console)
    if let path = command.scenario {
      try self.init(scenario: path, command, deposit, on: console)
    } else if !command.prices.isEmpty {
      try self.init(prices: command.prices, command, deposit ?? Self.usualDeposit, on: console)
    } else {
      try self.init(
        symbols: command.symbols ?? "BTC,ETH", command, deposit ?? Self.usualDeposit, on: console)
    }
  }

  private init(
    _ setup: ExchangeSetup, _ command: ExchangeCommand, market: String, unapplied: [String] = []
  ) {
    var setup = setup
    setup.speed = command.speed
    // Clients of others ping by the machine's clock, however fast the venue's runs.
    setup.venues.hyperliquid.idleClose = .seconds(60 * Int64(command.speed))
    setup.verifier =
      command.strictNetwork.map { Secp256k1Verifier(networks: [$0]) } ?? Secp256k1Verifier()
    self.setup = setup
    network = command.strictNetwork
    certificateFile = command.tls
    self.market = market
    deposit = setup.venues.hyperliquid.unknownAccountDeposit ?? .zero
    self.unapplied = unapplied
  }

  /// Makes a certificate and writes it where it was asked for.
  ///
  /// - Throws: The exit code, after what is wrong has been told.
  mutating func makeCertificate(on console: Console) throws {
    guard let path = certificateFile else { return }
    do {
      let certificate = try ServerCertificate.generate()
      try OutputFile.write(certificate.pem, to: path)
      setup.certificate = certificate
    } catch let error as ServerError {
      console.error(error.description, remedy: error.remedy)
      throw ExitStatus.fault
    } catch {
      console.error("\(error)", remedy: "name a file that can be written under --tls")
      throw ExitStatus.usage
    }
  }

  private static let usualDeposit = Money(whole: 10_000)

  private static func deposit(
    _ command: ExchangeCommand, on console: Console
  ) throws -> Money? {
    guard let text = command.deposit else { return nil }
    guard let money = try? Money(decimal: text), money > .zero,
      money <= Money(whole: 1_000_000_000)
    else {
      console.error(
        "--deposit '\(text)' is no amount", remedy: "expected US dollars, up to 1000000000")
      throw ExitStatus.usage
    }
    return money
  }

  // MARK: A scenario

  private init(
    scenario path: String, _ command: ExchangeCommand, _ deposit: Money?, on console: Console
  ) throws {
    guard ScenarioPaths.isReadable(path) else {
      console.error(
        "\(path): no such file", remedy: "`assay list scenarios` shows what there is.")
      throw ExitStatus.missingInput
    }
    var scenario: Scenario
    do {
      scenario = try ScenarioFile.read(path: path).moved(to: Machine.wallTime)
    } catch {
      console.error(error)
      throw ExitStatus.badInput
    }
    if let deposit { scenario.venue.deposit = deposit }
    let seed = command.seed ?? scenario.seeds.lowerBound
    var configuration = scenario.venuesConfiguration
    configuration.hyperliquid.unknownAccountDeposit = scenario.venue.deposit
    var setup = ExchangeSetup(venues: configuration, prices: scenario.prices)
    setup.seed = seed
    let faults = ServedFaults(scenario, seed: seed)
    setup.faults = faults
    self.init(
      setup, command, market: "scenario \(scenario.name), seed \(seed)",
      unapplied: faults.unapplied)
  }

  // MARK: Recorded candles

  private init(
    prices arguments: [String], _ command: ExchangeCommand, _ deposit: Money, on console: Console
  ) throws {
    let history = try Self.read(arguments, on: console)
    // The shortest timeframe of a symbol makes all the others.
    let series = history.symbols.compactMap { symbol in
      history.series.filter { $0.symbol == symbol && !$0.candles.isEmpty }
        .min { $0.timeframe < $1.timeframe }
    }
    guard let first = series.compactMap({ $0.candles.first?.openTime }).max(),
      let end = series.compactMap({ $0.candles.last?.closeTime }).min(), first < end
    else {
      console.error(
        "these files have no time in common", remedy: "expected candles of the same days")
      throw ExitStatus.badInput
    }
    var instruments: [Instrument] = []
    var models: [Symbol: PriceModel] = [:]
    let now = Machine.wallTime
    let begin = first + Interval(nanoseconds: (end - first).nanoseconds / 4)
    for one in series {
      guard let instrument = ReplayInstruments.instrument(for: one.symbol) else {
        console.error(
          "\(one.symbol) is no perpetual that Assay knows",
          remedy: "known: " + ReplayInstruments.symbols.map(\.description).joined(separator: ", "))
        throw ExitStatus.badInput
      }
      instruments.append(instrument)
      models[one.symbol] = PriceModel.recorded(one.candles).moved(by: now - begin)
    }
    var configuration = Self.configuration(instruments, deposit, start: now)
    configuration.history.days = 0
    configuration.history.fineDays = 0
    var setup = ExchangeSetup(
      venues: SimulatedVenuesConfiguration(complete: configuration), prices: PriceSource(models))
    setup.seed = command.seed ?? 1
    self.init(
      setup, command, market: "recorded candles from \(minute(begin)), through \(minute(end))")
  }

  private static func read(_ arguments: [String], on console: Console) throws -> CandleHistory {
    do {
      var references: [CandleFileReference] = []
      for argument in arguments { references.append(try CandleFileReference(argument: argument)) }
      return try CandleHistory(reading: references)
    } catch {
      let place = error.line.map { "\(error.path):\($0)" } ?? error.path
      console.error("\(place): \(error.found)", remedy: "expected \(error.expected)")
      throw error.code == .missing ? ExitStatus.missingInput : ExitStatus.badInput
    }
  }

  // MARK: The market of a demonstration

  /// Middles near what these have cost.
  private static let middles: [Symbol: Price] = [
    "BTC": Price(whole: 60_000), "ETH": Price(whole: 3_000), "SOL": Price(whole: 150),
    "HYPE": Price(whole: 40),
  ]

  private init(
    symbols: String, _ command: ExchangeCommand, _ deposit: Money, on console: Console
  ) throws {
    var instruments: [Instrument] = []
    var models: [Symbol: PriceModel] = [:]
    for text in symbols.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard
        let instrument = ReplayInstruments.instrument(parsing: text)
          ?? Symbol(text).flatMap(ReplayInstruments.instrument(for:)),
        models[instrument.symbol] == nil
      else {
        console.error(
          "--symbols: '\(text)' is unknown or listed twice",
          remedy: "known: " + ReplayInstruments.symbols.map(\.description).joined(separator: ", ")
            + "; others as symbol:size decimals:leverage, as in DOGE:0:10")
        throw ExitStatus.usage
      }
      instruments.append(instrument)
      let middle = Self.middles[instrument.symbol] ?? Price(whole: 100)
      models[instrument.symbol] = .zigzag(Zigzag(price: middle))
    }
    let seed = command.seed ?? 1
    var setup = ExchangeSetup(
      venues: SimulatedVenuesConfiguration(
        complete: Self.configuration(instruments, deposit, start: Machine.wallTime)),
      prices: PriceSource(models))
    setup.seed = seed
    self.init(setup, command, market: "a zigzag for demonstrations, seed \(seed)")
  }

  /// A lively venue: two blocks a second, and every frame as often as there are blocks.
  private static func configuration(
    _ instruments: [Instrument], _ deposit: Money, start: Instant
  ) -> HyperliquidVenueConfiguration {
    var configuration = HyperliquidVenueConfiguration(
      start: start, listings: instruments.map(PerpetualListing.init), accounts: [])
    configuration.unknownAccountDeposit = deposit
    configuration.blockInterval = .milliseconds(500)
    configuration.history.days = 60
    configuration.history.fineDays = 1
    configuration.cadence.candles = .seconds(1)
    configuration.cadence.books = .seconds(1)
    configuration.cadence.mids = .seconds(1)
    configuration.cadence.contexts = .seconds(1)
    return configuration
  }
}
