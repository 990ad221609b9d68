import Market
import Testing

@testable import Venues

@Suite("Signing") struct SigningTests {
  @Test(
    "Keccak-256 digests the published messages",
    arguments: [
      ("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
      ("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
      (
        "The quick brown fox jumps over the lazy dog",
        "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15"
      ),
      (
        String(repeating: "a", count: 135),
        "34367dc248bbd832f4e3e69dfaac2f92638bd0bbd18f2912ba4ef454919cf446"
      ),
      (
        String(repeating: "a", count: 136),
        "a6c4d403279fe3e0af03729caada8374b5ca54d8065329a3ebcaeb4b60aa386e"
      ),
      (
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
        "8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f"
      ),
    ])
  func keccak(message: String, digest: String) {
    #expect(Keccak256.digest(Array(message.utf8)).hexadecimal == digest)
  }

  @Test(
    "MessagePack takes the smallest form",
    arguments: [
      ("127", "7f"), ("128", "cc80"), ("256", "cd0100"), ("65536", "ce00010000"),
      ("4294967296", "cf0000000100000000"), ("-1", "ff"), ("-33", "d0df"), ("-129", "d1ff7f"),
      ("-40000", "d2ffff63c0"), ("-3000000000", "d3ffffffff4d2fa200"), ("true", "c3"),
      (#""""#, "a0"), (#"{"b":[false],"a":"x"}"#, "82a16291c2a161a178"),
      ("[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]", "dc0010" + String(repeating: "00", count: 16)),
    ])
  func messagePack(json: String, encoding: String) throws {
    var parser = JSONParser()
    let value = try parser.parse(Array(json.utf8)).root
    #expect(MessagePack.encode(value)?.hexadecimal == encoding)
  }

  @Test(
    "MessagePack has no form for what actions never hold", arguments: ["1.5", "null", "[null]"])
  func messagePackRefuses(json: String) throws {
    var parser = JSONParser()
    #expect(MessagePack.encode(try parser.parse(Array(json.utf8)).root) == nil)
  }

  @Test("long texts take the longer forms")
  func longTexts() throws {
    var parser = JSONParser()
    for (count, head) in [(31, "bf"), (32, "d920"), (255, "d9ff"), (256, "da0100")] {
      let text = "\"" + String(repeating: "x", count: count) + "\""
      let bytes = try #require(MessagePack.encode(try parser.parse(Array(text.utf8)).root))
      #expect(bytes.hexadecimal.hasPrefix(head), "\(count)")
      #expect(bytes.count == count + head.count / 2)
    }
  }

  @Test("every L1 vector of the official client encodes and hashes alike")
  func vectors() throws {
    guard let bytes = SharedData.bytes("vectors/hyperliquid-signing.json") else { return }
    var parser = JSONParser()
    let vectors = try #require(try parser.parse(bytes).root["vectors"]?.elements)
    var checked = 0
    for vector in vectors where vector["scheme"]?.string == "l1" {
      let name = vector["id"]?.string ?? ""
      let encoding = try #require(vector["action"].flatMap(MessagePack.encode), "\(name)")
      #expect("0x" + encoding.hexadecimal == vector["msgpackHex"]?.string, "\(name)")
      let action = SignableAction(
        messagePack: encoding, nonce: try #require(vector["nonce"]?.uint64),
        vault: vector["vaultAddress"]?.string.flatMap { Address($0) },
        expiresAfter: vector["expiresAfter"]?.uint64)
      #expect("0x" + action.connectionID.hexadecimal == vector["connectionId"]?.string, "\(name)")
      checked += 1
    }
    #expect(checked == 33)
  }

  @Test("numbers leave as the official client writes them, or are refused where it would round")
  func numbers() throws {
    guard let bytes = SharedData.bytes("vectors/hyperliquid-signing.json") else { return }
    var parser = JSONParser()
    let table = try #require(try parser.parse(bytes).root["floatToWire"])
    var written = 0
    for row in table["ok"]?.elementList ?? [] {
      // What a price cannot hold (exponents, more than eight places) is an error here, not a guess.
      let text = try #require(row["in"]?.string)
      guard let price = try? Price(decimal: text) else { continue }
      var writer = JSONWriter()
      writer.object { $0.decimal("p", price) }
      let expected = try #require(row["out"]?.string)
      // That client writes a negative zero; there is one zero here.
      #expect(writer.text == #"{"p":"\#(expected == "-0" ? "0" : expected)"}"#, "\(text)")
      written += 1
    }
    #expect(written >= 12)
    for row in table["errors"]?.elementList ?? [] {
      let text = try #require(row["in"]?.string)
      #expect(throws: FixedFault.self, "\(text)") { try Price(decimal: text) }
    }
  }

  @Test("the simulated signature carries its address and what was signed")
  func simulated() throws {
    let address = try #require(Address("0xFF661fef29af729ecb7db770a05d6394a09c4412"))
    let action = SignableAction(messagePack: [0x80], nonce: 7)
    let signature = try SimulatedSigner(address: address).sign(action)
    #expect(signature.r == Array(repeating: 0, count: 12) + address.bytes)
    #expect(signature.s == action.connectionID)
    #expect(signature.v == 27)
    #expect(action.connectionID != SignableAction(messagePack: [0x80], nonce: 8).connectionID)
    #expect(address.description == "0xff661fef29af729ecb7db770a05d6394a09c4412")
  }

  @Test(
    "what is no address is none",
    arguments: ["", "0x", "0x12", "0xzz661fef29af729ecb7db770a05d6394a09c4412", "0x" + "0"])
  func addresses(text: String) { #expect(Address(text) == nil) }
}
