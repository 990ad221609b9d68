import Market
import Risk
import Venues

extension Engine {
  /// Takes reference figures: the first of a new hour settles the hour at the figures before it.
  mutating func accrueFunding(_ context: AssetContext, _ outbox: inout Outbox) {
    let hour = Timeframe.h1.open(containing: now.wall)
    let symbol = context.symbol
    let before = funding.figures.first { $0.context.symbol == symbol }
    funding.figures.removeAll { $0.context.symbol == symbol }
    funding.figures.append((context, hour))
    guard let before, before.hour < hour else { return }
    if configuration.sources.funding == .hyperliquid {
      receive(
        .funding(
          Funding(
            symbol: symbol, venue: .hyperliquid, time: hour,
            rate: before.context.hourlyFundingRate, period: .hours(1))), &outbox)
    }
    guard paper != nil else { return }
    pay(
      symbol, at: hour, rate: before.context.hourlyFundingRate, price: before.context.oracle,
      &outbox)
  }

  /// Takes a settlement that came past the wire: without a wire it is what positions pay, else
  /// another venue's.
  mutating func settleFunding(_ settled: Funding, _ outbox: inout Outbox) {
    guard paper != nil, !isWired, let mark = portfolio.mark(settled.symbol) else { return }
    pay(settled.symbol, at: settled.time, rate: settled.rate, price: mark.price, &outbox)
  }

  /// Takes funding that the venue booked on the account.
  mutating func take(_ receipt: FundingReceipt, _ outbox: inout Outbox) {
    // One net position at the venue is one position here: exchange execution is exclusive.
    if let holder = portfolio.positions.first(where: {
      $0.symbol == receipt.symbol && $0.openedAt < receipt.time
    }) {
      book(receipt.amount, on: holder, at: receipt.time, &outbox)
      return
    }
    // The position may have closed since: its orders are remembered for a while.
    guard
      let closed = orders.rows.last(where: {
        $0.intent.symbol == receipt.symbol && $0.intent.role == .entry && $0.filled > .zero
          && $0.createdAt < receipt.time
      }), funding.advance(closed.position, to: receipt.time)
    else { return }
    portfolio.account?.funding += receipt.amount
    outbox.records.append(
      .fundingPayment(
        FundingPaymentRecord(
          position: closed.position, symbol: receipt.symbol, time: receipt.time,
          amount: receipt.amount)))
    recordAccount(&outbox)
  }

  private mutating func pay(
    _ symbol: Symbol, at time: Instant, rate: FundingRate, price: Price, _ outbox: inout Outbox
  ) {
    for position in portfolio.positions
    where position.symbol == symbol && position.openedAt < time {
      guard
        let amount = fundingPayment(
          quantity: position.quantity.steps, price: price.steps, rate: rate.steps, in: Integers())
      else { continue }
      book(Money(steps: amount), on: position, at: time, &outbox)
    }
  }

  /// Books a payment on a position, once per funding time.
  private mutating func book(
    _ amount: Money, on position: PositionRecord, at time: Instant, _ outbox: inout Outbox
  ) {
    guard funding.advance(position.id, to: time),
      let next = portfolio.book(funding: amount, on: position)
    else { return }
    portfolio.put(next)
    outbox.records.append(
      .fundingPayment(
        FundingPaymentRecord(
          position: position.id, symbol: position.symbol, time: time, amount: amount)))
    outbox.records.append(.position(next))
    recordAccount(&outbox)
  }
}

/// What funding needs to be paid once.
struct FundingLedger: Sendable {
  /// The newest figures of each symbol and the hour they belong to.
  var figures: [(context: AssetContext, hour: Instant)] = []
  private var paid: [(position: ClientOrderID, time: Instant)] = []

  /// Moves a position's newest payment to `time`; false where it was paid already.
  mutating func advance(_ position: ClientOrderID, to time: Instant) -> Bool {
    if let index = paid.firstIndex(where: { $0.position == position }) {
      guard paid[index].time < time else { return false }
      paid[index].time = time
      return true
    }
    paid.append((position, time))
    return true
  }

  /// Forgets closed positions.
  mutating func prune(isOpen: (ClientOrderID) -> Bool) { paid.removeAll { !isOpen($0.position) } }
}
