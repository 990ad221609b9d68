import Market
import Risk

/// Writes a table as JSON Schema (draft 2020-12), so that editors know what the parser knows.
enum Schema {
  /// What writes the files anew.
  private static let command =
    "generated: ASSAY_WRITE_SCHEMA=1 swift test --filter SchemaTests"

  static func text(of table: Table, title: String) -> String {
    let body = object(table, indent: 0)
    let head =
      "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
      + "  \"$comment\": \(quoted(command)),\n  \"title\": \(quoted(title)),\n"
    return head + body.dropFirst(2) + "\n"
  }

  private static func object(
    _ table: Table, indent: Int, constant: (key: String, word: String)? = nil
  ) -> String {
    let inner = String(repeating: " ", count: indent + 4)
    let outer = String(repeating: " ", count: indent + 2)
    var properties: [String] = []
    if let constant {
      properties.append(
        "\(inner)\(quoted(constant.key)): { \"const\": \(quoted(constant.word)) }")
    }
    for field in table.fields {
      properties.append(
        "\(inner)\(quoted(field.key)): " + value(field.shape, indent + 4, about: field.summary))
    }
    let required =
      (constant.map { [$0.key] } ?? []) + table.fields.filter(\.isRequired).map(\.key)
    var lines = [
      "\(outer)\"type\": \"object\"", "\(outer)\"additionalProperties\": false",
      "\(outer)\"properties\": {\n" + properties.joined(separator: ",\n") + "\n\(outer)}",
    ]
    if !required.isEmpty {
      lines.append("\(outer)\"required\": [" + required.map(quoted).joined(separator: ", ") + "]")
    }
    return "{\n" + lines.joined(separator: ",\n") + "\n" + String(repeating: " ", count: indent)
      + "}"
  }

  private static func value(_ shape: Shape, _ indent: Int, about: String? = nil) -> String {
    let note = about.map { ", \"description\": \(quoted($0))" } ?? ""
    switch shape {
    case .text(let count): return "{ \"type\": \"string\", \"maxLength\": \(count)\(note) }"
    case .flag: return "{ \"type\": \"boolean\"\(note) }"
    case .integer(let range):
      return "{ \"type\": \"integer\", \"minimum\": \(range.lowerBound), "
        + "\"maximum\": \(range.upperBound)\(note) }"
    case .decimal(let range, _):
      return "{ \"type\": \"number\", \"minimum\": \(Quantity(steps: range.lowerBound)), "
        + "\"maximum\": \(Quantity(steps: range.upperBound))\(note) }"
    case .duration: return pattern("^-?[0-9]+(ms|s|m|h|d)$", note)
    case .share: return pattern("^-?[0-9]+(\\\\.[0-9]+)?(%|bp)$", note)
    case .ratio: return pattern("^[0-9]+/[0-9]+$", note)
    case .instant:
      return pattern(
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\\\.[0-9]{1,9})?Z$", note)
    case .seeds:
      return "{ \"anyOf\": [{ \"type\": \"integer\", \"minimum\": 0 }, "
        + pattern("^[0-9]+(\\\\.\\\\.[0-9]+)?$", "") + "]\(note) }"
    case .word(let words):
      return "{ \"enum\": [" + words.map(quoted).joined(separator: ", ") + "]\(note) }"
    case .list(let element, let limit):
      return "{ \"type\": \"array\", \"maxItems\": \(limit)\(note), \"items\": "
        + value(element, indent) + " }"
    case .oneOrMore(let element, let limit):
      return "{ \"anyOf\": [" + value(element, indent) + ", { \"type\": \"array\", \"maxItems\": "
        + "\(limit), \"items\": " + value(element, indent) + " }]\(note) }"
    case .table(let table): return object(table, indent: indent)
    case .variants(let key, let variants):
      let pad = String(repeating: " ", count: indent + 2)
      let choices = variants.map {
        pad + object($0.table, indent: indent + 2, constant: (key, $0.word))
      }
      return "{ \"oneOf\": [\n" + choices.joined(separator: ",\n") + "\n"
        + String(repeating: " ", count: indent) + "]\(note) }"
    case .named(let table, let limit):
      return "{ \"type\": \"object\", \"maxProperties\": \(limit)\(note), "
        + "\"additionalProperties\": " + object(table, indent: indent) + " }"
    }
  }

  private static func pattern(_ pattern: String, _ note: String) -> String {
    "{ \"type\": \"string\", \"pattern\": \"\(pattern)\"\(note) }"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      default: quoted.unicodeScalars.append(character)
      }
    }
    return quoted + "\""
  }
}
