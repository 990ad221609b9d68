import Market
import Risk

extension ClientOrderID {
  /// The id of one order: a function of the run and of what the order is for.
  ///
  /// The `epoch` is durable before any order of it; the `leg` tells orders of one decision apart,
  /// 0 for the entry, then counted per position.
  static func derive(
    epoch: UInt32, strategy: StrategyID, symbol: Symbol, setup: Setup, decidedAt: Instant,
    role: OrderRole, leg: Int
  ) -> Self {
    func half(_ seed: UInt64) -> UInt64 {
      var digest = Digest(seed: seed)
      digest.add(UInt64(epoch))
      digest.add(strategy)
      digest.add(symbol)
      digest.add(setup)
      digest.add(decidedAt.nanoseconds)
      digest.add(UInt64(role.rawValue))
      digest.add(Int64(leg))
      return digest.value
    }
    return Self(high: half(0x6173_7361_7920_6964), low: half(0x636c_6f69_6420_6c6f))
  }
}
