public import Market

/// Everything that a replay is made from: candles, and what strategies read besides them.
public struct ReplayData: Sendable {
  /// How long after a venue's time a reading counts as received (`strategies.md` section 2.1).
  public static var delay: Interval { .seconds(5) }

  /// The candles, with the taker splits that trades give them.
  public internal(set) var candles = CandleHistory()
  /// Every reading, in order of receipt.
  public internal(set) var readings: [ReceivedReading] = []
  /// What was taken from each file of readings, in the order in which they were given.
  public internal(set) var sources: [ReadingSource] = []
  /// Files that were passed over, and why.
  public internal(set) var unread: [UnreadFile] = []

  /// A file that was passed over.
  public struct UnreadFile: Hashable, Sendable {
    /// Where it is.
    public let path: String
    /// Why.
    public let reason: String

    /// Names a file and why it was passed over.
    public init(path: String, reason: String) {
      self.path = path
      self.reason = reason
    }
  }

  /// Takes candles alone.
  public init(candles: CandleHistory) { self.candles = candles }

  /// Takes candles and readings; the readings are put in order.
  public init(candles: CandleHistory, readings: [ReceivedReading]) {
    self.candles = candles
    self.readings = Self.ordered(readings)
  }

  /// Reads everything that arguments name; a folder stands for every data file in it, those of the
  /// execution venue first, as its candles are the canonical ones.
  ///
  /// - Throws: ``DataFileError`` of the first file that cannot be read. In a folder, a file that
  ///   holds nothing known is passed over.
  public init(arguments: [String]) throws(DataFileError) {
    var references: [DataFileReference] = []
    var unread: [UnreadFile] = []
    for argument in arguments {
      guard DataFolder.isFolder(argument) else {
        references.append(try DataFileReference(argument: argument))
        continue
      }
      for path in try DataFolder.paths(under: argument) {
        do throws(DataFileError) {
          references.append(try DataFileReference(argument: path))
        } catch {
          guard error.code == .name else { throw error }
          unread.append(UnreadFile(path: path, reason: error.found))
        }
      }
    }
    try self.init(reading: references)
    self.unread = unread + self.unread
    guard !candles.series.isEmpty else {
      throw DataFileError(
        .empty, path: arguments.first ?? "", found: "no candles among the files",
        expected: "at least one file of candles: everything else goes with them")
    }
  }

  /// Reads files in order.
  ///
  /// - Throws: ``DataFileError`` of the first file that cannot be read.
  public init(reading references: [DataFileReference]) throws(DataFileError) {
    var reader = ReplayDataReader()
    for reference in references { try reader.add(reference) }
    self = try reader.finish()
  }

  static func ordered(_ readings: [ReceivedReading]) -> [ReceivedReading] {
    // Equal receipts stand by kind, then symbol, so that the order of files does not matter.
    readings.sorted { one, other in
      if one.received != other.received { return one.received < other.received }
      let (left, right) = (one.reading.rank, other.reading.rank)
      return left != right ? left < right : one.reading.symbol < other.reading.symbol
    }
  }
}

extension Reading {
  fileprivate var rank: Int {
    switch self {
    case .openInterest: 0
    case .funding: 1
    case .spot: 2
    case .volatilityIndex: 3
    case .optionChain: 4
    }
  }
}

/// The data files of a folder.
enum DataFolder {
  static func isFolder(_ path: String) -> Bool { TextFile.isFolder(path) }

  /// Every file under a folder by name, those of the execution venue first.
  static func paths(under folder: String) throws(DataFileError) -> [String] {
    let all: [String]
    do {
      all = try TextFile.paths(under: folder, suffix: "")
    } catch {
      throw DataFileError(
        .missing, path: folder, found: error.problem, expected: "a readable folder")
    }
    let own = all.filter(isOfExecutionVenue)
    return own + all.filter { !isOfExecutionVenue($0) }
  }

  private static func isOfExecutionVenue(_ path: String) -> Bool {
    path.split(separator: "/").last?.hasPrefix(Venue.hyperliquid.name + "_") ?? false
  }
}
