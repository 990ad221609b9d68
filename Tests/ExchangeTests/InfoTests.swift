import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Information")
struct InfoTests {
  private typealias Bench = VenueBench

  @Test("meta lists what is listed, with tiers where there are any")
  func meta() {
    var bench = Bench {
      $0.listings[0].marginTiers = [
        MarginTier(lowerBound: .zero, maximumLeverage: 40),
        MarginTier(lowerBound: Money(whole: 150_000_000), maximumLeverage: 20),
      ]
    }
    #expect(
      bench.info(#"{"type":"meta","dex":""}"#)
        == #"{"universe":[{"szDecimals":5,"name":"BTC","maxLeverage":40,"marginTableId":50},"#
        + #"{"szDecimals":4,"name":"ETH","maxLeverage":25,"marginTableId":25}],"#
        + #""marginTables":[[50,{"description":"tiered 40x","marginTiers":["#
        + #"{"lowerBound":"0.0","maxLeverage":40},"#
        + #"{"lowerBound":"150000000.0","maxLeverage":20}]}]],"collateralToken":0}"#)
    #expect(bench.info(#"{"type":"perpDexs"}"#) == "[null]")
    #expect(bench.info(#"{"type":"l2Book","coin":"NOPE"}"#) == "null")
    #expect(
      bench.info(#"{"type":"exchangeStatus"}"#)
        == #"{"time":\#(bench.now.milliseconds),"specialStatuses":null}"#)
  }

  @Test(
    "the book is sorted, bounded and uncrossed, whole or in significant figures",
    arguments: [
      "null", "5", "4", "3", "2",
    ])
  func book(figures: String) throws {
    var bench = Bench()
    for index in 0..<30 {
      _ = bench.order(Bench.limit(.buy, "0.001", at: "\(99_000 + index)"))
    }
    let answer = bench.info(#"{"type":"l2Book","coin":"BTC","nSigFigs":\#(figures)}"#)
    let document = bench.parsed(answer)
    let sides = try #require(document?["levels"])
    let bids = try #require(sides[0]?.elements).compactMap { $0["px"]?.fixed(Price.self) }
    let asks = try #require(sides[1]?.elements).compactMap { $0["px"]?.fixed(Price.self) }
    #expect((1...20).contains(bids.count) && (1...20).contains(asks.count))
    #expect(zip(bids, bids.dropFirst()).allSatisfy { $0 > $1 })
    #expect(zip(asks, asks.dropFirst()).allSatisfy { $0 < $1 })
    #expect(bids[0] < asks[0])
  }

  @Test("the next funding is predicted at the rate that the asset context tells")
  func prediction() throws {
    var bench = Bench()
    bench.advance(by: .minutes(1))
    let row = bench.parsed(bench.info(#"{"type":"predictedFundings"}"#))?[0]
    #expect(row?[0]?.string == "BTC")
    #expect(row?[1]?[0]?[0]?.string == "HlPerp")
    let next = row?[1]?[0]?[1]
    #expect(next?["nextFundingTime"]?.int64 == (Bench.start + .hours(1)).milliseconds)
    let rate = next?["fundingRate"]?.string
    let contexts = bench.parsed(bench.info(#"{"type":"metaAndAssetCtxs"}"#))
    #expect(rate == contexts?[1]?[0]?["funding"]?.string)
  }

  @Test("figures that an empty book cannot supply are null")
  func emptyBook() {
    var bench = Bench { $0.listings[0].levels = 0 }
    let context = bench.parsed(bench.info(#"{"type":"metaAndAssetCtxs"}"#))?[1]?[0]
    for name: StaticString in ["midPx", "premium", "impactPxs"] {
      #expect(context?[name]?.isNull == true, "\(name)")
    }
    #expect(context?["markPx"]?.string != nil)
  }

  @Test("a rounded book says how far apart its best levels are, a whole one does not")
  func spread() throws {
    var bench = Bench()
    let whole = bench.info(#"{"type":"l2Book","coin":"BTC"}"#)
    #expect(!whole.contains("spread"))
    let book = bench.parsed(bench.info(#"{"type":"l2Book","coin":"BTC","nSigFigs":3}"#))
    let bid = try #require(book?["levels"]?[0]?[0]?["px"]?.fixed(Price.self))
    let ask = try #require(book?["levels"]?[1]?[0]?["px"]?.fixed(Price.self))
    #expect(book?["spread"]?.fixed(Price.self) == ask - bid)
  }

  @Test("a book asked for in the wrong types is no request; one that is not offered is an error")
  func bookTypes() {
    var bench = Bench()
    #expect(bench.call("/info", #"{"type":"l2Book","coin":"BTC","nSigFigs":"5"}"#)?.status == 422)
    #expect(bench.call("/info", #"{"type":"l2Book","coin":"BTC","nSigFigs":7}"#)?.status == 500)
  }

  @Test("an order is found by either id, with what is left of it")
  func orderStatus() throws {
    var bench = Bench()
    _ = bench.order(Bench.limit(.buy, "0.1", at: "99000", cloid: 0xab))
    let id = bench.venue.openOrders(of: Bench.alice)[0].id
    let cloid = ClientOrderID(high: 0, low: 0xab)
    let byID = bench.info(#"{"type":"orderStatus","user":"\#(Bench.alice)","oid":\#(id)}"#)
    let byClient = bench.info(
      #"{"type":"orderStatus","user":"\#(Bench.alice)","oid":"\#(cloid)"}"#)
    #expect(byID == byClient)
    let document = bench.parsed(byID)
    #expect(document?["order"]?["status"]?.string == "open")
    #expect(document?["order"]?["order"]?["cloid"]?.string == cloid.description)
    #expect(document?["order"]?["order"]?["sz"]?.string == "0.1")
    let foreign = bench.info(#"{"type":"orderStatus","user":"\#(Bench.bob)","oid":\#(id)}"#)
    #expect(foreign == #"{"status":"unknownOid"}"#)
  }

  @Test("fills are read newest first, or from a time on oldest first")
  func fills() throws {
    var bench = Bench()
    for _ in 0..<3 {
      _ = bench.order(Bench.limit(.buy, "0.01", at: "101000", "Ioc"))
      bench.advance(by: .seconds(2))
    }
    let newest = bench.info(#"{"type":"userFills","user":"\#(Bench.alice)"}"#)
    let all = bench.parsed(newest)
    let times = try #require(all?.elements).compactMap { $0["time"]?.int64 }
    #expect(times.count == 3 && times == times.sorted(by: >))
    #expect(all?[0]?["dir"]?.string == "Open Long")
    #expect(all?[0]?["startPosition"]?.string == "0.02")
    let ranged = bench.info(
      #"{"type":"userFillsByTime","user":"\#(Bench.alice)","startTime":\#(times[1]),"#
        + #""endTime":null,"aggregateByTime":false}"#)
    let later = bench.parsed(ranged)
    #expect(later?.elements?.compactMap { $0["time"]?.int64 } == [times[1], times[0]])
  }

  @Test(
    "fractions are printed without trailing zeros, one decimal kept",
    arguments: [
      (125_000, "0.0000125"), (0, "0.0"), (-10_000_000_000, "-1.0"), (-625_000, "-0.0000625"),
      (12_345_678_901, "1.2345678901"),
    ])
  func fractions(steps: Int64, text: String) {
    var writer = JSONWriter()
    writer.object { $0.fraction("x", steps) }
    #expect(writer.text == #"{"x":"\#(text)"}"#)
  }
}
