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
      "rules": .array(
        rules.map {
          .object([
            "id": .string($0.name), "paths": .integer($0.paths), "reached": .integer($0.reached),
            "unreachable": .integer($0.unreachable), "decided": .bool($0.isDecided),
          ])
        }),
      "mutants": .array(
        mutants.map {
          .object([
            "id": .string($0.id), "fate": .string($0.fate),
            "killers": .array($0.killers.map { .string($0) }),
          ])
        }),
    ])
  }

  init(_ reader: MemberReader) throws(CertificateFault) {
    self.init(
      solvers: try reader.texts("solvers"),
      theorems: try reader.list("theorems") { one throws(CertificateFault) in try Theorem(one) },
      rules: try reader.list("rules") { one throws(CertificateFault) in
        Rule(
          name: try one.text("id"), paths: try one.integer("paths"),
          reached: try one.integer("reached"), unreachable: try one.integer("unreachable"),
          isDecided: try one.flag("decided"))
      },
      mutants: try reader.list("mutants") { one throws(CertificateFault) in
        Mutant(
          id: try one.text("id"), fate: try one.text("fate"), killers: try one.texts("killers"))
      })
  }
}

extension ProofEvidence.Theorem {
  fileprivate var json: CanonicalJSON {
    .object([
      "id": .string(id), "statement": .string(statement), "verdict": .string(verdict),
      "detail": .string(detail), "provedBy": .array(provedBy.map { .string($0) }),
      "paths": .integer(paths), "obligations": .integer(obligations),
      "units": units.map { .integer($0) } ?? .null,
      "witness": .array(witness.map { .string($0) }), "kills": .integer(kills),
      "sha256": .string(script),
    ])
  }

  fileprivate init(_ reader: MemberReader) throws(CertificateFault) {
    self.init(
      id: try reader.text("id"), statement: try reader.text("statement"),
      verdict: try reader.text("verdict"), detail: try reader.text("detail"),
      provedBy: try reader.texts("provedBy"), paths: try reader.integer("paths"),
      obligations: try reader.integer("obligations"), units: try reader.integerIfAny("units"),
      witness: try reader.texts("witness"), kills: try reader.integer("kills"),
      script: try reader.text("sha256"))
  }
}
