import Exchange
import Live
import Market
import Simulation
import Venues

/// What `assay exchange` says: where to find it, what happens, what happened.
struct ExchangeTalk: Sendable {
  private let console: Console

  init(_ console: Console) { self.console = console }

  // MARK: Begin and end

  func open(_ server: ExchangeServer, _ plan: ExchangePlan) {
    let venues = plan.setup.venues
    let names = venues.hyperliquid.listings.map(\.instrument.symbol.description)
    let served = server.venues.map { $0.name.prefix(1).uppercased() + $0.name.dropFirst() }
    console.print("Simulated \(served.joined(separator: ", ")): \(plan.market)")
    console.print("  listed              \(names.joined(separator: ", "))")
    console.print(
      "  time                \(venues.hyperliquid.start), \(Self.pace(plan.setup.speed))")
    console.print("  accounts            any key, \(shown(plan.deposit)) USD each")
    if let network = plan.network {
      console.print("  signatures          for the \(network) only")
    }
    openAddresses(server, plan)
    for text in plan.unapplied { console.print("  not applied         \(text)") }
    console.print("Ready. Control-C stops it.")
  }

  private func openAddresses(_ server: ExchangeServer, _ plan: ExchangePlan) {
    let addresses = ClientAddresses(
      base: server.baseURL, sockets: server.socketURL, venues: server.venues,
      network: plan.network, certificate: plan.certificateFile)
    // The official client signs for the testnet at any address but the mainnet's own.
    let isRefused = plan.network == .mainnet
    console.print(
      "  SDK base_url        \(isRefused ? "refused: it signs for the testnet at " : "")"
        + server.baseURL)
    console.print("  WebSocket           \(server.socketURL)/ws")
    console.print("  config line         \(addresses.configuration)")
    for line in addresses.ccxt { console.print("  ccxt                \(line)") }
    if let file = plan.certificateFile {
      console.print("  trust               \(file); for Python export it as")
      console.print("                      REQUESTS_CA_BUNDLE and WEBSOCKET_CLIENT_CA_BUNDLE")
    }
  }

  private static func pace(_ speed: Int) -> String {
    speed == 1 ? "real time" : "\(grouped(speed)) x real time"
  }

  func close(_ tally: ExchangeTally) {
    console.print(
      "Stopped: \(counted(tally.sessions, "WebSocket")), \(counted(tally.calls, "call")), "
        + "\(counted(tally.messagesIn, "message")) in, \(grouped(tally.messagesOut)) out; "
        + "\(counted(tally.placed, "order")) placed, \(counted(tally.fills, "fill")), "
        + "\(grouped(tally.cancelled)) cancelled, \(grouped(tally.refused)) refused, "
        + "\(counted(tally.liquidations, "liquidation")), "
        + "\(counted(tally.fundings, "funding payment")).")
  }

  // MARK: Lines

  func tell(_ observation: ExchangeObservation) {
    guard let (word, style, text) = Self.line(of: observation.event) else { return }
    let time = Self.timeOfDay(observation.time)
    let padded = word + String(repeating: " ", count: max(1, 12 - word.utf8.count))
    console.print("\(console.paint(time, .faint))  \(console.paint(padded, style))\(text)")
  }

  /// `12:34:56.789`, as the venue's clock reads.
  private static func timeOfDay(_ time: Instant) -> String {
    let text = time.description.dropFirst(11)
    let fraction = String(1_000 + time.milliseconds % 1_000).dropFirst()
    return "\(text.prefix(8)).\(fraction)"
  }

  private static func line(of event: ExchangeEvent) -> (String, Console.Style, String)? {
    switch event {
    case .connected(let session): ("connected", .plain, "client \(session.number)")
    case .disconnected(let session, let end):
      ("gone", .plain, "client \(session.number), \(end.phrase)")
    case .subscribed(let session, let wish):
      ("subscribed", .plain, "client \(session.number): \(wish)")
    case .refused(let text): ("refused", .warning, text)
    case .fault(let kind, let begins):
      ("fault", .bad, "\(kind.rawValue) \(begins ? "begins" : "ends"): \(kind.summary)")
    case .lagging:
      ("lagging", .warning, "the machine cannot keep up; the venue's time is slower than asked")
    case .account(let news): line(of: news)
    }
  }

  private static func line(of news: AccountNews) -> (String, Console.Style, String)? {
    switch news {
    case .update(let order): line(of: order)
    case .fill(let fill):
      (
        "filled", .good,
        "\(brief(fill.account)) \(verb(fill.side)) \(fill.quantity) \(fill.symbol) at \(fill.price)"
          + (fill.liquidation == nil ? "" : ", liquidated")
      )
    case .funding(let funding):
      (
        "funding", .plain,
        "\(brief(funding.account)) \(funding.symbol) \(signed(funding.payment)) USD"
      )
    case .liquidated(let account, let notional, let value):
      (
        "liquidation", .bad,
        "\(brief(account)): \(shown(notional)) USD of positions, account value \(shown(value)) USD"
      )
    case .transferred(let account, let transfer):
      ("transfer", .plain, "\(brief(account)) \(signed(transfer.amount)) USD")
    case .cancelledByVenue, .marginMoved: nil
    }
  }

  private static func line(of order: ExchangeOrder) -> (String, Console.Style, String)? {
    let trigger = order.trigger.map { " when the mark is at \($0.price)" } ?? ""
    let what =
      "\(brief(order.account)) to \(order.side == .buy ? "buy" : "sell") \(order.quantity) "
      + "\(order.symbol) at \(order.limit)\(trigger), order \(order.id)"
    return switch order.status {
    case .open: ("placed", .plain, what)
    case .triggered: ("triggered", .plain, what)
    case .filled: nil
    case let status where status.isRefusal: ("rejected", .warning, "\(what): \(status.rawValue)")
    case let status: ("cancelled", .plain, "\(what): \(status.rawValue)")
    }
  }

  private static func verb(_ side: Side) -> String { side == .buy ? "bought" : "sold" }

  /// The ends of an address.
  private static func brief(_ address: AccountAddress) -> String {
    let text = address.description
    return "\(text.prefix(6))…\(text.suffix(4))"
  }
}
