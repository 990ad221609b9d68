public import Risk

/// The reading with words: a rule read with it tells what it asked, with which values, and why.
///
/// It follows the very branches that the numbers take, so that its outcome is that of
/// ``Integers``; every truth value that a rule branches on is noted as a ``Question``. There is no
/// second text of a rule here: names and units come with the inputs, and all else follows from the
/// operations that the rule makes.
public final class Words: Domain {
  /// Numbers with their value, unit and origin.
  public typealias Number = WordNumber

  /// The questions so far, in the order in which they were asked.
  public private(set) var questions: [Question] = []
  /// The question that is answered yes whatever it says: shows where a yes leads.
  private let affirmed: Int?

  /// Makes the reading.
  public init() { affirmed = nil }

  /// A reading that answers the question of this index with yes, whatever it says.
  init(affirming index: Int) { affirmed = index }

  /// Notes the question and takes the branch on its answer.
  public func holds(_ condition: WordTruth, at site: Site) -> Bool {
    let answer = condition.value || questions.count == affirmed
    questions.append(Question(site: site, condition: condition, answer: answer))
    return answer
  }
}

extension Words {
  /// Reads `rule` and finds out where a yes to each of its questions leads, by reading it again
  /// with that answer.
  ///
  /// - Parameters:
  ///   - rule: Reads a rule in the domain it is given.
  ///   - ending: The word of an outcome that ends the rule early; nil for any other.
  /// - Returns: What the rule came to, and the questions on the way.
  static func read<Outcome>(
    _ rule: (Words) -> Outcome, ending: (Outcome) -> String?
  ) -> (outcome: Outcome, questions: [Question]) {
    let reading = Words()
    let outcome = rule(reading)
    var questions = reading.questions
    for index in questions.indices {
      let other = Words(affirming: index)
      let end = ending(rule(other))
      // A rule that asks on after a yes does not end by it.
      let isLast = other.questions.count == index + 1
      questions[index].consequence = isLast ? end.map { .ends($0) } ?? .goesOn : .goesOn
    }
    return (outcome, questions)
  }
}
