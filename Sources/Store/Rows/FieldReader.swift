import Engine
import Foundation
import GRDB
import Market
import Risk
import Strategies

/// Gives a row's values back in the order of its table's columns, each held to its type.
struct FieldReader {
  private let row: Row
  private let table: Table
  private var index = 0

  init(_ row: Row, of table: Table) {
    self.row = row
    self.table = table
  }

  /// The value cannot be what the schema and this program wrote.
  private func damage(_ column: Int) -> StoreError {
    StoreError(
      .damaged,
      "Table \(table.name), column \(table.columns[column]): unexpected value in row \(row).",
      remedy: StoreError.restore)
  }

  private mutating func next<Value: DatabaseValueConvertible>() throws(StoreError) -> Value? {
    let stored: DatabaseValue = row[index]
    index += 1
    if stored.isNull { return nil }
    guard let value = Value.fromDatabaseValue(stored) else { throw damage(index - 1) }
    return value
  }

  /// The value just read; mutating, so that the argument is read before `index` is.
  private mutating func required<Value>(_ value: Value?) throws(StoreError) -> Value {
    guard let value else { throw damage(index - 1) }
    return value
  }

  mutating func wordIfAny() throws(StoreError) -> Int64? { try next() }
  mutating func textIfAny() throws(StoreError) -> String? { try next() }
  mutating func word() throws(StoreError) -> Int64 { try required(try next()) }
  mutating func text() throws(StoreError) -> String { try required(try next()) }
  mutating func flag() throws(StoreError) -> Bool { try word() != 0 }
  mutating func time() throws(StoreError) -> Instant { Instant(nanoseconds: try word()) }
  mutating func timeIfAny() throws(StoreError) -> Instant? {
    try wordIfAny().map(Instant.init(nanoseconds:))
  }
  mutating func fixed<Unit>(
    _ unit: Fixed<Unit>.Type = Fixed<Unit>.self
  ) throws(StoreError) -> Fixed<Unit> { Fixed(steps: try word()) }
  mutating func fixedIfAny<Unit>(
    _ unit: Fixed<Unit>.Type = Fixed<Unit>.self
  ) throws(StoreError) -> Fixed<Unit>? { try wordIfAny().map(Fixed<Unit>.init(steps:)) }
  mutating func name<Tag>(
    _ type: Name<Tag>.Type = Name<Tag>.self
  ) throws(StoreError) -> Name<Tag> { try required(Name(try text())) }
  mutating func id() throws(StoreError) -> ClientOrderID {
    try required(ClientOrderID(try text()))
  }
  mutating func idIfAny() throws(StoreError) -> ClientOrderID? {
    guard let text = try textIfAny() else { return nil }
    return try required(ClientOrderID(text))
  }
  mutating func bytes() throws(StoreError) -> [UInt8] {
    let data: Data = try required(try next())
    return Array(data)
  }
  mutating func digest() throws(StoreError) -> UInt64 {
    try required(UInt64(try text(), radix: 16))
  }
  mutating func bits() throws(StoreError) -> UInt64 { UInt64(bitPattern: try word()) }
  mutating func bitsIfAny() throws(StoreError) -> UInt64? {
    try wordIfAny().map { UInt64(bitPattern: $0) }
  }
  mutating func oneOf<Value>(_ words: Words<Value>) throws(StoreError) -> Value {
    try required(words.value(try text()))
  }
  mutating func oneOfIfAny<Value>(_ words: Words<Value>) throws(StoreError) -> Value? {
    guard let text = try textIfAny() else { return nil }
    return try required(words.value(text))
  }

  mutating func bracket() throws(StoreError) -> Bracket {
    Bracket(stop: try fixed(), target: try fixed(), timeStop: try time(), partner: try idIfAny())
  }

  mutating func signal() throws(StoreError) -> Signal {
    Signal(
      side: try oneOf(.side), entry: try fixed(), stop: try fixed(), target: try fixed(),
      rewardToRisk: TenThousandths(try word()), netRewardToRisk: TenThousandths(try word()),
      confidence: TenThousandths(try word()), validUntil: try time(), timeStop: try time(),
      pair: try pair())
  }

  private mutating func pair() throws(StoreError) -> PairLeg? {
    let data: Data? = try next()
    guard let data else { return nil }
    var reader = BinaryReader(Array(data))
    do {
      let leg = try reader.read(PairLeg.self)
      try reader.finish()
      return leg
    } catch { throw damage(index - 1) }
  }

  /// Checks a rule of the whole row.
  func keep<Value>(_ value: Value?) throws(StoreError) -> Value {
    guard let value else { throw damage(0) }
    return value
  }
}
