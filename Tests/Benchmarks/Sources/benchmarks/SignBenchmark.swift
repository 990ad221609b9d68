import Live
import Market
import Risk
import Venues

/// An order from the gate's word to the bytes of a signed request, through the client that runs
/// live: JSON, MessagePack, two Keccaks, a signature.
enum SignBenchmark: Benchmark {
  static let name = "sign-order"
  static let target = "<= 100 us"

  static func measure() throws -> Row {
    guard let key = PrivateKey(hexadecimal: String(repeating: "0f1e2d3c4b5a6978", count: 4)) else {
      throw BenchmarkError(description: "no key")
    }
    let orders = try (0..<500).map(cleared)
    let signed = try nanoseconds(
      orders, WireClients.hyperliquid(signer: Secp256k1Signer(key: key, network: .testnet)))
    let unsigned = try nanoseconds(orders, WireClients.hyperliquid())
    return Row(
      measured: "\(decimal(signed / 1_000)) us", isMet: signed <= 100_000,
      note: "\(decimal(unsigned / 1_000)) us with one Keccak and no signature")
  }

  private static func nanoseconds(
    _ orders: [Cleared], _ ready: HyperliquidClient
  ) throws -> Double {
    var sent = 0
    let nanoseconds = Stopwatch.nanoseconds(per: orders.count, rounds: 15) {
      var client = ready
      var effects: [ClientEffect] = []
      sent = 0
      for order in orders {
        effects.removeAll(keepingCapacity: true)
        client.submit([order], at: WireClients.now, into: &effects)
        if case .transport(.request) = effects.first { sent += 1 }
      }
    }
    guard sent == orders.count else {
      throw BenchmarkError(description: "\(sent) of \(orders.count) orders were sent")
    }
    return nanoseconds
  }

  /// A stop, since only what shrinks a position is let through without an account.
  private static func cleared(_ number: Int) throws -> Cleared {
    let intent = OrderIntent(
      clientID: ClientOrderID(high: 1, low: UInt64(number)), strategy: "benchmark", symbol: "BTC",
      role: .stop, side: .sell, quantity: "0.01",
      pricing: .trigger(trigger: "36000", worst: "35900"),
      isReduceOnly: true)
    let gate = Gate(limits: .exchangeDefault)
    switch gate.clearReduction(intent, position: "1", outstanding: .zero) {
    case .success(let order): return order
    case .failure(let refusal): throw BenchmarkError(description: "refused: \(refusal)")
    }
  }
}
