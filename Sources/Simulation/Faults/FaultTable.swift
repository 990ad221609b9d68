import Choice
import Exchange
import Market

/// How each kind of fault is written in a file: its own keys, and what they mean.
enum FaultTable {
  /// The keys that every fault has.
  static let common = [
    Field("at", .duration(.zero ... .days(365)), "When it begins, from the start of the world."),
    Field("on", .word(Mark.allCases.map(\.rawValue)), "The mark at which it begins."),
    Field("nth", .integer(1...1_000_000), "At which hit of the mark; the first by default."),
    Field("after", .duration(.zero ... .days(30)), "How long after the mark; at once by default."),
    Field("for", .duration(.milliseconds(1) ... .days(365)), "How long it lasts."),
    Field("count", .integer(1...1_000_000), "How often it acts at most."),
    Field("chance", .ratio, "How likely it acts at each chance; always by default."),
    Field(
      "venue", .word(Venue.allCases.map(\.name)),
      "At which venue, or on the way to which; hyperliquid by default."),
  ]

  private static let symbol = Field("symbol", .text(atMost: 16), "Which symbol.")
  private static let channel = Field(
    "channel",
    .oneOrMore(
      .word([
        "candle", "trades", "l2Book", "bbo", "activeAssetCtx", "allMids", "orderUpdates", "user",
        "userFills", "userFundings", "clearinghouseState", "openOrders",
      ]), atMost: 12), "Which channels; any by default.")
  private static let timeframe = Field(
    "timeframe", .word(Timeframe.allCases.map(\.name)), "Which candles.")
  private static let share = Shape.share(-900_000...10_000_000)

  /// The keys of one kind.
  static func fields(of kind: FaultKind) -> [Field] {
    switch kind {
    case .duplicateMessage:
      [
        channel, symbol, timeframe,
        Field("late", .duration(.milliseconds(1) ... .hours(1)), "How much later it comes again."),
      ]
    case .reorderedMessages:
      [
        Field("what", .word(["closes", "frames"]), isRequired: true, "Candle closes, or frames."),
        channel, symbol, timeframe,
        Field("late", .duration(.milliseconds(1) ... .hours(1)), "How much later a frame is."),
      ]
    case .revisedCandle:
      [
        required(symbol), required(timeframe),
        Field("by", share, isRequired: true, "How far the close moves."),
      ]
    case .silentStall:
      [
        Field(
          "what", .word(["market-data", "user-data", "data", "everything"]), isRequired: true,
          "What is withheld.")
      ]
    case .slowFeed:
      [
        Field(
          "late", .duration(.milliseconds(1) ... .hours(1)), isRequired: true,
          "How much later it leaves.")
      ]
    case .absurdNumbers:
      [
        Field(
          "what", .word(["zero-price", "negative-volume", "inverted-range", "over-precise"]),
          isRequired: true, "Which number is absurd.")
      ]
    case .silentInput:
      [
        Field(
          "feed", .word(InputName.allCases.map(\.rawValue)), isRequired: true, "Which input."),
        required(symbol), timeframe,
        Field(
          "late", .duration(.milliseconds(1) ... .hours(1)),
          "How much later it comes; it does not come by default."),
      ]
    case .fouledAnswers:
      [
        Field(
          "what", .word(["page", "empty", "truncated"]), isRequired: true,
          "A page of HTML with status 200, nothing, or half of the answer.")
      ]
    case .latencySpike:
      [
        Field(
          "latency", .duration(.milliseconds(1) ... .hours(1)), isRequired: true,
          "How much longer each message takes.")
      ]
    case .reconnectStorm:
      [
        Field(
          "every", .duration(.milliseconds(1) ... .hours(1)), isRequired: true,
          "After how long a connection breaks.")
      ]
    case .swizzle:
      [
        Field(
          "period", .duration(.milliseconds(100) ... .hours(1)), isRequired: true,
          "How long each way fails.")
      ]
    case .damagedFrames:
      [
        Field(
          "how", .word(["corrupt", "truncated", "oversize", "not-text", "lost"]), isRequired: true,
          "What happens to a frame."), channel, symbol, timeframe,
      ]
    case .errorAfterAccepting: []
    case .rejectedOrders:
      [Field("text", .text(atMost: 200), "The venue's words; a margin text by default.")]
    case .liquidation: [required(symbol)]
    case .markJump: [required(symbol), Field("by", share, isRequired: true, "How far.")]
    case .extraFunding:
      [
        required(symbol),
        Field("rate", .share(-40_000...40_000), isRequired: true, "The fraction of notional."),
      ]
    case .lostAcknowledgement:
      [
        Field("request", .word(RequestFilter.allCases.map(\.rawValue)), "Which; orders by default.")
      ]
    case .silentPosition, .manualTrade:
      [
        required(symbol),
        Field(
          "trade", .word(["close", "halve", "reverse", "open"]), isRequired: true,
          "What is traded by hand."),
        Field(
          "quantity", .decimal(-1_000_000_000_000...1_000_000_000_000, unit: "base coin"),
          "How much `open` trades; negative sells."),
      ]
    case .transfer:
      [
        Field(
          "amount", .decimal(-100_000_000_000_000...100_000_000_000_000, unit: "US dollars"),
          isRequired: true, "How much; negative leaves.")
      ]
    case .wallStep:
      [Field("step", .duration(.days(-7) ... .days(7)), isRequired: true, "How far it is set.")]
    case .drift:
      [Field("by", .share(-100_000...100_000), isRequired: true, "How much the clocks gain.")]
    case .crash:
      [
        Field(
          "point", .word(CrashPoint.allCases.map(\.rawValue)),
          "Where within the step of the mark; between persist and send by default."),
        Field("down", .duration(.zero ... .days(1)), isRequired: true, "How long it is down."),
      ]
    case .repeatedKill:
      [
        Field("times", .integer(1...1_000), isRequired: true, "How often."),
        Field(
          "every", .duration(.milliseconds(1) ... .hours(1)), isRequired: true, "How far apart."),
      ]
    case .wrongSymbol, .unknownMessage, .disconnect, .halfOpen, .reportsLost, .ordersBlocked,
      .duplicateReports, .cancelOnly, .venueHalt, .rateLimited, .banned, .staleAccount, .pause:
      []
    }
  }

  private static func required(_ field: Field) -> Field {
    Field(field.key, field.shape, isRequired: true, field.summary)
  }

  /// Every kind with all its keys.
  static let shape = Shape.variants(
    key: "id",
    FaultKind.allCases.map {
      ($0.rawValue, Table("fault \($0.rawValue)", common + fields(of: $0)))
    })
}
