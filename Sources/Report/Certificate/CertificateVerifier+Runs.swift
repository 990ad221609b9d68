extension CertificateVerifier {
  /// What differs between certified runs and the same runs now.
  ///
  /// - Parameter runs: Runs of ``sample(isFull:)``, run again.
  /// - Returns: Every figure that differs.
  public func differences(runs: [ScenarioEvidence]) -> [Difference] {
    runs.flatMap { run -> [Difference] in
      let place = "run \(run.id)"
      guard
        let certified = folder.certificate.suite.first(where: {
          $0.id == run.id && $0.path == run.path
        })
      else { return [Difference(place: place, message: "it is not certified")] }
      var now = run
      now.repeated = certified.repeated
      now.file = certified.file
      var found = Self.differences(certified.json, now.json, at: place)
      if certified.digest != certified.repeated, certified.repeated != "not shown" {
        found.append(
          Difference(
            place: place,
            message: "certified with two digests: \(certified.digest) and then "
              + certified.repeated))
      }
      return found
    }
  }

  /// What differs between the certified proofs and the same proofs now.
  ///
  /// - Parameters:
  ///   - proof: What the provers say now; without mutants, mutants are not compared.
  ///   - scripts: The texts of the `.smt2` files now, by theorem.
  /// - Returns: Every file and figure that differs.
  public func differences(proof: ProofEvidence, scripts: [String: String]) -> [Difference] {
    guard let certified = folder.certificate.proof else { return [] }
    var found: [Difference] = []
    for id in scripts.keys.sorted() {
      let path = CertificateFiles.proof(id)
      guard let bytes = folder.files[path], let text = scripts[id],
        let place = firstDifference(bytes, Array(text.utf8))
      else { continue }
      found.append(
        Difference(place: path, message: "\(place) differs from the theorem of this build"))
    }
    var now = proof
    if now.mutants.isEmpty {
      now.mutants = certified.mutants
      // Kills are counted where mutants are tried.
      for index in now.theorems.indices {
        let old = certified.theorems.first { $0.id == now.theorems[index].id }
        now.theorems[index].kills = old?.kills ?? now.theorems[index].kills
      }
    }
    return found + Self.differences(certified.json, now.json, at: "proof")
  }

  /// Every member in which two values differ, named by its way from the top.
  static func differences(
    _ certified: CanonicalJSON, _ now: CanonicalJSON, at place: String
  ) -> [Difference] {
    guard certified != now else { return [] }
    switch (certified, now) {
    case (.object(let old), .object(let new)):
      return Set(old.keys).union(new.keys).sorted().flatMap {
        differences(old[$0] ?? .null, new[$0] ?? .null, at: "\(place).\($0)")
      }
    case (.array(let old), .array(let new)) where old.count == new.count:
      return old.indices.flatMap { index in
        differences(old[index], new[index], at: "\(place)[\(index)]")
      }
    default:
      return [
        Difference(
          place: place, message: "certified \(certified.excerpt), now \(now.excerpt)")
      ]
    }
  }
}

extension CanonicalJSON {
  /// The value in one line of bounded length.
  fileprivate var excerpt: String {
    if case .array(let elements) = self { return counted(elements.count, "element") }
    let line = text.split(separator: "\n").joined(separator: " ")
    return line.count <= 120 ? line : line.prefix(120) + "…"
  }
}
