import Choice
import Testing

@Suite("Odometer")
struct OdometerTests {
  @Test(
    "Every sequence of fixed bounds comes once, in order",
    arguments: [
      ([], 1), ([1], 1), ([3], 3), ([2, 3], 6), ([3, 1, 2], 6), ([2, 2, 2, 2, 2], 32),
      ([0, 2], 2),
    ] as [([UInt64], Int)])
  func fixed(bounds: [UInt64], count: Int) {
    var odometer = Odometer()
    var sequences: [[UInt64]] = []
    while odometer.next() {
      sequences.append(bounds.map { odometer.draw(below: $0) })
      #expect(odometer.drawn == sequences.last)
    }
    #expect(sequences.count == count)
    #expect(odometer.passes == UInt64(count))
    #expect(Set(sequences).count == count)
    for (earlier, later) in zip(sequences, sequences.dropFirst()) {
      #expect(earlier.lexicographicallyPrecedes(later))
    }
    #expect(!odometer.hasDiverged)
    #expect(odometer.next() == false)
  }

  @Test("A tree whose later choices depend on earlier ones is walked leaf by leaf")
  func tree() {
    // Words over {0, 1} that end at the first 1 or at length four: five leaves.
    var odometer = Odometer()
    var leaves: [[UInt64]] = []
    while odometer.next() {
      var word: [UInt64] = []
      while word.count < 4, word.last != 1 { word.append(odometer.draw(below: 2)) }
      leaves.append(word)
    }
    #expect(leaves == [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1], [0, 1], [1]])
  }

  @Test("Richer choices are enumerated through the same draw")
  func richer() {
    var odometer = Odometer()
    var decks: Set<[Int]> = []
    var passes = 0
    while odometer.next() {
      var deck = [1, 2, 3, 4]
      odometer.shuffle(&deck)
      decks.insert(deck)
      passes += 1
    }
    #expect(decks.count == 24 && passes == 24)
    var ranged = Odometer()
    var values: [Int64] = []
    while ranged.next() {
      if ranged.occurs(Ratio(1, over: 2) ?? .never) { values.append(ranged.draw(in: -1...1)) }
    }
    #expect(values == [-1, 0, 1])
  }

  @Test("A body that does not follow from its choices is found out")
  func divergence() {
    var odometer = Odometer()
    var pass: UInt64 = 0
    while odometer.next(), pass < 10 {
      pass += 1
      _ = odometer.draw(below: 2 + pass % 2)
      _ = odometer.draw(below: 2)
    }
    #expect(odometer.hasDiverged)
  }

  @Test("A body that stops short of what it drew before is found out, and still ends")
  func stoppingShort() {
    var odometer = Odometer()
    var pass = 0
    while odometer.next(), pass < 10 {
      pass += 1
      _ = odometer.draw(below: 2)
      if pass != 2 { _ = odometer.draw(below: 2) }
    }
    #expect(odometer.hasDiverged)
    #expect(pass == 4)
  }
}
