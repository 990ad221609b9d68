import Market
import Risk

/// Prefers one of what the setups of a strategy came to.
struct Preference {
  /// The setups, the first preferred among equals.
  private let ranks: [Setup]
  /// How far a setup came that ended with a reason; the furthest one speaks.
  private let stage: (NoTradeReason) -> Int
  private var proposals: [Proposal] = []
  private var furthest: (setup: Setup, reason: NoTradeReason)?

  /// Prefers by `ranks` and `stage`; levels that the geometry refused are always the furthest.
  init(_ ranks: [Setup], stage: @escaping (NoTradeReason) -> Int) {
    self.ranks = ranks
    self.stage = stage
  }

  mutating func add(_ setup: Setup, _ judgement: Judgement) {
    switch judgement {
    case .signal(let signal): insert(Proposal(setup: setup, signal: signal))
    case .noTrade(let reason):
      if let known = furthest {
        let (old, new) = (progress(known.reason), progress(reason))
        guard new > old || new == old && rank(setup) < rank(known.setup) else { return }
      }
      furthest = (setup, reason)
    }
  }

  /// The most confident signal, the others as alternatives; or the reason of the setup that came
  /// furthest, the earlier rank where several came as far.
  var verdict: Conclusion {
    if let best = proposals.first {
      return Conclusion(
        setup: best.setup, outcome: .signal(best.signal),
        alternatives: Array(proposals.dropFirst()))
    }
    return Conclusion(
      setup: furthest?.setup ?? .all, outcome: .noTrade(furthest?.reason ?? .noSetup))
  }

  private mutating func insert(_ proposal: Proposal) {
    let place =
      proposals.firstIndex { other in
        let (new, old) = (proposal.signal.confidence, other.signal.confidence)
        return new > old || new == old && rank(proposal.setup) < rank(other.setup)
      } ?? proposals.endIndex
    proposals.insert(proposal, at: place)
  }

  private func rank(_ setup: Setup) -> Int { ranks.firstIndex(of: setup) ?? ranks.count }

  private func progress(_ reason: NoTradeReason) -> Int {
    switch reason {
    case .badGeometry, .stopTooTight, .stopTooWide, .rewardToRiskBelowMinimum: .max
    default: stage(reason)
    }
  }
}
