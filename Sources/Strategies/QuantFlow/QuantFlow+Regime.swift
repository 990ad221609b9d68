public import Market

extension QuantFlow {
  /// Which kind of trade the market allows.
  public enum Regime: String, Hashable, Sendable, CaseIterable {
    /// Volatility is extreme: nothing.
    case stress = "STRESS"
    /// Dealers hold the price: bands are faded.
    case pin = "PIN"
    /// Dealers push the price: breakouts are followed.
    case expansion = "EXPANSION"
    /// Nothing.
    case neutral = "NEUTRAL"
    /// Options are unknown and realised volatility is low: breakouts are followed.
    case compressed = "RV_COMPRESSED"
    /// Options are unknown and realised volatility falls from high: bands are faded.
    case cooling = "RV_COOLING"
    /// Options are unknown: nothing.
    case realisedNeutral = "RV_NEUTRAL"

    /// Whether options spoke; stress needs none to.
    var knowsOptions: Bool { self == .pin || self == .expansion || self == .neutral }
  }

  /// Everything that the regime was read from.
  public struct Reading: Hashable, Sendable {
    /// Which kind of trade is allowed.
    public let regime: Regime
    /// Implied volatility a year; nil where neither index nor chain is fresh.
    public var impliedVolatility: Double?
    /// Realised volatility a year over thirty days.
    public var realisedVolatility: Double
    /// Rank of the week's realised volatility among the values before.
    public var rank: Double
    /// What the fresh chain amounts to, for both signs of dealers' gamma.
    public var options: OptionsReading?
    /// Change of open interest as a fraction; nil where it is not known at both ends.
    public var openInterestChange: Double?

    /// Implied over realised volatility.
    public var ratio: Double? { impliedVolatility.map { $0 / realisedVolatility } }

    /// What is written beside every decision: the regime and its figures, gamma with either sign
    /// that dealers may have (USD of delta for a move of 1 %).
    var note: String {
      func text(_ value: Double?) -> String {
        value.flatMap { TenThousandths(nearest: $0) }
          .map { Fraction(steps: $0.count * 10_000).description } ?? "none"
      }
      func money(_ value: Double?) -> String {
        value.flatMap { Int64(nearest: $0) }.map { "\($0)" } ?? "none"
      }
      return "\(regime.rawValue): IV \(text(impliedVolatility)), RV30 \(text(realisedVolatility)), "
        + "rank \(text(rank)), gamma with long calls \(money(options?.exposure(.longCalls))), "
        + "with short calls \(money(options?.exposure(.shortCalls))), "
        + "open interest \(text(openInterestChange))"
    }
  }

  /// What counts as reached although a rounding of the last bits denies it
  /// (`strategies.md` section 2.2).
  static let tolerance = 1e-9

  /// What `state` says at `time`, for decisions and for the record; nil until its windows are full.
  public func reading(_ state: State, at time: Instant) -> Reading? {
    let chart = state.chart
    guard chart.through == time, let realised = chart.realisedVolatility, let rank = chart.rank,
      let isCooling = chart.isCooling
    else { return nil }
    let options = state.options.flatMap {
      Self.isFresh($0.received, at: time, within: configuration.chainAge) ? $0 : nil
    }
    let index = state.index.flatMap {
      $0.isFresh(at: time, within: configuration.indexAge) ? Fraction(steps: $0.value).double : nil
    }
    let implied = index ?? options?.impliedVolatility
    let regime = regime(
      implied: implied, realised: realised, rank: rank,
      exposure: options.flatMap {
        $0.calls + $0.puts > 0 ? $0.exposure(configuration.convention) : nil
      },
      isCooling: isCooling)
    return Reading(
      regime: regime, impliedVolatility: implied, realisedVolatility: realised, rank: rank,
      options: options, openInterestChange: chart.openInterestChange)
  }

  /// The regime, checked from the top of the table down.
  ///
  /// Without implied volatility or without gamma there are no options to go by.
  func regime(
    implied: Double?, realised: Double, rank: Double, exposure: Double?, isCooling: Bool
  ) -> Regime {
    let settings = configuration
    let slack = Self.tolerance
    let ratio = implied.map { $0 / realised }
    if rank >= settings.stressRank - slack || ratio ?? 0 >= settings.stressRatio - slack {
      return .stress
    }
    guard let ratio, let exposure else {
      if rank <= settings.compressedRank + slack { return .compressed }
      if rank >= settings.coolingRank - slack, isCooling { return .cooling }
      return .realisedNeutral
    }
    if exposure > 0, ratio >= settings.pinRatio - slack, rank <= settings.pinRank + slack {
      return .pin
    }
    if exposure < 0, ratio <= settings.expansionRatio + slack,
      rank >= settings.expansionRank - slack
    {
      return .expansion
    }
    return .neutral
  }
}
