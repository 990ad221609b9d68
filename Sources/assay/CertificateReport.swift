import Foundation
import Report

/// What a certificate came to, for people.
struct CertificateReport {
  let certificate: Certificate
  let path: String

  func print(on console: Console) {
    var table = Table([
      .init(title: "demand"), .init(title: "figure"), .init(title: "", isFlexible: true),
    ])
    for demand in certificate.demands {
      let style: Console.Style =
        switch demand.state {
        case .holds: .good
        case .fails: .bad
        case .notShown: .warning
        }
      table.add([
        Table.Cell(demand.id), Table.Cell(demand.figure),
        Table.Cell(demand.state == .holds ? "ok" : demand.state.rawValue, style),
      ])
    }
    console.print(table.lines(on: console))
    for run in certificate.suite where !run.failures.isEmpty {
      console.print()
      console.print(console.paint("FAIL", .bad) + "  \(run.id)")
      console.print(run.failures.map { "  \($0)" })
    }
    for check in certificate.checks?.checks ?? [] where !check.hasPassed {
      console.print(
        console.paint("FAIL", .bad) + "  \(check.id): \(check.figure), demanded \(check.threshold)")
    }
    console.print()
    let allows =
      certificate.allows.contains(.exchange)
      ? "paper, and orders that leave this machine"
      : certificate.allows.isEmpty ? "nothing" : "paper; no order may leave this machine"
    console.print(
      console.paint(
        "\(certificate.hasPassed ? "pass" : "fail"): allows \(allows).",
        certificate.hasPassed ? .good : .bad))
    console.next("`assay verify \(path)` compares; \(path)/certificate.html is for reading.")
  }
}

/// The folder that a certificate is written to.
enum CertificateOutput {
  /// Takes an older certificate away, and refuses a folder that holds anything else.
  static func prepare(_ path: String, on console: Console) throws {
    let manager = FileManager.default
    guard manager.fileExists(atPath: path) else { return }
    let names = (try? manager.contentsOfDirectory(atPath: path)) ?? ["?"]
    guard !names.isEmpty else { return }
    let own: Set<String> = [
      CertificateFiles.json, CertificateFiles.page, CertificateFiles.junit,
      CertificateFiles.manifest, "evidence",
    ]
    guard names.contains(CertificateFiles.json), own.isSuperset(of: names) else {
      console.error(
        "\(path) holds something else than a certificate",
        remedy: "Name a folder that is empty, or not there.")
      throw ExitStatus.usage
    }
    do {
      for name in names { try manager.removeItem(atPath: path + "/" + name) }
    } catch {
      console.error(
        "\(path): the older certificate cannot be taken away",
        remedy: "Name another folder.")
      throw ExitStatus.fault
    }
  }
}
