/// The base address of a venue: scheme, host and port.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// Whether the transport is encrypted (`https`, `wss`).
  public let isSecure: Bool
  /// A name or an address; an IPv6 address without its brackets.
  public let host: String
  /// The port.
  public let port: Int
  /// The address as it was written, without a slash at its end.
  public let description: String

  /// Reads `scheme://host[:port]`; nil where it is anything else.
  ///
  /// - Parameters:
  ///   - text: The address; a path, a query or a user has no place in it.
  ///   - plain: The scheme without encryption: `http` or `ws`.
  public init?(_ text: String, plain: String) {
    let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
    let rest: Substring
    if trimmed.hasPrefix("\(plain)://") {
      isSecure = false
      rest = trimmed.dropFirst(plain.utf8.count + 3)
    } else if trimmed.hasPrefix("\(plain)s://") {
      isSecure = true
      rest = trimmed.dropFirst(plain.utf8.count + 4)
    } else {
      return nil
    }
    let host: Substring
    let tail: Substring
    if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
      host = rest[rest.index(after: rest.startIndex)..<end]
      tail = rest[rest.index(after: end)...]
      guard host.utf8.allSatisfy({ $0.isHexadecimal || $0 == 0x3a || $0 == 0x2e }) else {
        return nil
      }
    } else {
      host = rest.prefix { $0 != ":" }
      tail = rest[host.endIndex...]
      guard host.utf8.allSatisfy(\.isHostByte) else { return nil }
    }
    guard !host.isEmpty, host.utf8.count <= 253 else { return nil }
    if tail.isEmpty {
      port = isSecure ? 443 : 80
    } else {
      guard tail.hasPrefix(":"), tail.utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }),
        let number = Int(tail.dropFirst()), (1...65_535).contains(number)
      else { return nil }
      port = number
    }
    self.host = String(host)
    description = trimmed
  }

  /// The address of a host that is known to be one, encrypted and on the usual port.
  init(secure scheme: String, host: String) {
    isSecure = true
    self.host = host
    port = 443
    description = "\(scheme)://\(host)"
  }

  /// Whether it can only be this machine.
  public var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}

extension UInt8 {
  /// A digit or a letter from a to f, of either case.
  fileprivate var isHexadecimal: Bool {
    (0x30...0x39).contains(self) || (0x61...0x66).contains(self) || (0x41...0x46).contains(self)
  }

  /// A letter, a digit, a hyphen or a point.
  fileprivate var isHostByte: Bool {
    (0x30...0x39).contains(self) || (0x61...0x7a).contains(self) || (0x41...0x5a).contains(self)
      || self == 0x2d || self == 0x2e
  }
}
