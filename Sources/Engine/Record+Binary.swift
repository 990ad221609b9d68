public import Market

/// The canonical binary form of a record: one tag byte, then its parts in the order of declaration.
///
/// Tags and layouts are part of every store ever written: a tag is never reused, and a record
/// that gains a part gets a new tag beside the old one.
extension Record: BinaryCodable {
  /// The byte that says which record follows.
  private enum Tag: UInt8 {
    case run = 1
    case candle = 2
    case decision = 3
    case signal = 4
    case order = 5
    case fill = 6
    case position = 7
    case account = 8
    case equity = 9
    case strategyState = 10
    case health = 11
    case breaker = 12
    case drift = 13
    case killSwitch = 14
    case fundingPayment = 15
    case funding = 16
    case spot = 17
    case openInterest = 18
    case volatilityIndex = 19
    case optionChain = 20
  }

  private var tag: Tag {
    switch self {
    case .run: .run
    case .candle: .candle
    case .decision: .decision
    case .signal: .signal
    case .order: .order
    case .fill: .fill
    case .position: .position
    case .account: .account
    case .equity: .equity
    case .strategyState: .strategyState
    case .health: .health
    case .breaker: .breaker
    case .drift: .drift
    case .killSwitch: .killSwitch
    case .fundingPayment: .fundingPayment
    case .funding: .funding
    case .spot: .spot
    case .openInterest: .openInterest
    case .volatilityIndex: .volatilityIndex
    case .optionChain: .optionChain
    }
  }

  /// Writes the tag and the row.
  public func write(to writer: inout BinaryWriter) {
    writer.write(tag.rawValue)
    switch self {
    case .run(let row): writer.write(row)
    case .candle(let row): writer.write(row)
    case .decision(let row): writer.write(row)
    case .signal(let row): writer.write(row)
    case .order(let row): writer.write(row)
    case .fill(let row): writer.write(row)
    case .position(let row): writer.write(row)
    case .account(let row): writer.write(row)
    case .equity(let row): writer.write(row)
    case .strategyState(let row): writer.write(row)
    case .health(let row): writer.write(row)
    case .breaker(let row): writer.write(row)
    case .drift(let row): writer.write(row)
    case .killSwitch(let row): writer.write(row)
    case .fundingPayment(let row): writer.write(row)
    case .funding(let row): writer.write(row)
    case .spot(let row): writer.write(row)
    case .openInterest(let row): writer.write(row)
    case .volatilityIndex(let row): writer.write(row)
    case .optionChain(let row): writer.write(row)
    }
  }

  /// Reads a tag and its row.
  ///
  /// - Throws: ``BinaryFault`` where the tag is unknown or the row breaks a rule of its type.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    switch try reader.readCase(Tag.self) {
    case .run: self = .run(try reader.read())
    case .candle: self = .candle(try reader.read())
    case .decision: self = .decision(try reader.read())
    case .signal: self = .signal(try reader.read())
    case .order: self = .order(try reader.read())
    case .fill: self = .fill(try reader.read())
    case .position: self = .position(try reader.read())
    case .account: self = .account(try reader.read())
    case .equity: self = .equity(try reader.read())
    case .strategyState: self = .strategyState(try reader.read())
    case .health: self = .health(try reader.read())
    case .breaker: self = .breaker(try reader.read())
    case .drift: self = .drift(try reader.read())
    case .killSwitch: self = .killSwitch(try reader.read())
    case .fundingPayment: self = .fundingPayment(try reader.read())
    case .funding: self = .funding(try reader.readFunding())
    case .spot: self = .spot(try reader.readSpotPrice())
    case .openInterest: self = .openInterest(try reader.readOpenInterest())
    case .volatilityIndex: self = .volatilityIndex(try reader.readVolatilityIndex())
    case .optionChain: self = .optionChain(try reader.readOptionChain())
    }
  }

  /// The binary form of `records`, one after the other without a count.
  public static func bytes(of records: [Record]) -> [UInt8] {
    var writer = BinaryWriter()
    for record in records { record.write(to: &writer) }
    return writer.bytes
  }

  /// Reads records to the end of `bytes`: the inverse of ``bytes(of:)``.
  ///
  /// - Throws: ``BinaryFault`` where a record does not end within the bytes or breaks a rule.
  public static func list(from bytes: [UInt8]) throws(BinaryFault) -> [Record] {
    var reader = BinaryReader(bytes)
    var records: [Record] = []
    while reader.remaining > 0 { records.append(try reader.read()) }
    return records
  }
}

extension Record: Digestible {
  /// Folds the record's binary form in.
  public func add(to digest: inout Digest) {
    var writer = BinaryWriter()
    write(to: &writer)
    digest.add(bytes: writer.bytes)
  }
}
