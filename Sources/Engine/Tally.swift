import Market

/// Counts for people and oracles; nothing is decided by them.
struct Tally: Sendable {
  /// Rejected input by kind, in order of name.
  private(set) var rejections: [Snapshot.Rejection] = []
  /// Decisions of this run.
  var decisions = 0
  /// Signals of this run.
  var signals = 0

  /// The most kinds that are told apart; the rest count as `other`.
  static let kindLimit = 256

  /// Counts one rejection; returns how often the kind has been seen.
  @discardableResult
  mutating func reject(_ kind: String) -> Int {
    var low = 0
    var high = rejections.count
    while low < high {
      let middle = (low + high) / 2
      if rejections[middle].kind < kind { low = middle + 1 } else { high = middle }
    }
    if low < rejections.count, rejections[low].kind == kind {
      rejections[low].count += 1
      return rejections[low].count
    }
    guard rejections.count < Self.kindLimit || kind == "other" else { return reject("other") }
    rejections.insert(Snapshot.Rejection(kind: kind, count: 1), at: low)
    return 1
  }
}
