import Exchange
import Market

/// A switch of a venue that supplies data, and how it is thrown back.
struct SourceSwitch {
  let on: SourceFault
  let off: SourceFault
}

extension SourceSwitch {
  /// What a kind of fault throws at a venue; nil where the kind does not happen there.
  init?(_ kind: FaultKind, at venue: Venue, _ section: Section) {
    switch venue {
    case .binance: self.init(binance: kind, section)
    case .coinbase: self.init(coinbase: kind, section)
    case .deribit: self.init(deribit: kind, section)
    case .hyperliquid: return nil
    }
  }

  private init?(binance kind: FaultKind, _ section: Section) {
    let fault: BinanceFault
    switch kind {
    case .silentStall: fault = .silence(.all)
    case .unknownMessage: fault = .unknownMembers(true)
    case .venueHalt: fault = .outage(.maintenance)
    case .rateLimited: fault = .outage(.tooManyRequests)
    case .banned: fault = .outage(.banned)
    case .fouledAnswers:
      fault = .outage(
        section.text("what") == "page"
          ? .page : section.text("what") == "empty" ? .empty : .truncated)
    default: return nil
    }
    on = .binance(fault)
    off =
      switch fault {
      case .silence: .binance(.silence(.none))
      case .unknownMembers: .binance(.unknownMembers(false))
      default: .binance(.outage(nil))
      }
  }

  private init?(coinbase kind: FaultKind, _ section: Section) {
    if kind == .unknownMessage {
      on = .coinbase(.unknownExtras(true))
      off = .coinbase(.unknownExtras(false))
      return
    }
    let failure: CoinbaseFailure
    switch kind {
    case .venueHalt: failure = .maintenancePage
    case .rateLimited: failure = .rateLimited
    case .banned: failure = .forbidden
    case .fouledAnswers:
      failure =
        section.text("what") == "page"
        ? .pageWithStatus200 : section.text("what") == "empty" ? .emptyAnswer : .truncatedAnswer
    default: return nil
    }
    on = .coinbase(.failing(failure))
    off = .coinbase(.failing(nil))
  }

  private init?(deribit kind: FaultKind, _ section: Section) {
    switch kind {
    case .silentStall:
      on = .deribit(.mute(true))
      off = .deribit(.mute(false))
    case .venueHalt:
      on = .deribit(.settlement(true))
      off = .deribit(.settlement(false))
    case .rateLimited:
      on = .deribit(.throttled(true))
      off = .deribit(.throttled(false))
    case .fouledAnswers where section.text("what") == "truncated":
      on = .deribit(.truncated(true))
      off = .deribit(.truncated(false))
    default: return nil
    }
  }
}
