/// A family of named streams of choices; every choice that a world makes comes from one.
///
/// A stream depends on the seed and its own name alone: asking for streams in another order, or
/// for new ones, changes no other stream.
public struct Chooser: Sendable {
  let seed: UInt64
  let recorded: RecordedChoices
  let keepsLog: Bool

  private init(seed: UInt64, recorded: RecordedChoices, keepsLog: Bool) {
    self.seed = seed
    self.recorded = recorded
    self.keepsLog = keepsLog
  }

  /// Streams that follow from `seed`.
  public static func seeded(_ seed: UInt64) -> Chooser {
    Chooser(seed: seed, recorded: RecordedChoices(), keepsLog: false)
  }

  /// Streams that give `choices` back and go on as `seed` would.
  ///
  /// Each draw also moves the seeded generator, so the n-th draw of a stream beyond its list is
  /// what the n-th draw of the seeded stream would have been: any prefix of a run's own record,
  /// with the run's own seed, replays the run. A stream without a list is the seeded one. A
  /// recorded value that is not below the bound asked for is taken modulo the bound, so edited
  /// lists replay safely.
  public static func recorded(_ choices: RecordedChoices, beyond seed: UInt64) -> Chooser {
    Chooser(seed: seed, recorded: choices, keepsLog: false)
  }

  /// The same family with streams that keep a ``ChoiceStream/log`` of what they gave.
  public var recording: Chooser { Chooser(seed: seed, recorded: recorded, keepsLog: true) }

  /// The stream called `name`, from its beginning.
  public func stream(_ name: String) -> ChoiceStream { ChoiceStream(name: name, of: self) }
}
