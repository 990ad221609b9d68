import ArgumentParser

/// `A..B`: seeds from A to B, both of them too.
struct SeedRange: ExpressibleByArgument {
  let seeds: ClosedRange<UInt64>

  init?(argument: String) {
    let ends = argument.split(separator: "..", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = UInt64(ends[0]), let last = UInt64(ends[1]), first <= last,
      last - first < 1_000_000_000
    else { return nil }
    seeds = first...last
  }

  var defaultValueDescription: String { "\(seeds.lowerBound)..\(seeds.upperBound)" }
}

/// `I/N`: the I-th of N equal parts of a campaign.
struct Shard: ExpressibleByArgument {
  let index: Int
  let count: Int

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
      (1...100_000).contains(count), (1...count).contains(index)
    else { return nil }
    self.index = index
    self.count = count
  }

  /// Whether the item at `position` (from 0) belongs to this part.
  func contains(_ position: Int) -> Bool { position % count == index - 1 }

  var defaultValueDescription: String { "\(index)/\(count)" }
}
