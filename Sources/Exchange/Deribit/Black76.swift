import Market

/// The model behind the venue's option numbers: Black's of 1976 on the forward, without interest.
struct Black76: Hashable, Sendable {
  /// The value in quote currency of an option on one coin.
  let value: Double
  let delta: Double
  /// Per unit of quote currency, for one coin.
  let gamma: Double
  /// Per point of volatility, a hundredth.
  let vega: Double
  /// Per day, or for the whole life where that is shorter.
  let theta: Double
  /// Per hundredth of interest.
  let rho: Double

  /// Values an option; `years` and `volatility` are positive.
  init(forward: Double, strike: Double, volatility: Double, years: Double, isCall: Bool) {
    let root = years.squareRoot()
    let deviation = max(volatility * root, 1e-12)
    let d1 = ln(forward / strike) / deviation + deviation / 2
    let d2 = d1 - deviation
    let sign = isCall ? 1.0 : -1.0
    let density = exp(-d1 * d1 / 2) / 2.506_628_274_631_000_5
    value = max(
      0,
      sign * (forward * Self.normal(sign * d1) - strike * Self.normal(sign * d2)))
    delta = sign * Self.normal(sign * d1)
    gamma = density / (forward * deviation)
    vega = forward * density * root / 100
    let days = years * 365
    theta = -forward * density * volatility / (2 * max(root, 1e-12)) / 365 * min(1, days)
    rho = sign * strike * years * Self.normal(sign * d2) / 100
  }

  /// The normal distribution up to `value`, to about fifteen digits (Hart 1968, as West, "Better
  /// approximations to cumulative normal functions", 2005, gives it).
  static func normal(_ value: Double) -> Double {
    let distance = abs(value)
    guard distance <= 37 else { return value > 0 ? 1 : 0 }
    let bell = exp(-distance * distance / 2)
    let tail: Double
    if distance < 7.071_067_811_865_47 {
      let above = polynomial(
        distance,
        [
          3.526_249_659_989_11e-2, 0.700_383_064_443_688, 6.373_962_203_531_65,
          33.912_866_078_383, 112.079_291_497_871, 221.213_596_169_931, 220.206_867_912_376,
        ])
      let below = polynomial(
        distance,
        [
          8.838_834_764_831_84e-2, 1.755_667_163_182_64, 16.064_177_579_207, 86.780_732_202_946_1,
          296.564_248_779_674, 637.333_633_378_831, 793.826_512_519_948, 440.413_735_824_752,
        ])
      tail = bell * above / below
    } else {
      let fraction =
        distance + 1 / (distance + 2 / (distance + 3 / (distance + 4 / (distance + 0.65))))
      tail = bell / fraction / 2.506_628_274_631
    }
    return value > 0 ? 1 - tail : tail
  }

  private static func polynomial(_ value: Double, _ coefficients: [Double]) -> Double {
    coefficients.reduce(0) { $0 * value + $1 }
  }
}
