/// A currency that products are made of.
struct SpotCurrency: Hashable, Sendable {
  let code: String
  /// Dollars and the like, which no chain carries.
  let isFiat: Bool

  var name: String {
    switch code {
    case "USD": "US Dollar"
    case "USDC": "USDC"
    case "USDT": "Tether"
    case "BTC": "Bitcoin"
    case "ETH": "Ethereum"
    case "SOL": "Solana"
    default: code
    }
  }

  /// The id of the asset.
  var assetID: String { identifier(of: code) }
}

/// An id in the form of a UUID that follows from a text.
func identifier(of text: String) -> String {
  // FNV-1a, then two words of noise.
  var seed: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { seed = (seed ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  let noise = Noise(seed: seed)
  var bytes: [UInt8] = []
  bytes.appendHexadecimal(noise.word(1), digits: 16)
  bytes.appendHexadecimal(noise.word(2), digits: 16)
  var rest = String(decoding: bytes, as: UTF8.self)[...]
  var parts: [Substring] = []
  for length in [8, 4, 4, 4, 12] {
    parts.append(rest.prefix(length))
    rest = rest.dropFirst(length)
  }
  return parts.joined(separator: "-")
}

extension CoinbaseVenue {
  /// Every currency, in the order in which the products first name it, dollars first.
  var currencies: [SpotCurrency] {
    var codes = ["USD"]
    for code in products.flatMap({ [$0.base, $0.quote] }) where !codes.contains(code) {
      codes.append(code)
    }
    return codes.map { SpotCurrency(code: $0, isFiat: $0 == "USD") }
  }
}
