import Market

/// `certificate.html`: the certificate for people, in one file that asks for nothing else.
enum CertificatePage {
  /// The page; equal certificates have equal pages.
  static func text(_ certificate: Certificate) -> String {
    let title = "Assay certificate: \(certificate.hasPassed ? "pass" : "fail")"
    let head = HTML.tag(
      "head", [:], .tag("meta", ["charset": "utf-8"]),
      .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .tag("title", [:], HTML(title)), .tag("style", [:], PageStyle.sheet))
    let body = HTML.tag(
      "body", [:],
      .tag(
        "main", [:],
        [
          verdict(certificate), demands(certificate), identity(certificate), checks(certificate),
          scenarios(certificate), oracles(certificate), proofs(certificate),
          openItems(certificate), evidence(certificate), again(certificate),
        ]))
    return "<!doctype html>\n" + HTML.tag("html", ["lang": "en"], head, body).markup + "\n"
  }

  static func section(_ id: String, _ title: String, _ parts: HTML...) -> HTML {
    .tag("section", ["id": id], [.tag("h2", [:], HTML(title))] + parts)
  }

  static func paragraph(_ text: String) -> HTML { .tag("p", [:], .prose(text)) }

  static func badge(_ state: Demand.State) -> HTML {
    switch state {
    case .holds: .badge("holds", .good)
    case .fails: .badge("fails", .bad)
    case .notShown: .badge("not shown", .open)
    }
  }

  private static func verdict(_ certificate: Certificate) -> HTML {
    let hasPassed = certificate.hasPassed
    let gates = Gate.allCases.map { gate -> HTML in
      let isAllowed = certificate.allows.contains(gate)
      let words = gate == .paper ? "paper and loopback" : "orders that leave the machine"
      return .tag(
        "li", [:], .badge(isAllowed ? "allowed" : "refused", isAllowed ? .good : .bad),
        HTML(" " + words))
    }
    return .tag(
      "header", ["class": hasPassed ? "pass" : "fail"],
      .tag("p", ["class": "eyebrow"], "Assay certificate"),
      .tag("h1", [:], HTML(hasPassed ? "Pass" : "Fail")),
      .tag("ul", ["class": "gates"], gates),
      paragraph(
        "Issued \(certificate.issued), holds until \(certificate.expires) "
          + "(\(certificate.validDays) days)"
          + (certificate.isQuick ? ". A quick run: less than everything was looked at." : ".")))
  }

  private static func demands(_ certificate: Certificate) -> HTML {
    section(
      "demands", "What was demanded",
      .table(
        ["demand", "", "figure", "what revokes it"],
        certificate.demands.map {
          [HTML($0.statement), badge($0.state), HTML($0.figure), HTML($0.revokedBy)]
        }))
  }

  private static func identity(_ certificate: Certificate) -> HTML {
    let identity = certificate.identity
    var rows: [[HTML]] = [
      ["build (SHA-256)", .code(identity.build)], ["version", HTML(identity.version)],
      ["toolchain", HTML(identity.toolchain)], ["platform", HTML(identity.platform)],
      ["configuration", HTML(identity.configurationFile)],
      ["configuration (SHA-256)", .code(identity.configuration)],
      ["engine configuration", .code(identity.engine)],
    ]
    if let solvers = certificate.proof?.solvers, !solvers.isEmpty {
      rows.append(["solvers", HTML(solvers.joined(separator: ", "))])
    }
    if let checks = certificate.checks {
      rows.append(["database", HTML("\(checks.database), \(counted(checks.steps, "step"))")])
      rows.append(["journal chain", .code(checks.chain)])
    }
    return section(
      "identity", "What it speaks of",
      paragraph("Another build, configuration, scenario or solver is not certified by this."),
      .table(["", ""], rows))
  }

  private static func evidence(_ certificate: Certificate) -> HTML {
    section(
      "evidence", "Evidence",
      .tag(
        "details", [:],
        .tag("summary", [:], HTML(counted(certificate.evidence.count, "file"))),
        .table(
          ["file", "bytes", "SHA-256"], numbers: [1],
          certificate.evidence.map { [HTML($0.path), HTML(grouped($0.bytes)), .code($0.digest)] })
      ))
  }

  private static func openItems(_ certificate: Certificate) -> HTML {
    let items = certificate.openItems
    guard !items.isEmpty else { return section("open", "Open items", paragraph("None.")) }
    return section(
      "open", "Open items", .tag("ul", [:], items.map { .tag("li", [:], HTML($0)) }))
  }

  private static func again(_ certificate: Certificate) -> HTML {
    section(
      "again", "Again",
      paragraph(
        "`assay verify` computes every digest anew, runs a sample of the scenarios (`--full`: all) "
          + "and names what differs. The manifest is no signature: it shows what changed, not who "
          + "made it."),
      .tag("pre", [:], "assay verify FOLDER --full\nsha256sum --check manifest.sha256"))
  }
}

extension Certificate {
  /// What a reader should know and no table says.
  var openItems: [String] {
    var items: [String] = []
    for demand in demands where demand.state == .notShown {
      items.append("Not shown: \(demand.statement.lowercasedFirst).")
    }
    if isQuick { items.append("A quick run: one seed a scenario, no proofs.") }
    let slow = suite.filter { $0.convergenceMilliseconds == nil }
    if !slow.isEmpty {
      items.append("Did not converge: \(slow.map(\.id).joined(separator: ", ")).")
    }
    let idle = Set(suite.flatMap { $0.oracles.keys })
      .filter { name in suite.allSatisfy { $0.oracles[name] ?? 0 == 0 } }.sorted()
    if !idle.isEmpty {
      items.append("Oracles that never had anything to look at: \(idle.joined(separator: ", ")).")
    }
    items.append(
      "Scenario evidence holds for the simulated venue: where the real one differs, it is silent."
    )
    return items
  }
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
