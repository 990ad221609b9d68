import Market
import Simulation
import Venues

extension ServedClock {
  /// Asks `assay exchange` what time it is there, and how fast time runs.
  ///
  /// - Throws: ``LiveError`` where nothing answers, or something that is no such exchange.
  static func read(from venue: VenueEndpoints) async throws(LiveError) -> ServedClock {
    let endpoint = venue.http
    let transport = try HTTPTransport(endpoint: endpoint, trust: venue.trust)
    let request = HTTPRequest(method: .get, path: "/assay/clock", body: [], timeout: .seconds(5))
    let answer = await withCheckedContinuation { continuation in
      transport.send(request, within: 5_000) { continuation.resume(returning: $0) }
    }
    transport.close()
    switch answer {
    case .failure(let failure):
      throw LiveError(
        .clock, "\(endpoint) does not tell its clock (\(failure))",
        remedy: "start `assay exchange` first, on the port that the configuration names")
    case .success(let response):
      var parser = JSONParser()
      let document = try? parser.parse(response.body)
      guard response.status == 200, let root = document?.root,
        let time = root["timeNanoseconds"]?.int64, let speed = root["speed"]?.int64,
        (1...1_000_000).contains(speed), time >= 0
      else {
        throw LiveError(
          .clock, "\(endpoint) answers no clock (status \(response.status))",
          remedy: "let the configuration name `assay exchange`, or set `clock: system`")
      }
      return ServedClock(start: Instant(nanoseconds: time), speed: speed)
    }
  }
}
