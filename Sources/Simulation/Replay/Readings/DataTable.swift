import Market

/// A file of rows under a header, gzip'ed or plain, read one row at a time.
enum DataTable {
  /// A longer line is no row of figures.
  static let longestLine = 16_384

  /// Hands over the header once, then every row in order.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - header: Told the names of the columns; says how many the file should have, or refuses.
  ///   - row: Told each row.
  /// - Returns: How many rows there were.
  /// - Throws: ``DataFileError`` where the file is missing, damaged or empty, a row has not as many
  ///   fields as the header, or one of the closures refuses what it is told.
  static func read(
    _ path: String, header: ([String]) throws(DataFileError) -> Void,
    row: (DataRow) throws(DataFileError) -> Void
  ) throws(DataFileError) -> Int {
    var width = 0
    var count = 0
    var blankLine: Int?
    try DataLines.read(path, longest: longestLine) { bytes, line throws(DataFileError) in
      if line == 1 {
        let names = fields(bytes)?.map { String(decoding: $0, as: UTF8.self) } ?? []
        width = names.count
        return try header(names)
      }
      if let blankLine {
        throw DataFileError(
          .row, path: path, line: blankLine, found: "a blank line",
          expected: "a row, or the end of the file")
      }
      if bytes.isEmpty {
        blankLine = line
        return
      }
      guard let fields = fields(bytes), fields.count == width else {
        throw DataFileError(
          .row, path: path, line: line,
          found: fields(bytes).map { "\($0.count) columns" } ?? "a quote without its end",
          expected: "\(width) columns, as in the header")
      }
      count += 1
      try row(DataRow(path: path, line: line, fields: fields))
    }
    guard count > 0 else {
      throw DataFileError(
        .empty, path: path, found: width == 0 ? "an empty file" : "no row",
        expected: "a header and at least one row")
    }
    return count
  }

  /// The fields of a line; nil where a quote does not end.
  ///
  /// A field in quotes may hold commas.
  static func fields(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
    var fields: [ArraySlice<UInt8>] = []
    var start = bytes.startIndex
    var isQuoted = false
    var index = bytes.startIndex
    while index < bytes.endIndex {
      switch bytes[index] {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        fields.append(bytes[start..<index])
        start = index + 1
      default: break
      }
      index += 1
    }
    guard !isQuoted else { return nil }
    fields.append(bytes[start..<bytes.endIndex])
    return fields
  }
}

/// One row, and where it stands.
struct DataRow {
  let path: String
  let line: Int
  let fields: [ArraySlice<UInt8>]

  /// A time in whole milliseconds since 1970.
  func milliseconds(_ column: Int, _ name: String) throws(DataFileError) -> Instant {
    let field = fields[column]
    guard (1...15).contains(field.count), let count = Self.digits(field),
      let instant = Instant(exactlyMilliseconds: count)
    else {
      throw error(
        "\(name) \(DataLines.excerpt(field))",
        expected: "milliseconds since 1970 in whole digits, before 2262")
    }
    return instant
  }

  /// A time as in `2026-01-05T04:11:27.551698+00:00`.
  func timestamp(_ column: Int, _ name: String) throws(DataFileError) -> Instant {
    let field = fields[column]
    var text = String(decoding: field, as: UTF8.self)
    if text.hasSuffix("+00:00") { text = text.dropLast(6) + "Z" }
    guard let instant = Instant(iso8601: text) else {
      throw error(
        "\(name) \(DataLines.excerpt(field))", expected: "UTC as in 2026-01-05T04:11:27+00:00")
    }
    return instant
  }

  /// A plain decimal, exactly.
  func decimal<Unit>(_ column: Int, _ name: String) throws(DataFileError) -> Fixed<Unit> {
    let field = fields[column]
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

  /// A figure that its source computed in floating point, to the nearest 1e-8.
  func rounded<Unit>(
    _ column: Int, _ name: String, over divisor: Double = 1
  ) throws(DataFileError) -> Fixed<Unit> {
    let field = fields[column]
    // `Double` would read hexadecimal, too.
    guard field.allSatisfy({ "0123456789.+-eE".utf8.contains($0) }),
      let value = Double(String(decoding: field, as: UTF8.self)),
      let amount = Fixed<Unit>(nearest: value / divisor)
    else {
      throw error(
        "\(name) of \(DataLines.excerpt(field))", expected: "a number of less than 92 billion")
    }
    return amount
  }

  /// A rate as a decimal of at most ten places, exactly.
  func rate(_ column: Int, _ name: String) throws(DataFileError) -> FundingRate {
    let field = fields[column]
    let isNegative = field.first == UInt8(ascii: "-")
    let parts = field.dropFirst(isNegative ? 1 : 0)
      .split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let places = parts.count == 2 ? parts[1] : []
    guard let first = parts.first, (1...6).contains(first.count), let whole = Self.digits(first),
      parts.count == 1 || (1...10).contains(places.count), let rest = Self.digits(places)
    else {
      throw error(
        "\(name) of \(DataLines.excerpt(field))",
        expected: "a plain decimal of at most ten places such as 0.0000125")
    }
    var fraction = rest
    for _ in places.count..<10 { fraction *= 10 }
    let steps = whole * 10_000_000_000 + fraction
    return FundingRate(steps: isNegative ? -steps : steps)
  }

  /// A word, as it stands.
  func word(_ column: Int) -> String { String(decoding: fields[column], as: UTF8.self) }

  func error(_ found: String, expected: String) -> DataFileError {
    DataFileError(.row, path: path, line: line, found: found, expected: expected)
  }

  /// The number that at most fifteen digits make; nil for anything else.
  private static func digits(_ bytes: ArraySlice<UInt8>) -> Int64? {
    var number: Int64 = 0
    for byte in bytes {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10, bytes.count <= 15 else { return nil }
      number = number * 10 + Int64(digit)
    }
    return number
  }
}
