public import Market

extension ExchangeAccount {
  /// Moves a position and the cash for it; returns the profit of what was closed, before fees.
  mutating func trade(_ signed: Quantity, at price: Price, in asset: Int) -> Money {
    let notional = price.notional(of: signed, .nearest) ?? .zero
    cash -= notional
    signedNotional += notional
    let before = positions[asset].quantity
    let profit = positions[asset].trade(signed, notional, at: price)
    if positions[asset].isIsolated {
      positions[asset].setMarginAside(from: before, notional, at: price)
    }
    return profit
  }

  /// Pays a fee and counts volume.
  mutating func pay(fee: Money, volume traded: Money, isTaker: Bool, at now: Instant) {
    cash -= fee
    fees += fee
    volume = volume.checkedAdding(traded) ?? volume
    tradedDays.add(traded, isTaker: isTaker, at: now)
  }

  /// Takes funding in; negative is paid.
  mutating func receive(_ payment: Money, in asset: Int) {
    cash += payment
    funding += payment
    if positions[asset].isIsolated { positions[asset].isolatedCash += payment }
    positions[asset].fundingAllTime -= payment
    positions[asset].fundingSinceOpen -= payment
    positions[asset].fundingSinceChange -= payment
  }

  /// Moves money in from outside, or out where it is negative.
  @discardableResult
  mutating func transfer(
    _ amount: Money, at time: Instant, _ kind: ExchangeTransfer.Kind = .external
  ) -> ExchangeTransfer {
    let transfer = ExchangeTransfer(time: time, amount: amount, kind: kind)
    cash += amount
    transferred += amount
    transfers.append(transfer)
    return transfer
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

  /// Moves the margin of an isolated position with a trade that has just changed it: what opens
  /// brings its initial margin, what closes takes its share of the equity along.
  mutating func setMarginAside(from before: Quantity, _ notional: Money, at price: Price) {
    func margin(_ value: Money) -> Money {
      value.magnitude.checkedScaled(by: 1, over: leverage, .up) ?? value.magnitude
    }
    let worth = price.notional(of: quantity, .nearest) ?? .zero
    if quantity.isZero {
      isolatedCash = .zero
    } else if before.steps.signum() * quantity.steps.signum() <= 0 {
      isolatedCash = margin(worth) - worth
    } else if quantity.magnitude > before.magnitude {
      isolatedCash += margin(notional) - notional
    } else {
      let equity = isolatedCash + (price.notional(of: before, .nearest) ?? .zero)
      let kept =
        equity.checkedScaled(
          by: quantity.magnitude.steps, over: before.magnitude.steps, .nearest) ?? equity
      isolatedCash = kept - worth
    }
  }

  /// The average entry, rounded to a step; zero where nothing is held.
  public var entryPrice: Price {
    guard !quantity.isZero else { return .zero }
    let scaled = Int128(basis.magnitude.steps) * Int128(Quantity.stepsPerWhole)
    let price = Rounding.nearest.divide(scaled, by: Int128(quantity.magnitude.steps))
    return Price(steps: Int64(clamping: price))
  }
}
