import Choice
import Risk

/// A branch that a path took.
struct Branch: Hashable, Sendable {
  /// Where the rule branched.
  let site: Site
  /// The condition, as a term.
  let condition: Term
  /// Which way the path went.
  let isTaken: Bool
}

/// What an operation owes: a value within its type, a divisor that divides.
struct RangeObligation: Hashable, Sendable {
  /// What must hold.
  let claim: Term
  /// How many branches lay before the operation: only those may be relied on.
  let depth: Int
}

/// Writes down one pass of a rule: terms, branches, obligations.
final class Recorder {
  /// How a branch is taken.
  enum Steering {
    /// Both ways, one pass after the other.
    case forking(Odometer)
    /// As the condition falls under these values.
    case following(Assignment)
  }

  let graph: TermGraph
  /// The operation that is made wrong; nil for the rule as it is.
  let mutation: Mutation?
  private(set) var steering: Steering
  private(set) var path: [Branch] = []
  private(set) var obligations: [RangeObligation] = []
  private(set) var census: Set<Census> = []
  private var ordinal = 0
  private var evaluation: Evaluation?

  /// An operation that was seen, and where.
  struct Census: Hashable {
    let place: Place
    let operation: Operation
  }

  init(graph: TermGraph, mutation: Mutation? = nil, steering: Steering) {
    self.graph = graph
    self.mutation = mutation
    self.steering = steering
    if case .following(let assignment) = steering {
      evaluation = Evaluation(assignment, in: graph)
    }
  }

  /// Begins the next pass; false once every path has been taken.
  func next() -> Bool {
    path.removeAll(keepingCapacity: true)
    obligations.removeAll(keepingCapacity: true)
    ordinal = 0
    guard case .forking(var odometer) = steering else { return true }
    let hasMore = odometer.next()
    steering = .forking(odometer)
    return hasMore
  }

  /// Takes the branch on `condition`; one that is decided is no fork.
  func take(_ condition: Term, at site: Site) -> Bool {
    let condition =
      changed(.branch, at: Place(of: site)).map { change in
        switch change {
        case .negated: graph.not(condition)
        case .alwaysTrue: graph.truth(true)
        default: graph.truth(false)
        }
      } ?? condition
    let isTaken: Bool
    if let decided = graph.decided(condition) {
      isTaken = decided
    } else if let evaluation {
      isTaken = evaluation.truth(condition)
    } else if case .forking(var odometer) = steering {
      isTaken = odometer.draw(below: 2) == 1
      steering = .forking(odometer)
    } else {
      isTaken = false
    }
    path.append(Branch(site: site, condition: condition, isTaken: isTaken))
    ordinal = 0
    return isTaken
  }

  /// Notes an operation; how it is wrong in this reading, or nil where it is as written.
  func operate(_ operation: Operation) -> Change? {
    ordinal += 1
    let last = path.last
    return changed(
      operation,
      at: Place(after: last?.site, wasTaken: last?.isTaken ?? false, ordinal: ordinal))
  }

  private func changed(_ operation: Operation, at place: Place) -> Change? {
    census.insert(Census(place: place, operation: operation))
    guard let mutation, mutation.place == place, mutation.operation == operation else {
      return nil
    }
    return mutation.change
  }

  /// Obliges the rule to `claim` at this point of the path.
  func oblige(_ claim: Term) {
    guard graph.decided(claim) != true else { return }
    obligations.append(RangeObligation(claim: claim, depth: path.count))
  }

  /// Obliges `value` to lie within 64 or 128 signed bits.
  func obligeWithin(bits: Int, _ value: Term) {
    let most = bits == 64 ? Int128(Int64.max) : Int128.max
    let least = graph.atMost(graph.number(.small(-most - 1)), value)
    oblige(graph.both(least, graph.atMost(value, graph.number(.small(most)))))
  }
}
