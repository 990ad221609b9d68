import Foundation
import Simulation

/// An HTTP proxy on the way to a venue.
struct Proxy: Hashable, Sendable {
  /// A name or an address.
  let host: String
  /// The port.
  let port: Int
  /// `user:password`, told to nobody else; nil where it asks for none.
  let credentials: String?

  /// Names a proxy.
  init(host: String, port: Int, credentials: String? = nil) {
    self.host = host
    self.port = port
    self.credentials = credentials
  }

  /// The proxy that the environment names for an endpoint; nil for the direct way.
  ///
  /// The variables are libcurl's: `https_proxy` and `http_proxy` by the endpoint's encryption, then
  /// `all_proxy`, each in capitals too; but `HTTP_PROXY` is ignored, because a web server may set
  /// it from a stranger's header field. `no_proxy` lists exceptions. Loopback needs no proxy.
  ///
  /// - Throws: ``LiveError`` where the variable names something else than an HTTP proxy.
  static func named(
    in environment: [String: String], for endpoint: Endpoint
  ) throws(LiveError) -> Proxy? {
    guard !endpoint.isLoopback else { return nil }
    let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
    guard !Self.excepts(endpoint.host, exceptions) else { return nil }
    let names =
      (endpoint.isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"])
      + ["all_proxy", "ALL_PROXY"]
    for name in names {
      guard let text = environment[name], !text.isEmpty else { continue }
      guard let proxy = Proxy(text) else {
        // The value may hold a password: it is not repeated.
        throw LiveError(
          .configuration, "the environment's \(name) names no HTTP proxy",
          remedy: "set it to http://host:port, or unset it")
      }
      return proxy
    }
    return nil
  }

  /// Reads `[http://][user:password@]host[:port]`; the port is 1080 without, as libcurl has it.
  private init?(_ text: String) {
    let whole = text.contains("://") ? text : "http://\(text)"
    guard let url = URLComponents(string: whole), url.scheme == "http", let host = url.host,
      !host.isEmpty, url.path.isEmpty || url.path == "/"
    else { return nil }
    let port = url.port ?? 1_080
    guard (1...65_535).contains(port) else { return nil }
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    self.port = port
    credentials = url.user.map { "\($0):\(url.password ?? "")" }
  }

  /// Whether a list of names and domains, or `*`, holds a host.
  private static func excepts(_ host: String, _ list: String) -> Bool {
    let host = host.lowercased()
    return list.lowercased().split { $0 == "," || $0 == " " }.contains { entry in
      let name = entry.drop { $0 == "." }
      return entry == "*" || host == name || host.hasSuffix(".\(name)")
    }
  }
}
