import Choice
import Engine
import Market
import Risk
import Strategies
import Venues

/// Makes plausible steps of records of every kind from a seed, with the awkward orders in which
/// they may come: orders that end before their position opens, late candles, payments after the
/// close.
struct RecordMaker {
  private var choices: ChoiceStream
  private var clock: Int64 = 1_750_000_000_000_000_000
  private var epoch: UInt32 = 0
  private var tradeID = UInt64.max - 40
  private var nextID: UInt64 = 0
  private var positions: [PositionRecord] = []
  private var orders: [OrderRecord] = []
  private var nextOpen: [Int64] = Array(repeating: 100, count: 16)
  private var gaps: [(series: Int, index: Int64)] = []

  static let kindCount = 20
  private static let strategies: [StrategyID] = ["wick_flow", "ema_cross", "a"]
  private static let symbols: [Symbol] = ["BTC", "ETH", "kPEPE-1234567890"]
  private static let setups: [Setup] = ["pool_sweep", "x"]

  init(seed: UInt64) { choices = Chooser.seeded(seed).stream("records") }

  /// The wall time of the newest record.
  var now: Instant { Instant(nanoseconds: clock) }

  /// The records of one step; one step in seven has none.
  mutating func step() -> [Record] {
    (0..<choices.draw(below: 7)).map { _ in
      record(kind: Int(choices.draw(below: UInt64(Self.kindCount))))
    }
  }

  /// A record of the case with the given place in the declaration of `Record`.
  mutating func record(kind: Int) -> Record {
    clock += 1 + Int64(choices.draw(below: 1_000_000_000))
    switch kind {
    case 0: return .run(makeRun())
    case 1: return .candle(makeCandle())
    case 2: return .decision(makeDecision())
    case 3: return .signal(makeSignalRecord())
    case 4: return .order(makeOrder())
    case 5: return .fill(makeFill())
    case 6: return .position(makePosition())
    case 7: return .account(makeAccount())
    case 8:
      return .equity(
        EquityRecord(
          time: now, equity: amount(), cash: amount(), openPositions: Int(choices.draw(below: 4))))
    case 9:
      let bytes = (0..<choices.draw(below: 40)).map { _ in UInt8(choices.draw(below: 256)) }
      return .strategyState(
        StrategyStateRecord(strategy: strategy(), symbol: symbol(), time: now, bytes: bytes))
    case 10:
      return .health(
        HealthRecord(time: now, component: text(), status: "degraded", detail: text()))
    case 11: return .breaker(makeBreaker())
    case 12: return .drift(makeDrift())
    case 13:
      return .killSwitch(
        KillSwitchRecord(time: now, isEngaged: flag(), reason: text()))
    case 14:
      return .fundingPayment(
        FundingPaymentRecord(
          position: positionID(), symbol: symbol(), time: now, amount: amount()))
    default: return makeMarketRecord(kind: kind)
    }
  }

  private mutating func makeMarketRecord(kind: Int) -> Record {
    switch kind {
    case 15:
      .funding(
        Funding(
          symbol: symbol(), venue: venue(), time: now,
          rate: FundingRate(steps: Int64(choices.draw(below: 2_000)) - 1_000), period: .hours(1)))
    case 16:
      .spot(
        SpotPrice(
          symbol: symbol(), venue: venue(), time: now, price: price(),
          mid: flag() ? price() : nil))
    case 17:
      .openInterest(
        OpenInterest(symbol: symbol(), venue: venue(), time: now, quantity: quantity()))
    case 18:
      .volatilityIndex(
        VolatilityIndex(symbol: symbol(), venue: venue(), time: now, value: "0.55"))
    default:
      .optionChain(
        OptionChain(
          symbol: symbol(), venue: venue(), time: now,
          quotes: [
            OptionQuote(
              expiry: now + .days(7), strike: price(), isCall: flag(),
              impliedVolatility: "0.6", openInterest: quantity(), underlying: price())
          ]))
    }
  }
}

