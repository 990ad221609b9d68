public import Choice
public import Exchange
public import Market

/// A fault as a scenario declares it.
public struct FaultPlan: Hashable, Sendable {
  /// Which kind.
  public var kind: FaultKind
  /// At which venue, or on the way to which.
  public var venue: Venue
  /// What it does.
  public var action: FaultAction
  /// When it begins.
  public var trigger: FaultTrigger
  /// How long it acts; nil until it is healed or ``count`` is reached.
  public var duration: Interval?
  /// How often it acts at most.
  public var count: Int?
  /// How likely it acts at each chance.
  public var chance: Ratio
}

/// When a fault begins.
public enum FaultTrigger: Hashable, Sendable {
  /// At a time, counted from the start of the world.
  case at(Interval)
  /// At the `nth` (from 1) hit of a mark, and `delay` later.
  case mark(Mark, nth: Int, delay: Interval)
}

/// What a fault does to the world.
public enum FaultAction: Hashable, Sendable {
  /// Something happens to frames on their way to the engine.
  case frames(FrameFilter, FrameDamage)
  /// Something happens to requests or their answers.
  case requests(RequestFilter, RequestDamage)
  /// All connections break; nothing passes while it lasts.
  case cut
  /// One input of the strategies stops coming, or comes late.
  case input(InputFault)
  /// Answers to actions and account messages are lost.
  case deaf
  /// All that is sent and received vanishes while it lasts.
  case vanish
  /// Each connection breaks this long after it was made.
  case storm(every: Interval)
  /// The stream fails, then the requests, each for this long.
  case swizzle(period: Interval)
  /// Every message takes this much longer, each way.
  case latency(Interval)
  /// Something happens at the venue; switches are thrown back at the end.
  case venue(VenueAction)
  /// The wall clock steps by this.
  case wallStep(Interval)
  /// The clocks gain (or, negative, lose) this many parts per million.
  case drift(Int64)
  /// The process stands still for the duration.
  case pause
  /// The process dies at the point and is back after the time.
  case crash(CrashPoint, down: Interval)
  /// The kill switch is pressed this often, this far apart.
  case kill(times: Int, every: Interval)
}

/// Which frames a fault concerns; nil is any.
public struct FrameFilter: Hashable, Sendable {
  /// The channel's name.
  public var channels: [String]
  /// The candle's or coin's symbol.
  public var symbol: Symbol?
  /// The candle's timeframe.
  public var timeframe: Timeframe?
  /// Where not empty, what a frame holds word by word; for venues that have no channels.
  public var words: [String] = []

  /// Makes a filter of a Hyperliquid frame.
  public init(channels: [String] = [], symbol: Symbol? = nil, timeframe: Timeframe? = nil) {
    self.channels = channels
    self.symbol = symbol
    self.timeframe = timeframe
  }

  /// Makes a filter of any venue's frame.
  public init(words: [String]) {
    channels = []
    self.words = words
  }
}

/// What happens to a frame.
public enum FrameDamage: Hashable, Sendable {
  /// It arrives twice, the second time this much later.
  case twice(Interval)
  /// It is lost.
  case lost
  /// It arrives this much later and may be overtaken.
  case late(Interval)
  /// Some of its bytes change.
  case corrupt
  /// It ends too soon.
  case truncated
  /// It is longer than any frame may be.
  case oversize
  /// It is not UTF-8.
  case notText
}

/// Which requests a fault concerns.
public enum RequestFilter: String, Hashable, Sendable, CaseIterable {
  /// Every request.
  case any
  /// Every action.
  case action
  /// Actions that place orders.
  case order
  /// Actions that cancel orders.
  case cancel
  /// Questions about state and history.
  case info
}

/// What happens to a request or its answer.
public enum RequestDamage: Hashable, Sendable {
  /// The venue never sees it.
  case lost
  /// The venue acts; the answer is lost.
  case answerLost
  /// The answer takes this much longer.
  case answerLate(Interval)
}

/// Something that happens at the venue.
public enum VenueAction: Hashable, Sendable {
  /// A fault of the venue, with its opposite where it is a switch.
  case fault(VenueFault, end: VenueFault?)
  /// Somebody trades the engine's account by hand.
  case manual(ManualTrade, Symbol, announced: Bool)
  /// The venue liquidates the engine's position.
  case liquidate(Symbol)
  /// Money comes or, negative, goes.
  case transfer(Money)
  /// A fault of a venue that supplies data, with its opposite where it is a switch.
  case source(SourceFault, end: SourceFault?)
}

/// A trade by hand, in terms of what the account holds.
public enum ManualTrade: Hashable, Sendable {
  /// Trades this much; negative sells.
  case trade(Quantity)
  /// Closes the position.
  case close
  /// Closes half of the position, rounded to the lot.
  case halve
  /// Turns the position into its opposite.
  case reverse
}

/// Where within a step a process dies.
public enum CrashPoint: String, Hashable, Sendable, CaseIterable {
  /// Before the step's records are durable.
  case beforePersist = "before-persist"
  /// After the records are durable, before the first effect leaves.
  case betweenPersistAndSend = "between-persist-and-send"
  /// After the first effect that leaves the host.
  case afterFirstSend = "after-first-send"
  /// After all effects.
  case afterStep = "after-step"
}
