import Glibc
import Testing
import Venues

@testable import Live

@Suite("Signing: keys")
struct SigningKeyTests {
  private static let digits = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
  private static let address = "0xff661fef29af729ecb7db770a05d6394a09c4412"

  @Test(
    "a key is read with and without prefix, in either case, blanks around it",
    arguments: [
      digits, "0x" + digits, "0X" + digits.uppercased(), "  0x\(digits)\n", "\t\(digits)\r\n",
    ])
  func reads(text: String) throws {
    let key = try #require(PrivateKey(hexadecimal: text))
    #expect(key.address.description == Self.address)
  }

  @Test(
    "what is no key of the curve is none",
    arguments: [
      "", "0x", digits.dropLast() + "", digits + "0", digits.dropLast() + "g",
      String(repeating: "0", count: 64), String(repeating: "f", count: 64),
      // The order of the curve.
      "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
      digits.prefix(32) + " " + digits.suffix(32),
    ])
  func refuses(text: String) { #expect(PrivateKey(hexadecimal: text) == nil) }

  @Test("no text of a key, of its signer, or of an error about it shows any of it")
  func redaction() throws {
    let key = try #require(PrivateKey(hexadecimal: Self.digits))
    let signer = Secp256k1Signer(key: key, network: .testnet)
    var texts = ["\(key)", String(describing: key), String(reflecting: key)]
    texts += ["\(signer)", String(reflecting: signer), "\([key])", "\(["k": key])"]
    texts += [
      String(describing: Optional(key)), "\(Mirror(reflecting: key).children.map(\.value))",
    ]
    for value in [key as Any, signer as Any] {
      var dumped = ""
      dump(value, to: &dumped)
      texts.append(dumped)
      texts += deepTexts(of: value, depth: 6)
    }
    let path = try temporaryFile(Self.digits + "zz", mode: 0o600)
    defer { unlink(path) }
    let open = try temporaryFile(Self.digits, mode: 0o644)
    defer { unlink(open) }
    for source in [PrivateKey.Source.file(path), .file(open)] {
      let error = #expect(throws: PrivateKeyError.self) { try PrivateKey.load(from: source) }
      if let error {
        texts += ["\(error)", String(reflecting: error)]
        var dumped = ""
        dump(error, to: &dumped)
        texts.append(dumped)
      }
    }
    #expect(texts.count > 15)
    // Any eight digits of it, or two of its bytes as decimal numbers in a list.
    let shards = stride(from: 0, to: 56, by: 4).map { start in
      String(Self.digits.dropFirst(start).prefix(8))
    }
    for text in texts {
      let lower = text.lowercased()
      for shard in shards { #expect(!lower.contains(shard), "\(shard) in: \(text)") }
      #expect(!lower.contains("15, 30"), "bytes in: \(text)")
    }
  }

  /// Texts of everything that mirrors show, however deep.
  private func deepTexts(of value: Any, depth: Int) -> [String] {
    guard depth > 0 else { return [] }
    return [String(reflecting: value)]
      + Mirror(reflecting: value).children.flatMap { deepTexts(of: $0.value, depth: depth - 1) }
  }

  @Test("a key is loaded from the environment; a missing or wrong one says which variable")
  func environment() throws {
    setenv("ASSAY_TEST_KEY_GOOD", "0x" + Self.digits, 1)
    setenv("ASSAY_TEST_KEY_BAD", "hunter2", 1)
    setenv("ASSAY_TEST_KEY_EMPTY", " ", 1)
    let key = try PrivateKey.load(from: .environment("ASSAY_TEST_KEY_GOOD"))
    #expect(key.address.description == Self.address)
    let bad = PrivateKey.Source.environment("ASSAY_TEST_KEY_BAD")
    #expect(throws: PrivateKeyError.malformed(bad)) { try PrivateKey.load(from: bad) }
    #expect(!PrivateKeyError.malformed(bad).description.contains("hunter2"))
    for name in ["ASSAY_TEST_KEY_NONE", "ASSAY_TEST_KEY_EMPTY"] {
      let source = PrivateKey.Source.environment(name)
      #expect(throws: PrivateKeyError.missing(source)) { try PrivateKey.load(from: source) }
      #expect(PrivateKeyError.missing(source).description.contains(name))
    }
  }

  @Test("a key file must be there, be a file, and be its owner's alone")
  func files() throws {
    let good = try temporaryFile("0x\(Self.digits)\n", mode: 0o600)
    defer { unlink(good) }
    #expect(try PrivateKey.load(from: .file(good)).address.description == Self.address)
    for mode: mode_t in [0o640, 0o604, 0o660, 0o644, 0o610] {
      chmod(good, mode)
      #expect(throws: PrivateKeyError.tooOpen(path: good, mode: mode)) {
        try PrivateKey.load(from: .file(good))
      }
    }
    let text = PrivateKeyError.tooOpen(path: good, mode: 0o644).description
    #expect(text.contains("mode 0644") && text.contains("chmod 600 \(good)"))
    let empty = try temporaryFile("\n", mode: 0o600)
    defer { unlink(empty) }
    #expect(throws: PrivateKeyError.missing(.file(empty))) {
      try PrivateKey.load(from: .file(empty))
    }
    let gone = PrivateKey.Source.file(good + ".gone")
    #expect(throws: PrivateKeyError.missing(gone)) { try PrivateKey.load(from: gone) }
    #expect(throws: PrivateKeyError.unreadable(path: "/", reason: "it is no regular file")) {
      try PrivateKey.load(from: .file("/"))
    }
  }

  private func temporaryFile(_ text: String, mode: mode_t) throws -> String {
    var template = Array("/tmp/assay-key-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    try #require(file >= 0)
    defer { close(file) }
    fchmod(file, mode)
    let written = write(file, text, text.utf8.count)
    try #require(written == text.utf8.count)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
