import Market
import Testing
import Venues

@testable import Exchange

@Suite("Nonces")
struct NonceTests {
  private let now = VenueBench.start
  private var base: UInt64 { UInt64(now.milliseconds) }

  @Test("the window is two days back and one day ahead")
  func window() {
    let day: UInt64 = 86_400_000
    for (nonce, isGood) in [
      (base - 2 * day, false), (base - 2 * day + 1, true), (base + day - 1, true),
      (base + day, false), (0, false), (.max, false),
    ] {
      var nonces = NonceSet()
      let text = nonces.admit(nonce, at: now)
      #expect((text == nil) == isGood, "\(nonce): \(text ?? "admitted")")
      #expect(text?.hasPrefix("Invalid nonce: nonce too ") ?? true)
    }
  }

  @Test("gaps and disorder are fine, repetition is not")
  func duplicates() {
    var nonces = NonceSet()
    for nonce in [base, base + 10, base + 5, base - 100] {
      #expect(nonces.admit(nonce, at: now) == nil)
    }
    for nonce in [base, base + 10, base + 5, base - 100] {
      #expect(
        nonces.admit(nonce, at: now) == "Invalid nonce: duplicate nonce \(nonce)")
    }
  }

  @Test("a hundred are kept, and a new one must be above the smallest of them")
  func hundred() {
    var nonces = NonceSet()
    for offset in 0..<100 {
      #expect(nonces.admit(base + UInt64(offset) * 2, at: now) == nil)
    }
    #expect(nonces.admit(base - 1, at: now) != nil)
    #expect(nonces.admit(base + 1, at: now) == nil)
    // The smallest kept one is now base + 1.
    #expect(nonces.admit(base, at: now) != nil)
    #expect(nonces.admit(base + 3, at: now) == nil)
  }

  @Test("a rejected order uses its nonce, an unknown signer does not; agents have their own")
  func consumption() {
    let agent = AccountAddress(number: 0xa9e27)
    var bench = VenueBench { $0.accounts[0].agents = [agent] }
    let bad = #"{"type":"order","orders":[],"grouping":"na"}"#
    _ = bench.act(bad, nonce: base)
    #expect(bench.act(bad, nonce: base).contains("duplicate nonce \(base)"))
    #expect(bench.act(bad, as: agent, nonce: base).contains("Orders are empty."))
    #expect(bench.act(bad, as: AccountAddress(number: 5), nonce: base).contains("does not exist"))
  }
}
