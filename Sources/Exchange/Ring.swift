/// The newest elements up to a capacity, oldest first.
struct Ring<Element: Sendable>: Sendable {
  private var storage: [Element] = []
  private var first = 0
  private let capacity: Int

  init(capacity: Int) { self.capacity = max(1, capacity) }

  var count: Int { storage.count }

  /// The element appended last.
  var last: Element? { isEmpty ? nil : self[count - 1] }

  var isEmpty: Bool { storage.isEmpty }

  /// Adds an element; returns the oldest where it had to go.
  @discardableResult
  mutating func append(_ element: Element) -> Element? {
    guard storage.count == capacity else {
      storage.append(element)
      return nil
    }
    let dropped = storage[first]
    storage[first] = element
    first = (first + 1) % capacity
    return dropped
  }

  /// The element `index` places after the oldest.
  subscript(index: Int) -> Element {
    get { storage[(first + index) % storage.count] }
    set { storage[(first + index) % storage.count] = newValue }
  }

  /// All elements, oldest first.
  var elements: [Element] { (0..<count).map { self[$0] } }

  /// The index of the first element for which `isAfter` holds, where it holds from there on.
  func partition(where isAfter: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
