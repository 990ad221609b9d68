import Choice
import Market
import Strategies

/// Where a script's choices come from, beat by beat.
///
/// A beat is what one interval of the market brings. Its choices can be taken out or calmed
/// without moving those of the others.
struct Draws: Choices, Sendable {
  private(set) var stream: ChoiceStream
  private var starts: [Int] = []

  fileprivate init(_ stream: ChoiceStream) { self.stream = stream }

  mutating func draw(below bound: UInt64) -> UInt64 { stream.draw(below: bound) }

  /// Begins the next beat; false where the data end: one choice, of which zero is the end.
  ///
  /// A seeded stream never ends by itself.
  mutating func goesOn() -> Bool {
    starts.append(stream.log.count)
    return draw(below: 1 << 40) > 0
  }

  /// What was drawn, by beat; whatever came before the first is part of it.
  var beats: [[UInt64]] {
    starts.indices.map { index in
      let start = index == 0 ? 0 : starts[index]
      let end = index + 1 < starts.count ? starts[index + 1] : stream.log.count
      return Array(stream.log[start..<end])
    }
  }
}

/// Data made of choices, so that they follow from a seed, can be told, and can be made smaller.
struct Script: Sendable {
  /// The name of the only stream.
  static let stream = "market"

  let seed: UInt64
  let build: @Sendable (inout Draws) throws -> Feed

  /// The data that follow from the seed.
  func feed() throws -> Feed {
    var draws = Draws(Chooser.seeded(seed).stream(Self.stream))
    return try build(&draws)
  }

  /// The data of the seed with what was drawn for them.
  func recorded() throws -> (feed: Feed, beats: [[UInt64]]) {
    try replay(RecordedChoices())
  }

  /// The data of `choices`, which need not be complete, with what was really drawn for them.
  func replay(_ choices: RecordedChoices) throws -> (feed: Feed, beats: [[UInt64]]) {
    let chooser = Chooser.recorded(choices, beyond: seed).recording
    var draws = Draws(chooser.stream(Self.stream))
    let feed = try build(&draws)
    return (feed, draws.beats)
  }
}

extension RecordedChoices {
  /// A script's choices.
  init(beats: [[UInt64]]) {
    self.init()
    self[Script.stream] = beats.flatMap { $0 }
  }
}
