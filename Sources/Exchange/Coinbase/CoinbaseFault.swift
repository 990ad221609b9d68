public import Market

/// Something that goes wrong at Coinbase; a switch stays until it is thrown back.
public enum CoinbaseFault: Hashable, Sendable {
  /// Every HTTP call is answered in this way; nil ends it.
  case failing(CoinbaseFailure?)
  /// How a coin's product trades; its flags say so, and its quotes stand still unless it is online.
  case trading(Symbol, CoinbaseTrading)
  /// Every time is written with nine digits of a fraction.
  case nanosecondTimes(Bool)
  /// Tickers tell of the trade that was last when the switch was thrown; quotes go on.
  case staleTickerTime(Bool)
  /// Every fifth bucket of a candle history is missing, as if nothing had traded.
  case missingBuckets(Bool)
  /// Quotes of tickers are empty strings.
  case emptyFigures(Bool)
  /// Streams of the Advanced Trade socket name the other of two products that share a book.
  case aliasIDs(Bool)
  /// Answers and frames carry members, and sockets carry messages, that nobody knows.
  case unknownExtras(Bool)
  /// Sockets stay open and acknowledge, and send no data.
  case silence(Bool)
  /// Every WebSocket is closed by the venue.
  case closeSessions
}

/// How every HTTP call is answered during an outage.
public enum CoinbaseFailure: UInt8, Hashable, Sendable, CaseIterable {
  /// 429 with the JSON of a spent budget and no `Retry-After`.
  case rateLimited = 0
  /// 500 with JSON.
  case internalError = 1
  /// 503 with JSON.
  case unavailable = 2
  /// 503 with a page of HTML.
  case maintenancePage = 3
  /// 200 with a page of HTML.
  case pageWithStatus200 = 4
  /// 200 with nothing.
  case emptyAnswer = 5
  /// The answer itself, cut off in the middle.
  case truncatedAnswer = 6
  /// 403 with a page of HTML: the address is turned away.
  case forbidden = 7
}

/// How a product trades.
public enum CoinbaseTrading: UInt8, Hashable, Sendable, CaseIterable {
  /// As usual.
  case online = 0
  /// Its status is `offline`.
  case offline = 1
  /// Orders can only be cancelled.
  case cancelOnly = 2
  /// Orders can only rest.
  case postOnly = 3
  /// Orders gather for an opening auction.
  case auction = 4
  /// Trading is disabled.
  case disabled = 5
}
