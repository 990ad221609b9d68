import Live
import Market
import Venues

/// What to paste into each client so that it talks to the served venues, unmodified.
struct ClientAddresses {
  private let base: String
  private let sockets: String
  private let venues: [Venue]
  /// The one network whose signatures count; nil where both do.
  private let network: SigningNetwork?
  /// The certificate to trust; nil without TLS.
  private let certificate: String?

  init(
    base: String, sockets: String, venues: [Venue], network: SigningNetwork?, certificate: String?
  ) {
    self.base = base
    self.sockets = sockets
    self.venues = venues
    self.network = network
    self.certificate = certificate
  }

  /// What a configuration of `assay live` says to trade here; its feeds are here too.
  var configuration: String {
    let trust = certificate.map { ", trust: \"\($0)\"" } ?? ""
    return "venue: {http: \"\(base)\", webSocket: \"\(sockets)\", "
      + "network: \(network ?? .testnet), clock: served\(trust)}"
  }

  /// The constructors of ccxt's classes, ccxt.pro's included.
  ///
  /// What a class is not told here it would ask at the real venue. A polling class finds the
  /// certificate in the environment if it is let, a streaming one where it is told.
  var ccxt: [String] {
    venues.flatMap { venue in
      switch venue {
      case .hyperliquid: [hyperliquid]
      case .binance: [binance]
      case .coinbase: coinbase
      case .deribit: [deribit]
      }
    }
  }

  /// The first arguments of every constructor.
  private var trust: String {
    certificate.map { "'requests_trust_env': True, 'cafile': '\($0)', " } ?? ""
  }

  /// It signs for the mainnet unless it is told otherwise, whatever the address.
  private var hyperliquid: String {
    let options = network == .testnet ? "'options': {'sandboxMode': True}, " : ""
    return "ccxt.hyperliquid({\(trust)\(options)'urls': {'api': {'public': '\(base)', "
      + "'private': '\(base)', 'ws': {'public': '\(sockets)/ws'}}}})"
  }

  /// It makes the routed paths of the sockets from the one that ends in `/ws`.
  private var binance: String {
    "ccxt.binanceusdm({\(trust)'urls': {'api': {'fapiPublic': '\(base)/fapi/v1', "
      + "'fapiPublicV2': '\(base)/fapi/v2', 'fapiData': '\(base)/futures/data', "
      + "'sapi': '\(base)/sapi/v1', 'ws': {'linear': '\(sockets)/ws'}}}})"
  }

  private var coinbase: [String] {
    [
      "ccxt.coinbaseexchange({\(trust)'urls': {'api': {'public': '\(base)', 'private': '\(base)', "
        + "'ws': '\(sockets)/coinbase/exchange'}}})",
      "ccxt.coinbase({\(trust)'urls': {'api': {'rest': '\(base)', "
        + "'ws': '\(sockets)/coinbase/advanced'}}})",
    ]
  }

  private var deribit: String {
    "ccxt.deribit({\(trust)'urls': {'api': {'rest': '\(base)', 'ws': '\(sockets)/ws/api/v2'}}})"
  }
}
