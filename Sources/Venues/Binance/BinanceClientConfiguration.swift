public import Market

/// What a Binance client is to do, and how patiently.
public struct BinanceClientConfiguration: Hashable, Sendable {
  /// The candle streams.
  public var series: [CandleSeries]
  /// Whose open interest to read every five minutes.
  public var openInterest: [Symbol]
  /// Whose settled funding to read.
  public var funding: [Symbol]
  /// Whose aggregate trades to stream; none by default.
  public var trades: [Symbol] = []
  /// Whose mark price to stream every second; none by default.
  public var marks: [Symbol] = []
  /// The owner of every timer that the client sets.
  public var timerOwner: UInt8
  /// Moves the jitter of every wait.
  public var seed: UInt64

  /// Waits between connection attempts.
  public var reconnect = BackOff(first: .milliseconds(500), longest: .seconds(30))
  /// Waits between attempts of a request, and after a 429 without `Retry-After`.
  public var retry = BackOff(first: .seconds(1), longest: .seconds(60))
  /// How long a connection lives before the count of attempts starts again.
  public var stableAfter: Interval = .seconds(60)
  /// How long a connection may take to open and to acknowledge every subscription.
  public var handshakeLimit: Interval = .seconds(15)
  /// When to replace a connection, before the venue ends it after 24 hours.
  public var rollover: Interval = .hours(23) + .minutes(30)
  /// How long a candle or mark price stream may say nothing before its connection is given up.
  ///
  /// One figure for every length: each trade moves the candles of all lengths alike, so a daily
  /// candle that stands still is as dead as one of a minute. Ninety seconds is longer than a quiet
  /// minute with its closing frame and shorter than two.
  public var silenceLimit: Interval = .seconds(90)
  /// The same for aggregate trades, which a quiet market may really leave out.
  public var tradeSilenceLimit: Interval = .minutes(5)
  /// The most streams that one connection carries; 1,024 at the venue, 200 by its older documents.
  public var streamsPerConnection = 200
  /// How long after its close a candle may come before the venue's history is asked for it.
  public var closeGrace: Interval = .seconds(3)
  /// How far our estimate of the venue's clock may be wrong: added before "the candle is over".
  public var clockTolerance: Interval = .seconds(1)
  /// How often to read the venue's clock.
  public var clockInterval: Interval = .minutes(30)
  /// How long after its stamp a reading of open interest is first asked for.
  public var openInterestDelay: Interval = .seconds(10)
  /// How long after its settlement a funding rate is first asked for.
  public var fundingDelay: Interval = .seconds(15)
  /// How long to wait before asking again for a reading that the venue has not published yet.
  public var readingRetry: Interval = .seconds(15)
  /// How many readings of open interest to ask for at the start: two and a half hours.
  public var openInterestHistory = 30
  /// How long to wait for an answer.
  public var timeout: Interval = .seconds(10)
  /// The request weight that this client uses in a minute, of the venue's 2,400 an address.
  public var weightPerMinute = 1_200
  /// The requests that it makes in five minutes to each of the pools that are counted apart: 1,000
  /// an address for statistics, 500 for funding.
  public var readingsPerFiveMinutes = 250
  /// How long to stay away after a 403, which names no time.
  public var blockedWait: Interval = .minutes(5)
  /// The largest frame or body.
  public var limits = JSONLimits()

  /// Describes a client; duplicates are dropped.
  public init(
    series: [CandleSeries], openInterest: [Symbol], funding: [Symbol], timerOwner: UInt8,
    seed: UInt64
  ) {
    self.series = Array(Set(series)).sorted()
    self.openInterest = Array(Set(openInterest)).sorted()
    self.funding = Array(Set(funding)).sorted()
    self.timerOwner = timerOwner
    self.seed = seed
  }
}
