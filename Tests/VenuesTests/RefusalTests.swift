import Testing
import Venues

@Suite("Refusals") struct RefusalTests {
  @Test(
    "every documented text has its meaning, with or without the asset behind it",
    arguments: [
      ("Price must be divisible by tick size.", OrderRefusal.tick),
      ("Order must have minimum value of $10.", .minimumValue),
      ("Order must have minimum value of 10 USDC.", .minimumValue),
      ("Insufficient margin to place order.", .margin),
      ("Reduce only order would increase position.", .reduceOnly),
      ("Post only order would have immediately matched, bbo was 1@2.", .wouldMatch),
      ("Order could not immediately match against any resting orders.", .noLiquidity),
      ("Invalid TP/SL price.", .badTrigger),
      ("No liquidity available for market order.", .noLiquidity),
      ("Order would increase open interest while open interest is capped", .other),
      (
        "Order rejected due to price more aggressive than oracle while at open interest cap",
        .priceBand
      ),
      ("Order would increase open interest too quickly", .other),
      ("Order has insufficient spot balance to trade", .margin),
      ("Insufficient spot balance", .margin),
      ("Order price too far from oracle", .priceBand),
      ("Price too far from oracle", .priceBand),
      ("Order would cause position to exceed margin tier limit at current leverage", .margin),
      ("Order has zero size.", .minimumValue),
      ("Order has invalid size.", .tick),
      ("Order has invalid price.", .tick),
      ("Order price cannot be more than 95% away from the reference price", .priceBand),
      ("Order price cannot be more than 80% away from the reference price", .priceBand),
      ("Orders are empty.", .other),
      ("Unexpected number of trigger orders", .badTrigger),
      ("Main order cannot be trigger order.", .badTrigger),
      ("Only post-only orders allowed immediately after network upgrade", .other),
      ("Builder fee has not been approved.", .other),
      ("Too many open orders", .tooManyOrders),
      ("User or API Wallet 0x12 does not exist.", .unauthorised),
      ("L1 error: User or API Wallet 0x12 does not exist.", .unauthorised),
      ("Must deposit before performing actions. User: 0x12", .unauthorised),
      ("Unable to recover signer.", .unauthorised),
      ("Invalid nonce: nonce too low 1 < 2", .unauthorised),
      ("Invalid nonce: duplicate nonce 1", .unauthorised),
      ("Nonce mismatch.", .unauthorised),
      ("Action already expired", .unauthorised),
      ("Vault not registered: 0x12", .unauthorised),
      ("Mainnet and testnet require different signature.", .unauthorised),
      (
        "Too many cumulative requests sent (2 > 1) for cumulative volume traded $0. Place taker "
          + "orders to free up 1 request per USDC traded.", .rateLimited
      ),
      ("Cannot modify canceled or filled order", .other),
      ("Something that nobody wrote down", .other),
      ("", .other),
    ])
  func texts(text: String, refusal: OrderRefusal) {
    #expect(OrderRefusal(hyperliquidText: text) == refusal)
    #expect(OrderRefusal(hyperliquidText: text + " asset=231") == refusal)
  }
}
