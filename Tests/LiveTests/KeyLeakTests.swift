import Choice
import Exchange
import Glibc
import Market
import Testing
import Venues

@testable import Live

/// Nothing that a key passes through on its way to a signature may show it: each way in is taken,
/// well and badly, and everything that came out is searched.
@Suite("Signing: a key leaks nowhere")
struct KeyLeakTests {
  /// A synthetic key in which every byte is different, so that each part of it can be searched for.
  private static let secret: [UInt8] = (0..<32).map { UInt8(0x91 &+ $0 &* 3) }
  private static let digits = secret.hexadecimal

  /// Four bytes in a row of the key, in either order.
  private static let words: Set<UInt32> = {
    var words: Set<UInt32> = []
    for start in 0...28 {
      let part = secret[start..<(start + 4)].map(UInt32.init)
      words.insert(part.reduce(0) { $0 << 8 | $1 })
      words.insert(part.reversed().reduce(0) { $0 << 8 | $1 })
    }
    return words
  }()

  private static func leak(in text: String) -> String? { leak(in: Array(text.utf8)) }

  /// How bytes show the key: four of its bytes as they are, as eight digits of either case, or as
  /// decimal numbers in a list; nil where they do not.
  private static func leak(in bytes: [UInt8]) -> String? {
    var raw: (word: UInt32, count: Int) = (0, 0)
    var digits: (word: UInt32, count: Int) = (0, 0)
    var list: (word: UInt32, count: Int) = (0, 0)
    var number: UInt32?
    // A blank at the end closes a number that stands there.
    for byte in bytes + [UInt8(ascii: " ")] {
      raw = (raw.word << 8 | UInt32(byte), raw.count + 1)
      if raw.count >= 4, words.contains(raw.word) { return "raw bytes" }
      if let digit = Character(UnicodeScalar(byte)).hexDigitValue {
        digits = (digits.word << 4 | UInt32(digit), digits.count + 1)
        if digits.count >= 8, words.contains(digits.word) { return "digits" }
      } else {
        digits.count = 0
      }
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        number = min((number ?? 0) * 10 + UInt32(byte - UInt8(ascii: "0")), 1_000)
      } else {
        if let ended = number {
          list = ended < 256 ? (list.word << 8 | ended, list.count + 1) : (0, 0)
          if list.count >= 4, words.contains(list.word) { return "a list of numbers" }
        }
        number = nil
        let isSeparator = byte == UInt8(ascii: ",") || byte == UInt8(ascii: " ")
        if !isSeparator { list.count = 0 }
      }
    }
    return nil
  }

  @Test("the search finds a key that is shown in any of these ways")
  func search() {
    let shown = [
      Self.digits, "0x" + Self.digits.uppercased(), "\(Self.secret)", "…\(Self.digits.prefix(8))…",
    ]
    for text in shown { #expect(Self.leak(in: text) != nil, "\(text)") }
    #expect(Self.leak(in: Self.secret) != nil)
    #expect(Self.leak(in: Array(Self.secret.reversed())) != nil)
    #expect(Self.leak(in: "PrivateKey(of 0x12, redacted)") == nil)
  }

  /// Every text that printing, dumping and mirroring a value makes.
  private func texts(of value: Any, depth: Int = 8) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    var texts = ["\(value)", String(describing: value), String(reflecting: value), dumped]
    guard depth > 0 else { return texts }
    for child in Mirror(reflecting: value).children {
      texts += self.texts(of: child.value, depth: depth - 1)
    }
    return texts
  }

  private func file(_ text: String, mode: mode_t = 0o600) throws -> String {
    var template = Array("/tmp/assay-leak-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    try #require(file >= 0)
    defer { close(file) }
    fchmod(file, mode)
    try #require(write(file, text, text.utf8.count) == text.utf8.count)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Ways in which a key is almost right.
  private static let spoiled: [String] = [
    digits + "0", String(digits.dropLast()), digits + "zz", "0x0x" + digits, "0x" + digits + "0x",
    digits.replacing("b", with: "g"), digits + " " + digits, "\"\(digits)\"", "key=\(digits)",
    digits + digits, "{\"privateKey\":\"0x\(digits)\"}",
  ]

  @Test("an error about a key tells where it was looked for and none of it", arguments: spoiled)
  func errors(text: String) throws {
    #expect(PrivateKey(hexadecimal: text) == nil)
    let path = try file(text)
    defer { unlink(path) }
    let open = try file(Self.digits, mode: 0o640)
    defer { unlink(open) }
    let variable = "ASSAY_LEAK_TEST_\(Self.spoiled.firstIndex(of: text) ?? 0)"
    setenv(variable, text, 1)
    defer { unsetenv(variable) }
    for source in [PrivateKey.Source.file(path), .file(open), .environment(variable)] {
      let error = #expect(throws: PrivateKeyError.self) { try PrivateKey.load(from: source) }
      for told in texts(of: try #require(error)) {
        #expect(Self.leak(in: told) == nil, "\(Self.leak(in: told) ?? "")")
      }
    }
  }

  @Test("no text of a key, or of what holds one, shows it, and mirrors see nothing of it")
  func values() throws {
    let key = try #require(PrivateKey(hexadecimal: Self.digits))
    let signer = Secp256k1Signer(key: key, network: .mainnet)
    let configuration = HyperliquidClientConfiguration(
      symbols: ["BTC"], series: [], user: key.address, timerOwner: 1, seed: 1)
    let client = HyperliquidClient(configuration: configuration, signer: signer)
    let holders: [Any] = [
      key, signer, client, [key], ["key": key], Optional(key) as Any, (1, key),
      signer as any ActionSigner, Result<PrivateKey, PrivateKeyError>.success(key),
    ]
    for holder in holders {
      for text in texts(of: holder) {
        #expect(Self.leak(in: text) == nil, "\(Self.leak(in: text) ?? "") in \(type(of: holder))")
      }
    }
    #expect(Mirror(reflecting: key).children.map(\.label) == ["address"])
  }

  @Test("what a client sends, tells and records while it signs shows nothing of its key")
  func client() throws {
    let key = try #require(PrivateKey(hexadecimal: Self.digits))
    let signer = Secp256k1Signer(key: key, network: .testnet)
    var configuration = HyperliquidClientConfiguration(
      symbols: ["BTC"], series: [], user: key.address, timerOwner: 1, seed: 1)
    configuration.streams = []
    var client = HyperliquidClient(configuration: configuration, signer: signer)
    var effects: [ClientEffect] = []
    let now = Now(
      wall: Instant(milliseconds: 1_767_571_200_000), monotonic: Monotonic(nanoseconds: 1))
    client.start(at: now, into: &effects)
    let meta = #"{"universe":[{"szDecimals":5,"name":"BTC","maxLeverage":40}]}"#
    client.handle(
      .response(
        RequestID(venue: .hyperliquid, number: 1),
        HTTPResponse(status: 200, body: Array(meta.utf8))), at: now, into: &effects)
    client.setLeverage(3, isCross: true, of: "BTC", at: now, into: &effects)
    client.scheduleCancel(now.wall + .minutes(1), at: now, into: &effects)
    var signed = 0
    for effect in effects {
      for text in texts(of: effect) { #expect(Self.leak(in: text) == nil) }
      guard case .transport(.request(_, let request)) = effect else { continue }
      if request.path == "/exchange" { signed += 1 }
      #expect(Self.leak(in: request.body) == nil)
    }
    #expect(signed == 2)
  }

  @Test("a signature and what is signed show nothing of the key")
  func signatures() throws {
    let key = try #require(PrivateKey(hexadecimal: Self.digits))
    for nonce: UInt64 in 0..<50 {
      for network in SigningNetwork.allCases {
        let action = SignableAction(messagePack: [0x80], nonce: nonce)
        let signature = try Secp256k1Signer(key: key, network: network).sign(action)
        #expect(Self.leak(in: signature.r + signature.s) == nil)
        for text in texts(of: signature) + texts(of: action) { #expect(Self.leak(in: text) == nil) }
      }
    }
  }
}
