/// Why a server could not start.
public enum ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Somebody else listens there.
  case portTaken(host: String, port: Int)
  /// The system does not let this user listen there.
  case notPermitted(host: String, port: Int)
  /// The port is none.
  case badPort(Int)
  /// There is no certificate for TLS, for this reason.
  case noCertificate(String)
  /// Something else went wrong, in the system's words.
  case failed(host: String, port: Int, String)

  /// What is wrong, on one line.
  public var description: String {
    switch self {
    case .portTaken(let host, let port): "\(host):\(port) is taken by another program"
    case .notPermitted(let host, let port): "listening on \(host):\(port) is not permitted"
    case .badPort(let port): "\(port) is no port: expected 0 to 65535"
    case .noCertificate(let reason): "no certificate can be made: \(reason)"
    case .failed(let host, let port, let reason): "cannot listen on \(host):\(port): \(reason)"
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch self {
    case .portTaken(_, let port):
      "End that program (`ss -ltnp 'sport = :\(port)'` names it), or choose another port; 0 picks "
        + "a free one."
    case .notPermitted: "Choose a port above 1023."
    case .badPort: "Choose a port from 1024 to 65535; 0 picks a free one."
    case .noCertificate: "Check the installation of libcrypto, or serve without TLS."
    case .failed: "Check the address, and that the system has descriptors left."
    }
  }
}
