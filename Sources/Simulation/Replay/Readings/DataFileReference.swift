public import Market

/// What a data file holds, as its name, its header or its reader says.
public enum DataFileSubject: Hashable, Sendable {
  /// Candles of one series.
  case candles(CandleFileSubject)
  /// Settled funding of one perpetual.
  case funding(source: String, Symbol)
  /// Open interest of one perpetual, in coins.
  case openInterest(source: String, Symbol)
  /// Open interest of several perpetuals, in US dollars, one column each.
  case openInterestValue(source: String)
  /// Public trades of one symbol.
  case trades(source: String, Symbol)
  /// Option chains.
  case optionChain(source: String)

  /// Whose figures, as the name says it: `binance_usdm`; empty where it does not.
  public var source: String {
    switch self {
    case .candles(let subject): subject.source
    case .funding(let source, _), .openInterest(let source, _), .openInterestValue(let source),
      .trades(let source, _), .optionChain(let source):
      source
    }
  }

  /// What it holds, in a word or two.
  public var kind: String {
    switch self {
    case .candles(let subject): "\(subject.timeframe.name) candles"
    case .funding: "funding"
    case .openInterest, .openInterestValue: "open interest"
    case .trades: "trades"
    case .optionChain: "option chain"
    }
  }
}

/// A data file to read, and what it holds.
public struct DataFileReference: Hashable, Sendable {
  /// Where it is.
  public let path: String
  /// What it holds.
  public let subject: DataFileSubject

  /// Names a file and what it holds.
  public init(path: String, subject: DataFileSubject) {
    self.path = path
    self.subject = subject
  }

  /// Reads an argument: a path, `SYMBOL=PATH` or `SYMBOL:TIMEFRAME=PATH`.
  ///
  /// The name says what the file holds, as in `binance_usdm_BTCUSDT_funding.csv.gz`; where it does
  /// not, the header does, and `SYMBOL=` whose figures they are.
  ///
  /// - Throws: ``DataFileError`` where nothing says what the file holds.
  public init(argument: String) throws(DataFileError) {
    var path = argument
    var symbol: Symbol?
    if let equals = argument.firstIndex(of: "=") {
      let prefix = argument[..<equals]
      let rest = String(argument[argument.index(after: equals)...])
      if prefix.contains(":"), let candles = try? CandleFileReference(argument: argument) {
        self.init(path: candles.path, subject: .candles(candles.subject))
        return
      }
      if let named = CandleFileSubject.perpetual(String(prefix)) {
        symbol = named
        path = rest
      }
    }
    let name = DataFileName(path: path)
    if let subject = CandleFileSubject(path: path), symbol == nil {
      self.init(path: path, subject: .candles(subject))
      return
    }
    guard !name.isInContracts else {
      throw DataFileError(
        .name, path: path, found: "sizes of coin-margined contracts", expected: "sizes in coins")
    }
    self.init(path: path, subject: try name.subject(of: path, symbol: symbol ?? name.symbol))
  }
}

/// The parts of a data file's name: `venue_SYMBOL_kind_….csv.gz`.
struct DataFileName {
  /// The words that name a kind.
  static let kinds = ["funding", "oi", "trades", "options"]

  let words: [String]
  private let place: Int?

  init(path: String) {
    var name =
      path.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init) ?? ""
    for ending in [".gz", ".csv"] where name.hasSuffix(ending) { name.removeLast(ending.count) }
    words = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    place = words.lastIndex { Self.kinds.contains($0) }
  }

  /// The kind that the name says.
  var kind: String? { place.map { words[$0] } }
  /// The symbol that stands before the kind; nil where there is none.
  var symbol: Symbol? {
    guard let place, place > 0 else { return nil }
    return CandleFileSubject.perpetual(words[place - 1])
  }
  /// What stands before kind and symbol.
  var source: String {
    let end = place.map { $0 - (symbol == nil ? 0 : 1) } ?? min(1, words.count)
    return words[..<max(0, end)].joined(separator: "_")
  }
  /// Whether sizes count contracts rather than coins.
  var isInContracts: Bool { words.contains("coinm") }

  /// What the file holds, from its name and, where that leaves a choice, its header.
  func subject(of path: String, symbol: Symbol?) throws(DataFileError) -> DataFileSubject {
    switch kind {
    case "funding":
      if let symbol { return .funding(source: source, symbol) }
    case "trades":
      if let symbol { return .trades(source: source, symbol) }
    case "options": return .optionChain(source: source)
    default: break
    }
    // Opens the file only where the name leaves a choice.
    let header = try DataLines.first(of: path) ?? ""
    let columns = DataTable.fields(ArraySlice(header.utf8)) ?? []
    let names = columns.map { String(decoding: $0, as: UTF8.self) }
    if names.contains("option_type") { return .optionChain(source: source) }
    if names.count > 1, names[1...].allSatisfy({ OpenInterestColumns.symbol($0) != nil }) {
      // The symbols stand before the kind, one a column.
      let end = (place ?? words.count) - (names.count - 1)
      return .openInterestValue(source: words[..<max(0, end)].joined(separator: "_"))
    }
    if let symbol {
      if names == FundingFile.columns { return .funding(source: source, symbol) }
      if names == TradeFile.columns { return .trades(source: source, symbol) }
      if names.starts(with: OpenInterestColumns.coins) {
        return .openInterest(source: source, symbol)
      }
    }
    throw DataFileError(
      .name, path: path, found: "the name does not say what it holds",
      expected: "venue_SYMBOL_timeframe_from_to.csv.gz, venue_SYMBOL_funding.csv.gz, "
        + "or BTC:15m=\(path)")
  }
}

extension Venue {
  /// The venue that a file's source names; the execution venue stands in for one that has no name
  /// here.
  init(source: String) {
    let word = source.split(separator: "_").first.map(String.init) ?? ""
    self = Self.allCases.first { $0.name == word } ?? .hyperliquid
  }
}

extension DataFileReference {
  /// Whether the figures are those of a spot market.
  var isSpot: Bool { Venue.isSpot(source: subject.source) }
}

extension CandleFileReference {
  /// Whether the prices are those of a spot market.
  var isSpot: Bool { Venue.isSpot(source: subject.source) }
}

extension Venue {
  /// Whether a file's source names a spot market.
  fileprivate static func isSpot(source: String) -> Bool {
    let words = source.split(separator: "_")
    return words.contains("spot") || words.first == "coinbase"
  }
}
