import Market
import Risk
import Venues

extension HyperliquidVenue {
  /// Throws a fault; frames that it causes leave with the next input, for which ``nextWake`` asks
  /// at once.
  public mutating func apply(_ fault: VenueFault) {
    switch fault {
    case .halted(let isHalted):
      faults.isHalted = isHalted
      if !isHalted { resume() }
    case .cancelOnly(let isOn): faults.isCancelOnly = isOn
    case .postOnly(let isOn): faults.isPostOnly = isOn
    case .rejectNext(let count, let text): faults.rejections = (max(0, count), text)
    case .rateLimited(let isOn): faults.isRateLimited = isOn
    case .failAfterAccepting(let count): faults.failingActions = max(0, count)
    case .failInfo(let count): faults.failingInfo = max(0, count)
    case .reviseCandle(let symbol, let timeframe, let partsPerMillion):
      revise(symbol, timeframe, partsPerMillion)
    case .duplicateCandles(let isOn): faults.duplicatesCandles = isOn
    case .outOfOrderCloses(let isOn): faults.closesOutOfOrder = isOn
    case .silence(let silence): faults.silence = silence
    case .bogusFrame(let kind): sendBogus(kind)
    case .delayedPublication(let delay):
      faults.delay = max(.zero, min(delay, .days(1)))
    case .staleAccount(let isOn): freezeAccounts(isOn)
    case .closeSessions:
      for session in sessions {
        outbox.append(.close(session.id))
        forget(session.id)
      }
    case .externalTrade, .externalOrder, .externalCancel, .liquidation, .transfer, .markJump,
      .extraFunding:
      applyElsewhere(fault)
    }
  }

  /// What happens to accounts and prices without a request.
  private mutating func applyElsewhere(_ fault: VenueFault) {
    switch fault {
    case .externalTrade(let address, let symbol, let quantity, let announced):
      tradeExternally(address, symbol, quantity, announced: announced)
    case .externalOrder(let address, let symbol, let side, let quantity, let price):
      guard let (account, asset) = place(address, symbol) else { return }
      let request = OrderRequest(
        asset: asset, side: side, price: price, quantity: quantity, isReduceOnly: false,
        kind: .limit(.goodTilCancelled), clientID: nil)
      if staticFault(request, of: account) == nil { _ = self.place(request, of: account) }
    case .externalCancel(let address, let symbol):
      guard let (account, asset) = place(address, symbol) else { return }
      for id in ledger[account].openOrders.elements where orders[id]?.asset == asset {
        cancel(id, .canceled)
      }
    case .liquidation(let address, let symbol):
      guard let (account, asset) = place(address, symbol) else { return }
      tell(
        .liquidated(
          address, notional: positionValue(account, asset).magnitude,
          accountValue: accountValue(account)))
      liquidate(account, asset, share: 1)
    case .transfer(let address, let amount):
      guard let account = accountOf[address], amount.steps.magnitude <= Self.largestTransfer,
        ledger[account].cash.checkedAdding(amount) != nil
      else { return }
      let transfer = ledger[account].transfer(amount, at: clock)
      if hearsMoney(address) { tell(.transferred(address, transfer)) }
    case .markJump(let symbol, let partsPerMillion, let interval):
      guard let asset = assetOf[symbol] else { return }
      let bounded = max(-999_000, min(partsPerMillion, 9_000_000))
      markets[asset].reference.displacement = (bounded, clock + interval)
    case .extraFunding(let symbol, let rate):
      guard let asset = assetOf[symbol] else { return }
      let steps = max(-400_000_000, min(rate.steps, 400_000_000))
      let row = FundingRow(time: clock, rate: FundingRate(steps: steps), premium: 0)
      markets[asset].funding.note(row)
      settleFunding(asset, row.rate)
    default: break
    }
  }

  private static var largestTransfer: UInt64 { Money(whole: 10_000_000_000).steps.magnitude }

  private func place(_ address: AccountAddress, _ symbol: Symbol) -> (account: Int, asset: Int)? {
    guard let account = accountOf[address], let asset = assetOf[symbol] else { return nil }
    return (account, asset)
  }

  private mutating func tradeExternally(
    _ address: AccountAddress, _ symbol: Symbol, _ signed: Quantity, announced: Bool
  ) {
    guard let (account, asset) = place(address, symbol), !signed.isZero,
      signed.steps != .min,
      signed.steps % markets[asset].instrument.lot.steps == 0,
      let notional = markets[asset].last.notional(of: signed.magnitude, .nearest),
      notional <= Self.largestOrder,
      ledger[account].positions[asset].quantity.magnitude <= Self.largestPosition,
      signed.magnitude <= Self.largestPosition
    else { return }
    faults.announces = announced
    var order = systemOrder(
      account, asset, signed > .zero ? .buy : .sell, signed.magnitude, isReduceOnly: false)
    open(&order)
    _ = take(&order)
    if order.remaining > .zero { finish(&order, .canceled) }
    faults.announces = true
  }

  private mutating func revise(_ symbol: Symbol, _ timeframe: Timeframe, _ partsPerMillion: Int64) {
    guard let asset = assetOf[symbol],
      let series = CandleSeries.timeframes.firstIndex(of: timeframe),
      let row = markets[asset].series[series].reviseLastClosed(
        partsPerMillion: partsPerMillion, at: clock)
    else { return }
    sendCandle(asset, series, row)
  }

  private mutating func freezeAccounts(_ isOn: Bool) {
    guard isOn else {
      faults.staleAnswers = nil
      return
    }
    var answers: [StaleKey: [UInt8]] = [:]
    for account in ledger {
      for question in AccountQuestion.allCases {
        var writer = JSONWriter()
        write(question, of: account.address, to: &writer)
        answers[StaleKey(type: question, account: account.address)] = writer.bytes
      }
    }
    faults.staleAnswers = answers
  }

  private mutating func sendBogus(_ kind: BogusFrame) {
    for asset in markets.indices {
      let bytes = bogus(kind, asset)
      for id in audiences[asset].everyone { send(bytes, to: id, .marketData) }
    }
  }

  private func bogus(_ kind: BogusFrame, _ asset: Int) -> [UInt8] {
    let symbol = markets[asset].instrument.symbol
    let series = CandleSeries.timeframes.count > 2 ? 2 : 0
    let timeframe = CandleSeries.timeframes[series]
    var row = CandleRow(
      at: timeframe.open(containing: clock), price: markets[asset].last,
      quantity: Quantity(whole: 1))
    func frame(_ symbol: Symbol, _ row: CandleRow) -> [UInt8] {
      var writer = JSONWriter()
      writer.object {
        $0.string("channel", "candle")
        $0.key("data")
        $0.candle(row, of: symbol, timeframe)
      }
      return writer.bytes
    }
    switch kind {
    case .wrongSymbol: return frame("NOSUCHCOIN", row)
    case .zeroPrice:
      (row.first, row.high, row.low, row.last) = (.zero, .zero, .zero, .zero)
    case .truncated:
      let whole = frame(symbol, row)
      return Array(whole.prefix(whole.count / 2))
    case .negativeVolume: row.volume = Quantity(whole: -1)
    case .invertedRange: row.high = Price(steps: max(1, row.low.steps / 2))
    case .notText: return [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]
    case .unknownChannel: return Array(#"{"channel":"nosuchchannel","data":{}}"#.utf8)
    case .overPrecise:
      let text = String(decoding: frame(symbol, row), as: UTF8.self)
      return Array(text.replacing("\"v\":\"1.0\"", with: "\"v\":\"1.0000000000001\"").utf8)
    }
    return frame(symbol, row)
  }
}
