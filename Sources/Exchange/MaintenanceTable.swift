import Market

/// How much margin a position must keep, by its value ("Margin tiers", read 2026-08).
struct MaintenanceTable: Sendable {
  private struct Tier {
    let lowerBound: Money
    let maximumLeverage: Int64
    let deduction: Money
  }

  private let tiers: [Tier]

  init(_ listing: PerpetualListing) {
    var tiers: [Tier] = []
    let given = listing.marginTiers.sorted { $0.lowerBound < $1.lowerBound }
    let single = MarginTier(
      lowerBound: .zero, maximumLeverage: listing.instrument.maximumLeverage)
    for tier in given.isEmpty ? [single] : given {
      let leverage = max(1, tier.maximumLeverage)
      var deduction = Money.zero
      if let before = tiers.last {
        let rise =
          Self.margin(tier.lowerBound, leverage)
          - Self.margin(tier.lowerBound, before.maximumLeverage)
        deduction = before.deduction + rise
      }
      tiers.append(
        Tier(lowerBound: tier.lowerBound, maximumLeverage: leverage, deduction: deduction))
    }
    self.tiers = tiers
  }

  // value / (2 × leverage), rounded up: against the account.
  private static func margin(_ value: Money, _ leverage: Int64) -> Money {
    value.checkedScaled(by: 1, over: 2 * leverage, .up) ?? value
  }

  private func tier(_ value: Money) -> Tier? {
    tiers.last { $0.lowerBound <= value } ?? tiers.first
  }

  /// The maintenance margin of a position worth `value`, not negative.
  func maintenance(of value: Money) -> Money {
    guard let tier = tier(value) else { return .zero }
    return Self.margin(value, tier.maximumLeverage) - tier.deduction
  }

  /// The largest leverage for a position worth `value`.
  func maximumLeverage(of value: Money) -> Int64 { tier(value)?.maximumLeverage ?? 1 }
}
