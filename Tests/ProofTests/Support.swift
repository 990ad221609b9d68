import Choice
import Risk

@testable import Proof

/// The seeded numbers of these tests; the seed is part of every failure's message.
struct Numbers {
  private var stream: ChoiceStream

  init(seed: UInt64) { stream = Chooser.seeded(seed).stream("proof") }

  /// A number that is small, near a bound of the rules, or anything.
  mutating func number() -> Int64 {
    let edges: [Int64] = [
      0, 1, -1, 2, 10_000, Bounds.largestPrice, Bounds.largestQuantity, Bounds.largestMoney,
      Bounds.latestInstant, Bounds.longestPause, Bounds.largestCount, .max, .min,
    ]
    switch stream.draw(below: 4) {
    case 0: return Int64(bitPattern: stream.draw(below: 20)) - 5
    case 1:
      let edge = edges[Int(stream.draw(below: UInt64(edges.count)))]
      return edge.addingReportingOverflow(Int64(stream.draw(below: 3)) - 1).partialValue
    case 2: return stream.draw(in: -1_000_000...1_000_000_000_000_000)
    default: return stream.draw(in: Int64.min...Int64.max)
    }
  }

  mutating func flag() -> Bool { stream.draw(below: 2) == 1 }

  /// How far to stray from an example: 0 is not at all.
  mutating func index(below count: Int) -> Int { Int(stream.draw(below: UInt64(count))) }
}

extension Rule {
  /// An example of the rule with some of its inputs changed.
  func assignment(_ numbers: inout Numbers) -> Assignment {
    var assignment = examples[numbers.index(below: examples.count)]
    let changes = numbers.index(below: 6)
    if !self.numbers.isEmpty {
      for _ in 0..<changes {
        let name = self.numbers[numbers.index(below: self.numbers.count)]
        let near = assignment.numbers[name]?.int64 ?? 0
        let value =
          numbers.flag()
          ? numbers.number()
          : near.addingReportingOverflow(Int64(numbers.index(below: 5)) - 2).partialValue
        assignment.numbers[name] = Whole(value)
      }
    }
    for name in truths where numbers.index(below: 12) == 0 {
      assignment.truths[name] = !(assignment.truths[name] ?? false)
    }
    return assignment
  }
}

extension TheoremCatalog {
  /// Every rule that a theorem is about, once.
  static var rules: [any Rule] {
    var names: Set<String> = []
    return all.flatMap(\.rules).filter { names.insert($0.name).inserted }
  }
}

/// A solver that answers what it is told to.
struct Parrot: Solver {
  let name = "parrot"
  let answer: String
  func run(_ text: String) throws(SolverError) -> String { answer }
}
