import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Pages of an account's history")
struct FillPageTests {
  private typealias Bench = VenueBench

  /// An account whose IOC orders met three levels each, two seconds apart.
  private func traded(orders: Int = 2) -> VenueBench {
    var bench = Bench(deposit: Money(whole: 10_000_000))
    for _ in 0..<orders {
      _ = bench.order(Bench.limit(.buy, "1.5", at: "101000", "Ioc"))
      bench.advance(by: .seconds(2))
    }
    return bench
  }

  private func fills(_ bench: inout VenueBench, _ type: String, _ rest: String) -> [JSONValue] {
    let body = #"{"type":"\#(type)","user":"\#(Bench.alice)"\#(rest)}"#
    return bench.parsed(bench.info(body))?.elements.map { Array($0) } ?? []
  }

  @Test("fills of one crossing order are put together where so asked, and sums are kept")
  func aggregation() throws {
    var bench = traded()
    let single = fills(&bench, "userFills", "")
    let merged = fills(&bench, "userFills", #","aggregateByTime":true"#)
    #expect(single.count > 2 && merged.count == 2)
    func sum(_ rows: [JSONValue], _ name: StaticString) -> Int64 {
      rows.reduce(0) { $0 + ($1[name]?.fixed(Money.self)?.steps ?? 0) }
    }
    #expect(sum(single, "sz") == sum(merged, "sz"))
    #expect(sum(single, "fee") == sum(merged, "fee"))
    #expect(merged.map { $0["startPosition"]?.string } == ["1.5", "0.0"])
    // The average lies between the prices that it is made of.
    let prices = single.compactMap { $0["px"]?.fixed(Price.self) }
    let average = try #require(merged.last?["px"]?.fixed(Price.self))
    let low = try #require(prices.min())
    let high = try #require(prices.max())
    #expect(average > low && average < high)
    let byTime = fills(&bench, "userFillsByTime", #","startTime":0,"aggregateByTime":true"#)
    #expect(
      byTime.compactMap { $0["tid"]?.uint64 } == merged.reversed().compactMap { $0["tid"]?.uint64 })
  }

  @Test("a stream of fills is put together where so asked, and named in the acknowledgement")
  func stream() {
    var bench = traded(orders: 1)
    bench.open()
    let frames = bench.subscribe(
      #"{"type":"userFills","user":"\#(Bench.alice)","aggregateByTime":true}"#)
    #expect(frames[0].contains(#""user":"\#(Bench.alice)","aggregateByTime":true}"#))
    #expect(bench.parsed(frames[1])?["data"]?["fills"]?.elements?.count == 1)
    let live = bench.frames { _ = $0.order(Bench.limit(.buy, "1.5", at: "101000", "Ioc")) }
    let fills = live.compactMap { bench.parsed($0)?["data"]?["fills"]?.elements?.count }
    #expect(fills == [1])
  }

  @Test("a page by time is read from its end where it is reversed")
  func reversed() {
    var bench = traded()
    let ascending = fills(&bench, "userFillsByTime", #","startTime":0,"reversed":false"#)
    let descending = fills(&bench, "userFillsByTime", #","startTime":0,"reversed":true"#)
    func ids(_ rows: [JSONValue]) -> [UInt64] { rows.compactMap { $0["tid"]?.uint64 } }
    #expect(ids(ascending).count > 2)
    #expect(ids(descending) == ids(ascending).reversed())
    let first = ascending[0]["time"]?.int64 ?? 0
    let bounded = fills(&bench, "userFillsByTime", #","startTime":0,"endTime":\#(first)"#)
    #expect(bounded.count == ascending.filter { $0["time"]?.int64 == first }.count)
    #expect(bounded.count < ascending.count)
  }

  @Test("funding and transfers are read from a time to a time")
  func ranges() {
    var bench = traded(orders: 1)
    bench.advance(by: .hours(3))
    bench.venue.apply(.transfer(Bench.alice, Money(whole: 5)))
    let body = #"{"type":"userFunding","user":"\#(Bench.alice)""#
    let all = bench.parsed(bench.info(body + "}"))?.elements.map { Array($0) } ?? []
    let times = all.compactMap { $0["time"]?.int64 }
    #expect(times.count == 3)
    let one = bench.info(body + #","startTime":\#(times[1]),"endTime":\#(times[1])}"#)
    #expect(bench.parsed(one)?.elements?.compactMap { $0["time"]?.int64 } == [times[1]])
    #expect(bench.call("/info", body + #","startTime":"soon"}"#)?.status == 422)
    let updates = #"{"type":"userNonFundingLedgerUpdates","user":"\#(Bench.alice)","startTime":"#
    #expect(bench.parsed(bench.info(updates + "0}"))?.elements?.count == 1)
    #expect(bench.info(updates + "\(bench.now.milliseconds + 1)}") == "[]")
  }

  @Test(
    "an answer of a mistyped flag is none",
    arguments: [#""aggregateByTime":"yes""#, #""reversed":1"#])
  func mistyped(flag: String) {
    var bench = Bench()
    let body = #"{"type":"userFillsByTime","user":"\#(Bench.alice)","startTime":0,\#(flag)}"#
    #expect(bench.call("/info", body)?.status == 422)
  }
}
