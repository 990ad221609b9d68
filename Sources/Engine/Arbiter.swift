import Market
import Risk
import Strategies

/// Decides which signals of one time go to the gate, and in which order.
enum Arbiter {
  /// A signal and what it would trade: one symbol, or the two of a pair.
  struct Candidate: Sendable {
    let decision: Decision
    let signal: Signal
    /// What the signal itself trades; of a pair, the first leg.
    let symbol: Symbol

    /// The side on which it would trade a symbol; nil for another symbol.
    func side(on other: Symbol) -> Side? {
      if other == symbol { return signal.side }
      guard let pair = signal.pair, pair.symbol == other else { return nil }
      return pair.side
    }

    var symbols: [Symbol] { [symbol] + (signal.pair.map { [$0.symbol] } ?? []) }
  }

  /// A signal with what became of it: nil goes on to the gate.
  struct Ruling: Sendable {
    let candidate: Candidate
    /// The arbiter's reason against it.
    let refusal: String?
  }

  /// Weighs the signals of one decision time (`strategies.md` section 4.1).
  ///
  /// A pair is atomic: it goes on only where it wins on both of its symbols. One that does not is
  /// taken out, and the rest is weighed again without it.
  ///
  /// - Parameters:
  ///   - candidates: In the registry's order.
  ///   - policy: `independent` lets every signal go on as it came.
  ///   - exposure: Signed quantity per symbol over positions and entries that are out.
  /// - Returns: Every signal, those that go on in the order in which the gate shall see them.
  static func weigh(
    _ candidates: [Candidate], policy: ArbitrationPolicy, exposure: (Symbol) -> Quantity
  ) -> [Ruling] {
    guard policy == .batch else {
      return candidates.map { Ruling(candidate: $0, refusal: nil) }
    }
    var standing = candidates
    var refused: [Ruling] = []
    while true {
      let verdicts = standing.map { verdict(on: $0, among: standing, exposure: exposure) }
      let lostPairs = zip(standing, verdicts).filter { $0.0.signal.pair != nil && $0.1 != nil }
      guard !lostPairs.isEmpty else {
        let judged = zip(standing, verdicts).map { (candidate: $0, refusal: $1) }
        return refused + finish(judged, among: standing)
      }
      refused += lostPairs.map { Ruling(candidate: $0.0, refusal: $0.1) }
      standing.removeAll { one in lostPairs.contains { $0.0.decision == one.decision } }
    }
  }

  /// The refused first; then the survivors, strongest score first, names settling ties.
  private static func finish(
    _ judged: [(candidate: Candidate, refusal: String?)], among standing: [Candidate]
  ) -> [Ruling] {
    var refused: [Ruling] = []
    var survivors: [(score: Int64, candidate: Candidate)] = []
    for (candidate, refusal) in judged {
      guard refusal == nil else {
        refused.append(Ruling(candidate: candidate, refusal: refusal))
        continue
      }
      let score = score(candidate.signal.side, on: candidate.symbol, among: standing)
      survivors.append((score, candidate))
    }
    survivors.sort {
      $0.score != $1.score ? $0.score > $1.score : $0.candidate.symbol < $1.candidate.symbol
    }
    return refused + survivors.map { Ruling(candidate: $0.candidate, refusal: nil) }
  }

  /// The first reason against a candidate on any of its symbols.
  private static func verdict(
    on candidate: Candidate, among standing: [Candidate], exposure: (Symbol) -> Quantity
  ) -> String? {
    for symbol in candidate.symbols {
      if let refusal = refusal(of: candidate, on: symbol, standing, exposure(symbol)) {
        return refusal
      }
    }
    return nil
  }

  private static func refusal(
    of candidate: Candidate, on symbol: Symbol, _ standing: [Candidate], _ exposure: Quantity
  ) -> String? {
    guard let side = candidate.side(on: symbol) else { return nil }
    if exposure != .zero {
      let held: Side = exposure > .zero ? .buy : .sell
      return side == held ? "DUPLICATE_EXPOSURE" : "OPPOSES_OPEN_POSITION"
    }
    let long = score(.buy, on: symbol, among: standing)
    let short = score(.sell, on: symbol, among: standing)
    // |L − S| / (L + S) < 0.25, in whole ten-thousandths.
    if long > 0, short > 0, abs(long - short) * 4 < long + short { return "CONFLICT_CANCELLED" }
    guard side == (long >= short ? .buy : .sell) else { return "CONFLICT_LOST" }
    let best = standing.filter { $0.side(on: symbol) == side }
      .max { $0.signal.confidence < $1.signal.confidence }
    return best?.decision == candidate.decision ? nil : "MERGED"
  }

  private static func score(_ side: Side, on symbol: Symbol, among standing: [Candidate]) -> Int64 {
    standing.reduce(0) {
      $0 + ($1.side(on: symbol) == side ? $1.signal.confidence.count : 0)
    }
  }
}
