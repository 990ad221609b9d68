import Market

@testable import Exchange
@testable import Venues

/// A client and the venue that it was made for, on a wire without delay.
///
/// As it runs it can be written down, as a script for either side: the corpora begin with that.
struct Conversation<Client: VenueClient, Venue: FuzzedVenue> {
  private(set) var client: ClientHost<Client>
  private(set) var venue: VenueHost<Venue>
  private var calls: [UInt64: RequestID] = [:]
  /// What the client heard, as lines of a ``ClientScript``.
  private(set) var heardByClient: [[UInt8]] = []
  /// What the venue heard, as lines of a ``VenueScript``.
  private(set) var heardByVenue: [[UInt8]] = []

  init(_ client: ClientHost<Client>, _ venue: VenueHost<Venue>) {
    self.client = client
    self.venue = venue
    _ = self.client.takeSent()
    _ = self.venue.takeSent()
    self.client.now.wall = venue.now
    self.client.command { $0.start(at: $1, into: &$2) }
    exchange()
  }

  /// Lets both run, a second at a time.
  mutating func pass(seconds: Int) {
    for _ in 0..<seconds {
      client.pass(.seconds(1))
      exchange()
      venue.pass(.seconds(1))
      heardByClient.append(Array("w1000".utf8))
      heardByVenue.append(Array("w1000".utf8))
      exchange()
    }
  }

  private mutating func exchange() {
    for _ in 0..<1_000 {
      let sent = client.takeSent()
      let answers = venue.takeSent()
      if sent.isEmpty, answers.isEmpty { return }
      for effect in sent { carry(effect) }
      for output in answers { carry(output) }
    }
    finding("the two never end to talk")
  }

  private mutating func carry(_ effect: TransportEffect) {
    switch effect {
    case .connect(let id, let path):
      heardByVenue.append(Array("o\(path)".utf8))
      heardByClient.append(Array("o".utf8))
      venue.open(UInt64(id.number), path: path)
      client.tell(.opened(id))
    case .send(let id, let bytes):
      heardByVenue.append(Array("f".utf8) + bytes)
      venue.send(bytes, on: UInt64(id.number))
    case .close(let id): venue.close(UInt64(id.number))
    case .request(let id, let request):
      let word = request.method == .get ? "g\(request.path)" : "h\(request.path) "
      heardByVenue.append(Array(word.utf8) + request.body)
      // The answer may come while the call is made, and is carried afterwards.
      calls[venue.call(request.method, request.path, request.body)] = id
    }
  }

  private mutating func carry(_ output: VenueOutput) {
    switch output {
    case .reply(let id, let response):
      guard let request = calls.removeValue(forKey: id.number) else { return }
      heardByClient.append(Array("s\(response.status) ".utf8) + response.body)
      client.tell(.response(request, response))
    case .frame(let id, let bytes):
      heardByClient.append(Array("f".utf8) + bytes)
      client.tell(.frame(connection(id), bytes))
    case .ping(let id, _): venue.pong(on: id.number)
    case .close(let id): client.tell(.closed(connection(id), nil))
    }
  }

  private func connection(_ id: SessionID) -> ConnectionID {
    ConnectionID(venue: Client.venue, number: UInt32(truncatingIfNeeded: id.number))
  }
}

extension Conversation {
  /// Prints lines of a script, those that are too long for one left out.
  static func print(_ lines: [[UInt8]]) {
    for line in lines where line.count < 4_096 {
      Swift.print(String(decoding: line, as: UTF8.self))
    }
  }
}
