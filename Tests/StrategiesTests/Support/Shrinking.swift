import Choice

/// The smallest data found in which something still goes wrong.
struct Shrunk: CustomStringConvertible {
  let seed: UInt64
  let beats: [[UInt64]]
  let violation: PropertySuite.Violation
  /// How many candidates were tried.
  let trials: Int

  var choices: RecordedChoices { RecordedChoices(beats: beats) }

  /// Everything that a replay needs.
  var description: String {
    """
    \(violation)
    in \(beats.count) beats after \(trials) trials; Script.replay with seed \(seed) and
    \(choices.text)
    """
  }
}

/// Makes failing data smaller by editing the choices that they were made of.
///
/// Whole beats go first, in halves, quarters and so on down to single ones; then beats are calmed
/// (every choice but the one to go on becomes zero), then single choices are lowered. An edit stays
/// where the check still fails. It ends when no edit of a round helps, or after `trials`.
struct Shrinker {
  let script: Script
  let trials: Int
  let check: (Feed) throws -> PropertySuite.Violation?

  private var spent = 0
  private var best: [[UInt64]] = []
  private var violation: PropertySuite.Violation?

  init(
    _ script: Script, trials: Int = 300,
    check: @escaping (Feed) throws -> PropertySuite.Violation?
  ) {
    self.script = script
    self.trials = trials
    self.check = check
  }

  /// The smallest failing data found; nil where the script's own data do not fail.
  static func shrink(
    _ script: Script, trials: Int = 300,
    check: @escaping (Feed) throws -> PropertySuite.Violation?
  ) throws -> Shrunk? {
    var shrinker = Shrinker(script, trials: trials, check: check)
    return try shrinker.run()
  }

  private mutating func run() throws -> Shrunk? {
    let whole = try script.recorded()
    guard let first = try check(whole.feed) else { return nil }
    violation = first
    best = whole.beats
    // A script that ended because it was long enough ends by choice from now on.
    if best.last != [0] { best.append([0]) }
    var hasHelped = true
    while hasHelped, spent < trials {
      hasHelped = try removeBeats()
      hasHelped = try calmBeats() || hasHelped
      hasHelped = try lowerChoices() || hasHelped
    }
    return violation.map {
      Shrunk(seed: script.seed, beats: best, violation: $0, trials: spent)
    }
  }

  /// Keeps `candidate` where it still fails.
  private mutating func keeps(_ candidate: [[UInt64]]) throws -> Bool {
    guard spent < trials, candidate != best else { return false }
    spent += 1
    // An edit that the script reads otherwise than meant would bring seeded choices back.
    guard let replayed = try? script.replay(RecordedChoices(beats: candidate)),
      replayed.beats.count <= candidate.count,
      let found = try check(replayed.feed)
    else { return false }
    best = replayed.beats
    violation = found
    return true
  }

  private mutating func removeBeats() throws -> Bool {
    var hasHelped = false
    var size = best.count / 2
    while size > 0, spent < trials {
      var end = best.count - 1
      while end > 0, spent < trials {
        let start = max(0, end - size)
        var candidate = best
        candidate.removeSubrange(start..<end)
        if try keeps(candidate) { hasHelped = true }
        end = min(start, best.count - 1)
      }
      size /= 2
    }
    return hasHelped
  }

  private mutating func calmBeats() throws -> Bool {
    var hasHelped = false
    var size = best.count / 2
    while size > 0, spent < trials {
      for start in stride(from: 0, to: best.count - 1, by: size) where spent < trials {
        var candidate = best
        for index in start..<min(start + size, best.count - 1) {
          candidate[index] = Self.calm(best[index])
        }
        if try keeps(candidate) { hasHelped = true }
      }
      size /= 2
    }
    return hasHelped
  }

  private static func calm(_ beat: [UInt64]) -> [UInt64] {
    guard !beat.isEmpty else { return beat }
    return [1] + Array(repeating: 0, count: beat.count - 1)
  }

  private mutating func lowerChoices() throws -> Bool {
    var hasHelped = false
    for beat in best.indices.dropLast() {
      var place = 0
      while beat < best.count, place < best[beat].count, spent < trials {
        let value = best[beat][place]
        for lower in [0, 1, value / 2] where lower < value && (place > 0 || lower > 0) {
          var candidate = best
          candidate[beat][place] = lower
          guard try keeps(candidate) else { continue }
          hasHelped = true
          break
        }
        place += 1
      }
    }
    return hasHelped
  }
}
