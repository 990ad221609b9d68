/// The size of things: lines a file, lines a function, columns a line.
enum Tidy {
  static let columns = 100
  static let functionLines = 70
  static let sourceLines = 400
  static let testLines = 600

  static func findings(in file: SourceFile) -> [Finding] {
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
    let count = lines.last?.isEmpty == true ? lines.count - 1 : lines.count
    let most = file.path.hasPrefix("Tests/") ? testLines : sourceLines
    var findings: [Finding] = []
    func add(_ line: Int, _ rule: String, _ message: String) {
      findings.append(Finding(path: file.path, line: line, rule: rule, message: message))
    }
    if count > most { add(count, "lines", "\(count) lines; a file has at most \(most)") }
    for (index, line) in lines.enumerated() where line.utf8.count > columns {
      let width = line.count
      if width > columns { add(index + 1, "columns", "\(width) columns; at most \(columns)") }
    }
    guard file.path.hasSuffix(".swift") else { return findings }
    for function in functions(of: SourceCode(file.text)) where function.lines > functionLines {
      add(
        function.line, "function",
        "`\(function.name)` has \(function.lines) lines; a function has at most \(functionLines)")
    }
    return findings
  }

  struct Function: Hashable {
    let name: String
    let line: Int
    let lines: Int
  }

  /// Functions, initialisers, subscripts and computed properties with a body.
  static func functions(of code: SourceCode) -> [Function] {
    code.tokens.indices.compactMap { index in
      let token = code.tokens[index]
      guard isDeclaration(code, at: index), let open = body(of: code, from: index),
        let close = code.closing(open)
      else { return nil }
      let name = ["func", "var"].contains(token.text) ? code[index + 1] : token.text
      return Function(
        name: name, line: token.line, lines: code.tokens[close].line - token.line + 1)
    }
  }

  private static func isDeclaration(_ code: SourceCode, at index: Int) -> Bool {
    switch code[index] {
    case "func", "var", "deinit": code[index - 1] != "."
    case "init", "subscript":
      code[index - 1] != "." && ["(", "<", "?", "!"].contains(code[index + 1])
    default: false
    }
  }

  /// The index of the brace that opens the body of the declaration at `index`.
  private static func body(of code: SourceCode, from index: Int) -> Int? {
    let stops: Set = [
      "func", "init", "var", "let", "case", "subscript", "static", "mutating", "public", "private",
      "struct", "enum", "extension", "protocol", "associatedtype", "typealias", "internal", "}",
    ]
    let isVariable = code[index] == "var"
    var place = index + 1
    while place < code.tokens.count {
      let text = code[place]
      if text == "{" { return place }
      if isVariable, text == "=" || code.tokens[place].line > code.tokens[index].line {
        return nil
      }
      if stops.contains(text), !(place == index + 1 && code[index] == "func") { return nil }
      if text == "(" || text == "[" {
        guard let close = code.closing(place) else { return nil }
        place = close
      }
      place += 1
    }
    return nil
  }
}
