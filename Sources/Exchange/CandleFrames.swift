import Market

/// Writes the frames of one candle stream, which leave more often than all others.
///
/// What never changes is kept as bytes; the rest is as ``JSONWriter`` would write it.
struct CandleFrames: Sendable {
  private let names: [UInt8]
  private let length: Int64

  init(_ symbol: Symbol, _ timeframe: Timeframe) {
    names = Array(#","s":"\#(symbol)","i":"\#(timeframe.name)","o":""#.utf8)
    length = timeframe.interval.milliseconds - 1
  }

  /// The frame: `{"channel":"candle","data":{…}}`.
  func frame(_ row: CandleRow) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(224)
    bytes.append(contentsOf: Self.opening)
    let open = row.open.milliseconds
    bytes.appendInteger(open)
    bytes.append(contentsOf: Self.closeKey)
    bytes.appendInteger(open + length)
    bytes.append(contentsOf: names)
    row.first.appendDecimal(to: &bytes, minimumPlaces: 1)
    bytes.append(contentsOf: Self.lastKey)
    row.last.appendDecimal(to: &bytes, minimumPlaces: 1)
    bytes.append(contentsOf: Self.highKey)
    row.high.appendDecimal(to: &bytes, minimumPlaces: 1)
    bytes.append(contentsOf: Self.lowKey)
    row.low.appendDecimal(to: &bytes, minimumPlaces: 1)
    bytes.append(contentsOf: Self.volumeKey)
    row.volume.appendDecimal(to: &bytes, minimumPlaces: 1)
    bytes.append(contentsOf: Self.countKey)
    bytes.appendInteger(row.trades)
    bytes.append(contentsOf: Self.closing)
    return bytes
  }

  private static let opening = Array(#"{"channel":"candle","data":{"t":"#.utf8)
  private static let closeKey = Array(#","T":"#.utf8)
  private static let lastKey = Array(#"","c":""#.utf8)
  private static let highKey = Array(#"","h":""#.utf8)
  private static let lowKey = Array(#"","l":""#.utf8)
  private static let volumeKey = Array(#"","v":""#.utf8)
  private static let countKey = Array(#"","n":"#.utf8)
  private static let closing = Array("}}".utf8)
}

extension [UInt8] {
  /// Appends the decimal digits of a number that is not negative.
  mutating func appendInteger(_ value: Int64) {
    let start = count
    var rest = value.magnitude
    repeat {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    self[start...].reverse()
  }
}