extension RecordMaker {
  private mutating func makeRun() -> RunRecord {
    epoch += 1
    return RunRecord(epoch: epoch, startedAt: now, configuration: choices.draw(below: .max))
  }

  private mutating func makeCandle() -> CandleRecord {
    var series = Int(choices.draw(below: 16))
    var index = nextOpen[series]
    if !gaps.isEmpty, choices.draw(below: 4) == 0 {
      (series, index) = gaps.removeLast()
    } else {
      if choices.draw(below: 3) == 0 {
        gaps.append((series, index))
        index += 1
      }
      nextOpen[series] = index + 1
    }
    let timeframe = Timeframe.allCases[series % 8]
    let open = Timeframe.w1 == timeframe ? Interval.days(4).nanoseconds : 0
    let low = price()
    let candle = try? Candle(
      symbol: Self.symbols[series / 8], timeframe: timeframe, venue: venue(),
      openTime: Instant(nanoseconds: open + index * timeframe.interval.nanoseconds), open: low,
      high: low + price(), low: low, close: low, volume: quantity() + quantity(),
      takerSplit: flag()
        ? TakerSplit(buy: quantity(), sell: quantity(), coverage: "0.75") : nil)
    guard let candle else { preconditionFailure("the maker makes candles that keep the rules") }
    return CandleRecord(candle: candle, isBackfilled: flag())
  }

  private mutating func makeSignal() -> Signal {
    Signal(
      side: side(), entry: price(), stop: price(), target: price(),
      rewardToRisk: TenThousandths(20_000), netRewardToRisk: TenThousandths(-5),
      confidence: TenThousandths(7_000), validUntil: now + .minutes(5), timeStop: now + .days(1),
      pair: flag() ? makePairLeg() : nil)
  }

  private mutating func makePairLeg() -> PairLeg {
    PairLeg(
      symbol: symbol(), side: side(), entry: price(), stop: price(), target: price(),
      catastrophicStop: price(), firstCatastrophicStop: price(), hedge: "0.9")
  }

  private mutating func makeDecision() -> Decision {
    let reasons = NoTradeReason.allCases
    let outcome: Decision.Outcome =
      switch draw(5) {
      case 0, 1: .signal(makeSignal())
      case 2: .leave
      default: .noTrade(reasons[draw(reasons.count)])
      }
    return Decision(
      strategy: strategy(), symbol: symbol(), setup: setup(), time: now, outcome: outcome,
      inputs: choices.draw(below: .max), note: flag() ? "IV 0.6, RV30 0.45" : "")
  }

  private mutating func makeSignalRecord() -> SignalRecord {
    SignalRecord(
      strategy: strategy(), symbol: symbol(), setup: setup(), time: now, signal: makeSignal(),
      outcome: text(), order: flag() ? positionID() : nil)
  }

  private mutating func makeOrder() -> OrderRecord {
    let state = OrderState.allCases[Int(choices.draw(below: 9))]
    if !orders.isEmpty, choices.draw(below: 3) != 0 {
      let index = Int(choices.draw(below: UInt64(orders.count)))
      orders[index].state = state
      orders[index].wasAcknowledged = flag()
      orders[index].filled = quantity()
      orders[index].filledNotional = amount()
      orders[index].venueID = flag() ? choices.draw(below: .max) : nil
      orders[index].updatedAt = now
      return orders[index]
    }
    let pricing: OrderPricing =
      flag()
      ? .trigger(trigger: price(), worst: price())
      : .limit(
        price: price(), timeInForce: TimeInForce(rawValue: UInt8(draw(3))) ?? .goodTilCancelled)
    let intent = OrderIntent(
      clientID: newID(), strategy: strategy(), symbol: symbol(),
      role: OrderRole.allCases[draw(4)], side: side(), quantity: quantity(), pricing: pricing,
      isReduceOnly: flag())
    let order = OrderRecord(
      intent: intent, position: positionID(), setup: setup(), decidedAt: now, bracket: bracket(),
      state: state, wasAcknowledged: flag(), createdAt: now, updatedAt: now)
    orders.append(order)
    return order
  }

