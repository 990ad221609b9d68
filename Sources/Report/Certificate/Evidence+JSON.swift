extension ScenarioEvidence {
  var json: CanonicalJSON {
    .object([
      "id": .string(id), "name": .string(name), "path": .string(path), "sha256": .string(file),
      "seed": .string(seed), "digest": .string(digest), "repeated": .string(repeated),
      "components": .object(components.mapValues { .string($0) }),
      "events": .integer(events), "virtualMilliseconds": .integer(virtualMilliseconds),
      "convergenceMilliseconds": convergenceMilliseconds.map { .integer($0) } ?? .null,
      "oracles": .object(oracles.mapValues { .integer($0) }),
      "faults": .array(
        faults.map {
          .object([
            "id": .string($0.id), "count": .integer($0.count), "receipt": .string($0.receipt),
          ])
        }),
      "marks": .array(marks.map { .string($0) }),
      "breakers": .array(breakers.map { .string($0) }),
      "failures": .array(failures.map { .string($0) }),
    ])
  }

  init(_ reader: MemberReader) throws(CertificateFault) {
    name = try reader.text("name")
    path = try reader.text("path")
    file = try reader.text("sha256")
    seed = try reader.text("seed")
    guard UInt64(seed) != nil else {
      throw CertificateFault(place: reader.place + ".seed", expected: "a whole number as a text")
    }
    digest = try reader.text("digest")
    repeated = try reader.text("repeated")
    let parts = try reader.object("components")
    components = [:]
    for name in parts.members.keys { components[name] = try parts.text(name) }
    events = try reader.integer("events")
    virtualMilliseconds = try reader.integer("virtualMilliseconds")
    convergenceMilliseconds = try reader.integerIfAny("convergenceMilliseconds")
    let looks = try reader.object("oracles")
    oracles = [:]
    for name in looks.members.keys { oracles[name] = try looks.integer(name) }
    faults = try reader.list("faults") { one throws(CertificateFault) in
      Fault(
        id: try one.text("id"), count: try one.integer("count"),
        receipt: try one.text("receipt"))
    }
    marks = try reader.texts("marks")
    breakers = try reader.texts("breakers")
    failures = try reader.texts("failures")
  }
}

extension ProofEvidence {
  var json: CanonicalJSON {
    .object([
      "solvers": .array(solvers.map { .string($0) }),
      "theorems": .array(theorems.map(\.json)),
      "mutants": .array(
        mutants.map {
          .object([
            "id": .string($0.id), "change": .string($0.change),
            "killer": $0.killer.map { .string($0) } ?? .null,
          ])
        }),
    ])
  }

  init(_ reader: MemberReader) throws(CertificateFault) {
    solvers = try reader.texts("solvers")
    theorems = try reader.list("theorems") { one throws(CertificateFault) in try Theorem(one) }
    mutants = try reader.list("mutants") { one throws(CertificateFault) in
      Mutant(
        id: try one.text("id"), change: try one.text("change"),
        killer: try one.textIfAny("killer"))
    }
  }
}

extension ProofEvidence.Theorem {
  // The script is a file of evidence; here stands its digest.
  fileprivate var json: CanonicalJSON {
    .object([
      "id": .string(id), "statement": .string(statement), "reachable": .bool(isReachable),
      "paths": .integer(paths), "kills": .integer(kills), "sha256": .string(scriptDigest),
      "answers": .array(
        answers.map {
          .object([
            "solver": .string($0.solver), "verdict": .string($0.verdict),
            "resource": $0.resource.map { .integer($0) } ?? .null,
          ])
        }),
    ])
  }

  fileprivate init(_ reader: MemberReader) throws(CertificateFault) {
    id = try reader.text("id")
    statement = try reader.text("statement")
    isReachable = try reader.flag("reachable")
    paths = try reader.integer("paths")
    kills = try reader.integer("kills")
    answers = try reader.list("answers") { one throws(CertificateFault) in
      ProofEvidence.Answer(
        solver: try one.text("solver"), verdict: try one.text("verdict"),
        resource: try one.integerIfAny("resource"))
    }
    scriptDigest = try reader.text("sha256")
  }
}
