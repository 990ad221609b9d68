public import Market

extension CandleRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(candle.symbol)
    writer.writeCase(candle.timeframe)
    writer.writeCase(candle.venue)
    writer.write(candle.openTime)
    writer.write(candle.open)
    writer.write(candle.high)
    writer.write(candle.low)
    writer.write(candle.close)
    writer.write(candle.volume)
    writer.writeOptional(candle.takerSplit) { writer, split in
      writer.write(split.buy)
      writer.write(split.sell)
      writer.write(split.coverage)
    }
    writer.write(isBackfilled)
  }

  /// Reads a record whose candle keeps the rules of candles.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    let symbol: Symbol = try reader.readName()
    let timeframe = try reader.readCase(Timeframe.self)
    let venue = try reader.readCase(Venue.self)
    let openTime = try reader.readInstant()
    let open: Price = try reader.readFixed()
    let high: Price = try reader.readFixed()
    let low: Price = try reader.readFixed()
    let close: Price = try reader.readFixed()
    let volume: Quantity = try reader.readFixed()
    let split: TakerSplit? = try reader.readOptional { reader throws(BinaryFault) in
      TakerSplit(
        buy: try reader.readFixed(), sell: try reader.readFixed(),
        coverage: try reader.readFixed())
    }
    let isBackfilled = try reader.readBool()
    do {
      self.init(
        candle: try Candle(
          symbol: symbol, timeframe: timeframe, venue: venue, openTime: openTime, open: open,
          high: high, low: low, close: close, volume: volume, takerSplit: split),
        isBackfilled: isBackfilled)
    } catch {
      throw .invalid(offset: start)
    }
  }
}

extension BinaryWriter {
  mutating func write(_ funding: Funding) {
    write(funding.symbol)
    writeCase(funding.venue)
    write(funding.time)
    write(funding.rate.steps)
    write(funding.period.nanoseconds)
  }

  mutating func write(_ sample: SpotPrice) {
    write(sample.symbol)
    writeCase(sample.venue)
    write(sample.time)
    write(sample.price)
    writeOptional(sample.mid) { $0.write($1) }
  }

  mutating func write(_ reading: OpenInterest) {
    write(reading.symbol)
    writeCase(reading.venue)
    write(reading.time)
    write(reading.quantity)
  }

  mutating func write(_ reading: VolatilityIndex) {
    write(reading.symbol)
    writeCase(reading.venue)
    write(reading.time)
    write(reading.value)
  }

  mutating func write(_ chain: OptionChain) {
    write(chain.symbol)
    writeCase(chain.venue)
    write(chain.time)
    write(chain.quotes.count)
    for quote in chain.quotes {
      write(quote.expiry)
      write(quote.strike)
      write(quote.isCall)
      write(quote.impliedVolatility)
      write(quote.openInterest)
      write(quote.underlying)
    }
  }
}

extension BinaryReader {
  mutating func readFunding() throws(BinaryFault) -> Funding {
    Funding(
      symbol: try readName(), venue: try readCase(), time: try readInstant(),
      rate: FundingRate(steps: try readInt64()), period: Interval(nanoseconds: try readInt64()))
  }

  mutating func readSpotPrice() throws(BinaryFault) -> SpotPrice {
    SpotPrice(
      symbol: try readName(), venue: try readCase(), time: try readInstant(),
      price: try readFixed(),
      mid: try readOptional { reader throws(BinaryFault) in try reader.readFixed() })
  }

  mutating func readOpenInterest() throws(BinaryFault) -> OpenInterest {
    OpenInterest(
      symbol: try readName(), venue: try readCase(), time: try readInstant(),
      quantity: try readFixed())
  }

  mutating func readVolatilityIndex() throws(BinaryFault) -> VolatilityIndex {
    VolatilityIndex(
      symbol: try readName(), venue: try readCase(), time: try readInstant(),
      value: try readFixed())
  }

  mutating func readOptionChain() throws(BinaryFault) -> OptionChain {
    let symbol: Symbol = try readName()
    let venue = try readCase(Venue.self)
    let time = try readInstant()
    var quotes: [OptionQuote] = []
    for _ in 0..<(try readCount()) {
      quotes.append(
        OptionQuote(
          expiry: try readInstant(), strike: try readFixed(), isCall: try readBool(),
          impliedVolatility: try readFixed(), openInterest: try readFixed(),
          underlying: try readFixed()))
    }
    return OptionChain(symbol: symbol, venue: venue, time: time, quotes: quotes)
  }
}
