public import Market

/// Something that goes wrong at the venue; a switch stays until it is thrown back.
public enum VenueFault: Hashable, Sendable {
  /// The chain stops: prices, matching and frames stand still, info answers the old state, actions
  /// wait without a reply and run in order when it resumes (late ones answer `Action already
  /// expired`).
  case halted(Bool)
  /// Orders answer `Trading is in cancel-only mode.` (our text); cancels work.
  case cancelOnly(Bool)
  /// Orders that are not ALO answer `Only post-only orders allowed immediately after network
  /// upgrade`.
  case postOnly(Bool)
  /// The next `count` orders are refused with `text` in their status.
  case rejectNext(count: Int, text: String)
  /// Every HTTP call answers 429 `null`; posted requests answer an error.
  case rateLimited(Bool)
  /// The next `count` actions are carried out and answer 502 all the same.
  case failAfterAccepting(count: Int)
  /// The next `count` info calls answer 500 `null`.
  case failInfo(count: Int)
  /// The last closed candle of a series changes its close by parts per million (its high or low
  /// follow) and is sent again.
  case reviseCandle(Symbol, Timeframe, partsPerMillion: Int64)
  /// Every candle frame is sent twice.
  case duplicateCandles(Bool)
  /// The last frame of a candle leaves after the first of its successor, longest timeframe first.
  case outOfOrderCloses(Bool)
  /// Sockets stay open while some frames are withheld for good.
  case silence(Silence)
  /// One frame that should not be, to every session that hears market data.
  case bogusFrame(BogusFrame)
  /// Market data frames leave this much later; zero ends it.
  case delayedPublication(Interval)
  /// `clearinghouseState` and open orders answer what they were when the switch was thrown.
  case staleAccount(Bool)
  /// Every WebSocket is closed by the venue.
  case closeSessions
  /// Someone trades the account by hand at the market; positive buys. Without `announced` no frame
  /// tells.
  case externalTrade(AccountAddress, Symbol, Quantity, announced: Bool)
  /// Someone places a limit order by hand, without a client id.
  case externalOrder(AccountAddress, Symbol, Side, Quantity, Price)
  /// Someone cancels every order of the account in the symbol by hand.
  case externalCancel(AccountAddress, Symbol)
  /// The venue liquidates the account's position in the symbol, whatever its margin.
  case liquidation(AccountAddress, Symbol)
  /// Money is deposited or, negative, withdrawn.
  case transfer(AccountAddress, Money)
  /// Oracle and mark are off by parts per million for a while; trades are not.
  case markJump(Symbol, partsPerMillion: Int64, for: Interval)
  /// Funding is settled now, in addition to the hour's.
  case extraFunding(Symbol, FundingRate)
}

/// Which frames are withheld.
public enum Silence: UInt8, Hashable, Sendable, CaseIterable {
  /// None.
  case none = 0
  /// Market data.
  case marketData = 1
  /// Order updates, fills, funding.
  case userData = 2
  /// Both; acknowledgements and pongs still come.
  case data = 3
  /// All, pongs too.
  case everything = 4
}

/// A frame that should not be.
public enum BogusFrame: UInt8, Hashable, Sendable, CaseIterable {
  /// A candle of a symbol that is not listed.
  case wrongSymbol = 0
  /// A candle whose prices are zero.
  case zeroPrice = 1
  /// JSON that ends too soon.
  case truncated = 2
  /// A candle with negative volume.
  case negativeVolume = 3
  /// A candle whose high is below its low.
  case invertedRange = 4
  /// Bytes that are not UTF-8.
  case notText = 5
  /// A channel that nobody knows.
  case unknownChannel = 6
  /// A candle whose prices have more digits than the venue sends.
  case overPrecise = 7
}
