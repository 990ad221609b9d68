import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// What is due when, in order of time and, at equal time, of asking.
///
/// A binary heap of small keys over slots that are used again: O(log n), and no allocation for an
/// event once it has grown to the size of the run.
struct Schedule<Event> {
  private struct Key {
    var time: Instant
    var sequence: UInt64
    var slot: Int32

    static func precedes(_ first: Key, _ second: Key) -> Bool {
      first.time != second.time ? first.time < second.time : first.sequence < second.sequence
    }
  }

  private var heap: [Key] = []
  private var slots: [Event?] = []
  private var free: [Int32] = []
  private var sequence: UInt64 = 0

  init() {}

  /// How many events are due.
  var count: Int { heap.count }
  /// How many slots it has grown to.
  var slotCount: Int { slots.count }
  /// When the next one is due.
  var nextTime: Instant? { heap.first?.time }

  /// Adds an event.
  mutating func add(_ event: Event, at time: Instant) {
    let slot: Int32
    if let reused = free.popLast() {
      slot = reused
      slots[Int(slot)] = event
    } else {
      slot = Int32(slots.count)
      slots.append(event)
    }
    sequence += 1
    heap.append(Key(time: time, sequence: sequence, slot: slot))
    rise(from: heap.count - 1)
  }

  /// Takes the next event, unless it is due after `end`.
  mutating func next(until end: Instant) -> (time: Instant, event: Event)? {
    guard let first = heap.first, first.time <= end else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink(from: 0)
    }
    defer {
      slots[Int(first.slot)] = nil
      free.append(first.slot)
    }
    guard let event = slots[Int(first.slot)] else { return nil }
    return (first.time, event)
  }

  private mutating func rise(from start: Int) {
    var index = start
    let key = heap[index]
    while index > 0 {
      let parent = (index - 1) / 2
      guard Key.precedes(key, heap[parent]) else { break }
      heap[index] = heap[parent]
      index = parent
    }
    heap[index] = key
  }

  private mutating func sink(from start: Int) {
    var index = start
    let key = heap[index]
    while true {
      var child = 2 * index + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, Key.precedes(heap[child + 1], heap[child]) { child += 1 }
      guard Key.precedes(heap[child], key) else { break }
      heap[index] = heap[child]
      index = child
    }
    heap[index] = key
  }
}

extension Schedule: Sendable where Event: Sendable {}
