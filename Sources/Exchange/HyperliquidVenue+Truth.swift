public import Market
public import Risk

/// What is true at the venue, for oracles and tests; none of it costs the venue anything.
extension HyperliquidVenue {
  /// Every account: those of the configuration by address, then those that were opened since.
  public var accounts: [ExchangeAccount] { ledger }

  /// One account.
  public func account(_ address: AccountAddress) -> ExchangeAccount? {
    accountOf[address].map { ledger[$0] }
  }

  /// The positions of an account that are not flat, in the order of the listings.
  public func positions(of address: AccountAddress) -> [ExchangePosition] {
    account(address)?.positions.filter { !$0.quantity.isZero } ?? []
  }

  /// The orders of an account that can still trade, oldest first.
  public func openOrders(of address: AccountAddress) -> [ExchangeOrder] {
    account(address)?.openOrders.elements.compactMap { orders[$0] } ?? []
  }

  /// One order by the venue's id, while the venue remembers it.
  public func order(id: UInt64) -> ExchangeOrder? { orders[id] }

  /// One order by its client's id: the newest, if the id was used twice.
  public func order(of address: AccountAddress, clientID: ClientOrderID) -> ExchangeOrder? {
    guard let account = accountOf[address] else { return nil }
    return orderOfClient[ClientKey(account: account, clientID: clientID)].flatMap { orders[$0] }
  }

  /// The newest fills of an account (10,000 at most), oldest first.
  public func fills(of address: AccountAddress) -> [ExchangeFill] {
    account(address)?.fills.elements ?? []
  }

  /// The newest funding payments of an account (10,000 at most), oldest first.
  public func fundings(of address: AccountAddress) -> [ExchangeFunding] {
    account(address)?.fundings.elements ?? []
  }

  /// Cash plus positions at the mark.
  public func accountValue(of address: AccountAddress) -> Money? {
    accountOf[address].map { accountValue($0) }
  }

  /// The mark price.
  public func mark(of symbol: Symbol) -> Price? {
    assetOf[symbol].map { markets[$0].reference.mark }
  }

  /// The oracle price.
  public func oracle(of symbol: Symbol) -> Price? {
    assetOf[symbol].map { markets[$0].reference.oracle }
  }

  /// The price of the last trade.
  public func lastPrice(of symbol: Symbol) -> Price? { assetOf[symbol].map { markets[$0].last } }

  /// The book of a symbol, at most `depth` levels a side.
  public func book(of symbol: Symbol, depth: Int) -> BookSnapshot? {
    assetOf[symbol].map { asset in
      BookSnapshot(
        symbol: symbol, time: clock, bids: markets[asset].levels(.buy, count: depth),
        asks: markets[asset].levels(.sell, count: depth))
    }
  }

  /// The candle that opens at `openTime`, as far as it has come; nil where nothing traded.
  public func candle(of symbol: Symbol, _ timeframe: Timeframe, opening openTime: Instant)
    -> Candle?
  {
    candles(of: symbol, timeframe, from: openTime, through: openTime).first
  }

  /// The candles that the venue holds, the forming one last.
  public func candles(of symbol: Symbol, _ timeframe: Timeframe) -> [Candle] {
    candles(
      of: symbol, timeframe, from: Instant(nanoseconds: .min), through: Instant(nanoseconds: .max))
  }

  /// What the background, which takes the other side of fills, holds of a symbol.
  public func backgroundPosition(of symbol: Symbol) -> Quantity {
    assetOf[symbol].map { markets[$0].backgroundPosition } ?? .zero
  }

  /// What the background received for it, less what it paid.
  public func backgroundCash(of symbol: Symbol) -> Money {
    assetOf[symbol].map { markets[$0].backgroundCash } ?? .zero
  }

  /// Keeps what happens to accounts for ``takeNews()``, announced or not; a host that does so takes
  /// it after every input.
  public mutating func watchAccounts() { watched = watched ?? [] }

  /// What happened to accounts since the last time; empty unless they are watched.
  public mutating func takeNews() -> [AccountNews] {
    guard let news = watched, !news.isEmpty else { return [] }
    watched = []
    return news
  }
}
