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

  /// The largest value that a position may have at a leverage; nil where no tier bounds it.
  func largestValue(atLeverage leverage: Int64) -> Money? {
    tiers.first { $0.maximumLeverage < leverage }?.lowerBound
  }

  /// The mark at which a position's equity falls to what it must keep; nil where no positive price
  /// does it.
  ///
  /// `available` is the equity at the mark `mark`, less what other positions must keep. The tier is
  /// the one that is valid at the price found, so each is tried at its own price.
  func liquidationPrice(of quantity: Quantity, at mark: Price, available: Money) -> Price? {
    let size = quantity.magnitude.double
    let side = Double(quantity.steps.signum())
    guard size > 0 else { return nil }
    for (index, tier) in tiers.enumerated() {
      // At p the equity is available + side × size × (p − mark), and size × p × rate − deduction
      // must be kept.
      let rate = 1 / Double(2 * tier.maximumLeverage)
      let kept = available.double + tier.deduction.double - side * size * mark.double
      let price = -kept / (size * (side - rate))
      let value = size * price
      let isLast = index + 1 == tiers.count
      guard index == 0 || value >= tier.lowerBound.double,
        isLast || value < tiers[index + 1].lowerBound.double
      else { continue }
      return Price(nearest: price).flatMap { $0 > .zero ? $0 : nil }
    }
    return nil
  }
}
