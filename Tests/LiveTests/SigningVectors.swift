import Glibc
import Testing

@testable import Exchange
@testable import Live
@testable import Venues

/// One vector of the official client, made by it from a synthetic key.
struct SigningVector: CustomTestStringConvertible, Sendable {
  let value: JSONValue

  var testDescription: String { text("id") }
  var isUserSigned: Bool { text("scheme") == "user" }
  var network: SigningNetwork { value["isMainnet"]?.bool == true ? .mainnet : .testnet }
  var address: Address? { Address(text("address")) }
  var key: PrivateKey? { PrivateKey(hexadecimal: text("privateKey")) }

  func text(_ name: StaticString) -> String { value[name]?.string ?? "" }

  /// The request as the venue receives it, with the signature as the client printed it.
  func request(action: JSONValue? = nil, expiresAfter: UInt64?? = nil) throws -> SignedRequest {
    SignedRequest(
      action: try action ?? #require(value["action"]),
      nonce: try #require(value["nonce"]?.uint64),
      vault: value["vaultAddress"]?.string.flatMap { Address($0) },
      expiresAfter: expiresAfter ?? value["expiresAfter"]?.uint64,
      r: try #require(value["signature"]?["r"]?.string),
      s: try #require(value["signature"]?["s"]?.string),
      v: try #require(value["signature"]?["v"]?.uint64))
  }

  /// Those of the shared file; none, with a notice, where it is absent.
  static let all: [SigningVector] = {
    guard let bytes = bytes("vectors/hyperliquid-signing.json") else { return [] }
    var parser = JSONParser()
    let list = (try? parser.parse(bytes).root)?["vectors"]?.elements
    return list.map { $0.map(SigningVector.init) } ?? []
  }()

  /// Those that the client signs through the phantom agent.
  static let levelOne = all.filter { !$0.isUserSigned }
  /// Those that it signs field by field.
  static let userSigned = all.filter(\.isUserSigned)

  static func named(_ id: String) -> SigningVector? { all.first { $0.text("id") == id } }

  private static func bytes(_ path: String) -> [UInt8]? {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    let beside = parts.dropLast(4).joined(separator: "/") + "/shared"
    let root = getenv("ASSAY_SHARED").map { String(cString: $0) } ?? beside
    guard let file = fopen(root + "/" + path, "rb") else {
      print("notice: skipped, \(path) is not in \(root)")
      return nil
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}
