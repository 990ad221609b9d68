/// Words for property tests: SplitMix64, so that a failing case can be named by its seed.
struct Words {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  /// A number below `bound`; the slight bias of the remainder does not matter to a test.
  mutating func below(_ bound: UInt64) -> UInt64 { next() % bound }
}
