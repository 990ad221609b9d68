/// EIP-712: how structured data becomes the 32 bytes that a key signs.
///
/// Source: Ethereum's EIP-712, "Typed structured data hashing and signing".
public enum TypedData {
  /// A field of a struct, as EIP-712 encodes it in one word of 32 bytes.
  enum Field {
    /// Text, which counts by its hash.
    case string(String)
    /// Twenty bytes, padded on the left.
    case address(Address)
    /// An unsigned integer of any width up to 64 bits.
    case unsigned(UInt64)
    /// One or zero.
    case bool(Bool)
    /// Thirty-two bytes as they are.
    case word([UInt8])

    var encoding: [UInt8] {
      switch self {
      case .string(let text): Keccak256.digest(text.utf8)
      case .address(let address): TypedData.padded(address.bytes)
      case .unsigned(let number):
        TypedData.padded(withUnsafeBytes(of: number.bigEndian, Array.init))
      case .bool(let flag): TypedData.padded([flag ? 1 : 0])
      case .word(let bytes): TypedData.padded(bytes)
      }
    }
  }

  /// The hash of a struct: of its type's hash and its encoded fields.
  static func structHash(_ type: String, _ fields: [Field]) -> [UInt8] {
    var bytes = Keccak256.digest(type.utf8)
    for field in fields { bytes.append(contentsOf: field.encoding) }
    return Keccak256.digest(bytes)
  }

  /// The hash of a domain with the zero contract, version 1, as Hyperliquid uses them.
  static func domainSeparator(name: String, chainID: UInt64) -> [UInt8] {
    structHash(
      "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
      [.string(name), .string("1"), .unsigned(chainID), .address(Address(number: 0))])
  }

  /// What is signed: the hash of domain and struct.
  static func digest(domain: [UInt8], _ structHash: [UInt8]) -> [UInt8] {
    Keccak256.digest([0x19, 0x01] + domain + structHash)
  }

  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    Array(repeating: 0, count: max(0, 32 - bytes.count)) + bytes.suffix(32)
  }
}

extension SignableAction {
  /// The 32 bytes that a key signs: EIP-712 of the "phantom agent" that stands for the action.
  public func digest(on network: SigningNetwork) -> [UInt8] {
    TypedData.digest(domain: Self.domain, agentHash(on: network))
  }

  /// The hash of the struct `Agent(source, connectionId)`.
  func agentHash(on network: SigningNetwork) -> [UInt8] {
    TypedData.structHash(
      "Agent(string source,bytes32 connectionId)",
      [.string(network.source), .word(connectionID)])
  }

  /// The same on both networks: chain 1337.
  static let domain = TypedData.domainSeparator(name: "Exchange", chainID: 1337)
}
