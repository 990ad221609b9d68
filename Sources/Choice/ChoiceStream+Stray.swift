extension ChoiceStream {
  /// A number from `-limit` to `limit`, each equally likely; zero drawn is zero.
  public mutating func stray(_ limit: Int64) -> Int64 {
    let limit = min(max(limit, 0), Int64.max / 2)
    let drawn = Int64(draw(below: UInt64(limit) * 2 + 1))
    return drawn % 2 == 0 ? -(drawn / 2) : drawn / 2 + 1
  }
}
