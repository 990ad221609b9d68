/// One named sequence of choices of a ``Chooser``.
public struct ChoiceStream: Choices, Sendable {
  /// The whole name; a substream's is its parent's, a slash and its own.
  public let name: String
  /// What was drawn, where the chooser was ``Chooser/recording``; else empty.
  public private(set) var log: [UInt64] = []

  private let family: Chooser
  private let replayed: [UInt64]
  private var position = 0
  private var generator: Generator

  init(name: String, of family: Chooser) {
    self.name = name
    self.family = family
    replayed = family.recorded[name]
    generator = Generator(seed: family.seed, name: name)
  }

  /// A number from 0 up to but not including `bound`; a bound of zero is treated as one.
  public mutating func draw(below bound: UInt64) -> UInt64 {
    let bound = max(bound, 1)
    var value = generator.next(below: bound)
    if position < replayed.count {
      value = replayed[position] % bound
      position += 1
    }
    if family.keepsLog { log.append(value) }
    return value
  }

  /// The stream `name` under this one; it depends on the two names, not on what was drawn here.
  ///
  /// It is the stream that ``Chooser/stream(_:)`` gives for `parent/name`, from its beginning.
  public mutating func substream(_ name: String) -> ChoiceStream {
    ChoiceStream(name: self.name + "/" + name, of: family)
  }
}
