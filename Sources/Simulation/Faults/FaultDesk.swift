import Choice
import Engine
import Market
import Venues

/// The faults of a run: which are acting, how often they acted, and what they do to traffic.
struct FaultDesk: Sendable {
  /// One declared fault at work.
  struct Case: Sendable {
    let plan: FaultPlan
    var stream: ChoiceStream
    var isActive = false
    /// How often it acted.
    var count = 0
    /// Hits of the mark that it waits for.
    var markHits = 0
    var hasBegun = false
    /// What a swizzle breaks now.
    var breaksRequests = false

    /// Whether it may act once more.
    var mayAct: Bool { isActive && plan.count.map { count < $0 } ?? true }
  }

  var cases: [Case]
  /// Marks that were hit between steps.
  var pendingMarks: [Mark] = []

  init(_ plans: [FaultPlan], chooser: Chooser) {
    cases = plans.enumerated().map { index, plan in
      Case(plan: plan, stream: chooser.stream("fault.\(index).\(plan.kind.rawValue)"))
    }
  }

  /// Notes that a fault did something.
  mutating func acted(_ index: Int) { cases[index].count += 1 }

  // MARK: What holds now

  private func isAny(at venue: Venue, _ test: (FaultAction) -> Bool) -> Bool {
    cases.contains { $0.isActive && $0.plan.venue == venue && test($0.plan.action) }
  }

  /// Everything that is sent to a venue, or received from it, vanishes.
  func isVanishing(_ venue: Venue) -> Bool {
    isAny(at: venue) { if case .vanish = $0 { true } else { false } }
  }

  /// No connection to a venue can be made.
  func refusesConnections(_ venue: Venue) -> Bool {
    cases.contains {
      guard $0.isActive, $0.plan.venue == venue else { return false }
      switch $0.plan.action {
      case .cut: return true
      case .swizzle: return !$0.breaksRequests
      default: return false
      }
    }
  }

  /// No request to a venue gets through.
  func refusesRequests(_ venue: Venue) -> Bool {
    cases.contains {
      guard $0.isActive, $0.plan.venue == venue else { return false }
      switch $0.plan.action {
      case .cut: return true
      case .swizzle: return $0.breaksRequests
      default: return false
      }
    }
  }

  /// What latency spikes add on the way to a venue.
  func extraLatency(_ venue: Venue) -> Interval {
    cases.reduce(.zero) {
      guard $1.isActive, $1.plan.venue == venue, case .latency(let more) = $1.plan.action else {
        return $0
      }
      return $0 + more
    }
  }

  /// The storm that is acting on connections to a venue, and after how long each breaks.
  func storm(_ venue: Venue) -> (index: Int, every: Interval)? {
    for (index, entry) in cases.enumerated() {
      if entry.mayAct, entry.plan.venue == venue, case .storm(let every) = entry.plan.action {
        return (index, every)
      }
    }
    return nil
  }

  /// Whether orders or their answers may not come through, so that protection cannot be demanded.
  var isOrderPathBroken: Bool {
    isAny(at: .hyperliquid) {
      switch $0 {
      case .cut, .vanish, .deaf, .storm, .swizzle, .requests, .pause, .latency: true
      case .venue(.fault(let fault, _)): fault.breaksOrders
      case .frames, .input, .venue, .wallStep, .drift, .crash, .kill: false
      }
    }
  }

  // MARK: Traffic

  /// What happens to a request (or, `isAnswer`, its answer); counts the fault that acts.
  mutating func damage(
    to kind: RequestFilter, of venue: Venue, isAnswer: Bool
  ) -> RequestDamage? {
    for index in cases.indices where cases[index].mayAct && cases[index].plan.venue == venue {
      guard let (filter, damage) = cases[index].plan.action.requests,
        filter.covers(kind), damage.concernsAnswer == isAnswer,
        cases[index].stream.occurs(cases[index].plan.chance)
      else { continue }
      acted(index)
      return damage
    }
    return nil
  }

  /// What the host receives instead of a frame, and how much later each arrives.
  mutating func deliveries(
    of bytes: [UInt8], on connection: ConnectionID
  ) -> [(TransportInput, Interval)] {
    let plain: [(TransportInput, Interval)] = [(.frame(connection, bytes), .zero)]
    for index in cases.indices
    where cases[index].mayAct && cases[index].plan.venue == connection.venue {
      guard let (filter, damage) = cases[index].plan.action.frames,
        filter.covers(bytes), cases[index].stream.occurs(cases[index].plan.chance)
      else { continue }
      acted(index)
      return damage.applied(to: bytes, on: connection, &cases[index].stream)
    }
    return plain
  }
}

extension RequestDamage {
  /// Whether it happens to the answer.
  var concernsAnswer: Bool {
    switch self {
    case .lost: false
    case .answerLost, .answerLate: true
    }
  }
}

extension FaultAction {
  /// The channels that tell of orders and fills.
  static let accountChannels = ["orderUpdates", "user", "userFills", "userFundings"]

  /// What it does to which requests.
  var requests: (RequestFilter, RequestDamage)? {
    switch self {
    case .requests(let filter, let damage): (filter, damage)
    case .deaf: (.action, .answerLost)
    default: nil
    }
  }

  /// What it does to which frames.
  var frames: (FrameFilter, FrameDamage)? {
    switch self {
    case .frames(let filter, let damage): (filter, damage)
    case .deaf: (FrameFilter(channels: Self.accountChannels), .lost)
    case .input(let fault): fault.frames
    default: nil
    }
  }
}
