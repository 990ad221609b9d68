import Market

/// What a client knows of one stream of aggregate trades, whose ids rise by one.
struct TradeTape: Sendable {
  /// What the id of a trade says.
  enum Verdict: Hashable {
    /// The next one, or the first.
    case new
    /// Known, or older than the first.
    case repeated
    /// The first one after a hole that begins at `from`.
    case ahead(from: UInt64, count: UInt64)
  }

  let symbol: Symbol
  private var newest: UInt64?
  /// Holes that history is being asked for, oldest first.
  private(set) var holes: [Range<UInt64>] = []

  init(_ symbol: Symbol) { self.symbol = symbol }

  /// The most holes that are kept; the oldest is given up beyond.
  static var longestHoles: Int { 16 }

  /// Takes a trade of the stream.
  mutating func take(_ id: UInt64) -> Verdict {
    guard let last = newest else {
      newest = id
      return .new
    }
    guard id > last else { return .repeated }
    newest = id
    guard id - last > 1 else { return .new }
    holes.append(last + 1..<id)
    if holes.count > Self.longestHoles { holes.removeFirst() }
    return .ahead(from: last + 1, count: id - last - 1)
  }

  /// Takes a trade of history; whether it was missing.
  mutating func fill(_ id: UInt64) -> Bool {
    // History is ascending: what lies before the trade in its hole is not there.
    guard let place = holes.firstIndex(where: { $0.contains(id) }) else { return false }
    let rest = id + 1..<holes[place].upperBound
    if rest.isEmpty { holes.remove(at: place) } else { holes[place] = rest }
    return true
  }

  /// What is still missing of a hole that was asked for from `id` on.
  func rest(from id: UInt64) -> Range<UInt64>? { holes.first { $0.lowerBound >= id } }

  /// Gives up the hole that holds `id`.
  mutating func giveUp(_ id: UInt64) { holes.removeAll { $0.contains(id) } }
}
