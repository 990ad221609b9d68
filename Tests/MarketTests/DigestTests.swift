import Market
import Testing

@Suite("Digest")
struct DigestTests {
  private func digest(_ words: [UInt64], seed: UInt64 = 0) -> UInt64 {
    var digest = Digest(seed: seed)
    for word in words { digest.add(word) }
    return digest.value
  }

  @Test("Golden values: a change of these breaks every stored trace")
  func golden() {
    #expect(Digest().description == "9e3779b97f4a7c15")
    #expect(digest([0]) == 0x04ee_2657_31f3_f9bc)
    #expect(digest([1, 2, 3]) == 0xec37_dd96_8cca_630b)
    var text = Digest(seed: 42)
    text.add("persist, then act")
    #expect(text.value == 0x6fed_d3ba_a0ec_b70b)
    var mixed = Digest()
    mixed.add(true)
    mixed.add(Int64(-1))
    mixed.add("98200.5" as Price)
    mixed.add("BTC" as Symbol)
    #expect(mixed.value == 0xc65f_067f_ad15_c00e)
  }

  @Test("Sixteen digits are printed, leading zeros too")
  func prints() {
    #expect(Digest(rawValue: 0xab).description == "00000000000000ab")
    #expect(Digest(rawValue: .max).description == "ffffffffffffffff")
  }

  @Test("Any one bit of any word changes it")
  func sensitivity() {
    var words = Words(seed: 1)
    for length in 1...6 {
      for _ in 0..<20 {
        let sequence = (0..<length).map { _ in words.next() >> words.below(64) }
        let original = digest(sequence)
        for index in 0..<length {
          for bit in 0..<64 {
            var changed = sequence
            changed[index] ^= 1 << UInt64(bit)
            #expect(digest(changed) != original)
          }
        }
      }
    }
  }

  @Test("Half of the bits change, about, when one does")
  func avalanche() {
    var words = Words(seed: 2)
    var flips = 0
    var trials = 0
    for _ in 0..<200 {
      let sequence = [words.next(), words.next()]
      let original = digest(sequence + [0])
      for bit in 0..<64 {
        let changed = [sequence[0] ^ 1 << UInt64(bit), sequence[1]]
        flips += (digest(changed + [0]) ^ original).nonzeroBitCount
        trials += 64
      }
    }
    #expect((450...550).contains(flips * 1_000 / trials))
  }

  @Test("Order, length and seed matter")
  func order() {
    #expect(digest([1, 2]) != digest([2, 1]))
    #expect(digest([0]) != digest([0, 0]))
    #expect(digest([]) != digest([0]))
    #expect(digest([7], seed: 1) != digest([7], seed: 2))
    var left = Digest()
    left.add("ab")
    left.add("c")
    var right = Digest()
    right.add("a")
    right.add("bc")
    #expect(left != right)
  }

  @Test("Small values in short sequences do not collide")
  func collisions() {
    var seen: Set<UInt64> = []
    var count = 0
    for first in 0..<64 as Range<UInt64> {
      for second in 0..<64 as Range<UInt64> {
        for third in 0..<16 as Range<UInt64> {
          seen.insert(digest([first, second, third]))
          count += 1
        }
      }
    }
    #expect(seen.count == count)
  }

  @Test("Bytes fold the same whatever collection holds them")
  func bytes() {
    let bytes = Array("a text of more than eight bytes".utf8)
    var fromArray = Digest()
    fromArray.add(bytes: bytes)
    var fromSlice = Digest()
    fromSlice.add(bytes: ([0] + bytes)[1...])
    #expect(fromArray == fromSlice)
    var padded = Digest()
    padded.add(bytes: bytes + [0])
    #expect(padded != fromArray)
  }
}
