import Market
import Testing

@testable import Report

@Suite struct CertificateTests {
  @Test func `a certificate that shows everything allows everything`() throws {
    let certificate = try CertificateFixture().certificate
    #expect(certificate.demands.allSatisfy { $0.state == .holds })
    #expect(certificate.hasPassed)
    #expect(certificate.allows == [.paper, .exchange])
  }

  @Test func `equal certificates have equal bytes`() throws {
    #expect(try CertificateFixture().files == CertificateFixture().files)
  }

  @Test func `only the time of issue differs`() throws {
    let first = try CertificateFixture().files
    let second = try CertificateFixture(issued: CertificateFixture.issued + .seconds(1)).files
    func lines(_ files: CertificateFiles) -> [Substring] {
      String(decoding: files.files[CertificateFiles.json] ?? [], as: UTF8.self)
        .split(separator: "\n")
    }
    let differing = zip(lines(first), lines(second)).filter { $0.0 != $0.1 }
    #expect(differing.count == 1)
    #expect(differing.first?.0.contains("\"issued\"") == true)
    let changed = first.files.keys.filter { first.files[$0] != second.files[$0] }.sorted()
    #expect(changed == ["certificate.html", "certificate.json", "manifest.sha256"])
  }

  @Test func `what is written reads back`() throws {
    let files = try CertificateFixture().files
    let read = try Certificate(json: files.files[CertificateFiles.json] ?? [])
    #expect(read == files.certificate)
    #expect(Array(read.json.utf8) == files.files[CertificateFiles.json])
  }

  @Test(arguments: ["{}", "[1]", "", "{\"format\": 1.5}", "{\"format\": \"other\"}"])
  func `what is no certificate does not read`(text: String) {
    #expect(throws: CertificateFault.self) { try Certificate(json: Array(text.utf8)) }
  }

  @Test func `a fault names the member`() throws {
    let text = String(
      decoding: try CertificateFixture().files.files[CertificateFiles.json] ?? [], as: UTF8.self
    ).replacing("\"seed\": \"1\"", with: "\"seed\": 1")
    #expect(throws: CertificateFault(place: "suite[0].seed", expected: "a text")) {
      try Certificate(json: Array(text.utf8))
    }
  }

  @Test func `each demand fails by itself`() throws {
    var fixture = try CertificateFixture()
    fixture.certificate.suite[0].failures = ["oracle S1"]
    fixture.certificate.suite[0].repeated = "0000000000000000"
    fixture.certificate.suite[0].faults[0].receipt = "inert"
    fixture.certificate.proof?.theorems[0].verdict = "unknown"
    fixture.certificate.proof?.mutants[0].fate = "survived"
    let checks = try #require(fixture.certificate.checks)
    fixture.certificate.checks?.checks = checks.checks.dropLast()
    #expect(fixture.certificate.demands.allSatisfy { $0.state == .fails })
    #expect(fixture.certificate.allows.isEmpty)
    let junit = fixture.certificate.junit
    #expect(junit.contains("<testsuite name=\"demands\" tests=\"6\" failures=\"6\">"))
  }

  @Test func `what was not shown allows paper alone`() throws {
    var fixture = try CertificateFixture()
    fixture.certificate.checks = nil
    #expect(fixture.certificate.hasPassed)
    #expect(fixture.certificate.allows == [.paper])
    fixture = try CertificateFixture()
    fixture.certificate.isQuick = true
    #expect(fixture.certificate.allows == [.paper])
    fixture = try CertificateFixture()
    fixture.certificate.proof = nil
    #expect(fixture.certificate.allows == [.paper])
    fixture.certificate.suite = []
    #expect(!fixture.certificate.hasPassed)
  }

  @Test func `a theorem takes every solver, a mutant a killer, a rule every path`() throws {
    var proof = CertificateFixture.proof
    proof.solvers.append("cvc5 1.0")
    #expect(!proof.theorems[0].isProved(by: proof.solvers))
    proof.mutants[0].killers = []
    #expect(!proof.mutants[0].isSettled)
    var fixture = try CertificateFixture()
    fixture.certificate.proof?.rules[0].isDecided = false
    #expect(fixture.certificate.demands.first { $0.id == "theorems" }?.state == .fails)
  }

  @Test func `the page asks for nothing and escapes what it quotes`() throws {
    let files = try CertificateFixture().files
    let page = String(decoding: files.files[CertificateFiles.page] ?? [], as: UTF8.self)
    for reference in ["http://", "https://", "src=", "href=", "url(", "@import", "<script"] {
      #expect(!page.contains(reference), "\(reference)")
    }
    #expect(page.contains("with &lt;costs&gt; &amp; all"))
    #expect(page.contains("<svg"))
  }

  @Test func `digests are those of the standard`() throws {
    #expect(
      SHA256.hex(of: "abc".utf8)
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hex(of: [])
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let scratch = try Scratch()
    try scratch.write(Array("abc".utf8), to: "abc")
    #expect(try SHA256.hex(ofFile: scratch.path("abc")) == SHA256.hex(of: "abc".utf8))
  }

  @Test(arguments: [
    ("/etc/x.yaml", "evidence/scenarios/etc/x.yaml"),
    ("../../x.yaml", "evidence/scenarios/__/__/x.yaml"),
    ("./Scenarios/a/x.yaml", "evidence/scenarios/a/x.yaml"),
  ])
  func `evidence stays in its folder`(path: String, expected: String) {
    #expect(CertificateFiles.scenario(path) == expected)
  }
}
