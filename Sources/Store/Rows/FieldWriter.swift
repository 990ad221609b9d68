import Engine
import Foundation
import GRDB
import Market
import Risk
import Strategies

/// Collects a row's values in the order of its table's columns.
struct FieldWriter {
  private(set) var values: [DatabaseValue] = []

  mutating func add(_ value: Int64?) { values.append(value?.databaseValue ?? .null) }
  mutating func add(_ value: Int) { add(Int64(value)) }
  mutating func add(_ flag: Bool) { add(Int64(flag ? 1 : 0)) }
  /// SQLite ends a text at a zero byte, so one inside is shown as U+FFFD.
  mutating func add(_ text: String?) {
    guard let text else { return values.append(.null) }
    let kept = text.utf8.contains(0) ? String(text.map { $0 == "\0" ? "\u{fffd}" : $0 }) : text
    values.append(kept.databaseValue)
  }
  mutating func add<Unit>(_ amount: Fixed<Unit>?) { add(amount?.steps) }
  mutating func add(_ time: Instant?) { add(time?.nanoseconds) }
  mutating func add<Tag>(_ name: Name<Tag>) { add(name.description) }
  mutating func add(_ id: ClientOrderID?) { add(id?.description) }
  mutating func add(_ bytes: [UInt8]) { values.append(Data(bytes).databaseValue) }
  /// Sixteen hexadecimal digits.
  mutating func add(digest word: UInt64) { add(Digest(rawValue: word).description) }
  /// The same 64 bits, so that a word from 2^63 on shows as negative.
  mutating func add(bits word: UInt64?) { add(word.map { Int64(bitPattern: $0) }) }
  mutating func add<Value>(_ value: Value, _ words: Words<Value>) { add(words.text(value)) }

  mutating func add(_ bracket: Bracket) {
    add(bracket.stop)
    add(bracket.target)
    add(bracket.timeStop)
    add(bracket.partner)
  }

  mutating func add(_ signal: Signal) {
    add(signal.side, .side)
    add(signal.entry)
    add(signal.stop)
    add(signal.target)
    add(signal.rewardToRisk.count)
    add(signal.netRewardToRisk.count)
    add(signal.confidence.count)
    add(signal.validUntil)
    add(signal.timeStop)
    if let pair = signal.pair {
      var writer = BinaryWriter()
      writer.write(pair)
      add(writer.bytes)
    } else {
      add(nil as String?)
    }
  }
}
