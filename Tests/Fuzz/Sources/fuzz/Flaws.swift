@testable import Exchange
@testable import Venues

/// Bugs that targets of clients must find.
enum ClientFlaw {
  /// Bytes that are no document are not counted.
  static let uncounted: @Sendable (TransportInput, inout [ClientEffect]) -> Void = { _, effects in
    effects.removeAll {
      if case .rejected(let rejection) = $0, case .json = rejection.reason { true } else { false }
    }
  }
}

/// Bugs that targets of venues must find.
enum VenueFlaw {
  /// A call that is refused gets no answer.
  static func losesRefusals(_ input: VenueInput, _ outputs: inout [VenueOutput]) {
    outputs.removeAll {
      if case .reply(_, let response) = $0 { response.status >= 400 } else { false }
    }
  }
}
