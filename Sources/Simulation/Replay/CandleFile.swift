public import Market

/// The candles of one file, in order of open time, and what was left out of it.
public struct CandleFile: Sendable {
  /// What it holds and where it is.
  public let reference: CandleFileReference
  /// The candles, each later than the one before.
  public internal(set) var candles: [Candle] = []
  /// Rows of the file, the header not counted.
  public internal(set) var rowCount = 0
  /// Rows left out, well formed and yet no candle or not where time puts them: a count for each
  /// ``Reason``, in the order of its cases.
  public internal(set) var rejectionCounts = [Int](repeating: 0, count: Reason.allCases.count)
  /// The first ``rejectionLimit`` of them, by line.
  public internal(set) var rejections: [Rejection] = []

  /// How many rejected rows are kept by line; the rest are counted.
  public static var rejectionLimit: Int { 100 }

  /// A row that was left out.
  public struct Rejection: Hashable, Sendable {
    /// The line, from 1.
    public let line: Int
    /// Why.
    public let reason: Reason
  }

  /// Why a row was left out.
  public enum Reason: Int, Hashable, Sendable, CaseIterable {
    /// A price is zero or negative.
    case priceNotPositive
    /// The high or low does not hold the other prices.
    case outsideRange
    /// The volume is negative.
    case badVolume
    /// The taker part is negative or more than the volume.
    case badTakerSplit
    /// The open time is no multiple of the timeframe.
    case misaligned
    /// It repeats the row before it.
    case duplicate
    /// It has the open time of the row before it, and other figures.
    case contradiction
    /// It is earlier than the row before it.
    case outOfOrder

    /// What is wrong with the row, as the rest of a sentence about it.
    public var text: String {
      switch self {
      case .priceNotPositive: "a price is not positive"
      case .outsideRange: "the high or low does not hold the other prices"
      case .badVolume: "the volume is negative"
      case .badTakerSplit: "the taker part is negative or more than the volume"
      case .misaligned: "the open time is no multiple of the timeframe"
      case .duplicate: "it repeats the row before it"
      case .contradiction: "it contradicts the row before it"
      case .outOfOrder: "it is earlier than the row before it"
      }
    }

    init(_ fault: CandleFault) {
      switch fault {
      case .priceNotPositive: self = .priceNotPositive
      case .outsideRange: self = .outsideRange
      case .badVolume: self = .badVolume
      case .badTakerSplit: self = .badTakerSplit
      case .misaligned: self = .misaligned
      }
    }
  }

  /// Reads a file whole.
  ///
  /// Rows that break a candle's rules or the order of time are counted and left out, so that they
  /// become gaps. Candles count as the execution venue's: a replay has no other series.
  ///
  /// - Throws: ``DataFileError`` where the file is missing, damaged, empty or has a row that is
  ///   not what its header promises.
  public init(_ reference: CandleFileReference) throws(DataFileError) {
    self.reference = reference
    var rows = CandleRowReader(reference: reference)
    try DataLines.read(reference.path, longest: CandleRowReader.longestLine) {
      bytes, line throws(DataFileError) in
      try rows.take(bytes, line: line, into: &self)
    }
    try rows.finish()
  }

  mutating func reject(_ reason: Reason, line: Int) {
    rejectionCounts[reason.rawValue] += 1
    if rejections.count < Self.rejectionLimit {
      rejections.append(Rejection(line: line, reason: reason))
    }
  }
}
