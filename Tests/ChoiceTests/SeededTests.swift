import Testing

@testable import Choice

@Suite("Seeded choices")
struct SeededTests {
  @Test("SplitMix64 gives its published values")
  func splitMix() {
    var zero = SplitMix(0)
    #expect((0..<3).map { _ in zero.next() } == Self.splitMixOfZero)
    var other = SplitMix(1_234_567)
    #expect((0..<3).map { _ in other.next() } == Self.splitMixOf1234567)
  }

  private static let splitMixOfZero: [UInt64] = [
    0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f,
  ]
  private static let splitMixOf1234567: [UInt64] = [
    6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
  ]

  @Test("xoshiro256** gives its published values")
  func xoshiro() {
    var generator = Generator(state: 1, 2, 3, 4)
    #expect((0..<10).map { _ in generator.next() } == Self.xoshiroOf1234)
  }

  private static let xoshiroOf1234: [UInt64] = [
    11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
    607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
    10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
  ]

  @Test("FNV-1a gives its published values")
  func nameHash() {
    #expect(Generator.hash(of: "") == 0xcbf2_9ce4_8422_2325)
    #expect(Generator.hash(of: "a") == 0xaf63_dc4c_8601_ec8c)
    #expect(Generator.hash(of: "foobar") == 0x8594_4171_f739_67e8)
  }

  @Test("Golden values: a change of these changes the meaning of every stored seed")
  func golden() {
    var latency = Chooser.seeded(42).stream("latency")
    #expect((0..<6).map { _ in latency.draw(below: 1_000_000) } == Self.latencies)
    var words = Chooser.seeded(0).stream("")
    #expect((0..<3).map { _ in words.draw(below: .max) } == Self.unnamed)
    var deep = latency.substream("hyperliquid")
    #expect((0..<4).map { _ in deep.draw(in: -100...100) } == [72, -5, -40, 62])
    var deck = Array(0..<10)
    deep.shuffle(&deck)
    #expect(deck == [3, 4, 9, 0, 5, 1, 8, 7, 2, 6])
    #expect((0..<8).map { _ in deep.pick(weights: [1, 2, 3]) } == [2, 0, 1, 1, 0, 2, 2, 2])
    let third = Ratio(1, over: 3) ?? .never
    let occurrences = (0..<8).filter { _ in deep.occurs(third) }
    #expect(occurrences == [2, 3])
  }

  private static let latencies: [UInt64] = [384_873, 424_713, 142_981, 28_098, 118_448, 478_751]
  private static let unnamed: [UInt64] = [
    2_173_012_722_847_780_655, 3_664_482_154_190_621_959, 5_689_331_144_267_033_947,
  ]

  @Test("A stream depends on seed and name, not on what else was asked for")
  func independence() {
    let chooser = Chooser.seeded(7)
    func values(_ stream: ChoiceStream) -> [UInt64] {
      var stream = stream
      return (0..<20).map { _ in stream.draw(below: 1 << 40) }
    }
    let alone = values(chooser.stream("a"))
    var other = chooser.stream("b")
    for _ in 0..<13 { _ = other.draw(below: 3) }
    #expect(values(chooser.stream("a")) == alone)
    #expect(values(chooser.stream("b")) != alone)
    #expect(values(Chooser.seeded(8).stream("a")) != alone)
    // A substream is found by its path, whatever its parent drew before.
    var parent = chooser.stream("a")
    let early = values(parent.substream("x"))
    _ = parent.draw(below: 10)
    #expect(values(parent.substream("x")) == early)
    #expect(values(chooser.stream("a/x")) == early)
    #expect(values(parent.substream("y")) != early)
    #expect(parent.substream("x").name == "a/x")
  }

  @Test("A thousand seeds and a thousand names begin differently")
  func spread() {
    var first: Set<UInt64> = []
    for index in 0..<1_000 as Range<UInt64> {
      var bySeed = Chooser.seeded(index).stream("s")
      first.insert(bySeed.draw(below: .max))
      var byName = Chooser.seeded(1).stream("fault-\(index)")
      first.insert(byName.draw(below: .max))
    }
    #expect(first.count == 2_000)
  }

