public import Choice
public import Market

extension DeribitPlan {
  /// How far apart the expiries are that a chain holds: this Friday's first.
  private static let expiries: [Interval] = [.zero, .days(7), .days(28), .days(49)]
  /// Strikes on each side of the money.
  private static let reach: Int64 = 6
  /// How many times more the side that ``gamma`` favours holds.
  private static let favour: Int64 = 3
  /// How far open interest strays, in parts per million.
  private static let interestNoise: Int64 = 100_000

  /// Every option around `price`: the smile is a parabola in the strike's distance.
  public func chain(
    of symbol: Symbol, at time: Instant, around price: Price, _ stream: inout ChoiceStream
  ) -> OptionChain {
    let step = Self.strikeStep(at: price)
    let money = price.rounded(to: step, .nearest) ?? price
    let volatility = volatility + stream.stray(volatilityNoise)
    var quotes: [OptionQuote] = []
    for expiry in Self.expiries.map({ Self.friday(after: time) + $0 }) {
      for place in -Self.reach...Self.reach {
        guard
          let strike = step.checkedScaled(by: place, over: 1, .nearest)?
            .checkedAdding(money), strike > .zero
        else { continue }
        let implied = impliedVolatility(volatility, at: strike, around: price)
        for isCall in [false, true] {
          let weight = isCall == (gamma == .positive) ? Self.favour : 1
          let held =
            openInterest.checkedScaled(
              by: weight * (1_000_000 + stream.stray(Self.interestNoise)),
              over: (1 + abs(place)) * 1_000_000, .nearest) ?? openInterest
          quotes.append(
            OptionQuote(
              expiry: expiry, strike: strike, isCall: isCall, impliedVolatility: implied,
              openInterest: held, underlying: price))
        }
      }
    }
    return OptionChain(symbol: symbol, venue: .deribit, time: time, quotes: quotes)
  }

  private func impliedVolatility(
    _ volatility: Int64, at strike: Price, around price: Price
  ) -> Fraction {
    // The distance in tenths of the price, squared.
    let distance = (strike.double - price.double) / price.double * 10
    let more = Double(smile) / 1e6 * distance * distance
    return Fraction(nearest: Double(max(volatility, 1)) / 1e6 * (1 + more)) ?? Fraction(whole: 1)
  }

  /// About a twentieth of the price: 1, 2 or 5 times a power of ten.
  private static func strikeStep(at price: Price) -> Price {
    var step: Int64 = 1
    let most = max(price.steps / 20, 1)
    while step <= most / 10 { step *= 10 }
    return Price(steps: most >= step * 5 ? step * 5 : most >= step * 2 ? step * 2 : step)
  }

  /// The first Friday 08:00 UTC, when options expire, that is more than a day away.
  private static func friday(after time: Instant) -> Instant {
    let expiry = Timeframe.w1.open(containing: time) + .days(4) + .hours(8)
    return expiry > time + .days(1) ? expiry : expiry + .days(7)
  }
}
