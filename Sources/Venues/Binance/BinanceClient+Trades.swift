import Market

// Aggregate trades: streamed, and read from history where ids are missing.
extension BinanceClient {
  mutating func trade(
    _ event: JSONValue, at now: Now, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    let trade = try BinanceWire.trade(event)
    guard let index = tapes.firstIndex(where: { $0.symbol == trade.symbol }) else {
      throw .unknownSymbol
    }
    hear(.trades(trade.symbol), at: now)
    switch tapes[index].take(trade.id) {
    case .repeated: return
    case .new: break
    case .ahead(let from, let count):
      let (missed, over) = missedTrades.addingReportingOverflow(count)
      missedTrades = over ? .max : missed
      if count <= Self.longestHole {
        ask(.trades(trade.symbol, from: from, count: count), at: now, into: &effects)
      } else {
        tapes[index].giveUp(from)
      }
    }
    effects.append(.latency(.frame(.aggTrade, age: venueTime(at: now) - trade.time)))
    effects.append(.market(.trade(trade)))
  }

  /// The longest hole that history is asked for: five answers, a hundred of weight.
  private static var longestHole: UInt64 { 5_000 }

  /// Takes trades that the stream left out.
  mutating func tradeHistory(
    _ root: JSONValue, of symbol: Symbol, from: UInt64, _ body: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) -> Bool {
    guard let rows = root.elements else {
      reject(.aggTrade, .member("array"), body, into: &effects)
      return false
    }
    guard let index = tapes.firstIndex(where: { $0.symbol == symbol }) else { return true }
    var filled = false
    for row in rows {
      do throws(WireFault) {
        let trade = try BinanceWire.trade(row, of: symbol)
        guard tapes[index].fill(trade.id) else { continue }
        filled = true
        effects.append(.market(.trade(trade)))
      } catch {
        reject(.aggTrade, error.reason, body, into: &effects)
      }
    }
    guard let rest = tapes[index].rest(from: from) else { return true }
    guard filled else {
      tapes[index].giveUp(rest.lowerBound)
      return true
    }
    ask(
      .trades(symbol, from: rest.lowerBound, count: UInt64(rest.count)), at: now,
      into: &effects)
    return true
  }
}
