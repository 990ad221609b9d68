/// A kind of fault, by its id in the taxonomy of the field (feed F, network N, venue V, order path
/// O, account C, clock T, process and storage P, operator X).
public enum FaultKind: String, Hashable, Sendable, CaseIterable {
  /// Duplicate message.
  case duplicateMessage = "F2"
  /// Reordered messages.
  case reorderedMessages = "F3"
  /// A closed candle told again with other values.
  case revisedCandle = "F4"
  /// Silent stall: connected, but no data.
  case silentStall = "F5"
  /// Slow feed.
  case slowFeed = "F6"
  /// Zero, negative or absurd numbers.
  case absurdNumbers = "F9"
  /// Wrong symbol.
  case wrongSymbol = "F10"
  /// Unknown channel or field.
  case unknownMessage = "F16"
  /// One input of the strategies stops coming, or comes late.
  case silentInput = "F17"
  /// Requests are answered by pages, by nothing, or by halves of answers.
  case fouledAnswers = "F18"
  /// Disconnect, and no way back for a while.
  case disconnect = "N1"
  /// Half-open connection: writes vanish, nothing comes.
  case halfOpen = "N2"
  /// Orders go out, reports do not return.
  case reportsLost = "N3"
  /// Reports arrive, orders cannot leave.
  case ordersBlocked = "N4"
  /// Latency spikes.
  case latencySpike = "N5"
  /// Connections that break as soon as they stand.
  case reconnectStorm = "N6"
  /// Duplicate delivery of account messages.
  case duplicateReports = "N7"
  /// Stream and requests fail in turn.
  case swizzle = "N9"
  /// Corrupt, truncated or oversize frames.
  case damagedFrames = "N11"
  /// Cancel-only mode.
  case cancelOnly = "V1"
  /// The venue halts.
  case venueHalt = "V2"
  /// Every call answers 429.
  case rateLimited = "V3"
  /// The address is banned for a while.
  case banned = "V4"
  /// An error after the action was carried out.
  case errorAfterAccepting = "V5"
  /// Orders are refused.
  case rejectedOrders = "V6"
  /// The venue closes the position.
  case liquidation = "V13"
  /// Mark and oracle jump away from trades.
  case markJump = "V14"
  /// Funding at an unusual time.
  case extraFunding = "V15"
  /// The answer to an action is lost.
  case lostAcknowledgement = "O1"
  /// The venue's position changes and no message tells.
  case silentPosition = "C1"
  /// Somebody trades the account by hand.
  case manualTrade = "C4"
  /// Money comes or goes.
  case transfer = "C5"
  /// Account snapshots are old.
  case staleAccount = "C7"
  /// The wall clock steps.
  case wallStep = "T1"
  /// The clock drifts.
  case drift = "T2"
  /// The process pauses.
  case pause = "T6"
  /// The process dies and comes back.
  case crash = "P1"
  /// The kill switch is pressed again and again.
  case repeatedKill = "X6"

  /// One sentence on what goes wrong.
  public var summary: String {
    switch self {
    case .duplicateMessage: "Frames of a channel arrive twice."
    case .reorderedMessages: "Candle closes, or frames of a channel, arrive out of order."
    case .revisedCandle: "A candle that is already closed is sent again with another close."
    case .silentStall: "The connection stands, and frames of some kind stop coming."
    case .slowFeed: "Market data leaves the venue late."
    case .absurdNumbers: "A candle with zero, negative, inverted or over-precise numbers arrives."
    case .wrongSymbol: "A candle of a symbol that nobody asked for arrives."
    case .unknownMessage: "A frame of an unknown channel arrives."
    case .silentInput: "One input of one symbol stops coming, or comes late; all else goes on."
    case .fouledAnswers: "Requests are answered by pages, by nothing, or by halves of answers."
    case .disconnect: "The connection breaks, and no new one is made for a while."
    case .halfOpen: "What is sent vanishes, nothing arrives, and no connection closes."
    case .reportsLost: "Actions reach the venue; answers and account messages do not return."
    case .ordersBlocked: "Actions are lost before the venue; everything else passes."
    case .latencySpike: "Messages take longer, both ways."
    case .reconnectStorm: "Each connection breaks shortly after it was made."
    case .duplicateReports: "Order and fill messages arrive twice."
    case .swizzle: "Stream and requests fail in turn and return in another order."
    case .damagedFrames: "Frames arrive corrupt, truncated, oversize, or not at all."
    case .cancelOnly: "The venue takes cancels only."
    case .venueHalt: "The venue stands still."
    case .rateLimited: "Every call is answered with 429."
    case .banned: "The host's address is banned; more traffic makes the ban longer."
    case .errorAfterAccepting: "The venue carries an action out and answers 502 all the same."
    case .rejectedOrders: "The venue refuses orders."
    case .liquidation: "The venue closes a position by itself."
    case .markJump: "Mark and oracle price are off for a while; trades are not."
    case .extraFunding: "Funding is settled at an unusual time."
    case .lostAcknowledgement: "The venue acts on a request, and its answer is lost."
    case .silentPosition: "The position at the venue changes, and no message tells."
    case .manualTrade: "Somebody trades the account by hand."
    case .transfer: "Money is deposited or withdrawn."
    case .staleAccount: "Account requests answer what was true some time ago."
    case .wallStep: "The wall clock is set forward or back."
    case .drift: "The host's clocks run fast or slow."
    case .pause: "The process stands still and then finds everything at once."
    case .crash: "The process dies and is started again later from what was durable."
    case .repeatedKill: "The kill switch is pressed several times."
    }
  }
}
