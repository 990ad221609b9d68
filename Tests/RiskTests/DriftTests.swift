import Testing

@testable import Risk

@Suite struct DriftTests {
  struct Case: Sendable {
    var local: Int64
    var venue: Int64
    var buys: Int64 = 0
    var sells: Int64 = 0
    var expected: DriftVerdict
  }

  @Test(arguments: [
    Case(local: 0, venue: 0, expected: .none),
    Case(local: 5, venue: 5, expected: .none),
    Case(local: 5, venue: 0, expected: .drift(.phantom)),
    Case(local: -5, venue: 0, expected: .drift(.phantom)),
    Case(local: 0, venue: 5, expected: .drift(.orphan)),
    Case(local: 0, venue: -5, expected: .drift(.orphan)),
    Case(local: 5, venue: -5, expected: .drift(.sideMismatch)),
    Case(local: -5, venue: 5, expected: .drift(.sideMismatch)),
    Case(local: 5, venue: 4, expected: .drift(.sizeMismatch)),
    Case(local: -4, venue: -5, expected: .drift(.sizeMismatch)),
    // An entry of unknown outcome may have traded at the venue, up to its size.
    Case(local: 0, venue: 5, buys: 5, expected: .none),
    Case(local: 0, venue: 5, buys: 4, expected: .drift(.orphan)),
    Case(local: 0, venue: -5, buys: 9, expected: .drift(.orphan)),
    Case(local: 5, venue: 0, sells: 5, expected: .none),
    Case(local: 5, venue: 0, sells: 4, expected: .drift(.phantom)),
    Case(local: 5, venue: 0, buys: 9, expected: .drift(.phantom)),
    Case(local: 5, venue: -1, sells: 6, expected: .none),
    Case(local: .min, venue: 0, expected: .malformed),
    Case(local: 0, venue: .max, expected: .malformed),
    Case(local: 0, venue: 0, buys: -1, expected: .malformed),
  ]) func classifies(_ case_: Case) {
    #expect(
      classifyDrift(
        local: case_.local, venue: case_.venue, buysInFlight: case_.buys,
        sellsInFlight: case_.sells, in: Integers()) == case_.expected, "\(case_)")
  }

  /// The mirrored views drift the same way.
  @Test func isSymmetric() {
    for local: Int64 in -4...4 {
      for venue: Int64 in -4...4 {
        for buys: Int64 in 0...2 {
          for sells: Int64 in 0...2 {
            let one = classifyDrift(
              local: local, venue: venue, buysInFlight: buys, sellsInFlight: sells, in: Integers())
            let other = classifyDrift(
              local: -local, venue: -venue, buysInFlight: sells, sellsInFlight: buys,
              in: Integers())
            #expect(one == other)
            let isExplained = (-sells...buys).contains(venue - local)
            #expect((one == .none) == isExplained)
          }
        }
      }
    }
  }
}
