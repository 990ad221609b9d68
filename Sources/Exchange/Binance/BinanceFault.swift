public import Market

/// How the venue answers every HTTP call while a fault lasts.
public enum BinanceOutage: Hashable, Sendable, CaseIterable {
  /// 429 with `Retry-After`.
  case tooManyRequests
  /// 418 with the end of the ban in its text, and `Retry-After`.
  case banned
  /// 403 with a page of the firewall.
  case forbidden
  /// 451: the location is not served.
  case restricted
  /// 500 with -1000.
  case internalError
  /// 408 with -1007.
  case backendTimeout
  /// 502 with a page of the gateway.
  case badGateway
  /// 504 with a page of the gateway.
  case gatewayTimeout
  /// 503 that leaves the outcome open.
  case unknownOutcome
  /// 503 `Service Unavailable.`
  case unavailable
  /// 503 with -1008.
  case overloaded
  /// 503 with a page.
  case maintenance
  /// 202 without a body: the wall against programs.
  case challenged
  /// 200 with a page.
  case page
  /// 200 without a body.
  case empty
  /// 200 with half of the answer.
  case truncated
}

/// What becomes of the final frame of a candle while a fault lasts.
public enum FinalFrames: Hashable, Sendable {
  /// It is sent once, at the close.
  case punctual
  /// It is not sent.
  case missing
  /// It is sent this much later.
  case late(Interval)
  /// It is sent twice as it is.
  case twice
  /// It is sent twice, the second time with another close.
  case changed
  /// It is sent after that of the next candle.
  case afterTheNext
  /// A forming frame of the same candle follows it.
  case reopened
}

/// Whose streams say nothing while a fault lasts, although they are acknowledged.
public enum SilentStreams: Hashable, Sendable {
  /// None.
  case none
  /// Candles, trades, marks and tickers.
  case marketClass
  /// Quotes and books.
  case publicClass
  /// One stream, by its name.
  case one(String)
  /// All of them.
  case all
}

/// A switch of the simulated venue; it stays as it was thrown until it is thrown back.
public enum BinanceFault: Hashable, Sendable {
  /// Which streams are silent.
  case silence(SilentStreams)
  /// What becomes of final frames.
  case finals(FinalFrames)
  /// Candles that opened from `from` to `to` are missing in the history; nil repairs it.
  case missingCandles(Symbol, from: Instant, to: Instant)
  /// The history is whole again.
  case repairedCandles
  /// How far the clock of `exchangeInfo` is behind.
  case staleListing(Interval)
  /// How far the clock of `time` and of events is from the true one.
  case clockSkew(Interval)
  /// How long after its hour a settlement is stamped, in milliseconds.
  case lateSettlements(Int64)
  /// Readings of open interest are not published.
  case withheldOpenInterest(Bool)
  /// How every call is answered; nil is as it should be.
  case outage(BinanceOutage?)
  /// New connections are closed at once.
  case refusedConnections(Bool)
  /// Every connection is closed.
  case closeConnections
  /// Client pings and pongs do not count: connections are dropped when their time is up.
  case deafToPongs(Bool)
  /// Frames carry members that nobody documented.
  case unknownMembers(Bool)
  /// Every session hears an event of a kind that nobody documented.
  case unknownEvent
  /// Every session hears that the venue is about to shut down.
  case shutdownNotice
  /// Errors of the socket have the older form, without the id of the request.
  case bareErrors(Bool)
}
