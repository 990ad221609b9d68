import Choice
import Engine
import Market
import Risk
import Strategies
import Testing
import Venues

@Suite("Records in binary")
struct RecordBinaryTests {
  private func records(seed: UInt64, each: Int) -> [Record] {
    var maker = RecordMaker(seed: seed)
    return (0..<RecordMaker.kindCount).flatMap { kind in
      (0..<each).map { _ in maker.record(kind: kind) }
    }
  }

  @Test(
    "Every record reads back as it was, and its tag is its own",
    arguments: 1...3 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    let all = records(seed: seed, each: 60)
    #expect(try Record.list(from: Record.bytes(of: all)) == all)
    let tags = all.map { Record.bytes(of: [$0])[0] }
    #expect(Set(tags) == Set(1...20))
    #expect(tags == tags.sorted(), "the maker's kinds are in the order of the tags")
  }

  @Test("Extreme values read back")
  func extremes() throws {
    let far = Instant(nanoseconds: .min)
    let id = ClientOrderID(high: .max, low: 0)
    let extremes: [Record] = [
      .run(RunRecord(epoch: .max, startedAt: far, configuration: .max)),
      .equity(
        EquityRecord(time: far, equity: Money(steps: .min), cash: .zero, openPositions: .min)),
      .health(HealthRecord(time: far, component: "\0", status: "", detail: "e\u{301}")),
      .fundingPayment(
        FundingPaymentRecord(
          position: id, symbol: "0123456789abcdef", time: far, amount: Money(steps: .max))),
    ]
    #expect(try Record.list(from: Record.bytes(of: extremes)) == extremes)
  }

  @Test("The form on disk has not changed")
  func pinned() {
    let bracket = Bracket(
      stop: Price(steps: 1), target: Price(steps: 2), timeStop: Instant(nanoseconds: 3))
    let order = OrderRecord(
      intent: OrderIntent(
        clientID: ClientOrderID(high: 4, low: 5), strategy: "s", symbol: "BTC", role: .stop,
        side: .sell, quantity: Quantity(steps: 6),
        pricing: .trigger(trigger: Price(steps: 7), worst: Price(steps: 8)), isReduceOnly: true),
      position: ClientOrderID(high: 9, low: 10), setup: "x", decidedAt: Instant(nanoseconds: 11),
      bracket: bracket, state: .unknown, wasAcknowledged: true,
      filled: Quantity(steps: 12),
      filledNotional: Money(steps: 13), venueID: 14, createdAt: Instant(nanoseconds: 15),
      updatedAt: Instant(nanoseconds: 16))
    let bytes = Record.bytes(of: [.order(order)])
    #expect(bytes.count == 1 + 16 * 4 + 2 + 8 + 17 + 1 + 16 + 8 + 24 + 1 + 1 + 1 + 16 + 9 + 16)
    #expect(bytes[0] == 5)
    #expect(Array(bytes[1..<17]) == [4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0])
    var digest = Digest()
    digest.add(bytes: Record.bytes(of: records(seed: 1, each: 2)))
    #expect(digest.description == "7c471a2ede5a6c3a")
  }

  @Test("A digest follows every part of a record")
  func digests() {
    var seen: Set<UInt64> = []
    let all = records(seed: 9, each: 20)
    for record in all {
      var digest = Digest()
      record.add(to: &digest)
      seen.insert(digest.value)
    }
    #expect(seen.count == Set(all).count)
  }

  @Test(
    "Changed bytes are refused or are another record, and never trap",
    arguments: 1...4 as ClosedRange<UInt64>)
  func mutations(seed: UInt64) throws {
    var choices = Chooser.seeded(seed).stream("mutations")
    var refused = 0
    var kept = 0
    for record in records(seed: seed, each: 8) {
      let original = Record.bytes(of: [record])
      for _ in 0..<60 {
        var bytes = original
        for _ in 0...choices.draw(below: 3) where !bytes.isEmpty {
          let index = Int(choices.draw(below: UInt64(bytes.count)))
          switch choices.draw(below: 4) {
          case 0: bytes[index] = UInt8(choices.draw(below: 256))
          case 1: bytes.removeSubrange(index...)
          case 2: bytes[index] = 0xff
          default: bytes.insert(UInt8(choices.draw(below: 256)), at: index)
          }
        }
        do throws(BinaryFault) {
          let read = try Record.list(from: bytes)
          #expect(Record.bytes(of: read) == bytes, "one form a record: \(bytes)")
          kept += 1
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > 1_000)
    #expect(kept > 1_000)
  }

  @Test("Each cut of a record is refused")
  func cuts() {
    for record in records(seed: 2, each: 3) {
      let bytes = Record.bytes(of: [record])
      for count in 1..<bytes.count {
        #expect(throws: BinaryFault.self) { try Record.list(from: Array(bytes.prefix(count))) }
      }
    }
  }

  @Test(
    "Bytes that break a rule are refused",
    arguments: [
      (0, 0), (0, 20), (0, 255),  // tags
      (17, 8), (18, 4),  // timeframe, venue
      (19, 1),  // an open time off its grid
      (58, 0x80),  // a negative close
      (67, 2), (68, 2),  // truth values
      (7, 0), (16, 0x58),  // a name with a hole, a name that goes on after its end
    ])
  func brokenRules(offset: Int, byte: UInt8) throws {
    let candle = try Candle(
      symbol: "BTC", timeframe: .m1, venue: .binance, openTime: Instant(nanoseconds: 0),
      open: Price(steps: 10), high: Price(steps: 12), low: Price(steps: 9), close: Price(steps: 11),
      volume: Quantity(steps: 5))
    var bytes = Record.bytes(of: [.candle(CandleRecord(candle: candle, isBackfilled: false))])
    #expect(throws: Never.self) { try Record.list(from: bytes) }
    bytes[offset] = byte
    #expect(throws: BinaryFault.self) { try Record.list(from: bytes) }
  }
}
