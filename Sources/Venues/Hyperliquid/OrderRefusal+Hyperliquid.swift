extension OrderRefusal {
  /// What a text of the venue means, by its beginning or a part of it; ` asset=N` may follow.
  public init(hyperliquidText text: String) {
    self = Self.texts.first { text.contains($0.part) }?.refusal ?? .other
  }

  /// What a recorded status such as `tickRejected` means.
  init(status: String) {
    self = Self.statuses.first { $0.status == status }?.refusal ?? .other
  }

  // The first match counts, so the longer of two similar texts comes first.
  private static let texts: [(part: String, refusal: OrderRefusal)] = [
    ("Price must be divisible by tick size", .tick),
    ("Order has invalid price", .tick),
    ("Order must have minimum value of", .minimumValue),
    ("Order has zero size", .minimumValue),
    ("Order has invalid size", .tick),
    ("Insufficient margin to place order", .margin),
    ("nsufficient spot balance", .margin),
    ("Order would cause position to exceed margin tier limit", .margin),
    ("Reduce only order would increase position", .reduceOnly),
    ("Post only order would have immediately matched", .wouldMatch),
    ("Order could not immediately match", .noLiquidity),
    ("No liquidity available for market order", .noLiquidity),
    ("Invalid TP/SL price", .badTrigger),
    ("Unexpected number of trigger orders", .badTrigger),
    ("Main order cannot be trigger order", .badTrigger),
    ("price too far from oracle", .priceBand),
    ("Price too far from oracle", .priceBand),
    ("away from the reference price", .priceBand),
    ("price more aggressive than oracle", .priceBand),
    ("Too many open orders", .tooManyOrders),
    ("Too many cumulative requests", .rateLimited),
    ("does not exist", .unauthorised),
    ("Must deposit before performing actions", .unauthorised),
    ("Unable to recover signer", .unauthorised),
    ("nvalid nonce", .unauthorised),
    ("Nonce mismatch", .unauthorised),
    ("Action already expired", .unauthorised),
    ("Vault not registered", .unauthorised),
    ("require different signature", .unauthorised),
  ]

  private static let statuses: [(status: String, refusal: OrderRefusal)] = [
    ("tickRejected", .tick),
    ("minTradeNtlRejected", .minimumValue),
    ("perpMarginRejected", .margin),
    ("insufficientSpotBalanceRejected", .margin),
    ("perpMaxPositionRejected", .margin),
    ("reduceOnlyRejected", .reduceOnly),
    ("badAloPxRejected", .wouldMatch),
    ("iocCancelRejected", .noLiquidity),
    ("marketOrderNoLiquidityRejected", .noLiquidity),
    ("badTriggerPxRejected", .badTrigger),
    ("oracleRejected", .priceBand),
    ("tooAggressiveAtOpenInterestCapRejected", .priceBand),
    ("tooManyOpenOrdersRejected", .tooManyOrders),
  ]
}
