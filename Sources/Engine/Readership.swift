import Market
import Strategies

/// Who reads each candle series and each kind of reading, by place in the registry.
///
/// Asked for every candle and every reading: the answer is found by place, and finding it neither
/// allocates nor counts references.
struct Readership: Sendable {
  private var symbols: [Symbol] = []
  /// Of every symbol, where the readers of each of its inputs stand in `readers`.
  private var rows: [Range<Int>] = []
  private var readers: [Int] = []

  private static var rowsPerSymbol: Int { 13 }

  init(_ instances: [any StrategyInstance]) {
    var places: [[Int]] = []
    for (place, instance) in instances.enumerated() {
      for input in instance.inputs {
        guard let row = Self.row(of: input.kind) else { continue }
        let symbol = input.symbol ?? instance.instrument.symbol
        if !symbols.contains(symbol) {
          symbols.append(symbol)
          places.append(contentsOf: repeatElement([], count: Self.rowsPerSymbol))
        }
        guard let first = first(of: symbol) else { continue }
        if places[first + row].last != place { places[first + row].append(place) }
      }
    }
    for row in places {
      rows.append(readers.count..<readers.count + row.count)
      readers.append(contentsOf: row)
    }
  }

  /// Where the readers of a candle series stand; see ``subscript(_:)``.
  func readers(of symbol: Symbol, _ timeframe: Timeframe) -> Range<Int> {
    first(of: symbol).map { rows[$0 + Int(timeframe.rawValue)] } ?? 0..<0
  }

  /// Where the readers of a reading stand; see ``subscript(_:)``.
  func readers(of reading: Reading) -> Range<Int> {
    first(of: reading.symbol).map { rows[$0 + Self.row(of: reading)] } ?? 0..<0
  }

  /// The place in the registry of the reader that stands at `index`.
  subscript(index: Int) -> Int { readers[index] }

  private func first(of symbol: Symbol) -> Int? {
    for index in symbols.indices where symbols[index] == symbol {
      return index * Self.rowsPerSymbol
    }
    return nil
  }

  /// Candles stand by timeframe; a taker split comes on them.
  private static func row(of kind: InputKind) -> Int? {
    switch kind {
    case .candles(let timeframe): Int(timeframe.rawValue)
    case .takerSplit: nil
    case .openInterest: 8
    case .funding: 9
    case .spot: 10
    case .volatilityIndex: 11
    case .optionChain: 12
    }
  }

  private static func row(of reading: Reading) -> Int {
    switch reading {
    case .openInterest: 8
    case .funding: 9
    case .spot: 10
    case .volatilityIndex: 11
    case .optionChain: 12
    }
  }
}
