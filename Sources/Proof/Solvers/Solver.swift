/// What a solver says of one query.
enum Answer: Hashable, Sendable {
  /// No values satisfy it.
  case unsatisfiable
  /// These values do.
  case satisfiable(Assignment)
  /// It stopped at its resource limit, or does not know.
  case unknown
}

/// Why a solver could not be asked; never a verdict.
public enum SolverError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It could not be started.
  case missing(solver: String, detail: String)
  /// What it wrote is no answer.
  case unreadable(solver: String, output: String)

  /// What was wrong, what was expected and what to do.
  public var description: String {
    switch self {
    case .missing(let solver, let detail):
      "\(solver) could not be started: \(detail); `config/setup` installs it"
    case .unreadable(let solver, let output):
      "\(solver) wrote no answer that can be read; expected sat, unsat or unknown, got: \(output)"
    }
  }
}

/// Something that answers SMT-LIB texts.
protocol Solver {
  /// Its name and version.
  var name: String { get }

  /// Gives `text` to the solver; what it writes.
  func run(_ text: String) throws(SolverError) -> String
}

/// A solver's answers to one script.
struct Answers: Sendable {
  var answers: [Answer] = []
  /// Deterministic units of work; nil where the solver counts none.
  var units: UInt64?
}

extension Solver {
  /// Answers for every query of a script; `count` is how many there must be.
  func answers(to text: String, count: Int) throws(SolverError) -> Answers {
    let output = try run(text)
    var reader = AnswerReader(output)
    var result = Answers()
    while let token = reader.next() {
      switch token {
      case .atom("unsat"): result.answers.append(.unsatisfiable)
      case .atom("unknown"), .atom("timeout"): result.answers.append(.unknown)
      case .atom("sat"): result.answers.append(.satisfiable(Assignment()))
      case .list(let items):
        if case .atom(":rlimit")? = items.first, items.count == 2, case .atom(let text) = items[1] {
          result.units = UInt64(text)
        } else if case .satisfiable? = result.answers.last,
          let values = Assignment(items)
        {
          result.answers[result.answers.count - 1] = .satisfiable(values)
        } else if case .satisfiable? = result.answers.last {
          throw .unreadable(solver: name, output: String(output.prefix(400)))
        } else if Self.isExhausted(items) {
          // It stopped before it had read everything: nothing that is missing is an answer.
          result.answers += Array(repeating: .unknown, count: max(0, count - result.answers.count))
          return result
        } else if !Self.isMissingModel(items) {
          throw .unreadable(solver: name, output: String(output.prefix(400)))
        }
      case .atom: throw .unreadable(solver: name, output: String(output.prefix(400)))
      }
    }
    guard result.answers.count == count else {
      throw .unreadable(solver: name, output: String(output.prefix(400)))
    }
    return result
  }

  /// Whether a solver says that its resources are used up.
  private static func isExhausted(_ items: [Expression]) -> Bool {
    guard items.count == 2, items[0] == .atom("error"), case .atom(let text) = items[1] else {
      return false
    }
    return text.contains("resource limit exceeded")
  }

  /// Whether a solver only says that it has no values, after an answer that has none.
  private static func isMissingModel(_ items: [Expression]) -> Bool {
    guard items.count == 2, items[0] == .atom("error"), case .atom(let text) = items[1] else {
      return false
    }
    return text.contains("model is not available")
  }
}

/// A parenthesised expression of a solver's answer.
indirect enum Expression: Hashable {
  case atom(String)
  case list([Expression])

  /// The whole number that it is: `5` or `(- 5)`.
  var whole: Whole? {
    switch self {
    case .atom(let text): Whole(decimal: text)
    case .list(let items):
      if items.count == 2, items[0] == .atom("-") { items[1].whole?.negated } else { nil }
    }
  }
}

extension Assignment {
  /// Reads `((x 5) (y (- 3)) (z true))`; nil where it is anything else.
  init?(_ pairs: [Expression]) {
    self.init()
    for pair in pairs {
      guard case .list(let items) = pair, items.count == 2, case .atom(let name) = items[0] else {
        return nil
      }
      if items[1] == .atom("true") || items[1] == .atom("false") {
        truths[name] = items[1] == .atom("true")
      } else if let value = items[1].whole {
        numbers[name] = value
      } else {
        return nil
      }
    }
  }
}

/// Splits a solver's output into expressions.
struct AnswerReader {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = Substring(text).utf8 }

  /// The next whole expression; nil at the end, or where it is cut off.
  mutating func next() -> Expression? {
    skipSpace()
    guard let first = rest.first else { return nil }
    if first == UInt8(ascii: "(") {
      rest.removeFirst()
      var items: [Expression] = []
      while true {
        skipSpace()
        guard let byte = rest.first else { return nil }
        if byte == UInt8(ascii: ")") {
          rest.removeFirst()
          return .list(items)
        }
        guard let item = next() else { return nil }
        items.append(item)
      }
    }
    if first == UInt8(ascii: "\"") {
      rest.removeFirst()
      let text = rest.prefix { $0 != UInt8(ascii: "\"") }
      rest = rest.dropFirst(text.count + 1)
      return .atom("\"" + String(Substring(text)))
    }
    if first == UInt8(ascii: ")") {
      rest.removeFirst()
      return .atom(")")
    }
    let text = rest.prefix {
      !Self.isSpace($0) && $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ")")
    }
    rest = rest.dropFirst(text.count)
    return .atom(String(Substring(text)))
  }

  private mutating func skipSpace() { rest = rest.drop(while: Self.isSpace) }
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
