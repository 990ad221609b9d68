import Market

/// What was taken from a file of readings, and what was left out of it.
public struct ReadingSource: Hashable, Sendable {
  /// The file and what it holds.
  public let reference: DataFileReference
  /// Rows, the header not counted.
  public internal(set) var rowCount = 0
  /// Rows left out, by reason.
  public internal(set) var rejections: [Rejection] = []
  /// What the replay was given of it: settlements, readings, trades, chains or samples.
  public internal(set) var usedCount = 0
  /// How the figures were made where they are not the file's own; empty where they are.
  public internal(set) var derivation = ""

  /// Rows left out for one reason.
  public struct Rejection: Hashable, Sendable {
    /// Why.
    public let reason: Reason
    /// How many.
    public internal(set) var count: Int
    /// The line of the first of them.
    public let firstLine: Int
  }

  /// Why a well-formed row was left out.
  public enum Reason: Int, Hashable, Sendable, CaseIterable {
    /// A price, size or open interest is zero or negative.
    case notPositive
    /// The rate is beyond one hundred percent.
    case absurdRate
    /// It repeats the row before it.
    case duplicate
    /// It has the time of the row before it, and other figures.
    case contradiction
    /// It is earlier than the row before it.
    case outOfOrder
    /// The option has expired.
    case expired
    /// No candle tells a price to divide by.
    case noPrice

    /// What is wrong with the row, as the rest of a sentence about it.
    public var text: String {
      switch self {
      case .notPositive: "a figure is not positive"
      case .absurdRate: "the rate is beyond one hundred percent"
      case .duplicate: "it repeats the row before it"
      case .contradiction: "it contradicts the row before it"
      case .outOfOrder: "it is earlier than the row before it"
      case .expired: "the option has expired"
      case .noPrice: "no candle tells a price to divide by"
      }
    }
  }

  init(_ reference: DataFileReference) { self.reference = reference }

  mutating func reject(_ reason: Reason, line: Int) {
    if let index = rejections.firstIndex(where: { $0.reason == reason }) {
      rejections[index].count += 1
    } else {
      rejections.append(Rejection(reason: reason, count: 1, firstLine: line))
      rejections.sort { $0.reason.rawValue < $1.reason.rawValue }
    }
  }

  /// Whether a row of `time` comes after the row of `last`; counts it as left out where it does
  /// not.
  mutating func admits<Row: Equatable>(
    _ row: Row, at time: Instant, after last: (time: Instant, row: Row)?, line: Int
  ) -> Bool {
    guard let last, time <= last.time else { return true }
    if time < last.time {
      reject(.outOfOrder, line: line)
    } else {
      reject(row == last.row ? .duplicate : .contradiction, line: line)
    }
    return false
  }
}

/// A file of settled funding.
struct FundingFile {
  static let columns = ["time_ms", "funding_rate"]

  private(set) var source: ReadingSource
  private(set) var settlements: [Funding] = []

  /// Reads a file whole.
  init(_ reference: DataFileReference, symbol: Symbol) throws(DataFileError) {
    var source = ReadingSource(reference)
    var rows: [(time: Instant, rate: FundingRate)] = []
    source.rowCount = try DataTable.read(
      reference.path,
      header: { names throws(DataFileError) in
        try Self.demand(names == Self.columns, names, Self.columns, of: reference.path)
      },
      row: { row throws(DataFileError) in
        let time = try row.milliseconds(0, "a time")
        let rate = try row.rate(1, "a rate")
        guard rate.steps.magnitude <= 10_000_000_000 else {
          return source.reject(.absurdRate, line: row.line)
        }
        let last = rows.last.map { ($0.time, $0.rate) }
        guard source.admits(rate, at: time, after: last, line: row.line) else { return }
        rows.append((time, rate))
      })
    let venue = Venue(source: reference.subject.source)
    let times = rows.map(\.time)
    for (index, row) in rows.enumerated() {
      settlements.append(
        Funding(
          symbol: symbol, venue: venue, time: row.time, rate: row.rate,
          period: Self.period(at: index, of: times, venue)))
    }
    self.source = source
  }

  /// How long the period is that a settlement ends.
  ///
  /// The spacing to the row before tells, or to the row after where there is none or a hole; where
  /// neither does, the venue's present period: an hour at Hyperliquid (eight before June 2023),
  /// eight elsewhere.
  static func period(at index: Int, of times: [Instant], _ venue: Venue) -> Interval {
    let known: [Int64] = venue == .hyperliquid ? [1, 8] : [1, 2, 4, 8]
    func hours(_ earlier: Int, _ later: Int) -> Int64? {
      guard earlier >= 0, later < times.count else { return nil }
      let minutes = (times[later] - times[earlier]).milliseconds / 60_000
      let rounded = (minutes + 30) / 60
      return known.contains(rounded) ? rounded : nil
    }
    let usual: Int64 = venue == .hyperliquid ? 1 : 8
    return .hours(hours(index - 1, index) ?? hours(index, index + 1) ?? usual)
  }

