import Market
import Risk

extension FootprintFlow {
  /// Aggression at an extreme that did not move the price, waiting for the next candle.
  struct Absorption: Hashable, Sendable {
    /// The side that absorbed.
    let side: Side
    /// The extreme of the candle against the side.
    let extreme: Price
    let close: Price
    /// The rank of what it would trade.
    let confidence: Double
  }

  /// What one candle is by itself.
  enum Screening: Hashable, Sendable {
    /// An absorption, if the next candle confirms it.
    case absorption(Absorption)
    /// The first reason why it is none.
    case refused(NoTradeReason)

    var absorption: Absorption? {
      guard case .absorption(let absorption) = self else { return nil }
      return absorption
    }
  }

  /// Looks for aggression that `candle` absorbed.
  func screen(_ candle: Candle, _ reading: Reading) -> Screening {
    let ratio = candle.takerSplit?.deltaRatio ?? .zero
    // Takers pushed one way, so that only the other side can have absorbed them.
    let side: Side = ratio < .zero ? .buy : .sell
    let facing = FacingCandle(candle, facing: side)
    guard facing.low <= reading.low(side),
      -ratio.steps * side.sign >= configuration.absorbedRatio.steps
    else { return .refused(.noSetup) }
    let volume = Int128(candle.volume.steps)
    guard reading.volume.isReached(by: volume, times: configuration.absorbedVolume) else {
      return .refused(.volumeNotElevated)
    }
    guard facing.closeLocation >= configuration.absorbedCloseLocation else {
      return .refused(.noAbsorption)
    }
    let confidence =
      0.40 + 0.20 * clamp((ratio.magnitude.double - 0.25) / 0.25)
      + 0.20 * clamp((reading.volume.ratio(of: volume) - 1.8) / 1.8)
      + 0.20 * facing.closeLocation
    return .absorption(
      Absorption(
        side: side, extreme: side == .buy ? candle.low : candle.high, close: candle.close,
        confidence: confidence))
  }

  /// What the setup came to at `trigger`, which follows the candle of `awaiting`.
  func absorption(
    _ trigger: Candle, _ reading: Reading, awaiting: Absorption?
  ) -> Finding {
    if let awaiting, confirms(trigger, awaiting) {
      let side = awaiting.side
      let low = side == .buy ? trigger.low : trigger.high
      return .trade(
        Trade(
          side: side, extreme: side.opposite.farther(awaiting.extreme, low),
          confidence: awaiting.confidence))
    }
    switch screen(trigger, reading) {
    case .absorption: return .refused(.awaitConfirm)
    case .refused(let reason): return .refused(awaiting == nil ? reason : .notConfirmed)
    }
  }

  private func confirms(_ trigger: Candle, _ absorption: Absorption) -> Bool {
    let side = absorption.side
    let ratio = trigger.takerSplit?.deltaRatio ?? .zero
    return side.along(trigger.close) > side.along(absorption.close) && ratio.steps * side.sign > 0
  }
}
