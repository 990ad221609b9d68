/// What `Package.swift` says about targets, read as text.
struct Manifest {
  struct Target: Hashable {
    let kind: String
    let name: String
    let dependencies: [String]
  }

  let targets: [Target]

  init(_ text: String) {
    let kinds = ["target", "executableTarget", "systemLibrary", "testTarget"]
    var targets: [Target] = []
    for kind in kinds {
      for body in Self.calls(".\(kind)(", in: text) {
        guard let name = Self.strings(in: body).first else { continue }
        let list = Self.calls("dependencies: [", in: body).first ?? ""
        // `.product(name: "X", package: "Y")` names a module and then its package.
        let products = Self.calls(".product(", in: list)
        var plain = list
        for product in products { plain = plain.replacing(product, with: "") }
        let names = Self.strings(in: plain) + products.compactMap { Self.strings(in: $0).first }
        targets.append(Target(kind: kind, name: name, dependencies: names))
      }
    }
    self.targets = targets
  }

  /// The texts between `opening` and the mark that closes it.
  private static func calls(_ opening: String, in text: String) -> [String] {
    var found: [String] = []
    var rest = Substring(text)
    while let range = rest.firstRange(of: opening) {
      rest = rest[range.upperBound...]
      var depth = 1
      var end = rest.startIndex
      while end < rest.endIndex, depth > 0 {
        if "([".contains(rest[end]) { depth += 1 }
        if ")]".contains(rest[end]) { depth -= 1 }
        if depth > 0 { end = rest.index(after: end) }
      }
      found.append(String(rest[..<end]))
    }
    return found
  }

  private static func strings(in text: String) -> [String] {
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
    return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
  }
}
