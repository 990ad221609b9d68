import Choice
import Testing

@testable import Exchange

@Suite("Ordered sets and rings")
struct StructureTests {
  @Test("an ordered set is what a sorted array of unique numbers is", arguments: 1...20)
  func orderedSet(seed: Int) {
    var choices = Chooser.seeded(UInt64(seed)).stream("set")
    var set = OrderedSet<UInt64>()
    var model: [UInt64] = []
    for _ in 0..<2_000 {
      let value = choices.draw(below: 700)
      if choices.draw(below: 3) > 0 {
        let isNew = !model.contains(value)
        #expect(set.insert(value) == isNew)
        if isNew { model.append(value) }
      } else {
        let place = model.firstIndex(of: value)
        #expect(set.remove(value) == (place != nil))
        if let place { model.remove(at: place) }
      }
    }
    model.sort()
    #expect(set.elements == model)
    #expect(set.count == model.count)
    #expect(set.first == model.first)
    var backwards: [UInt64] = []
    set.forEachDescending {
      backwards.append($0)
      return true
    }
    #expect(backwards == model.reversed())
  }

  @Test("a ring keeps the newest, in order", arguments: [1, 2, 7, 100])
  func ring(capacity: Int) {
    var ring = Ring<Int>(capacity: capacity)
    for value in 0..<50 {
      let dropped = ring.append(value)
      #expect(dropped == (value >= capacity ? value - capacity : nil))
    }
    #expect(ring.elements == Array((0..<50).suffix(capacity)))
    #expect(ring.last == 49)
    #expect(ring.partition { $0 >= 48 } == max(0, ring.count - 2))
  }
}
