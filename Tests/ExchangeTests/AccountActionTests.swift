import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Actions about the account")
struct AccountActionTests {
  private typealias Bench = VenueBench
  private static let agent = AccountAddress(number: 0xa9e27)
  private static let stranger = AccountAddress(number: 0x57a)

  private static let done = #"{"status":"ok","response":{"type":"default"}}"#

  /// Sends an action that is signed field by field.
  private func sign(
    _ bench: inout VenueBench, _ type: String, _ fields: String,
    as account: AccountAddress = Bench.alice, chain: String = "Testnet"
  ) -> String {
    // Past every nonce that was given out in the second before.
    bench.advance(by: .seconds(1))
    let nonce = bench.now.milliseconds
    return bench.act(
      #"{"type":"\#(type)",\#(fields),"nonce":\#(nonce),"signatureChainId":"0x66eee","#
        + #""hyperliquidChain":"\#(chain)"}"#, as: account, nonce: UInt64(nonce))
  }

  private func approve(
    _ bench: inout VenueBench, _ agent: AccountAddress, _ name: String? = nil
  ) -> String {
    let named = name.map { #","agentName":"\#($0)""# } ?? ""
    return sign(&bench, "approveAgent", #""agentAddress":"\#(agent)"\#(named)"#)
  }

  @Test("an approved agent trades for its master, and moves no money")
  func agents() {
    var bench = Bench()
    let order = Bench.limit(.buy, "0.01", at: "99000")
    #expect(bench.order(order, as: Self.agent).contains("\(Self.agent) does not exist."))
    #expect(approve(&bench, Self.agent) == Self.done)
    #expect(bench.statuses(bench.order(order, as: Self.agent)) == ["resting"])
    #expect(bench.venue.openOrders(of: Bench.alice).count == 1)
    let transfer = sign(
      &bench, "usdClassTransfer", #""amount":"1","toPerp":false"#, as: Self.agent)
    #expect(transfer.contains("Must deposit before performing actions. User: \(Self.agent)"))
    #expect(
      bench.info(#"{"type":"userRole","user":"\#(Self.agent)"}"#)
        == #"{"role":"agent","data":{"user":"\#(Bench.alice)"}}"#)
    #expect(bench.info(#"{"type":"userRole","user":"\#(Bench.alice)"}"#) == #"{"role":"user"}"#)
    #expect(bench.info(#"{"type":"extraAgents","user":"\#(Bench.alice)"}"#) == "[]")
  }

  @Test("the agent of a name is replaced, removed by the zero address, and expires")
  func agentLife() {
    var bench = Bench()
    let other = AccountAddress(number: 0xb)
    let noop = #"{"type":"noop"}"#
    #expect(approve(&bench, Self.agent, "bot") == Self.done)
    #expect(bench.act(noop, as: Self.agent) == Self.done)
    #expect(approve(&bench, other, "bot") == Self.done)
    #expect(bench.act(noop, as: Self.agent).contains("does not exist"))
    #expect(bench.act(noop, as: other) == Self.done)
    let until = bench.now.milliseconds + 60_000
    #expect(approve(&bench, Self.agent, "short valid_until \(until)") == Self.done)
    let agents = bench.info(#"{"type":"extraAgents","user":"\#(Bench.alice)"}"#)
    #expect(
      agents.contains(#"{"name":"short","address":"\#(Self.agent)","validUntil":\#(until)}"#))
    bench.advance(by: .minutes(2))
    #expect(bench.act(noop, as: Self.agent).contains("does not exist"))
    #expect(approve(&bench, AccountAddress(number: 0), "bot") == Self.done)
    #expect(bench.act(noop, as: other).contains("does not exist"))
  }

  @Test("agents are refused with the venue's words")
  func agentErrors() {
    var bench = Bench()
    #expect(approve(&bench, Bench.bob).contains("Extra agent already used."))
    #expect(
      approve(&bench, Self.agent, "a name that is too long").contains(
        "Extra agent name must be between 1 and 16 characters long"))
    let past = bench.now.milliseconds - 1
    #expect(
      approve(&bench, Self.agent, "x valid_until \(past)").contains(
        "Agent valid_until already expired."))
    for number in 1...3 {
      #expect(approve(&bench, AccountAddress(number: UInt64(number)), "n\(number)") == Self.done)
    }
    #expect(
      approve(&bench, Self.agent, "n4").contains(
        "Too many extra agents for cumulative volume traded. Current limit is 3"))
    #expect(approve(&bench, Self.agent) == Self.done)
  }

  @Test("what is signed field by field names its network and its nonce")
  func userSigned() {
    var bench = Bench()
    let fields = #""amount":"1","toPerp":false"#
    #expect(sign(&bench, "usdClassTransfer", fields, chain: "Mainnet") == Self.done)
    #expect(
      sign(&bench, "usdClassTransfer", fields, chain: "Moonnet").contains(
        "Mainnet and testnet require different signature."))
    let other = bench.act(
      #"{"type":"usdClassTransfer",\#(fields),"nonce":1,"signatureChainId":"0x66eee","#
        + #""hyperliquidChain":"Testnet"}"#)
    #expect(other.contains("Nonce mismatch."))
    #expect(
      sign(&bench, "usdClassTransfer", fields, as: Self.stranger).contains(
        "Must deposit before performing actions. User: \(Self.stranger)"))
    #expect(
      sign(&bench, "sendAsset", #""destination":"\#(Bench.bob)","amount":"1""#).contains(
        "Action sendAsset is not simulated."))
  }

  @Test("money moves to the wallet for spot and back, and each knows of it")
  func classTransfer() throws {
    var bench = Bench(deposit: Money(whole: 100))
    bench.open()
    let user = Bench.alice
    let first = bench.subscribe(#"{"type":"userNonFundingLedgerUpdates","user":"\#(user)"}"#)
    #expect(first.last?.contains(#""isSnapshot":true"#) == true)
    _ = bench.subscribe(#"{"type":"spotState","user":"\#(user)"}"#)
    let frames = bench.frames {
      #expect(sign(&$0, "usdClassTransfer", #""amount":"40.5","toPerp":false"#) == Self.done)
    }
    #expect(
      frames.contains {
        $0.contains(#""type":"accountClassTransfer","usdc":"40.5","toPerp":false"#)
      })
    #expect(
      frames.contains { $0.contains(#""channel":"spotState""#) && $0.contains(#""40.5""#) })
    let spot = bench.info(#"{"type":"spotClearinghouseState","user":"\#(user)"}"#)
    #expect(
      spot
        == #"{"balances":[{"coin":"USDC","token":0,"hold":"0.0","total":"40.5","entryNtl":"0.0"}]}"#
    )
    #expect(bench.venue.accountValue(of: user) == "59.5")
    for amount in [#""60","toPerp":false"#, #""41","toPerp":true"#, #""0","toPerp":true"#] {
      #expect(
        sign(&bench, "usdClassTransfer", #""amount":"# + amount).contains(
          "Insufficient balance for token transfer"))
    }
    #expect(sign(&bench, "usdClassTransfer", #""amount":"40.5","toPerp":true"#) == Self.done)
    #expect(bench.venue.accountValue(of: user) == "100")
    #expect(
      sign(&bench, "usdClassTransfer", #""amount":"1 subaccount:\#(Bench.bob)","toPerp":true"#)
        .contains("Vault not registered: \(Bench.bob)"))
    #expect(bench.imbalance() == nil)
  }

  @Test("money is sent to another account, which is opened for it, and both know of it")
  func sending() throws {
    var bench = Bench()
    let receiver = AccountAddress(number: 0xcafe)
    func send(_ amount: String, to destination: AccountAddress) -> String {
      bench.advance(by: .seconds(1))
      let time = bench.now.milliseconds
      return bench.act(
        #"{"type":"usdSend","destination":"\#(destination)","amount":"\#(amount)","#
          + #""time":\#(time),"signatureChainId":"0x66eee","hyperliquidChain":"Testnet"}"#,
        nonce: UInt64(time))
    }
    #expect(send("40000", to: receiver) == Self.done)
    #expect(bench.venue.accountValue(of: receiver) == Money(whole: 40_000))
    #expect(bench.venue.accountValue(of: Bench.alice) == Money(whole: 60_000))
    for address in [Bench.alice, receiver] {
      let delta = bench.parsed(
        bench.info(#"{"type":"userNonFundingLedgerUpdates","user":"\#(address)"}"#))?[0]?["delta"]
      #expect(delta?["type"]?.string == "internalTransfer")
      #expect(delta?["usdc"]?.string == "40000.0")
      #expect(delta?["user"]?.string == Bench.alice.description)
      #expect(delta?["destination"]?.string == receiver.description)
    }
    #expect(send("60000.1", to: receiver).contains("Insufficient balance for token transfer"))
    #expect(send("1", to: Bench.alice).contains("Invalid send"))
    #expect(send("-1", to: receiver).contains("Invalid send"))
    // The receiver may trade with it.
    let order = Bench.limit(.buy, "0.01", at: "99000")
    #expect(bench.statuses(bench.order(order, as: receiver)) == ["resting"])
    #expect(bench.imbalance() == nil)
  }

  @Test("money leaves the venue, and no more than may be withdrawn")
  func withdrawing() {
    var bench = Bench()
    func withdraw(_ amount: String, expiresAfter: UInt64? = nil) -> String {
      bench.advance(by: .seconds(1))
      let time = bench.now.milliseconds
      return bench.act(
        #"{"type":"withdraw3","destination":"\#(Bench.bob)","amount":"\#(amount)","#
          + #""time":\#(time),"signatureChainId":"0x66eee","hyperliquidChain":"Mainnet"}"#,
        nonce: UInt64(time), expiresAfter: expiresAfter)
    }
    #expect(withdraw("100000.5").contains("Insufficient balance for withdrawal"))
    #expect(withdraw("250.5") == Self.done)
    #expect(bench.venue.accountValue(of: Bench.alice) == "99749.5")
    let updates = bench.info(#"{"type":"userNonFundingLedgerUpdates","user":"\#(Bench.alice)"}"#)
    #expect(updates.contains(#""type":"withdraw","usdc":"250.5","nonce":"#))
    // An expiry is for actions that the exchange executes.
    let expiry = UInt64(bench.now.milliseconds) + 60_000
    #expect(withdraw("1", expiresAfter: expiry).contains("Only L1 actions"))
    #expect(bench.imbalance() == nil)
  }

  @Test("a builder takes what was approved and no more")
  func builderFees() throws {
    var bench = Bench()
    let order = Bench.limit(.buy, "0.1", at: "101000", "Ioc")
    func send(_ rate: Int) -> String {
      bench.act(
        #"{"type":"order","orders":[\#(order)],"grouping":"na","#
          + #""builder":{"b":"\#(Self.stranger)","f":\#(rate)}}"#)
    }
    #expect(bench.statuses(send(1)) == ["Builder fee has not been approved."])
    let fields = #""maxFeeRate":"0.010%","builder":"\#(Self.stranger)""#
    #expect(sign(&bench, "approveBuilderFee", fields) == Self.done)
    let question =
      #"{"type":"maxBuilderFee","user":"\#(Bench.alice)","builder":"\#(Self.stranger)"}"#
    #expect(bench.info(question) == "10")
    #expect(bench.statuses(send(11)) == ["Builder fee has not been approved."])
    #expect(bench.statuses(send(10)) == ["filled"])
    let fill = try #require(bench.venue.fills(of: Bench.alice).last)
    let notional = fill.price.double * fill.quantity.double
    #expect(abs(fill.builderFee.double - notional * 0.0001) < 1e-5)
    #expect(abs(fill.fee.double - notional * 0.00055) < 1e-5)
    let fills = bench.info(#"{"type":"userFills","user":"\#(Bench.alice)"}"#)
    #expect(fills.contains(#""fee":"5.5","builderFee":"1.0""#))
    #expect(
      sign(&bench, "approveBuilderFee", #""maxFeeRate":"0.2%","builder":"\#(Self.stranger)""#)
        .contains("above the maximum"))
    #expect(
      sign(&bench, "approveBuilderFee", #""maxFeeRate":"0%","builder":"\#(Self.stranger)""#)
        == Self.done)
    #expect(bench.info(question) == "0")
    #expect(bench.imbalance() == nil)
  }

  @Test("an address that nobody knows is funded on first use, where the venue does so")
  func openAccounts() {
    var closed = Bench()
    let state = #"{"type":"clearinghouseState","user":"\#(Self.stranger)"}"#
    #expect(closed.info(state).contains(#""accountValue":"0.0""#))
    var bench = Bench { $0.unknownAccountDeposit = Money(whole: 500) }
    let order = Bench.limit(.buy, "0.001", at: "99000")
    #expect(bench.statuses(bench.order(order, as: Self.stranger)) == ["resting"])
    #expect(bench.venue.account(Self.stranger)?.deposited == Money(whole: 500))
    #expect(bench.info(state).contains(#""accountValue":"500.0""#))
    let reader = AccountAddress(number: 0xcafe)
    #expect(bench.info(#"{"type":"userRole","user":"\#(reader)"}"#) == #"{"role":"missing"}"#)
    _ = bench.info(#"{"type":"clearinghouseState","user":"\#(reader)"}"#)
    #expect(bench.info(#"{"type":"userRole","user":"\#(reader)"}"#) == #"{"role":"user"}"#)
    // A removed agent's key does not come back as an account of its own.
    _ = approve(&bench, Self.agent)
    _ = approve(&bench, AccountAddress(number: 0))
    #expect(bench.act(#"{"type":"noop"}"#, as: Self.agent).contains("does not exist"))
    for number in 0..<1_100 {
      _ = bench.info(
        #"{"type":"openOrders","user":"\#(AccountAddress(number: 0x1_0000 + UInt64(number)))"}"#)
    }
    #expect(bench.venue.accounts.count == 1_000)
    #expect(bench.imbalance() == nil)
  }
}
