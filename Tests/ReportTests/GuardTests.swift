import Market
import Simulation
import Testing

@testable import Report

@Suite struct GuardTests {
  private static let now = CertificateFixture.issued + .days(1)

  private func start(
    _ text: String = Rehearsal.text, build: String = CertificateFixture.build,
    allowsMainnet: Bool = false
  ) throws -> CertificateGuard.Start {
    CertificateGuard.Start(
      configuration: try ConfigurationFile.parseWhole(text, file: "test.yaml"), file: "test.yaml",
      text: text, build: build, allowsMainnet: allowsMainnet)
  }

  private func written(_ fixture: CertificateFixture) throws -> Scratch {
    let scratch = try Scratch()
    try fixture.files.write(to: scratch.root)
    return scratch
  }

  /// The refusal of a start; nil where it is allowed.
  private func refusal(
    _ start: CertificateGuard.Start, _ path: String?, now: Instant = Self.now
  ) -> CertificateRefusal? {
    do {
      _ = try CertificateGuard.check(start, certificate: path, now: now)
      return nil
    } catch {
      #expect(!error.remedy.isEmpty)
      return error
    }
  }

  @Test func `a whole, fresh and matching certificate allows a start`() throws {
    let scratch = try written(CertificateFixture())
    let permission = try CertificateGuard.check(
      start(), certificate: scratch.root, now: Self.now)
    let digest = SHA256.hex(of: try scratch.read(CertificateFiles.json))
    #expect(permission == .certified(digest))
  }

  @Test(arguments: [
    "execution: paper\nsymbols: [{name: BTC}]\n",
    Rehearsal.text.replacing("60s}", with: "60s, dryRun: true}"),
    Rehearsal.text.replacing("https://api.hyperliquid-testnet.xyz", with: "http://127.0.0.1:3001")
      .replacing("wss://api.hyperliquid-testnet.xyz", with: "ws://127.0.0.1:3001"),
  ])
  func `no order leaves: nothing is asked`(text: String) throws {
    let permission = try CertificateGuard.check(start(text), certificate: nil, now: Self.now)
    #expect(permission == .notNeeded)
  }

  @Test func `none was named`() throws {
    #expect(refusal(try start(), nil)?.reason == .missing)
  }

  @Test func `there is none`() throws {
    #expect(refusal(try start(), "/nowhere/at/all")?.reason == .missing)
  }

  @Test func `it does not read`() throws {
    let scratch = try written(CertificateFixture())
    try scratch.write(Array("{}".utf8), to: CertificateFiles.json)
    #expect(refusal(try start(), scratch.root)?.reason == .unreadable)
  }

  @Test func `a byte of evidence changed`() throws {
    let scratch = try written(CertificateFixture())
    try scratch.write(Array("name: other".utf8), to: "evidence/scenarios/calm/short.yaml")
    #expect(refusal(try start(), scratch.root)?.reason == .changed)
  }

  @Test func `a verdict was written by hand`() throws {
    var fixture = try CertificateFixture()
    fixture.certificate.suite[0].failures = ["oracle S1"]
    let scratch = try written(fixture)
    let name = CertificateFiles.json
    let text = String(decoding: try scratch.read(name), as: UTF8.self)
      .replacing("\"verdict\": \"fail\"", with: "\"verdict\": \"pass\"")
      .replacing("\"allows\": []", with: "\"allows\": [\"exchange\"]")
    try scratch.write(Array(text.utf8), to: name)
    var manifest = try #require(
      Manifest(text: String(decoding: try scratch.read(CertificateFiles.manifest), as: UTF8.self)))
    manifest.digests[name] = SHA256.hex(of: text.utf8)
    try scratch.write(Array(manifest.text.utf8), to: CertificateFiles.manifest)
    // The verdict is derived from what was shown, never read.
    #expect(refusal(try start(), scratch.root)?.reason == .notAllowed)
  }

  @Test func `another build`() throws {
    let scratch = try written(CertificateFixture())
    #expect(refusal(try start(build: "cd"), scratch.root)?.reason == .build)
  }

  @Test func `another configuration, by a byte`() throws {
    let scratch = try written(CertificateFixture())
    let text = Rehearsal.text + "# a comment\n"
    #expect(refusal(try start(text), scratch.root)?.reason == .configuration)
  }

  @Test func `it is too old`() throws {
    let scratch = try written(CertificateFixture())
    let now = CertificateFixture.issued + .days(30)
    #expect(refusal(try start(), scratch.root, now: now)?.reason == .expired)
  }

  @Test func `it comes from the future`() throws {
    let scratch = try written(CertificateFixture())
    let now = CertificateFixture.issued - .days(1)
    #expect(refusal(try start(), scratch.root, now: now)?.reason == .fromTheFuture)
  }

  @Test func `the checks were not shown`() throws {
    var fixture = try CertificateFixture()
    fixture.certificate.checks = nil
    let scratch = try written(fixture)
    let refusal = refusal(try start(), scratch.root)
    #expect(refusal?.reason == .notAllowed)
    #expect(refusal?.problem.contains("checks not shown") == true)
  }

  @Test func `a quick run does not do`() throws {
    var fixture = try CertificateFixture()
    fixture.certificate.isQuick = true
    let scratch = try written(fixture)
    #expect(refusal(try start(), scratch.root)?.reason == .notAllowed)
  }

  @Test func `real money takes the switch, and the certificate too`() throws {
    let text = Rehearsal.text.replacing("-testnet", with: "")
      .replacing("network: testnet", with: "network: mainnet")
    let scratch = try written(CertificateFixture(text))
    #expect(refusal(try start(text), scratch.root)?.reason == .mainnet)
    #expect(refusal(try start(text, allowsMainnet: true), nil)?.reason == .missing)
    #expect(refusal(try start(text, allowsMainnet: true), scratch.root) == nil)
  }
}
