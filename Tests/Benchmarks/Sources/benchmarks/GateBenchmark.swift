import Market
import Risk

/// Trades that pass, each a little different so that no branch is remembered by its value.
struct GateInputs {
  var trade: TradeProposal<Int64>
  var account: AccountState<Int64>
  var symbol: SymbolState<Int64>

  static let all: [GateInputs] = (0..<1_024).map { index in
    let offset = Int64(index)
    let entry = 9_820_000_000_000 + offset * 1_000_000
    return GateInputs(
      trade: TradeProposal(
        isLong: true, entry: entry, fillEstimate: entry + 100_000_000,
        worstPrice: entry + entry / 2_000, stop: 9_750_000_000_000 + offset * 100_000,
        target: entry + 200_000_000_000 + offset * 100, validUntil: 1_700_000_060_000_000_000,
        slots: 1, lot: 1_000, minimumNotional: 1_000_000_000, venueLeverage: 40),
      account: AccountState(
        isKilled: false, pauses: BreakerPauses(), isPausedByDrawdown: false,
        isStoppedForDay: false,
        now: 1_700_000_000_000_000_000, equity: 1_000_000_000_000 + offset,
        dayStartEquity: 1_000_000_000_000, sessionStartEquity: 1_000_000_000_000,
        highWaterEquity: 1_000_000_000_000, ordersInWindow: 0, slotsInUse: 1,
        heat: 5_000_000_000, grossNotional: 500_000_000_000),
      symbol: SymbolState(
        isPermitted: true, isDriftAlertOpen: false, dataAge: 1_000_000,
        dataAgeBound: 1_000_000_000, hasOwnExposure: false, longExposure: 0, shortExposure: 0,
        risk: 0))
  }
  static let policy = Policy<Int64>(Limits.exchangeDefault)

  /// Nanoseconds a decision, and the sum of all sizes, so that nothing is optimised away.
  static func measure(
    rounds: Int,
    _ judge: (
      TradeProposal<Int64>, AccountState<Int64>, SymbolState<Int64>, Policy<Int64>
    ) -> Verdict<Int64>
  ) -> (nanoseconds: Double, sum: Int64) {
    let inputs = all
    let policy = policy
    var sum: Int64 = 0
    let nanoseconds = Stopwatch.nanoseconds(per: 100 * inputs.count, rounds: rounds) {
      sum = 0
      for _ in 0..<100 {
        for one in inputs {
          if case .approved(let quantity) = judge(one.trade, one.account, one.symbol, policy) {
            sum &+= quantity
          }
        }
      }
    }
    return (nanoseconds, sum)
  }

  @inline(never)
  static func generic(
    _ trade: TradeProposal<Int64>, _ account: AccountState<Int64>, _ symbol: SymbolState<Int64>,
    _ policy: Policy<Int64>
  ) -> Verdict<Int64> {
    judge(trade, account: account, symbol: symbol, policy: policy, in: Integers())
  }
}

/// What a benchmark found that makes its figures worthless.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
}

/// Gate and sizing, read with integers.
enum GateBenchmark: Benchmark {
  static let name = "gate"
  static let target = "<= 25 ns a decision"

  static func measure() throws -> Row {
    let (nanoseconds, sum) = GateInputs.measure(rounds: 40, GateInputs.generic)
    guard sum > 0 else { throw BenchmarkError(description: "the gate let nothing through") }
    return Row(measured: "\(decimal(nanoseconds)) ns", isMet: nanoseconds <= 25)
  }
}

/// Gate and sizing against the same rules written by hand for `Int64`.
enum GateRatioBenchmark: Benchmark {
  static let name = "gate-ratio"
  static let target = "<= 1.05 x hand-written"

  static func measure() throws -> Row {
    var best = (generic: Double.infinity, written: Double.infinity)
    // In turns, so that a slow spell of the machine falls on both.
    for _ in 0..<10 {
      let generic = GateInputs.measure(rounds: 8, GateInputs.generic)
      let written = GateInputs.measure(rounds: 8, HandWrittenGate.judge)
      guard generic.sum == written.sum else {
        throw BenchmarkError(description: "the hand-written copy decides otherwise")
      }
      best = (min(best.generic, generic.nanoseconds), min(best.written, written.nanoseconds))
    }
    let ratio = best.generic / best.written
    return Row(
      measured: "\(decimal(ratio, 2)) x", isMet: ratio <= 1.05,
      note: "\(decimal(best.generic)) ns against \(decimal(best.written)) ns")
  }
}
