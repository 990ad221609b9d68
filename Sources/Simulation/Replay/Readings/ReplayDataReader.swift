import Market

/// Reads the files of a replay one after another and puts together what they tell.
struct ReplayDataReader {
  private var candleFiles: [CandleFileReference] = []
  private var data = ReplayData(candles: CandleHistory())
  private var tradeFiles: [(reference: DataFileReference, symbol: Symbol)] = []
  private var volumes: [TakerVolumes] = []
  private var values: [(place: Int, file: OpenInterestValueFile)] = []
  private var funding: [(place: Int, settlements: [Funding])] = []
  private var openInterest: [(place: Int, readings: [OpenInterest])] = []
  private var readings: [ReceivedReading] = []

  /// Takes a file; one of candles is read at the end, when the trades are known.
  mutating func add(_ reference: DataFileReference) throws(DataFileError) {
    let place = data.sources.count
    switch reference.subject {
    case .candles(let subject):
      candleFiles.append(CandleFileReference(path: reference.path, subject: subject))
    case .funding(_, let symbol):
      let file = try FundingFile(reference, symbol: symbol)
      funding.append((place, file.settlements))
      data.sources.append(file.source)
    case .openInterest(_, let symbol):
      let file = try OpenInterestFile(reference, symbol: symbol)
      openInterest.append((place, file.readings))
      data.sources.append(file.source)
    case .openInterestValue:
      let file = try OpenInterestValueFile(reference)
      values.append((place, file))
      data.sources.append(file.source)
    case .trades(_, let symbol): tradeFiles.append((reference, symbol))
    case .optionChain:
      let file = try OptionFile(reference)
      for chain in file.chains { receive(.optionChain(chain)) }
      data.sources.append(file.source)
    }
  }

  /// Reads the trades; of a symbol, those of the first source, perpetuals before spot.
  private mutating func addTrades() throws(DataFileError) {
    let spot = tradeFiles.filter { $0.reference.isSpot }
    for (reference, symbol) in tradeFiles.filter({ !$0.reference.isSpot }) + spot {
      let source = reference.subject.source
      let known = volumes.firstIndex { $0.symbol == symbol }
      if known == nil { volumes.append(TakerVolumes(symbol: symbol, source: source)) }
      let place = known ?? volumes.count - 1
      guard volumes[place].source == source else {
        pass(reference.path, "the trades of \(symbol) are those of \(volumes[place].source)")
        continue
      }
      let file = try TradeFile(reference)
      guard volumes[place].add(file.trades) else {
        pass(reference.path, "its trades do not come after those of the file before it")
        continue
      }
      var report = file.source
      report.usedCount = file.trades.count
      data.sources.append(report)
    }
  }

  private mutating func pass(_ path: String, _ reason: String) {
    data.unread.append(ReplayData.UnreadFile(path: path, reason: reason))
  }

  private mutating func receive(_ reading: Reading) {
    readings.append(ReceivedReading(reading, received: reading.time + ReplayData.delay))
  }

  /// Reads the candles and makes what needs several files.
  mutating func finish() throws(DataFileError) -> ReplayData {
    try addTrades()
    let traded = candleFiles.filter { !$0.isSpot }.map(\.subject.symbol)
    // A spot file stands in for the execution venue's candles where nothing else does.
    let spot = candleFiles.filter { $0.isSpot && traded.contains($0.subject.symbol) }
    for reference in candleFiles where !spot.contains(reference) {
      var file = try CandleFile(reference)
      for index in volumes.indices where volumes[index].symbol == reference.subject.symbol {
        volumes[index].splitCount += file.takeSplits(from: volumes[index])
      }
      data.candles.add(file)
    }
    data.candles.measureGaps()
    for volumes in volumes {
      for index in data.sources.indices
      where data.sources[index].reference.subject
        == .trades(source: volumes.source, volumes.symbol)
      {
        data.sources[index].derivation =
          "taker splits of \(volumes.splitCount) candles that they cover whole"
      }
    }
    var prices: [Symbol: ClosingPrices] = [:]
    for symbol in data.candles.symbols {
      prices[symbol] = ClosingPrices(
        data.candles.series.filter { $0.symbol == symbol }.map(\.candles))
    }
    try addSpot(spot, prices)
    for (place, var file) in values {
      let readings = file.readings(prices: prices)
      data.sources[place] = file.source
      openInterest.append((place, readings))
    }
    addFunding()
    addOpenInterest()
    data.readings = ReplayData.ordered(readings)
    return data
  }

  /// Samples of spot beside the perpetual: one file at a time, an earlier file's instant stays.
  private mutating func addSpot(
    _ files: [CandleFileReference], _ prices: [Symbol: ClosingPrices]
  ) throws(DataFileError) {
    var taken: [Symbol: Set<Int64>] = [:]
    for reference in files {
      let subject = reference.subject
      let file = try CandleFile(reference)
      var source = ReadingSource(
        DataFileReference(path: reference.path, subject: .candles(subject)))
      source.rowCount = file.rowCount
      let samples = prices[subject.symbol]?.samples(
        of: subject.symbol, spot: ClosingPrices([file.candles]), Venue(source: subject.source))
      for sample in samples ?? []
      where taken[subject.symbol, default: []].insert(sample.time.nanoseconds).inserted {
        receive(.spot(sample))
        source.usedCount += 1
      }
      source.derivation = "spot samples: closes of both markets at the same instant"
      data.sources.append(source)
    }
  }

  /// Settlements of one venue at a time: the execution venue's where it has some within a period,
  /// another's elsewhere, so that no position pays twice.
  private mutating func addFunding() {
    let own = funding.filter { $0.settlements.first?.venue == .hyperliquid }
    let others = funding.filter { $0.settlements.first?.venue != .hyperliquid }
    var settled: [Symbol: [Instant]] = [:]
    for (place, settlements) in own + others {
      guard let symbol = settlements.first?.symbol else { continue }
      let before = settled[symbol] ?? []
      var accepted: [Instant] = []
      var index = 0
      for settlement in settlements {
        while index < before.count, before[index] < settlement.time { index += 1 }
        // Settlements come some milliseconds early or late.
        let least = settlement.period - .minutes(1)
        let isNearEarlier =
          index > 0 && settlement.time - before[index - 1] < least
        let isNearLater =
          index < before.count && before[index] - settlement.time < least
        guard !isNearEarlier, !isNearLater else { continue }
        accepted.append(settlement.time)
        receive(.funding(settlement))
        data.sources[place].usedCount += 1
      }
      settled[symbol] = (before + accepted).sorted()
    }
  }

  /// Readings of an instant once: an earlier file's stays.
  private mutating func addOpenInterest() {
    var taken: [Symbol: Set<Int64>] = [:]
    for (place, readings) in openInterest {
      for reading in readings
      where taken[reading.symbol, default: []].insert(reading.time.nanoseconds).inserted {
        receive(.openInterest(reading))
        data.sources[place].usedCount += 1
      }
    }
  }
}

extension CandleFile {
  /// Gives candles without a taker split what trades tell of it.
  ///
  /// - Returns: How many got one.
  mutating func takeSplits(from volumes: TakerVolumes) -> Int {
    let source = reference.subject.source
    var count = 0
    for index in candles.indices where candles[index].takerSplit == nil {
      guard let split = volumes.split(of: candles[index], from: source),
        let whole = candles[index].with(split)
      else { continue }
      candles[index] = whole
      count += 1
    }
    return count
  }
}
