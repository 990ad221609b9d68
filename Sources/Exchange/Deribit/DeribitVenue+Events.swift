import Market
import Venues

// What is told when it happens.
extension DeribitVenue {
  /// Tells those who want to know that an option was listed or has expired.
  mutating func announce(_ instrument: String, _ state: StaticString, of market: DeribitMarket) {
    for session in sessions {
      for subscription in session.subscriptions {
        guard case .instrumentState(let kind, let currency) = subscription.topic,
          kind ?? "option" == "option", currency ?? market.currency == market.currency
        else { continue }
        var writer = JSONWriter()
        writer.object {
          $0.integer("timestamp", clock.milliseconds)
          $0.string("state", state.description)
          $0.string("instrument_name", instrument)
        }
        notify(session.id, subscription.channel, writer.bytes)
      }
    }
  }

  /// Tells those who want to know that an index is locked, or no longer.
  mutating func announceLock(of market: DeribitMarket, _ isLocked: Bool) {
    var writer = JSONWriter()
    writer.object {
      $0.string("price_index", market.index)
      $0.bool("locked", isLocked)
    }
    for session in sessions {
      for subscription in session.subscriptions where subscription.topic == .platformState {
        notify(session.id, subscription.channel, writer.bytes)
      }
    }
  }

  /// The marks of every option of an underlying: the whole chain first, then what changed.
  ///
  /// Here, and here alone, the venue gives volatility as a fraction.
  func marks(
    _ place: Int, _ subscription: inout DeribitSubscription, _ market: some TrueMarket
  ) -> [UInt8]? {
    let underlying = underlyings[place]
    var told: [String: Double] = [:]
    var writer = JSONWriter(capacity: 16_384)
    var count = 0
    writer.array { rows in
      for option in underlying.options {
        guard let figures = figures(of: option, on: underlying, market) else { continue }
        told[option.text] = figures.mark
        guard subscription.marks[option.text] != figures.mark else { continue }
        count += 1
        rows.object {
          $0.string("instrument_name", option.text)
          $0.deribit("mark_price", figures.mark)
          $0.deribit("iv", option.volatility)
          $0.integer("timestamp", clock.milliseconds)
        }
      }
    }
    subscription.marks = told
    return count > 0 ? writer.bytes : nil
  }

  /// A book down to a depth, without the changes that led there.
  func wholeBook(
    _ instrument: DeribitInstrument, depth: Int, _ market: some TrueMarket
  ) -> [UInt8] {
    let levels = levels(instrument, market, depth: depth)
    var writer = JSONWriter(capacity: 1_024)
    writer.object { writer in
      writer.string("instrument_name", name(of: instrument))
      writer.integer("timestamp", clock.milliseconds)
      writer.integer("change_id", clock.milliseconds)
      for (key, rows) in [("bids", levels.bids), ("asks", levels.asks)]
        as [(StaticString, [DeribitLevel])]
      {
        writer.array(key, rows) { writer, level in
          writer.array([level.price, level.amount]) { $0.deribit($1) }
        }
      }
    }
    return writer.bytes
  }
}
