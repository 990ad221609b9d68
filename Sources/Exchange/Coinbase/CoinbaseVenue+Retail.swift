import Market
import Venues

// The `/v2` calls of Coinbase's retail interface, which clients of Advanced Trade make at start-up.
extension CoinbaseVenue {
  func retail(
    _ path: [String], _ query: CallQuery, _ market: some TrueMarket
  ) -> HTTPResponse {
    switch path {
    case ["time"]:
      return .json { writer in
        writer.object { writer in
          writer.object("data") {
            $0.string("iso", String(clock.wire(places: 3, faults).prefix(19)) + "Z")
            $0.integer("epoch", clock.milliseconds / 1_000)
          }
        }
      }
    case ["currencies"]:
      return .data(currencies.filter(\.isFiat)) { writer, currency in
        writer.string("id", currency.code)
        writer.string("name", currency.name)
        writer.string("min_size", "0.01")
      }
    case ["currencies", "crypto"]:
      return .data(currencies.filter { !$0.isFiat }) { writer, currency in
        writer.string("asset_id", currency.assetID)
        writer.string("code", currency.code)
        writer.string("name", currency.name)
        writer.string("color", "#0052FF")
        writer.integer("sort_index", 100)
        writer.integer("exponent", 8)
        writer.string("type", "crypto")
        writer.string("address_regex", "")
      }
    case ["exchange-rates"]: return rates(of: query["currency"] ?? "USD", market)
    default:
      return .json(404) { writer in
        writer.object { writer in
          writer.array("errors", CollectionOfOne("not_found")) { writer, id in
            writer.object {
              $0.string("id", id)
              $0.string("message", "Not found")
            }
          }
        }
      }
    }
  }

  /// What one unit of a currency buys of every other.
  private func rates(of code: String, _ market: some TrueMarket) -> HTTPResponse {
    guard let worth = dollars(for: code, market) else {
      return .json(400) { writer in
        writer.object { writer in
          writer.array("errors", CollectionOfOne("invalid_request")) { writer, id in
            writer.object {
              $0.string("id", id)
              $0.string("message", "Currency is invalid")
            }
          }
        }
      }
    }
    return .json { writer in
      writer.object { writer in
        writer.object("data") { writer in
          writer.string("currency", code)
          writer.object("rates") { writer in
            for currency in currencies {
              guard let other = dollars(for: currency.code, market), other > .zero,
                let rate = worth.checkedScaled(
                  by: Price.stepsPerWhole, over: other.steps, .nearest)
              else { continue }
              writer.key(currency.code.utf8)
              writer.decimal(rate)
            }
          }
        }
      }
    }
  }

  private func dollars(for code: String, _ market: some TrueMarket) -> Price? {
    // Coinbase itself takes a USDC for a dollar.
    if code == "USD" || code == "USDC" { return Price(whole: 1) }
    return products.first { $0.base == code && $0.quote == "USD" }?
      .price(configuration.plan, market)
  }
}

extension HTTPResponse {
  /// A list as the retail interface has it.
  fileprivate static func data<Element>(
    _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void
  ) -> HTTPResponse {
    json { writer in
      writer.object { writer in
        writer.array("data", elements) { writer, element in
          writer.object { body(&$0, element) }
        }
      }
    }
  }
}
