public import Market
public import Risk

/// What is true at the venue, for oracles and tests; none of it costs the venue anything.
extension HyperliquidVenue {
  /// Every account, by address.
  public var accounts: [ExchangeAccount] { [] }
  /// One account.
  public func account(_ address: AccountAddress) -> ExchangeAccount? { nil }
  /// The positions of an account that are not flat, in the order of the listings.
  public func positions(of address: AccountAddress) -> [ExchangePosition] { [] }
  /// The orders of an account that can still trade, oldest first.
  public func openOrders(of address: AccountAddress) -> [ExchangeOrder] { [] }
  /// One order by the venue's id, while the venue remembers it.
  public func order(id: UInt64) -> ExchangeOrder? { nil }
  /// One order by its client's id: the newest, if the id was used twice.
  public func order(of address: AccountAddress, clientID: ClientOrderID) -> ExchangeOrder? { nil }
  /// The newest fills of an account (10,000 at most), oldest first.
  public func fills(of address: AccountAddress) -> [ExchangeFill] { [] }
  /// The newest funding payments of an account (10,000 at most), oldest first.
  public func fundings(of address: AccountAddress) -> [ExchangeFunding] { [] }
  /// Cash plus positions at the mark.
  public func accountValue(of address: AccountAddress) -> Money? { nil }
  /// The mark price.
  public func mark(of symbol: Symbol) -> Price? { nil }
  /// The oracle price.
  public func oracle(of symbol: Symbol) -> Price? { nil }
  /// The price of the last trade.
  public func lastPrice(of symbol: Symbol) -> Price? { nil }
  /// The candles that the venue holds, the forming one last.
  public func candles(of symbol: Symbol, _ timeframe: Timeframe) -> [Candle] { [] }
  /// What the background, which takes the other side of fills, holds of a symbol.
  public func backgroundPosition(of symbol: Symbol) -> Quantity { .zero }
}
