import Market

@testable import Exchange
@testable import Venues

/// A target that lets a script talk to a simulated venue.
///
/// | line | what happens |
/// |---|---|
/// | `o…`, `c` | the chosen session opens at a path (the venue's own without one); it ends |
/// | `f…` | a frame comes on it |
/// | `P` | a pong comes on it |
/// | `g…` | a GET of a path with its query |
/// | `h… …` | a POST to the path before the first blank |
/// | `@N` | chooses among sessions 1 to 4 |
/// | `wN` | N milliseconds pass |
/// | others | see the target |
protocol VenueTarget: FuzzTarget {
  associatedtype Venue: FuzzedVenue
  /// The venue as it opens; copied for every input.
  static var opened: VenueHost<Venue> { get }
  /// Where its WebSocket is.
  static var socketPath: String { get }
  /// Carries out a command of the target's own.
  static func command(_ command: Script.Command, _ host: inout VenueHost<Venue>, session: UInt64)
  /// Ends every fault, so that what was held back comes.
  static func heal(_ host: inout VenueHost<Venue>)
  /// What is wrong inside the venue; nil where nothing is.
  static func fault(in host: VenueHost<Venue>) -> String?
  /// The planted bug.
  static var flaw: @Sendable (inout Venue, VenueInput, inout [VenueOutput]) -> Void { get }
}

extension VenueTarget {
  static var isScript: Bool { true }

  static func run(_ input: [UInt8], isPlanted: Bool) {
    var host = opened
    if isPlanted { host.flaw = flaw }
    var session: UInt64 = 1
    host.open(session, path: socketPath)
    for command in Script(bytes: input) {
      switch command.verb {
      case UInt8(ascii: "o"):
        let path = String(decoding: command.rest, as: UTF8.self)
        host.open(session, path: path.isEmpty ? socketPath : path)
      case UInt8(ascii: "c"): host.close(session)
      case UInt8(ascii: "f"): host.send(Array(command.rest), on: session)
      case UInt8(ascii: "P"): host.pong(on: session)
      case UInt8(ascii: "g"): host.call(.get, String(decoding: command.rest, as: UTF8.self), [])
      case UInt8(ascii: "h"):
        let path = command.rest.prefix { $0 != UInt8(ascii: " ") }
        host.call(.post, String(decoding: path, as: UTF8.self), command.tail)
      case UInt8(ascii: "@"): session = UInt64(command.number(in: 1...4))
      case UInt8(ascii: "w"): host.pass(.milliseconds(command.number(in: 0...120_000)))
      default: Self.command(command, &host, session: session)
      }
      if let fault = fault(in: host) { finding(fault) }
    }
    heal(&host)
    host.pass(.seconds(2))
    expect(
      host.awaiting.isEmpty || host.allowsSilence, "\(host.awaiting.count) calls are never answered"
    )
    if let fault = fault(in: host) { finding(fault) }
  }
}
