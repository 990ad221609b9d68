/// Unique elements in order, in short runs, so that every change costs about the same at any size.
struct OrderedSet<Element: Comparable & Sendable>: Sendable {
  private var runs: [[Element]] = []
  private(set) var count = 0

  /// Runs longer than this are split in two.
  private static var longestRun: Int { 128 }

  var isEmpty: Bool { count == 0 }
  var first: Element? { runs.first?.first }
  var last: Element? { runs.last?.last }

  /// All elements, ascending.
  var elements: [Element] { Array(runs.joined()) }

  /// Adds an element; false where it was there.
  @discardableResult
  mutating func insert(_ element: Element) -> Bool {
    guard !runs.isEmpty else {
      runs.append([element])
      count = 1
      return true
    }
    let run = min(run(of: element), runs.count - 1)
    let place = Self.place(of: element, in: runs[run])
    if place < runs[run].count, runs[run][place] == element { return false }
    runs[run].insert(element, at: place)
    count += 1
    if runs[run].count > Self.longestRun {
      let half = runs[run].count / 2
      let upper = Array(runs[run][half...])
      runs[run].removeSubrange(half...)
      runs.insert(upper, at: run + 1)
    }
    return true
  }

  /// Takes an element out; false where it was not there.
  @discardableResult
  mutating func remove(_ element: Element) -> Bool {
    let run = run(of: element)
    guard run < runs.count else { return false }
    let place = Self.place(of: element, in: runs[run])
    guard place < runs[run].count, runs[run][place] == element else { return false }
    runs[run].remove(at: place)
    if runs[run].isEmpty { runs.remove(at: run) }
    count -= 1
    return true
  }

  /// Calls `body` from the first element on, until it answers false.
  func forEachAscending(_ body: (Element) -> Bool) {
    for run in runs {
      for element in run where !body(element) { return }
    }
  }

  /// Calls `body` from the last element back, until it answers false.
  func forEachDescending(_ body: (Element) -> Bool) {
    for run in runs.reversed() {
      for element in run.reversed() where !body(element) { return }
    }
  }

  // The first run whose last element is not below `element`.
  private func run(of element: Element) -> Int {
    var low = 0
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if let last = runs[middle].last, last < element { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func place(of element: Element, in run: [Element]) -> Int {
    var low = 0
    var high = run.count
    while low < high {
      let middle = (low + high) / 2
      if run[middle] < element { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