  private mutating func makeFill() -> FillRecord {
    tradeID &+= 1
    let fill = Fill(
      clientID: positionID(), symbol: symbol(), side: side(), price: price(),
      quantity: quantity(), fee: amount(), tradeID: tradeID, time: now)
    return FillRecord(
      fill: fill, strategy: strategy(), position: positionID(), realised: amount())
  }

  private mutating func makePosition() -> PositionRecord {
    if !positions.isEmpty, choices.draw(below: 3) != 0 {
      let index = draw(positions.count)
      positions[index].quantity = quantity()
      positions[index].realised = amount()
      positions[index].closedAt = flag() ? now : nil
      positions[index].exitReason =
        positions[index].closedAt == nil
        ? nil : ExitReason.allCases[draw(ExitReason.allCases.count)]
      return positions[index]
    }
    let position = PositionRecord(
      id: newID(), strategy: strategy(), symbol: symbol(), setup: setup(), bracket: bracket(),
      quantity: -quantity(), cost: amount(), peakQuantity: quantity(), realised: .zero,
      fees: amount(), funding: amount(), initialRisk: amount(), openedAt: now)
    positions.append(position)
    return position
  }

  private mutating func makeAccount() -> AccountRecord {
    AccountRecord(
      opening: amount(), realised: amount(), fees: amount(), funding: amount(),
      dayStartEquity: amount(), dayStart: now, sessionStartEquity: amount(),
      highWaterEquity: amount(), isPausedByDrawdown: flag(), isStoppedForDay: flag())
  }

  private mutating func makeBreaker() -> BreakerRecord {
    BreakerRecord(
      time: now, kind: BreakerKind.allCases[draw(BreakerKind.allCases.count)],
      until: now + .minutes(5), detail: text())
  }

  private mutating func makeDrift() -> DriftRecord {
    DriftRecord(
      time: now, symbol: symbol(), kind: DriftKind.allCases[draw(DriftKind.allCases.count)],
      local: quantity(), venue: -quantity(), isOpen: choices.draw(below: 3) != 0)
  }
}

extension RecordMaker {
  private mutating func draw(_ bound: Int) -> Int { Int(choices.draw(below: UInt64(bound))) }
  private mutating func flag() -> Bool { choices.draw(below: 2) == 1 }
  private mutating func side() -> Side { flag() ? .buy : .sell }
  private mutating func strategy() -> StrategyID { Self.strategies[draw(3)] }
  private mutating func symbol() -> Symbol { Self.symbols[draw(3)] }
  private mutating func setup() -> Setup { Self.setups[draw(2)] }
  private mutating func venue() -> Venue { Venue.allCases[draw(4)] }
  private mutating func price() -> Price { Price(steps: choices.draw(in: 1...9_000_000_000_000)) }
  private mutating func quantity() -> Quantity {
    Quantity(steps: choices.draw(in: 1...900_000_000_000))
  }
  private mutating func amount() -> Money {
    Money(steps: choices.draw(in: -90_000_000_000_000...90_000_000_000_000))
  }
  private mutating func text() -> String {
    ["", "GATE_REFUSED", "it's \"quoted\"; --", "späte Antwort 🕰", "two\nlines"][draw(5)]
  }
  private mutating func bracket() -> Bracket {
    Bracket(
      stop: price(), target: price(), timeStop: now + .days(2),
      partner: flag() ? positionID() : nil)
  }
  private mutating func newID() -> ClientOrderID {
    nextID += 1
    return ClientOrderID(high: choices.draw(below: .max), low: nextID)
  }
  /// The id of a position, of one that comes later, or of one that never does.
  private mutating func positionID() -> ClientOrderID {
    guard !positions.isEmpty, choices.draw(below: 5) != 0 else {
      return ClientOrderID(high: 7, low: choices.draw(below: 3))
    }
    return positions[draw(positions.count)].id
  }
}
