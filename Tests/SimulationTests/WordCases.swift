import Choice
import Market
import Risk

/// A complete input of the gate for the readings to agree on.
struct WordCase {
  var trade: TradeProposal<Int64>
  var account: AccountState<Int64>
  var symbol: SymbolState<Int64>
  var limits: Limits

  /// Long at 98,200 with a stop 700 below, approved under the exchange's limits.
  init(limits: Limits = .exchangeDefault) {
    trade = TradeProposal(
      isLong: true, entry: coins(98_200), fillEstimate: coins(98_200), worstPrice: coins(98_249),
      stop: coins(97_500), target: coins(100_000), validUntil: 1_700_000_060_000_000_000, slots: 1,
      lot: 1_000, minimumNotional: coins(10), venueLeverage: 40)
    account = AccountState(
      isKilled: false, pauses: BreakerPauses(), isPausedByDrawdown: false, isStoppedForDay: false,
      now: 1_700_000_000_000_000_000, equity: coins(10_000), dayStartEquity: coins(10_000),
      sessionStartEquity: coins(10_000), highWaterEquity: coins(10_000), ordersInWindow: 0,
      slotsInUse: 0, heat: 0, grossNotional: 0)
    symbol = SymbolState(
      isPermitted: true, isDriftAlertOpen: false, dataAge: 1_000_000_000,
      dataAgeBound: 60_000_000_000, hasOwnExposure: false, longExposure: 0, shortExposure: 0,
      risk: 0)
    self.limits = limits
  }

  /// The same with a few values drawn: most cases come near the end of the gate.
  init(_ choices: inout ChoiceStream) {
    self.init(limits: choices.flag() ? .exchangeDefault : .paperDefault)
    trade.isLong = choices.flag()
    let entry = choices.number(1, 200_000) * choices.number(1, 100_000_000)
    let sign: Int64 = trade.isLong ? 1 : -1
    func moved(_ tenThousandths: Int64) -> Int64 {
      Int64(clamping: Int128(entry) * Int128(10_000 + sign * tenThousandths) / 10_000)
    }
    trade.entry = entry
    let distance = choices.number(40, 400)
    trade.stop = moved(-distance)
    trade.target = moved(distance * choices.number(15, 40) / 10)
    trade.worstPrice = moved(choices.number(0, 5))
    trade.fillEstimate = choices.flag() ? trade.worstPrice : entry
    trade.lot = [1, 1_000, 100_000_000][Int(choices.number(0, 2))]
    trade.minimumNotional = coins(choices.number(0, 20))
    trade.venueLeverage = choices.number(1, 50)
    trade.slots = choices.number(1, 2)
    account.equity = coins(choices.number(9_000, 11_000))
    account.heat = coins(choices.number(0, 220))
    account.grossNotional = coins(choices.number(0, 55_000))
    account.slotsInUse = choices.number(0, 3)
    symbol.risk = choices.flag() ? 0 : coins(choices.number(0, 110))
    spoil(&choices)
  }

  /// Now and then one thing that the gate looks at before the size.
  private mutating func spoil(_ choices: inout ChoiceStream) {
    switch choices.number(0, 40) {
    case 0: account.isKilled = true
    case 1: account.pauses.latency = account.now + choices.number(-1, 1)
    case 2: account.pauses.orderFailures = account.now + choices.number(-1, 1)
    case 3: account.pauses.staleFeed = account.now + choices.number(-1, 1)
    case 4: account.pauses.rateLimit = account.now + choices.number(-1, 1)
    case 5: account.isPausedByDrawdown = true
    case 6: account.isStoppedForDay = true
    case 7: account.highWaterEquity = coins(choices.number(9_000, 13_000))
    case 8: account.ordersInWindow = choices.number(0, 40)
    case 9: symbol.isPermitted = false
    case 10: symbol.isDriftAlertOpen = true
    case 11: symbol.dataAge = symbol.dataAgeBound + choices.number(-1, 1)
    case 12: trade.validUntil = account.now + choices.number(-1, 1)
    case 13: symbol.longExposure = choices.number(0, 2)
    case 14: symbol.shortExposure = choices.number(0, 2)
    case 15: symbol.hasOwnExposure = true
    case 16: trade.target = trade.stop
    case 17: trade.stop = choices.number(-1, 1)
    case 18: trade.worstPrice = trade.target
    case 19: trade.lot = coins(1_000_000)
    default: break
    }
  }

  var verdict: Verdict<Int64> {
    judge(trade, account: account, symbol: symbol, policy: Policy(limits), in: Integers())
  }
}

/// Whole coins or dollars in steps of 1e-8.
func coins(_ whole: Int64) -> Int64 { whole * 100_000_000 }

extension ChoiceStream {
  /// A number from `least` to `most`.
  mutating func number(_ least: Int64, _ most: Int64) -> Int64 {
    least + Int64(draw(below: UInt64(most - least + 1)))
  }
  /// A coin's toss.
  mutating func flag() -> Bool { draw(below: 2) == 1 }
}
