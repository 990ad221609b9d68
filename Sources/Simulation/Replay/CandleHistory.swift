public import Market

/// The candles of several files, by series, in order of time, with what is missing from them.
public struct CandleHistory: Sendable {
  /// One symbol and timeframe.
  public struct Series: Sendable {
    /// What traded.
    public let symbol: Symbol
    /// How long each candle is.
    public let timeframe: Timeframe
    /// Each later than the one before.
    public internal(set) var candles: [Candle]
    /// Where candles are missing.
    public internal(set) var gaps: [Gap]
    /// Whether some of the candles were derived from shorter ones.
    public internal(set) var isDerived: Bool
  }

  /// A stretch of a series without candles.
  public struct Gap: Hashable, Sendable {
    /// In what.
    public let symbol: Symbol
    /// Of which timeframe.
    public let timeframe: Timeframe
    /// The open time of the first candle missing.
    public let from: Instant
    /// The open time of the next candle there is.
    public let to: Instant
    /// How many candles are missing.
    public let missingCount: Int64
    /// Whether it lies between two files rather than inside one: a cut, not missing data.
    public let isBetweenFiles: Bool
  }

  /// What was taken from one file.
  public struct Source: Hashable, Sendable {
    /// The file and what it holds.
    public let reference: CandleFileReference
    /// Rows, the header not counted.
    public let rowCount: Int
    /// Rows left out, by reason.
    public let rejections: [RejectionCount]
    /// The first rows left out, by line.
    public let rejectedRows: [CandleFile.Rejection]
    /// Candles that an earlier file of the same series already had.
    public internal(set) var overlappingCount = 0
    /// Candles that an earlier file of the same series had otherwise; the earlier one stays.
    public internal(set) var contradictingCount = 0
  }

  /// Rows left out for one reason.
  public struct RejectionCount: Hashable, Sendable {
    /// Why.
    public let reason: CandleFile.Reason
    /// How many.
    public let count: Int
  }

  /// The series, by symbol and then timeframe.
  public internal(set) var series: [Series] = []
  /// The files, in the order in which they were given.
  public internal(set) var sources: [Source] = []

  /// Every gap, by series and then time.
  public var gaps: [Gap] { series.flatMap(\.gaps) }
  /// How many candles there are in all series.
  public var candleCount: Int { series.reduce(0) { $0 + $1.candles.count } }
  /// The first open time; nil without candles.
  public var start: Instant? { series.compactMap { $0.candles.first?.openTime }.min() }
  /// The last close time; nil without candles.
  public var end: Instant? { series.compactMap { $0.candles.last?.closeTime }.max() }
  /// The symbols, in order of name.
  public var symbols: [Symbol] {
    var symbols: [Symbol] = []
    for one in series where symbols.last != one.symbol { symbols.append(one.symbol) }
    return symbols
  }

  /// Starts empty.
  public init() {}

  /// Reads files in order; an earlier file wins where two have the same candle.
  ///
  /// - Throws: ``DataFileError`` of the first file that cannot be read.
  public init(reading references: [CandleFileReference]) throws(DataFileError) {
    for reference in references { add(try CandleFile(reference)) }
    measureGaps()
  }

  /// Takes candles that are already in order of time as one series.
  public init(candles: [Candle]) {
    for candle in candles {
      let place = place(candle.symbol, candle.timeframe)
      if let last = series[place].candles.last, last.openTime >= candle.openTime { continue }
      series[place].candles.append(candle)
    }
    measureGaps()
  }

  /// Adds a file's candles; gaps are measured afterwards.
  mutating func add(_ file: CandleFile) {
    var source = Source(file)
    let place = place(file.reference.subject.symbol, file.reference.subject.timeframe)
    if let first = file.candles.first { fileStarts.append(FileStart(place: first)) }
    series[place].candles = Self.merge(series[place].candles, file.candles) { isContradiction in
      source.overlappingCount += 1
      if isContradiction { source.contradictingCount += 1 }
    }
    sources.append(source)
  }

  /// Where a file begins: a gap that ends there is a cut.
  struct FileStart: Hashable, Sendable {
    let symbol: Symbol
    let timeframe: Timeframe
    let openTime: Instant

    init(place candle: Candle) {
      symbol = candle.symbol
      timeframe = candle.timeframe
      openTime = candle.openTime
    }
  }
  private var fileStarts: [FileStart] = []

  /// The index of a series, which is made where it does not exist yet.
  mutating func place(_ symbol: Symbol, _ timeframe: Timeframe) -> Int {
    var index = 0
    while index < series.count {
      let one = series[index]
      if one.symbol == symbol, one.timeframe == timeframe { return index }
      if one.symbol > symbol || (one.symbol == symbol && one.timeframe > timeframe) { break }
      index += 1
    }
    let empty = Series(
      symbol: symbol, timeframe: timeframe, candles: [], gaps: [], isDerived: false)
    series.insert(empty, at: index)
    return index
  }

  /// Finds the gaps of every series anew.
  mutating func measureGaps() {
    for index in series.indices {
      let one = series[index]
      // A cut between files of shorter candles is one between those that they make, too.
      let starts = fileStarts.filter { $0.symbol == one.symbol && $0.timeframe <= one.timeframe }
      var gaps: [Gap] = []
      for (earlier, later) in zip(one.candles, one.candles.dropFirst())
      where earlier.closeTime != later.openTime {
        let length = (later.openTime - earlier.closeTime).nanoseconds
        gaps.append(
          Gap(
            symbol: one.symbol, timeframe: one.timeframe, from: earlier.closeTime,
            to: later.openTime,
            missingCount: length / one.timeframe.interval.nanoseconds,
            isBetweenFiles: starts.contains {
              earlier.closeTime < $0.openTime && $0.openTime <= later.openTime
            }))
      }
      series[index].gaps = gaps
    }
  }

  /// Both lists in order of time; where both have a candle, that of `first` stays.
  static func merge(
    _ first: [Candle], _ second: [Candle], onOverlap: (_ isContradiction: Bool) -> Void = { _ in }
  ) -> [Candle] {
    guard let last = first.last, let next = second.first, next.openTime <= last.openTime else {
      return first + second
    }
    var merged: [Candle] = []
    merged.reserveCapacity(first.count + second.count)
    var index = 0
    for candle in second {
      while index < first.count, first[index].openTime < candle.openTime {
        merged.append(first[index])
        index += 1
      }
      if index < first.count, first[index].openTime == candle.openTime {
        onOverlap(first[index] != candle)
      } else {
        merged.append(candle)
      }
    }
    merged.append(contentsOf: first[index...])
    return merged
  }
}

extension CandleHistory.Source {
  init(_ file: CandleFile) {
    reference = file.reference
    rowCount = file.rowCount
    rejectedRows = file.rejections
    rejections = zip(CandleFile.Reason.allCases, file.rejectionCounts).compactMap { reason, count in
      count > 0 ? CandleHistory.RejectionCount(reason: reason, count: count) : nil
    }
  }
}