  @Test("Every value below a bound is about as likely as every other")
  func uniformity() {
    for bound in [2, 3, 5, 6, 7, 10, 100] as [UInt64] {
      var stream = Chooser.seeded(bound).stream("uniform")
      var counts = [Int](repeating: 0, count: Int(bound))
      let draws = 2_000 * Int(bound)
      for _ in 0..<draws { counts[Int(stream.draw(below: bound))] += 1 }
      // 2,000 expected each, standard deviation about 45.
      for count in counts { #expect((1_750...2_250).contains(count), "\(bound): \(counts)") }
    }
  }

  @Test("A bound just above half of the range is not biased")
  func unbiased() {
    // A plain remainder would give numbers below 2^62 twice as often as others; scaling without
    // rejection would give multiples of three twice as often.
    let bound: UInt64 = 3 << 62
    var stream = Chooser.seeded(1).stream("bias")
    var low = 0
    var multiples = 0
    for _ in 0..<30_000 {
      let value = stream.draw(below: bound)
      low += value < 1 << 62 ? 1 : 0
      multiples += value % 3 == 0 ? 1 : 0
    }
    #expect((9_600...10_400).contains(low))
    #expect((9_600...10_400).contains(multiples))
  }

  @Test("Draws stay within their range, at the extremes too")
  func ranges() {
    var stream = Chooser.seeded(3).stream("range")
    #expect(stream.draw(below: 0) == 0)
    #expect(stream.draw(below: 1) == 0)
    let ranges = [
      0...0, -1...1, Int64.min...Int64.min, Int64.max...Int64.max, Int64.min...Int64.max,
      Int64.min...(Int64.max - 1), 0...Int64.max, Int64.min...0,
    ]
    for range in ranges {
      var signs: Set<Int64> = []
      for _ in 0..<200 {
        let value = stream.draw(in: range)
        #expect(range.contains(value))
        signs.insert(value.signum())
      }
      if range.lowerBound < -1, range.upperBound > 1 { #expect(signs.count >= 2) }
    }
    var seen: Set<Int64> = []
    for _ in 0..<100 { seen.insert(stream.draw(in: -1...1)) }
    #expect(seen == [-1, 0, 1])
  }

  @Test("A ratio is a number from zero to one, and comes true that often")
  func ratios() {
    #expect(Ratio(1, over: 0) == nil)
    #expect(Ratio(2, over: 1) == nil)
    #expect(Ratio(0, over: 9) != nil)
    var stream = Chooser.seeded(5).stream("ratio")
    for _ in 0..<100 {
      #expect(stream.occurs(.never) == false)
      #expect(stream.occurs(.always) == true)
    }
    let ratio = Ratio(3, over: 10) ?? .never
    let count = (0..<10_000).reduce(0) { sum, _ in sum + (stream.occurs(ratio) ? 1 : 0) }
    #expect((2_800...3_200).contains(count))
    #expect(ratio.description == "3/10")
  }

  @Test("Picks follow the weights; weights of nothing give the first")
  func picks() {
    var stream = Chooser.seeded(6).stream("pick")
    #expect(stream.pick(weights: []) == 0)
    #expect(stream.pick(weights: [0, 0, 0]) == 0)
    var counts = [0, 0, 0, 0]
    for _ in 0..<10_000 { counts[stream.pick(weights: [1, 0, 2, 7])] += 1 }
    #expect(counts[1] == 0)
    #expect((850...1_150).contains(counts[0]))
    #expect((1_800...2_200).contains(counts[2]))
    #expect((6_700...7_300).contains(counts[3]))
    // Weights whose sum needs more than 64 bits.
    var large = [0, 0, 0]
    for _ in 0..<3_000 { large[stream.pick(weights: [.max, .max, 1])] += 1 }
    #expect((1_350...1_650).contains(large[0]) && large[2] == 0)
  }

  @Test("A shuffle is a permutation, and every one comes up")
  func shuffles() {
    var stream = Chooser.seeded(9).stream("deck")
    var seen: [[Int]: Int] = [:]
    for _ in 0..<2_400 {
      var deck = [0, 1, 2, 3]
      stream.shuffle(&deck)
      #expect(deck.sorted() == [0, 1, 2, 3])
      seen[deck, default: 0] += 1
    }
    #expect(seen.count == 24)
    #expect(seen.values.allSatisfy { (50...160).contains($0) })
    var none: [Int] = []
    stream.shuffle(&none)
    #expect(none.isEmpty)
  }
}
