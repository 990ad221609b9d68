import Market

/// Turns the lines of a candle file into candles.
struct CandleRowReader {
  /// A longer line is no row of numbers.
  static let longestLine = 4_096
  static let columns = "open_time_ms,open,high,low,close,volume"

  private let reference: CandleFileReference
  private var line = 0
  private var hasTakerColumn = false
  private var blankLine: Int?

  init(reference: CandleFileReference) { self.reference = reference }

  /// Takes one line without its newline.
  mutating func take(
    _ bytes: ArraySlice<UInt8>, line: Int, into file: inout CandleFile
  ) throws(DataFileError) {
    self.line = line
    if line == 1 { return try takeHeader(bytes) }
    if let blankLine {
      throw error("a blank line", expected: "a row, or the end of the file", line: blankLine)
    }
    if bytes.isEmpty {
      blankLine = line
      return
    }
    try takeRow(bytes, into: &file)
  }

  /// Ends the reading.
  func finish() throws(DataFileError) {
    guard line > 1, blankLine != 2 else {
      throw DataFileError(
        .empty, path: reference.path, found: line == 0 ? "an empty file" : "no row",
        expected: "a header and at least one row")
    }
  }

  private mutating func takeHeader(_ bytes: ArraySlice<UInt8>) throws(DataFileError) {
    let text = String(decoding: bytes, as: UTF8.self)
    if text == Self.columns { return }
    guard text.hasPrefix(Self.columns + ",taker"),
      !text.dropFirst(Self.columns.count + 1).contains(",")
    else {
      throw DataFileError(
        .header, path: reference.path, line: 1, found: "header \(DataLines.excerpt(bytes))",
        expected: "\(Self.columns), and at most a taker volume after it")
    }
    hasTakerColumn = true
  }

  private func takeRow(
    _ bytes: ArraySlice<UInt8>, into file: inout CandleFile
  ) throws(DataFileError) {
    file.rowCount += 1
    var rest = bytes
    let openTime = try time(&rest)
    let open: Price = try amount(&rest, "an open")
    let high: Price = try amount(&rest, "a high")
    let low: Price = try amount(&rest, "a low")
    let close: Price = try amount(&rest, "a close")
    let volume: Quantity = try amount(&rest, "a volume", isLast: !hasTakerColumn)
    var taker: Quantity?
    if hasTakerColumn { taker = try amount(&rest, "a taker volume", isLast: true) }
    let candle: Candle
    do {
      candle = try Candle(
        symbol: reference.subject.symbol, timeframe: reference.subject.timeframe,
        venue: .hyperliquid, openTime: openTime, open: open, high: high, low: low, close: close,
        volume: volume, takerSplit: split(of: volume, bought: taker))
    } catch {
      return file.reject(CandleFile.Reason(error), line: line)
    }
    if let last = file.candles.last, candle.openTime <= last.openTime {
      guard candle.openTime == last.openTime else { return file.reject(.outOfOrder, line: line) }
      return file.reject(candle == last ? .duplicate : .contradiction, line: line)
    }
    file.candles.append(candle)
  }

  /// What takers did, where they bought `bought` of `volume`; nil where the file does not say.
  private func split(of volume: Quantity, bought: Quantity?) -> TakerSplit? {
    guard let bought, let sold = volume.checkedAdding(Quantity(steps: -bought.steps)) else {
      return nil
    }
    return TakerSplit(buy: bought, sell: sold, coverage: Fraction(whole: 1))
  }

  private func time(_ rest: inout ArraySlice<UInt8>) throws(DataFileError) -> Instant {
    let field = try next(&rest, "an open time", isLast: false)
    var milliseconds: Int64 = 0
    for byte in field {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10, field.count <= 15 else {
        throw error(
          "open time \(DataLines.excerpt(field))",
          expected: "milliseconds since 1970 in whole digits")
      }
      milliseconds = milliseconds * 10 + Int64(digit)
    }
    guard !field.isEmpty, let instant = Instant(exactlyMilliseconds: milliseconds) else {
      throw error(
        "open time \(DataLines.excerpt(field))", expected: "milliseconds between 1970 and 2262")
    }
    return instant
  }

  private func amount<Unit>(
    _ rest: inout ArraySlice<UInt8>, _ name: String, isLast: Bool = false
  ) throws(DataFileError) -> Fixed<Unit> {
    let field = try next(&rest, name, isLast: isLast)
    do {
      return try Fixed<Unit>(decimal: field)
    } catch {
      let expected =
        switch error {
        case .empty, .unexpected: "a plain decimal such as 98200.5"
        case .tooPrecise: "at most eight decimal places"
        case .overflow: "less than 92 billion"
        }
      throw self.error("\(name) of \(DataLines.excerpt(field))", expected: expected)
    }
  }

  /// The next field; a comma follows it unless it is the last one.
  private func next(
    _ rest: inout ArraySlice<UInt8>, _ name: String, isLast: Bool
  ) throws(DataFileError) -> ArraySlice<UInt8> {
    let comma = rest.firstIndex(of: UInt8(ascii: ","))
    guard isLast == (comma == nil) else {
      throw error(
        isLast ? "columns after \(name)" : "no column after \(name)",
        expected: "\(hasTakerColumn ? 7 : 6) columns, as in the header")
    }
    let end = comma ?? rest.endIndex
    defer { rest = comma.map { rest[($0 + 1)...] } ?? rest[rest.endIndex...] }
    return rest[rest.startIndex..<end]
  }

  private func error(_ found: String, expected: String, line: Int? = nil) -> DataFileError {
    DataFileError(
      .row, path: reference.path, line: line ?? self.line, found: found, expected: expected)
  }

}
