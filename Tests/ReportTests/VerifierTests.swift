import Market
import Testing

@testable import Report

/// Each kind of change of a certificate, and what the verifier calls it.
@Suite struct VerifierTests {
  private func written() throws -> Scratch {
    let scratch = try Scratch()
    try CertificateFixture().files.write(to: scratch.root)
    return scratch
  }

  private func differences(
    _ scratch: Scratch,
    _ here: CertificateVerifier.Surroundings = CertificateFixture.surroundings
  ) throws -> [CertificateVerifier.Difference] {
    try CertificateVerifier(CertificateFolder(path: scratch.root)).differences(here)
  }

  /// Changes one byte in a file, the first of `text`, and verifies.
  private func flip(_ name: String, _ text: String) throws -> [CertificateVerifier.Difference] {
    let scratch = try written()
    let old = String(decoding: try scratch.read(name), as: UTF8.self)
    let start = try #require(old.firstRange(of: text)?.lowerBound)
    let new = old[..<start] + "~" + old[old.index(after: start)...]
    try scratch.write(Array(new.utf8), to: name)
    return try differences(scratch)
  }

  @Test func `nothing has changed`() throws {
    let scratch = try written()
    #expect(try differences(scratch).isEmpty)
    let verifier = CertificateVerifier(try CertificateFolder(path: scratch.root))
    #expect(verifier.differences(runs: [try CertificateFixture.run()]).isEmpty)
    #expect(
      verifier.differences(
        proof: CertificateFixture.proof, scripts: ["worst-loss": CertificateFixture.script]
      ).isEmpty)
  }

  @Test func `a byte of a scenario`() throws {
    let found = try flip("evidence/scenarios/calm/short.yaml", "about")
    #expect(found.map(\.place) == ["evidence/scenarios/calm/short.yaml"])
    #expect(
      found.first?.message.hasPrefix(
        "byte 13 (line 2) differs from Scenarios/calm/short.yaml; changed: digest expected ")
        == true)
  }

  @Test func `a byte of the configuration`() throws {
    let found = try flip("evidence/configuration.yaml", "xecution")
    #expect(found.map(\.place) == ["evidence/configuration.yaml"])
    #expect(found.first?.message.hasPrefix("byte 2 (line 1) differs from test.yaml; ") == true)
  }

  @Test func `a byte of a proof`() throws {
    let found = try flip("evidence/proofs/worst-loss.smt2", "check-sat")
    #expect(found.map(\.place) == ["evidence/proofs/worst-loss.smt2"])
    let scratch = try written()
    try scratch.write(Array("(set-logic QF_LIA)\n".utf8), to: found[0].place)
    let verifier = CertificateVerifier(try CertificateFolder(path: scratch.root))
    let again = verifier.differences(
      proof: CertificateFixture.proof, scripts: ["worst-loss": CertificateFixture.script])
    #expect(
      again.map(\.description) == [
        "evidence/proofs/worst-loss.smt2: byte 15 (line 1) differs from the theorem of this build"
      ])
  }

  @Test func `a byte of a check's excerpt`() throws {
    let found = try flip("evidence/checks/uptime.txt", "100.00")
    #expect(found.map(\.place) == ["evidence/checks/uptime.txt"])
    #expect(found.first?.message.contains("differs from what certificate.json says") == true)
  }

  @Test(arguments: ["certificate.html", "junit.xml"])
  func `a byte of what is derived`(name: String) throws {
    let found = try flip(name, "short")
    #expect(found.map(\.place) == [name])
    #expect(found.first?.message.hasPrefix("byte ") == true)
  }

  @Test func `a figure of the certificate`() throws {
    let scratch = try written()
    let name = CertificateFiles.json
    let events = try CertificateFixture.run().events
    let text = String(decoding: try scratch.read(name), as: UTF8.self)
      .replacing("\"events\": \(events)", with: "\"events\": \(events + 1)")
    try scratch.write(Array(text.utf8), to: name)
    let found = try differences(scratch)
    #expect(found.map(\.place) == [name])
    #expect(found.first?.message.hasPrefix("changed: digest expected ") == true)
    // The run itself contradicts the figure, whatever the manifest was made to say.
    let verifier = CertificateVerifier(try CertificateFolder(path: scratch.root))
    let runs = verifier.differences(runs: [try CertificateFixture.run()])
    #expect(
      runs.map(\.description) == [
        "run short@1.events: certified \(events + 1), now \(events)"
      ])
  }

  @Test func `a manifest that was made to agree does not help`() throws {
    let scratch = try written()
    try scratch.write(Array("<p>all is well</p>".utf8), to: CertificateFiles.page)
    let old = try #require(
      Manifest(text: String(decoding: try scratch.read(CertificateFiles.manifest), as: UTF8.self)))
    var manifest = old
    manifest.digests[CertificateFiles.page] = SHA256.hex(of: "<p>all is well</p>".utf8)
    try scratch.write(Array(manifest.text.utf8), to: CertificateFiles.manifest)
    let page = try differences(scratch)
    #expect(
      page.map(\.description) == [
        "certificate.html: byte 2 (line 1) is not what the certificate says"
      ])
    // A scenario and its line: the certificate itself names the digest.
    let other = try written()
    let path = "evidence/scenarios/calm/short.yaml"
    try other.write(Array("name: other\n".utf8), to: path)
    manifest = old
    manifest.digests[path] = SHA256.hex(of: "name: other\n".utf8)
    try other.write(Array(manifest.text.utf8), to: CertificateFiles.manifest)
    #expect(try differences(other).map(\.place) == [CertificateFiles.manifest])
  }

  @Test func `files that are missing or too many`() throws {
    let scratch = try written()
    try scratch.remove("junit.xml")
    try scratch.write([1], to: "evidence/more.txt")
    #expect(
      try differences(scratch).map(\.description) == [
        "evidence/more.txt: additional file", "junit.xml: missing file",
      ])
    try scratch.remove(CertificateFiles.manifest)
    #expect(try differences(scratch).map(\.description).contains("manifest.sha256: missing file"))
  }

  @Test func `another build`() throws {
    var here = CertificateFixture.surroundings
    here.build = "cd"
    #expect(
      try differences(written(), here).map(\.description) == [
        "build: certified \(CertificateFixture.build), running cd"
      ])
  }

  @Test func `another configuration, or none`() throws {
    var here = CertificateFixture.surroundings
    here.configuration = (file: "test.yaml", text: Rehearsal.text + "limits: {}\n")
    let found = try differences(written(), here)
    #expect(found.map(\.place) == ["test.yaml"])
    #expect(found.first?.message.contains("differs from the certified configuration") == true)
    here.configuration = nil
    #expect(
      try differences(written(), here).map(\.description) == [
        "test.yaml: missing: it was certified"
      ])
  }

  @Test func `scenarios that changed, are gone or are new`() throws {
    var here = CertificateFixture.surroundings
    here.scenarios[CertificateFixture.path] = CertificateFixture.scenario + "#"
    #expect(
      try differences(written(), here).map(\.description) == [
        "\(CertificateFixture.path): byte \(CertificateFixture.scenario.utf8.count + 1) (line "
          + "\(CertificateFixture.scenario.split(separator: "\n").count + 1)) differs from the "
          + "certified scenario"
      ])
    here.scenarios = ["Scenarios/new.yaml": ""]
    #expect(
      try differences(written(), here).map(\.description) == [
        "\(CertificateFixture.path): missing scenario: it was certified",
        "Scenarios/new.yaml: additional scenario: it is not certified",
      ])
  }

  @Test func `time runs out, and does not begin early`() throws {
    var here = CertificateFixture.surroundings
    here.now = CertificateFixture.issued + .days(30) - .seconds(1)
    #expect(try differences(written(), here).isEmpty)
    here.now = CertificateFixture.issued + .days(30)
    #expect(try differences(written(), here).map(\.place) == ["time"])
    here.now = CertificateFixture.issued - .hours(1)
    #expect(try differences(written(), here).map(\.place) == ["time"])
  }

  @Test func `another proof`() throws {
    let scratch = try written()
    let verifier = CertificateVerifier(try CertificateFolder(path: scratch.root))
    var proof = CertificateFixture.proof
    proof.theorems[0].verdict = "refuted"
    #expect(
      verifier.differences(proof: proof, scripts: [:]).map(\.description) == [
        "proof.theorems[0].verdict: certified \"proved\", now \"refuted\""
      ])
    proof = CertificateFixture.proof
    proof.mutants = []
    #expect(verifier.differences(proof: proof, scripts: [:]).isEmpty)
  }

  @Test func `the sample is the certificate's own choice`() throws {
    var fixture = try CertificateFixture()
    for seed in 2...9 {
      var run = fixture.certificate.suite[0]
      run.seed = String(seed)
      fixture.certificate.suite.append(run)
    }
    let scratch = try Scratch()
    try fixture.files.write(to: scratch.root)
    let verifier = CertificateVerifier(try CertificateFolder(path: scratch.root))
    let sample = verifier.sample(isFull: false)
    #expect(sample.count == 5)
    #expect(sample == verifier.sample(isFull: false))
    #expect(verifier.sample(isFull: true) == fixture.certificate.suite)
  }
}
