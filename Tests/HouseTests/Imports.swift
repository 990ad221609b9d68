/// Which modules import which, held to the table of the house.
enum Imports {
  /// The modules that `code` imports, with their lines.
  static func modules(of code: SourceCode) -> [(name: String, line: Int)] {
    let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let"]
    return code.tokens.indices.compactMap { index in
      guard code[index] == "import", code[index - 1] != "." else { return nil }
      // `import struct Module.Type` names the module after the kind.
      let place = kinds.contains(code[index + 1]) ? index + 2 : index + 1
      return (code[place], code.tokens[index].line)
    }
  }

  /// What is wrong with the imports of `file`, which lies in a module of the table.
  static func findings(
    in file: SourceFile, rows: [House.Row] = House.rows
  ) -> [Finding] {
    guard let module = file.module, !House.foreign.contains(module) else { return [] }
    guard let index = rows.firstIndex(where: { $0.name == module }) else {
      return [
        Finding(
          path: file.path, line: 1, rule: "import", message: "`\(module)` is no row of the house")
      ]
    }
    let above = House.reachable(from: index, in: rows)
    return modules(of: SourceCode(file.text)).compactMap { name, line in
      if above.contains(name) || rows[index].outside.contains(name) { return nil }
      let isRow = rows.contains { $0.name == name }
      let reason = isRow ? "is not above it, or barred" : "is not one of its outside modules"
      return Finding(
        path: file.path, line: line, rule: "import",
        message: "`\(module)` may not import `\(name)`, which \(reason)")
    }
  }
}
