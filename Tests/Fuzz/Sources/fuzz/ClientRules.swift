import Market
import Risk

@testable import Venues

/// What made a client speak.
enum Cause: Hashable {
  /// Its owner asked for something, or ended it.
  case owner
  /// A connection opened or ended, or a request ended without an answer.
  case transport
  /// A frame came.
  case frame
  /// An answer came.
  case answer(status: Int)
  /// A timer fired.
  case timer
}

/// What every effect of a client must be like, whatever came before it.
struct ClientRules: Sendable {
  /// The owner of its timers.
  let timerOwner: UInt8
  /// What it was asked to follow.
  let symbols: [Symbol]
  /// Whether it has an account to report on.
  let hasAccount: Bool
  /// The most connections that it may keep at once.
  var connections = 1
  /// The most effects of one input, besides one a byte.
  var effectsPerInput = 4_096

  func check(_ effect: ClientEffect, _ cause: Cause) {
    switch effect {
    case .market(let event): check(event)
    case .report(let report):
      expect(hasAccount, "a report without an account: \(report)")
      check(report, cause)
    case .foreignFill(let fill):
      expect(hasAccount && fill.price > .zero && fill.quantity > .zero, "\(fill)")
    case .account(let snapshot):
      expect(hasAccount, "an account that nobody has: \(snapshot)")
      for position in snapshot.positions {
        expect(!position.quantity.isZero, "a position of nothing: \(position)")
      }
    case .funding, .openOrders: expect(hasAccount, "\(effect)")
    default: break
    }
  }

  /// An order ends by the venue's word alone: where nothing came from the venue, nothing ends.
  private func check(_ report: OrderReport, _ cause: Cause) {
    guard case .evidence(_, let evidence, _) = report else { return }
    switch (evidence, cause) {
    case (_, .frame), (_, .answer(200)): break
    // The venue could not read it, or had no room for it: it did not act on it.
    case (.rejected, .answer(422)), (.rejected, .answer(429)): break
    // Nothing was sent.
    case (.rejected, .owner): break
    default: finding("\(evidence) without a word of the venue (\(cause))")
    }
  }

  private func check(_ event: MarketEvent) {
    switch event {
    case .candle(let candle), .closedCandle(let candle):
      known(candle.symbol)
      expect(
        candle.low > .zero && candle.low <= min(candle.open, candle.close)
          && candle.high >= max(candle.open, candle.close) && candle.volume >= .zero, "\(candle)")
      expect(
        candle.timeframe.open(containing: candle.openTime) == candle.openTime,
        "off its grid: \(candle)")
    case .trade(let trade):
      known(trade.symbol)
      expect(trade.price > .zero && trade.quantity > .zero, "\(trade)")
    case .quote(let quote):
      known(quote.symbol)
      for level in [quote.bid, quote.ask] {
        if let level { expect(level.price > .zero && level.quantity > .zero, "\(quote)") }
      }
    case .book(let book):
      known(book.symbol)
      let bids = book.bids.map(\.price)
      let asks = book.asks.map(\.price)
      expect(zip(bids, bids.dropFirst()).allSatisfy { $0 > $1 }, "bids out of order: \(book)")
      expect(zip(asks, asks.dropFirst()).allSatisfy { $0 < $1 }, "asks out of order: \(book)")
      for level in book.bids + book.asks {
        expect(level.price > .zero && level.quantity > .zero, "\(level)")
      }
      if let bid = bids.first, let ask = asks.first { expect(bid < ask, "crossed: \(book)") }
    case .mid(let symbol, let price):
      known(symbol)
      expect(price > .zero, "\(symbol) at \(price)")
    case .mark(let mark):
      known(mark.symbol)
      expect(mark.mark > .zero, "\(mark)")
    case .context(let context): known(context.symbol)
    case .funding(let funding): known(funding.symbol)
    case .openInterest(let interest): known(interest.symbol)
    case .spot(let spot): known(spot.symbol)
    case .volatilityIndex(let index): known(index.symbol)
    case .optionChain(let chain): known(chain.symbol)
    }
  }

  private func known(_ symbol: Symbol) {
    expect(symbols.contains(symbol), "\(symbol), which nobody asked for")
  }
}