  static func demand(
    _ holds: Bool, _ names: [String], _ columns: [String], of path: String
  ) throws(DataFileError) {
    guard !holds else { return }
    throw DataFileError(
      .header, path: path, line: 1,
      found: "header \(DataLines.excerpt(ArraySlice(names.joined(separator: ",").utf8)))",
      expected: columns.joined(separator: ","))
  }
}

/// The columns of files of open interest.
enum OpenInterestColumns {
  static let coins = ["time_ms", "open_interest"]

  /// The symbol of a column of values such as `btc_open_interest_usd`; nil for any other column.
  static func symbol(_ column: String) -> Symbol? {
    let ending = "_open_interest_usd"
    guard column.hasSuffix(ending) else { return nil }
    return CandleFileSubject.perpetual(column.dropLast(ending.count).uppercased())
  }
}

/// A file of open interest in coins.
struct OpenInterestFile {
  private(set) var source: ReadingSource
  private(set) var readings: [OpenInterest] = []

  /// Reads a file whole.
  init(_ reference: DataFileReference, symbol: Symbol) throws(DataFileError) {
    var source = ReadingSource(reference)
    var readings: [OpenInterest] = []
    let venue = Venue(source: reference.subject.source)
    source.rowCount = try DataTable.read(
      reference.path,
      header: { names throws(DataFileError) in
        let coins = OpenInterestColumns.coins
        try FundingFile.demand(
          names.starts(with: coins), names, coins + ["…"], of: reference.path)
      },
      row: { row throws(DataFileError) in
        let time = try row.milliseconds(0, "a time")
        let quantity: Quantity = try row.decimal(1, "an open interest")
        guard quantity > .zero else { return source.reject(.notPositive, line: row.line) }
        let last = readings.last.map { ($0.time, $0.quantity) }
        guard source.admits(quantity, at: time, after: last, line: row.line) else { return }
        readings.append(
          OpenInterest(symbol: symbol, venue: venue, time: time, quantity: quantity))
      })
    self.source = source
    self.readings = readings
  }
}

/// A file of open interest in US dollars, a column a symbol.
struct OpenInterestValueFile {
  struct Row: Equatable {
    let line: Int
    let time: Instant
    let values: [Money]

    /// Two rows are equal where their figures are.
    static func == (one: Row, other: Row) -> Bool {
      one.time == other.time && one.values == other.values
    }
  }

  private(set) var source: ReadingSource
  private(set) var symbols: [Symbol] = []
  private(set) var rows: [Row] = []

  /// Reads a file whole.
  init(_ reference: DataFileReference) throws(DataFileError) {
    var source = ReadingSource(reference)
    var symbols: [Symbol] = []
    var rows: [Row] = []
    source.rowCount = try DataTable.read(
      reference.path,
      header: { names throws(DataFileError) in
        symbols = names.dropFirst().compactMap(OpenInterestColumns.symbol)
        try FundingFile.demand(
          names.first == "time_ms" && !symbols.isEmpty && symbols.count == names.count - 1,
          names, ["time_ms", "btc_open_interest_usd", "…"], of: reference.path)
      },
      row: { row throws(DataFileError) in
        let time = try row.milliseconds(0, "a time")
        var values: [Money] = []
        for column in 1...symbols.count {
          values.append(try row.decimal(column, "an open interest"))
        }
        guard values.allSatisfy({ $0 > .zero }) else {
          return source.reject(.notPositive, line: row.line)
        }
        let next = Row(line: row.line, time: time, values: values)
        let last = rows.last.map { ($0.time, $0) }
        guard source.admits(next, at: time, after: last, line: row.line) else { return }
        rows.append(next)
      })
    self.source = source
    self.symbols = symbols
    self.rows = rows
  }

  /// The readings in coins: each value over the newest price of a candle closed by then, to the
  /// nearest 1e-8.
  mutating func readings(prices: [Symbol: ClosingPrices]) -> [OpenInterest] {
    var readings: [OpenInterest] = []
    let venue = Venue(source: source.reference.subject.source)
    for row in rows {
      for (symbol, value) in zip(symbols, row.values) {
        // A symbol without candles is none that the replay is about.
        guard let closes = prices[symbol] else { continue }
        guard let price = closes.newest(at: row.time),
          let steps = Int64(
            exactly: Rounding.nearest.divide(
              Int128(value.steps) * Int128(Price.stepsPerWhole), by: Int128(price.steps)))
        else {
          source.reject(.noPrice, line: row.line)
          continue
        }
        readings.append(
          OpenInterest(
            symbol: symbol, venue: venue, time: row.time, quantity: Quantity(steps: steps)))
      }
    }
    source.derivation = "US dollars over the last candle close, so derived"
    return readings
  }
}
