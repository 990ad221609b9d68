import Market
import Risk
import Strategies

/// Decides which signals of one time go to the gate, and in which order.
enum Arbiter {
  /// A signal with what became of it: nil goes on to the gate.
  struct Ruling: Sendable {
    let decision: Decision
    let signal: Signal
    /// The arbiter's reason against it.
    let refusal: String?
  }

  /// Weighs the signals of one decision time.
  ///
  /// - Parameters:
  ///   - signals: In the registry's order.
  ///   - policy: `independent` lets every signal go on as it came.
  ///   - exposure: Signed quantity per symbol over positions and entries that are out.
  /// - Returns: Every signal, those that go on in the order in which the gate shall see them.
  static func weigh(
    _ signals: [(decision: Decision, signal: Signal)], policy: ArbitrationPolicy,
    exposure: (Symbol) -> Quantity
  ) -> [Ruling] {
    guard policy == .batch else {
      return signals.map { Ruling(decision: $0.decision, signal: $0.signal, refusal: nil) }
    }
    var symbols: [Symbol] = []
    for signal in signals where !symbols.contains(signal.decision.symbol) {
      symbols.append(signal.decision.symbol)
    }
    var survivors: [(score: Int64, ruling: Ruling)] = []
    var refused: [Ruling] = []
    for symbol in symbols.sorted() {
      let candidates = signals.filter { $0.decision.symbol == symbol }
      let outcome = weigh(candidates, on: exposure(symbol))
      if let winner = outcome.winner { survivors.append(winner) }
      refused += outcome.refused
    }
    // The strongest symbol takes the free slots first; names settle ties.
    survivors.sort {
      $0.score != $1.score
        ? $0.score > $1.score : $0.ruling.decision.symbol < $1.ruling.decision.symbol
    }
    return refused + survivors.map(\.ruling)
  }

  /// `strategies.md` section 4.1 for one symbol.
  private static func weigh(
    _ candidates: [(decision: Decision, signal: Signal)], on exposure: Quantity
  ) -> (winner: (score: Int64, ruling: Ruling)?, refused: [Ruling]) {
    func refuse(_ reason: (Signal) -> String) -> [Ruling] {
      candidates.map {
        Ruling(decision: $0.decision, signal: $0.signal, refusal: reason($0.signal))
      }
    }
    if exposure != .zero {
      let held: Side = exposure > .zero ? .buy : .sell
      return (
        nil, refuse { $0.side == held ? "DUPLICATE_EXPOSURE" : "OPPOSES_OPEN_POSITION" }
      )
    }
    func score(_ side: Side) -> Int64 {
      candidates.reduce(0) { $0 + ($1.signal.side == side ? $1.signal.confidence.count : 0) }
    }
    let long = score(.buy)
    let short = score(.sell)
    // |L − S| / (L + S) < 0.25, in whole ten-thousandths.
    if long > 0, short > 0, abs(long - short) * 4 < long + short {
      return (nil, refuse { _ in "CONFLICT_CANCELLED" })
    }
    let side: Side = long >= short ? .buy : .sell
    let best = candidates.filter { $0.signal.side == side }
      .max { $0.signal.confidence < $1.signal.confidence }
    var refused: [Ruling] = []
    for candidate in candidates where candidate.decision != best?.decision {
      refused.append(
        Ruling(
          decision: candidate.decision, signal: candidate.signal,
          refusal: candidate.signal.side == side ? "MERGED" : "CONFLICT_LOST"))
    }
    guard let best else { return (nil, refused) }
    return (
      (max(long, short), Ruling(decision: best.decision, signal: best.signal, refusal: nil)),
      refused
    )
  }
}
