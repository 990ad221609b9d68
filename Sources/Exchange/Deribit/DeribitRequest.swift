import Venues

/// One request to Deribit, however it came.
struct DeribitRequest: Sendable {
  /// A parameter's value, as JSON or a query gave it.
  enum Argument: Hashable, Sendable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case bool(Bool)
    case list([String])
    /// An object, or a list of other things than texts.
    case other
  }

  /// `public/ticker`.
  let method: String
  private var parameters: [(name: String, value: Argument)]
  /// The id as it is to be echoed; nil over GET.
  let id: [UInt8]?

  /// Reads `method?query` of a GET.
  init(method: String, query: String) {
    self.method = method
    id = nil
    parameters = CallQuery(query).parameters.map { ($0.name, .text($0.value)) }
  }

  /// Reads a JSON-RPC object; `path` is the method that the address names, if it names one.
  init(_ root: JSONValue, path: String?) throws(DeribitRefusal) {
    guard root.kind == .object else { throw .request }
    guard let method = root["method"]?.string ?? path else { throw .request }
    guard let id = root["id"], let echo = Self.echo(id) else { throw .request }
    self.method = method
    self.id = echo
    parameters = []
    guard let params = root["params"], !params.isNull else { return }
    guard let members = params.members else { throw .request }
    for member in members.prefix(64) {
      guard let value = Self.argument(member.value) else { continue }
      parameters.append((String(member.key), value))
    }
  }

  /// The id of an object that is no request, for its refusal.
  static func id(of root: JSONValue) -> [UInt8]? { root["id"].flatMap(echo) }

  private static func echo(_ id: JSONValue) -> [UInt8]? {
    switch id.kind {
    case .integer:
      id.int64.map { Array(String($0).utf8) } ?? id.uint64.map { Array(String($0).utf8) }
    case .string:
      id.string.flatMap { text in
        guard text.utf8.count <= 256 else { return nil }
        var writer = JSONWriter()
        writer.string(text)
        return writer.bytes
      }
    default: nil
    }
  }

  private static func argument(_ value: JSONValue) -> Argument? {
    switch value.kind {
    case .string: value.string.map(Argument.text)
    case .integer: value.int64.map(Argument.integer) ?? .other
    case .double: value.double.map(Argument.number)
    case .bool: value.bool.map(Argument.bool)
    case .null: nil
    case .object: .other
    case .array:
      value.elements.map { elements in
        let texts = elements.map(\.string)
        return texts.contains(nil) ? .other : .list(texts.compactMap { $0 })
      }
    }
  }
}

extension DeribitRequest {
  private func argument(_ name: String) -> Argument? {
    parameters.first { $0.name == name }?.value
  }

  /// A text; nil where it is missing.
  func text(_ name: String) throws(DeribitRefusal) -> String? {
    switch argument(name) {
    case nil: return nil
    case .text(let text): return text
    // Resolutions are texts to some clients and numbers to others.
    case .integer(let number): return String(number)
    default: throw .format(name)
    }
  }

  /// A text that must be there.
  func required(_ name: String) throws(DeribitRefusal) -> String {
    guard let text = try text(name), !text.isEmpty else {
      throw .parameter(name, "value required")
    }
    return text
  }

  /// A whole number; nil where it is missing.
  func integer(_ name: String) throws(DeribitRefusal) -> Int64? {
    switch argument(name) {
    case nil: return nil
    case .integer(let number): return number
    case .number(let number):
      guard let whole = Int64(exactly: number) else { throw .format(name) }
      return whole
    case .text(let text):
      guard let number = Int64(text) else { throw .format(name) }
      return number
    default: throw .format(name)
    }
  }

  /// A truth value; nil where it is missing.
  func bool(_ name: String) throws(DeribitRefusal) -> Bool? {
    switch argument(name) {
    case nil: return nil
    case .bool(let value): return value
    case .text("true"): return true
    case .text("false"): return false
    default: throw .format(name)
    }
  }

  /// A list of texts that must be there.
  func list(_ name: String) throws(DeribitRefusal) -> [String] {
    switch argument(name) {
    case nil: throw .parameter(name, "value required")
    case .list(let list): return list
    default: throw .format(name)
    }
  }
}
