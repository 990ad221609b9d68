import Engine
import enum Engine.Record
import GRDB
import Market
import Risk
@testable import Store
import Strategies
import Testing
import Venues

/// Records that come again, that contradict an earlier one, or that find the disk full.
@Suite("Repetitions")
struct RepetitionTests {
  private let time = Instant(nanoseconds: 1_750_000_020_000_000_000)

  private func fill(price: Int64 = 5, tradeID: UInt64 = 9, symbol: Symbol = "BTC") -> Record {
    let id = ClientOrderID(high: 1, low: 2)
    let fill = Fill(
      clientID: id, symbol: symbol, side: .buy, price: Price(steps: price),
      quantity: Quantity(steps: 3), fee: .zero, tradeID: tradeID, time: time)
    return .fill(FillRecord(fill: fill, strategy: "s", position: id, realised: .zero))
  }

  private func candle(close: Int64 = 5, isBackfilled: Bool = false) throws -> Record {
    let candle = try Candle(
      symbol: "BTC", timeframe: .m1, venue: .hyperliquid,
      openTime: Timeframe.m1.open(containing: time),
      open: Price(steps: 5), high: Price(steps: 9), low: Price(steps: 1),
      close: Price(steps: close), volume: .zero)
    return .candle(CandleRecord(candle: candle, isBackfilled: isBackfilled))
  }

  private func decision(_ outcome: Decision.Outcome) -> Record {
    .decision(
      Decision(
        strategy: "s", symbol: "BTC", setup: "x", time: time, outcome: outcome, inputs: 1))
  }

  private func payment(_ amount: Int64) -> Record {
    .fundingPayment(
      FundingPaymentRecord(
        position: ClientOrderID(high: 1, low: 2), symbol: "BTC", time: time,
        amount: Money(steps: amount)))
  }

  @Test("A repeat changes neither tables nor journal; a contradiction is refused whole")
  func once() throws {
    let run = { Record.run(RunRecord(epoch: 1, startedAt: self.time, configuration: $0)) }
    let cases: [(Record, again: Record, against: Record)] = [
      (fill(), fill(), fill(price: 6)),
      (try candle(), try candle(isBackfilled: true), try candle(close: 6)),
      (
        decision(.noTrade(.noWick)), decision(.noTrade(.noWick)), decision(.noTrade(.noSetup))
      ),
      (payment(4), payment(4), payment(5)),
      (run(1), run(1), run(2)),
    ]
    for (first, again, against) in cases {
      let store = try Store(path: ":memory:")
      try store.append([first], at: time)
      let before = try store.verify()
      let state = try store.recover()
      try store.append([again], at: time)
      #expect(try store.verify() == before)
      #expect(before.records == 1)
      do throws(StoreError) {
        try store.append([fill(tradeID: 77), against], at: time)
        Issue.record("taken: \(against)")
      } catch {
        #expect(error.code == .contradiction)
        #expect(error.remedy?.hasPrefix("Nothing of the step was stored.") == true)
      }
      #expect(try store.verify() == before, "the fill that came with it is not stored either")
      #expect(try store.recover() == state)
      try store.append([fill(tradeID: 78)], at: time)
      #expect(store.stepCount == 2, "a refused step does not halt the store")
    }
  }

  @Test("A repeat beside news is left out of the journal")
  func repeatBesideNews() throws {
    let store = try Store(path: ":memory:")
    try store.append([fill(tradeID: 1), fill(tradeID: 1)], at: time)
    try store.append(
      [fill(tradeID: 1), fill(tradeID: 2), fill(tradeID: 1, symbol: "ETH")], at: time)
    var journal: [[Record]] = []
    try store.inspection.forEachStep { _, _, records in journal.append(records) }
    #expect(journal == [[fill(tradeID: 1)], [fill(tradeID: 2), fill(tradeID: 1, symbol: "ETH")]])
    #expect(try store.recover().fills.count == 3)
  }

  @Test("An order or position that changes whose it is, is refused")
  func identity() throws {
    let store = try Store(path: ":memory:")
    let position = { (symbol: Symbol) in
      Record.position(
        PositionRecord(
          id: ClientOrderID(high: 1, low: 2), strategy: "s", symbol: symbol, setup: "x",
          bracket: Bracket(stop: .zero, target: .zero, timeStop: self.time), quantity: .zero,
          cost: .zero, peakQuantity: .zero, realised: .zero, fees: .zero, funding: .zero,
          initialRisk: .zero, openedAt: self.time))
    }
    try store.append([position("BTC")], at: time)
    #expect {
      try store.append([position("ETH")], at: time)
    } throws: {
      ($0 as? StoreError)?.code == .contradiction
    }
  }

  @Test("A record outside its table's rules is refused whole")
  func invalid() throws {
    let store = try Store(path: ":memory:")
    #expect {
      try store.append([fill(price: 0)], at: time)
    } throws: {
      ($0 as? StoreError)?.code == .invalidRecord
    }
    let unreadable = Decision(
      strategy: "s", symbol: "BTC", setup: "x", time: Instant(nanoseconds: .min),
      outcome: .noTrade(.noWick), inputs: 1)
    #expect {
      try store.append([.decision(unreadable)], at: time)
    } throws: {
      ($0 as? StoreError)?.code == .invalidRecord
    }
    #expect(try store.recover() == DurableState())
    try store.append([fill()], at: time)
    #expect(store.stepCount == 1)
  }

  @Test("A full disk keeps nothing of the step, and the store goes on when there is room")
  func fullDisk() throws {
    let folder = try Folder()
    let store = try Store(path: folder.file("run.sqlite"))
    var maker = RecordMaker(seed: 31)
    try store.append([maker.record(kind: 5)], at: maker.now)
    let state = try store.recover()
    let pages = try store.writer.writeWithoutTransaction { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(pages)")
      return pages
    }
    let large = (0..<2_000).map { _ in maker.record(kind: 10) }
    do throws(StoreError) {
      try store.append([maker.record(kind: 13)] + large, at: maker.now)
      Issue.record("the step was taken")
    } catch {
      #expect(error.code == .full)
    }
    #expect(try store.recover() == state)
    #expect(store.stepCount == 1)
    try store.writer.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA max_page_count = \(pages + 10_000)")
    }
    try store.append(large, at: maker.now)
    #expect(try store.verify().findings == [])
  }

  @Test("Every step reaches the disk before the call returns")
  func durability() throws {
    let folder = try Folder()
    let store = try Store(path: folder.file("run.sqlite"))
    let settings = try store.writer.writeWithoutTransaction { db in
      try ["synchronous", "journal_mode", "foreign_keys", "application_id"].map {
        try String.fetchOne(db, sql: "SELECT CAST((SELECT * FROM pragma_\($0)) AS TEXT)")
      }
    }
    #expect(settings == ["2", "wal", "1", "\(Schema.applicationID)"])
  }
}
