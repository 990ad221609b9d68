import Market
import Testing

@testable import Risk
@testable import Venues

@Suite("Account") struct AccountTests {
  private func id(_ number: UInt64) -> ClientOrderID { ClientOrderID(high: 0, low: number) }
  private let time = Instant(milliseconds: 1_700_000_000_500)

  private func trading() -> Dialogue {
    var talk = Dialogue(Dialogue.configuration(series: [], user: Dialogue.user))
    talk.begin()
    return talk
  }

  static func fill(
    _ tid: Int, oid: Int = 5, cloid: String? = "0x00000000000000000000000000000001",
    time: Int64 = 1_700_000_000_500, more: String = ""
  ) -> String {
    #"{"coin":"BTC","px":"50000.0","sz":"0.2","side":"B","time":\#(time),"startPosition":"0.0","#
      + #""dir":"Open Long","closedPnl":"0.0","hash":"0x0","oid":\#(oid),"crossed":true,"#
      + #""fee":"4.5","tid":\#(tid),"feeToken":"USDC""#
      + (cloid.map { #","cloid":"\#($0)""# } ?? "") + more + "}"
  }

  static func fills(_ fills: [String], isSnapshot: Bool = false) -> String {
    #"{"channel":"userFills","data":{"#
      + (isSnapshot ? #""isSnapshot":true,"# : "")
      + #""user":"\#(Dialogue.user)","fills":["# + fills.joined(separator: ",") + "]}}"
  }

  private func fill(_ tid: UInt64, _ number: UInt64 = 1) -> OrderReport {
    .fill(
      Fill(
        clientID: id(number), symbol: "BTC", side: .buy, price: "50000", quantity: "0.2",
        fee: "4.5", tradeID: tid, time: time))
  }

  @Test("a fill is told once, however often it comes and by whatever way")
  func fillsOnce() {
    var talk = trading()
    talk.frame(Self.fills([Self.fill(1)]))
    #expect(talk.effects.reports == [fill(1)])
    talk.frame(Self.fills([Self.fill(1), Self.fill(2)], isSnapshot: true))
    #expect(talk.effects.reports == [fill(2)])
    talk.say { $0.refreshAccount(fillsSince: time, at: $1, into: &$2) }
    #expect(talk.effects.requests.map { $0.contains("userFillsByTime") } == [false, false, true])
    talk.answer(
      talk.client.requests, "[" + [Self.fill(1), Self.fill(3)].joined(separator: ",") + "]")
    #expect(talk.effects.reports == [fill(3)])
  }

  @Test("funding is told once, oldest first, whether it comes live or in a snapshot")
  func fundingOnce() {
    func frame(_ hours: [Int64], isSnapshot: Bool) -> String {
      let rows = hours.map {
        #"{"time":\#(1_700_002_800_000 + $0 * 3_600_000),"coin":"BTC","usdc":"-0.5","szi":"0.2","#
          + #""fundingRate":"0.0000125","nSamples":null}"#
      }
      return #"{"channel":"userFundings","data":{"# + (isSnapshot ? #""isSnapshot":true,"# : "")
        + #""user":"\#(Dialogue.user)","fundings":["# + rows.joined(separator: ",") + "]}}"
    }
    func receipt(_ hour: Int64) -> ClientEffect {
      .funding(
        FundingReceipt(
          symbol: "BTC", time: Instant(milliseconds: 1_700_002_800_000 + hour * 3_600_000),
          amount: "-0.5"))
    }
    var talk = trading()
    talk.frame(frame([0], isSnapshot: false))
    #expect(talk.effects.contains(receipt(0)))
    talk.frame(frame([2, 1, 0], isSnapshot: true))
    let told = talk.effects.filter { if case .funding = $0 { true } else { false } }
    #expect(told == [receipt(1), receipt(2)])
  }

  @Test("a snapshot is told oldest first, and only from the configured time on")
  func snapshot() {
    var configuration = Dialogue.configuration(series: [], user: Dialogue.user)
    configuration.fillsSince = Instant(milliseconds: 1_700_000_000_200)
    var talk = Dialogue(configuration)
    talk.begin()
    let times: [Int64] = [400, 300, 200, 100]
    talk.frame(
      Self.fills(
        times.map { Self.fill(Int($0), time: 1_700_000_000_000 + $0) }, isSnapshot: true))
    let ids = talk.effects.reports.map { report -> UInt64 in
      guard case .fill(let fill) = report else { return 0 }
      return fill.tradeID
    }
    #expect(ids == [200, 300, 400])
    #expect(!talk.effects.contains { if case .latency = $0 { true } else { false } })
  }

  @Test("a fill without our id is ours by the venue's id, or else foreign")
  func foreignFills() {
    var talk = trading()
    talk.say { $0.submit([Dialogue.cleared(1)], at: $1, into: &$2) }
    talk.answer(talk.client.requests, OrderTests.reply([#"{"resting":{"oid":5}}"#]))
    talk.frame(Self.fills([Self.fill(1, oid: 5, cloid: nil)]))
    #expect(talk.effects.reports == [fill(1)])
    talk.frame(
      Self.fills([
        Self.fill(
          2, oid: 6, cloid: nil,
          more: #","liquidation":{"liquidatedUser":"0x0","markPx":"1","method":"market"}"#)
      ]))
    #expect(talk.effects.reports.isEmpty)
    guard case .foreignFill(let foreign)? = talk.effects.first else {
      Issue.record("\(talk.effects)")
      return
    }
    #expect(foreign.isLiquidation)
    #expect(foreign.venueID == 6)
  }

  @Test("funding is told once, oldest first, though each subscription repeats it")
  func fundings() {
    var talk = trading()
    let funding = { (hour: Int64, amount: String) in
      #"{"time":\#(1_700_000_000_000 + hour * 3_600_000),"coin":"BTC","usdc":"\#(amount)","#
        + #""szi":"1.0","fundingRate":"0.0000125","nSamples":null}"#
    }
    let receipt = { (hour: Int64, amount: Money) in
      ClientEffect.funding(
        FundingReceipt(
          symbol: "BTC", time: Instant(milliseconds: 1_700_000_000_000 + hour * 3_600_000),
          amount: amount))
    }
    let frame = { (rows: [String]) in
      #"{"channel":"userFundings","data":{"isSnapshot":true,"user":"\#(Dialogue.user)","#
        + #""fundings":[\#(rows.joined(separator: ","))]}}"#
    }
    talk.frame(frame([funding(2, "-1.5"), funding(1, "0.25")]))
    #expect(talk.effects == [receipt(1, "0.25"), receipt(2, -"1.5")])
    talk.frame(frame([funding(1, "0.25"), funding(3, "1"), "{}"]))
    #expect(talk.effects.contains(receipt(3, "1")))
    #expect(talk.effects.rejections.map(\.reason) == [.member("coin")])
    #expect(talk.effects.count == 2)
  }

  @Test("a bad fill does not hide a good one; another user's frame is refused")
  func badFills() {
    var talk = trading()
    let bad = Self.fill(7).replacing("\"0.2\"", with: "\"0.000000001\"")
    talk.frame(Self.fills([bad, Self.fill(8)]))
    #expect(talk.effects.reports == [fill(8)])
    #expect(talk.effects.rejections.map(\.reason) == [.member("sz")])
    talk.frame(
      Self.fills([Self.fill(9)]).replacing(
        Dialogue.user.description, with: "0x" + String(repeating: "2", count: 40)))
    #expect(talk.effects.reports.isEmpty)
    #expect(talk.effects.rejections.map(\.reason) == [.member("user")])
  }

  static func update(
    _ status: String, remaining: String = "0.5", cloid: Bool = true, oid: Int = 5
  ) -> String {
    #"{"order":{"coin":"BTC","side":"B","limitPx":"50000.0","sz":"\#(remaining)","oid":\#(oid),"#
      + #""timestamp":1700000000000,"origSz":"0.5""#
      + (cloid ? #","cloid":"0x00000000000000000000000000000001""# : "")
      + #"},"status":"\#(status)","statusTimestamp":1700000000500}"#
  }

  @Test(
    "every status word becomes its evidence",
    arguments: [
      ("open", "0.5", [OrderEvidence.working(venueID: 5)]),
      ("triggered", "0.5", [.working(venueID: 5)]),
      (
        "open", "0.3",
        [.working(venueID: 5), .filled(total: "0.2", averagePrice: "50000", venueID: 5)]
      ),
      ("filled", "0.0", [.filled(total: "0.5", averagePrice: "50000", venueID: 5)]),
      ("canceled", "0.5", [.cancelled(filled: "0")]),
      ("canceled", "0.1", [.cancelled(filled: "0.4")]),
      ("marginCanceled", "0.5", [.cancelled(filled: "0")]),
      ("vaultWithdrawalCanceled", "0.5", [.cancelled(filled: "0")]),
      ("openInterestCapCanceled", "0.5", [.cancelled(filled: "0")]),
      ("selfTradeCanceled", "0.5", [.cancelled(filled: "0")]),
      ("reduceOnlyCanceled", "0.5", [.cancelled(filled: "0")]),
      ("siblingFilledCanceled", "0.5", [.cancelled(filled: "0")]),
      ("delistedCanceled", "0.5", [.cancelled(filled: "0")]),
      ("liquidatedCanceled", "0.5", [.cancelled(filled: "0")]),
      ("outcomeSettledCanceled", "0.5", [.cancelled(filled: "0")]),
      ("scheduledCancel", "0.5", [.cancelled(filled: "0")]),
      ("internalCancel", "0.5", [.cancelled(filled: "0")]),
      ("rejected", "0.5", [.rejected(.other)]),
      ("tickRejected", "0.5", [.rejected(.tick)]),
      ("minTradeNtlRejected", "0.5", [.rejected(.minimumValue)]),
      ("perpMarginRejected", "0.5", [.rejected(.margin)]),
      ("reduceOnlyRejected", "0.5", [.rejected(.reduceOnly)]),
      ("badAloPxRejected", "0.5", [.rejected(.wouldMatch)]),
      ("iocCancelRejected", "0.5", [.rejected(.noLiquidity)]),
      ("iocCancelRejected", "0.1", [.cancelled(filled: "0.4")]),
      ("badTriggerPxRejected", "0.5", [.rejected(.badTrigger)]),
      ("marketOrderNoLiquidityRejected", "0.5", [.rejected(.noLiquidity)]),
      ("positionIncreaseAtOpenInterestCapRejected", "0.5", [.rejected(.other)]),
      ("positionFlipAtOpenInterestCapRejected", "0.5", [.rejected(.other)]),
      ("tooAggressiveAtOpenInterestCapRejected", "0.5", [.rejected(.priceBand)]),
      ("openInterestIncreaseRejected", "0.5", [.rejected(.other)]),
      ("insufficientSpotBalanceRejected", "0.5", [.rejected(.margin)]),
      ("oracleRejected", "0.5", [.rejected(.priceBand)]),
      ("perpMaxPositionRejected", "0.5", [.rejected(.margin)]),
      ("tooManyOpenOrdersRejected", "0.5", [.rejected(.tooManyOrders)]),
    ])
  func statuses(status: String, remaining: String, evidence: [OrderEvidence]) {
    var talk = trading()
    talk.frame(
      #"{"channel":"orderUpdates","data":[\#(Self.update(status, remaining: remaining))]}"#)
    let reports = evidence.map { OrderReport.evidence(id(1), $0, at: time) }
    #expect(talk.effects.reports == reports)
    talk.say { $0.queryOrder(id(1), at: $1, into: &$2) }
    talk.answer(
      talk.client.requests,
      #"{"status":"order","order":\#(Self.update(status, remaining: remaining))}"#)
    #expect(talk.effects.reports == reports)
  }

  @Test("an update that is none is counted, one of somebody else's order is not our business")
  func oddUpdates() {
    var talk = trading()
    let odd = [
      Self.update("confused"), Self.update("open", remaining: "0.6"),
      Self.update("open", remaining: "-0.1"), "{}", "null",
    ]
    talk.frame(#"{"channel":"orderUpdates","data":[\#(odd.joined(separator: ","))]}"#)
    #expect(talk.effects.rejections.count == odd.count)
    #expect(talk.effects.reports.isEmpty)
    talk.frame(
      #"{"channel":"orderUpdates","data":[\#(Self.update("open", cloid: false, oid: 99))]}"#)
    #expect(talk.effects.rejections.isEmpty)
    #expect(talk.effects.reports.isEmpty)
  }

  @Test("no such order is believed only once the order can no longer arrive")
  func notFound() {
    var talk = trading()
    talk.pass(.seconds(60))
    talk.say { $0.submit([Dialogue.cleared(1)], at: $1, into: &$2) }
    talk.pass(.seconds(10))
    talk.fail(talk.client.requests, .timeout)
    talk.say { $0.queryOrder(id(1), at: $1, into: &$2) }
    #expect(
      talk.effects.requests
        == [
          #"/info {"type":"orderStatus","user":"\#(Dialogue.user)","#
            + #""oid":"0x00000000000000000000000000000001"}"#
        ])
    talk.answer(talk.client.requests, #"{"status":"unknownOid"}"#)
    #expect(talk.effects.reports.isEmpty)
    talk.pass(.seconds(2))
    #expect(talk.effects.requests.count == 1)
    talk.answer(talk.client.requests, #"{"status":"unknownOid"}"#)
    #expect(talk.effects.reports == [.evidence(id(1), .notFound, at: talk.now.wall)])
  }

  @Test("right after a start, an earlier run's order may still be on its way")
  func notFoundAfterRestart() {
    var talk = trading()
    talk.say { $0.queryOrder(id(9), at: $1, into: &$2) }
    talk.answer(talk.client.requests, #"{"status":"unknownOid"}"#)
    #expect(talk.effects.reports.isEmpty)
    talk.pass(.seconds(12))
    talk.answer(talk.client.requests, #"{"status":"unknownOid"}"#)
    #expect(talk.effects.reports == [.evidence(id(9), .notFound, at: talk.now.wall)])
  }

  @Test("a question without an answer is said to have failed, and is not two questions")
  func failedQuestion() {
    var talk = trading()
    talk.say { $0.queryOrder(id(1), at: $1, into: &$2) }
    talk.say { $0.queryOrder(id(1), at: $1, into: &$2) }
    #expect(talk.effects.requests.isEmpty)
    talk.fail(talk.client.requests, .timeout)
    #expect(talk.effects == [.requestFailed(.orderStatus(id(1)), .timeout)])
    talk.say { $0.queryOrder(id(1), at: $1, into: &$2) }
    talk.answer(talk.client.requests, #"{"status":"order","order":{}}"#)
    #expect(talk.effects.reports.isEmpty)
    #expect(talk.effects.contains(.requestFailed(.orderStatus(id(1)), .malformed)))
  }

  static func state(_ time: Int64, _ positions: String) -> String {
    #"{"marginSummary":{"accountValue":"38252.7"},"assetPositions":[\#(positions)],"#
      + #""time":\#(time)}"#
  }

  @Test("positions and money are told, an older view than the last is not")
  func account() {
    var talk = trading()
    let positions =
      #"{"type":"oneWay","position":{"coin":"ETH","szi":"-4.5","entryPx":"1705.82"}},"#
      + #"{"type":"oneWay","position":{"coin":"BTC","szi":"1","entryPx":"81285.0"}},"#
      + #"{"type":"oneWay","position":{"coin":"SOL","szi":"0.0","entryPx":null}}"#
    talk.say { $0.refreshAccount(fillsSince: nil, at: $1, into: &$2) }
    talk.answer(talk.client.requests - 1, Self.state(1_700_000_000_100, positions))
    let snapshot = AccountSnapshot(
      time: Instant(milliseconds: 1_700_000_000_100), accountValue: "38252.7",
      positions: [
        VenuePosition(symbol: "BTC", quantity: "1", entryPrice: "81285"),
        VenuePosition(symbol: "ETH", quantity: -"4.5", entryPrice: "1705.82"),
      ])
    #expect(talk.effects.contains(.account(snapshot)))
    talk.say { $0.refreshAccount(fillsSince: nil, at: $1, into: &$2) }
    talk.answer(talk.client.requests - 1, Self.state(1_700_000_000_099, ""))
    #expect(talk.effects.rejections.map(\.reason) == [.stale])
    #expect(!talk.effects.contains { if case .account = $0 { true } else { false } })
  }

  @Test("a view of the account that cannot be read whole is none")
  func brokenAccount() {
    for positions in [
      #"{"position":{"coin":"BTC","szi":"1","entryPx":null}}"#,
      #"{"position":{"coin":"BTC","szi":1,"entryPx":"1"}}"#, #"{"position":{}}"#, "null",
      #"{"position":{"coin":"BTC","szi":"1","entryPx":"1"}},"#
        + #"{"position":{"coin":"BTC","szi":"1","entryPx":"1"}}"#,
    ] {
      var talk = trading()
      talk.say { $0.refreshAccount(fillsSince: nil, at: $1, into: &$2) }
      talk.answer(talk.client.requests - 1, Self.state(1_700_000_000_100, positions))
      #expect(talk.effects.rejections.count == 1)
      #expect(talk.effects.contains(.requestFailed(.account, .malformed)))
    }
  }

  @Test("resting orders are told as a whole, children once, as of the time of asking")
  func openOrders() {
    var talk = trading()
    talk.say { $0.refreshAccount(fillsSince: nil, at: $1, into: &$2) }
    let asked = talk.now.wall
    talk.pass(.seconds(1))
    let child =
      #"{"coin":"BTC","side":"A","limitPx":"1.0","sz":"0.0","oid":8,"cloid":null,"children":[]}"#
    let parent =
      #"{"coin":"BTC","side":"B","limitPx":"1.0","sz":"5.0","oid":9,"#
      + #""cloid":"0x00000000000000000000000000000001","children":[\#(child)]}"#
    talk.answer(talk.client.requests, "[\(parent),\(child)]")
    #expect(
      talk.effects.contains(
        .openOrders(
          [
            VenueOrder(
              clientID: nil, venueID: 8, symbol: "BTC", side: .sell, remaining: .zero),
            VenueOrder(
              clientID: id(1), venueID: 9, symbol: "BTC", side: .buy, remaining: "5"),
          ], asOf: asked)))
    talk.say { $0.refreshAccount(fillsSince: nil, at: $1, into: &$2) }
    talk.answer(talk.client.requests, "[\(parent),{}]")
    #expect(talk.effects.contains(.requestFailed(.openOrders, .malformed)))
  }

  @Test("a cut-off list of executions is read on")
  func pages() {
    var talk = trading()
    talk.say { $0.refreshAccount(fillsSince: Instant(milliseconds: 1), at: $1, into: &$2) }
    let rows = (0..<500).map { Self.fill($0 + 1, time: 1_600_000_000_000 + Int64($0)) }
    talk.answer(talk.client.requests, "[" + rows.joined(separator: ",") + "]")
    #expect(talk.effects.reports.count == 500)
    #expect(talk.effects.requests.last?.contains("\"startTime\":1600000000499") == true)
  }
}
