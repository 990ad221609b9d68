import ArgumentParser
import Exchange
import Live
import Market
import Simulation
import Venues

/// `assay exchange`: the simulated venues on a loopback port.
struct ExchangeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exchange",
    abstract: "Serves the simulated venues on a loopback port, for any client.",
    discussion: """
      Hyperliquid with matching, margin, liquidation and funding; Binance, Coinbase and Deribit \
      with the data of the same market. They are the venues of the virtual world, REST and \
      WebSocket on one port: a path tells whose a request is. What to paste into each client is \
      printed at the start. Without arguments time is the machine's, and the market a zigzag made \
      for demonstrations: every minute the price runs on for some seconds and turns, so that \
      averages cross all the time. It says nothing about any strategy.

      With --scenario, market, venues and those faults come from the file that can happen between \
      a venue and its sockets; the others are listed at the start. With --prices, recorded candles \
      are replayed from a quarter of their span on. Either way the world is moved to the present.

      With --tls the port speaks https and wss, with a key made at the start; the file receives \
      the certificate, which clients have to trust. Signatures count on either network: the \
      official Python client signs for the testnet here and ccxt for the mainnet, unless in \
      sandbox mode. --strict-network lets those of one count.

      GET /assay/clock tells the venue's time, for clients of an accelerated venue: \
      {"time":MS,"timeNanoseconds":NS,"start":MS,"speed":N}. Nonces follow that time.
      """)

  @Option(help: "The port on 127.0.0.1; 0 picks a free one.")
  var port = 3_001

  @Option(help: ArgumentHelp("Serve the world of this scenario.", valueName: "file"))
  var scenario: String?

  @Option(help: "How many seconds of the venue pass in one of the machine, 1 to 10000.")
  var speed = 1

  @Option(
    help: ArgumentHelp(
      "What is listed, with commas: a known perpetual or symbol:size decimals:leverage.",
      valueName: "BTC,DOGE:0:10"))
  var symbols: String?

  @Option(help: "Decides every choice of the market and the faults.")
  var seed: UInt64?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Candle files to replay; see `assay replay --help`.", valueName: "file"))
  var prices: [String] = []

  @Option(
    help: ArgumentHelp("Speak TLS, and write the certificate to this file.", valueName: "file"))
  var tls: String?

  @Option(
    help: ArgumentHelp(
      "Let signatures of one network count: mainnet or testnet.", valueName: "network"),
    transform: Self.network)
  var strictNetwork: SigningNetwork?

  @Option(help: ArgumentHelp("What each account starts with, 10000 without.", valueName: "USD"))
  var deposit: String?

  private static func network(_ text: String) throws -> SigningNetwork {
    guard let network = SigningNetwork(rawValue: text) else {
      throw ValidationError("expected mainnet or testnet")
    }
    return network
  }

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port must be from 0 to 65535, got \(port).")
    }
    guard (1...10_000).contains(speed) else {
      throw ValidationError("--speed must be from 1 to 10000, got \(speed).")
    }
    guard scenario == nil || (prices.isEmpty && symbols == nil) else {
      throw ValidationError("--scenario brings its own market: leave out --prices and --symbols.")
    }
    guard prices.isEmpty || symbols == nil else {
      throw ValidationError("--prices says what is listed: leave out --symbols.")
    }
  }

  func run() async throws {
    let console = Console()
    var plan = try ExchangePlan(self, on: console)
    try plan.makeCertificate(on: console)
    let talk = ExchangeTalk(console)
    let server: ExchangeServer
    do throws(ServerError) {
      server = try await ExchangeServer.start(plan.setup, port: port) { talk.tell($0) }
    } catch {
      console.error(error.description, remedy: error.remedy)
      throw ExitStatus.usage
    }
    talk.open(server, plan)
    do {
      try StopSignal.wait()
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
    talk.close(server.tally)
  }
}
