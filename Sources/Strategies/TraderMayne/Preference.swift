import Market
import Risk

extension TraderMayne {
  /// Prefers one of what the setups came to.
  struct Preference {
    private var proposals: [Proposal] = []
    private var furthest: (setup: Setup, reason: NoTradeReason)?

    mutating func add(_ setup: Setup, _ outcome: Decision.Outcome) {
      switch outcome {
      case .signal(let signal): insert(Proposal(setup: setup, signal: signal))
      case .noTrade(let reason):
        if let known = furthest {
          let (old, new) = (Self.stage(of: known.reason), Self.stage(of: reason))
          guard new > old || new == old && Self.rank(setup) < Self.rank(known.setup) else {
            return
          }
        }
        furthest = (setup, reason)
      }
    }

    /// The most confident signal, the others as alternatives; or the reason of the setup that came
    /// furthest, the earlier rank where several came as far.
    var verdict: Verdict {
      if let best = proposals.first {
        return Verdict(
          setup: best.setup, outcome: .signal(best.signal),
          alternatives: Array(proposals.dropFirst()))
      }
      return Verdict(
        setup: furthest?.setup ?? .all, outcome: .noTrade(furthest?.reason ?? .noSetup))
    }

    private mutating func insert(_ proposal: Proposal) {
      let place =
        proposals.firstIndex { other in
          let (new, old) = (proposal.signal.confidence, other.signal.confidence)
          return new > old || new == old && Self.rank(proposal.setup) < Self.rank(other.setup)
        } ?? proposals.endIndex
      proposals.insert(proposal, at: place)
    }

    /// Ties resolve swing failure, Monday range, breaker, order block.
    private static func rank(_ setup: Setup) -> Int {
      switch setup {
      case swingFailure: 0
      case mondayRange: 1
      case breaker: 2
      default: 3
      }
    }

    /// How far a setup came: nothing there, something seen, levels refused.
    private static func stage(of reason: NoTradeReason) -> Int {
      switch reason {
      case .mondayIncomplete, .rangeWidth, .noSetup, .zoneNotActive: 0
      case .badGeometry, .stopTooTight, .stopTooWide, .rewardToRiskBelowMinimum: 2
      default: 1
      }
    }
  }
}
