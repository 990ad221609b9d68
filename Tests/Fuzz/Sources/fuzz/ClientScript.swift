import Market

@testable import Venues

/// A target that lets a script talk to a client.
///
/// | line | what happens |
/// |---|---|
/// | `n` | everything so far is forgotten: a client that has not even started |
/// | `o`, `c[D]` | the chosen connection opens; it ends, with failure `D` |
/// | `f…` | a frame comes on it |
/// | `a…`, `sNNN …` | the chosen request is answered with status 200, or with another |
/// | `rNNN N …` | likewise, with `Retry-After: N` |
/// | `x[D]` | the chosen request ends without an answer |
/// | `@N`, `#N` | chooses among the connections, among the requests |
/// | `wN`, `bN` | N milliseconds pass; the wall clock is set N milliseconds on or back |
/// | `tN` | timer N fires, due or not |
/// | `y…` | a frame, an opening, an end and an answer for ids that are nobody's |
/// | `q` | the owner ends the client |
/// | `!…` | the owner asks for something: see the target |
protocol ClientTarget: FuzzTarget {
  associatedtype Client: VenueClient
  /// A client that has not started.
  static var fresh: ClientHost<Client> { get }
  /// The same with a connection and a subscription.
  static var prepared: ClientHost<Client> { get }
  static var timerOwner: UInt8 { get }
  /// Asks something of the client.
  static func command(_ text: ArraySlice<UInt8>, _ host: inout ClientHost<Client>)
  /// What is wrong inside the client; nil where nothing is.
  static func fault(in host: ClientHost<Client>) -> String?
  /// The planted bug.
  static var flaw: @Sendable (TransportInput, inout [ClientEffect]) -> Void { get }
}

extension ClientTarget {
  static var isScript: Bool { true }

  static func run(_ input: [UInt8], isPlanted: Bool) {
    var host = prepared
    if isPlanted { host.flaw = flaw }
    var chosen = (connection: 0, request: 0)
    for command in Script(bytes: input) {
      switch command.verb {
      case UInt8(ascii: "n"):
        let wall = host.now.wall
        host = fresh
        host.now.wall = wall
        if isPlanted { host.flaw = flaw }
        host.command { $0.start(at: $1, into: &$2) }
      case UInt8(ascii: "@"): chosen.connection = Int(command.number(in: 0...9))
      case UInt8(ascii: "#"): chosen.request = Int(command.number(in: 0...99))
      case UInt8(ascii: "w"): host.pass(.milliseconds(command.number(in: 0...900_000)))
      case UInt8(ascii: "b"): setClock(&host, by: command.number(in: -100_000_000...100_000_000))
      case UInt8(ascii: "t"):
        host.fire(TimerID(owner: timerOwner, number: UInt64(command.number(in: 0...20))))
      case UInt8(ascii: "q"): host.command { $0.stop(at: $1, into: &$2) }
      case UInt8(ascii: "!"): Self.command(command.rest, &host)
      case UInt8(ascii: "y"): stray(command, &host)
      default: tell(command, chosen, &host)
      }
      if let fault = fault(in: host) { finding(fault) }
    }
  }

  /// A client that was started, and whose first connection is open.
  static func started(_ host: ClientHost<Client>, at wall: Instant) -> ClientHost<Client> {
    var host = host
    host.now.wall = wall
    host.command { $0.start(at: $1, into: &$2) }
    for connection in host.connections { host.tell(.opened(connection.id)) }
    return host
  }

  private static func setClock(_ host: inout ClientHost<Client>, by milliseconds: Int64) {
    let moved = host.now.wall + .milliseconds(milliseconds)
    // Clocks of hosts are wrong by hours, not by decades.
    host.now.wall = min(
      max(moved, Instant(milliseconds: 1_600_000_000_000)),
      Instant(milliseconds: 2_000_000_000_000))
  }

  private static func stray(_ command: Script.Command, _ host: inout ClientHost<Client>) {
    let connection = ConnectionID(venue: Client.venue, number: 1_000_000)
    let request = RequestID(venue: Client.venue, number: 1_000_000)
    host.tell(.frame(connection, Array(command.rest)))
    host.tell(.opened(connection))
    host.tell(.closed(connection, .connectionLost))
    host.tell(.response(request, HTTPResponse(status: 200, body: Array(command.rest))))
    host.tell(.failed(request, .timeout))
  }

  private static func tell(
    _ command: Script.Command, _ chosen: (connection: Int, request: Int),
    _ host: inout ClientHost<Client>
  ) {
    let failure = TransportFailure(rawValue: UInt8(command.number(in: 0...4)))
    let connections = host.connections
    let connection =
      connections.isEmpty ? nil : connections[chosen.connection % connections.count].id
    let requests = host.requests
    let request = requests.isEmpty ? nil : requests[chosen.request % requests.count].id
    switch (command.verb, connection, request) {
    case (UInt8(ascii: "o"), let id?, _): host.tell(.opened(id))
    case (UInt8(ascii: "c"), let id?, _):
      host.tell(.closed(id, command.rest.isEmpty ? nil : failure))
    case (UInt8(ascii: "f"), let id?, _): host.tell(.frame(id, Array(command.rest)))
    case (UInt8(ascii: "a"), _, let id?):
      host.tell(.response(id, HTTPResponse(status: 200, body: Array(command.rest))))
    case (UInt8(ascii: "s"), _, let id?):
      let status = Int(command.number(in: 100...599))
      host.tell(.response(id, HTTPResponse(status: status, body: command.tail)))
    case (UInt8(ascii: "r"), _, let id?):
      let status = Int(command.number(in: 100...599))
      let wait = String(decoding: command.tail.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
      host.tell(
        .response(
          id,
          HTTPResponse(status: status, headers: [HTTPHeader("retry-after", wait)], body: [])))
    case (UInt8(ascii: "x"), _, let id?): host.tell(.failed(id, failure ?? .timeout))
    default: break
    }
  }
}
