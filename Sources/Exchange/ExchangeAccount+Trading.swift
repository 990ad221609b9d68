public import Market

extension ExchangeAccount {
  /// Moves a position and the cash for it; returns the profit of what was closed, before fees.
  mutating func trade(_ signed: Quantity, at price: Price, in asset: Int) -> Money {
    let notional = price.notional(of: signed, .nearest) ?? .zero
    cash -= notional
    signedNotional += notional
    return positions[asset].trade(signed, notional, at: price)
  }

  /// Pays a fee and counts volume.
  mutating func pay(fee: Money, volume traded: Money) {
    cash -= fee
    fees += fee
    volume = volume.checkedAdding(traded) ?? volume
  }

  /// Takes funding in; negative is paid.
  mutating func receive(_ payment: Money, in asset: Int) {
    cash += payment
    funding += payment
    positions[asset].fundingAllTime -= payment
    positions[asset].fundingSinceOpen -= payment
    positions[asset].fundingSinceChange -= payment
  }

  /// Moves money in from outside, or out where it is negative.
  mutating func transfer(_ amount: Money, at time: Instant) {
    cash += amount
    transferred += amount
    transfers.append(ExchangeTransfer(time: time, amount: amount))
  }
}

extension ExchangePosition {
  /// Adds to the position or closes part of it; the basis is released in proportion.
  mutating func trade(_ signed: Quantity, _ notional: Money, at price: Price) -> Money {
    fundingSinceChange = .zero
    guard quantity.steps.signum() * signed.steps.signum() < 0 else {
      if quantity.isZero { fundingSinceOpen = .zero }
      quantity += signed
      basis += notional
      return .zero
    }
    let closing = min(signed.magnitude, quantity.magnitude)
    let sign = signed.steps.signum()
    let closed = Quantity(steps: closing.steps * sign)
    let released =
      closing == quantity.magnitude
      ? basis
      : basis.checkedScaled(by: closing.steps, over: quantity.magnitude.steps, .nearest) ?? basis
    let proceeds = price.notional(of: closed, .nearest) ?? .zero
    basis -= released
    quantity += closed
    let rest = signed - closed
    if !rest.isZero {
      quantity = rest
      basis = notional - proceeds
      fundingSinceOpen = .zero
    }
    return -(released + proceeds)
  }

  /// The average entry, rounded to a step; zero where nothing is held.
  public var entryPrice: Price {
    guard !quantity.isZero else { return .zero }
    let scaled = Int128(basis.magnitude.steps) * Int128(Quantity.stepsPerWhole)
    let price = Rounding.nearest.divide(scaled, by: Int128(quantity.magnitude.steps))
    return Price(steps: Int64(clamping: price))
  }
}
