import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// Writes a run as text, one line a fact, for `trace show` and `trace diff`.
///
/// ```
/// assay-trace 1
/// scenario calm-day seed 1
/// event 12 2026-03-02T00:00:01Z engine 9f… feed=… candles=…
///   feed frame hyperliquid#1 {"channel":…}
///   orders order intent:… state:working …
///   wire request hyperliquid#4 …
/// ```
struct Tracer: Sendable {
  let write: @Sendable (String) -> Void

  init(write: @escaping @Sendable (String) -> Void) { self.write = write }

  /// The two lines that every trace begins with.
  func header(_ scenario: String, seed: UInt64) {
    write("assay-trace 1")
    write("scenario \(scenario) seed \(seed)")
  }

  func engineStep(_ chain: DigestChain, _ time: Instant, _ input: Input, _ outbox: Outbox) {
    begin(chain, time, "engine")
    write("  feed \(Self.text(input))")
    for record in outbox.records {
      write("  \(record.component.name) \(Self.clean("\(record)"))")
    }
    for effect in outbox.effects {
      write("  \(effect.component.name) \(Self.text(effect))")
    }
  }

  func venueStep(
    _ chain: DigestChain, _ time: Instant, _ venue: Venue, _ input: VenueInput,
    _ outputs: [VenueOutput]
  ) {
    begin(chain, time, venue == .hyperliquid ? "venue" : venue.name)
    write("  venue in \(Self.text(input))")
    for output in outputs { write("  venue out \(Self.text(output))") }
  }

  func fault(_ kind: FaultKind, begins: Bool, at time: Instant) {
    write("fault \(time) \(kind.rawValue) \(begins ? "begins" : "ends"): \(kind.summary)")
  }

  private func begin(_ chain: DigestChain, _ time: Instant, _ party: String) {
    var line = "event \(chain.count) \(time) \(party) \(chain.whole)"
    for component in Component.allCases {
      line += " \(component.name)=\(chain.parts[Int(component.rawValue)])"
    }
    write(line)
  }

  private static func text(_ input: Input) -> String {
    switch input {
    case .started: "started"
    case .transport(let transport): text(transport)
    case .timer(let id): "timer \(id.owner).\(id.number)"
    case .market(let event): "market " + clean("\(event)")
    case .command(let command): "command " + clean("\(command)")
    }
  }

  private static func text(_ input: TransportInput) -> String {
    switch input {
    case .opened(let id): "opened \(text(id))"
    case .frame(let id, let bytes): "frame \(text(id)) \(text(bytes))"
    case .closed(let id, let failure):
      "closed \(text(id)) " + (failure.map { "\($0)" } ?? "by the venue")
    case .response(let id, let response):
      "response \(id.venue.name)#\(id.number) \(response.status) \(text(response.body))"
    case .failed(let id, let failure): "failed \(id.venue.name)#\(id.number) \(failure)"
    }
  }

  private static func text(_ effect: Effect) -> String {
    switch effect {
    case .transport(.connect(let id, let path)): "connect \(text(id)) \(path)"
    case .transport(.send(let id, let bytes)): "send \(text(id)) \(text(bytes))"
    case .transport(.close(let id)): "close \(text(id))"
    case .transport(.request(let id, let request)):
      "request \(id.venue.name)#\(id.number) \(request.path) \(text(request.body))"
    case .setTimer(let id, let at): "set-timer \(id.owner).\(id.number) \(at.nanoseconds)"
    case .cancelTimer(let id): "cancel-timer \(id.owner).\(id.number)"
    case .alert(let alert): "alert \(alert.code) \(alert.severity): \(clean(alert.message))"
    case .stopped: "stopped"
    }
  }

  private static func text(_ input: VenueInput) -> String {
    switch input {
    case .call(let id, let call): "call #\(id.number) \(call.target) \(text(call.body))"
    case .opened(let id, let path): "opened #\(id.number) \(path)"
    case .pong(let id, let bytes): "pong #\(id.number) \(text(bytes))"
    case .frame(let id, let bytes): "frame #\(id.number) \(text(bytes))"
    case .closed(let id): "closed #\(id.number)"
    case .advance: "advance"
    }
  }

  private static func text(_ output: VenueOutput) -> String {
    switch output {
    case .reply(let id, let response):
      "reply #\(id.number) \(response.status) \(text(response.body))"
    case .frame(let id, let bytes): "frame #\(id.number) \(text(bytes))"
    case .ping(let id, let bytes): "ping #\(id.number) \(text(bytes))"
    case .close(let id): "close #\(id.number)"
    }
  }

  private static func text(_ id: ConnectionID) -> String { "\(id.venue.name)#\(id.number)" }

  private static func text(_ bytes: [UInt8]) -> String {
    clean(String(decoding: bytes, as: UTF8.self))
  }

  /// One line: breaks and control characters are shown as spaces.
  private static func clean(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
  }
}
