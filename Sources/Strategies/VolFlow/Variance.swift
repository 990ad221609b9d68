import Market

/// Variances of the newest log returns, of which only the sizes matter.
extension SizeWindow {
  /// Σr² of the last `count` returns; nil where they are fewer.
  func realizedVariance(of count: Int) -> Double? {
    guard count <= self.count else { return nil }
    var sum = 0.0
    for index in (self.count - count)..<self.count { sum += self[index] * self[index] }
    return sum
  }

  /// The bipower variation of the last `count` returns, which one jump hardly raises:
  /// (π/2)·(n/(n−1))·Σ|rᵢ||rᵢ₋₁| (Barndorff-Nielsen and Shephard, 2004); nil where they are fewer.
  func bipowerVariance(of count: Int) -> Double? {
    guard count > 1, count <= self.count else { return nil }
    var sum = 0.0
    for index in (self.count - count + 1)..<self.count { sum += self[index] * self[index - 1] }
    return .pi / 2 * (Double(count) / Double(count - 1)) * sum
  }

  /// The largest part that one of the last `count` returns has in their Σr²; zero where nothing
  /// moved, nil where they are fewer.
  func largestShare(of count: Int) -> Double? {
    guard let variance = realizedVariance(of: count) else { return nil }
    guard variance > 0 else { return 0 }
    var largest = 0.0
    for index in (self.count - count)..<self.count { largest = max(largest, self[index]) }
    return largest * largest / variance
  }
}
