/// SplitMix64: turns one word into a sequence of unlike ones (Steele, Lea and Flood, 2014).
struct SplitMix {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word &>> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word &>> 31)
  }
}

/// xoshiro256** 1.0 (Blackman and Vigna, 2018): our own copy, so that no toolchain can change it.
struct Generator: Sendable {
  private var first: UInt64
  private var second: UInt64
  private var third: UInt64
  private var fourth: UInt64

  /// Starts from a whole state; SplitMix never gives the one state, all zero, that stays there.
  init(state first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
    self.first = first
    self.second = second
    self.third = third
    self.fourth = fourth
  }

  /// Starts the stream called `name` of the family `seed`.
  init(seed: UInt64, name: String) {
    var family = SplitMix(seed)
    var mixer = SplitMix(family.next() ^ Self.hash(of: name))
    self.init(state: mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// FNV-1a over the UTF-8 of `name`, 64 bits.
  static func hash(of name: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    let scrambled = Self.rotate(second &* 5, by: 7) &* 9
    let shifted = second &<< 17
    third ^= first
    fourth ^= second
    second ^= third
    first ^= fourth
    third ^= shifted
    fourth = Self.rotate(fourth, by: 45)
    return scrambled
  }

  /// A number below `bound`, which is positive, without bias (Lemire, 2019).
  mutating func next(below bound: UInt64) -> UInt64 {
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  private static func rotate(_ word: UInt64, by count: UInt64) -> UInt64 {
    word &<< count | word &>> (64 - count)
  }
}
