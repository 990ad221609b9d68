public import Market
public import Risk

/// Our side of Hyperliquid's wire, with no I/O of its own.
public struct HyperliquidClient: Sendable {
  /// What it was asked to do.
  public let configuration: HyperliquidClientConfiguration
  let signer: any ActionSigner

  /// Makes a client that does nothing until ``start(at:into:)``.
  public init(configuration: HyperliquidClientConfiguration, signer: any ActionSigner) {
    self.configuration = configuration
    self.signer = signer
  }

  /// Tells the newest closed candle that the owner has, so that the next connection closes the gap.
  public mutating func resume(_ series: CandleSeries, lastClosed: Instant) {}
  /// Asks for the list of perpetuals and opens the connection.
  public mutating func start(at now: Now, into effects: inout [ClientEffect]) {}
  /// Closes the connection and every timer; requests in flight are still answered.
  public mutating func stop(at now: Now, into effects: inout [ClientEffect]) {}
  /// Takes what the network says.
  public mutating func handle(
    _ input: TransportInput, at now: Now, into effects: inout [ClientEffect]
  ) {}
  /// Takes a timer that is due; one that was moved or cancelled is ignored.
  public mutating func timerFired(
    _ id: TimerID, at now: Now, into effects: inout [ClientEffect]
  ) {}

  /// Sends orders as one request; each is reported on exactly once, or as unknown.
  public mutating func submit(
    _ orders: [Cleared], at now: Now, into effects: inout [ClientEffect]
  ) {}
  /// Sends cancels as one request.
  public mutating func cancel(
    _ orders: [(symbol: Symbol, clientID: ClientOrderID)], at now: Now,
    into effects: inout [ClientEffect]
  ) {}
  /// Asks what became of an order.
  public mutating func queryOrder(
    _ clientID: ClientOrderID, at now: Now, into effects: inout [ClientEffect]
  ) {}
  /// Asks for positions, money and resting orders, and for executions since a time.
  public mutating func refreshAccount(
    fillsSince: Instant?, at now: Now, into effects: inout [ClientEffect]
  ) {}
  /// Arms the dead-man's switch for a time at least five seconds ahead, or clears it.
  public mutating func scheduleCancel(
    _ time: Instant?, at now: Now, into effects: inout [ClientEffect]
  ) {}
  /// Asks for the candles that open from `from` to `to`, both included; closed ones are reported.
  public mutating func backfill(
    _ series: CandleSeries, from: Instant, to: Instant, at now: Now,
    into effects: inout [ClientEffect]
  ) {}
  /// Asks for reference figures of every configured symbol.
  public mutating func refreshContexts(at now: Now, into effects: inout [ClientEffect]) {}
}
