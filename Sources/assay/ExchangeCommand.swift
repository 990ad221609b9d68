import ArgumentParser
import Exchange
import Live
import Market
import Simulation

/// `assay exchange`: the simulated venue on a loopback port.
struct ExchangeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exchange",
    abstract: "Serves the simulated Hyperliquid on a loopback port, for any client.",
    discussion: """
      REST and WebSocket share one port: POST /info, POST /exchange, WebSocket /ws. It is the same \
      venue as in the virtual world: matching, margin, liquidation, funding, order and fill \
      frames. Without arguments its time is the machine's, and its market a zigzag made for \
      demonstrations: every minute the price runs on for some seconds and turns, so that averages \
      cross all the time. It says nothing about any strategy.

      With --scenario, market, venue and those faults come from the file that can happen between a \
      venue and its sockets; the others are listed at the start. With --prices, recorded candles \
      are replayed from a quarter of their span on. Either way the world is moved to the present.

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

  @Option(help: ArgumentHelp("What each account starts with, 10000 without.", valueName: "USD"))
  var deposit: String?

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
    let plan = try ExchangePlan(self, on: console)
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
