import Venues

/// A JSON text that equal values write with equal bytes: members sorted, one a line.
enum CanonicalJSON: Hashable, Sendable {
  case object([String: CanonicalJSON])
  case array([CanonicalJSON])
  case string(String)
  case integer(Int64)
  case bool(Bool)
  case null

  /// The text, with a line feed at its end.
  var text: String {
    var text = ""
    write(to: &text, indent: "")
    return text + "\n"
  }

  private func write(to text: inout String, indent: String) {
    let inner = indent + "  "
    switch self {
    case .object(let members):
      guard !members.isEmpty else { return text += "{}" }
      text += "{\n"
      let names = members.keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
      for (index, name) in names.enumerated() {
        text += inner + Self.quoted(name) + ": "
        (members[name] ?? .null).write(to: &text, indent: inner)
        text += index + 1 < names.count ? ",\n" : "\n"
      }
      text += indent + "}"
    case .array(let elements):
      guard !elements.isEmpty else { return text += "[]" }
      text += "[\n"
      for (index, element) in elements.enumerated() {
        text += inner
        element.write(to: &text, indent: inner)
        text += index + 1 < elements.count ? ",\n" : "\n"
      }
      text += indent + "]"
    case .string(let value): text += Self.quoted(value)
    case .integer(let value): text += String(value)
    case .bool(let value): text += value ? "true" : "false"
    case .null: text += "null"
    }
  }

  private static func quoted(_ value: String) -> String {
    var writer = JSONWriter()
    writer.string(value)
    return writer.text
  }
}

extension CanonicalJSON {
  /// Reads a text of at most 64 MB; nil where it is no JSON, or holds a fraction, which none of
  /// ours does.
  init?(bytes: [UInt8]) {
    var parser = JSONParser(limits: JSONLimits(bytes: 64 << 20))
    guard let document = try? parser.parse(bytes), let value = Self(document.root) else {
      return nil
    }
    self = value
  }

  private init?(_ value: JSONValue) {
    switch value.kind {
    case .object:
      guard let all = value.members else { return nil }
      var members: [String: CanonicalJSON] = [:]
      for member in all {
        let name = String(member.key)
        guard members[name] == nil, let inner = Self(member.value) else { return nil }
        members[name] = inner
      }
      self = .object(members)
    case .array:
      guard let all = value.elements else { return nil }
      var elements: [CanonicalJSON] = []
      for element in all {
        guard let inner = Self(element) else { return nil }
        elements.append(inner)
      }
      self = .array(elements)
    case .string: self = .string(value.string ?? "")
    case .integer:
      guard let integer = value.int64 else { return nil }
      self = .integer(integer)
    case .bool: self = .bool(value.bool ?? false)
    case .null: self = .null
    case .double: return nil
    }
  }
}

/// Why a certificate does not read: where, and what was expected there.
public struct CertificateFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The member, from the top: `suite[3].digest`.
  public let place: String
  /// What was expected.
  public let expected: String

  /// Place and expectation.
  public var description: String { "`\(place)` is not what it should be: expected \(expected)" }
}

/// Members of one object, each read as what it has to be.
struct MemberReader {
  let members: [String: CanonicalJSON]
  let place: String

  init(_ json: CanonicalJSON?, at place: String) throws(CertificateFault) {
    guard case .object(let members) = json else {
      throw CertificateFault(place: place.isEmpty ? "(top)" : place, expected: "an object")
    }
    self.members = members
    self.place = place
  }

  private func inner(_ key: String) -> String { place.isEmpty ? key : place + "." + key }

  func text(_ key: String) throws(CertificateFault) -> String {
    guard case .string(let value) = members[key] else {
      throw CertificateFault(place: inner(key), expected: "a text")
    }
    return value
  }

  func textIfAny(_ key: String) throws(CertificateFault) -> String? {
    members[key] == .null ? nil : try text(key)
  }

  func integer(_ key: String) throws(CertificateFault) -> Int64 {
    guard case .integer(let value) = members[key] else {
      throw CertificateFault(place: inner(key), expected: "an integer")
    }
    return value
  }

  func integerIfAny(_ key: String) throws(CertificateFault) -> Int64? {
    members[key] == .null ? nil : try integer(key)
  }

  func flag(_ key: String) throws(CertificateFault) -> Bool {
    guard case .bool(let value) = members[key] else {
      throw CertificateFault(place: inner(key), expected: "true or false")
    }
    return value
  }

  func object(_ key: String) throws(CertificateFault) -> MemberReader {
    try MemberReader(members[key], at: inner(key))
  }

  func objectIfAny(_ key: String) throws(CertificateFault) -> MemberReader? {
    members[key] == .null ? nil : try object(key)
  }

  func texts(_ key: String) throws(CertificateFault) -> [String] {
    guard case .array(let elements) = members[key] else {
      throw CertificateFault(place: inner(key), expected: "a list")
    }
    var texts: [String] = []
    for (index, element) in elements.enumerated() {
      guard case .string(let value) = element else {
        throw CertificateFault(place: "\(inner(key))[\(index)]", expected: "a text")
      }
      texts.append(value)
    }
    return texts
  }

  func list<Value>(
    _ key: String, _ read: (MemberReader) throws(CertificateFault) -> Value
  ) throws(CertificateFault) -> [Value] {
    guard case .array(let elements) = members[key] else {
      throw CertificateFault(place: inner(key), expected: "a list")
    }
    var values: [Value] = []
    for (index, element) in elements.enumerated() {
      values.append(try read(try MemberReader(element, at: "\(inner(key))[\(index)]")))
    }
    return values
  }
}
