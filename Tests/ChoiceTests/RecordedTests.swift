import Choice
import Testing

@Suite("Recorded choices")
struct RecordedTests {
  /// A little world that makes every kind of choice, on two streams.
  private func play(_ chooser: Chooser, steps: Int = 40) -> (trace: [Int64], RecordedChoices) {
    var main = chooser.stream("main")
    var side = main.substream("side")
    var trace: [Int64] = []
    for step in 0..<steps {
      trace.append(main.draw(in: -50...50))
      if side.occurs(Ratio(1, over: 3) ?? .never) {
        trace.append(Int64(side.pick(weights: [3, 1, UInt64(step)])))
      }
      var deck = [1, 2, 3]
      main.shuffle(&deck)
      trace.append(Int64(deck[0]))
    }
    var record = RecordedChoices()
    record.record(main)
    record.record(side)
    return (trace, record)
  }

  @Test("A record replays the run under another seed", arguments: 1...20 as ClosedRange<UInt64>)
  func replay(seed: UInt64) {
    let (trace, record) = play(.seeded(seed).recording)
    let (again, second) = play(.recorded(record, beyond: seed ^ 0xff).recording)
    #expect(again == trace)
    #expect(second == record)
  }

  @Test("Any prefix of a run's record, with the run's seed, is the run")
  func prefixes() {
    let (trace, record) = play(.seeded(4).recording)
    for count in [0, 1, 2, 7, 50, 1_000] {
      var prefix = RecordedChoices()
      for name in record.names { prefix[name] = Array(record[name].prefix(count)) }
      #expect(play(.recorded(prefix, beyond: 4)).trace == trace)
      if count < 7 { #expect(play(.recorded(prefix, beyond: 5)).trace != trace) }
    }
  }

  @Test("Edited values replay within the bounds asked for")
  func edited() {
    var record = RecordedChoices()
    record["main"] = [.max, 7, 0, 100]
    var stream = Chooser.recorded(record, beyond: 1).recording.stream("main")
    #expect(stream.draw(below: 10) == 5)
    #expect(stream.draw(below: 7) == 0)
    #expect(stream.draw(below: 0) == 0)
    #expect(stream.draw(in: -3...3) == -1)
    #expect(stream.log == [5, 0, 0, 2])
    var replayed = RecordedChoices()
    replayed.record(stream)
    #expect(replayed["main"] == [5, 0, 0, 2])
  }

  @Test("The widest ranges keep to their bounds under any replay")
  func widest() {
    var record = RecordedChoices()
    record["s"] = [UInt64](repeating: .max, count: 8)
    var stream = Chooser.recorded(record, beyond: 1).recording.stream("s")
    #expect(stream.draw(in: .min ... .max) == .max)
    #expect(stream.log.count == 2)
    // One value fewer than 64 bits hold: one draw, whose value 2^64 - 1 wraps to the first.
    #expect(stream.draw(in: .min...(.max - 1)) == .min)
    #expect(stream.log.count == 3)
  }

  @Test("Zeros are the calm run: nothing occurs, moves or is picked beyond the first")
  func calm() {
    var record = RecordedChoices()
    record["s"] = [UInt64](repeating: 0, count: 20)
    var stream = Chooser.recorded(record, beyond: 1).stream("s")
    #expect(stream.occurs(Ratio(999, over: 1_000) ?? .never) == false)
    #expect(stream.occurs(.always) == true)
    #expect(stream.draw(in: -5...5) == -5)
    #expect(stream.draw(in: .min ... .max) == .min)
    var deck = [3, 1, 2]
    stream.shuffle(&deck)
    #expect(deck == [3, 1, 2])
    #expect(stream.pick(weights: [1, 1]) == 0)
  }

  @Test("Only a recording chooser keeps a log")
  func logs() {
    var silent = Chooser.seeded(1).stream("s")
    var logged = Chooser.seeded(1).recording.stream("s")
    for _ in 0..<5 { #expect(silent.draw(below: 100) == logged.draw(below: 100)) }
    #expect(silent.log.isEmpty)
    #expect(logged.log.count == 5)
    #expect(logged.substream("t").log.isEmpty)
  }

  @Test("A record is kept by name, and a stream without values is none")
  func container() {
    var record = RecordedChoices()
    for name in ["b", "a", "c", "a/x", ""] { record[name] = [1, 2] }
    #expect(record.names == ["", "a", "a/x", "b", "c"])
    record["a"] = []
    record["nothing"] = []
    #expect(record.names == ["", "a/x", "b", "c"])
    record["b"] = [9]
    #expect(record["b"] == [9] && record["a"].isEmpty && record.count == 7)
    var other = RecordedChoices()
    for name in ["c", "a/x", ""] { other[name] = [1, 2] }
    other["b"] = [9]
    #expect(other == record)
    #expect(other.text == record.text)
  }

  @Test("The text of a record reads back")
  func text() throws {
    var record = RecordedChoices()
    record["latency/hyperliquid"] = [1, 2, .max]
    record["a: b"] = [0]
    record["line\nfeed\\ \r"] = [5]
    record["größe"] = [1]
    record[" spaced "] = [2]
    record[""] = [3]
    #expect(try RecordedChoices(text: record.text) == record)
    #expect(!record.text.contains("\r") && record.text.utf8.filter { $0 == 10 }.count == 6)
    #expect(try RecordedChoices(text: "") == RecordedChoices())
    #expect(RecordedChoices().text.isEmpty)
    var simple = RecordedChoices()
    simple["b"] = [3]
    simple["a"] = [1, 2]
    #expect(simple.text == "a: 1,2\nb: 3\n")
    #expect(try RecordedChoices(text: "b: 3\n\na:1,2") == simple)
  }

  @Test(
    "A text that is no record is refused with its line",
    arguments: [
      ("a 1,2", 1), ("a: 1\nb", 2), ("a: 1\n\nb: x", 3), ("a: 1,", 1), ("a:", 1), ("a: -1", 1),
      ("a: +1", 1), ("a: 1 2", 1), ("a: 1, 2", 1), ("a: 18446744073709551616", 1),
      ("a: 1\na: 2", 2), ("a\\: 1", 1), ("a\\t: 1", 1), ("a: 1\r\n", 1), ("a: ١", 1),
    ])
  func refuses(text: String, line: Int) {
    let fault = #expect(throws: RecordedChoicesFault.self) { try RecordedChoices(text: text) }
    #expect(fault?.line == line)
  }
}
