/// An action that a user signs field by field, so that a wallet can show what it is about.
///
/// Only the fields of the struct are signed; `type` and `signatureChainId` are not among them. The
/// chain id of the domain is the one that the action names.
public struct UserSignedAction: Hashable, Sendable {
  /// The network that the action is for.
  public let network: SigningNetwork
  /// Its `nonce` or `time`, which is also the envelope's nonce.
  public let nonce: UInt64
  /// The hash of the struct.
  let structHash: [UInt8]
  /// The hash of the domain.
  let domain: [UInt8]

  /// The 32 bytes that a key signs.
  public var digest: [UInt8] { TypedData.digest(domain: domain, structHash) }

  /// Whether actions of this type are signed so, and not as L1 actions.
  public static func isUserSigned(_ type: String) -> Bool { structs[type] != nil }

  /// Reads a posted action; nil where it is no user-signed one, or lacks a field of its struct.
  public init?(_ action: JSONValue) {
    guard let type = action["type"]?.string, let members = Self.structs[type],
      let chain = action["hyperliquidChain"]?.string,
      let network = SigningNetwork(chainName: chain),
      let chainID = action["signatureChainId"]?.string.flatMap(Self.chainID)
    else { return nil }
    var fields: [TypedData.Field] = []
    for member in members.fields {
      guard let field = Self.field(member, of: action) else { return nil }
      fields.append(field)
    }
    guard let nonce = (action["nonce"] ?? action["time"])?.uint64 else { return nil }
    self.network = network
    self.nonce = nonce
    structHash = TypedData.structHash(members.typeText, fields)
    domain = TypedData.domainSeparator(name: "HyperliquidSignTransaction", chainID: chainID)
  }

  private static func field(_ member: Member, of action: JSONValue) -> TypedData.Field? {
    let value = action[member.name]
    switch member.kind {
    case .string: return value?.string.map { .string($0) }
    case .name:
      guard let value, !value.isNull else { return .string("") }
      return value.string.map { .string($0) }
    case .address: return value?.string.flatMap { Address($0) }.map { .address($0) }
    case .uint64: return value?.uint64.map { .unsigned($0) }
    case .bool: return value?.bool.map { .bool($0) }
    }
  }

  private static func chainID(_ text: String) -> UInt64? {
    guard text.hasPrefix("0x") else { return nil }
    return UInt64(text.dropFirst(2), radix: 16)
  }

  private struct Member {
    enum Kind {
      case string
      /// A text that is signed empty where the posted action leaves it out.
      case name
      case address
      case uint64
      case bool
    }
    let kind: Kind
    let name: StaticString

    /// The field as the type's text declares it.
    var declaration: String {
      let type =
        switch kind {
        case .string, .name: "string"
        case .address: "address"
        case .uint64: "uint64"
        case .bool: "bool"
        }
      return "\(type) \(name)"
    }
  }

  private struct Struct {
    let name: String
    let fields: [Member]

    init(_ name: String, _ fields: [(Member.Kind, StaticString)]) {
      self.name = name
      self.fields =
        [Member(kind: .string, name: "hyperliquidChain")]
        + fields.map { Member(kind: $0, name: $1) }
    }

    var typeText: String {
      let list = fields.map(\.declaration).joined(separator: ",")
      return "HyperliquidTransaction:\(name)(\(list))"
    }
  }

  /// The documented structs, by the action's type ("Signing", read 2026-08).
  private static let structs: [String: Struct] = [
    "usdClassTransfer": Struct(
      "UsdClassTransfer", [(.string, "amount"), (.bool, "toPerp"), (.uint64, "nonce")]),
    "usdSend": Struct(
      "UsdSend", [(.string, "destination"), (.string, "amount"), (.uint64, "time")]),
    "spotSend": Struct(
      "SpotSend",
      [(.string, "destination"), (.string, "token"), (.string, "amount"), (.uint64, "time")]),
    "withdraw3": Struct(
      "Withdraw", [(.string, "destination"), (.string, "amount"), (.uint64, "time")]),
    "sendAsset": Struct(
      "SendAsset",
      [
        (.string, "destination"), (.string, "sourceDex"), (.string, "destinationDex"),
        (.string, "token"), (.string, "amount"), (.string, "fromSubAccount"), (.uint64, "nonce"),
      ]),
    "approveAgent": Struct(
      "ApproveAgent", [(.address, "agentAddress"), (.name, "agentName"), (.uint64, "nonce")]),
    "approveBuilderFee": Struct(
      "ApproveBuilderFee", [(.string, "maxFeeRate"), (.address, "builder"), (.uint64, "nonce")]),
    "tokenDelegate": Struct(
      "TokenDelegate",
      [(.address, "validator"), (.uint64, "wei"), (.bool, "isUndelegate"), (.uint64, "nonce")]),
    "userSetAbstraction": Struct(
      "UserSetAbstraction", [(.address, "user"), (.string, "abstraction"), (.uint64, "nonce")]),
  ]
}
