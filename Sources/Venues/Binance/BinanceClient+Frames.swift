import Market

// Frames: events, acknowledgements and errors.
extension BinanceClient {
  mutating func frame(
    _ bytes: [UInt8], from id: ConnectionID, socket index: Int, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    let root: JSONValue
    do throws(JSONFault) {
      root = try parser.parse(bytes).root
    } catch {
      return reject(.frame, .json(error), bytes, into: &effects)
    }
    // A connection in combined mode wraps each event in the name of its stream.
    let event = root["stream"] == nil ? root : root["data"] ?? root
    guard let type = event["e"]?.text else {
      return control(root, bytes, from: id, socket: index, at: now, into: &effects)
    }
    do throws(WireFault) {
      switch type {
      case "kline": try kline(event, bytes, at: now, into: &effects)
      case "aggTrade": try trade(event, at: now, into: &effects)
      case "markPriceUpdate": try mark(event, bytes, at: now, into: &effects)
      case "serverShutdown":
        if id == sockets[index].kept.openConnection {
          replace(index, at: now, into: &effects)
        }
        return
      default: return reject(.frame, .unknownChannel, bytes, into: &effects)
      }
    } catch {
      return reject(Self.kind(of: type), error.reason, bytes, into: &effects)
    }
    if id == sockets[index].kept.openConnection { dismissOutgoing(index, into: &effects) }
  }

  private static func kind(of type: JSONText) -> InputKind {
    switch type {
    case "kline": .kline
    case "aggTrade": .aggTrade
    default: .markPrice
    }
  }

  /// Takes the answer to a subscription, or an error: with the id of the request that it concerns,
  /// or in the older form without.
  private mutating func control(
    _ root: JSONValue, _ bytes: [UInt8], from id: ConnectionID, socket index: Int, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    guard root.kind == .object else {
      return reject(.frame, .unknownChannel, bytes, into: &effects)
    }
    // The connection that is being replaced has nothing more to acknowledge.
    let isCurrent = id == sockets[index].kept.openConnection
    if root["result"] != nil, let number = root["id"]?.uint64 {
      guard isCurrent, acknowledged(number, socket: index, at: now, into: &effects) else {
        return reject(.control, .stray, bytes, into: &effects)
      }
      return
    }
    guard let message = (root["error"] ?? root)["msg"]?.string else {
      return reject(.frame, .unknownChannel, bytes, into: &effects)
    }
    reject(.control, .venueError, bytes, into: &effects)
    guard isCurrent else { return }
    let number = root["id"]?.uint64 ?? sockets[index].pending.first?.id
    guard let number, sockets[index].pending.contains(where: { $0.id == number }) else { return }
    effects.append(.feed(.subscriptionRefused(String(message.prefix(200)))))
    // Nothing of the frame is subscribed: the silence of its streams ends the connection.
    _ = acknowledged(number, socket: index, at: now, into: &effects)
  }

  private mutating func kline(
    _ event: JSONValue, _ bytes: [UInt8], at now: Now, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    let (candle, isFinal) = try BinanceWire.kline(event)
    let time = try event.time("E")
    let series = CandleSeries(symbol: candle.symbol, timeframe: candle.timeframe)
    guard let index = klines.firstIndex(where: { $0.series == series }) else {
      throw .unknownSymbol
    }
    guard candle.openTime <= latest(at: now) else { throw .inconsistent }
    hear(.kline(series), at: now)
    // A forming candle says only that the stream lives; after its final form, it is late.
    guard isFinal else { return }
    effects.append(.latency(.frame(.kline, age: venueTime(at: now) - time)))
    closed(candle, of: index, bytes, at: now, into: &effects)
  }

  private mutating func mark(
    _ event: JSONValue, _ bytes: [UInt8], at now: Now, into effects: inout [ClientEffect]
  ) throws(WireFault) {
    let mark = try BinanceWire.mark(event)
    guard streams.contains(.mark(mark.symbol)) else { throw .unknownSymbol }
    hear(.mark(mark.symbol), at: now)
    effects.append(.latency(.frame(.markPrice, age: venueTime(at: now) - mark.time)))
    effects.append(.market(.mark(mark)))
  }
}
