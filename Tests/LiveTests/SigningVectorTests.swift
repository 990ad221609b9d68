import Testing

@testable import Exchange
@testable import Live
@testable import Venues

@Suite("Signing: the official client's vectors")
struct SigningVectorTests {
  @Test("the file has the vectors that it says")
  func count() {
    guard !SigningVector.all.isEmpty else { return }
    #expect(SigningVector.levelOne.count == 33)
    #expect(SigningVector.userSigned.count == 9)
  }

  @Test("every L1 action: digest, signature and address", arguments: SigningVector.levelOne)
  func levelOne(vector: SigningVector) throws {
    let request = try vector.request()
    let messagePack = try #require(request.canonicalMessagePack)
    #expect("0x" + messagePack.hexadecimal == vector.text("msgpackHex"))
    let action = SignableAction(
      messagePack: messagePack, nonce: request.nonce, vault: request.vault,
      expiresAfter: request.expiresAfter)
    #expect("0x" + action.connectionID.hexadecimal == vector.text("connectionId"))
    #expect("0x" + SignableAction.domain.hexadecimal == vector.text("domainSeparator"))
    let structHash = action.agentHash(on: vector.network)
    #expect("0x" + structHash.hexadecimal == vector.text("structHash"))
    #expect("0x" + action.digest(on: vector.network).hexadecimal == vector.text("digest"))
    let signer = Secp256k1Signer(key: try #require(vector.key), network: vector.network)
    try check(try signer.sign(action), of: vector, signer.address)
  }

  @Test(
    "every user-signed action: digest, signature and address", arguments: SigningVector.userSigned)
  func userSigned(vector: SigningVector) throws {
    let action = try #require(vector.value["action"].flatMap(UserSignedAction.init))
    #expect(action.network == vector.network)
    #expect("0x" + action.domain.hexadecimal == vector.text("domainSeparator"))
    #expect("0x" + action.structHash.hexadecimal == vector.text("structHash"))
    #expect("0x" + action.digest.hexadecimal == vector.text("digest"))
    let signer = Secp256k1Signer(key: try #require(vector.key), network: vector.network)
    try check(try signer.sign(action), of: vector, signer.address)
  }

  private func check(
    _ signature: ActionSignature, of vector: SigningVector, _ address: Address
  ) throws {
    #expect("0x" + signature.r.hexadecimal == vector.text("rPadded"))
    #expect("0x" + signature.s.hexadecimal == vector.text("sPadded"))
    #expect(UInt64(signature.v) == vector.value["signature"]?["v"]?.uint64)
    #expect(address == vector.address)
    // As printed, r and s may be shorter than 64 digits; the venue still finds the signer.
    let strict = Secp256k1Verifier(networks: [vector.network])
    #expect(strict.signers(of: try vector.request()) == [address])
    let both = Secp256k1Verifier().signers(of: try vector.request())
    #expect(both.contains(address))
    #expect(both.count == (vector.isUserSigned ? 1 : 2))
  }

  @Test("another network, another digit or another expiry recovers somebody else")
  func changed() throws {
    guard let vector = SigningVector.named("order-gtc-main") else { return }
    let address = try #require(vector.address)
    let testnet = Secp256k1Verifier(networks: [.testnet])
    #expect(testnet.signers(of: try vector.request()).first.map { $0 != address } == true)
    let mainnet = Secp256k1Verifier(networks: [.mainnet])
    let expiring = try vector.request(expiresAfter: .some(0))
    #expect(mainnet.signers(of: expiring).first.map { $0 != address } == true)
    let text = try json(try #require(vector.value["action"]))
    let dearer = try parse(text.replacing("3120.4", with: "3120.5"))
    #expect(mainnet.signers(of: try vector.request(action: dearer)) != [address])
  }

  /// The addresses that a signature by the vector's key, of a form that the venue does not hash,
  /// leads to.
  private func signers(
    of vector: SigningVector, signing form: (SignedRequest) throws -> SignableAction
  ) throws -> [Address] {
    let sent = try vector.request()
    let signer = Secp256k1Signer(key: try #require(vector.key), network: vector.network)
    let signature = try signer.sign(try form(sent))
    let request = SignedRequest(
      action: sent.action, nonce: sent.nonce, vault: sent.vault, expiresAfter: sent.expiresAfter,
      r: "0x" + signature.r.hexadecimal, s: "0x" + signature.s.hexadecimal, v: UInt64(signature.v))
    return Secp256k1Verifier(networks: [vector.network]).signers(of: request)
  }

  /// The action of a request with one part of its text replaced, as it stands.
  private func packed(
    _ request: SignedRequest, _ part: String, _ other: String
  ) throws -> [UInt8] {
    let text = try json(request.action)
    let changed = text.replacing(part, with: other)
    #expect(changed != text)
    return try #require(MessagePack.encode(parse(changed)))
  }

  @Test("a signer who hashed another form than the canonical one is somebody else")
  func otherForms() throws {
    guard let trigger = SigningVector.named("trigger-sl-market"),
      let vault = SigningVector.named("order-vault-and-expires-test"),
      let plain = SigningVector.named("order-gtc-main")
    else { return }
    let triggerSigner = try #require(trigger.address)
    let vaultSigner = try #require(vault.address)
    let plainSigner = try #require(plain.address)
    // The same helper finds the signer where the form is the canonical one.
    let same = try signers(of: vault) { request in
      SignableAction(
        messagePack: try #require(request.canonicalMessagePack), nonce: request.nonce,
        vault: request.vault, expiresAfter: request.expiresAfter)
    }
    #expect(same == [vaultSigner])
    let reordered = try signers(of: trigger) { request in
      let part = #""isMarket":true,"triggerPx":"2900""#
      let other = #""triggerPx":"2900","isMarket":true"#
      return SignableAction(
        messagePack: try packed(request, part, other), nonce: request.nonce)
    }
    #expect(reordered.count == 1 && reordered != [triggerSigner])
    let withoutVault = try signers(of: vault) { request in
      SignableAction(
        messagePack: try #require(request.canonicalMessagePack), nonce: request.nonce,
        expiresAfter: request.expiresAfter)
    }
    #expect(withoutVault.count == 1 && withoutVault != [vaultSigner])
    let zeroExpiry = try signers(of: plain) { request in
      SignableAction(
        messagePack: try #require(request.canonicalMessagePack), nonce: request.nonce,
        expiresAfter: 0)
    }
    #expect(zeroExpiry.count == 1 && zeroExpiry != [plainSigner])
    let padded = try signers(of: plain) { request in
      SignableAction(
        messagePack: try packed(request, #""3120.4""#, #""3120.40""#), nonce: request.nonce)
    }
    #expect(padded.count == 1 && padded != [plainSigner])
  }

  @Test("both short components of the official client are among the vectors, and are taken")
  func shortComponents() throws {
    guard !SigningVector.all.isEmpty else { return }
    for (id, name): (String, StaticString) in [("short-r", "r"), ("short-s-test", "s")] {
      let vector = try #require(SigningVector.named(id))
      let printed = try #require(vector.value["signature"]?[name]?.string)
      #expect(printed.utf8.count < 66)
      let verifier = Secp256k1Verifier(networks: [vector.network])
      let address = try #require(vector.address)
      #expect(verifier.signers(of: try vector.request()) == [address])
    }
  }

  @Test("the venue hashes its own form: order of keys, padding and case do not matter")
  func canonical() throws {
    guard let vector = SigningVector.named("order-alo-cloid-expires") else { return }
    let mainnet = Secp256k1Verifier(networks: [.mainnet])
    let text = try json(try #require(vector.value["action"]))
    let padded = text.replacing("\"1.25\"", with: "\"1.2500\"").replacing("0a0b0c", with: "0A0B0C")
    #expect(padded != text)
    let address = try #require(vector.address)
    #expect(mainnet.signers(of: try vector.request(action: parse(padded))) == [address])
    let reordered = text.replacing("\"a\":2,\"b\":true", with: "\"b\":true,\"a\":2")
    #expect(reordered != text)
    #expect(mainnet.signers(of: try vector.request(action: parse(reordered))) == [address])
  }

  @Test(
    "what is no signature recovers nobody",
    arguments: [
      ("0x", "0x1", 27), ("1", "0x1", 27), ("0xg", "0x1", 27), ("0x1", "0x1", 26),
      ("0x1", "0x1", 29), ("0x0", "0x0", 27), ("0x1", "0x1", 300),
      ("0x" + String(repeating: "f", count: 64), "0x1", 27),
      ("0x" + String(repeating: "1", count: 65), "0x1", 28),
    ])
  func noSignature(r: String, s: String, v: UInt64) throws {
    let action = try parse(#"{"type":"noop"}"#)
    let request = SignedRequest(
      action: action, nonce: 1, vault: nil, expiresAfter: nil, r: r, s: s, v: v)
    #expect(Secp256k1Verifier().signers(of: request).isEmpty)
  }

  private func parse(_ text: String) throws -> JSONValue {
    var parser = JSONParser()
    return try parser.parse(Array(text.utf8)).root
  }

  private func json(_ value: JSONValue) throws -> String {
    var writer = JSONWriter()
    writer.value(value)
    return writer.text
  }
}
