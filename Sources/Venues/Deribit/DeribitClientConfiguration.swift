public import Market

/// What a Deribit client is to read, and how patiently.
public struct DeribitClientConfiguration: Hashable, Sendable {
  /// Whose option chains and volatility indices to read.
  public var underlyings: [Symbol]
  /// The owner of every timer that the client sets.
  public var timerOwner: UInt8
  /// Moves the jitter of every wait.
  public var seed: UInt64

  /// Whose perpetuals' tickers to follow besides: a chain is then held against the index in them.
  public var tickers: [Symbol] = []
  /// Waits between connection attempts.
  public var reconnect = BackOff(first: .milliseconds(500), longest: .seconds(30))
  /// Waits between attempts of a request that the venue may grant soon.
  public var retry = BackOff(first: .seconds(1), longest: .seconds(60))
  /// Waits between attempts of what the venue has switched off, and of a subscription it dropped.
  public var slowRetry = BackOff(first: .seconds(60), longest: .minutes(15))
  /// How long a connection lives before the count of attempts starts again.
  public var stableAfter: Interval = .seconds(60)
  /// How long a connection may take to open and to answer its first requests.
  public var handshakeLimit: Interval = .seconds(15)
  /// How long to wait for the reply to a request.
  public var requestTimeout: Interval = .seconds(10)
  /// The heartbeat asked of the venue, whole seconds, at least ten.
  public var heartbeatInterval: Interval = .seconds(30)
  /// How long nothing at all may come before the connection is given up: three heartbeats.
  public var silenceLimit: Interval = .seconds(90)
  /// How long one channel may tell nothing before the connection is given up.
  public var channelSilenceLimit: Interval = .minutes(10)
  /// How often a chain is read, at whole multiples of it.
  public var chainInterval: Interval = .minutes(15)
  /// How often the volatility index is told, at whole multiples of it.
  public var volatilityInterval: Interval = .minutes(5)
  /// How long after such a multiple a reading is waited for before it is asked for.
  public var volatilityPatience: Interval = .seconds(30)
  /// How far a time of the venue may be from our wall clock.
  public var clockTolerance: Interval = .minutes(5)
  /// How many times the index an underlying's price may be, or the index times it.
  public var plausibleRatio = 2.0
  /// The credits that one second gives back; the venue gives 10,000.
  public var creditsPerSecond: Int64 = 5_000
  /// The largest frame.
  public var limits = JSONLimits(bytes: 8 << 20)

  /// Describes a client of the venue's defaults.
  public init(underlyings: [Symbol], timerOwner: UInt8, seed: UInt64) {
    var unique: [Symbol] = []
    for symbol in underlyings where !unique.contains(symbol) { unique.append(symbol) }
    self.underlyings = unique
    self.timerOwner = timerOwner
    self.seed = seed
  }
}
